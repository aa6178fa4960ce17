"""The REST client against a server that answers as Airflow does."""

from typing import Any

import pytest

from fortnox.demo.airflow_api import AirflowApi
from fortnox.demo.errors import DemoError
from fortnox.demo.rest import ApiError


class Clock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.now = 0.0
        self.ticks = 0

    def __call__(self) -> float:
        """Now."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Time passes."""
        self.now += seconds

    def tick(self) -> None:
        """The supervisor had its turn."""
        self.ticks += 1


@pytest.fixture
def clock() -> Clock:
    """A clock at zero."""
    return Clock()


@pytest.fixture
def api(airflow: Any, clock: Clock) -> AirflowApi:
    """A client of the fake."""
    return AirflowApi(
        airflow.url, "admin", "admin", tick=clock.tick, clock=clock, sleep=clock.sleep
    )


def test_an_expired_token_is_renewed_once(api: AirflowApi, airflow: Any) -> None:
    """A demo that stays up overnight would stop working."""
    airflow.answers["GET dags/a"] = [(401, {}), (200, {"dag_id": "a"})]
    assert api.dag("a") == {"dag_id": "a"}
    assert airflow.logins == 2


def test_a_read_is_repeated_while_the_supervisor_works(
    api: AirflowApi, airflow: Any, clock: Clock
) -> None:
    """A restart of the api-server would end the demo."""
    airflow.answers["GET dags/a"] = [(502, {}), (0, None), (200, {"dag_id": "a"})]
    assert api.dag("a") == {"dag_id": "a"}
    assert clock.ticks == 2


@pytest.mark.parametrize(
    "refusal",
    [
        (503, {"detail": "Backfill creation is not supported on SQLite under concurrent access."}),
        (500, {"detail": "(sqlite3.OperationalError) database is locked"}),
    ],
)
def test_a_backfill_is_tried_again_while_sqlite_is_busy(
    api: AirflowApi, airflow: Any, refusal: tuple[int, Any]
) -> None:
    """On the embedded SQLite one backfill in three would fail."""
    airflow.answers["POST backfills"] = [refusal, refusal, (200, {"id": 7})]
    made = api.backfill("a", first="2026-11-10", last="2026-11-12", max_active_runs=3)
    assert made == 7
    assert len(airflow.requests) == 3
    assert airflow.requests[0][2] == {
        "dag_id": "a",
        "from_date": "2026-11-10T00:00:00Z",
        "to_date": "2026-11-12T00:00:00Z",
        "reprocess_behavior": "none",
        "max_active_runs": 3,
    }


def test_a_busy_server_is_given_up_in_the_end(api: AirflowApi, airflow: Any, clock: Clock) -> None:
    """The demo would hang for ever without a word."""
    airflow.answers["POST backfills"] = [(503, {"detail": "busy"})]
    with pytest.raises(ApiError, match="503 to POST backfills: busy"):
        api.backfill("a", first="2026-11-10", last="2026-11-10", max_active_runs=1)
    assert 180 <= clock.now < 190


@pytest.mark.parametrize("trouble", [(500, {"detail": "boom"}), (0, None)])
def test_a_trigger_is_not_repeated_when_it_may_have_worked(
    api: AirflowApi, airflow: Any, trouble: tuple[int, Any]
) -> None:
    """One day would be run twice."""
    airflow.answers["POST dags/a/dagRuns"] = [trouble]
    with pytest.raises(DemoError):
        api.trigger("a", partition_key="2026-11-20")
    assert len(airflow.requests) == 1


def test_a_day_is_triggered_by_its_partition(api: AirflowApi, airflow: Any) -> None:
    """The run would be about no day at all."""
    airflow.answers["POST dags/a/dagRuns"] = [(200, {"dag_run_id": "r"})]
    assert api.trigger("a", partition_key="2026-11-20") == "r"
    assert airflow.requests[0][2] == {
        "logical_date": None,
        "partition_key": "2026-11-20",
        "conf": {},
    }


def test_connection_and_pool_are_changed_when_they_exist(api: AirflowApi, airflow: Any) -> None:
    """The second demo would talk to the ports of the first."""
    airflow.answers["POST connections"] = airflow.answers["POST pools"] = [(409, {})]
    airflow.answers["PATCH connections/c"] = airflow.answers["PATCH pools/p"] = [(200, {})]
    api.put_connection("c", {"conn_type": "fortnox", "host": "http://new"})
    api.put_pool("p", slots=1, description="d")
    written = [request for request in airflow.requests if request[0] == "PATCH"]
    assert written[0][2]["host"] == "http://new"
    assert written[1][2]["slots"] == 1


def test_a_refused_connection_is_an_error(api: AirflowApi, airflow: Any) -> None:
    """The demo would go on without its credentials."""
    airflow.answers["POST connections"] = [(422, {"detail": "bad"})]
    with pytest.raises(ApiError, match="422"):
        api.put_connection("c", {})


def test_runs_are_those_of_the_partition(api: AirflowApi, airflow: Any) -> None:
    """The report of another day would be shown."""
    rows = [{"dag_run_id": "1", "partition_key": "a"}, {"dag_run_id": "2", "partition_key": "b"}]
    airflow.answers["GET dags/d/dagRuns"] = [(200, {"dag_runs": rows})]
    assert api.runs("d", partition_key="b") == [rows[1]]
    assert api.runs("d") == rows


def task(task_id: str, state: str | None, start: str | None, index: int = -1) -> dict[str, Any]:
    """A task instance as Airflow lists it."""
    return {"task_id": task_id, "state": state, "start_date": start, "map_index": index}


def test_a_run_is_waited_for_and_its_tasks_are_told(api: AirflowApi, airflow: Any) -> None:
    """The demo would show the report of an unfinished run, or nothing while one waits."""
    airflow.answers["GET dags/d/dagRuns/r"] = [
        (200, {"state": "running"}),
        (200, {"state": "failed"}),
    ]
    rows = [
        task("b", None, None),
        task("m", "running", "2026-02", 1),
        task("a", "success", "2026-01"),
    ]
    airflow.answers["GET dags/d/dagRuns/r/taskInstances"] = [(200, {"task_instances": rows})]
    told: list[Any] = []
    assert api.wait_run("d", "r", timeout_s=10, progress=told.append) == "failed"
    assert told == [[("a", "success"), ("m[1]", "running"), ("b", "waiting")]] * 2


def test_a_run_that_does_not_end_is_named(api: AirflowApi, airflow: Any) -> None:
    """The demo would hang; the user would not know at which run."""
    airflow.answers["GET dags/d/dagRuns/r"] = [(200, {"state": "running"})]
    airflow.answers["GET dags/d/dagRuns/r/taskInstances"] = [(200, {"task_instances": []})]
    with pytest.raises(DemoError, match="Waited 3 s for the run r of d"):
        api.wait_run("d", "r", timeout_s=3)


def test_an_absent_xcom_is_none(api: AirflowApi, airflow: Any) -> None:
    """A run without a report would end in a traceback."""
    path = "GET dags/d/dagRuns/r/taskInstances/t/xcomEntries/k"
    assert api.xcom("d", "r", "t", "k") is None
    airflow.answers[path] = [(200, {"value": {"a": 1}})]
    assert api.xcom("d", "r", "t", "k") == {"a": 1}


def test_a_dag_file_is_read_anew_by_its_token(api: AirflowApi, airflow: Any) -> None:
    """An edited mapping would count only half a minute later; Airflow answers with a bare null."""
    airflow.answers["GET dags/a"] = [(200, {"dag_id": "a", "file_token": "t"})]
    airflow.answers["PUT parseDagFile/t"] = [(201, None)]
    api.reparse("a")
    assert [request[:2] for request in airflow.requests][-1] == ("PUT", "/api/v2/parseDagFile/t")


def test_import_errors_are_one_line_each(api: AirflowApi, airflow: Any) -> None:
    """The user would see a page of traceback, or none."""
    errors = [{"filename": "a.py", "stack_trace": "Traceback\n  x\nValueError: no\n"}]
    airflow.answers["GET importErrors"] = [(200, {"import_errors": errors})]
    assert api.import_errors() == ["a.py: ValueError: no"]


def test_health_is_empty_while_nobody_answers(clock: Clock) -> None:
    """The start of the demo would end in a traceback."""
    nobody = AirflowApi("http://127.0.0.1:1", "a", "b", clock=clock, sleep=clock.sleep)
    assert nobody.health() == {}


def test_an_airflow_that_is_down_is_said(clock: Clock) -> None:
    """The user would see a traceback of the HTTP library."""
    nobody = AirflowApi("http://127.0.0.1:1", "a", "b", clock=clock, sleep=clock.sleep)
    with pytest.raises(DemoError, match="does not answer"):
        nobody.unpause("d")
