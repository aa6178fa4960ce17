"""Days with faults, judged in processes beside each other."""

import logging
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from tests.faults.days import EVERYTHING, FIRST_DAY, ORDERS, Day
from tests.faults.matrix import Bench, Placement, Verdict
from tests.faults.other_days import ARTICLES, PAYOUTS

#: All days of the matrix; its processes know them by their number.
SCENARIOS: tuple[Day, ...] = (EVERYTHING, FIRST_DAY, ORDERS, PAYOUTS, ARTICLES)


def judge(
    index: int, lag_s: float, lanes: int, days: Sequence[tuple[Placement, ...]]
) -> list[Verdict]:
    """What becomes of days of a scenario with these faults."""
    logging.disable(logging.CRITICAL)
    bench = bench_of(index, lag_s, lanes)
    return [bench.judge(*faults) for faults in days]


@cache
def bench_of(index: int, lag_s: float, lanes: int) -> Bench:
    """One per process, scenario, lag of Fortnox's lists and number of lanes."""
    folder = Path(tempfile.mkdtemp(prefix="fortnox-faults-"))
    return Bench(SCENARIOS[index], folder / "company", lanes=lanes, list_lag_s=lag_s)
