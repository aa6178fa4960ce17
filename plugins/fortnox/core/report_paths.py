"""Where a run's report lies: computed from who, which shop, which window and which run.

The writer (``reconcile``) and the reader (the page in the Airflow UI) both compute the folder from
the same values, so no path ever travels in an XCom and none can lead out of the base folder
(rules of the scheduler 15, 16). Below the base::

    <fortnox_conn_id>/<shop>/<window label>/<run hash>/summary.json
                                                      /orders-0.json.gz, orders-1.json.gz, ...
                                                      /plan-0.json.gz, ...
"""

import hashlib
import re
from collections.abc import Mapping
from pathlib import PurePosixPath

#: Environment variable that names the base folder or an object storage URL.
BASE_VARIABLE = "FORTNOX_REPORTS"
SUMMARY_NAME = "summary.json"

_SAFE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
_RUN_HASH_LENGTH = 16


def reports_base(environment: Mapping[str, str], airflow_home: str) -> str:
    """The folder that holds all reports.

    Args:
        environment: Usually ``os.environ``.
        airflow_home: Airflow's home folder, used when nothing is configured.

    Returns:
        A local path or a URL such as ``s3://bucket/reports``, without a slash at its end.
    """
    configured = environment.get(BASE_VARIABLE, "").strip()
    base = configured or str(PurePosixPath(airflow_home, "fortnox", "reports"))
    return base.rstrip("/")


def report_folder(conn_id: str, shop: str, label: str, dag_id: str, run_id: str) -> str:
    """The folder of one run's report, relative to the base.

    A run id may hold anything (``..`` and ``/`` too), so it goes in as a hash together with the
    DAG's id; the other parts must be safe as they stand.

    Args:
        conn_id: The company's Airflow connection.
        shop: The shop's key in ``shops.csv``.
        label: ``Window.label``: the accounting day or the modified window.
        dag_id: The DAG that ran.
        run_id: Its run.

    Raises:
        ValueError: A part is empty, longer than 100, begins with a dot or a dash, or holds
            anything but letters A to Z, digits, ``_``, ``-`` and ``.``.
    """
    parts = {"connection": conn_id, "shop": shop, "window label": label}
    for what, part in parts.items():
        if not _SAFE_NAME.fullmatch(part):
            message = f"not safe as a folder name: {what} {part[:100]!r}"
            raise ValueError(message)
    run = f"{dag_id}/{run_id}".encode()
    run_hash = hashlib.sha256(run).hexdigest()[:_RUN_HASH_LENGTH]
    return "/".join((*parts.values(), run_hash))


def plan_name(page: int) -> str:
    """The file of one page of a plan's documents, counted from 0.

    Raises:
        ValueError: The page is negative.
    """
    return details_name(page).replace("orders", "plan")


def details_name(page: int) -> str:
    """The file of one page of order rows, counted from 0.

    Raises:
        ValueError: The page is negative.
    """
    if page < 0:
        message = f"no such page: {page}"
        raise ValueError(message)
    return f"orders-{page}.json.gz"
