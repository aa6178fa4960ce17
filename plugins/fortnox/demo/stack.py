"""Sandbox and Airflow, connected to each other: what `make demo` and the end-to-end test use."""

import json
import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path

from fortnox.core import names
from fortnox.core.names import pool_name
from fortnox.demo import postgres, second_shop, world
from fortnox.demo.airflow_api import AirflowApi
from fortnox.demo.day import DAILY, PREFLIGHT
from fortnox.demo.embedded import Embedded
from fortnox.demo.errors import DemoError
from fortnox.demo.progress import Progress
from fortnox.demo.settings import Layout
from fortnox.demo.supervisor import Child, Supervisor
from fortnox.demo.world import Ports, World

FORTNOX_CONN_ID = "fortnox_demo"
WOOCOMMERCE_CONN_ID = "woocommerce_demo"
_DISTRIBUTION = "airflow-provider-webshop-fortnox"
_RANK_SANDBOX = 1
_SANDBOX_TIMEOUT_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sales:
    """What the sandbox shop sold: ``days`` days up to the demo's day.

    ``booked_days`` of them, the last ones, are Fortnox's business; those before lie before the
    shop's ``start_date``. The scheduler catches up on all days since then by itself.
    """

    days: int = 21
    orders_per_day: int = 20
    booked_days: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """What runs: an Airflow, and a sandbox whose orders lead up to ``day``."""

    airflow: Embedded
    ports: Ports
    day: date

    @property
    def fortnox_url(self) -> str:
        """Root of the Fortnox sandbox; the API is below ``/3``, its control below ``/_sandbox``."""
        return f"http://{world.LOOPBACK}:{self.ports.fortnox}"

    @property
    def woocommerce_url(self) -> str:
        """Root of the shop sandbox; its control is below ``/_sandbox``."""
        return f"http://{world.LOOPBACK}:{self.ports.woocommerce}"


def package_root() -> Path:
    """The repository: the folder with ``dags``, ``include`` and ``plugins``.

    Raises:
        DemoError: The package was installed without its folders.
    """
    root = Path(__file__).resolve().parents[3]
    if not (root / "dags").is_dir() or not (root / "include" / "mappings").is_dir():
        raise DemoError("The demo runs from a clone of the repository; the wheel has no DAG files.")
    return root


def layout_of(root: Path, folder: Path) -> Layout:
    """The repository's DAGs and plugins, with everything that is written below ``folder``."""
    return Layout(folder=folder, dags=root / "dags", plugins=root / "plugins")


def start(
    root: Path,
    layout: Layout,
    supervisor: Supervisor,
    *,
    variables: Mapping[str, str],
    progress: Progress,
    sales: Sales | None = None,
) -> Stack:
    """Starts sandbox and Airflow, connects the two, and waits until the DAGs are there.

    Args:
        root: From :func:`package_root`.
        layout: From :func:`layout_of`.
        supervisor: Keeps the processes alive and stops them.
        variables: ``DEMO_DAY``, ``DEMO_TEXTALK``, and the ports of
            :func:`fortnox.demo.world.choose_ports`.
        progress: Tells the user.
        sales: Of the shop; the demo's if None.

    Raises:
        DemoError: A part does not start; says what to do.
    """
    sales = sales or Sales()
    layout.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    here, day = enter_world(layout, variables)
    start_date = day - timedelta(days=sales.booked_days - 1)
    world.write_mappings(root / "include" / "mappings", layout.mappings, start_date)
    progress.say(f"Starting a shop, Fortnox (both sandboxes) and Airflow for {day}")
    airflow = Embedded(layout, port=here.ports.airflow, supervisor=supervisor, say=progress.say)
    stack = Stack(airflow=airflow, ports=here.ports, day=day)
    supervisor.start(sandbox_child(layout, here.ports, day, sales))
    second_port = world.free_port() if second_shop.is_wanted(variables) else 0
    if second_port:
        second_shop.add_rows(layout.mappings)
        supervisor.start(second_shop.child(layout, second_port, day))
    stamp = airflow.start(migrated=here.database)
    replace(here, database=stamp).save(layout.folder / "world.json")
    wait_sandbox(airflow.api, here.ports)
    airflow.wait_healthy()
    progress.say(f"Airflow is healthy: {airflow.base_url} ({stamp})")
    connect(airflow.api, stack)
    airflow.wait_dags((PREFLIGHT, DAILY))
    if second_port:
        second_shop.connect(airflow.api, second_port)
        airflow.wait_dags((names.daily_dag_id(second_shop.SHOP),))
    return stack


def enter_world(layout: Layout, variables: Mapping[str, str]) -> tuple[World, date]:
    """The world of the last start if it is about the same day, else an empty one."""
    wanted = variables.get("DEMO_DAY", "")
    try:
        day = date.fromisoformat(wanted) if wanted else world.demo_day(world.utc_now())
    except ValueError as error:
        raise DemoError(f"DEMO_DAY={wanted} is not a date such as 2026-11-20.") from error
    last = World.load(layout.folder / "world.json")
    here = World(
        day=day.isoformat(),
        version=version(_DISTRIBUTION),
        ports=world.choose_ports(variables, last.ports if last else None),
        database=last.database if last else "",
    )
    if last is None or not here.same_as(last):
        here = replace(here, database="")
        forget(layout)
    return here, day


def forget(layout: Layout) -> None:
    """Throws everything away that a demo keeps."""
    postgres.remove(layout.database)
    (layout.folder / "world.json").unlink(missing_ok=True)
    for folder in (layout.home, layout.sandbox, layout.logs, layout.mappings):
        shutil.rmtree(folder, ignore_errors=True)


def sandbox_child(layout: Layout, ports: Ports, day: date, sales: Sales) -> Child:
    """The sandbox's process. Its memory is a file: it may be killed, and outlives Airflow."""
    layout.logs.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Child(
        name="sandbox",
        argv=(
            *(sys.executable, "-m", "fortnox", "sandbox"),
            *("--fortnox-port", str(ports.fortnox)),
            *("--woocommerce-port", str(ports.woocommerce)),
            *("--state-dir", str(layout.sandbox), "--end-day", day.isoformat()),
            *("--days", str(sales.days), "--orders-per-day", str(sales.orders_per_day)),
            "--control",
        ),
        env=dict(os.environ),
        log=layout.logs / "sandbox.log",
        cwd=layout.folder,
        rank=_RANK_SANDBOX,
    )


def wait_sandbox(api: AirflowApi, ports: Ports) -> None:
    """Waits until both servers of the sandbox accept connections.

    Raises:
        DemoError: They don't in time.
    """
    both = (ports.fortnox, ports.woocommerce)
    api.wait_until(
        lambda: all(world.listens(port) for port in both),
        timeout_s=_SANDBOX_TIMEOUT_S,
        what="the sandbox",
        pause_s=0.1,
    )


def connect(api: AirflowApi, stack: Stack) -> None:
    """The connections and the company's one-slot pool, in Airflow's database so the UI has them."""
    # Imported here: the web server below it is the sandbox process's business.
    from fortnox.sandbox.woocommerce import DEFAULT_KEY, DEFAULT_SECRET  # noqa: PLC0415

    token_url = f"{stack.fortnox_url}/oauth-v1/token"
    api.put_connection(
        FORTNOX_CONN_ID,
        {
            "conn_type": "fortnox",
            "description": "Sandbox company of the demo",
            "host": f"{stack.fortnox_url}/3",
            "login": "sandbox-client",
            "password": "sandbox-secret-0000",
            "extra": json.dumps({"tenant_id": "1000001", "token_url": token_url}),
        },
    )
    api.put_connection(
        WOOCOMMERCE_CONN_ID,
        {
            "conn_type": "woocommerce",
            "description": "Sandbox shop of the demo",
            "host": stack.woocommerce_url,
            "login": DEFAULT_KEY,
            "password": DEFAULT_SECRET,
        },
    )
    api.put_pool(
        pool_name(FORTNOX_CONN_ID), slots=1, description="One process talks to this Fortnox company"
    )
