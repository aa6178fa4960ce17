"""``make kill-proof``: whatever is killed and whenever, run again and the books are the same.

A shop's days are caught up while parts of the system are killed (SIGKILL) at random moments: the
process of an apply task, the worker that watches over it, the scheduler, the api-server, and the
supervisor of everything. Then each day is run once more. The books must be those of a world in
which nobody was killed, every day must be reconciled, and one more run of all must write nothing.
"""

import argparse
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from tests.proofs.served import Served, served
from tests.support.end_to_end import living_invoices, stop_cleanly

from fortnox.demo import processes, verdict, world
from fortnox.demo.airflow_api import FINISHED
from fortnox.demo.day import DAILY
from fortnox.demo.errors import DemoError

_TIMEOUT_S = 1800.0
_PAUSE_S = (2.0, 12.0)
_MOMENT_S = (0.0, 3.0)


def main() -> int:
    """Prints each kill, and at the end whether the books are the same; 0 when they are."""
    chosen = _arguments()
    stop_cleanly()
    chance = random.Random(chosen.seed)  # noqa: S311 - moments, not secrets
    day = world.demo_day(world.utc_now())
    size = {"days": chosen.days, "orders_per_day": chosen.orders_per_day}
    with served(day, **size) as calm:
        _catch_up(calm)
        expected = _books(calm.books())
    print(f"undisturbed: {len(expected['invoices'])} invoices", flush=True)
    victims = [name for name in chosen.victims.split(",") for _ in range(chosen.times)]
    chance.shuffle(victims)
    with served(day, **size) as disturbed:
        disturbed.api.unpause(DAILY)
        killed = sum(_killed(disturbed, victim, chance) for victim in victims)
        _catch_up(disturbed)
        _run_all(disturbed)
        faults = _differences(expected, _books(disturbed.books())) + _red_days(disturbed)
        before = _writes(disturbed)
        _run_all(disturbed)
        faults += [f"{_writes(disturbed) - before} writes by a run of days that stand"] * (
            _writes(disturbed) != before
        )
    print(f"{killed} of {len(victims)} killed; seed {chosen.seed}")
    print("\n".join(faults) or "the books are the same")
    return 1 if faults or killed < len(victims) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.proofs.kills")
    parser.add_argument("--victims", default=",".join(VICTIMS), help="separated by commas")
    parser.add_argument("--times", type=int, default=2, help="kills of each (default: 2)")
    parser.add_argument("--days", type=int, default=10, help="(default: 10)")
    parser.add_argument("--orders-per-day", type=int, default=8, help="(default: 8)")
    parser.add_argument("--seed", type=int, default=random.randrange(1000))  # noqa: S311
    return parser.parse_args()


def _killed(airflow: Served, victim: str, chance: random.Random) -> bool:
    """Kills one part at a random moment while an apply runs; whether there was one to kill."""
    time.sleep(chance.uniform(*_PAUSE_S))
    task = _wait_for(lambda: _apply_process(airflow), timeout_s=300.0)
    time.sleep(chance.uniform(*_MOMENT_S))
    pid = VICTIMS[victim](airflow, task)
    if pid is None:
        print(f"{victim}: not there", flush=True)
        return False
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    print(f"{victim}: killed process {pid}", flush=True)
    if victim == "supervisor":
        airflow.process.wait()
        airflow.start_again()
    return True


def _apply_process(airflow: Served) -> int | None:
    """A process that carries out an apply task right now."""
    query = {"state": "running", "limit": 100}
    with suppress(DemoError, KeyError):
        rows = airflow.api.call("GET", f"dags/{DAILY}/dagRuns/~/taskInstances", params=query)
        wanted = {row["id"] for row in rows["task_instances"] if row["task_id"] == "apply"}
        for process in processes.marked(airflow.mark, "scheduler"):
            if _title(process.pid).rpartition("-- ")[2] in wanted:
                return process.pid
    return None


def _title(pid: int) -> str:
    try:
        text = Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8")
    except OSError:
        return ""
    return text.replace("\0", " ").strip()


def _parent(pid: int) -> int | None:
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return None
    return int(text.rpartition(")")[2].split()[1])


def _child(airflow: Served, name: str) -> int | None:
    """The process that the supervisor started under this name."""
    found = processes.marked(airflow.mark, name)
    return next((one.pid for one in found if _parent(one.pid) == airflow.process.pid), None)


VICTIMS: dict[str, Callable[[Served, int | None], int | None]] = {
    "task": lambda _, task: task,
    "worker": lambda _, task: None if task is None else _parent(task),
    "scheduler": lambda airflow, _: _child(airflow, "scheduler"),
    "api-server": lambda airflow, _: _child(airflow, "api-server"),
    "supervisor": lambda airflow, _: airflow.process.pid,
}


def _catch_up(airflow: Served) -> None:
    """Until every day has a run and none is under way."""
    airflow.api.unpause(DAILY)
    _wait_for(lambda: _all_over(airflow, 1) or None, timeout_s=_TIMEOUT_S)


def _run_all(airflow: Served) -> None:
    """Runs each day once more."""
    had = len(airflow.api.runs(DAILY))
    for day in airflow.all_days:
        airflow.api.trigger(DAILY, partition_key=day.isoformat())
    _wait_for(
        lambda: (_all_over(airflow, 2) and len(airflow.api.runs(DAILY)) >= had) or None,
        timeout_s=_TIMEOUT_S,
    )


def _all_over(airflow: Served, runs_per_day: int) -> bool:
    """Whether each day has so many runs at least, and all runs ended."""
    runs = airflow.api.runs(DAILY)
    per_day = Counter(run["partition_key"] for run in runs)
    return all(run["state"] in FINISHED for run in runs) and all(
        per_day[day.isoformat()] >= runs_per_day for day in airflow.all_days
    )


def _wait_for(found: Callable[[], Any], *, timeout_s: float) -> Any:
    """What ``found`` gives as soon as it is not None; None after the time."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        with suppress(DemoError):
            value = found()
            if value is not None:
                return value
        time.sleep(0.3)
    return None


def _books(state: Any) -> dict[str, Any]:
    """What must be the same: living invoices by reference, and the ledger by day and account.

    Numbers are left out; they are given in the order of the requests.
    """
    ledger: Counter[tuple[str, int]] = Counter()
    for voucher in state["vouchers"]:
        for row in voucher["VoucherRows"]:
            amount = round((float(row["Debit"]) - float(row["Credit"])) * 100)
            ledger[voucher["TransactionDate"], int(row["Account"])] += amount
    return {
        "invoices": sorted(
            (
                row["ExternalInvoiceReference1"],
                row["ExternalInvoiceReference2"],
                row["InvoiceDate"],
                str(row["Total"]),
                bool(row["Booked"]),
            )
            for row in living_invoices(state)
        ),
        "ledger": {key: amount for key, amount in ledger.items() if amount},
        "customers": sorted(row["CustomerNumber"] for row in state["customers"]),
    }


def _differences(expected: dict[str, Any], found: dict[str, Any]) -> list[str]:
    faults = []
    for name, wanted in expected.items():
        if found[name] != wanted:
            lost = Counter(wanted) - Counter(found[name])
            extra = Counter(found[name]) - Counter(wanted)
            faults.append(f"{name} differ: lost {dict(lost)}, extra {dict(extra)}")
    return faults


def _red_days(airflow: Served) -> list[str]:
    """Days whose newest run left no good report."""
    return [fault for day in airflow.all_days if (fault := _fault(airflow, day))]


def _fault(airflow: Served, day: date) -> str:
    run_id = airflow.api.runs(DAILY, partition_key=day.isoformat())[0]["dag_run_id"]
    summary = airflow.api.xcom(DAILY, run_id, "reconcile", "reconciliation")
    if summary is None:
        return f"{day}: no report"
    return "" if verdict.is_reconciled(summary) else f"{day}: {verdict.last_line(summary)}"


def _writes(airflow: Served) -> int:
    log = airflow.books()["requests"]
    return sum(1 for row in log if row["method"] != "GET" and row["path"].startswith("/3/"))


if __name__ == "__main__":
    sys.exit(main())
