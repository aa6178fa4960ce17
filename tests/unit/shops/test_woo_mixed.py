"""One line of the shop, several VAT rates: split as its own taxes say, or not at all."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fortnox.core.orders import LineKind, OrderLine
from fortnox.shops.woocommerce.mixed import split_by_rate
from fortnox.shops.woocommerce.vat import tax_rates

PERCENTS = ((1, 25, False), (2, 12, False), (3, 6, False), (4, 0, False), (9, 25, True))
RATES = tax_rates(
    {"rate_id": number, "rate_code": f"SE-MOMS-{number}", "rate_percent": pct, "compound": odd}
    for number, pct, odd in PERCENTS
)


def split(
    net_ore: int, taxes: dict[int, str], kind: LineKind = LineKind.SHIPPING
) -> list[tuple[int, int, Decimal | None]]:
    vat_ore = sum(round(Decimal(amount) * 100) for amount in taxes.values())
    line = OrderLine(
        line_id="1", kind=kind, name="Frakt", quantity=Decimal(1), net_ore=net_ore, vat_ore=vat_ore
    )
    row: dict[str, Any] = {
        "taxes": [{"id": number, "total": amount} for number, amount in taxes.items()]
    }
    return [
        (part.net_ore, part.vat_ore, part.vat_rate_pct) for part in split_by_rate(row, line, RATES)
    ]


@pytest.mark.parametrize("sign", [1, -1])
def test_freight_goes_to_the_rates_that_its_taxes_name(sign: int):
    """Freight of a mixed basket would be held, or taxed at one rate only."""
    taxes = {1: f"{sign * 5}.00", 3: f"{sign * Decimal('1.20')}"}
    assert split(sign * 4000, taxes) == [
        (sign * 2000, sign * 500, 25),
        (sign * 2000, sign * 120, 6),
    ]


def test_a_refunds_amounts_are_negative_in_the_shop():
    """Half of the refund of mixed freight would be taken at the wrong rate."""
    line = OrderLine(
        line_id="1",
        kind=LineKind.SHIPPING,
        name="Frakt",
        quantity=Decimal(1),
        net_ore=4000,
        vat_ore=620,
    )
    row = {"taxes": [{"id": 1, "total": "-5.00"}, {"id": 3, "total": "-1.20"}]}
    parts = split_by_rate(row, line, RATES)
    assert [(part.net_ore, part.vat_ore) for part in parts] == [(2000, 500), (2000, 120)]


@pytest.mark.parametrize(
    ("net_ore", "taxes"),
    [
        (5000, {1: "5.00", 3: "1.20"}),  # 10.00 of it without any tax
        (4000, {1: "5.00", 7: "1.20"}),  # a rate that the order does not name
        (4000, {1: "5.00", 9: "5.00"}),  # tax on tax
        (4000, {1: "5.00", 4: "1.20"}),  # tax at 0 %
        (2000, {1: "5.00", 3: ""}),  # one rate
        (2000, {1: "5.00", 3: "0.001"}),
        (4000, {1: "5.00", 3: "1e400"}),
        (2000, {1: "10.00", 3: "-1.20"}),  # one share more than the whole
        (8000, {1: "5.00", 3: "-1.20"}),
    ],
)
def test_what_is_not_certain_is_not_split(net_ore: int, taxes: dict[int, str]):
    """A share that is guessed moves VAT between rates."""
    line = OrderLine(
        line_id="1",
        kind=LineKind.FEE,
        name="Avgift",
        quantity=Decimal(1),
        net_ore=net_ore,
        vat_ore=620,
    )
    row = {"taxes": [{"id": number, "total": amount} for number, amount in taxes.items()]}
    assert split_by_rate(row, line, RATES) == ()


def test_goods_are_never_split():
    """A product has one rate; two on one line are a mistake of the shop's settings."""
    assert split(4000, {1: "5.00", 3: "1.20"}, LineKind.GOODS) == []


@settings(deadline=None)
@given(
    parts=st.dictionaries(
        st.sampled_from([1, 2, 3]), st.integers(100, 10**7), min_size=2, max_size=3
    )
)
def test_an_honest_split_is_found_again_to_the_ore(parts: dict[int, int]):
    """Öre would go lost between the shop's line and the invoice's rows."""
    pct = {1: 25, 2: 12, 3: 6}
    taxes = {
        number: str((Decimal(net * pct[number]) / 10000).quantize(Decimal("0.01"), "ROUND_HALF_UP"))
        for number, net in parts.items()
    }
    found = split(sum(parts.values()), taxes)
    assert sum(net for net, _, _ in found) == sum(parts.values())
    for net_ore, vat_ore, rate in found:
        number = next(number for number in parts if pct[number] == rate)
        assert abs(net_ore - parts[number]) <= 20
        assert vat_ore == round(Decimal(taxes[number]) * 100)
