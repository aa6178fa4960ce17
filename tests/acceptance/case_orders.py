"""An accounting case of the reference data as the canonical orders that an adapter would make."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from tests.support.builders import buyer, shop_row

from fortnox.core.mapping import ShopRow
from fortnox.core.money import decimal_to_ore, round_half_up, vat_of_gross
from fortnox.core.orders import (
    Address,
    BuyerKind,
    LineKind,
    Order,
    OrderHead,
    OrderLine,
    Refund,
)
from fortnox.core.vat_check import VatCheck
from fortnox.core.window import local_day

Case = Mapping[str, Any]

#: The cases' payment methods -> the ids of a WooCommerce shop.
PAYMENT_METHODS = {
    "card_stripe": "stripe",
    "card": "stripe",
    "klarna": "kco",
    "swish": "swish",
    "bank_transfer": "bacs",
    "invoice_30d": "cheque",
    "none": "",
}
_KINDS = {"gift_card_spv": LineKind.GIFT_CARD}
#: What shops call them; another type keeps its own name, which nobody may know.
_PAYMENT_NAMES = {"gift_card": "Presentkort", "store_credit": "Tillgodokvitto"}
_HUNDRED = Decimal(100)


def noon_utc(day: str) -> datetime:
    """Midday of a local day."""
    local = datetime.combine(datetime.fromisoformat(day).date(), time(12), tzinfo=shop_row().zone)
    return local.astimezone(UTC)


def order_of(case: Case) -> Order:
    """The shop's order: paid and delivered on the case's day unless the case says otherwise."""
    data = case["order"]
    lines = lines_of(data)
    charged = data.get("charged_total")
    payments = [
        _redeemed(decimal_to_ore(part["amount"]), _PAYMENT_NAMES.get(part["type"], part["type"]))
        for part in data.get("other_payments", ())
    ]
    lines = (*lines, *payments)
    total = decimal_to_ore(charged) if charged else sum(line.gross_ore for line in lines)
    vat = data.get("shop_total_vat")
    return Order(
        head=_head(data, total),
        buyer=_buyer(data),
        lines=lines,
        total_vat_ore=decimal_to_ore(vat) if vat else sum(line.vat_ore for line in lines),
        currency_rate=Decimal(data.get("currency_rate", "1")),
    )


def known_on(order: Order, day: date, shop: ShopRow) -> Order:
    """The order as the shop had it at the end of a day: what happens later is not known."""
    head = order.head

    def known(moment: datetime | None) -> datetime | None:
        return moment if moment and local_day(moment, shop.zone) <= day else None

    paid, delivered = known(head.paid_utc), known(head.delivered_utc)
    is_open = head.status == "completed" and delivered is None
    status = "processing" if is_open else head.status
    return replace(order, head=replace(head, status=status, paid_utc=paid, delivered_utc=delivered))


def refunded_order_of(case: Case) -> Order:
    """The sale that a refund gives back: as many pieces, and on the day, as the case says.

    ``refund_of`` is prose: "order 2026-05-04", "order with qty 3", "order 1021".
    """
    data = case["order"]
    prose = data.get("refund_of", "")
    day = re.search(r"\d{4}-\d{2}-\d{2}", prose)
    week_before = date.fromisoformat(data["order_date"]) - timedelta(days=7)
    sold_on = data.get("sold_on") or (day[0] if day else week_before.isoformat())
    pieces = re.search(r"qty (\d+)", prose)
    sold = {**data, "order_date": sold_on}
    if pieces:
        sold["lines"] = [{**row, "qty": pieces[1]} for row in data["lines"]]
    return order_of({**case, "order": sold})


def refunds_of(case: Case) -> list[Refund]:
    """The shop's refunds: one of all lines, unless ``refunds`` names several.

    Each of those has lines, shipping and fees as an order, or only an ``amount``.
    """
    data = case["order"]
    if "refund_amount" in data:
        return [_refund(data, "R1", {"amount": data["refund_amount"]})]
    parts = data.get("refunds") or [data]
    return [_refund(data, f"R{number}", part) for number, part in enumerate(parts, start=1)]


def _refund(data: Mapping[str, Any], refund_id: str, part: Mapping[str, Any]) -> Refund:
    rows = {name: part.get(name, ()) for name in ("lines", "shipping", "fees")}
    lines = lines_of({**data, **rows})
    amount = part.get("amount")
    return Refund(
        refund_id=refund_id,
        order_id=data["order_id"],
        created_utc=noon_utc(part.get("date") or data["order_date"]),
        amount_ore=decimal_to_ore(amount) if amount else sum(line.gross_ore for line in lines),
        lines=lines,
    )


def lines_of(data: Mapping[str, Any]) -> tuple[OrderLine, ...]:
    """Goods, then freight, then fees, with VAT per line as shops compute it."""
    rows = [*data.get("lines", ()), *data.get("shipping", ()), *data.get("fees", ())]
    is_abroad = data.get("customer", {}).get("country", "SE") != "SE"
    included = data.get("prices_include_vat", True)
    return tuple(
        _line(str(number), row, included=included, is_abroad=is_abroad)
        for number, row in enumerate(rows, start=1)
    )


def _line(line_id: str, row: Mapping[str, Any], *, included: bool, is_abroad: bool) -> OrderLine:
    quantity = Decimal(row["qty"])
    amount = decimal_to_ore(quantity * Decimal(row["unit_price"]) - Decimal(row["discount"]))
    # A shop has no tax line at all for what it does not tax; only zero-rated Swedish goods have.
    is_untaxed = row["vat_rate"] == "none" or (is_abroad and Decimal(row["vat_rate"]) == 0)
    rate = None if is_untaxed else Decimal(row["vat_rate"])
    pct = rate or Decimal(0)
    vat = _vat(amount, pct, included=included)
    off = decimal_to_ore(row["discount"])
    off_vat = _vat(off, pct, included=included)
    return OrderLine(
        line_id=line_id,
        kind=_KINDS.get(row["kind"]) or LineKind(row["kind"]),
        name=row["name"],
        quantity=quantity,
        net_ore=amount - vat if included else amount,
        vat_ore=vat,
        vat_rate_pct=rate,
        vat_country="" if is_untaxed else row.get("vat_country") or "SE",
        discount_net_ore=off - off_vat if included else off,
        discount_vat_ore=off_vat,
    )


def _vat(amount_ore: int, rate_pct: Decimal, *, included: bool) -> int:
    if included:
        return vat_of_gross(amount_ore, rate_pct)
    return round_half_up(amount_ore * rate_pct / _HUNDRED)


def redemption_of(case: Case) -> Order:
    """An order that is paid for with the card that the case sells, in full."""
    (card,) = case["order"]["lines"]
    goods = {**card, "name": "Varor", "kind": "goods"}
    paid = decimal_to_ore(Decimal(card["qty"]) * Decimal(card["unit_price"]))
    data = {**case["order"], "order_id": f"{case['order']['order_id']}-2", "lines": [goods]}
    lines = lines_of(data)
    return Order(
        head=_head(data, 0),
        buyer=_buyer(data),
        lines=(*lines, _redeemed(paid, card["name"])),
        total_vat_ore=sum(line.vat_ore for line in lines),
    )


def _redeemed(amount_ore: int, name: str) -> OrderLine:
    """A redeemed gift card as the usual plugins write it: a negative fee that is not taxed."""
    return OrderLine(
        line_id="gift",
        kind=LineKind.FEE,
        name=name,
        quantity=Decimal(1),
        net_ore=-amount_ore,
        vat_ore=0,
    )


def _head(data: Mapping[str, Any], total_ore: int) -> OrderHead:
    method = PAYMENT_METHODS.get(data["payment_method"], data["payment_method"])
    status = data.get("status", "completed")
    is_sold = status == "completed"
    paid = noon_utc(data.get("paid_date", data["order_date"]))
    if "payment_rate" in data:
        # Paid at another rate than the sale's: that takes another day.
        paid += timedelta(days=1)
    # An empty date: never.
    delivery_date = data.get("delivery_date", data["order_date"])
    delivered = noon_utc(delivery_date) if delivery_date else None
    return OrderHead(
        order_id=data["order_id"],
        number=data["order_id"],
        status="processing" if is_sold and delivered is None else status,
        currency=data["currency"],
        total_ore=total_ore,
        payment_method=method,
        created_utc=noon_utc(data["order_date"]),
        modified_utc=max(paid, delivered or paid),
        paid_utc=paid if is_sold and (method != "cheque" or "paid_date" in data) else None,
        delivered_utc=delivered if is_sold else None,
    )


def _vat_check(data: Mapping[str, Any]) -> VatCheck | None:
    """The checkout asked VIES on the day of the order."""
    if "vies_valid" not in data:
        return None
    checked_on = datetime.fromisoformat(data["order_date"]).date()
    return VatCheck(checked_on=checked_on, is_valid=data["vies_valid"])


def _buyer(data: Mapping[str, Any]) -> Any:
    customer = data["customer"]
    is_company = customer["type"] == "B2B"
    address = Address(
        name="Test Testsson",
        address1="Gatan 1",
        postcode=data.get("postcode", ""),
        city="Orten",
        region=data.get("region", ""),
        country=customer["country"],
    )
    return buyer(
        kind=BuyerKind.COMPANY if is_company else BuyerKind.PRIVATE,
        company="Testbolaget" if is_company else "",
        email=f"{data['order_id']}@example.com",
        vat_number=data.get("vat_number", ""),
        vat_check=_vat_check(data),
        billing=address,
        delivery=address,
    )


def day_orders_of(case: Case) -> tuple[list[Order], list[Refund]]:
    """The orders of a summary's day, and its refunds: of sales on the day before."""
    data = case["order"]
    orders: list[Order] = []
    refunds: list[Refund] = []
    for entry in data["day_orders"]:
        sold = {
            **data,
            "order_id": f"{data['order_id']}-{entry['id']}",
            "payment_method": entry["pay"],
            "lines": entry["lines"],
        }
        if not entry.get("refund"):
            orders.append(order_of({**case, "order": sold}))
            continue
        orders.append(refunded_order_of({**case, "order": sold}))
        refunds.append(_refund(sold, "R1", sold))
    return orders, refunds
