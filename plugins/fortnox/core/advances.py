"""Advances: money that comes on an earlier day than the delivery (rules of the books 18). Pure.

With ``advances=strict`` an order that is paid before the day on which it is delivered has up to
three kinds of events, and each is one voucher. The payment: a debt to the buyer, and the VAT, which
is due when the money comes (ML 7 kap. 15 §). The delivery: the debt becomes revenue. A refund: back
out of the debt, or, when it was delivered by then, out of the revenue. So what is booked on a day
never depends on what happens later, and a backfill gives the same as the days did.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from fortnox.core.currency import BOOKS
from fortnox.core.documents import InvoiceRow, VatRate
from fortnox.core.mapping import DocumentTypeRow, ShopRow
from fortnox.core.market import Market, SaleMarket
from fortnox.core.orders import LineKind, OrderHead, Problem
from fortnox.core.references import refund_reference, sale_reference
from fortnox.core.vouchers import VoucherRow, credit, debit, sums_of

#: Kinds of rows that go with the money and are neither an advance nor revenue: what a gift card
#: paid is no longer owed on the day that it is used.
_WITH_MONEY = frozenset({LineKind.GIFT_CARD, LineKind.STORE_CREDIT, LineKind.ROUNDING})
#: Reverse charge is told on an invoice with the buyer's number (ML 17 kap.), and of services it is
#: due when they are paid: no voucher can say that.
_NEED_AN_INVOICE = frozenset({Market.EU_BUSINESS, Market.SE_REVERSE})


class AdvanceEvent(StrEnum):
    """What happened; the value ends its voucher's mark (rules of the books 1)."""

    PAID = "a"
    DELIVERED = "d"
    REFUNDED = "r"


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvanceRow:
    """A row of the order, in öre; positive, of refunds too."""

    account: int
    rate: VatRate
    #: Where the VAT lands; None when there is none.
    vat_account: int | None
    net_ore: int
    vat_ore: int
    #: A means of payment or rounding: posted with the money.
    is_money: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """One event of an order that was paid in advance. No personal data."""

    event: AdvanceEvent
    reference_key: str
    order_id: str
    order_number: str
    #: The event's own day, and that of the payment.
    day: date
    paid_on: date
    payment_method: str
    money_account: int
    advances_account: int
    series: str
    rows: tuple[AdvanceRow, ...]
    refund_id: str = ""
    #: Of a refund: the order was delivered by then, so that it is revenue that is given back.
    is_delivered: bool = False

    @property
    def mark(self) -> str:
        """``demo:1042:a``, ``demo:1042:d``, ``demo:1042:r:77``."""
        if self.event is AdvanceEvent.REFUNDED:
            return refund_reference(self.reference_key, self.order_id, self.refund_id)
        return _mark(self.reference_key, self.order_id, self.event)

    @property
    def sale_reference(self) -> str:
        """``demo:1042``: the order's, whatever the event."""
        return sale_reference(self.reference_key, self.order_id)

    @property
    def reference(self) -> str:
        """How the shop's sale or refund is called in the proof; of a delivery, its mark."""
        return self.sale_reference if self.event is AdvanceEvent.PAID else self.mark

    @property
    def after(self) -> str:
        """The mark without which this one may not stand; empty for the payment itself."""
        if self.event is AdvanceEvent.PAID:
            return ""
        return _mark(self.reference_key, self.order_id, AdvanceEvent.PAID)

    @property
    def total_ore(self) -> int:
        """Gross of the rows; positive, of refunds too."""
        return sum(row.net_ore + row.vat_ore for row in self.rows)

    @property
    def amount_ore(self) -> int:
        """What it adds to the shop's gross: nothing for a delivery, negative for a refund."""
        if self.event is AdvanceEvent.DELIVERED:
            return 0
        return -self.total_ore if self.event is AdvanceEvent.REFUNDED else self.total_ore

    @property
    def revenue_ore(self) -> int:
        """Net of the sale's rows: what is an advance until the delivery."""
        return sum(row.net_ore for row in self.rows if not row.is_money)

    @property
    def voucher_rows(self) -> tuple[VoucherRow, ...]:
        """The voucher's rows; none when the event has no posting."""
        if self.event is AdvanceEvent.DELIVERED:
            return tuple(self._delivery())
        return tuple(self._payment(-1 if self.event is AdvanceEvent.REFUNDED else 1))

    @property
    def sums(self) -> dict[int, int]:
        """Account -> öre, debit positive."""
        return sums_of(self.voucher_rows)

    @property
    def vat(self) -> tuple[tuple[VatRate, int, int], ...]:
        """Rate, account and VAT that the event adds to the debt of VAT."""
        if self.event is AdvanceEvent.DELIVERED:
            return ()
        sign = -1 if self.event is AdvanceEvent.REFUNDED else 1
        sums: Counter[tuple[VatRate, int]] = Counter()
        for row in self.rows:
            if row.vat_account is not None and row.vat_ore:
                sums[row.rate, row.vat_account] += sign * row.vat_ore
        return tuple((rate, account, ore) for (rate, account), ore in sorted(sums.items()))

    def _payment(self, sign: int) -> Iterator[VoucherRow]:
        """The money and where it comes from; with ``sign`` -1 the money given back."""
        yield from debit(self.money_account, sign * self.total_ore, self.payment_method)
        if self.is_delivered:
            yield from _credits(self.rows, sign)
        else:
            yield from credit(self.advances_account, sign * self.revenue_ore, "förskott")
            yield from _credits([row for row in self.rows if row.is_money], sign)
        vat: Counter[int] = Counter()
        for row in self.rows:
            if row.vat_account is not None:
                vat[row.vat_account] += row.vat_ore
        for account, ore in sorted(vat.items()):
            yield from credit(account, sign * ore, "moms")

    def _delivery(self) -> Iterator[VoucherRow]:
        yield from debit(self.advances_account, self.revenue_ore, "förskott")
        yield from _credits([row for row in self.rows if not row.is_money], 1)


def _mark(key: str, order_id: str, event: AdvanceEvent) -> str:
    return f"{sale_reference(key, order_id)}:{event.value}"


def _credits(rows: Iterable[AdvanceRow], sign: int) -> Iterator[VoucherRow]:
    """Net amounts per account."""
    net: Counter[int] = Counter()
    for row in rows:
        net[row.account] += row.net_ore
    for account, ore in sorted(net.items()):
        yield from credit(account, sign * ore)


def advance_payment(
    head: OrderHead,
    rows: Iterable[InvoiceRow],
    *,
    day: date,
    market: SaleMarket,
    document_type: DocumentTypeRow,
    shop: ShopRow,
) -> Advance | Problem:
    """An order that is paid before its delivery, as the event of its payment.

    Args:
        head: Of the order, or of the part of it that is given back.
        rows: Those that its invoice would have.
        day: The payment's.
        market: Whose VAT.
        document_type: The payment method's row; names the account of the money.
        shop: Row of shops.csv.
    """
    problem = _not_possible(head, market)
    if problem is not None:
        return problem
    account = document_type.payment_account
    if account is None:
        return _no_account(head)
    return Advance(
        event=AdvanceEvent.PAID,
        reference_key=shop.reference_key,
        order_id=head.order_id,
        order_number=head.number,
        day=day,
        paid_on=day,
        payment_method=head.payment_method,
        money_account=account,
        advances_account=shop.advances_account,
        series=shop.voucher_series,
        rows=tuple(map(_row, rows)),
    )


def _row(row: InvoiceRow) -> AdvanceRow:
    return AdvanceRow(
        account=row.account_number,
        rate=row.vat.rate,
        vat_account=row.vat.account if row.shop_vat_ore else None,
        net_ore=row.total_ore - row.shop_vat_ore,
        vat_ore=row.shop_vat_ore,
        is_money=row.kind in _WITH_MONEY,
    )


def delivery(payment: Advance, day: date, refunds_before: Sequence[Advance] = ()) -> Advance:
    """The delivery of what is left after the refunds of the days before it."""
    given_back = (row for one in refunds_before for row in one.rows)
    minus = (replace(row, net_ore=-row.net_ore, vat_ore=-row.vat_ore) for row in given_back)
    return replace(payment, event=AdvanceEvent.DELIVERED, day=day, rows=(*payment.rows, *minus))


def refund_of(part: Advance, refund_id: str, day: date, *, delivered_on: date | None) -> Advance:
    """The refund of a part; on the day of the delivery, of what was delivered."""
    return replace(
        part,
        event=AdvanceEvent.REFUNDED,
        refund_id=refund_id,
        day=day,
        is_delivered=delivered_on is not None and delivered_on <= day,
    )


def _not_possible(head: OrderHead, market: SaleMarket) -> Problem | None:
    if head.currency != BOOKS:
        return Problem(
            code="advance_in_currency",
            text=f"paid in advance in {head.currency}: a voucher is in {BOOKS} and has no rate",
            remedy="Book the advance and the delivery by hand, at the rate of the payment's day.",
        )
    if market.market in _NEED_AN_INVOICE:
        return Problem(
            code="advance_reverse_charge",
            text="paid in advance by a company that accounts for the VAT itself: its invoice must "
            "say so, and services are reported when they are paid",
            remedy="Make the invoice of the advance and that of the delivery by hand.",
        )
    return None


def _no_account(head: OrderHead) -> Problem:
    return Problem(
        code="no_payment_account",
        text=f'payment method "{head.payment_method}" brings advances, and no account says where '
        "its money is",
        remedy="Write payment_account into that row of document_types.csv.",
    )
