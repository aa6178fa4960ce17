"""A day that is not settled yet waits in the triggerer, and goes on by itself."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.support.end_to_end import EndToEnd

from fortnox.core.mapping import ShopRow, parse_mappings
from fortnox.core.settle import settle_moment
from fortnox.demo.day import DAILY, SHOP
from fortnox.mapping_files import read_folder

#: Airflow defers for a minute at least; the spread of ``settle_at`` has whole minutes to choose.
_SOONEST = timedelta(seconds=70)
_TIMEOUT_S = 300.0


def faults_of_a_wait(embedded: EndToEnd) -> list[str]:
    """Runs the newest day with a ``settle_at`` one to two minutes ahead; what went wrong."""
    settle_at, moment = _settle_at(embedded)
    embedded.set_shop(settle_at=settle_at)
    try:
        run_id = embedded.api.trigger(DAILY, partition_key=embedded.day.isoformat())
        _wait_for(
            embedded, lambda: ("settle", "deferred") in embedded.api.task_states(DAILY, run_id)
        )
        state = embedded.api.wait_run(DAILY, run_id, timeout_s=_TIMEOUT_S)
        path = f"dags/{DAILY}/dagRuns/{run_id}/taskInstances"
        tasks = {row["task_id"]: row for row in embedded.api.call("GET", path)["task_instances"]}
    finally:
        embedded.set_shop(settle_at="00:00")
    resumed = datetime.fromisoformat(tasks["settle"]["end_date"])
    late_s = (resumed - moment).total_seconds()
    print(
        f"settle waited, deferred, and ended {late_s:.0f} s after {moment.isoformat()}", flush=True
    )
    faults = [] if state == "success" else [f"the run that waited is {state}"]
    if late_s < 0 or tasks["settle"]["try_number"] != 1:
        faults.append("settle did not wait until its moment, or was tried twice")
    return faults


def _settle_at(embedded: EndToEnd) -> tuple[str, datetime]:
    """The earliest ``settle_at`` whose moment is far enough ahead, and that moment."""
    shop = parse_mappings(read_folder(Path(embedded.mappings))).mappings.shop(SHOP)
    soonest = datetime.now(UTC) + _SOONEST
    minutes = (f"{minute // 60:02}:{minute % 60:02}" for minute in range(1, 24 * 60))
    for text in minutes:
        moment = settle_moment(embedded.day, _settled_at(shop, text))
        if moment >= soonest:
            return text, moment
    raise AssertionError("too late in the day: settle_at can't lie ahead")


def _settled_at(shop: ShopRow, text: str) -> ShopRow:
    return shop.replaced(settle_at=datetime.strptime(text, "%H:%M").time())  # noqa: DTZ007


def _wait_for(embedded: EndToEnd, done: Callable[[], bool]) -> None:
    embedded.api.wait_until(done, timeout_s=_TIMEOUT_S, what="settle to wait", pause_s=0.3)
