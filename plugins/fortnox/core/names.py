"""Names that several parts must agree on: DAG ids, pools, assets."""

_PREFIX = "fortnox_"

#: XCom key of the reconciliation report, and the task that pushes it.
REPORT_KEY = "reconciliation"
RECONCILE_TASK = "reconcile"

#: The task whose list of checks stands under the same key, in the preflight DAG.
PREFLIGHT_TASK = "preflight"

#: XCom key of the plan as people read it, and the task that pushes it.
PLAN_KEY = "plan"
PLAN_TASK = "plan"

#: Param of the daily DAG: stop after the plan.
DRY_RUN_PARAM = "dry_run"
#: Param of the smoke test: bookkeep the invoice, and its credit invoice after it.
BOOK_PARAM = "book"
#: Parameter of the smoke test: number of an order that somebody placed in the shop.
ORDER_PARAM = "order"

#: XCom key of the sentence that a failed task of ours leaves for the report.
PROBLEM_KEY = "problem"


def pool_name(fortnox_conn_id: str) -> str:
    """The one-slot pool of a company: every task that calls its Fortnox runs there."""
    if fortnox_conn_id.startswith(_PREFIX):
        return fortnox_conn_id
    return _PREFIX + fortnox_conn_id


def daily_dag_id(shop: str) -> str:
    """The DAG of a shop's accounting days."""
    return f"fortnox_orders_daily__{shop}"


def hourly_dag_id(shop: str) -> str:
    """The DAG that books what is new, every hour."""
    return f"fortnox_orders_hourly__{shop}"


def preflight_dag_id(shop: str) -> str:
    """The DAG that checks everything that can be checked before money moves."""
    return f"fortnox_preflight__{shop}"


def held_dag_id(shop: str) -> str:
    """The DAG that looks at held documents again, and drives the days of those that are free."""
    return f"fortnox_held__{shop}"


def sweep_dag_id(shop: str) -> str:
    """The DAG that compares both sides over the last weeks, and writes nothing."""
    return f"fortnox_sweep__{shop}"


def watch_dag_id(shop: str) -> str:
    """The DAG that tells people what became of yesterday."""
    return f"fortnox_watch__{shop}"


def payouts_dag_id(shop: str) -> str:
    """The DAG that books the payouts of a shop's payment providers."""
    return f"fortnox_payouts__{shop}"


def articles_dag_id(shop: str) -> str:
    """The DAG that carries a shop's articles, one way."""
    return f"fortnox_articles__{shop}"


def stock_dag_id(shop: str) -> str:
    """The DAG that carries a shop's stock, from its owner to the other side."""
    return f"fortnox_stock__{shop}"


def customers_dag_id(shop: str) -> str:
    """The DAG that carries a shop's customers, one way."""
    return f"fortnox_customers__{shop}"


def smoke_dag_id(shop: str) -> str:
    """The DAG that carries one marked test order through a test company."""
    return f"fortnox_smoke__{shop}"


def ledger_asset_uri(fortnox_conn_id: str, shop: str) -> str:
    """The asset of a shop's books in a company; its partitions are the accounting days."""
    return f"fortnox://{fortnox_conn_id}/{shop}/ledger"
