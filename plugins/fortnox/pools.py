"""The one-slot pools that queue a company's tasks, through Airflow's own command line.

A missing pool is silent in Airflow: its tasks stay scheduled for ever (rules of the scheduler 5).
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from fortnox.core.errors import FatalError
from fortnox.core.mapping import ShopRow
from fortnox.core.names import pool_name

#: Runs ``airflow`` with these arguments and gives what it prints.
AirflowCommand = Callable[[Sequence[str]], str]

CREATE_COMMAND = "python -m fortnox pools --create"


def airflow_command(arguments: Sequence[str]) -> str:
    """Run the Airflow of this interpreter.

    Raises:
        FatalError: It failed; the last line that it printed is named.
    """
    command = [sys.executable, "-m", "airflow", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines() or ["nothing"]
        raise FatalError(
            f"airflow {' '.join(arguments[:2])} failed: {said[-1]}",
            remedy="Run it in the environment of your Airflow (AIRFLOW_HOME, database).",
        )
    return done.stdout


def wanted_pools(shops: Iterable[ShopRow]) -> dict[str, str]:
    """Pool name -> description: one pool per Fortnox connection."""
    shops_by_connection: dict[str, list[str]] = {}
    for shop in shops:
        shops_by_connection.setdefault(shop.fortnox_conn_id, []).append(shop.shop)
    return {
        pool_name(conn_id): f"One at a time in Fortnox {conn_id} (shops {', '.join(sorted(keys))})"
        for conn_id, keys in sorted(shops_by_connection.items())
    }


def missing_pools(wanted: Iterable[str], airflow: AirflowCommand = airflow_command) -> list[str]:
    """The wanted pools that Airflow does not have."""
    # Airflow may print warnings before the JSON.
    _, bracket, rest = airflow(["pools", "list", "--output", "json"]).partition("[")
    there = {pool["pool"] for pool in json.loads(bracket + rest or "[]")}
    return [name for name in wanted if name not in there]


def create_pools(pools: dict[str, str], airflow: AirflowCommand = airflow_command) -> list[str]:
    """Create those that are missing, with one slot each; returns their names.

    Pools that exist keep their slots: somebody may have raised them on purpose.
    """
    missing = missing_pools(pools, airflow)
    if missing:
        content = {
            name: {"slots": 1, "description": pools[name], "include_deferred": False}
            for name in missing
        }
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "pools.json")
            path.write_text(json.dumps(content), encoding="utf-8")
            airflow(["pools", "import", str(path)])
    return missing
