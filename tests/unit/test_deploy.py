"""The examples of a deployment are whole: somebody will copy them as they stand."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "deploy"


def read(name: str) -> Any:
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


def test_all_of_airflow_shares_the_folder_whose_lock_keeps_two_writers_apart() -> None:
    """Two workers with a staging folder each would both hold the company's lease."""
    compose = read("docker-compose.yaml")
    ours = {n: one for n, one in compose["services"].items() if "FORTNOX_STAGING" in str(one)}
    assert {"scheduler", "worker", "api-server", "dag-processor", "triggerer"} <= set(ours)
    staging = compose["x-airflow"]["environment"]["FORTNOX_STAGING"].removeprefix("file://")
    for service in ours.values():
        mounts = dict(one.split(":", 1) for one in service["volumes"])
        assert staging.startswith(mounts["shared"])
    assert all(name in compose["volumes"] for name in ("shared", "logs", "database"))


def test_the_charts_pods_share_that_folder_too() -> None:
    """A claim that one node may write would keep the second worker from starting."""
    values = read("values.yaml")
    staging = next(one["value"] for one in values["env"] if one["name"] == "FORTNOX_STAGING")
    (mount,) = values["volumeMounts"]
    (claim,) = values["extraObjects"]
    assert staging.removeprefix("file://").startswith(mount["mountPath"])
    assert claim["spec"]["accessModes"] == ["ReadWriteMany"]
    assert values["volumes"][0]["persistentVolumeClaim"]["claimName"] == claim["metadata"]["name"]


def test_a_long_task_is_not_handed_out_twice() -> None:
    """Redis gives a task to a second worker when its visibility timeout is over (default 1 h)."""
    day_s = 24 * 3600
    chart = read("values.yaml")["config"]["celery_broker_transport_options"]
    compose = read("docker-compose.yaml")["x-airflow"]["environment"]
    name = "AIRFLOW__CELERY_BROKER_TRANSPORT_OPTIONS__VISIBILITY_TIMEOUT"
    assert chart["visibility_timeout"] == int(compose[name]) == day_s


def test_no_more_tasks_are_queued_than_can_run() -> None:
    """A task that waits in Redis behind others' long ones is taken for lost, and fails."""
    compose, values = read("docker-compose.yaml"), read("values.yaml")
    settings = compose["x-airflow"]["environment"]
    replicas = compose["services"]["worker"]["deploy"]["replicas"]
    slots = replicas * int(settings["AIRFLOW__CELERY__WORKER_CONCURRENCY"])
    assert int(settings["AIRFLOW__CORE__PARALLELISM"]) == slots
    chart = values["config"]
    slots = values["workers"]["replicas"] * chart["celery"]["worker_concurrency"]
    assert chart["core"]["parallelism"] == slots


@pytest.mark.parametrize("name", ["docker-compose.yaml", "values.yaml", "Dockerfile"])
def test_no_example_holds_a_secret(name: str) -> None:
    """A password that everybody knows stays in place when it is copied."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    given = re.findall(r"(?m)^\s+\w*(?:PASSWORD|KEY|SECRET): (\S+)", text)
    assert all(value.startswith("${") and value.endswith(":-}") for value in given)


def test_docker_compose_takes_the_file() -> None:
    """YAML can be right and still be no compose file."""
    if shutil.which("docker") is None:
        pytest.skip("no docker on this machine")
    known = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False)
    if known.returncode:
        pytest.skip("docker has no compose here")
    command = ["docker", "compose", "-f", str(FOLDER / "docker-compose.yaml"), "config", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
