"""Which customer card a sale goes to: one per buyer and VATType, never by guess."""

import pytest
from tests.support.builders import buyer, mappings, order, shop_row

from fortnox.core.customers import customer_wish, own_customer_number
from fortnox.core.documents import CustomerWish
from fortnox.core.market import Market, SaleMarket, VatType
from fortnox.core.orders import Address, Buyer, BuyerKind, Problem

SWEDEN = SaleMarket(market=Market.SE, country="SE")
NORWAY = SaleMarket(market=Market.EXPORT, country="NO")
GERMANY = SaleMarket(market=Market.EU_CONSUMER, country="DE")
_HEAD = "shop,market,buyer_kind,match,when_missing,shared_customer_number\n"
SHARED = _HEAD + "*,SE,private,number,shared,1000\n*,*,company,number,create,\n"
COMPANY = {"kind": BuyerKind.COMPANY, "company": "Bolaget AB"}


def wish(who: Buyer, market: SaleMarket = SWEDEN, policy: str = "") -> CustomerWish | Problem:
    maps = mappings(customer_policy=policy) if policy else mappings()
    return customer_wish(order(buyer=who), shop_row(), market, maps)


def code(who: Buyer, market: SaleMarket = SWEDEN, policy: str = "") -> str:
    found = wish(who, market, policy)
    assert isinstance(found, Problem)
    return found.code


def test_export_and_home_sales_of_one_buyer_have_a_card_each():
    """Fortnox decides VAT by the card: one card for both would change the VAT of one of them."""
    who = buyer(customer_id="17")
    assert own_customer_number("demo", who, SWEDEN) == "demo-17"
    assert own_customer_number("demo", who, GERMANY) == "demo-17"
    assert own_customer_number("demo", who, NORWAY) == "demo-17-x"


def test_guest_and_customer_are_not_mixed_up():
    """A guest may use a customer's e-mail: the number is another, the match finds the card."""
    guest, customer = buyer(email="a@example.com"), buyer(email="a@example.com", customer_id="5")
    numbers = {own_customer_number("demo", who, SWEDEN) for who in (guest, customer)}
    assert len(numbers) == 2
    found = wish(guest)
    assert isinstance(found, CustomerWish)
    assert "email" in found.match


def test_swedish_cards_are_no_match_for_an_export():
    """A Swedish card found by e-mail would put Swedish VAT on an export."""
    found = wish(buyer(country="NO"), NORWAY)
    assert isinstance(found, CustomerWish)
    assert found.match == ("number",)
    assert found.vat_type is VatType.EXPORT


@pytest.mark.parametrize("email", ["", "   "])
def test_guest_without_an_email_is_held_or_shared(email: str):
    """Without identity each order would make a card; the shared card is for just that."""
    who = buyer(email=email)
    assert code(who) == "buyer_without_identity"
    found = wish(who, policy=SHARED)
    assert isinstance(found, CustomerWish)
    assert (found.when_missing, found.shared_number) == ("shared", "1000")


def test_buyers_without_a_policy_are_held():
    """Nobody decided what a private export buyer is."""
    assert code(buyer(country="NO"), NORWAY, SHARED) == "no_customer_policy"


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"company": "Bolaget AB", "name": "Anna"}, "Bolaget AB"),
        ({"name": "Anna"}, "Anna"),
        ({"company": " ", "name": " "}, "Test Testsson"),
        ({"name": "", "billing": Address(country="SE")}, "Webbkund"),
    ],
)
def test_name_on_the_card(changed, expected):
    """A card without a name is refused by Fortnox; a company's is the company's."""
    found = wish(buyer(**changed))
    assert isinstance(found, CustomerWish)
    assert found.name == expected


def test_company_without_an_organisation_number_is_a_company():
    """Its kind must not fall back to private because a number is missing."""
    found = wish(buyer(**COMPANY))
    assert isinstance(found, CustomerWish)
    assert (found.is_company, found.organisation_number) == (True, "")


def test_problems_name_no_buyer():
    """Reports and logs are read by others than the shop's staff."""
    problem = wish(buyer(email="", name="Hemlig Person"))
    assert isinstance(problem, Problem)
    assert "Hemlig" not in f"{problem}"
