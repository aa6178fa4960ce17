"""Arithmetic of documents: rows, VAT per rate, totals. Pure; money in whole öre.

Rules: price and quantity are rounded half up to two decimals before they are multiplied
(recordings, point 11); VAT is computed on the rate's base, third decimal 5 rounds up
(Skatteverket 2020-01-17, dnr 8-19049), or on each row by switch; whole-krona rounding changes
neither base nor VAT and stands in RoundOff.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, NamedTuple

from fortnox.sandbox.fortnox.wire import hundredths

_ONE = Decimal(1)
_HUNDRED = Decimal(100)

VatRounding = Literal["rate", "row"]


@dataclass(frozen=True, kw_only=True)
class Line:
    """A priced row, freight or fee.

    Attributes:
        account: Sales account.
        rate_pct: VAT percent, such as 25 or 25.5.
        vat_account: Output VAT account, 0 = none.
        total_ore: Row total, with VAT when the document's prices include it.
        discount_ore: What the discount took off; part of Gross only.
        cost_center: Code that the amount is booked under, or "".
        project: Number that the amount is booked under, or "".
    """

    account: int
    rate_pct: Decimal | int
    vat_account: int
    total_ore: int
    discount_ore: int = 0
    cost_center: str = ""
    project: str = ""

    @property
    def place(self) -> "Place":
        """Where the line's net amount is booked."""
        return Place(self.account, self.cost_center, self.project)


class Place(NamedTuple):
    """A sales account, with the cost centre and project that the amount belongs to."""

    account: int
    cost_center: str = ""
    project: str = ""


@dataclass(frozen=True, kw_only=True)
class Totals:
    """Sums of a document in öre of its currency.

    Attributes:
        gross_ore: Rows before discount, without VAT [inferred].
        net_ore: Without VAT.
        vat_ore: All VAT.
        round_off_ore: Added to reach a whole krona.
        total_ore: ``net + vat + round_off``.
        net: Sales account with its cost centre and project -> net.
        vat_by_account: Output VAT account -> VAT.
    """

    gross_ore: int = 0
    net_ore: int = 0
    vat_ore: int = 0
    round_off_ore: int = 0
    total_ore: int = 0
    net: dict[Place, int] = field(default_factory=dict)
    vat_by_account: dict[int, int] = field(default_factory=dict)

    @property
    def net_by_account(self) -> dict[int, int]:
        """Sales account -> net."""
        sums: dict[int, int] = defaultdict(int)
        for place, ore in self.net.items():
            sums[place.account] += ore
        return dict(sums)


def half_up(value: Decimal) -> int:
    """To a whole number, halves away from zero."""
    return int(value.quantize(_ONE, rounding=ROUND_HALF_UP))


def vat_of(amount_ore: int, rate_pct: Decimal | int, *, vat_included: bool) -> int:
    """VAT in (or on) an amount, half up to the öre."""
    base = _HUNDRED + rate_pct if vat_included else _HUNDRED
    return half_up(Decimal(amount_ore) * rate_pct / base)


def line_total(
    quantity: Decimal, price: Decimal, discount: Decimal, discount_type: str
) -> tuple[int, int]:
    """Total of a row and what its discount took off, both in öre.

    Args:
        quantity: DeliveredQuantity; rounded to two decimals here.
        price: Price in kronor; rounded to two decimals here.
        discount: Percent, or an amount in kronor for the whole row.
        discount_type: ``PERCENT`` or ``AMOUNT``.
    """
    full = hundredths(quantity) * hundredths(price) * _HUNDRED
    if discount_type == "AMOUNT":
        off = discount * _HUNDRED if quantity else Decimal(0)
    else:
        off = full * discount / _HUNDRED
    total_ore = half_up(full - off)
    return total_ore, half_up(full) - total_ore


def totals(
    lines: Sequence[Line],
    *,
    vat_included: bool,
    vat_rounding: VatRounding = "rate",
    krona_rounding: bool = False,
) -> Totals:
    """Sum a document."""
    net: dict[Place, int] = defaultdict(int)
    vat: dict[int, int] = defaultdict(int)
    groups: dict[tuple[Decimal | int, int], list[Line]] = defaultdict(list)
    for line in lines:
        groups[line.rate_pct, line.vat_account].append(line)
    for (rate_pct, vat_account), group in groups.items():
        group_vat = _group_vat(group, rate_pct, vat_included=vat_included, by=vat_rounding)
        if group_vat:
            vat[vat_account] += group_vat
        for place, amount in _group_net(group, group_vat, vat_included=vat_included).items():
            net[place] += amount
    net_ore, vat_ore = sum(net.values()), sum(vat.values())
    exact_ore = net_ore + vat_ore
    round_off_ore = _to_krona(exact_ore) - exact_ore if krona_rounding else 0
    gross_ore = net_ore + sum(_discount_net(line, vat_included=vat_included) for line in lines)
    return Totals(
        gross_ore=gross_ore,
        net_ore=net_ore,
        vat_ore=vat_ore,
        round_off_ore=round_off_ore,
        total_ore=exact_ore + round_off_ore,
        net=dict(net),
        vat_by_account=dict(vat),
    )


def _group_vat(
    group: Iterable[Line], rate_pct: Decimal | int, *, vat_included: bool, by: VatRounding
) -> int:
    if by == "row":
        return sum(vat_of(line.total_ore, rate_pct, vat_included=vat_included) for line in group)
    whole = sum(line.total_ore for line in group)
    return vat_of(whole, rate_pct, vat_included=vat_included)


def _group_net(group: Sequence[Line], group_vat: int, *, vat_included: bool) -> dict[Place, int]:
    """Net per place; the öre that rounding leaves goes to the largest."""
    net: dict[Place, int] = defaultdict(int)
    for line in group:
        net[line.place] += line.total_ore
    if not vat_included:
        return dict(net)
    wanted = sum(net.values()) - group_vat
    for place, amount in net.items():
        net[place] = amount - vat_of(amount, group[0].rate_pct, vat_included=True)
    net[largest(net)] += wanted - sum(net.values())
    return dict(net)


def largest(amounts: Mapping[Place, int]) -> Place:
    """The place that carries what rounding leaves: the largest amount, then the lowest account."""
    return min(amounts, key=lambda place: (-abs(amounts[place]), place))


def _discount_net(line: Line, *, vat_included: bool) -> int:
    if not vat_included:
        return line.discount_ore
    return line.discount_ore - vat_of(line.discount_ore, line.rate_pct, vat_included=True)


def _to_krona(amount_ore: int) -> int:
    return half_up(Decimal(amount_ore) / _HUNDRED) * 100


def ocr(document_number: str) -> str:
    """OCR of an invoice: number, length digit, Luhn digit (recordings, point 9: 944 of 944).

    The length digit is ``(digits + 2) mod 10``, i.e. the length of the whole OCR.
    """
    digits = f"{document_number}{(len(document_number) + 2) % 10}"
    return digits + luhn_digit(digits)


def luhn_digit(digits: str) -> str:
    """The check digit that makes ``digits`` a Luhn number."""
    total = 0
    for position, char in enumerate(reversed(digits)):
        value = int(char) * (2 if position % 2 == 0 else 1)
        total += value // 10 + value % 10
    return str(-total % 10)
