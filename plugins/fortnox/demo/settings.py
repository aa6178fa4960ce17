"""Where the embedded Airflow keeps its things, and the environment that says so to Airflow."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fortnox.demo import postgres
from fortnox.demo.processes import MARK

USERNAME = "admin"
PASSWORD = "admin"  # noqa: S105 - printed for the user; loopback only
_PARALLELISM = 5
# What tasks import from elsewhere. Nothing of ours: an edited module must count in the next task.
LOCAL_SETTINGS = '''\
"""Tasks are forked from scheduler or worker: what those have, they need not import."""
import sys

if sys.platform.startswith("linux") and {"scheduler", "worker"} & set(sys.argv):
    import airflow.providers.http.hooks.http
    import airflow.providers.standard.operators.hitl
    import pandas
    import pyarrow.parquet
'''


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where things are.

    ``folder`` is the demo's own (ignored by git); ``dags`` and ``plugins`` are the package's.
    """

    folder: Path
    dags: Path
    plugins: Path

    @property
    def home(self) -> Path:
        """AIRFLOW_HOME."""
        return self.folder / "airflow"

    @property
    def logs(self) -> Path:
        """What the processes print."""
        return self.folder / "logs"

    @property
    def mappings(self) -> Path:
        """The demo's copy of the mapping files."""
        return self.folder / "mappings"

    @property
    def sandbox(self) -> Path:
        """The sandbox's memory."""
        return self.folder / "sandbox"

    @property
    def database(self) -> Path:
        """Data and sockets of PostgreSQL: a short path outside the demo folder."""
        return postgres.private_folder(self.folder)


def airflow_env(
    layout: Layout, *, port: int, database_url: str, inherited: Mapping[str, str]
) -> dict[str, str]:
    """The environment of every Airflow process.

    Args:
        layout: Where things are.
        port: Of the api-server, on loopback.
        database_url: For SQLAlchemy.
        inherited: The caller's environment; settings of another Airflow in it are left out.
    """
    base_url = f"http://127.0.0.1:{port}"
    passwords = layout.home / "passwords.json"
    ours = {
        "AIRFLOW_HOME": str(layout.home),
        "FORTNOX_MAPPINGS_DIR": str(layout.mappings),
        "FORTNOX_STAGING": f"file://{layout.home / 'fortnox' / 'staging'}",
        "FORTNOX_REPORTS": str(layout.home / "fortnox" / "reports"),
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
        "PYTHONUNBUFFERED": "1",
        # macOS aborts a forked process that touches its proxy settings.
        "OBJC_DISABLE_INITIALIZE_FORK_SAFETY": "YES",
    }
    sections: dict[str, dict[str, str]] = {
        "api": {"host": "127.0.0.1", "port": str(port), "base_url": base_url, "workers": "1"},
        "core": {
            "dags_folder": str(layout.dags),
            "plugins_folder": str(layout.plugins),
            "executor": "LocalExecutor",
            "execution_api_server_url": f"{base_url}/execution/",
            "parallelism": str(_PARALLELISM),
            "load_examples": "False",
            "test_connection": "Enabled",
            "simple_auth_manager_users": f"{USERNAME}:admin",
            "simple_auth_manager_passwords_file": str(passwords),
        },
        "dag_processor": {
            "refresh_interval": "10",
            "parsing_processes": "1",
        },
        "database": {
            "sql_alchemy_conn": database_url,
            "load_default_connections": "False",
        },
        "scheduler": {
            "scheduler_idle_sleep_time": "0.5",
            # A killed supervisor's task is found dead after this time instead of five minutes.
            "task_instance_heartbeat_timeout": "30",
            "task_instance_heartbeat_sec": "5",
            # So are the tasks of a scheduler that was killed; they belong to no living one.
            "orphaned_tasks_check_interval": "30",
        },
        # Two cores that also start an Airflow answer slowly (the first task's start took 33 s on
        # busy ones); a task must not give up on that.
        "workers": {
            "execution_api_timeout": "90",
            "execution_api_retries": "10",
            "execution_api_retry_wait_max": "5",
        },
        "usage_data_collection": {"enabled": "False"},
    }
    for section, options in sections.items():
        for option, value in options.items():
            ours[f"AIRFLOW__{section.upper()}__{option.upper()}"] = value
    kept = {k: v for k, v in inherited.items() if not k.startswith(("AIRFLOW", "FORTNOX_", MARK))}
    return {**kept, **ours}
