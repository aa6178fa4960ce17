"""Refunds as WooCommerce shows them: positive amount, negative lines that name their origin."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from fortnox.sandbox.seed.arithmetic import half_up
from fortnox.sandbox.seed.model import WP_TIME, Json, gmt_text


def refund_of(
    order: Json, *, refund_id: int, created: datetime, zone: ZoneInfo, full: bool, reason: str
) -> Json:
    """A refund by lines: everything, or one piece of the first line.

    Args:
        order: The order's JSON.
        refund_id: The refund's own id.
        created: When; aware.
        zone: The shop's time zone.
        full: The whole order, else one piece of its first line.
        reason: What staff wrote.
    """
    ids = iter(range(refund_id * 30 + 15, refund_id * 30 + 30))
    lines = order["line_items"] if full else order["line_items"][:1]
    items = [_item(line, next(ids), full=full) for line in lines]
    shipping = [_back(line, next(ids)) for line in order["shipping_lines"]] if full else []
    fees = [_back(line, next(ids)) for line in order["fee_lines"]] if full else []
    given = [*items, *shipping, *fees]
    amount = -sum(
        (Decimal(line["total"]) + Decimal(line["total_tax"]) for line in given), Decimal()
    )
    return {
        "id": refund_id,
        "parent_id": order["id"],
        "date_created": created.astimezone(zone).strftime(WP_TIME),
        "date_created_gmt": gmt_text(created),
        "amount": str(half_up(amount)),
        "reason": reason,
        "refunded_by": 1,
        "refunded_payment": True,
        "meta_data": [{"id": refund_id * 30, "key": "_refund_type",
                       "value": "full" if full else "partial"}],
        "line_items": items,
        "shipping_lines": shipping,
        "tax_lines": _tax_lines(order, [*items, *fees], shipping, ids),
        "fee_lines": fees,
    }  # fmt: skip


def summary_of(refund: Json) -> Json:
    """The refund as its order lists it; WooCommerce shows the sign before whatever amount."""
    given = [*refund["line_items"], *refund["shipping_lines"], *refund["fee_lines"]]
    tax = sum((Decimal(line["total_tax"]) for line in given), Decimal("0.00"))
    return {
        "id": refund["id"],
        "reason": refund["reason"],
        "total": f"-{refund['amount']}",
        "total_tax": str(tax),
    }


def _item(line: Json, line_id: int, *, full: bool) -> Json:
    pieces = line["quantity"] if full else 1
    share = Decimal(pieces) / line["quantity"]
    back = _back(line, line_id, share)
    back |= {"quantity": -pieces, "subtotal": back["total"], "subtotal_tax": back["total_tax"]}
    for tax in back["taxes"]:
        tax["subtotal"] = tax["total"]
    return back


def _back(line: Json, line_id: int, share: Decimal = Decimal(1)) -> Json:
    origin = {"id": line_id * 2, "key": "_refunded_item_id", "value": str(line["id"]),
              "display_key": "_refunded_item_id", "display_value": str(line["id"])}  # fmt: skip
    return line | {
        "id": line_id,
        "total": _negative(line["total"], share),
        "total_tax": _negative(line["total_tax"], share),
        "taxes": [tax | {"total": _negative(tax["total"], share)} for tax in line["taxes"]],
        "meta_data": [origin],
    }


def _negative(amount: str, share: Decimal) -> str:
    value = half_up(Decimal(amount) * share)
    return str(-value if value else value)


def _tax_lines(
    order: Json, lines: list[Json], shipping: list[Json], ids: Iterator[int]
) -> list[Json]:
    found = []
    for tax_line in order["tax_lines"]:
        rate_id = tax_line["rate_id"]
        if not any(tax["id"] == rate_id for line in [*lines, *shipping] for tax in line["taxes"]):
            continue
        found.append(tax_line | {
            "id": next(ids),
            "tax_total": _tax_at(lines, rate_id),
            "shipping_tax_total": _tax_at(shipping, rate_id),
        })  # fmt: skip
    return found


def _tax_at(lines: list[Json], rate_id: int) -> str:
    at_rate = [line for line in lines if any(tax["id"] == rate_id for tax in line["taxes"])]
    return str(sum((Decimal(line["total_tax"]) for line in at_rate), Decimal("0.00")))
