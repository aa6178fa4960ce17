"""What Airflow's DAG processor pays for our DAG files.

``python -m tests.bench.dag_files FILE`` runs one file as the processor does, in a process that has
imported Airflow, and prints the seconds.
"""

import ast
import csv
import importlib
import io
import json
import os
import runpy
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figures import Figure, at_most

ROOT = Path(__file__).resolve().parents[2]
SHOPS = 200
_IMPORT_LIMIT_MS = 50
_PARSE_LIMIT_S = 30


def measure(rounds: int) -> Iterator[Figure]:
    """Each DAG file alone with the demo's shop, then all of them with 200 shops."""
    files = sorted((ROOT / "dags").glob("fortnox_*.py"))
    demo = ROOT / "include" / "mappings"
    with tempfile.TemporaryDirectory(prefix="fortnox-bench-") as temporary:
        folder = Path(temporary)
        many = folder / "mappings"
        many.mkdir()
        _many_shops(demo, many)
        for file in files:
            _run(file, demo, folder)  # leaves bytecode, as an installation has it
            each = [_run(file, demo, folder)["import_ms"] for _ in range(rounds)]
            name = f"import of dags/{file.name} over Airflow's own"
            yield at_most(name, "ms CPU", each, _IMPORT_LIMIT_MS)
        found = [_run(file, many, folder) for file in files]
        slowest = max(one["import_ms"] for one in found) / 1000
        dags = sum(one["dags"] for one in found)
        name = f"slowest DAG file with {SHOPS} shops, {dags:g} DAGs in all files"
        yield at_most(name, "s CPU", [slowest], _PARSE_LIMIT_S)


def _many_shops(demo: Path, folder: Path) -> None:
    """The demo's mapping files with so many shops, and everything that can flow, flowing."""
    for file in demo.glob("*.csv"):
        (folder / file.name).write_bytes(file.read_bytes())
    text = (demo / "shops.csv").read_text(encoding="utf-8")
    rows = list(csv.reader(line for line in text.splitlines() if not line.startswith("#")))
    head, row = rows[0], dict(zip(rows[0], rows[1], strict=True))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    for number in range(SHOPS):
        shop = f"shop-{number}"
        connections = {"shop_conn_id": f"woo_{number}", "fortnox_conn_id": f"fortnox_{number}"}
        own = {"shop": shop, "name": shop, "reference_key": shop, **connections}
        writer.writerow([(row | own)[name] for name in head])
    (folder / "shops.csv").write_text(out.getvalue(), encoding="utf-8")
    (folder / "events.csv").write_text(
        "shop,resource,direction,schedule\n"
        "*,orders,export,hourly\n*,articles,export,daily\n*,customers,off,\n*,stock,off,\n"
        "*,payouts,export,daily\n",
        encoding="utf-8",
    )


def _run(file: Path, mappings: Path, home: Path) -> dict[str, float]:
    own = ("PYTHONDONTWRITEBYTECODE",)
    environment = {name: value for name, value in os.environ.items() if name not in own}
    environment |= {
        "FORTNOX_MAPPINGS_DIR": str(mappings),
        "AIRFLOW_HOME": str(home),
        "PYTHONPYCACHEPREFIX": str(home / "bytecode"),
        "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "plugins"))),
    }
    command = [sys.executable, "-m", "tests.bench.dag_files", str(file)]
    output = subprocess.check_output(command, env=environment, stderr=subprocess.DEVNULL)
    found: dict[str, float] = json.loads(output.splitlines()[-1])
    return found


def main(file: str) -> None:
    """Run one DAG file after what it takes of Airflow, whose import is not its own cost."""
    import airflow.models.dag
    import airflow.providers.standard.operators.hitl  # noqa: F401 - Airflow's own
    from airflow.sdk import DAG, Asset

    for module in _airflow_modules(Path(file).read_text(encoding="utf-8")):
        importlib.import_module(module)
    # The first asset makes Airflow import the URI handlers of every provider.
    Asset("fortnox://company/shop/ledger")
    began = time.process_time()
    names = runpy.run_path(file)
    import_ms = 1000 * (time.process_time() - began)
    dags = sum(isinstance(value, DAG) for value in names.values())
    print(json.dumps({"import_ms": import_ms, "dags": dags}))


def _airflow_modules(source: str) -> list[str]:
    found = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom))
    return [node.module for node in found if node.module and node.module.startswith("airflow.")]


if __name__ == "__main__":
    main(sys.argv[1])
