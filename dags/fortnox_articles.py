"""Articles and prices between each shop and Fortnox, one way: an Airflow DAG each.

Made from shops.csv and events.csv, resource ``articles``. See docs/articles.md.
"""

from pathlib import Path

from fortnox.core.mapping import parse_mappings
from fortnox.core.names import articles_dag_id
from fortnox.mapping_files import mappings_folder, read_folder
from fortnox.operators.article_dags import article_dag

_FOLDER = mappings_folder(Path(__file__).resolve().parent.parent / "include" / "mappings")
_MAPPINGS = parse_mappings(read_folder(_FOLDER)).mappings

for _shop in _MAPPINGS.usable_shops():
    _event = _MAPPINGS.event(_shop.shop, "articles")
    if _event is not None and _event.direction != "off":
        globals()[articles_dag_id(_shop.shop)] = article_dag(_shop, _event, __doc__)
