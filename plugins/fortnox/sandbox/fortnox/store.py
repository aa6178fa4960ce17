"""The state: tables of JSON objects, kept in memory and, if asked for, in a journal on disk.

Each write appends one line to the journal before it is answered, so that a killed sandbox comes
back with everything that it has confirmed. Objects in tables are never changed in place: a writer
puts a new one. That makes an old version cheap to keep for the ``list_lag_s`` switch.
"""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import simplejson

from fortnox.sandbox.fortnox.company import Company
from fortnox.sandbox.fortnox.unknowns import Switches
from fortnox.sandbox.fortnox.wire import Json

#: Fortnox speaks Swedish local time in ``lastmodified``.
SWEDISH_TIME = ZoneInfo("Europe/Stockholm")

TABLES = (
    "accounts",
    "articlefileconnections",
    "articles",
    "costcenters",
    "counters",
    "currencies",
    "customers",
    "deleted",
    "files",
    "financialyears",
    "folders",
    "invoicepayments",
    "invoices",
    "labels",
    "modesofpayments",
    "offers",
    "orders",
    "predefinedaccounts",
    "predefinedvoucherseries",
    "pricelists",
    "prices",
    "projects",
    "settings",
    "supplierinvoicefileconnections",
    "supplierinvoicepayments",
    "supplierinvoices",
    "suppliers",
    "taxreductions",
    "termsofdeliveries",
    "termsofpayments",
    "tokens",
    "units",
    "voucherfileconnections",
    "vouchers",
    "voucherseries",
    "wayofdeliveries",
)


class Clock:
    """The company's time; tests and the control API may fix or move it."""

    def __init__(self) -> None:
        self._fixed: datetime | None = None
        self._offset = timedelta()

    def now(self) -> datetime:
        """Now, aware, UTC."""
        return self._fixed if self._fixed is not None else datetime.now(UTC) + self._offset

    def today(self) -> date:
        """Today in Sweden."""
        return self.now().astimezone(SWEDISH_TIME).date()

    def fix(self, moment: datetime) -> None:
        """Stand still at an aware moment.

        Raises:
            ValueError: The moment has no time zone.
        """
        if moment.tzinfo is None:
            raise ValueError("the sandbox clock needs a time zone")
        self._fixed = moment.astimezone(UTC)

    def shift(self, offset: timedelta) -> None:
        """Run at the machine's pace, ``offset`` away from its time."""
        self._fixed = None
        self._offset = offset


@dataclass(frozen=True, slots=True)
class Version:
    """An object as it was from ``written_s`` (monotonic) on."""

    data: Json
    modified: datetime
    written_s: float
    previous: "Version | None" = None


class Table:
    """Objects by key, in order of creation."""

    def __init__(self, store: "Store", name: str) -> None:
        self._store = store
        self._name = name
        self._rows: dict[str, Version] = {}

    def get(self, key: str) -> Json | None:
        """The current object, or None. Don't change it: put a new one."""
        version = self._rows.get(key)
        return None if version is None else version.data

    def put(self, key: str, data: Json) -> Json:
        """Create or replace; returns ``data``."""
        self.load(key, data, self._store.clock.now())
        self._store.journal([self._name, key, data, self._rows[key].modified.isoformat()])
        return data

    def delete(self, key: str) -> None:
        """Remove; unknown keys are no error."""
        if self._rows.pop(key, None) is not None:
            self._store.journal([self._name, key])

    def load(self, key: str, data: Json, modified: datetime) -> None:
        """Put without journal, for replaying one."""
        now_s = self._store.monotonic()
        lag_s = self._store.switches.list_lag_s
        previous = self._rows.get(key) if lag_s > 0 else None
        if previous is not None and now_s - previous.written_s >= lag_s:
            previous = replace(previous, previous=None)
        self._rows[key] = Version(data, modified, now_s, previous)

    def drop(self, key: str) -> None:
        """Remove without journal, for replaying one."""
        self._rows.pop(key, None)

    def listed(self) -> Iterator[tuple[Json, datetime]]:
        """Objects as lists see them, ``list_lag_s`` late, with their time of change."""
        lag_s = self._store.switches.list_lag_s
        if lag_s <= 0:
            yield from ((v.data, v.modified) for v in self._rows.values())
            return
        edge_s = self._store.monotonic() - lag_s
        for version in self._rows.values():
            seen: Version | None = version
            while seen is not None and seen.written_s > edge_s:
                seen = seen.previous
            if seen is not None:
                yield seen.data, seen.modified

    def items(self) -> list[tuple[str, Json, datetime]]:
        """Everything as it is now, for state dumps and the journal."""
        return [(key, v.data, v.modified) for key, v in self._rows.items()]

    def values(self) -> list[Json]:
        """All current objects."""
        return [v.data for v in self._rows.values()]

    def __contains__(self, key: str) -> bool:
        return key in self._rows

    def __len__(self) -> int:
        return len(self._rows)


class Store:
    """All state of one company.

    Args:
        company: Who it is.
        switches: Open questions; replaceable at any time.
        state_file: JSON Lines journal, created if absent; None keeps all in memory.
        monotonic: Seconds that only go forward; for the rate limit and list lag.
    """

    def __init__(
        self,
        company: Company,
        *,
        switches: Switches | None = None,
        state_file: Path | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.company = company
        self.switches = switches or Switches()
        self.clock = Clock()
        self.monotonic = monotonic
        self.lock = threading.RLock()
        self._state_file = state_file
        self._tables = {name: Table(self, name) for name in TABLES}
        self._restoring = False
        if state_file is not None and state_file.exists():
            self._restore(state_file)

    def table(self, name: str) -> Table:
        """A table by its name in ``TABLES``."""
        return self._tables[name]

    @property
    def is_empty(self) -> bool:
        """True before the company has been set up."""
        return len(self._tables["financialyears"]) == 0

    def next_number(self, series: str, start: int = 1) -> int:
        """The next number of a series, without gaps."""
        counters = self.table("counters")
        value = int((counters.get(series) or {"next": start})["next"])
        counters.put(series, {"next": value + 1})
        return value

    def peek_number(self, series: str, start: int = 1) -> int:
        """The number that ``next_number`` would give."""
        return int((self.table("counters").get(series) or {"next": start})["next"])

    def setting(self, name: str) -> str:
        """A text setting such as ``locked_through``; "" when it is not set."""
        return str((self.table("settings").get(name) or {"value": ""})["value"])

    def set_setting(self, name: str, value: str) -> None:
        """Set a text setting."""
        self.table("settings").put(name, {"value": value})

    def clear(self) -> None:
        """Forget everything, the journal included."""
        self._tables = {name: Table(self, name) for name in TABLES}
        if self._state_file is not None:
            self._state_file.write_text("", encoding="utf-8")

    def journal(self, entry: list[object]) -> None:
        """Append one change to the journal, if there is one."""
        if self._state_file is None or self._restoring:
            return
        with self._state_file.open("a", encoding="utf-8") as file:
            file.write(_line(entry))

    def _restore(self, path: Path) -> None:
        """Replay the journal and write it anew without what was overwritten since."""
        self._restoring = True
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                entry = simplejson.loads(line, use_decimal=True)
            except ValueError:
                break  # a torn last line: that write was never confirmed
            table = self._tables[entry[0]]
            if len(entry) == 2:  # noqa: PLR2004 - [table, key] is a deletion
                table.drop(entry[1])
            else:
                table.load(entry[1], entry[2], datetime.fromisoformat(entry[3]))
        self._restoring = False
        self._compact(path)

    def _compact(self, path: Path) -> None:
        fresh = path.with_name(path.name + ".new")
        with fresh.open("w", encoding="utf-8") as file:
            for name, table in self._tables.items():
                for key, data, modified in table.items():
                    file.write(_line([name, key, data, modified.isoformat()]))
        fresh.replace(path)


def _line(entry: list[object]) -> str:
    return str(simplejson.dumps(entry, use_decimal=True, separators=(",", ":"))) + "\n"
