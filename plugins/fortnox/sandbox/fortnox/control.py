"""What a test or a demo does behind the sandbox Fortnox's back, in Python."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from fortnox.sandbox.fault_rules import Change, FaultBook
from fortnox.sandbox.fortnox.ledger import LOCKED_THROUGH, movements, vouchers_of
from fortnox.sandbox.fortnox.routing import Call
from fortnox.sandbox.fortnox.seeding import seed
from fortnox.sandbox.fortnox.setup import set_up, year_record
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.unknowns import UNKNOWNS, Switches, changed
from fortnox.sandbox.fortnox.wire import Answer, Json, dump, kronor

_DOCUMENTS = (
    "invoices",
    "invoicepayments",
    "offers",
    "orders",
    "supplierinvoices",
    "supplierinvoicepayments",
    "vouchers",
)
_DUMPED = ("customers", "articles", "invoices", "invoicepayments", "vouchers")


class Control:
    """What a test or a demo does behind Fortnox's back.

    Args:
        store: The company's state.
        book: Faults and request log.
        perform: Carries out a call without token, rate limit or faults.
    """

    def __init__(self, store: Store, book: FaultBook, perform: Callable[[Call], Answer]) -> None:
        self.store = store
        self.book = book
        self._perform = perform
        self._first_switches = store.switches
        book.know(self.changes())

    def reset(self) -> None:
        """A new company: no books, faults, log or tokens; switches and clock as at the start."""
        with self.store.lock:
            self.store.switches = self._first_switches
            self.store.clock.shift(timedelta())
            self.store.clear()
            set_up(self.store)
        self.book.clear()
        self.book.forget_requests()

    def state(self) -> dict[str, Any]:
        """Customers, articles, invoices, payments, vouchers and the request log."""
        with self.store.lock:
            dumped: dict[str, Any] = {name: self.store.table(name).values() for name in _DUMPED}
        dumped["locked_period"] = self.store.setting(LOCKED_THROUGH) or None
        dumped["switches"] = asdict(self.store.switches)
        dumped["requests"] = [asdict(request) for request in self.book.requests()]
        return dumped

    def ledger(self) -> dict[str, Any]:
        """All documents and vouchers, and the balance of each account per financial year.

        Balances are kronor, debit positive, movements of the year only.
        """
        with self.store.lock:
            tables = {name: self.store.table(name).values() for name in _DOCUMENTS}
            years = [int(year["Id"]) for year in self.store.table("financialyears").values()]
            balances = {
                str(year_id): {
                    str(account): kronor(ore)
                    for account, ore in sorted(movements(vouchers_of(self.store, year_id)).items())
                }
                for year_id in years
            }
        return {**tables, "balances": balances}

    def seed(
        self, *, customers: int, invoices: int, first_day: date, number: int = 1
    ) -> dict[str, int]:
        """Make many documents; see ``seeding``.

        Raises:
            ValueError: Too many, or Fortnox refuses one.
        """
        made = seed(
            self.act, customers=customers, invoices=invoices, first_day=first_day, number=number
        )
        return made._asdict()

    def act(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Answer:
        """Do what another integration or a person would do, e.g. ``act("POST", "customers", …)``.

        Args:
            method: HTTP method.
            path: Path below ``/3``.
            body: The whole request body, envelope included.
            query: Query parameters.
        """
        call = Call(
            store=self.store,
            method=method.upper(),
            path=path.removeprefix("/3").strip("/"),
            args={},
            query=dict(query or {}),
            raw=b"" if body is None else dump(body),
            base_url="http://127.0.0.1",
        )
        return self._perform(call)

    def set_switches(self, **values: Any) -> Switches:
        """Answer open questions differently from now on.

        Raises:
            ValueError: An unknown switch, or a value that is no answer.
        """
        self.store.switches = changed(self.store.switches, values)
        return self.store.switches

    def unknowns(self) -> list[dict[str, Any]]:
        """The open questions and knobs, each with what is set now."""
        now = asdict(self.store.switches)
        return [{**one._asdict(), "now": now[one.name]} for one in UNKNOWNS]

    def set_clock(self, now: datetime | None = None, offset: timedelta | None = None) -> datetime:
        """Fix the clock at ``now``, or let it run ``offset`` away from the machine's.

        Raises:
            ValueError: ``now`` has no time zone.
        """
        if now is not None:
            self.store.clock.fix(now)
        else:
            self.store.clock.shift(offset or timedelta())
        return self.store.clock.now()

    def lock_period(self, end: date | None) -> None:
        """Close everything up to and including a day; None opens it again."""
        self.store.set_setting(LOCKED_THROUGH, "" if end is None else end.isoformat())

    def set_account_active(self, number: int, *, active: bool, year_id: int | None = None) -> int:
        """Switch an account on or off in one year or all; returns how many years have it."""
        table = self.store.table("accounts")
        changed = 0
        for key, account, _ in table.items():
            if account["Number"] == number and year_id in (None, account["Year"]):
                table.put(key, {**account, "Active": active})
                changed += 1
        return changed

    def changes(self) -> dict[str, Change]:
        """What a ``change_first`` fault can do, by name; the values are texts."""

        def lock_period(value: str) -> Callable[[], object]:
            end = date.fromisoformat(value) if value else None
            return lambda: self.lock_period(end)

        def deactivate_account(value: str) -> Callable[[], object]:
            number = int(value)
            return lambda: self.set_account_active(number, active=False)

        def remove_year(value: str) -> Callable[[], object]:
            year_id = int(value)
            return lambda: self.remove_year(year_id)

        return {
            "lock_period": lock_period,
            "deactivate_account": deactivate_account,
            "remove_year": remove_year,
        }

    def remove_year(self, year_id: int) -> None:
        """Take a financial year away, as if nobody had created it."""
        self.store.table("financialyears").delete(str(year_id))

    def restore_year(self, year_id: int) -> None:
        """Bring a financial year of the company back.

        Raises:
            ValueError: The company never had it.
        """
        if not 1 <= year_id <= len(self.store.company.years):
            raise ValueError("the company has no such financial year")
        year = year_record(self.store, year_id)
        self.store.table("financialyears").put(str(year_id), year)
