"""Sales without VAT: with proof from the time of the sale, or on a setting that says so aloud."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.builders import DAY, buyer, line, mappings, order, shop_row

from fortnox.core.customers import own_customer_number
from fortnox.core.mapping import Mappings
from fortnox.core.market import Market, SaleMarket
from fortnox.core.orders import Address, BuyerKind, LineKind, Order
from fortnox.core.reverse_charge import (
    MAX_DISTANCE,
    buyer_vat_number,
    remarks,
    reverse_charge_problem,
)
from fortnox.core.vat_check import VatCheck
from fortnox.core.vat_notes import vat_notes

GERMANY = SaleMarket(market=Market.EU_BUSINESS, country="DE")
SWEDEN = SaleMarket(market=Market.SE_REVERSE, country="SE")
#: A number with right check digits, and one without.
REAL, MADE_UP = "DE136695976", "DE123456789"


def sale(number: str = REAL, check: VatCheck | None = None, **changed) -> Order:
    address = Address(country="DE")
    company = buyer(
        billing=address,
        delivery=address,
        kind=BuyerKind.COMPANY,
        vat_number=number,
        vat_check=check,
        **changed,
    )
    return order(line("100.00", None), buyer=company)


def evidence(*rows: str) -> Mappings:
    header = "shop,vat_number,checked_at,result,consultation_number\n"
    return mappings(vat_evidence=header + "".join(f"{row}\n" for row in rows))


def code(made: Order, maps: Mappings | None = None, market: SaleMarket = GERMANY, **shop) -> str:
    problem = reverse_charge_problem(made, market, shop_row(**shop), maps or mappings(), DAY)
    return problem.code if problem else ""


def test_without_any_proof_it_is_held():
    """The tax office asks for the proof years later, and then the VAT is the shop's to pay."""
    assert code(sale()) == "reverse_charge_evidence"


@pytest.mark.parametrize("number", [REAL, MADE_UP])
def test_the_answer_of_vies_outranks_the_check_digit(number: str):
    """VIES knows who is registered; a library's check digit may be older than a country's law."""
    assert code(sale(number, VatCheck(checked_on=DAY, is_valid=True))) == ""
    assert code(sale(number, VatCheck(checked_on=DAY, is_valid=False))) == "vat_number_invalid"
    assert code(sale(number), evidence(f"*,{number},2026-05-04,valid,")) == ""
    assert code(sale(number), evidence(f"*,{number},2026-05-04,invalid,")) == "vat_number_invalid"


def test_proof_is_of_this_number_and_this_shop():
    """Somebody else's proof is none."""
    assert code(sale(), evidence(f"*,{MADE_UP},2026-05-04,valid,")) == "reverse_charge_evidence"
    two = mappings().shop("demo")
    assert code(sale(), evidence(f"{two.shop},{REAL},2026-05-04,valid,")) == ""


@given(st.integers(-60, 60), st.integers(-60, 60))
def test_the_nearest_check_decides(one: int, other: int):
    """A number that was valid long before, or is valid again now, proves nothing of the day."""
    rows = {DAY + timedelta(days=one): "valid"}
    if one != other:
        rows[DAY + timedelta(days=other)] = "invalid"
    maps = evidence(*(f"*,{REAL},{day},{result}," for day, result in rows.items()))
    near = {abs((day - DAY).days): result for day, result in sorted(rows.items())}
    nearest = min(near)
    if nearest > MAX_DISTANCE.days:
        assert code(sale(), maps) == "reverse_charge_evidence"
    else:
        assert code(sale(), maps) == ("" if near[nearest] == "valid" else "vat_number_invalid")


def test_the_shops_word_is_a_setting_and_wants_a_real_number():
    """The setting replaces the proof, not the number."""
    assert code(sale(), accept_shop_zero=("eu",)) == ""
    assert code(sale(), accept_shop_zero=("se",)) == "reverse_charge_evidence"
    assert code(sale(MADE_UP), accept_shop_zero=("eu",)) == "vat_number_malformed"
    refused = VatCheck(checked_on=DAY, is_valid=False)
    assert code(sale(check=refused), accept_shop_zero=("eu",)) == "vat_number_invalid"


@pytest.mark.parametrize("number", ["SE559000000501", "GB980780684", "NO123456789", "CHE123456788"])
def test_a_number_of_no_other_eu_country(number: str):
    """VIES has no such number, so there is nobody to reverse the charge to."""
    valid = VatCheck(checked_on=DAY, is_valid=True)
    german = sale(number, valid)
    assert code(german) in {"vat_number_not_foreign", ""}
    if number[:2] in {"SE", "GB"}:
        assert code(german) == "vat_number_not_foreign"


def test_swedish_reverse_charge_is_a_setting():
    """Construction and phones; a customer card marked exempt by mistake looks the same."""
    company = sale("", organisation_number="559000-0005")
    assert code(company, market=SWEDEN) == "se_reverse_charge"
    assert code(company, market=SWEDEN, accept_shop_zero=("se",)) == ""
    assert "SE559000000501" in remarks(company, SWEDEN)


@pytest.mark.parametrize(
    ("number", "country", "expected"),
    [
        ("DE 136.695.976", "DE", "DE136695976"),
        ("136695976", "DE", "DE136695976"),
        ("094259216", "GR", "EL094259216"),
        ("el094259216", "GR", "EL094259216"),
        ("980780684", "XI", "XI980780684"),
    ],
)
def test_a_number_as_buyers_write_it(number: str, country: str, expected: str):
    """VIES and the tax office know one spelling; a card with another is not reported."""
    found = buyer_vat_number(buyer(vat_number=number, billing=Address(country=country)))
    assert found == expected


def test_what_the_invoice_says():
    """Goods and services are free of VAT by different laws, and both name the buyer's number."""
    goods, service = line("1.00", None), line("1.00", None, kind=LineKind.SERVICE, line_id="2")
    of_goods = remarks(sale(), GERMANY)
    assert "artikel 138" in of_goods
    assert "Tjänst" not in of_goods
    mixed = remarks(replace(sale(), lines=(goods, service)), GERMANY)
    assert "artikel 138" in mixed
    assert "Tjänst" in mixed
    assert REAL in mixed
    assert remarks(sale(), SaleMarket(market=Market.EXPORT, country="DE")) == ""


def test_a_card_is_of_one_vat_number():
    """The sale is reported under the card's number: another number needs another card."""
    first, second = (sale(number).buyer for number in (REAL, MADE_UP))
    numbers = {own_customer_number("demo", one, GERMANY) for one in (first, second)}
    assert len(numbers) == 2
    assert all(number.endswith("-r") for number in numbers)
    assert not any(REAL in number for number in numbers)


def test_the_setting_is_in_every_report():
    """Who reads the report must not take a sale without proof for a proven one."""
    assert "accept_shop_zero=eu" in vat_notes(shop_row(accept_shop_zero=("eu",)), [])[0]
    assert vat_notes(shop_row(), []) == []


def test_other_markets_need_no_proof():
    """Export has its own proof (the carrier's), and taxed sales need none."""
    export = SaleMarket(market=Market.EXPORT, country="NO")
    assert (
        code(sale(check=VatCheck(checked_on=date(2020, 1, 1), is_valid=False)), market=export) == ""
    )
