"""Days with faults, judged in processes beside each other."""

import logging
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from tests.faults.days import EVERYTHING, FIRST_DAY, ORDERS, OWN_NUMBERS, Day
from tests.faults.drawn import drawn_day
from tests.faults.matrix import Bench, Placement, Verdict
from tests.faults.other_days import ARTICLES, PAYOUTS
from tests.faults.voucher_days import ADVANCES, CORRECTED

#: All days of the matrix that were written by hand, by name.
WRITTEN: dict[str, Day] = {
    day.name: day
    for day in (
        *(EVERYTHING, FIRST_DAY, ORDERS, OWN_NUMBERS),
        *(PAYOUTS, ARTICLES, ADVANCES, CORRECTED),
    )
}
_DRAWN = "drawn day "


def day_of(name: str) -> Day:
    """A written day by its name, or one that is drawn by the number in it."""
    return WRITTEN[name] if name in WRITTEN else drawn_day(int(name.removeprefix(_DRAWN)))


def judge(
    name: str, lag_s: float, lanes: int, days: Sequence[tuple[Placement, ...]]
) -> list[Verdict]:
    """What becomes of a day with these faults."""
    logging.disable(logging.CRITICAL)
    bench = bench_of(name, lag_s, lanes)
    return [bench.judge(*faults) for faults in days]


@cache
def bench_of(name: str, lag_s: float, lanes: int) -> Bench:
    """One per process, scenario, lag of Fortnox's lists and number of lanes."""
    folder = Path(tempfile.mkdtemp(prefix="fortnox-faults-"))
    return Bench(day_of(name), folder / "company", lanes=lanes, list_lag_s=lag_s)
