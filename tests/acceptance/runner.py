"""One accounting case through the whole pipeline into a sandbox Fortnox, and what it came to.

Each case has a company of its own, so that all that its ledger holds is the case's. A case passes
only if every voucher is there with every account to the öre, no other voucher is, and the
documents' totals are what the buyer was to pay.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from tests.acceptance import case_vouchers
from tests.acceptance.books import Books, VoucherKey, books
from tests.acceptance.case_mappings import Case, DocumentPlan, mappings_of
from tests.acceptance.case_orders import (
    day_orders_of,
    known_on,
    order_of,
    redemption_of,
    refunded_order_of,
    refunds_of,
)
from tests.support.builders import day_window

from fortnox.api.apply import apply_invoices
from fortnox.api.snapshot import take_snapshot
from fortnox.core.dates import sale_date
from fortnox.core.documents import Held
from fortnox.core.errors import PipelineError
from fortnox.core.mapping import Mappings, ShopRow
from fortnox.core.money import decimal_to_ore, format_ore
from fortnox.core.orders import Order, Refund
from fortnox.core.payout_voucher import payout_voucher
from fortnox.core.plan import make_plan
from fortnox.core.transform import transform
from fortnox.core.vouchers import Voucher
from fortnox.core.window import local_day

Outcome = Literal["passed", "FAILED", "out of scope"]
#: Account, or account and side, -> öre.
Sums = dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of a case."""

    case_id: str
    outcome: Outcome
    reason: str = ""

    def __str__(self) -> str:
        """``AC-01 passed``, ``AC-32 out of scope: ...``, ``AC-25 FAILED: ...``."""
        return f"{self.case_id} {self.outcome}{f': {self.reason}' if self.reason else ''}"


@dataclass(slots=True)
class Run:
    """A case on its way through its company."""

    case: Case
    books: Books
    mappings: Mappings
    held: list[Held]
    not_written: list[str] = field(default_factory=list)
    #: What was booked before the case's own event.
    vouchers_before: frozenset[VoucherKey] = frozenset()
    documents_before: frozenset[str] = frozenset()

    @property
    def shop(self) -> ShopRow:
        return self.mappings.shop("demo")

    def day(
        self,
        day: date,
        orders: Sequence[Order],
        refunds: Sequence[Refund] = (),
        earlier_refunds: Sequence[Refund] = (),
    ) -> None:
        """A daily run: transform, plan, apply."""
        wanted = transform(
            orders,
            refunds,
            shop=self.shop,
            mappings=self.mappings,
            window=day_window(day),
            earlier_refunds=earlier_refunds,
        )
        client = self.books.world.client()
        snapshot = take_snapshot(client, self.shop.reference_key, wanted.invoices)
        plan = make_plan(wanted.invoices, snapshot, self.shop)
        chosen = [action.invoice for action in plan.actions]
        outcome = apply_invoices(client, self.shop, chosen, sleep=lambda _: None)
        self.held += [*wanted.held, *plan.held, *outcome.held]
        self.write(case_vouchers.day_vouchers(wanted.day_sales, self.shop))
        vouchers, held = case_vouchers.advance_vouchers(client, wanted.advances, self.shop)
        self.held += held
        self.not_written += case_vouchers.write(client, vouchers, self.shop.voucher_series)

    def write(self, vouchers: Sequence[Voucher]) -> None:
        """Vouchers that are made whole, not from documents."""
        self.not_written += case_vouchers.write(self.books.world.client(), vouchers)

    def forget_what_stands(self) -> None:
        """What was booked so far belongs to the case's past."""
        self.vouchers_before = frozenset(self.books.vouchers())
        self.documents_before = frozenset(self.books.live_documents())


def run_case(case: Case) -> Result:
    """Put a case through; never raises for what a case, or this version, lacks."""
    case_id = str(case.get("id", "?"))
    try:
        people = _decided_by_people(case)
        if people:
            return Result(case_id=case_id, outcome="out of scope", reason=people)
        reasons = _differences(case)
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        reasons = [f"the case can't be read: {type(error).__name__} {error}"]
    except PipelineError as error:
        reasons = [str(error)]
    if reasons:
        return Result(case_id=case_id, outcome="FAILED", reason="; ".join(reasons))
    return Result(case_id=case_id, outcome="passed")


def _decided_by_people(case: Case) -> str:
    """Why no document of a shop leads to these postings; empty when one does."""
    order = case["order"]
    if "chargeback" in order:
        return "a chargeback: people decide whether the sale stands, no shop document says it"
    if "loss" in case["tags"] or "kundforlust" in order.get("status", ""):
        return "bad debt: established by people long after the sale, no shop document says it"
    return ""


def _differences(case: Case) -> list[str]:
    if _kind(case) not in _CARRIED_OUT:
        return [f'this version carries no "{_kind(case)}" out']
    plan, steps = _CARRIED_OUT[_kind(case)]
    with carried_out(case) as run:
        reasons = [*_voucher_differences(run), *_held_differences(run)]
        if plan.document_type in ("invoice", "cash_invoice") and steps is not _advance:
            reasons += _total_differences(run)
    if reasons:
        reasons += [f"held {held.code}: {held.reason}" for held in run.held]
        reasons += run.not_written
    return reasons


@contextmanager
def carried_out(case: Case) -> Iterator[Run]:
    """The case in the books of its own company, which live as long as the context."""
    plan, steps = _CARRIED_OUT[_kind(case)]
    with _company(case) as company:
        company.open_accounts(int(posting["account"]) for posting in case["expected_postings"])
        run = Run(case=case, books=company, mappings=mappings_of(case, plan), held=[])
        steps(run)
        yield run


def _company(case: Case) -> AbstractContextManager[Books]:
    order = case["order"]
    return books(
        accounting_method=order.get("accounting_method", "ACCRUAL"),
        krona_rounding=order.get("fortnox_round_to_krona", False),
    )


# ------------------------------------------------------------------ how each kind is carried out


def _kind(case: Case) -> str:
    """The case's ``document`` without remarks; a voucher by what it is made of."""
    document = str(case["document"]).removesuffix(" (once)")
    if document != "voucher":
        return document
    made_of = next((name for name in ("payout", "day_orders") if name in case["order"]), "")
    return f"voucher of {made_of or 'something else'}"


def _sale(run: Run) -> None:
    """The order's events, each on its day, as often as the shop tells of them.

    A day is run again once the shop knows more about its sale, such as its payment.
    """
    order, data = order_of(run.case), run.case["order"]
    days = {data[name] for name in ("order_date", "paid_date", "delivery_date") if name in data}
    then = [(day, known_on(order, day, run.shop)) for day in sorted(map(date.fromisoformat, days))]
    for day, as_it_was in [*then, *((day, order) for day, known in then if known != order)]:
        for _ in range(data.get("deliveries_of_event", 1)):
            run.day(day, [as_it_was])


def _cash(run: Run) -> None:
    """The sale's day; what a person registers in Fortnox; the day again once the shop is paid."""
    order = order_of(run.case)
    sold_on = sale_date(order.head, run.shop, run.mappings).day
    assert sold_on is not None
    run.day(sold_on, [known_on(order, sold_on, run.shop)])
    for part in run.case["order"].get("registered_payments", ()):
        run.books.register_payment(part["amount"], part["date"])
    run.day(sold_on, [order])


def _advance(run: Run) -> None:
    """Each day as it was then, refunds too; at last all days again, from the end: a backfill."""
    order = order_of({**run.case, "order": {"delivery_date": "", **run.case["order"]}})
    refunds = refunds_of(run.case) if "refunds" in run.case["order"] else []
    made = {refund.refund_id: local_day(refund.created_utc, run.shop.zone) for refund in refunds}
    moments = (order.head.created_utc, order.head.paid_utc, order.head.delivered_utc)
    happened = {local_day(moment, run.shop.zone) for moment in moments if moment is not None}
    days = sorted(happened | set(made.values()))
    then = [(day, known_on(order, day, run.shop)) for day in days]
    for day, as_it_was in [*then, *((day, order) for day in reversed(days))]:
        run.day(
            day,
            [as_it_was],
            [refund for refund in refunds if made[refund.refund_id] == day],
            [refund for refund in refunds if made[refund.refund_id] < day],
        )


def _refund(run: Run) -> None:
    """The sale first; then, on their days, the refunds, in books that may be closed by then."""
    order = refunded_order_of(run.case)
    sold_on = local_day(order.head.created_utc, run.shop.zone)
    run.day(sold_on, [order])
    run.forget_what_stands()
    if "locked" in run.case["order"].get("refund_of", ""):
        run.books.lock_through(sold_on)
    for refund in refunds_of(run.case):
        run.day(local_day(refund.created_utc, run.shop.zone), [order], [refund])


def _card(run: Run) -> None:
    """A card of one VAT rate: sold, then used for goods of that rate."""
    day = date.fromisoformat(run.case["order"]["order_date"])
    run.day(day, [order_of(run.case)])
    run.day(day, [redemption_of(run.case)])


def _day(run: Run) -> None:
    """All orders of a day, and its refunds, of sales on another one."""
    day = date.fromisoformat(run.case["order"]["order_date"])
    orders, refunds = day_orders_of(run.case)
    run.day(day, orders, refunds)


def _payout(run: Run) -> None:
    """The report of a payment provider."""
    voucher = payout_voucher(
        case_vouchers.payout_of(run.case), case_vouchers.accounts_of(run.case), run.shop
    )
    if isinstance(voucher, Held):
        run.held.append(voucher)
    elif voucher is not None:
        run.write([voucher])


_PAID = DocumentPlan(is_paid=True)
_CARRIED_OUT: dict[str, tuple[DocumentPlan, Callable[[Run], None]]] = {
    "none": (DocumentPlan(), _sale),
    "cancel": (DocumentPlan(), _sale),
    "invoice": (DocumentPlan(), _sale),
    "invoice+payment": (_PAID, _sale),
    "invoice (no posting)": (DocumentPlan(), _cash),
    "invoice (no posting) + payment": (_PAID, _cash),
    "cash_invoice": (DocumentPlan(document_type="cash_invoice"), _sale),
    "advance": (_PAID, _advance),
    "advance+refund": (_PAID, _advance),
    "advance+delivery": (_PAID, _advance),
    "credit_invoice": (DocumentPlan(), _refund),
    "credit_invoice+refund": (_PAID, _refund),
    "voucher sale + redemption": (DocumentPlan(), _card),
    "voucher of payout": (DocumentPlan(), _payout),
    "voucher of day_orders": (DocumentPlan(document_type="day_voucher"), _day),
}


# ------------------------------------------------------------------ what the books must hold


def expected_vouchers(case: Case) -> list[tuple[str, Sums]]:
    """The case's vouchers: label and amounts, debit positive."""
    rows: dict[str, list[tuple[int, int]]] = {}
    for posting in case["expected_postings"]:
        ore = decimal_to_ore(posting["debit"]) - decimal_to_ore(posting["credit"])
        rows.setdefault(posting["voucher"], []).append((int(posting["account"]), ore))
    if _is_summary(case):
        return [("V", _by_side(row for voucher in rows.values() for row in voucher))]
    return [(label, _by_account(voucher)) for label, voucher in rows.items()]


def _is_summary(case: Case) -> bool:
    """A day may be one voucher or one per group of payment methods: what counts is their sum."""
    return bool(case.get("check") == "day")


def _booked_vouchers(run: Run) -> list[Sums]:
    """What the case's event has booked; a voucher that cancels itself out is left out."""
    new = [rows for key, rows in run.books.vouchers().items() if key not in run.vouchers_before]
    if _is_summary(run.case):
        return [_by_side(row for rows in new for row in rows)] if new else []
    return [voucher for rows in new if (voucher := _by_account(rows))]


def _by_account(rows: Iterable[tuple[int, int]]) -> Sums:
    sums: Counter[int] = Counter()
    for account, ore in rows:
        sums[account] += ore
    return {str(account): ore for account, ore in sums.items() if ore}


def _by_side(rows: Iterable[tuple[int, int]]) -> Sums:
    """Debit and credit of an account apart: refunds are not set off against sales (rule 12)."""
    sums: Counter[str] = Counter()
    for account, ore in rows:
        sums[f"{account} {'debit' if ore > 0 else 'credit'}"] += ore
    return {side: ore for side, ore in sums.items() if ore}


def _voucher_differences(run: Run) -> list[str]:
    """Every voucher that is wanted and missing, and every one that stands there besides."""
    booked = _booked_vouchers(run)
    missing: list[tuple[str, Sums]] = []
    for label, wanted in expected_vouchers(run.case):
        if wanted in booked:
            booked.remove(wanted)
        else:
            missing.append((label, wanted))
    return [
        *(f"{label} is not booked: {_shown(voucher)}" for label, voucher in missing),
        *(f"booked instead: {_shown(voucher)}" for voucher in booked),
    ]


def _held_differences(run: Run) -> list[str]:
    """A case with ``held`` is not only left unbooked, but for the reason that it names."""
    wanted, codes = run.case.get("held"), [held.code for held in run.held]
    return [f"not held as {wanted}"] if wanted and wanted not in codes else []


def _total_differences(run: Run) -> list[str]:
    totals = run.case["totals"]
    in_currency = totals.get("document_currency", {}).get("gross")
    wanted_ore = decimal_to_ore(in_currency or totals["to_pay"])
    documents = run.books.live_documents().values()
    found_ore = sum(
        document.total_ore
        for document in documents
        if document.document_number not in run.documents_before
    )
    if found_ore == wanted_ore:
        return []
    return [f"the documents' total is {format_ore(found_ore)}, wanted {format_ore(wanted_ore)}"]


def _shown(voucher: Sums) -> str:
    return ", ".join(f"{account} {format_ore(ore)}" for account, ore in voucher.items())
