"""Two more days: advances, which are vouchers that follow each other, and corrected invoices."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from tests.faults.days import MAPPINGS, YESTERDAY, Desk, sale
from tests.support import advances
from tests.support.advances import DELIVERED, PAID, TYPES, given_back, noon, sold
from tests.support.builders import day_window, line, mappings, shop_row

from fortnox.api.apply import apply_invoices
from fortnox.api.snapshot import take_snapshot
from fortnox.core.corrections import corrected, to_credit
from fortnox.core.documents import Invoice
from fortnox.core.orders import Order, OrderHead
from fortnox.core.plan import make_plan
from fortnox.core.references import sale_reference
from fortnox.core.transform import Wanted, transform
from fortnox.steps.advances import plan_advances
from fortnox.steps.day_vouchers import vouchers_since, write_day_vouchers
from fortnox.steps.run import Run

_STRICT = advances.STRICT.replaced(voucher_series="A")
_CORRECTING = shop_row(correct_booked="credit_and_rebook", set_off_account=1690)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvanceDay:
    """What was paid before, delivered, paid and given back on the day: a voucher each."""

    name: str
    before: Wanted
    wanted: Wanted

    def prepare(self, desk: Desk) -> None:
        """The payments of the day before."""
        self._carry_out(desk, self.before, PAID)

    def run(self, desk: Desk) -> None:
        """One run of the day, from plan to apply."""
        self._carry_out(desk, self.wanted, DELIVERED)

    def doubled_vouchers(self, desk: Desk) -> int:
        """How many vouchers stand more than once, which the day's reconcile finds."""
        known = vouchers_since(desk.client, _a_run(DELIVERED), PAID)
        return sum(len(same) - 1 for same in known.values())

    def _carry_out(self, desk: Desk, wanted: Wanted, day: date) -> None:
        run = _a_run(day)
        planned = plan_advances(desk.client, run, wanted.advances, desk.folder)
        vouchers = (*planned.vouchers, *planned.unfinished)
        if vouchers:
            write_day_vouchers(desk.client, run, vouchers, desk.folder, now=desk.now)


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedDay:
    """Orders that were edited or called off after their invoices were booked."""

    name: str
    before: Sequence[Invoice]
    wanted: Sequence[Invoice]
    called_off: Sequence[OrderHead]

    def prepare(self, desk: Desk) -> None:
        """The orders as they were."""
        apply_invoices(desk.client, _CORRECTING, self.before, sleep=desk.sleep)

    def run(self, desk: Desk) -> None:
        """One run of the day, from plan to apply."""
        key = _CORRECTING.reference_key
        snapshot = take_snapshot(
            desk.client,
            key,
            self.wanted,
            also=[sale_reference(key, head.order_id) for head in self.called_off],
            to_credit=lambda found: to_credit(self.wanted, self.called_off, found, _CORRECTING),
        )
        found = corrected(self.wanted, self.called_off, snapshot, _CORRECTING)
        plan = make_plan(found.invoices, snapshot, _CORRECTING)
        if plan.actions:
            invoices = [action.invoice for action in plan.actions]
            apply_invoices(desk.client, _CORRECTING, invoices, sleep=desk.sleep)

    def doubled_vouchers(self, desk: Desk) -> int:
        """Invoices make none."""
        del desk
        return 0


def _a_run(day: date) -> Run:
    """A run as the steps of advances know it; they stage nothing."""
    values: dict[str, Any] = {"staging": None, "fingerprint": "", "dag_id": "", "run_id": ""}
    return Run(
        window=day_window(day),
        shop=_STRICT,
        mappings=mappings(document_types=TYPES),
        opened_at=datetime.now(UTC),
        **values,
    )


_DELIVERED = sold(order_id="1301")
_GIVEN_BACK = sold(line("250.00"), order_id="1302", delivered=None)
_PAID_TODAY = sold(
    order_id="1303",
    delivered=None,
    created_utc=noon(DELIVERED),
    paid_utc=noon(DELIVERED),
)
#: A delivery, a payment, and money given back of what waits.
ADVANCES = AdvanceDay(
    name="advances",
    before=advances.wanted(PAID, _DELIVERED, _GIVEN_BACK, shop=_STRICT),
    wanted=advances.wanted(
        DELIVERED,
        _DELIVERED,
        _GIVEN_BACK,
        _PAID_TODAY,
        refunds=[given_back(_GIVEN_BACK, "250.00", DELIVERED)],
        shop=_STRICT,
    ),
)


def _of_yesterday(*orders: Order) -> Sequence[Invoice]:
    window = day_window(YESTERDAY)
    found = transform(orders, (), shop=_CORRECTING, mappings=MAPPINGS, window=window)
    assert found.held == ()
    return found.invoices


_SENT = datetime(2026, 5, 3, 9, tzinfo=UTC)
_UNPAID = sale("1402", "cheque", YESTERDAY, paid_utc=None, delivered_utc=_SENT)
#: One order is edited after it was paid and booked, another one called off unpaid.
CORRECTED = CorrectedDay(
    name="corrected invoices",
    before=_of_yesterday(sale("1401", "stripe", YESTERDAY), _UNPAID),
    wanted=_of_yesterday(sale("1401", "stripe", YESTERDAY, "80.00")),
    called_off=(replace(_UNPAID.head, status="cancelled"),),
)
