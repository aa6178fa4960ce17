"""An Airflow connection as a WooCommerce shop."""

import json
import re
from types import SimpleNamespace
from typing import Any

import pytest
import responses

from fortnox.hooks.shop import shop_address
from fortnox.hooks.woocommerce import WooCommerceHook

SITE = "https://shop.example"
API = f"{SITE}/wp-json/wc/v3"


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> WooCommerceHook:
    """A hook whose connection stands in the environment."""
    connection = {"conn_type": "woocommerce", "host": SITE, "login": "ck_1", "password": "cs_1"}
    monkeypatch.setenv("AIRFLOW_CONN_WOO_UNIT", json.dumps(connection))
    return WooCommerceHook("woo_unit")


@pytest.mark.parametrize(
    ("fields", "address"),
    [
        ({"host": "https://shop.example/butik/"}, "https://shop.example/butik"),
        ({"host": "http://127.0.0.1:8085"}, "http://127.0.0.1:8085"),
        ({"host": "http://127.0.0.1", "port": 8085}, "http://127.0.0.1:8085"),
        ({"host": "shop.example"}, "https://shop.example"),
        ({"host": "127.0.0.1", "port": 8085, "schema": "http"}, "http://127.0.0.1:8085"),
        ({"host": "shop.example/butik", "port": 8443}, "https://shop.example:8443/butik"),
        ({"host": None}, ""),
    ],
)
def test_address_however_it_was_written(fields: dict[str, Any], address: str) -> None:
    """A connection written as an URI would lose its port or its http."""
    connection = SimpleNamespace(**{"host": "", "port": None, "schema": None, **fields})
    assert shop_address(connection) == address


@responses.activate
def test_button_tells_the_shop(hook: WooCommerceHook) -> None:
    """The form's test button must say which shop answers."""
    order = {"id": 1, "currency": "SEK", "version": "9.1.0", "prices_include_tax": True}
    responses.add(responses.GET, f"{API}/orders", json=[order])
    responses.add(responses.GET, re.compile(SITE), status=403, json={"code": "rest_forbidden"})
    works, text = hook.test_connection()
    assert works
    assert "WooCommerce 9.1.0, SEK, prices including VAT" in text


@responses.activate
def test_button_tells_the_remedy(hook: WooCommerceHook) -> None:
    """A wrong secret must be told with what to do, and without the secret."""
    body = {
        "code": "woocommerce_rest_authentication_error",
        "message": "Consumer secret is invalid.",
        "data": {"status": 401},
    }
    responses.add(responses.GET, f"{API}/orders", json=body, status=401)
    works, text = hook.test_connection()
    assert not works
    assert "consumer secret is wrong" in text
    assert "REST API" in text
    assert "cs_1" not in text


@responses.activate
def test_button_does_not_wait(hook: WooCommerceHook) -> None:
    """The form would hang for a minute when the shop is down."""
    responses.add(responses.GET, f"{API}/orders", status=503)
    works, text = hook.test_connection()
    assert not works
    assert "HTTP 503" in text
    assert len(responses.calls) == 1


def test_incomplete_connection_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection without key must say so, not "401"."""
    monkeypatch.setenv("AIRFLOW_CONN_WOO_UNIT", json.dumps({"conn_type": "woocommerce"}))
    works, text = WooCommerceHook("woo_unit").test_connection()
    assert not works
    assert "address" in text


@responses.activate
def test_own_meta_keys_from_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """A shop whose checkout uses a key of its own could not tell companies."""
    connection = {
        "conn_type": "woocommerce",
        "host": SITE,
        "login": "ck_1",
        "password": "cs_1",
        "extra": {"organisation_number_keys": "kund_orgnr, annan"},
    }
    monkeypatch.setenv("AIRFLOW_CONN_WOO_UNIT", json.dumps(connection))
    order = {
        "id": 1,
        "status": "processing",
        "total": "0.00",
        "total_tax": "0.00",
        "meta_data": [{"key": "kund_orgnr", "value": "550001-1013"}],
    }
    responses.add(responses.GET, f"{API}/orders/statuses", json=[{"slug": "processing"}])
    responses.add(responses.GET, f"{API}/orders", json=[order])
    (found,) = WooCommerceHook("woo_unit").shop().orders(["1"])
    assert found.buyer.organisation_number == "550001-1013"
    query = responses.calls[-1].request.url or ""
    assert "oauth" not in query
    assert "cs_1" not in query
