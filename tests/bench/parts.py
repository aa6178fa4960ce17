"""The parts of a measurement, one after the other: each has a table of its own.

A part that fails, or that this machine can't measure, keeps the table that it had, and the others
go on.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.bench.figures import Figure, Machine, UnavailableError, store


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One table: its heading, about how many minutes it takes, and what measures it."""

    title: str
    minutes: float
    measure: Callable[[], Iterator[Figure]]


def measure_parts(parts: Mapping[str, Part], page: Path, data: Path) -> int:
    """Measure parts, by name; the exit code is 1 if one failed.

    Args:
        parts: In their order.
        page: The Markdown page with the tables.
        data: The JSON file with all rounds; other parts' figures stay in both.
    """
    minutes = sum(part.minutes for part in parts.values())
    print(f"Measuring {', '.join(parts)}: about {minutes:.0f} minutes on a quiet machine.\n")
    left: dict[str, Exception] = {}
    for name, part in parts.items():
        print(f"{part.title} ({name})", flush=True)
        try:
            _measure(part, page, data)
        except Exception as error:  # noqa: BLE001 - the other parts are measured all the same
            left[name] = error
            print(f"{type(error).__name__}: {error}\n", flush=True)
    for name, error in left.items():
        print(f"Not measured: {name} ({error}); its table is as it was.")
    print(f"The tables are in {page}.")
    return int(any(not isinstance(error, UnavailableError) for error in left.values()))


def _measure(part: Part, page: Path, data: Path) -> None:
    machine, began = Machine.here(), time.monotonic()
    figures: list[Figure] = []
    for figure in part.measure():
        print(figure.row, flush=True)
        figures.append(figure)
    store(part.title, figures, machine, page, data)
    missed = sum(figure.within is False for figure in figures)
    said = f", {missed} missed" if missed else ""
    print(f"{len(figures)} figures{said}, {time.monotonic() - began:.0f} s\n", flush=True)
