"""``make bench``: each figure beside its limit, as a table in docs/performance.md and as JSON.

Nothing here is a test: a busy machine changes times, so the table says the load.
"""

import argparse
import logging
import sys
from pathlib import Path

from tests.bench import (
    catalogue,
    dag_files,
    extract,
    floor,
    pages,
    pure,
    quiet,
    rate,
    reconcile,
    two_hosts,
)
from tests.bench.parts import Part, measure_parts

_DOCS = Path(__file__).resolve().parents[2] / "docs"


def main() -> int:
    """Measure what was asked for."""
    logging.disable(logging.CRITICAL)
    chosen = _arguments()
    parts = _parts(chosen)
    wanted = {name: parts[name] for name in chosen.only or parts}
    return measure_parts(wanted, _DOCS / "performance.md", _DOCS / "performance.json")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="of each time")
    parser.add_argument("--documents", type=int, default=200, help="written at the real rate")
    parser.add_argument("--orders", type=int, default=10_000, help="read from the shop")
    parser.add_argument("--products", type=int, default=5_000, help="read from the shop")
    parser.add_argument("--largest", action="store_true", help="transform a million orders too")
    names = list(_parts(parser.parse_args([])))
    parser.add_argument("--only", nargs="*", choices=names, help="these parts")
    return parser.parse_args()


def _parts(chosen: argparse.Namespace) -> dict[str, Part]:
    """By name on the command line; the minutes are those of the defaults, on two cores."""
    documents, rounds = chosen.documents, chosen.rounds
    return {
        "floor": Part(title="Requests per document", minutes=0.5, measure=floor.measure),
        "rate": Part(
            title="Use of the permitted rate",
            minutes=0.5 + documents / 50,
            measure=lambda: rate.measure(documents),
        ),
        "hosts": Part(
            title="Two hosts, one company",
            minutes=documents / 70,
            measure=lambda: two_hosts.measure_one_after_another(documents),
        ),
        "shared": Part(
            title="Two hosts at once, a pace shared over Redis",
            minutes=documents / 140,
            measure=lambda: two_hosts.measure_at_once(documents),
        ),
        "pure": Part(
            title="Transform and plan",
            minutes=15 if chosen.largest else 2,
            measure=lambda: pure.measure(rounds, largest=chosen.largest),
        ),
        "reconcile": Part(
            title="Proof and report", minutes=2, measure=lambda: reconcile.measure(rounds)
        ),
        "dags": Part(title="DAG files", minutes=3, measure=lambda: dag_files.measure(rounds)),
        "extract": Part(title="Extract", minutes=3, measure=lambda: extract.measure(chosen.orders)),
        "catalogue": Part(
            title="Catalogue", minutes=0.5, measure=lambda: catalogue.measure(chosen.products)
        ),
        "pages": Part(title="Pages", minutes=1.5, measure=lambda: pages.measure(rounds)),
        "quiet": Part(
            title="Runs without anything to do", minutes=0.5, measure=lambda: quiet.measure(rounds)
        ),
    }


if __name__ == "__main__":
    sys.exit(main())
