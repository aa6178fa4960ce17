"""``make faults``: every fault at every request of a day, and what the books are afterwards.

Prints a table per day and exits with 1 if a single sale was doubled or lost, or anything else
differs from a day on which nothing went wrong.
"""

import argparse
import logging
import multiprocessing
import random
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tests.faults.killing import kill_sweep
from tests.faults.kinds import kinds
from tests.faults.matrix import Placement, Verdict
from tests.faults.workers import WRITTEN, bench_of, day_of, judge

_LAGS_S = [0.0, 2.0]
_CHUNK = 20
_SHOWN = 10

Faults = tuple[Placement, ...]


@dataclass(slots=True)
class Row:
    """One line of the table."""

    name: str
    days: int = 0
    runs: int = 0
    faults: int = 0
    duplicates: int = 0
    losses: int = 0
    differences: int = 0
    reversals: int = 0
    extra_requests: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, verdict: Verdict) -> None:
        """Count one day with faults."""
        self.days += 1
        self.runs += verdict.runs
        self.faults += len(verdict.placements)
        self.duplicates += bool(verdict.duplicates)
        self.losses += bool(verdict.losses)
        self.differences += bool(verdict.differences)
        self.reversals += verdict.proposed_reversals
        self.extra_requests += verdict.extra_requests
        if not verdict.is_right:
            self.wrong.append(str(verdict))

    def __str__(self) -> str:
        extra = self.extra_requests / self.days if self.days else 0
        return (
            f"{self.name:<34}{self.days:>6}{self.runs:>7}{self.faults:>8}{self.duplicates:>7}"
            f"{self.losses:>7}{self.differences:>7}{self.reversals:>10}{extra:>8.1f}"
        )


_HEAD = (
    f"{'':<34}{'days':>6}{'runs':>7}{'faults':>8}{'double':>7}{'lost':>7}{'differ':>7}"
    f"{'reversals':>10}{'extra':>8}"
)


def main() -> int:
    """Runs everything that was asked for; 0 when all books are right."""
    logging.disable(logging.CRITICAL)
    chosen = _arguments()
    began = time.monotonic()
    rows: list[Row] = []
    days = [f"drawn day {number}" for number in chosen.drawn] or chosen.only or list(WRITTEN)
    if not chosen.no_kills:
        rows.append(_kills(days[0], chosen.limit))
    pool = ProcessPoolExecutor(chosen.jobs, multiprocessing.get_context("spawn"))
    with pool:
        for name in days:
            for lag_s in chosen.lags:
                print(f"\n{name}, lists {lag_s:g} s late\n{_HEAD}", flush=True)
                rows += _print_each(_of_one_day(pool, name, lag_s, chosen))
    total = Row("all")
    for row in rows:
        for name in ("days", "runs", "faults", "duplicates", "losses", "differences"):
            setattr(total, name, getattr(total, name) + getattr(row, name))
        total.reversals += row.reversals
        total.extra_requests += row.extra_requests
        total.wrong += row.wrong
    print(f"\n{_HEAD}\n{total}")
    print(f"seed {chosen.seed}, {time.monotonic() - began:.0f} s")
    print("\n".join(total.wrong[:_SHOWN]))
    return 1 if total.wrong else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="of pairs, triples and samples")
    parser.add_argument(
        "--limit", type=int, default=0, help="so many days of each day's sweep only (0: all)"
    )
    parser.add_argument("--pairs", type=int, default=150, help="days with 2 faults, and with 3")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument(
        "--lanes", type=int, default=1, help="documents at once; more than 1 repeats no run exactly"
    )
    parser.add_argument(
        "--drawn",
        type=lambda text: [int(number) for number in text.split(",")],
        default=[],
        metavar="N,...",
        help="days drawn by these numbers, in place of the written ones",
    )
    parser.add_argument("--only", action="append", choices=list(WRITTEN), help="a written day")
    parser.add_argument(
        "--lags", type=float, nargs="+", default=_LAGS_S, help="how late lists are, in seconds"
    )
    parser.add_argument("--no-kills", action="store_true", help="without SIGKILL")
    return parser.parse_args()


def _print_each(rows: Iterable[Row]) -> Iterator[Row]:
    for row in rows:
        print(row, flush=True)
        yield row


def _of_one_day(
    pool: ProcessPoolExecutor, name: str, lag_s: float, chosen: argparse.Namespace
) -> Iterator[Row]:
    """A row per kind of fault, then one for pairs and one for triples."""
    chance = random.Random(f"{chosen.seed} {name} {lag_s}")  # noqa: S311 - repeatable
    bench = bench_of(name, lag_s, chosen.lanes)
    single: list[Faults] = [(one,) for one in (*bench.placements(), *bench.late_placements())]
    if chosen.limit:
        single = chance.sample(single, min(chosen.limit, len(single)))
    by_kind = {kind: Row(kind) for kind in kinds()}
    for verdict in _judged(pool, (name, lag_s, chosen.lanes), single):
        by_kind[verdict.placements[0].kind].add(verdict)
    yield from by_kind.values()
    for count, title in ((2, "two of them"), (3, "three of them")):
        row = Row(title)
        several = [bench.some_placements(chance, count) for _ in range(chosen.pairs)]
        for verdict in _judged(pool, (name, lag_s, chosen.lanes), several):
            row.add(verdict)
        yield row


def _judged(
    pool: ProcessPoolExecutor, bench: tuple[str, float, int], days: Sequence[Faults]
) -> Iterator[Verdict]:
    chunks = [days[at : at + _CHUNK] for at in range(0, len(days), _CHUNK)]
    for verdicts in pool.map(partial(judge, *bench), chunks):
        yield from verdicts


def _kills(name: str, limit: int) -> Row:
    """SIGKILL around each request of a day."""
    row = Row("SIGKILL before or after a request")
    print(f"{name}, real processes\n{_HEAD}")
    with (
        tempfile.TemporaryDirectory(prefix="fortnox-kills-") as folder,
        kill_sweep(day_of(name), Path(folder) / "company") as sweep,
    ):
        for killed in sweep:
            row.days, row.runs, row.faults = row.days + 1, row.runs + 3, row.faults + killed.died
            row.duplicates += bool(killed.duplicates)
            row.losses += bool(killed.losses)
            row.differences += bool(killed.differences)
            if not killed.is_right:
                row.wrong.append(str(killed))
            if row.days == limit:
                break
    print(row, flush=True)
    return row


if __name__ == "__main__":
    sys.exit(main())
