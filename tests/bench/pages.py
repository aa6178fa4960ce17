"""What a reader's request costs the api-server: a day of 10 000 orders, 200 shops over a year.

``python -m tests.bench.pages ROUNDS`` is a process with Airflow's tables and the pages' own app,
signed in as a viewer; its environment names the database and the folder of the reports.
"""

import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.bench.dag_files import SHOPS
from tests.bench.figures import Figure, at_most, spaced
from tests.bench.proven_day import prove, read_day
from tests.bench.shop_years import run_of, write_index

from fortnox.core.report_paths import details_name, report_folder

ORDERS = 10_000
DAYS = 365
_DAG, _RUN = "fortnox_orders_daily__demo", "scheduled__1"
_REPORT = f"/api/runs/{_DAG}/{_RUN}"
#: How long a reader waits for a page without wondering, and for a file.
_PAGE_MS, _FILE_MS = 1_000, 10_000
_DAY_REPORT = f"a day of {spaced(ORDERS)} orders"
_YEARS = f"{SHOPS} shops, {DAYS} days of each"
#: What is asked for, in this order -> its address and its limit.
_PAGES: dict[str, tuple[str, int]] = {
    f"report, {_DAY_REPORT}: summary": (_REPORT, _PAGE_MS),
    f"report, {_DAY_REPORT}: first page of its rows": (f"{_REPORT}/orders", _PAGE_MS),
    f"report, {_DAY_REPORT}: search over all rows": (f"{_REPORT}/orders?q=1009999", _PAGE_MS),
    f"report, {_DAY_REPORT}: CSV": (f"{_REPORT}/orders.csv", _FILE_MS),
    f"report, {_DAY_REPORT}: XLSX": (f"{_REPORT}/orders.xlsx", _FILE_MS),
    f"a shop's calendar; {_YEARS}": (f"/api/dags/{_DAG}/days", _PAGE_MS),
    f"overview, the first time; {_YEARS}": ("/api/overview", _FILE_MS),
    f"overview; {_YEARS}": ("/api/overview", _PAGE_MS),
}


def measure(rounds: int) -> Iterator[Figure]:
    """Milliseconds of CPU time per request, without network and browser."""
    with tempfile.TemporaryDirectory(prefix="fortnox-bench-") as folder:
        environment = {
            **os.environ,
            "AIRFLOW_HOME": folder,
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{folder}/airflow.db",
            "AIRFLOW__API_AUTH__JWT_SECRET": "only-for-this-measurement-" * 4,
            "FORTNOX_REPORTS": f"{folder}/reports",
        }
        command = [sys.executable, "-m", "tests.bench.pages", str(rounds)]
        output = subprocess.check_output(command, env=environment, stderr=subprocess.DEVNULL)
    found: dict[str, list[float]] = json.loads(output.splitlines()[-1])
    for name, values in found.items():
        yield at_most(name, "ms CPU", values, _PAGES[name][1])


def main(rounds: int) -> None:
    """Fill the tables and the folder, then ask for each page and print its milliseconds."""
    from tests.unit.ui.ui_airflow_tables import signed_in

    _fill(Path(os.environ["FORTNOX_REPORTS"]))
    viewer = signed_in("VIEWER")
    viewer.get(f"{_REPORT}/plan")  # what the first request of a process costs is not the page's
    found: dict[str, list[float]] = {}
    for name, (address, _) in _PAGES.items():
        found[name] = []
        for _ in range(1 if "first time" in name else rounds):
            began = time.process_time()
            answer = viewer.get(address)
            found[name].append(1000 * (time.process_time() - began))
            assert answer.status_code == 200, (address, answer.text[:200])
    print(json.dumps(found))


def _fill(reports: Path) -> None:
    """The run with its report, and a year of runs and index entries for each shop."""
    from airflow import settings
    from airflow.models.dagrun import DagRun
    from sqlalchemy import insert
    from tests.unit.ui.ui_airflow_tables import Database, add_basics, make_tables

    make_tables()
    proof = prove(read_day(ORDERS))
    summary: dict[str, Any] = dict(proof.summary)
    shop, window = summary["shop"]["key"], summary["window"]["label"]
    conn_id = summary["company"]["fortnox_conn_id"]
    folder = reports / report_folder(conn_id, shop, window, _DAG, _RUN)
    folder.mkdir(parents=True)
    for number, page in enumerate(proof.pages):
        (folder / details_name(number)).write_bytes(gzip.compress(json.dumps(page).encode()))
    last = datetime.now(UTC).date() - timedelta(days=1)
    days = [last - timedelta(days=back) for back in range(DAYS)]
    dag_ids = [_DAG, *(f"fortnox_orders_daily__shop-{n}" for n in range(1, SHOPS))]
    with settings.Session() as session:
        add_basics(session)
        database = Database(session)
        for dag_id in dag_ids:
            database.dag(dag_id)
            write_index(reports, dag_id, days)
        database.run(_DAG, _RUN)
        database.xcom(_DAG, _RUN, summary)
        session.execute(
            insert(DagRun.__table__), [run_of(one, day) for one in dag_ids for day in days]
        )
        session.commit()


if __name__ == "__main__":
    main(int(sys.argv[1]))
