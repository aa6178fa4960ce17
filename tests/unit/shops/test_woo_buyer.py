"""Who bought."""

from typing import Any

import pytest

from fortnox.core.orders import BuyerKind
from fortnox.shops.woocommerce.buyer import MetaKeys, buyer

BILLING = {
    "first_name": "Påhittad",
    "last_name": "Person",
    "company": "",
    "address_1": "Exempelgatan 7",
    "postcode": "931 30",
    "city": "Skellefteå",
    "country": "se",
    "email": "p@example.com",
}


def order(**fields: Any) -> dict[str, Any]:
    """An order of a guest."""
    return {"customer_id": 0, "billing": BILLING, "shipping": {}, "meta_data": [], **fields}


def meta(**values: Any) -> list[dict[str, Any]]:
    """Meta entries."""
    return [{"id": 1, "key": key, "value": value} for key, value in values.items()]


def test_guest_is_a_private_person_without_id() -> None:
    """All guests would become the one customer "0"."""
    found = buyer(order(), MetaKeys())
    assert (found.customer_id, found.kind) == ("", BuyerKind.PRIVATE)
    assert found.billing.country == "SE"


def test_delivery_falls_back_to_billing() -> None:
    """A virtual order has no shipping address; its market is the buyer's country."""
    assert buyer(order(shipping={"country": "SE"}), MetaKeys()).delivery.city == "Skellefteå"
    assert buyer(order(shipping=[]), MetaKeys()).delivery.country == "SE"
    elsewhere = {"address_1": "Veien 1", "city": "Oslo", "country": "NO"}
    assert buyer(order(shipping=elsewhere), MetaKeys()).delivery.country == "NO"


@pytest.mark.parametrize(
    "key", ["_billing_org_nr", "billing_org_nr", "org_nr", "Org-Nr", "_wc_billing/shop/org-number"]
)
def test_organisation_number_under_any_plugins_key(key: str) -> None:
    """A company would be matched as a private person because its plugin spells a key otherwise."""
    found = buyer(order(meta_data=meta(**{key: "550001-1013"})), MetaKeys())
    assert (found.organisation_number, found.kind) == ("550001-1013", BuyerKind.COMPANY)


def test_swedish_vat_number_holds_the_organisation_number() -> None:
    """A buyer who only gave a VAT number would get a second customer card."""
    found = buyer(order(meta_data=meta(_billing_vat_number="SE 550004-104101")), MetaKeys())
    assert found.organisation_number == "550004-1041"


def test_placeholder_is_no_number() -> None:
    """A private person who wrote "-" would become a company."""
    found = buyer(order(meta_data=meta(vat_number="-", org_nr="", vat=None)), MetaKeys())
    assert found.kind is BuyerKind.PRIVATE


def test_exempt_only_when_it_says_yes() -> None:
    """Store API orders all carry is_vat_exempt = "no"."""
    assert not buyer(order(meta_data=meta(is_vat_exempt="no")), MetaKeys()).vat_exempt
    assert buyer(order(meta_data=meta(is_vat_exempt="yes")), MetaKeys()).vat_exempt


def test_own_meta_key() -> None:
    """A shop whose plugin uses a key of its own could not configure it."""
    keys = MetaKeys(vat_number=("kundens_moms",))
    found = buyer(order(meta_data=meta(kundens_moms="FI00000001", vat_number="DK00000001")), keys)
    assert found.vat_number == "FI00000001"


def test_entities_in_a_company_name() -> None:
    """The customer card would read "Foo &amp; Bar"."""
    found = buyer(order(billing=BILLING | {"company": "Foo &amp; Bar AB"}), MetaKeys())
    assert (found.company, found.kind) == ("Foo & Bar AB", BuyerKind.COMPANY)
