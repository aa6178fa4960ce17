"""What runs cost in which nothing happened: a day without orders, an hour without changes.

The tasks' own work; what Airflow takes to start a task's process comes on top.
"""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from tests.bench.figures import Figure, at_most
from tests.support.airflow_runs import ROOT, DayRun
from tests.support.step_runs import StepRunner
from tests.support.worlds import END_DAY, World, environment, world

#: Before the shop's first order.
_QUIET_DAY = END_DAY - timedelta(days=300)
_SECONDS = 5
#: The second run over a day may make so many readings; one without orders no more.
_READS = 10
#: What the report alone may be.
_XCOM_BYTES = 50_000


def measure(rounds: int) -> Iterator[Figure]:
    """CPU seconds, the sandboxes' answers in them, requests, and bytes in Airflow's database."""
    with tempfile.TemporaryDirectory(prefix="fortnox-bench-") as folder, ExitStack() as stack:
        # Airflow makes a folder for its logs as soon as it is imported.
        stack.enter_context(environment({"AIRFLOW_HOME": folder}))
        made = stack.enter_context(world())
        mappings = Path(folder) / "mappings"
        shutil.copytree(ROOT / "include" / "mappings", mappings)
        steps = StepRunner(world=made, folder=Path(folder), mappings=mappings, _count=[0])
        # The first run of an hour finds out what preflight then remembers.
        steps.run(_QUIET_DAY)
        yield from _figures("a day without orders", lambda: steps.run(_QUIET_DAY), made, rounds)
        an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
        quiet_hour = partial(steps.run_since, an_hour_ago)
        yield from _figures("an hour without changes", quiet_hour, made, rounds)


def _figures(what: str, run: Callable[[], DayRun], made: World, rounds: int) -> Iterator[Figure]:
    shop = made.woocommerce.faults
    cpu_s, seconds, reads, asked, xcoms = [], [], [], [], []
    for _ in range(rounds):
        shop.forget_requests()
        began, cpu = time.monotonic(), time.process_time()
        done = run()
        cpu_s.append(time.process_time() - cpu)
        seconds.append(time.monotonic() - began)
        assert done.state == "success", done
        reads.append(done.fortnox_reads)
        asked.append(len(shop.requests()))
        xcoms.append(done.xcom_bytes)
    yield at_most(f"{what}: processor time, the sandboxes' too", "s CPU", cpu_s, _SECONDS)
    yield Figure(name=f"{what}: time", unit="s", values=tuple(seconds), limit="")
    yield at_most(f"{what}: requests to Fortnox", "", reads, _READS)
    yield Figure(name=f"{what}: requests to the shop", unit="", values=tuple(asked), limit="")
    yield at_most(f"{what}: XComs", "bytes", xcoms, _XCOM_BYTES)
