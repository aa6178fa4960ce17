"""The environment of the embedded Airflow."""

import ast
from importlib.util import find_spec
from pathlib import Path

from fortnox.demo.settings import LOCAL_SETTINGS, Layout, airflow_env

LAYOUT = Layout(folder=Path("/d"), dags=Path("/r/dags"), plugins=Path("/r/plugins"))


def env(inherited: dict[str, str] | None = None) -> dict[str, str]:
    """The environment on port 8080."""
    return airflow_env(LAYOUT, port=8080, database_url="postgresql://x", inherited=inherited or {})


def test_another_airflow_s_settings_are_left_out() -> None:
    """The demo would write into the user's own Airflow."""
    made = env(
        {
            "AIRFLOW_HOME": "/home/me/airflow",
            "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
            "AIRFLOW__SMTP__SMTP_HOST": "mail",
            "AIRFLOW_CONN_FORTNOX_DEMO": "{}",
            "FORTNOX_MAPPINGS_DIR": "/mine",
            "PATH": "/bin",
        }
    )
    assert made["AIRFLOW_HOME"] == "/d/airflow"
    assert made["AIRFLOW__CORE__EXECUTOR"] == "LocalExecutor"
    assert made["FORTNOX_MAPPINGS_DIR"] == "/d/mappings"
    assert "AIRFLOW__SMTP__SMTP_HOST" not in made
    assert "AIRFLOW_CONN_FORTNOX_DEMO" not in made
    assert made["PATH"] == "/bin"


def test_everything_is_on_loopback_and_below_the_demo_folder() -> None:
    """An Airflow with the password admin would be open to the network."""
    made = env({"http_proxy": "http://proxy:3128"})
    assert made["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert made["AIRFLOW__API__BASE_URL"] == "http://127.0.0.1:8080"
    assert made["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == "http://127.0.0.1:8080/execution/"
    assert "127.0.0.1" in made["NO_PROXY"]
    assert made["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE"].startswith("/d/airflow/")
    assert made["FORTNOX_REPORTS"].startswith("/d/airflow/")
    assert made["FORTNOX_STAGING"].startswith("file:///d/airflow/")


def test_a_killed_task_is_found_dead_within_half_a_minute() -> None:
    """A restart of the demo would wait five minutes for a task that is gone."""
    assert env()["AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT"] == "30"
    assert int(env()["AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_SEC"]) < 30


def test_airflow_sends_no_statistics() -> None:
    """The demo needs no network and tells nobody that it runs."""
    assert env()["AIRFLOW__USAGE_DATA_COLLECTION__ENABLED"] == "False"


def test_the_scheduler_imports_for_its_tasks_what_is_there_and_not_ours() -> None:
    """It would not start for a missing module, or tasks would run old code after an edit."""
    imported = [
        alias.name
        for node in ast.walk(ast.parse(LOCAL_SETTINGS))
        if isinstance(node, ast.Import)
        for alias in node.names
    ]
    assert imported
    assert not [name for name in imported if name.startswith("fortnox")]
    assert all(find_spec(name) for name in imported)
