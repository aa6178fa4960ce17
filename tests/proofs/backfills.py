"""``make backfill-proof``: do backfills work every time, on the real processes?

Twenty backfills of two days each, made by the command of the README, and one of thirty days. Each
day is fresh. A backfill is clean when every day of it has one run, green at the first try, whose
report is of that day and reconciled, and whose documents stand in Fortnox once. Before them a day
waits, deferred, for its ``settle_at``: up to twenty minutes, which ``--no-wait`` saves.
"""

import argparse
import sys
import time
from collections import Counter
from datetime import date, timedelta

from tests.proofs.memory import Memory
from tests.proofs.waiting import faults_of_a_wait
from tests.support.end_to_end import EndToEnd, end_to_end, living_invoices, stop_cleanly

from fortnox.demo import verdict
from fortnox.demo.day import DAILY
from fortnox.demo.stack import Sales

_TIMEOUT_S_PER_DAY = 300
_POLL_S = 1.0


def main() -> int:
    """Prints a line for each backfill and one at the end; 0 when all were clean."""
    chosen = _arguments()
    stop_cleanly()
    days = chosen.times * chosen.days + chosen.long
    began = time.monotonic()
    with end_to_end(Sales(days=days + 1, orders_per_day=chosen.orders_per_day)) as embedded:
        print(f"up after {time.monotonic() - began:.0f} s", flush=True)
        embedded.run_day(embedded.day)
        wait_faults = [] if chosen.no_wait else faults_of_a_wait(embedded)
        # Only now: the scheduler, which goes on from its last run, doesn't catch up on these days.
        first = embedded.day - timedelta(days=days)
        embedded.begin_on(first)
        clean = 0
        for _ in range(chosen.times):
            clean += _proven(embedded, first, chosen.days)
            first += timedelta(days=chosen.days)
        long_clean = _proven(embedded, first, chosen.long) if chosen.long else True
        restarts = ", ".join(embedded.supervisor.restarts) or "none"
    print(f"restarted processes: {restarts}")
    print(f"backfills of {chosen.days} days: {clean} of {chosen.times} clean")
    print(f"backfill of {chosen.long} days: {'clean' if long_clean else 'NOT clean'}")
    waited = "not tried" if chosen.no_wait else "; ".join(wait_faults) or "clean"
    print(f"a day that waits for settle_at: {waited}")
    return 0 if clean == chosen.times and long_clean and not wait_faults else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.proofs.backfills")
    parser.add_argument("--times", type=int, default=20, help="backfills (default: 20)")
    parser.add_argument("--days", type=int, default=2, help="days of each (default: 2)")
    parser.add_argument("--long", type=int, default=30, help="days of the last (default: 30)")
    parser.add_argument("--orders-per-day", type=int, default=5, help="(default: 5)")
    parser.add_argument("--no-wait", action="store_true", help="without the day that waits")
    return parser.parse_args()


def _proven(embedded: EndToEnd, first: date, count: int) -> bool:
    """Makes one backfill, waits for it, and prints how it was."""
    days = [first + timedelta(days=n) for n in range(count)]
    memory, began = Memory(), time.monotonic()
    try:
        embedded.command(
            *("airflow", "backfill", "create", "--dag-id", DAILY),
            *("--from-date", days[0].isoformat(), "--to-date", days[-1].isoformat()),
        )
        _wait(embedded, memory, _TIMEOUT_S_PER_DAY * count)
        faults = [fault for day in days for fault in _faults(embedded, day)]
        faults += _duplicates(embedded)
    except (AssertionError, TimeoutError) as error:
        faults = [str(error)]
    seconds = time.monotonic() - began
    print(
        f"{days[0]} .. {days[-1]}: {'; '.join(faults) or 'clean'}, {seconds:.0f} s, at most "
        f"{memory.processes} processes with {memory.pss_mb} MB (RSS added up: {memory.rss_mb} MB)",
        flush=True,
    )
    return not faults


def _wait(embedded: EndToEnd, memory: Memory, timeout_s: float) -> None:
    """Until Airflow says that the newest backfill is over; the next one is refused until then."""
    deadline = time.monotonic() + timeout_s
    while True:
        rows = embedded.api.call("GET", "backfills", params={"dag_id": DAILY, "limit": 100})
        newest = max(rows["backfills"], key=lambda row: row["id"])
        if newest["completed_at"]:
            return
        if time.monotonic() > deadline:
            raise TimeoutError(f"backfill {newest['id']} is not over after {timeout_s:.0f} s")
        embedded.supervisor.tick()
        memory.sample(embedded.supervisor.mark)
        time.sleep(_POLL_S)


def _faults(embedded: EndToEnd, day: date) -> list[str]:
    """What is wrong with a day."""
    runs = embedded.api.call(
        "GET", f"dags/{DAILY}/dagRuns", params={"partition_key_pattern": day.isoformat()}
    )["dag_runs"]
    if len(runs) != 1:
        return [f"{day} has {len(runs)} runs"]
    run_id, state = runs[0]["dag_run_id"], runs[0]["state"]
    if state != "success":
        return [f"{day} is {state}: {embedded.api.task_states(DAILY, run_id)}"]
    tries = embedded.api.call("GET", f"dags/{DAILY}/dagRuns/{run_id}/taskInstances")
    again = [row["task_id"] for row in tries["task_instances"] if row["try_number"] > 1]
    summary = embedded.api.xcom(DAILY, run_id, "reconcile", "reconciliation")
    living = living_invoices(embedded.fortnox("GET", "state"))
    documents = [row for row in living if row["InvoiceDate"] == day.isoformat()]
    faults = [f"{day}: tried again: {', '.join(again)}"] if again else []
    if summary["window"]["day"] != day.isoformat() or not verdict.is_reconciled(summary):
        faults.append(f"{day}: {verdict.last_line(summary)}")
    if summary["counts"]["documents"] != len(documents):
        said = summary["counts"]["documents"]
        faults.append(f"{day}: the report says {said} documents, Fortnox has {len(documents)}")
    return faults


def _duplicates(embedded: EndToEnd) -> list[str]:
    living = living_invoices(embedded.fortnox("GET", "state"))
    references = Counter(row["ExternalInvoiceReference1"] for row in living)
    return [f"{name} stands {n} times" for name, n in references.items() if n > 1]


if __name__ == "__main__":
    sys.exit(main())
