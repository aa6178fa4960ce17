"""What transform and plan cost per order, at several sizes, each in a process of its own.

``python -m tests.bench.pure N`` is such a process.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date

from tests.bench.figures import Figure, at_most, peak_mb, spaced
from tests.support.builders import day_window, line, mappings, order, shop_row

from fortnox.core.actions import FinancialYear, Snapshot
from fortnox.core.customer_match import CustomerIndex
from fortnox.core.plan import make_plan
from fortnox.core.transform import transform

#: Orders, and the most rounds of that size: the whole of it ends within minutes.
SIZES = {1_000: 5, 10_000: 3, 100_000: 1}
#: Only when it is asked for: it takes minutes and gigabytes.
LARGEST = 1_000_000
#: Writing one order takes a second of Fortnox's rate; deciding it may take a thousandth.
_LIMIT_US = 1_000


def measure(rounds: int, *, largest: bool = False) -> Iterator[Figure]:
    """Microseconds of CPU time per order of three lines, and memory."""
    sizes = SIZES | ({LARGEST: 1} if largest else {})
    for size, most in sizes.items():
        runs = [_run(size) for _ in range(min(rounds, most))]
        for step in ("transform", "plan"):
            each = [1e6 * run[step] / size for run in runs]
            yield at_most(f"{step} of {spaced(size)} orders", "µs an order", each, _LIMIT_US)
        memory = tuple(run["peak_mb"] for run in runs)
        yield Figure(
            name=f"memory at the peak of a process that holds {spaced(size)} orders",
            unit="MB",
            values=memory,
            limit="",
        )


def _run(size: int) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.pure", str(size)]
    found: dict[str, float] = json.loads(subprocess.check_output(command))
    return found


def main(size: int) -> None:
    """Measure one size and print it."""
    lines = (
        line("125.00", "25"),
        line("49.90", "12", line_id="2"),
        line("39.00", "6", line_id="3"),
    )
    orders = [order(*lines, order_id=str(n), number=str(n)) for n in range(1, size + 1)]
    nothing_there = Snapshot(
        documents={},
        filter_proven=True,
        customers=CustomerIndex(),
        closed_through=None,
        years=(FinancialYear(year_id=1, from_date=date(2026, 1, 1), to_date=date(2026, 12, 31)),),
    )
    began = time.process_time()
    wanted = transform(orders, (), shop=shop_row(), mappings=mappings(), window=day_window())
    transformed = time.process_time()
    plan = make_plan(wanted.invoices, nothing_there, shop_row())
    planned = time.process_time()
    assert len(plan.actions) == size
    found = {
        "transform": transformed - began,
        "plan": planned - transformed,
        "peak_mb": peak_mb(),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main(int(sys.argv[1]))
