"""The made-up world of the demo: which day it is about, its ports, and its mappings.

The world is kept between two starts on the same day, so that the second one shows that nothing is
written twice. On another day, or with another version of the package, it begins anew.
"""

import csv
import io
import json
import socket
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from fortnox.demo.errors import DemoError

ZONE = ZoneInfo("Europe/Stockholm")
LOOPBACK = "127.0.0.1"
# A day's last order may still be on its way to the books just after midnight.
_SETTLED_AFTER = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Where the three servers listen on loopback."""

    airflow: int
    fortnox: int
    woocommerce: int


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What two starts must agree on to be the same demo.

    ``database`` says which database was migrated, and to which version of Airflow; empty before.
    """

    day: str
    version: str
    ports: Ports
    database: str = ""

    def same_as(self, other: "World") -> bool:
        """Whether the other is about the same day and the same package."""
        return (self.day, self.version) == (other.day, other.version)

    def save(self, path: Path) -> None:
        """Writes it beside the demo's other files."""
        path.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "World | None":
        """The world of the last start, None when there is none or it can't be read."""
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            return cls(**{**data, "ports": Ports(**data["ports"])})
        except (OSError, ValueError, TypeError, KeyError):
            return None


def demo_day(now_utc: datetime) -> date:
    """Yesterday in Stockholm; in the first half hour after midnight the day before that."""
    return (now_utc - _SETTLED_AFTER).astimezone(ZONE).date() - timedelta(days=1)


def utc_now() -> datetime:
    """The clock at the demo's edge."""
    return datetime.now(UTC)


def choose_ports(wanted: Mapping[str, str], last: Ports | None) -> Ports:
    """A port for each server: the one asked for, else the last one, else a free one.

    Args:
        wanted: By name of the variable: ``AIRFLOW_PORT``, ``FORTNOX_PORT``, ``WOOCOMMERCE_PORT``.
        last: The ports of the last start, used again where they are free.

    Raises:
        DemoError: A port that was asked for is not a port or is taken.
    """
    chosen: dict[str, int] = {}
    for name in ("airflow", "fortnox", "woocommerce"):
        variable = f"{name.upper()}_PORT"
        before = getattr(last, name) if last is not None else 0
        chosen[name] = _choose_port(variable, wanted.get(variable, ""), before)
    if len(set(chosen.values())) < len(chosen):
        raise DemoError("Two servers can't listen on one port. Choose three different ports.")
    return Ports(**chosen)


def _choose_port(variable: str, wanted: str, before: int) -> int:
    if wanted:
        if not wanted.isdecimal() or not _is_free(int(wanted)):
            raise DemoError(f"{variable}={wanted} is not a free port. Choose another, or none.")
        return int(wanted)
    return before if before and _is_free(before) else free_port()


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As servers do it; else a port whose last connections linger counts as taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except (OSError, OverflowError):
            return False
    return True


def listens(port: int) -> bool:
    """Whether somebody accepts connections on this port of loopback."""
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def write_mappings(source: Path, target: Path, start_date: date) -> None:
    """Copies the standard mappings, with the demo's shop starting on a day of the demo's.

    The shop would else begin with its real start date, and the scheduler would catch up all days
    since. It settles at midnight, so that the demo also works at one o'clock in the night.
    """
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(source.glob("*.csv")):
        text = path.read_text(encoding="utf-8-sig")
        if path.name == "shops.csv":
            text = set_columns(text, {"start_date": start_date.isoformat(), "settle_at": "00:00"})
        (target / path.name).write_text(text, encoding="utf-8")


def set_columns(text: str, values: Mapping[str, str]) -> str:
    """Sets columns to one value in all rows of a CSV text; comment and blank lines stay."""
    out = io.StringIO()
    header: list[str] = []
    delimiter = ","
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            out.write(f"{line}\n")
            continue
        if not header:
            delimiter = ";" if line.count(";") > line.count(",") else ","
            header = next(csv.reader([line], delimiter=delimiter))
            out.write(f"{line}\n")
            continue
        cells = next(csv.reader([line], delimiter=delimiter))
        row = [values.get(column, cell) for column, cell in zip(header, cells, strict=False)]
        csv.writer(out, delimiter=delimiter, lineterminator="\n").writerow(row)
    return out.getvalue()
