"""``make scale``: many shops and many days on Airflow's distributed executor, a worker killed.

Scheduler, DAG processor, triggerer, api-server, Redis, PostgreSQL and Celery workers with homes of
their own, as processes of this machine; the shops' working files on one shared folder; a sandbox
company with the real rate limit for each shop. The newest day is caught up by the scheduler, all
others are a backfill for each shop. In the middle every process of one worker is killed, and the
worker started anew. At the end each day must be proven and each sale stand once; what was measured
goes into docs/scale.md. ``--executor LocalExecutor`` does the same without workers to kill.
"""

import argparse
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.bench.figures import Figure, Machine, at_least, at_most, store
from tests.scale import shops as scale_shops
from tests.scale.cluster import BROKER_VARIABLE, CELERY, DATABASE_VARIABLE, Cluster, Size, cluster
from tests.scale.proof import PERMITTED, Company, held_on, look_at
from tests.scale.usage import Usage
from tests.support.end_to_end import stop_cleanly

from fortnox.demo import processes
from fortnox.demo.errors import DemoError

_DOCS = Path(__file__).resolve().parents[2] / "docs"
_TIMEOUT_S_PER_RUN = 300.0
_POLL_S, _SAMPLE_S = 2.0, 15.0
_KILL_AFTER = 1 / 3
_RUNS_AT_ONCE = 3


def main() -> int:
    """Prints what happens, and at the end whether all is right; 0 when it is."""
    chosen = _arguments()
    stop_cleanly()
    size = Size(
        shops=chosen.shops,
        days=chosen.days,
        orders=chosen.orders_per_day,
        executor=chosen.executor,
        workers=chosen.workers,
        slots=chosen.slots,
        pool_slots=chosen.pool_slots,
        database_url=os.environ.get(DATABASE_VARIABLE, ""),
        redis_url=os.environ.get(BROKER_VARIABLE, ""),
    )
    machine = Machine.here()
    began = time.monotonic()
    try:
        with cluster(size) as running:
            print(f"up after {time.monotonic() - began:.0f} s", flush=True)
            usage = Usage(running.supervisor.mark)
            seconds, killed = _all_days(running, usage)
            companies = [look_at(running, shop) for shop in running.shops]
            again = _tried_again(running)
            restarts = list(running.supervisor.restarts)
    except DemoError as error:
        print(f"not done: {error}")
        return 1
    faults = [fault for company in companies for fault in company.faults]
    if size.distributed and size.workers > 1 and not killed:
        faults.append("no worker was killed: nothing was proven about that")
    faults += [f"{name} died" for name in restarts if name != killed]
    figures = [*_figures(size, companies, seconds, usage), _again(again, killed)]
    print("\n".join(figure.row for figure in figures))
    print("\n".join(faults) or "every day is proven, each sale stands once")
    if not faults and not chosen.no_page:
        store(
            _title(size), figures, machine, _DOCS / "scale.md", _DOCS / "scale.json", "make scale"
        )
    return 1 if faults else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.scale")
    parser.add_argument("--shops", type=int, default=50, help="(default: 50)")
    parser.add_argument("--days", type=int, default=30, help="of each (default: 30)")
    parser.add_argument("--orders-per-day", type=int, default=20, help="(default: 20)")
    parser.add_argument("--executor", choices=(CELERY, "LocalExecutor"), default=CELERY)
    parser.add_argument("--workers", type=int, default=2, help="of Celery (default: 2)")
    parser.add_argument("--slots", type=int, default=8, help="of each worker (default: 8)")
    parser.add_argument(
        "--pool-slots", type=int, default=1, help="of each company; over 1 the pace is shared"
    )
    parser.add_argument("--no-page", action="store_true", help="leave docs/scale.md as it is")
    return parser.parse_args()


def _all_days(running: Cluster, usage: Usage) -> tuple[float, str]:
    """Runs every day; the seconds that it took, and the worker that was killed."""
    began = time.monotonic()
    for shop in running.shops:
        running.api.unpause(shop.daily)
    _wait_finished(running, usage, running.size.shops)
    print(f"the newest day of each shop: {time.monotonic() - began:.0f} s", flush=True)
    first, last = running.all_days[0], running.day - timedelta(days=1)
    if first > last:
        return time.monotonic() - began, ""
    scale_shops.set_start_date(running.airflow.layout.mappings, first)
    for shop in running.shops:
        _wait_start_date(running, shop.daily, first)
    began = time.monotonic()
    for shop in running.shops:
        running.api.backfill(
            shop.daily,
            first=first.isoformat(),
            last=last.isoformat(),
            max_active_runs=_RUNS_AT_ONCE,
        )
    killed = ""
    if running.size.distributed and running.size.workers > 1:
        backfilled = running.size.shops * (running.size.days - 1)
        _wait_finished(running, usage, running.size.shops + round(backfilled * _KILL_AFTER))
        killed = _kill_worker(running, usage)
    _wait_finished(running, usage, running.size.shops * running.size.days)
    seconds = time.monotonic() - began
    _run_held_again(running)
    return seconds, killed


def _run_held_again(running: Cluster) -> None:
    """The newest day, which ran first, once more where something was held.

    A refund of a sale whose own day had not run was held, and carried out with that sale; the
    day's report is renewed by ``fortnox_held__<shop>`` or, as here, by whoever runs the day again.
    """
    day = running.day
    held = [shop for shop in running.shops if held_on(running, shop, day)]
    begun = [(shop, running.api.trigger(shop.daily, partition_key=str(day))) for shop in held]
    print(f"{day} once more, where something was held: {len(begun)} shops", flush=True)
    for shop, run_id in begun:
        running.api.wait_run(shop.daily, run_id, timeout_s=_TIMEOUT_S_PER_RUN * len(begun))


def _wait_start_date(running: Cluster, dag_id: str, first: date) -> None:
    """Until Airflow has read the changed file.

    The scheduler, which goes on from its last run, doesn't catch up on the days before.
    """
    # The day's run is made at the local midnight that ends it.
    latest = datetime.combine(first, datetime.min.time(), UTC) + timedelta(days=1)

    def known() -> bool:
        start = running.api.call("GET", f"dags/{dag_id}/details")["start_date"]
        return datetime.fromisoformat(start) <= latest

    running.api.wait_until(known, timeout_s=_TIMEOUT_S_PER_RUN, what=f"{dag_id} to begin earlier")


def _wait_finished(running: Cluster, usage: Usage, count: int) -> None:
    """Until so many runs ended."""
    sampled_s = time.monotonic() - _SAMPLE_S
    told = 0

    def finished() -> bool:
        nonlocal sampled_s, told
        if time.monotonic() - sampled_s >= _SAMPLE_S:
            usage.sample()
            sampled_s = time.monotonic()
        done = sum(_runs(running, state) for state in ("success", "failed"))
        if done >= told + max(1, count // 10):
            told = done
            print(f"{done} runs ended, waiting for {count}", flush=True)
        return done >= count

    running.api.wait_until(
        finished,
        timeout_s=_TIMEOUT_S_PER_RUN * count,
        what=f"{count} runs",
        pause_s=_POLL_S,
    )


def _runs(running: Cluster, state: str) -> int:
    rows = running.api.call("GET", "dags/~/dagRuns", params={"state": state, "limit": 1})
    return int(rows["total_entries"])


def _kill_worker(running: Cluster, usage: Usage) -> str:
    """Kills all processes of the first worker that carries out an apply, as if its host died."""
    found: list[str] = []

    def applying() -> bool:
        rows = _tasks(running, state="running")
        pids = {row["pid"] for row in rows if row["task_id"] == "apply"}
        for number in range(1, running.size.workers + 1):
            name = f"worker-{number}"
            if pids & {one.pid for one in processes.marked(running.supervisor.mark, name)}:
                found.append(name)
                return True
        return False

    with suppress(DemoError):
        running.api.wait_until(applying, timeout_s=120.0, what="an apply", pause_s=0.2)
    name = found[0] if found else "worker-1"
    usage.sample()
    victims = processes.marked(running.supervisor.mark, name)
    for victim in victims:
        processes.send(victim, signal.SIGKILL)
    what = "in the middle of an apply" if found else "between two applies"
    print(f"{name}: {len(victims)} processes killed {what}", flush=True)
    return name if victims else ""


def _tasks(running: Cluster, **wanted: str) -> list[Any]:
    path = "dags/~/dagRuns/~/taskInstances"
    rows: list[Any] = running.api.call("GET", path, params={"limit": 100, **wanted})[
        "task_instances"
    ]
    return rows


def _tried_again(running: Cluster) -> int:
    """Tasks that needed more than one try."""
    path, offset, again = "dags/~/dagRuns/~/taskInstances", 0, 0
    while True:
        answer = running.api.call("GET", path, params={"limit": 100, "offset": offset})
        rows = answer["task_instances"]
        again += sum(row["try_number"] > 1 for row in rows)
        offset += len(rows)
        if not rows or offset >= answer["total_entries"]:
            return again


def _title(size: Size) -> str:
    pool = (
        f", {size.pool_slots} slots per company over a shared pace" if size.pool_slots > 1 else ""
    )
    where = f", {size.workers} workers of {size.slots} slots" if size.distributed else ""
    return (
        f"{size.executor}{where}{pool}: {size.shops} shops x {size.days} days x about "
        f"{size.orders} orders"
    )


def _figures(
    size: Size, companies: list[Company], seconds: float, usage: Usage
) -> Iterator[Figure]:
    days = size.shops * size.days
    backfilled = size.shops * max(1, size.days - 1)
    yield at_least("days proven by their own report", "", [sum(c.proven for c in companies)], days)
    doubled = sum(c.doubled for c in companies)
    yield at_most("sales that stand more than once", "", [doubled], 0)
    yield at_most("requests refused for the rate (429)", "", [sum(c.refused for c in companies)], 0)
    yield at_most(
        "most requests of a company in any 5 s",
        "",
        [max(c.fullest_window for c in companies)],
        PERMITTED,
    )
    shares = [share for c in companies for share in c.writing_share_pct]
    if shares:
        yield at_least("permitted rate used while an apply writes", "%", shares, 95)
    each = [c.requests / c.documents for c in companies]
    yield _plain("requests per document, all reads of the day's runs too", "", each)
    yield _plain("orders in the reports", "", [sum(c.orders for c in companies)])
    yield _plain("documents in Fortnox", "", [sum(c.documents for c in companies)])
    yield _plain("days per hour, all shops", "", [backfilled / seconds * 3600])
    yield _plain("processor time per day", "s", [usage.airflow(usage.cpu_s) / days])
    for part, cpu_s in usage.cpu_s.most_common():
        memory = f"{usage.pss_mb[part]} MB at most"
        yield _plain(f"of it {part}", "s", [cpu_s / days], memory)
    yield _plain("memory at most, each part at its worst", "MB", [usage.airflow(usage.pss_mb)])


def _again(count: int, killed: str) -> Figure:
    said = f"{killed} was killed in the middle" if killed else ""
    return _plain("tasks tried again", "", [count], said)


def _plain(name: str, unit: str, values: list[float], said: str = "") -> Figure:
    return Figure(name=name, unit=unit, values=tuple(values), limit=said)


if __name__ == "__main__":
    sys.exit(main())
