"""Other currencies: one source of rates, sums that are never mixed, books proven in SEK."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.builders import DAY, buyer, day_window, line, mappings, order, shop_row
from tests.unit.core.test_plan import listed

from fortnox.core.currency import Currency, currency_rate, to_sek_ore, with_rate
from fortnox.core.documents import Held, Invoice
from fortnox.core.orders import Problem
from fortnox.core.reconcile_ledger import BaseAccounts, expected_amounts, reconcile_ledger
from fortnox.core.transform import transform

RATE = Decimal("11.2345")
EURO = Currency(code="EUR", rate=RATE, dated=DAY)


def rate_of(source: str, *, rate: Decimal | None = None, rates: str = "") -> object:
    maps = mappings(currency_rates=f"date,currency,rate\n{rates}") if rates else mappings()
    made = replace(order(currency="EUR"), currency_rate=rate)
    return currency_rate(made, shop_row(currency_rate=source), maps, DAY)


def euro_invoice(*lines, where: str = "SE") -> Invoice:
    made = replace(order(*lines, currency="EUR", buyer=buyer(where)), currency_rate=RATE)
    shop = shop_row(currency_rate="shop")
    return transform([made], (), shop=shop, mappings=mappings(), window=day_window()).invoices[0]


def test_each_source_gives_its_own_rate():
    """VAT is in SEK at one method's rate, consistently (ML 8 kap. 21 §)."""
    assert rate_of("fortnox", rate=RATE) is None
    assert rate_of("shop", rate=RATE) == RATE
    assert rate_of("csv", rate=RATE, rates="2026-05-04,EUR,11.5\n") == Decimal("11.5")


@pytest.mark.parametrize("source", ["shop", "csv"])
def test_no_rate_is_held(source: str):
    """A rate of 1 would book a euro as a krona."""
    problem = rate_of(source)
    assert isinstance(problem, Problem)
    assert problem.code == "no_currency_rate"


def unrated() -> Invoice:
    return replace(euro_invoice(line()), currency_rate=None)


def test_fortnoxs_rate_is_taken_by_the_plan():
    """The rate is fixed before the create, so that the answer can be compared with it."""
    rated = with_rate(unrated(), {"EUR": EURO}, None)
    assert isinstance(rated, Invoice)
    assert rated.currency_rate == RATE


def test_a_document_keeps_the_rate_it_was_made_with():
    """The register moves every day; a draft of yesterday is no other document for that."""
    draft = replace(listed(unrated()), currency="EUR", currency_rate=Decimal("11.1"))
    rated = with_rate(unrated(), {"EUR": EURO}, draft)
    assert isinstance(rated, Invoice)
    assert rated.currency_rate == Decimal("11.1")


@pytest.mark.parametrize(
    ("currencies", "code"),
    [
        ({}, "currency_not_in_fortnox"),
        (
            {"EUR": replace(EURO, dated=DAY + timedelta(days=8))},
            "currency_rate_of_another_day",
        ),
    ],
)
def test_what_fortnox_can_not_say_is_held(currencies: dict[str, Currency], code: str):
    """A backfill of last year at today's rate would be wrong on every sale."""
    held = with_rate(unrated(), currencies, None)
    assert isinstance(held, Held)
    assert (held.code, held.currency) == (code, "EUR")


def test_a_sale_in_kronor_asks_for_no_currency():
    """The register is not even read for an ordinary day."""
    made = transform([order()], (), shop=shop_row(), mappings=mappings(), window=day_window())
    assert with_rate(made.invoices[0], {}, None) is made.invoices[0]


def test_gross_and_vat_are_converted_and_net_is_the_rest():
    """AC-51: 100.40 EUR of Finnish 25.5 % is 1127.94, with 229.18 owed to Finland."""
    invoice = euro_invoice(line("100.40", "25.5", country="FI"), where="FI")
    assert expected_amounts(invoice, BaseAccounts(), RATE) == {
        1510: 112794,
        3106: -89876,
        2670: -22918,
    }


@given(
    st.lists(
        st.tuples(st.integers(1, 10**6), st.sampled_from(["25", "12", "6"])), min_size=1, max_size=9
    ),
    st.decimals(min_value=Decimal("0.01"), max_value=Decimal(20), places=4),
)
def test_the_expectation_balances_at_any_rate(sold, rate):
    """Rounding each account by itself would leave öre that no voucher can hold."""
    invoice = euro_invoice(
        *(
            line(str(Decimal(gross) / 100), pct, line_id=str(number))
            for number, (gross, pct) in enumerate(sold)
        )
    )
    amounts = expected_amounts(invoice, BaseAccounts(), rate)
    assert sum(amounts.values()) == 0
    assert amounts[1510] == to_sek_ore(invoice.total_ore, rate)
    for account, pct in ((2611, 25), (2621, 12), (2631, 6)):
        vat = sum(r.shop_vat_ore for r in invoice.rows if r.vat.rate.rate_pct == pct)
        assert -amounts.get(account, 0) == to_sek_ore(vat, rate)


def test_the_ledger_is_proven_at_the_documents_rate():
    """A voucher at another rate is a difference in SEK, though both say 125.00 EUR."""
    invoice = euro_invoice(line())
    document = replace(listed(invoice), currency="EUR", currency_rate=RATE)
    right = {1510: 140431, 3001: -112345, 2611: -28086}
    wrong = {1510: 143750, 3001: -115000, 2611: -28750}
    for amounts, found in ((right, 0), (wrong, 1)):
        level = reconcile_ledger([(invoice, document)], {(2, "B", 1): amounts}, base=BaseAccounts())
        assert len(level.findings) == found
    (row,) = reconcile_ledger([(invoice, document)], {(2, "B", 1): right}, base=BaseAccounts()).vat
    assert (row.shop_ore, row.ledger_ore) == (28086, 28086)


def test_days_of_the_register_count_both_ways():
    """Seven days are a long weekend; the eighth is another market."""
    for days in (-7, 7):
        dated = replace(EURO, dated=DAY + timedelta(days=days))
        assert isinstance(with_rate(unrated(), {"EUR": dated}, None), Invoice)
    assert isinstance(with_rate(unrated(), {"EUR": replace(EURO, dated=None)}, None), Invoice)
