"""A measured figure, its limit, and how the table says it."""

import json
import os
import platform
import resource
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any


class UnavailableError(Exception):
    """This machine lacks what a part measures with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table.

    Attributes:
        name: What was measured.
        unit: Of the values.
        values: One per round.
        limit: What it is held against, as text: our limit, or a rival's figure.
        within: Whether the median keeps the limit; None where there is nothing to keep.
    """

    name: str
    unit: str
    values: tuple[float, ...]
    limit: str
    within: bool | None = None

    @property
    def median(self) -> float:
        """Of the rounds."""
        return statistics.median(self.values)

    @property
    def spread(self) -> tuple[float, float]:
        """Least and most of the rounds."""
        return min(self.values), max(self.values)

    @property
    def row(self) -> str:
        """As a line of a Markdown table."""
        least, most = (_number(value) for value in self.spread)
        spread = f"{least} to {most}" if len(self.values) > 1 else "one round"
        verdict = {True: "kept", False: "**missed**", None: ""}[self.within]
        return (
            f"| {self.name} | {_number(self.median)} {self.unit} | {spread} "
            f"| {self.limit} | {verdict} |"
        )


def at_most(name: str, unit: str, values: Sequence[float], limit: float, said: str = "") -> Figure:
    """A figure that must not pass its limit."""
    within = statistics.median(values) <= limit
    text = said or f"at most {_number(limit)} {unit}"
    return Figure(name=name, unit=unit, values=tuple(values), limit=text, within=within)


def at_least(name: str, unit: str, values: Sequence[float], limit: float) -> Figure:
    """A figure that must reach its limit."""
    within = statistics.median(values) >= limit
    text = f"at least {_number(limit)} {unit}"
    return Figure(name=name, unit=unit, values=tuple(values), limit=text, within=within)


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Where and when it was measured; the load says how much of it was ours."""

    measured_at: str
    python: str
    airflow: str
    cores: int
    load: str
    system: str

    @classmethod
    def here(cls) -> "Machine":
        """This machine, now."""
        return cls(
            measured_at=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
            python=platform.python_version(),
            airflow=version("apache-airflow"),
            cores=os.cpu_count() or 0,
            load=" ".join(f"{one:.1f}" for one in os.getloadavg()),
            system=f"{platform.system()} {platform.machine()}",
        )

    def __str__(self) -> str:
        return (
            f"Measured {self.measured_at} on {self.system}, {self.cores} cores, load {self.load} "
            f"(1, 5, 15 minutes), Python {self.python}, Airflow {self.airflow}."
        )


def peak_mb() -> int:
    """This process's largest resident memory so far.

    ``ru_maxrss`` begins with that of the process that started this one, Linux's own count does not.
    """
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text(encoding="ascii", errors="replace").splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def store(
    title: str,
    figures: Sequence[Figure],
    machine: Machine,
    page: Path,
    data: Path,
    by: str = "make bench",
) -> None:
    """Keeps one part's figures in the JSON file, and makes the page's tables anew from it.

    Args:
        title: Heading of the table.
        figures: Its lines.
        machine: Where they were measured.
        page: A Markdown page with two comments, between which the tables stand.
        data: The JSON file.
        by: The command that the comments name.
    """
    parts: dict[str, Any] = {}
    if data.exists():
        parts = json.loads(data.read_text(encoding="utf-8"))
    parts[title] = {
        "machine": str(machine),
        "figures": [{**asdict(one), "median": one.median, "row": one.row} for one in figures],
    }
    data.write_text(json.dumps(parts, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    begin, end = (f"<!-- made by {by}: {edge} -->" for edge in ("begin", "end"))
    before, _, rest = page.read_text(encoding="utf-8").partition(begin)
    _, _, after = rest.partition(end)
    tables = "\n\n".join(_table(name, part) for name, part in parts.items())
    page.write_text(f"{before}{begin}\n{tables}\n{end}{after}", encoding="utf-8")


def _table(title: str, part: dict[str, Any]) -> str:
    lines = [
        f"**{title}.** {part['machine']}",
        "",
        "| what | median | spread | limit, or rival | |",
        "|---|---|---|---|---|",
        *(figure["row"] for figure in part["figures"]),
    ]
    return "\n".join(lines)


def spaced(count: int) -> str:
    """10000 as ``10 000``."""
    return f"{count:,}".replace(",", " ")


def _number(value: float) -> str:
    if value >= 1000:
        return spaced(round(value))
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"
