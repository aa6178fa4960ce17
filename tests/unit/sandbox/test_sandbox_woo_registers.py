"""Products, customers, taxes, settings and status of the sandbox shop."""

from collections.abc import Iterator

import pytest
import requests
from woo_sandbox_kit import Shop, running


@pytest.fixture(scope="module")
def server() -> Iterator[Shop]:
    """One server for the module: starting and stopping costs more than the tests."""
    with running() as running_shop:
        yield running_shop


@pytest.fixture
def shop(server: Shop) -> Shop:
    """A running shop, as seeded."""
    server.store.reset()
    return server


def test_products_by_id_tell_goods_from_services(shop: Shop) -> None:
    """Goods and services could not be told apart for the accounts."""
    found = shop.get("/products", include="101,301", _fields="id,virtual").json()
    assert {p["id"]: p["virtual"] for p in found} == {101: False, 301: True}


def test_variations_are_listed_below_their_product_only(shop: Shop) -> None:
    """A client that asks /products for a variation's id would find it here only."""
    listed = shop.get("/products/101/variations").json()
    assert [v["parent_id"] for v in listed] == [101] * 4
    assert shop.get("/products", include=listed[0]["id"]).json() == []
    assert shop.get("/products", sku=listed[0]["sku"]).json()[0]["type"] == "variation"
    one = shop.get(f"/products/101/variations/{listed[0]['id']}")
    assert one.json()["sku"] == listed[0]["sku"]


def test_variation_without_own_sku_shows_the_parents(shop: Shop) -> None:
    """Three variations with one article number would be a surprise."""
    for variation in shop.store.data.variations.values():
        variation["sku"] = ""
    assert {v["sku"] for v in shop.get("/products/101/variations").json()} == {"TRJ-TALL"}


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/products/999999", "woocommerce_rest_product_invalid_id"),
        ("/products/101/variations/999999", "woocommerce_rest_product_variation_invalid_id"),
        ("/customers/999999", "wc_user_invalid_id"),
        ("/settings/nosuch", "rest_setting_setting_group_invalid"),
        ("/settings/tax/nosuch", "rest_setting_setting_invalid"),
    ],
)
def test_each_resource_has_its_own_404(shop: Shop, path: str, code: str) -> None:
    """A client that knows one 404 code would not know the others."""
    answer = shop.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, code)


def test_customers_have_no_date_filter(shop: Shop) -> None:
    """A delta by date would silently list everybody live, and work here."""
    everybody = shop.get("/customers", per_page=100)
    later = shop.get("/customers", per_page=100, modified_after="2099-01-01T00:00:00")
    assert len(later.json()) == len(everybody.json()) == 24
    assert shop.get("/customers", orderby="modified").status_code == 400


def test_administrators_are_listed_on_request_with_null_date(shop: Shop) -> None:
    """A null modification date would not be met."""
    everybody = shop.get("/customers", per_page=100, role="all").json()
    assert [c["date_modified"] for c in everybody if c["role"] == "administrator"] == [None]


def test_taxes_call_the_standard_class_standard(shop: Shop) -> None:
    """A join of lines and rates by class would work here only."""
    rates = shop.get("/taxes", per_page=100).json()
    assert (rates[0]["class"], rates[0]["rate"]) == ("standard", "25.0000")
    assert shop.get("/products/141").json()["tax_class"] == ""


def test_settings_and_status_tell_currency_and_prices(shop: Shop) -> None:
    """Preflight could not learn currency and tax orientation."""
    general = {s["id"]: s["value"] for s in shop.get("/settings/general").json()}
    assert general["woocommerce_currency"] == "SEK"
    one = shop.get("/settings/tax/woocommerce_prices_include_tax").json()
    assert (one["value"], one["group_id"]) == ("yes", "tax")
    status = shop.get("/system_status", _fields="environment,settings").json()
    assert set(status) == {"environment", "settings"}
    assert status["environment"]["default_timezone"] == "UTC"
    assert {"general", "products", "tax"} <= {g["id"] for g in shop.get("/settings").json()}


def test_index_is_open_and_names_the_time_zone(shop: Shop) -> None:
    """The one place that tells the shop's time zone would be closed."""
    index = requests.get(f"{shop.url}/wp-json/", timeout=5).json()
    assert index["timezone_string"] == "Europe/Stockholm"


def test_gateways_cover_the_orders_methods(shop: Shop) -> None:
    """A payment method would be used that the shop does not have."""
    ids = {g["id"] for g in shop.get("/payment_gateways").json()}
    used = {o["payment_method"] for o in shop.store.orders.values()} - {""}
    assert used <= ids
