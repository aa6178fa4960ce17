"""``make two-at-once``: several runs want the same day at once, and each sale still stands once.

The daily DAG catches up, a backfill takes the same days, each day is triggered by hand, and the
hourly DAG runs as well: all of them before one pool slot. Meanwhile the apply that runs is marked
failed, is cleared, and loses the worker that watches over it, each of which frees the slot while
its process writes on; in the end the pool gets three slots. At no time may a sale stand twice,
afterwards every day must be reconciled, and one more run must write nothing.
"""

import argparse
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

from tests.proofs.applies import Applies, Apply, parent_of, wait_for
from tests.proofs.days_again import doubled, idle_writes, red_days, run_all
from tests.proofs.served import Served, served
from tests.support.end_to_end import stop_cleanly

from fortnox.core.names import hourly_dag_id, pool_name
from fortnox.demo import world
from fortnox.demo.airflow_api import FINISHED
from fortnox.demo.day import DAILY, SHOP
from fortnox.demo.errors import DemoError
from fortnox.demo.stack import FORTNOX_CONN_ID

HOURLY = hourly_dag_id(SHOP)
_TIMEOUT_S = 1800.0
_LOOK_S = 2.0
_SLOTS = 3


@dataclass(slots=True)
class Watch:
    """Looks at the processes and the books all the time."""

    airflow: Served
    applies: Applies
    most_at_once: int = 0
    doubled: set[str] = field(default_factory=set)
    _over: threading.Event = field(default_factory=threading.Event)

    def __call__(self) -> None:
        """Look until :meth:`end`."""
        while not self._over.wait(_LOOK_S):
            with suppress(DemoError, OSError):
                self.most_at_once = max(self.most_at_once, len(self.applies.living()))
                self.doubled |= set(doubled(self.airflow))

    def end(self) -> None:
        """Stop looking."""
        self._over.set()


def main() -> int:
    """Prints what was done to whom, and at the end whether all is right; 0 when it is."""
    chosen = _arguments()
    stop_cleanly()
    day = world.demo_day(world.utc_now())
    with served(day, days=chosen.days, orders_per_day=chosen.orders_per_day) as airflow:
        dags = (DAILY, HOURLY)
        watch = Watch(airflow, Applies(airflow, dags))
        looking = threading.Thread(target=watch)
        _start_all(airflow)
        looking.start()
        try:
            missed = [name for name, act in ACTS.items() if not _done(airflow, name, act)]
            wait_for(lambda: _is_over(airflow, dags) or None, timeout_s=_TIMEOUT_S)
        finally:
            watch.end()
            looking.join()
        states = _states(airflow, dags)
        run_all(airflow)
        faults = [*watch.doubled, *doubled(airflow), *red_days(airflow), *idle_writes(airflow)]
    print(f"runs by state: {states}; apply processes at once: {watch.most_at_once}")
    faults += [f"not done: {name}" for name in missed]
    if watch.most_at_once < 2:
        faults.append("no two apply processes lived at once: nothing was proven")
    print("\n".join(faults) or "each sale stands once, each day is reconciled")
    return 1 if faults else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.proofs.two_at_once")
    parser.add_argument("--days", type=int, default=4, help="(default: 4)")
    parser.add_argument("--orders-per-day", type=int, default=25, help="(default: 25)")
    return parser.parse_args()


def _start_all(airflow: Served) -> None:
    """Three runs for each day, and the hourly one for what is new."""
    days = [day.isoformat() for day in airflow.all_days]
    airflow.api.backfill(
        DAILY, first=days[0], last=days[-1], reprocess="completed", max_active_runs=3
    )
    for dag_id in (DAILY, HOURLY):
        airflow.api.unpause(dag_id)
    for day in days:
        airflow.api.trigger(DAILY, partition_key=day)
    airflow.api.trigger(HOURLY)


def _done(airflow: Served, name: str, act: Callable[[Served, Apply], None]) -> bool:
    """Does it to an apply that runs; whether there was one."""
    apply = Applies(airflow, (DAILY, HOURLY)).next_one()
    if apply is None:
        return False
    act(airflow, apply)
    print(f"{name}: process {apply.pid} of {apply.dag_id} {apply.run_id}", flush=True)
    # Long enough for the scheduler to give the slot to the next one.
    time.sleep(5)
    return True


def _mark_failed(airflow: Served, apply: Apply) -> None:
    index = f"/{apply.map_index}" if apply.map_index >= 0 else ""
    airflow.api.call("PATCH", f"{apply.path}{index}", json={"new_state": "failed"})


def _clear(airflow: Served, apply: Apply) -> None:
    body = {
        "dry_run": False,
        "only_failed": False,
        "dag_run_id": apply.run_id,
        "task_ids": ["apply"],
        "include_downstream": True,
    }
    airflow.api.call("POST", f"dags/{apply.dag_id}/clearTaskInstances", json=body)


def _kill_worker(_: Served, apply: Apply) -> None:
    worker = parent_of(apply.pid)
    if worker is not None:
        with suppress(ProcessLookupError):
            os.kill(worker, signal.SIGKILL)


def _raise_slots(airflow: Served, _: Apply) -> None:
    airflow.api.put_pool(pool_name(FORTNOX_CONN_ID), slots=_SLOTS, description="by mistake")


ACTS: dict[str, Callable[[Served, Apply], None]] = {
    "marked failed": _mark_failed,
    "cleared": _clear,
    "worker killed": _kill_worker,
    "pool slots raised": _raise_slots,
}


def _is_over(airflow: Served, dag_ids: tuple[str, ...]) -> bool:
    """Whether each day has a run and none is under way."""
    runs = [run for dag_id in dag_ids for run in airflow.api.runs(dag_id)]
    keys: set[str] = {run["partition_key"] for run in runs}
    return all(run["state"] in FINISHED for run in runs) and keys >= _keys(airflow.all_days)


def _keys(days: list[date]) -> set[str]:
    return {day.isoformat() for day in days}


def _states(airflow: Served, dag_ids: tuple[str, ...]) -> dict[str, int]:
    states = [run["state"] for dag_id in dag_ids for run in airflow.api.runs(dag_id)]
    return {state: states.count(state) for state in sorted(set(states))}


if __name__ == "__main__":
    sys.exit(main())
