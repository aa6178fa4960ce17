"""The smoke test of each shop, started by hand: a marked order through a Fortnox test company.

Makes an order in the shop, carries it as every order is carried, compares document, product,
price and customer, and removes everything again; with the param ``book`` it bookkeeps the invoice
and its credit invoice first. With the param ``order`` it carries an order that you placed at the
checkout, and removes nothing. Refused for companies that are no test companies.
"""

from datetime import datetime, timedelta
from pathlib import Path

from airflow.sdk import DAG, Param

from fortnox.core.mapping import ShopRow, parse_mappings
from fortnox.core.names import BOOK_PARAM, ORDER_PARAM, pool_name, smoke_dag_id
from fortnox.mapping_files import mappings_folder, read_folder
from fortnox.operators.smoke import FortnoxSmokeOperator


def smoke(shop: ShopRow) -> DAG:
    """One task, in the company's pool; never tried again by itself."""
    with DAG(
        dag_id=smoke_dag_id(shop.shop),
        description=f"{shop.name}: a test order, there and back",
        doc_md=__doc__,
        schedule=None,
        start_date=datetime(2026, 1, 1, tzinfo=shop.zone),
        catchup=False,
        max_active_runs=1,
        params={
            BOOK_PARAM: Param(
                default=False,
                type="boolean",
                title="Bookkeep and credit",
                description="Leaves two vouchers that are together nothing.",
            ),
            ORDER_PARAM: Param(
                default="",
                type="string",
                title="Number of an order of yours",
                description="Placed at the shop's checkout in the last week, instead of one that "
                "the test makes. It stays, and an ordinary run books it.",
            ),
        },
        dagrun_timeout=timedelta(hours=3),
        tags=["fortnox", "smoke"],
    ) as dag:
        FortnoxSmokeOperator(
            task_id="smoke", shop=shop.shop, pool=pool_name(shop.fortnox_conn_id), retries=0
        )
    return dag


_FOLDER = mappings_folder(Path(__file__).resolve().parent.parent / "include" / "mappings")

for _shop in parse_mappings(read_folder(_FOLDER)).mappings.usable_shops():
    globals()[smoke_dag_id(_shop.shop)] = smoke(_shop)
