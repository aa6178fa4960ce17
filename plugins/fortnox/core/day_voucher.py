"""Day vouchers: one balanced voucher per shop, currency, day and group of payment methods. Pure.

A *gemensam verifikation* (BFL 5 kap. 6 §; BFNAR 2013:2 p. 6.1) of sales to private buyers in
Sweden on one day, with the list of its orders as its file. Both sides are gross: refunds are rows
of their own. VAT is summed as each receipt has it, never computed from the day's total. Companies,
reverse charge, other countries' VAT and exports are always documents of their own (rules of the
books 11, 12).
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from fortnox.core.csv_cells import text_cell
from fortnox.core.currency import BOOKS
from fortnox.core.documents import InvoiceRow
from fortnox.core.mapping import DocumentTypeRow, ShopRow
from fortnox.core.market import Market, SaleMarket
from fortnox.core.money import format_ore
from fortnox.core.orders import BuyerKind, Order, Problem
from fortnox.core.vouchers import (
    Attachment,
    ListedVoucher,
    Voucher,
    VoucherRow,
    credit,
    debit,
    difference,
    sums_of,
)
from fortnox.core.window import Window

#: Late payments of the evening are in; nothing of the day is written before (rule 12).
SETTLES_AFTER = timedelta(hours=2)
_COLUMNS = (
    *("order_id", "order_number", "type", "refund_id", "payment_method", "currency", "gross"),
    *("account", "vat_rate", "net", "vat"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySaleRow:
    """What one order adds to an account, VAT included; positive, of refunds too."""

    account: int
    vat_pct: int
    #: Where the VAT lands; None when there is none.
    vat_account: int | None
    gross_ore: int
    vat_ore: int

    @property
    def net_ore(self) -> int:
        """Without VAT."""
        return self.gross_ore - self.vat_ore


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySale:
    """A sale or a refund that goes into a day voucher. No personal data."""

    order_id: str
    order_number: str
    day: date
    currency: str
    group: str
    payment_method: str
    clearing_account: int
    rows: tuple[DaySaleRow, ...]
    #: Empty: the sale itself.
    refund_id: str = ""

    @property
    def total_ore(self) -> int:
        """Gross; positive, of refunds too."""
        return sum(row.gross_ore for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayGroup:
    """All that belongs into the vouchers of one shop, day, currency and group."""

    shop: ShopRow
    day: date
    currency: str
    group: str
    sales: tuple[DaySale, ...]

    @property
    def prefix(self) -> str:
        """The mark without its number: ``demo:2026-05-11:SEK:cards:``."""
        return f"{self.shop.reference_key}:{self.day.isoformat()}:{self.currency}:{self.group}:"

    @property
    def rows(self) -> tuple[VoucherRow, ...]:
        """Gross on both sides: money per payment method, then accounts, then VAT."""
        return tuple(_rows(self.sales))

    @property
    def sums(self) -> dict[int, int]:
        """Account -> öre, debit positive."""
        return sums_of(self.rows)

    @property
    def gross_ore(self) -> int:
        """Sales minus refunds."""
        return sum(-one.total_ore if one.refund_id else one.total_ore for one in self.sales)


def day_sale(
    order: Order,
    rows: Iterable[InvoiceRow],
    *,
    day: date,
    document_type: DocumentTypeRow,
    shop: ShopRow,
) -> DaySale | Problem:
    """The order as a part of its day's voucher; ``rows`` are those that its invoice would have."""
    if document_type.payment_account is None or not shop.voucher_series:
        return _incomplete_problem(document_type, shop)
    made = [
        DaySaleRow(
            account=row.account_number,
            vat_pct=int(row.vat.rate.rate_pct),
            vat_account=row.vat.account if row.shop_vat_ore else None,
            gross_ore=row.total_ore,
            vat_ore=row.shop_vat_ore,
        )
        for row in rows
    ]
    return DaySale(
        order_id=order.head.order_id,
        order_number=order.head.number,
        day=day,
        currency=order.head.currency,
        group=document_type.voucher_group or str(document_type.payment_account),
        payment_method=order.head.payment_method,
        clearing_account=document_type.payment_account,
        rows=tuple(made),
    )


def goes_into_day_voucher(order: Order, market: SaleMarket, document_type: DocumentTypeRow) -> bool:
    """Whether the sale may be summed up; all others become documents of their own.

    Who gives a company's name or number asked for an invoice, whatever the shop calls it. A voucher
    is in SEK, so what was sold in another currency has a document with its rate.
    """
    buyer = order.buyer
    return (
        document_type.document_type == "day_voucher"
        and market.market is Market.SE
        and order.head.currency == BOOKS
        and buyer.kind is BuyerKind.PRIVATE
        and not (buyer.organisation_number or buyer.vat_number or buyer.company)
    )


def single_document(document_type: DocumentTypeRow | None) -> DocumentTypeRow | None:
    """How a sale is booked that may not be summed up: as an invoice, paid to the same account."""
    if document_type is None or document_type.document_type != "day_voucher":
        return document_type
    has_account = document_type.payment_account is not None
    payment = "book" if has_account else "none"
    return document_type.replaced(document_type="invoice", payment=payment)


def day_groups(sales: Iterable[DaySale], shop: ShopRow) -> list[DayGroup]:
    """Sales by day, currency and group, each in the order of their ids."""
    found: dict[tuple[date, str, str], list[DaySale]] = {}
    for sale in sales:
        found.setdefault((sale.day, sale.currency, sale.group), []).append(sale)
    return [
        DayGroup(
            shop=shop,
            day=day,
            currency=currency,
            group=group,
            sales=tuple(sorted(members, key=lambda one: (one.order_id, one.refund_id))),
        )
        for (day, currency, group), members in sorted(found.items())
    ]


def next_voucher(
    group: DayGroup,
    existing: Sequence[ListedVoucher],
    found: Iterable[VoucherRow],
    day: date,
) -> Voucher | None:
    """The first voucher of a group, or the supplement that is missing; None: all is booked.

    Args:
        group: What the shop says.
        existing: Vouchers of the group's marks.
        found: Their rows.
        day: The group's day, or the first open one.
    """
    rows = group.rows
    if existing:
        missing = difference(group.sums, sums_of(found))
        rows = tuple(row for account, ore in missing.items() for row in debit(account, ore))
    if not rows:
        return None
    number = 1 + max((_number(mark, group.prefix) for mark in _marks(existing, group)), default=0)
    late = "" if day == group.day else f", affärshändelser {group.day.isoformat()}"
    kind = "Dagsverifikation" if number == 1 else f"Tillägg {number - 1} till dagsverifikation"
    return Voucher(
        mark=f"{group.prefix}{number}",
        series=group.shop.voucher_series,
        day=day,
        text=f"{kind} {group.shop.name} {group.day.isoformat()} {group.group}{late}",
        rows=rows,
        attachment=Attachment(suffix="csv", content=order_list(group)),
    )


def doubled(existing: Sequence[ListedVoucher], group: DayGroup) -> list[ListedVoucher]:
    """Vouchers whose mark, number included, another voucher has already."""
    seen: set[str] = set()
    surplus: list[ListedVoucher] = []
    for voucher in sorted(existing, key=lambda one: one.key):
        for mark in _marks((voucher,), group):
            if mark in seen:
                surplus.append(voucher)
            seen.add(mark)
    return surplus


def of_group(
    group: DayGroup, known: Mapping[str, Sequence[ListedVoucher]]
) -> tuple[ListedVoucher, ...]:
    """All vouchers of a group, supplements included, each once."""
    found = {
        voucher.key: voucher
        for mark, vouchers in known.items()
        if mark.startswith(group.prefix)
        for voucher in vouchers
    }
    return tuple(found[key] for key in sorted(found))


def is_settled(window: Window, now: datetime) -> bool:
    """Whether a day's vouchers may be written: a daily run, two hours after the day's end."""
    return window.day is not None and window.end_utc + SETTLES_AFTER <= now


def order_list(group: DayGroup) -> bytes:
    """The voucher's file: every order with its amounts, in kronor; no personal data (rule 28)."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for sale in group.sales:
        sign = -1 if sale.refund_id else 1
        for row in sale.rows:
            writer.writerow(
                (
                    *(text_cell(sale.order_id), text_cell(sale.order_number)),
                    *("refund" if sale.refund_id else "sale", text_cell(sale.refund_id)),
                    *(text_cell(sale.payment_method), text_cell(sale.currency)),
                    format_ore(sign * row.gross_ore),
                    *(row.account, row.vat_pct),
                    *(format_ore(sign * row.net_ore), format_ore(sign * row.vat_ore)),
                )
            )
    return text.getvalue().encode("utf-8-sig")


def _rows(sales: Sequence[DaySale]) -> Iterator[VoucherRow]:
    for is_refund in (False, True):
        chosen = [one for one in sales if bool(one.refund_id) is is_refund]
        money: Counter[tuple[int, str]] = Counter()
        net: Counter[int] = Counter()
        vat: Counter[int] = Counter()
        for sale in chosen:
            money[sale.clearing_account, sale.payment_method] += sale.total_ore
            for row in sale.rows:
                net[row.account] += row.net_ore
                if row.vat_account is not None:
                    vat[row.vat_account] += row.vat_ore
        sign = -1 if is_refund else 1
        what = "återbetalningar" if is_refund else "försäljning"
        for (account, method), ore in sorted(money.items()):
            yield from debit(account, sign * ore, f"{method} {what}")
        for account, ore in sorted(net.items()):
            yield from credit(account, sign * ore, what)
        for account, ore in sorted(vat.items()):
            yield from credit(account, sign * ore, f"moms {what}")


def _marks(vouchers: Iterable[ListedVoucher], group: DayGroup) -> list[str]:
    marks = (mark for voucher in vouchers for mark in sorted(voucher.marks))
    return [mark for mark in marks if mark.startswith(group.prefix)]


def _number(mark: str, prefix: str) -> int:
    text = mark.removeprefix(prefix)
    return int(text) if text.isdecimal() else 0


def _incomplete_problem(document_type: DocumentTypeRow, shop: ShopRow) -> Problem:
    if document_type.payment_account is None:
        return Problem(
            code="no_payment_account",
            text=f'payment method "{document_type.payment_method}" goes into the day voucher, and '
            "no account says where its money is",
            remedy="Write payment_account into that row of document_types.csv.",
        )
    return Problem(
        code="no_voucher_series",
        text=f"shop {shop.shop} has no voucher series",
        remedy="Write a manual series of Fortnox into voucher_series of shops.csv.",
    )
