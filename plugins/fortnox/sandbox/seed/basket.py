"""From what is bought to the money part of an order, the way WooCommerce's cart does it."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from fortnox.sandbox.seed.arithmetic import (
    Amount,
    fixed_discounts,
    from_gross,
    from_net,
    half_up,
    percent_discounts,
    six,
)
from fortnox.sandbox.seed.cart import Basket, Item
from fortnox.sandbox.seed.catalogue import LOW, RATES, REDUCED, STANDARD, ZERO
from fortnox.sandbox.seed.lines import (
    Taxes,
    coupon_lines,
    fee_line,
    item_line,
    line_taxes,
    tax_lines,
)
from fortnox.sandbox.seed.model import Json, Unrounded
from fortnox.sandbox.seed.registers import TAX_RATES

_HUNDRED = Decimal(100)
_ZERO = Decimal(0)
#: Kronor per euro at this shop's checkout.
EUR_RATE = Decimal("11.20")
_FREE_SHIPPING_FROM = {"SEK": Decimal(699), "EUR": Decimal(62)}
_INVOICE_FEE_NET = Decimal("23.20")


def rate_of(country: str, tax_class: str) -> tuple[int, Decimal] | None:
    """(rate id, percent) for a buyer's country, None where the shop has no rate."""
    for rate_id, where, rate, _, rate_class in TAX_RATES:
        if (where, rate_class) == (country, tax_class):
            return rate_id, rate
    return None


def money_of(basket: Basket, first_id: int) -> tuple[Json, dict[int, Unrounded]]:
    """The lines and totals of an order.

    Args:
        basket: What is bought, by whom and when.
        first_id: The lines, tax lines, ... get ids from here on.

    Returns:
        The order's fields that hold money, and the unrounded amounts by line id.
    """
    ids = iter(range(first_id, first_id + 100))
    unrounded: dict[int, Unrounded] = {}
    taxes = Taxes()
    lines = _line_items(basket, ids, taxes, unrounded)
    shipping = _shipping_lines(basket, ids, taxes)
    fees = _fee_lines(basket, ids, taxes)
    money: Json = {
        "currency": basket.currency,
        "prices_include_tax": True,
        "line_items": lines,
        "tax_lines": tax_lines(ids, taxes),
        "shipping_lines": shipping,
        "fee_lines": fees,
        "coupon_lines": coupon_lines(basket, lines, unrounded, ids),
        "refunds": [],
        "currency_symbol": {"SEK": "kr", "EUR": "€"}[basket.currency],
    }
    return money | totals_of(money), unrounded


def totals_of(money: Json) -> Json:
    """The order's totals, from its lines as shown: the sum of the lines is the total."""
    lines, fees, shipping = money["line_items"], money["fee_lines"], money["shipping_lines"]
    cart_tax = _sum(lines + fees, "total_tax")
    shipping_tax = _sum(shipping, "total_tax")
    net = _sum(lines + fees + shipping, "total")
    return {
        "discount_total": str(_sum(lines, "subtotal") - _sum(lines, "total")),
        "discount_tax": str(_sum(lines, "subtotal_tax") - _sum(lines, "total_tax")),
        "shipping_total": str(_sum(shipping, "total")),
        "shipping_tax": str(shipping_tax),
        "cart_tax": str(cart_tax),
        "total": str(net + cart_tax + shipping_tax),
        "total_tax": str(cart_tax + shipping_tax),
    }


def _sum(lines: Sequence[Json], key: str) -> Decimal:
    return sum((Decimal(line[key]) for line in lines), Decimal("0.00"))


def _line_price(basket: Basket, item: Item) -> Decimal:
    price = item.article.price
    if basket.currency == "EUR":
        price = half_up(price / EUR_RATE)
    return price * item.quantity


def _taxed(basket: Basket, gross: Decimal, tax_class: str) -> Amount:
    """A Swedish price for the buyer's country: Swedish VAT off, the country's own on."""
    if basket.country == "SE":
        return from_gross(gross, RATES[tax_class])
    net = from_gross(gross, RATES[tax_class]).exact_net
    rate = rate_of(basket.country, tax_class)
    if rate is None:
        return Amount(net, _ZERO)
    return from_gross(half_up(from_net(net, rate[1]).exact_vat + net), rate[1])


def _discounts(basket: Basket, prices: list[Decimal]) -> list[Decimal]:
    """Each line's share of the coupon, incl. VAT; WooCommerce hands out from the dearest line."""
    coupon = basket.coupon
    if coupon is None or coupon.amount == 0:
        return [_ZERO] * len(prices)
    order = sorted(range(len(prices)), key=lambda i: -prices[i])
    prices_ore = [int(prices[i] * _HUNDRED) for i in order]
    quantities = [basket.items[i].quantity for i in order]
    if coupon.kind == "percent":
        parts = percent_discounts(prices_ore, quantities, coupon.amount)
    else:
        parts = fixed_discounts(prices_ore, quantities, coupon.amount * 100)
    by_line = dict(zip(order, parts, strict=True))
    return [Decimal(by_line[i]) / _HUNDRED for i in range(len(prices))]


def _line_items(
    basket: Basket, ids: Iterator[int], taxes: Taxes, unrounded: dict[int, Unrounded]
) -> list[Json]:
    prices = [_line_price(basket, item) for item in basket.items]
    lines = []
    for item, price, off in zip(basket.items, prices, _discounts(basket, prices), strict=True):
        tax_class = item.article.tax_class(basket.day)
        before = _taxed(basket, price, tax_class)
        after = _taxed(basket, price - off, tax_class)
        rate = rate_of(basket.country, tax_class)
        line_id = next(ids)
        unrounded[line_id] = Unrounded(
            subtotal=six(before.exact_net),
            total=six(after.exact_net),
            subtotal_tax=six(before.exact_vat),
            total_tax=six(after.exact_vat),
        )
        if rate is not None:
            taxes.lines[rate[0]] = taxes.lines.get(rate[0], _ZERO) + after.vat
        lines.append(item_line(basket, item, line_id, before=before, after=after, rate=rate))
    return lines


def _shipping_lines(basket: Basket, ids: Iterator[int], taxes: Taxes) -> list[Json]:
    """Tax class "inherit": standard as soon as one line is, else the first reduced one."""
    if all(item.article.virtual for item in basket.items):
        return []
    classes = {item.article.tax_class(basket.day) for item in basket.items}
    inherited = next(c for c in (STANDARD, REDUCED, LOW, ZERO) if c in classes)
    rate = rate_of(basket.country, inherited)
    goods = sum((_line_price(basket, item) for item in basket.items), _ZERO)
    coupon_free = basket.coupon is not None and basket.coupon.free_shipping
    free = basket.country == "SE" and (coupon_free or goods >= _FREE_SHIPPING_FROM[basket.currency])
    cost = Decimal("39.20") if basket.currency == "SEK" else Decimal("3.50")
    if basket.country != "SE":
        cost = Decimal("159.20")
    amount = from_net(Decimal("0.00") if free else cost, rate[1] if rate else _ZERO)
    if rate is not None:
        taxes.shipping[rate[0]] = amount.vat
    return [
        {
            "id": next(ids),
            "method_title": "Fri frakt" if free else "Fast frakt",
            "method_id": "free_shipping" if free else "flat_rate",
            "instance_id": "3" if free else "1",
            "total": str(amount.net),
            "total_tax": str(amount.vat),
            "taxes": line_taxes(rate, amount.exact_vat, ""),
            "tax_status": "taxable",
            "meta_data": [],
        }
    ]


def _fee_lines(basket: Basket, ids: Iterator[int], taxes: Taxes) -> list[Json]:
    fees = []
    if basket.invoice_fee:
        rate = rate_of(basket.country, STANDARD)
        amount = from_net(_INVOICE_FEE_NET, rate[1] if rate else _ZERO)
        if rate is not None:
            taxes.lines[rate[0]] = taxes.lines.get(rate[0], _ZERO) + amount.vat
        taxes_of = line_taxes(rate, amount.exact_vat, "")
        fees.append(fee_line(next(ids), "Fakturaavgift", "taxable", amount, taxes_of))
    if basket.gift_card:
        off = Amount(-basket.gift_card, _ZERO)
        fees.append(fee_line(next(ids), "Presentkort TK-2041", "none", off, []))
    return fees
