"""``make bench``: each figure beside its limit, as a table in docs/performance.md and as JSON.

Nothing here is a test: a busy machine changes times, so the table says the load.
"""

import argparse
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench import dag_files, extract, floor, pure, rate, two_hosts
from tests.bench.figures import Figure, Machine, store

_DOCS = Path(__file__).resolve().parents[2] / "docs"


def main() -> None:
    """Measure what was asked for; each part replaces its own table."""
    logging.disable(logging.CRITICAL)
    chosen = _arguments()
    parts = _parts(chosen)
    for name in chosen.only or parts:
        title, measure = parts[name]
        machine = Machine.here()
        figures: list[Figure] = []
        for figure in measure():
            print(figure.row, flush=True)
            figures.append(figure)
        store(title, figures, machine, _DOCS / "performance.md", _DOCS / "performance.json")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="of each time")
    parser.add_argument("--documents", type=int, default=200, help="written at the real rate")
    parser.add_argument("--orders", type=int, default=10_000, help="read from the shop")
    parser.add_argument("--largest", action="store_true", help="transform a million orders too")
    names = ("floor", "rate", "hosts", "pure", "dags", "extract")
    parser.add_argument("--only", nargs="*", choices=names, help="these parts")
    return parser.parse_args()


def _parts(
    chosen: argparse.Namespace,
) -> dict[str, tuple[str, Callable[[], Iterator[Figure]]]]:
    """Name on the command line -> heading of its table, and what measures it."""
    return {
        "floor": ("Requests per document", floor.measure),
        "rate": ("Use of the permitted rate", lambda: rate.measure(chosen.documents)),
        "hosts": (
            "Two hosts, one company",
            lambda: two_hosts.measure(chosen.documents),
        ),
        "pure": ("Transform and plan", lambda: pure.measure(chosen.rounds, largest=chosen.largest)),
        "dags": ("DAG files", lambda: dag_files.measure(chosen.rounds)),
        "extract": ("Extract", lambda: extract.measure(chosen.orders)),
    }


if __name__ == "__main__":
    main()
