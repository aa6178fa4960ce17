"""``make bench``: each figure beside its limit, as a table in docs/performance.md and as JSON.

Nothing here is a test: a busy machine changes times, so the table says the load.
"""

import argparse
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench import dag_files, extract, floor, pure, rate
from tests.bench.figures import Figure, Machine, table, write

_DOCS = Path(__file__).resolve().parents[2] / "docs"


def main() -> None:
    """Measure what was asked for; only a whole measurement replaces the page's."""
    logging.disable(logging.CRITICAL)
    chosen = _arguments()
    parts = _parts(chosen)
    machine = Machine.here()
    figures: list[Figure] = []
    for name in chosen.only or parts:
        for figure in parts[name]():
            print(figure.row, flush=True)
            figures.append(figure)
    if chosen.only:
        print(table(figures, machine))
    else:
        write(figures, machine, _DOCS / "performance.md", _DOCS / "performance.json")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="of each time")
    parser.add_argument("--documents", type=int, default=200, help="written at the real rate")
    parser.add_argument("--orders", type=int, default=10_000, help="read from the shop")
    names = ("floor", "rate", "pure", "dags", "extract")
    parser.add_argument("--only", nargs="*", choices=names, help="and leave the page as it is")
    return parser.parse_args()


def _parts(chosen: argparse.Namespace) -> dict[str, Callable[[], Iterator[Figure]]]:
    return {
        "floor": floor.measure,
        "rate": lambda: rate.measure(chosen.documents),
        "pure": lambda: pure.measure(chosen.rounds),
        "dags": lambda: dag_files.measure(chosen.rounds),
        "extract": lambda: extract.measure(chosen.orders),
    }


if __name__ == "__main__":
    main()
