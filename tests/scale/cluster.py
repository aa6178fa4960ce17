"""An Airflow as on several hosts: scheduler, broker, database, workers with homes of their own."""

import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from cryptography.fernet import Fernet
from tests.scale import shops as scale_shops
from tests.scale.shops import Shop

from fortnox.demo import stack as stacks
from fortnox.demo import world
from fortnox.demo.airflow_api import AirflowApi
from fortnox.demo.embedded import Embedded
from fortnox.demo.errors import DemoError
from fortnox.demo.settings import LOCAL_SETTINGS, Layout
from fortnox.demo.supervisor import Child, Supervisor
from fortnox.hooks.pace import REDIS_VARIABLE

CELERY = "CeleryExecutor"
DATABASE_VARIABLE, BROKER_VARIABLE = "SCALE_DATABASE_URL", "SCALE_REDIS_URL"
_RANK_BROKER, _RANK_WORKER = 0, 3
_START_TIMEOUT_S = 180.0
_PARSE_TIMEOUT_S = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large, and on what.

    Attributes:
        shops: Each with a company of its own.
        days: Accounting days of each.
        orders: A day.
        executor: Airflow's.
        workers: Of Celery.
        slots: Tasks at once, of each worker.
        pool_slots: Of each company's pool.
        database_url: PostgreSQL for SQLAlchemy; the demo's own if empty.
        redis_url: A ``redis-server`` of its own if empty.
    """

    shops: int
    days: int
    orders: int
    executor: str
    workers: int
    slots: int
    pool_slots: int
    database_url: str = ""
    redis_url: str = ""

    @property
    def distributed(self) -> bool:
        """Tasks run in workers of their own."""
        return self.executor == CELERY


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """What runs."""

    size: Size
    airflow: Embedded
    shops: list[Shop]
    day: date

    @property
    def api(self) -> AirflowApi:
        """Airflow's REST API."""
        return self.airflow.api

    @property
    def supervisor(self) -> Supervisor:
        """Keeps all processes alive."""
        return self.airflow.supervisor

    @property
    def all_days(self) -> list[date]:
        """The first one first."""
        return [self.day - timedelta(days=back) for back in reversed(range(self.size.days))]


@contextmanager
def cluster(size: Size) -> Iterator[Cluster]:
    """Starts all of it, with the newest day as the shops' first; nothing is left afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="fnx-scale-"))
    root = stacks.package_root()
    layout = stacks.layout_of(root, folder)
    supervisor = Supervisor(folder)
    try:
        yield _started(root, layout, supervisor, size)
    finally:
        supervisor.stop()
        stacks.forget(layout)
        shutil.rmtree(folder, ignore_errors=True)


def _started(root: Path, layout: Layout, supervisor: Supervisor, size: Size) -> Cluster:
    layout.logs.mkdir(mode=0o700, parents=True)
    day = world.demo_day(world.utc_now())
    waiting = AirflowApi("", "", "", tick=supervisor.tick)
    for child in scale_shops.children(
        layout, shops=size.shops, day=day, days=size.days, orders=size.orders
    ):
        supervisor.start(child)
    broker = _broker(layout, supervisor, size) if size.distributed or size.pool_slots > 1 else ""
    waiting.wait_until(
        lambda: len(scale_shops.served(layout)) == size.shops,
        timeout_s=_START_TIMEOUT_S,
        what="the sandboxes",
    )
    shops = scale_shops.served(layout)
    scale_shops.write_mappings(root / "include" / "mappings", layout.mappings, shops, day)
    airflow = Embedded(
        layout,
        port=world.free_port(),
        supervisor=supervisor,
        database_url=size.database_url,
        settings=_settings(size, shops, broker),
    )
    stamp = airflow.start()
    if not stamp.startswith("postgresql"):
        raise DemoError(f"PostgreSQL is needed. Give one by {DATABASE_VARIABLE}.")
    airflow.wait_healthy()
    _create_pools(airflow, shops, size)
    for worker in _workers(airflow, size):
        supervisor.start(worker)
    airflow.wait_dags(tuple(shop.daily for shop in shops), _PARSE_TIMEOUT_S)
    return Cluster(size=size, airflow=airflow, shops=shops, day=day)


def _broker(layout: Layout, supervisor: Supervisor, size: Size) -> str:
    """The URL of Redis, started if none was given.

    Raises:
        DemoError: There is none to start.
    """
    if size.redis_url:
        return size.redis_url
    server = shutil.which("redis-server")
    if server is None:
        raise DemoError(
            f"redis-server is not installed (apt-get install redis-server). "
            f"Or give a Redis by {BROKER_VARIABLE}=redis://host:6379/0."
        )
    port = world.free_port()
    supervisor.start(
        Child(
            name="redis",
            argv=(
                *(server, "--port", str(port), "--bind", world.LOOPBACK, "--save", ""),
                # Its title would overwrite the marks by which its process is found.
                *("--set-proc-title", "no"),
            ),
            env={},
            log=layout.logs / "redis.log",
            cwd=layout.folder,
            rank=_RANK_BROKER,
        )
    )
    return f"redis://{world.LOOPBACK}:{port}/0"


def _settings(size: Size, shops: list[Shop], broker: str) -> dict[str, str]:
    """What the processes of all hosts must agree on."""
    settings = {
        "AIRFLOW__CORE__EXECUTOR": size.executor,
        # More would wait in the broker, where Airflow takes long waiting for a lost task.
        "AIRFLOW__CORE__PARALLELISM": str(size.workers * size.slots),
        "AIRFLOW__CORE__FERNET_KEY": Fernet.generate_key().decode(),
        "AIRFLOW__API_AUTH__JWT_SECRET": secrets.token_hex(32),
        "AIRFLOW__API__SECRET_KEY": secrets.token_hex(32),
        # Airflow's own pace, not the demo's, which shall look quick on one shop.
        "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "30",
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "1",
        # What a killed worker had taken and not begun is given out anew after this time.
        "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT": "120",
    }
    if size.distributed:
        settings |= {
            "AIRFLOW__CELERY__BROKER_URL": broker,
            "AIRFLOW__CELERY__WORKER_CONCURRENCY": str(size.slots),
            "AIRFLOW__CELERY_BROKER_TRANSPORT_OPTIONS__VISIBILITY_TIMEOUT": "86400",
        }
    if size.pool_slots > 1:
        settings[REDIS_VARIABLE] = broker
    for shop in shops:
        settings |= shop.connections
    return settings


def _create_pools(airflow: Embedded, shops: list[Shop], size: Size) -> None:
    """As the manual says."""
    command = [sys.executable, "-m", "fortnox", "pools", "--create"]
    done = subprocess.run(
        command,
        env=airflow.env,
        cwd=airflow.layout.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DemoError(f"The pools could not be made: {done.stdout}{done.stderr}")
    if size.pool_slots > 1:
        for shop in shops:
            airflow.api.put_pool(f"fortnox_{shop.key}", slots=size.pool_slots, description="more")


def _workers(airflow: Embedded, size: Size) -> Iterator[Child]:
    """Celery's workers, each with a home of its own as on a host of its own."""
    if not size.distributed:
        return
    for number in range(1, size.workers + 1):
        home = airflow.layout.folder / f"worker-{number}"
        (home / "config").mkdir(mode=0o700, parents=True)
        settings = home / "config" / "airflow_local_settings.py"
        settings.write_text(LOCAL_SETTINGS, encoding="utf-8")
        yield Child(
            name=f"worker-{number}",
            argv=(
                *(sys.executable, "-m", "airflow", "celery", "worker"),
                *("--celery-hostname", f"worker-{number}@%h", "--skip-serve-logs"),
            ),
            env={**airflow.env, "AIRFLOW_HOME": str(home)},
            log=airflow.layout.logs / f"worker-{number}.log",
            cwd=home,
            rank=_RANK_WORKER,
        )
