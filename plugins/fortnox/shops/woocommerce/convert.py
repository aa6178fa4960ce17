"""A WooCommerce order or refund as canonical values. Pure.

Coupons are already inside the lines' ``total``. Whether the lines add up to the order's total is
not asked here: a gift card plugin may lower the total with no line for it, and the tolerance is the
accountant's. What is certain is converted, what is not becomes a ``Problem``.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from fortnox.core.orders import LineKind, Order, OrderHead, OrderLine, Problem, Refund
from fortnox.shops.woocommerce.buyer import MetaKeys, buyer
from fortnox.shops.woocommerce.checkout_facts import currency_rate
from fortnox.shops.woocommerce.fields import (
    NO_DATE,
    Json,
    amount_ore,
    moment_utc,
    number,
    ore_or_none,
    rows,
    text,
    whole,
)
from fortnox.shops.woocommerce.mixed import split_by_rate
from fortnox.shops.woocommerce.unlisted import AMOUNT_FIELDS, unlisted_amounts
from fortnox.shops.woocommerce.vat import Rates, Taxed, rate_of_line, tax_rates

#: ``(product_id, variation_id)`` as an order line has them; variation 0 for a simple product.
ProductKey = tuple[int, int]
#: What the shop's catalogue knows; a product that is missing here is an ``ARTICLE``.
Kinds = Mapping[ProductKey, LineKind]

HEAD_FIELDS = (
    "id,number,status,currency,total,payment_method,"
    "date_created_gmt,date_modified_gmt,date_paid_gmt,date_completed_gmt,refunds"
)
ORDER_FIELDS = (
    f"{HEAD_FIELDS},total_tax,customer_id,billing,shipping,transaction_id,meta_data,"
    "line_items,shipping_lines,fee_lines,coupon_lines,tax_lines,"
    f"{','.join(AMOUNT_FIELDS)}"
)
REFUND_FIELDS = (
    "id,parent_id,amount,date_created,date_created_gmt,"
    "line_items,shipping_lines,fee_lines,tax_lines"
)

#: Meta key that marks an order of the smoke test.
TEST_ORDER_KEY = "_fortnox_test"

_ONE = Decimal(1)
_LINE_LISTS = ("line_items", "shipping_lines", "fee_lines")
_BY_HAND = "Book this one by hand, or correct it in the shop."


def head_from_json(data: Json, problems: list[Problem] | None = None) -> OrderHead:
    """The head of an order.

    A head in a list has nowhere to say that its total can't be read (it is 0 then): the whole
    order says it in its problems.
    """
    found: list[Problem] = [] if problems is None else problems
    order_id = text(data, "id")
    created = moment_utc(data, "date_created_gmt")
    modified = moment_utc(data, "date_modified_gmt")
    if created is None:
        found.append(_no_date(f"Order {order_id}"))
    return OrderHead(
        order_id=order_id,
        number=text(data, "number") or order_id,
        status=text(data, "status"),
        currency=text(data, "currency").upper(),
        total_ore=amount_ore(data, "total", f"Order {order_id}", found),
        payment_method=text(data, "payment_method"),
        created_utc=created or modified or NO_DATE,
        modified_utc=modified or created or NO_DATE,
        paid_utc=moment_utc(data, "date_paid_gmt"),
        delivered_utc=moment_utc(data, "date_completed_gmt"),
        has_refunds=bool(rows(data, "refunds")),
    )


def order_from_json(data: Json, kinds: Kinds, keys: MetaKeys) -> Order:
    """A whole order (``ORDER_FIELDS``, ``dp=2``)."""
    problems: list[Problem] = []
    head = head_from_json(data, problems)
    where = f"Order {head.order_id}"
    total_vat_ore = amount_ore(data, "total_tax", where, problems)
    lines = tuple(_lines(data, tax_rates(rows(data, "tax_lines")), kinds, problems))
    if not lines:
        problems.append(Problem(code="no_lines", text=f"{where} has no lines.", remedy=_BY_HAND))
    if any(entry.get("key") == TEST_ORDER_KEY for entry in rows(data, "meta_data")):
        problems.append(
            Problem(
                code="test_order",
                text=f"{where} is an order of the smoke test.",
                remedy="Delete it in the shop.",
            )
        )
    return Order(
        head=head,
        buyer=buyer(data, keys),
        lines=lines,
        total_vat_ore=total_vat_ore,
        transaction_id=text(data, "transaction_id"),
        shipping_method=_shipping_method(data),
        refunded_ore=-sum(
            _refunded_ore(refund, "total", where, problems) for refund in rows(data, "refunds")
        ),
        unlisted=tuple(unlisted_amounts(data)),
        currency_rate=currency_rate(data),
        problems=tuple(problems),
    )


def refund_from_json(
    data: Json, kinds: Kinds, *, order_id: str, order_tax_lines: Iterable[Json] = ()
) -> Refund:
    """A refund (``REFUND_FIELDS``, ``dp=2``); its lines are negative in the shop, positive here.

    Args:
        data: The refund.
        kinds: The catalogue.
        order_id: The order that it belongs to.
        order_tax_lines: The order's tax lines, for shops that leave them out of refunds.
    """
    problems: list[Problem] = []
    where = f"Refund {text(data, 'id')}"
    amount = _refunded_ore(data, "amount", where, problems)
    if amount < 0 and not problems:
        problems.append(_without_amount(where))
    created = moment_utc(data, "date_created_gmt")
    if created is None:
        problems.append(_no_date(where))
    rates = tax_rates(order_tax_lines, rows(data, "tax_lines"))
    lines = tuple(_lines(data, rates, kinds, problems, sign=-1))
    if lines and sum(line.gross_ore for line in lines) != amount:
        problems.append(_lines_differ(where))
    return Refund(
        refund_id=text(data, "id"),
        order_id=order_id,
        created_utc=created or NO_DATE,
        amount_ore=amount,
        lines=lines,
        problems=tuple(problems),
    )


def _shipping_method(data: Json) -> str:
    """The first package's method: ``flat_rate:3``, the zone's instance after the colon."""
    for line in rows(data, "shipping_lines"):
        method, instance = text(line, "method_id"), text(line, "instance_id")
        if method:
            return f"{method}:{instance}" if instance not in {"", "0"} else method
    return ""


def _refunded_ore(data: Json, key: str, where: str, problems: list[Problem]) -> int:
    """A refund of pieces without money has an empty amount, and a lone minus as its total."""
    return 0 if text(data, key) in ("", "-") else amount_ore(data, key, where, problems)


def product_keys(data: Json) -> set[ProductKey]:
    """The products that an order or a refund names; a deleted one is 0 and left out."""
    keys = {
        (whole(line.get("product_id")), whole(line.get("variation_id")))
        for line in rows(data, "line_items")
    }
    return {key for key in keys if key[0] > 0}


def needs_order_rates(refund: Json) -> bool:
    """Whether a refund names VAT rates that only its order explains."""
    known = {text(line, "rate_id") for line in rows(refund, "tax_lines")}
    used = {
        text(tax, "id")
        for name in _LINE_LISTS
        for line in rows(refund, name)
        for tax in rows(line, "taxes")
    }
    return not used <= known


def _lines(
    data: Json, rates: Rates, kinds: Kinds, problems: list[Problem], sign: int = 1
) -> Iterator[OrderLine]:
    for name in _LINE_LISTS:
        for row in rows(data, name):
            kind = _kind(name, row, kinds)
            line = _line(row, kind, problems, sign)
            yield from split_by_rate(row, line, rates) or [_with_rate(line, row, rates, problems)]


def _kind(list_name: str, row: Json, kinds: Kinds) -> LineKind:
    if list_name == "shipping_lines":
        return LineKind.SHIPPING
    if list_name == "fee_lines":
        return LineKind.FEE
    key = (whole(row.get("product_id")), whole(row.get("variation_id")))
    return kinds.get(key, LineKind.ARTICLE)


def _line(row: Json, kind: LineKind, problems: list[Problem], sign: int) -> OrderLine:
    line_id = text(row, "id")
    where = _where(line_id, kind)
    net_ore = sign * amount_ore(row, "total", where, problems)
    vat_ore = sign * amount_ore(row, "total_tax", where, problems)
    line = OrderLine(
        line_id=line_id,
        kind=kind,
        name=text(row, "name") or text(row, "method_title"),
        quantity=_ONE,
        net_ore=net_ore,
        vat_ore=vat_ore,
        sku=text(row, "sku"),
    )
    line = replace(line, quantity=_quantity(row, line, sign, problems))
    return _discounted(line, row) if sign > 0 else line


def _with_rate(line: OrderLine, row: Json, rates: Rates, problems: list[Problem]) -> OrderLine:
    taxed = Taxed(
        net_ore=line.net_ore,
        vat_ore=line.vat_ore,
        quantity=line.quantity,
        where=_where(line.line_id, line.kind),
    )
    rate_pct, country = rate_of_line(row, taxed, rates, problems)
    return replace(line, vat_rate_pct=rate_pct, vat_country=country)


def _where(line_id: str, kind: LineKind) -> str:
    return f"Line {line_id} ({kind.value})"


def _discounted(line: OrderLine, row: Json) -> OrderLine:
    """With what coupons took off: subtotal less total, as the shop split it over its lines."""
    before_net, before_vat = ore_or_none(row.get("subtotal")), ore_or_none(row.get("subtotal_tax"))
    if line.kind in {LineKind.SHIPPING, LineKind.FEE} or before_net is None or before_vat is None:
        return line
    net_ore, vat_ore = before_net - line.net_ore, before_vat - line.vat_ore
    if net_ore <= 0 or vat_ore < 0:
        return line
    return replace(line, discount_net_ore=net_ore, discount_vat_ore=vat_ore)


def _quantity(row: Json, line: OrderLine, sign: int, problems: list[Problem]) -> Decimal:
    """Pieces; 1 for shipping, fees, and a refund of money without a piece coming back."""
    if line.kind in {LineKind.SHIPPING, LineKind.FEE}:
        return _ONE
    quantity = number(row.get("quantity"))
    if quantity:
        return sign * quantity
    is_refund = sign < 0
    if not is_refund and (line.net_ore or line.vat_ore):
        problems.append(
            Problem(
                code="zero_quantity",
                text=f"Line {line.line_id} costs money, but its quantity is 0.",
                remedy=_BY_HAND,
            )
        )
    return _ONE


def _no_date(where: str) -> Problem:
    return Problem(code="no_date", text=f"{where} has no date of creation in UTC.", remedy=_BY_HAND)


def _without_amount(where: str) -> Problem:
    return Problem(
        code="refund_without_amount",
        text=f"{where} gives back less than nothing.",
        remedy="Find out what was paid back, and book this one by hand.",
    )


def _lines_differ(where: str) -> Problem:
    return Problem(
        code="refund_lines_differ",
        text=f"{where}: its lines add up to another sum than its amount.",
        remedy="Find out what was paid back, and book this one by hand.",
    )
