"""An Airflow connection as a Textalk Webshop."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import responses

from fortnox.core.errors import FatalError
from fortnox.hooks import textalk
from fortnox.hooks.textalk import TextalkHook

URL = "https://shop.textalk.se/backend/jsonrpc/v1/"
Hook = Callable[..., TextalkHook]


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Hook:
    """A hook whose connection stands in the environment."""

    def make(**extra: Any) -> TextalkHook:
        connection = {"conn_type": "textalk", "password": "k+1", "extra": {"webshop": 47, **extra}}
        monkeypatch.setenv("AIRFLOW_CONN_TEXTALK_UNIT", json.dumps(connection))
        return TextalkHook("textalk_unit")

    return make


@responses.activate
def test_button_tells_shop_and_payment_methods(hook: Hook) -> None:
    """The numbers of the payment methods stand nowhere else, and the mapping needs them."""
    results: dict[str, Any] = {
        "Order.list": [],
        "Webshop.get": {"edition": "pro", "baseCurrency": "SEK", "priceStoredWithVat": True},
        "PaymentMethod.list": [{"uid": 3, "name": {"sv": "Swish"}}, {"uid": 4, "name": "Kort"}],
    }

    def answer(request: Any) -> tuple[int, dict[str, str], str]:
        method = json.loads(request.body)["method"]
        error = {"error": {"code": -32601}}
        body = {"result": results[method]} if method in results else error
        return 200, {}, json.dumps(body)

    responses.add_callback(responses.POST, URL, callback=answer)
    works, text = hook().test_connection()
    assert works
    assert text == (
        "Textalk pro, SEK, prices including VAT, time zone not told. "
        "Payment methods: 3 = Swish, 4 = Kort."
    )


@responses.activate
def test_button_tells_the_remedy(hook: Hook) -> None:
    """A wrong key must be told with what to do, and without the key."""
    responses.add(responses.POST, URL, json={"error": {"code": 1004, "message": "k+1"}})
    works, text = hook().test_connection()
    assert not works
    assert "refuses the API key" in text
    assert "k+1" not in text


def test_the_key_is_masked_in_both_spellings(hook: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    """The HTTP library's debug log shows the address, in which the key stands encoded."""
    masked: list[str] = []
    monkeypatch.setattr(textalk, "mask_secret", masked.append)
    hook().shop()
    assert masked == ["k+1", "k%2B1"]


def test_wrong_words_in_the_connection_are_told(hook: Hook) -> None:
    """A misspelt eu_vat would hold every sale to other EU countries, without saying why."""
    with pytest.raises(FatalError, match="eu_vat"):
        hook(eu_vat="orgin").shop()
    with pytest.raises(FatalError, match="shop's number"):
        hook(webshop="").shop()


def test_extra_reaches_the_shop(hook: Hook) -> None:
    """The owner's answers would be without effect."""
    shop = hook(paid_statuses="paid, reserved", service_articles=["TJ-*"], eu_vat="origin").shop()
    settings = shop._settings
    assert settings.paid_statuses == ("paid", "reserved")
    assert settings.is_service("TJ-1")
    assert settings.eu_vat == "origin"
