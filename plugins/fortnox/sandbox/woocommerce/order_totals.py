"""What an order costs: WooCommerce's ``calculate_totals`` in exact decimals.

The rules, as WooCommerce 11 was seen to apply them to orders made over REST: prices include the
VAT of the shop's own country, which is taken off before the buyer's rate is put on; VAT is rounded
per line; shipping takes the class of the lines; a negative fee takes VAT off whatever its
``tax_status`` says, shared over the lines' classes.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from fortnox.sandbox.seed.arithmetic import from_gross, half_down, half_up, six
from fortnox.sandbox.seed.model import Json
from fortnox.sandbox.woocommerce.state import Registers
from fortnox.sandbox.woocommerce.taxes import rate_of

_ZERO = Decimal(0)
_HUNDRED = Decimal(100)


@dataclass(frozen=True, kw_only=True)
class TaxPlace:
    """Where an order is taxed.

    Attributes:
        country: The buyer's, or the shop's when the buyer has told none.
        home: The shop's own country, whose VAT the prices include.
        exempt: The order's meta data says ``is_vat_exempt``: no VAT at all.
    """

    country: str
    home: str
    exempt: bool


@dataclass
class _Collected:
    """VAT per rate id, on lines and fees, and on shipping; unrounded amounts of lines."""

    lines: dict[int, Decimal] = field(default_factory=dict)
    shipping: dict[int, Decimal] = field(default_factory=dict)


def tax_place(order: Json, *, based_on: str, home: str) -> TaxPlace:
    """Where an order is taxed, by the shop's setting (shipping, billing, base)."""
    address = order["billing"] if based_on == "billing" else order["shipping"]
    country = home if based_on == "base" else address["country"] or order["billing"]["country"]
    exempt = any(m["key"] == "is_vat_exempt" and m["value"] == "yes" for m in order["meta_data"])
    return TaxPlace(country=country or home, home=home, exempt=exempt)


def net_price(registers: Registers, product: Json, quantity: int, *, home: str) -> Decimal:
    """What so many pieces cost without the VAT that the shop's prices include."""
    gross = Decimal(product["price"] or 0) * quantity
    if product["tax_status"] != "taxable":
        return gross
    rate = rate_of(registers, home, _own_class(product))
    return gross if rate is None else from_gross(gross, rate[1]).exact_net


def set_totals(registers: Registers, order: Json, place: TaxPlace) -> None:
    """Work out VAT of every line and all totals anew; the lines' amounts ex VAT are given."""
    collected = _Collected()
    for line in order["line_items"]:
        _tax(registers, line, line["tax_class"], place, collected.lines)
    _shipping(registers, order, place, collected)
    _fees(registers, order, place, collected)
    order["tax_lines"] = _tax_lines(registers, order["tax_lines"], collected)
    _sums(order)


def _own_class(product: Json) -> str:
    return "" if product["tax_class"] == "parent" else str(product["tax_class"])


def _tax(
    registers: Registers, line: Json, tax_class: str, place: TaxPlace, into: dict[int, Decimal]
) -> None:
    """VAT of a line; the unrounded amounts are kept aside for ``dp`` above 2."""
    rate = None if place.exempt else rate_of(registers, place.country, tax_class)
    taxable = line.pop("_taxable", True)
    if rate is None or not taxable:
        line |= {"taxes": [], "total_tax": "0.00"}
        line |= {"subtotal_tax": "0.00"} if "subtotal" in line else {}
        return
    kept: Json = registers.unrounded.get(line["id"]) or {}
    has_before = "subtotal" in line
    net = Decimal(str(kept.get("total", line["total"])))
    vat = net * rate[1] / _HUNDRED
    shown_before = line["subtotal"] if has_before else line["total"]
    before = Decimal(str(kept.get("subtotal", shown_before))) * rate[1] / _HUNDRED
    line["total_tax"] = str(half_down(vat))
    if has_before:
        line["subtotal_tax"] = str(half_down(before))
        registers.unrounded[line["id"]] = kept | {
            "subtotal_tax": six(before), "total_tax": six(vat),
            "subtotal": kept.get("subtotal", line["subtotal"]), "total": str(net),
        }  # fmt: skip
    shown = str(half_up(before)) if has_before else ""
    line["taxes"] = [{"id": rate[0], "total": str(half_up(vat)), "subtotal": shown}]
    into[rate[0]] = into.get(rate[0], _ZERO) + half_down(vat)


def _shipping(registers: Registers, order: Json, place: TaxPlace, collected: _Collected) -> None:
    """The class of shipping is the lines': standard if one of them is, else the one they have."""
    setting = registers.settings.get("tax/woocommerce_shipping_tax_class", {"value": "inherit"})
    tax_class = setting["value"]
    if tax_class == "inherit":
        classes = {line["tax_class"] for line in order["line_items"]}
        known = [slug for slug in registers.tax_classes if slug in classes]
        tax_class = "" if "" in classes or not known else known[0]
    for line in order["shipping_lines"]:
        line["_taxable"] = line["tax_status"] == "taxable"
        _tax(registers, line, tax_class, place, collected.shipping)


def _fees(registers: Registers, order: Json, place: TaxPlace, collected: _Collected) -> None:
    paid = [*order["line_items"], *order["shipping_lines"]]
    left = _net(paid)
    for fee in order["fee_lines"]:
        total = Decimal(fee["total"])
        if total >= 0:
            fee["_taxable"] = fee["tax_status"] == "taxable"
            _tax(registers, fee, fee["tax_class"], place, collected.lines)
        else:
            # A fee can't make an order cost less than nothing.
            fee["total"] = str(half_up(max(total, -left)))
            _negative_fee(registers, order, fee, place, collected)
        left += Decimal(fee["total"])


def _negative_fee(
    registers: Registers, order: Json, fee: Json, place: TaxPlace, collected: _Collected
) -> None:
    by_class: dict[str, Decimal] = {}
    for line in order["line_items"]:
        if Decimal(line["total"]) > 0 and line["taxes"]:
            by_class[line["tax_class"]] = by_class.get(line["tax_class"], _ZERO) + Decimal(
                line["total"]
            )
    whole = sum(by_class.values(), _ZERO)
    fee |= {"taxes": [], "total_tax": "0.00"}
    for tax_class, net in by_class.items():
        rate = None if place.exempt else rate_of(registers, place.country, tax_class)
        if rate is not None:
            vat = half_down(Decimal(fee["total"]) * net / whole * rate[1] / _HUNDRED)
            fee["taxes"].append({"id": rate[0], "total": str(vat), "subtotal": ""})
            fee["total_tax"] = str(Decimal(fee["total_tax"]) + vat)
            collected.lines[rate[0]] = collected.lines.get(rate[0], _ZERO) + vat


def _tax_lines(registers: Registers, old: list[Json], collected: _Collected) -> list[Json]:
    ids = {line["rate_id"]: line["id"] for line in old}
    found = []
    for rate_id in dict.fromkeys([*collected.lines, *collected.shipping]):
        tax = registers.taxes[rate_id]
        percent = Decimal(tax["rate"])
        code = f"{tax['country']}-{tax['name'].upper()}-{tax['priority']}"
        found.append({
            "id": ids.get(rate_id) or registers.next_id("item"),
            "rate_code": code,
            "rate_id": rate_id,
            "label": tax["name"],
            "compound": tax["compound"],
            "tax_total": str(half_up(collected.lines.get(rate_id, _ZERO))),
            "shipping_tax_total": str(half_up(collected.shipping.get(rate_id, _ZERO))),
            "rate_percent": int(percent) if percent == int(percent) else percent,
            "meta_data": [],
        })  # fmt: skip
    return found


def _sums(order: Json) -> None:
    lines, fees, shipping = order["line_items"], order["fee_lines"], order["shipping_lines"]
    cart_tax = sum((Decimal(line["total_tax"]) for line in [*lines, *fees]), _ZERO)
    shipping_tax = sum((Decimal(line["total_tax"]) for line in shipping), _ZERO)
    before, before_tax = (
        sum((Decimal(line[name]) for line in lines), _ZERO) for name in ("subtotal", "subtotal_tax")
    )
    lines_tax = sum((Decimal(line["total_tax"]) for line in lines), _ZERO)
    net = _net([*lines, *fees, *shipping])
    amounts = {
        "discount_total": before - _net(lines),
        "discount_tax": before_tax - lines_tax,
        "shipping_total": _net(shipping),
        "shipping_tax": shipping_tax,
        "cart_tax": cart_tax,
        "total": max(net + cart_tax + shipping_tax, _ZERO),
        "total_tax": cart_tax + shipping_tax,
    }
    order |= {
        name: str(amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))
        for name, amount in amounts.items()
    }


def _net(lines: Iterable[Json]) -> Decimal:
    return sum((Decimal(line["total"]) for line in lines), _ZERO)
