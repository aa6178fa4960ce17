"""An accounting case of the reference data as the canonical orders that an adapter would make."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

from tests.support.builders import buyer, shop_row

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
    other = sum(decimal_to_ore(part["amount"]) for part in data.get("other_payments", ()))
    total = decimal_to_ore(charged) if charged else sum(line.gross_ore for line in lines) - other
    vat = data.get("shop_total_vat")
    return Order(
        head=_head(data, total),
        buyer=_buyer(data),
        lines=lines if not other else (*lines, _redeemed(other)),
        total_vat_ore=decimal_to_ore(vat) if vat else sum(line.vat_ore for line in lines),
    )


def refund_of(case: Case) -> Refund:
    """The shop's refund."""
    data = case["order"]
    lines = lines_of(data)
    return Refund(
        refund_id=f"R{data['order_id']}",
        order_id=data["order_id"],
        created_utc=noon_utc(data["order_date"]),
        amount_ore=sum(line.gross_ore for line in lines),
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
    vat = vat_of_gross(amount, pct) if included else round_half_up(amount * pct / _HUNDRED)
    return OrderLine(
        line_id=line_id,
        kind=_KINDS.get(row["kind"]) or LineKind(row["kind"]),
        name=row["name"],
        quantity=quantity,
        net_ore=amount - vat if included else amount,
        vat_ore=vat,
        vat_rate_pct=rate,
        vat_country="" if is_untaxed else row.get("vat_country") or "SE",
    )


def _redeemed(amount_ore: int) -> OrderLine:
    """A redeemed gift card as the usual plugins write it: a negative fee that is not taxed."""
    return OrderLine(
        line_id="gift",
        kind=LineKind.FEE,
        name="Presentkort",
        quantity=Decimal(1),
        net_ore=-amount_ore,
        vat_ore=0,
    )


def _head(data: Mapping[str, Any], total_ore: int) -> OrderHead:
    method = PAYMENT_METHODS[data["payment_method"]]
    status = data.get("status", "completed")
    is_sold = status == "completed"
    paid = noon_utc(data.get("paid_date", data["order_date"]))
    delivered = noon_utc(data.get("delivery_date", data["order_date"]))
    return OrderHead(
        order_id=data["order_id"],
        number=data["order_id"],
        status=status,
        currency=data["currency"],
        total_ore=total_ore,
        payment_method=method,
        created_utc=noon_utc(data["order_date"]),
        modified_utc=max(paid, delivered),
        paid_utc=paid if is_sold and method != "cheque" else None,
        delivered_utc=delivered if is_sold else None,
    )


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
        billing=address,
        delivery=address,
    )
