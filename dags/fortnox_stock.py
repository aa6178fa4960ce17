"""Stock between each shop and Fortnox, from its owner to the other side: an Airflow DAG each.

Made from shops.csv and events.csv, resource ``stock``. See docs/articles.md.
"""

from pathlib import Path

from fortnox.core.mapping import parse_mappings
from fortnox.core.names import stock_dag_id
from fortnox.mapping_files import mappings_folder, read_folder
from fortnox.operators.article_dags import article_dag

_FOLDER = mappings_folder(Path(__file__).resolve().parent.parent / "include" / "mappings")
_MAPPINGS = parse_mappings(read_folder(_FOLDER)).mappings

for _shop in _MAPPINGS.usable_shops():
    _event = _MAPPINGS.event(_shop.shop, "stock")
    if _event is not None and _event.direction != "off":
        globals()[stock_dag_id(_shop.shop)] = article_dag(_shop, _event, __doc__)
