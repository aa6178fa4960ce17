"""Patience and errors of the WooCommerce client, against what hosts really answer."""

import json
import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import responses
from responses.registries import OrderedRegistry

from fortnox.core.errors import FatalError, UnreachableError
from fortnox.shops.woocommerce.client import WooCommerceClient
from fortnox.shops.woocommerce.errors import NotFoundError, RightsError
from fortnox.shops.woocommerce.transport import site_url

HTTPS = "https://shop.example"
HTTP = "http://shop.example"
ORDERS = "/wp-json/wc/v3/orders"
KEY, SECRET = "ck_0123456789", "cs_9876543210"
NOW_S = 1_700_000_000.0


def client(site: str = HTTPS, pauses: list[float] | None = None) -> WooCommerceClient:
    """A client that does not sleep."""
    record: Callable[[float], None] = (pauses if pauses is not None else []).append
    return WooCommerceClient(
        site, KEY, SECRET, clock=lambda: NOW_S, sleep=record, jitter=lambda: 0.0
    )


def answer(*, site: str = HTTPS, **what: Any) -> None:
    """The shop's next answer on its orders."""
    responses.add(responses.GET, f"{site}{ORDERS}", **what)


def refusal(code: str, message: str) -> dict[str, Any]:
    """WordPress' error shape."""
    return {"code": code, "message": message, "data": {"status": 401}}


ANONYMOUS = refusal("woocommerce_rest_cannot_view", "Sorry, you cannot list resources.")


@responses.activate(registry=OrderedRegistry)
@pytest.mark.parametrize(
    "broken",
    [
        {"status": 429},
        {"status": 502, "body": "<html><title>502 Bad Gateway</title></html>"},
        {"status": 503, "body": "maintenance"},
        {"status": 504},
        {"status": 200, "body": "<html><title>Checking your browser</title></html>"},
        {"status": 200, "body": "<br /><b>Warning</b>: foo in x.php on line 1<br />[]"},
        {"status": 200, "body": '[{"id": 1'},
        {"body": requests.ConnectionError("boom")},
        {"body": requests.exceptions.ChunkedEncodingError("cut")},
        {"body": requests.ReadTimeout("slow")},
        {"body": requests.exceptions.SSLError("EOF occurred in violation of protocol")},
    ],
)
def test_a_passing_trouble_is_tried_again(broken: dict[str, Any]) -> None:
    """One hiccup of the shop's host would fail the hour."""
    answer(**broken)
    answer(json=[{"id": 1}], headers={"X-WP-Total": "1"})
    pauses: list[float] = []
    assert client(pauses=pauses).list(ORDERS, {}).items == [{"id": 1}]
    assert pauses == [1.0]


@responses.activate
def test_patience_ends_within_a_minute() -> None:
    """A shop that is down must not hold the task for ever; the next run reads again."""
    answer(status=429)
    pauses: list[float] = []
    with pytest.raises(UnreachableError, match="HTTP 429"):
        client(pauses=pauses).list(ORDERS, {})
    assert 20 < sum(pauses) <= 60


@responses.activate(registry=OrderedRegistry)
def test_retry_after_is_honoured_as_seconds_and_as_date() -> None:
    """Coming back too early makes a firewall's ban longer."""
    answer(status=429, headers={"Retry-After": "7"})
    answer(status=503, headers={"Retry-After": "Tue, 14 Nov 2023 22:13:30 GMT"})
    answer(json=[])
    pauses: list[float] = []
    client(pauses=pauses).list(ORDERS, {})
    assert pauses == [7.0, 10.0]


@responses.activate
def test_php_messages_are_named_with_their_remedy() -> None:
    """The operator would search for a network fault while the shop prints warnings."""
    answer(body="<b>Notice</b>: secret value of kund@example.com<br />[]")
    with pytest.raises(UnreachableError, match="PHP messages") as caught:
        client().list(ORDERS, {})
    assert "WP_DEBUG_DISPLAY" in caught.value.remedy
    assert "example.com" not in str(caught.value)


@responses.activate(registry=OrderedRegistry)
def test_a_slow_shop_is_asked_for_less() -> None:
    """A shop that needs more than a minute for 100 orders could never be read."""
    answer(body=requests.ReadTimeout("slow"))
    answer(status=504)
    answer(json=[], headers={"X-WP-Total": "0"})
    shop = client()
    assert shop.list(ORDERS, {}).per_page == 25
    asked = [parse_qs(urlsplit(call.request.url).query)["per_page"] for call in responses.calls]
    assert asked == [["100"], ["50"], ["25"]]


@responses.activate
@pytest.mark.parametrize(
    ("body", "error", "remedy"),
    [
        (
            refusal("woocommerce_rest_authentication_error", "Consumer secret is invalid."),
            "consumer secret is wrong",
            "new key",
        ),
        (
            refusal(
                "woocommerce_rest_authentication_error",
                "The API key provided does not have read permissions.",
            ),
            "may not read",
            "Read",
        ),
    ],
)
def test_refusals_are_final_and_say_what_to_do(
    body: dict[str, Any], error: str, remedy: str
) -> None:
    """A wrong key tried again and again locks the shop's firewall, and tells the user nothing."""
    answer(status=401, json=body)
    with pytest.raises(FatalError, match=error) as caught:
        client().list(ORDERS, {})
    assert remedy in caught.value.remedy
    assert len(responses.calls) == 1


@responses.activate(registry=OrderedRegistry)
def test_unknown_key_is_told_from_missing_rights() -> None:
    """WooCommerce answers an unknown key as if nobody had asked; the signed request tells."""
    answer(status=401, json=ANONYMOUS)
    invalid = refusal("woocommerce_rest_authentication_error", "Consumer key is invalid.")
    answer(status=401, json=invalid)
    with pytest.raises(FatalError, match="does not know the consumer key"):
        client().list(ORDERS, {})


@responses.activate
def test_missing_rights() -> None:
    """The key of a user who may not see orders must be told as such."""
    answer(status=401, json=ANONYMOUS)
    with pytest.raises(RightsError, match="may not read") as caught:
        client().list(ORDERS, {})
    assert "shop manager" in caught.value.remedy


@responses.activate(registry=OrderedRegistry)
def test_lost_authorization_header_is_got_round() -> None:
    """Behind a proxy that drops the header, right keys are refused: OAuth needs no header."""
    answer(status=401, json=ANONYMOUS)
    answer(json=[])
    answer(json=[])
    shop = client()
    shop.list(ORDERS, {})
    shop.list(ORDERS, {})
    signed = ["oauth_signature" in str(call.request.url) for call in responses.calls]
    assert signed == [False, True, True]


@responses.activate(registry=OrderedRegistry)
def test_each_http_try_is_signed_anew() -> None:
    """The shop refuses a nonce that it has seen: a repeated request would be a 401."""
    answer(site=HTTP, status=502)
    answer(site=HTTP, json=[])
    client(HTTP).list(ORDERS, {})
    queries = [parse_qs(urlsplit(call.request.url).query) for call in responses.calls]
    assert queries[0]["oauth_nonce"] != queries[1]["oauth_nonce"]
    assert all("Authorization" not in call.request.headers for call in responses.calls)
    assert all(query["dp"] == ["2"] for query in queries)


@responses.activate
def test_redirect_to_https_is_refused_with_the_address() -> None:
    """A signed http request that follows a redirect gives the signature away and is a 401."""
    target = f"{HTTPS}{ORDERS}?oauth_signature=abc"
    answer(site=HTTP, status=301, headers={"Location": target})
    with pytest.raises(FatalError, match="redirects") as caught:
        client(HTTP).list(ORDERS, {})
    assert HTTPS in caught.value.remedy
    assert "oauth" not in str(caught.value)


@responses.activate
def test_missing_route_and_missing_wordpress_differ() -> None:
    """An older shop is asked otherwise; a wrong address is for the user."""
    answer(status=404, json=refusal("rest_no_route", "No route was found"))
    with pytest.raises(NotFoundError) as caught:
        client().list(ORDERS, {})
    assert caught.value.code == "rest_no_route"
    responses.reset()
    answer(status=404, body="<title>Sidan finns inte</title>", content_type="text/html")
    with pytest.raises(NotFoundError, match="no WordPress REST API") as caught:
        client().list(ORDERS, {})
    assert "permalinks" in caught.value.remedy


@responses.activate
def test_firewall_page_is_told_from_woocommerce() -> None:
    """A blocked machine would be taken for a wrong key."""
    answer(status=403, body="<title>Blocked</title>", content_type="text/html")
    with pytest.raises(FatalError, match="before WooCommerce sees it"):
        client().list(ORDERS, {})


@responses.activate
def test_certificate_is_not_tried_again() -> None:
    """An expired certificate does not heal in a minute."""
    answer(body=requests.exceptions.SSLError("certificate verify failed: certificate has expired"))
    with pytest.raises(FatalError, match="certificate"):
        client().list(ORDERS, {})
    assert len(responses.calls) == 1


@responses.activate
def test_secrets_are_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    """A key in a log or an error lets anybody read the shop's customers."""
    caplog.set_level(logging.INFO)
    url = f"{HTTP}{ORDERS}?oauth_consumer_key={KEY}&oauth_signature=abc"
    answer(site=HTTP, body=requests.ConnectionError(f"no route to {url}"))
    shop = client(HTTP)
    with pytest.raises(UnreachableError) as caught:
        shop.list(ORDERS, {})
    shown = f"{caught.value!s} {caught.value!r} {shop!r} {caplog.text}"
    assert KEY not in shown
    assert SECRET not in shown
    assert "oauth" not in shown
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


@responses.activate
def test_full_page_without_its_total_is_refused() -> None:
    """A proxy that strips X-WP-Total would make a hundred orders look like all of them."""
    answer(body=json.dumps([{"id": n} for n in range(100)]))
    with pytest.raises(FatalError, match="X-WP-Total"):
        client().list(ORDERS, {})


@pytest.mark.parametrize(
    ("written", "site"),
    [
        ("https://Shop.Example/", "https://shop.example"),
        ("https://shop.example:443/butik/", "https://shop.example/butik"),
        ("http://127.0.0.1:8085", "http://127.0.0.1:8085"),
        ("https://shop.example/wp-json/wc/v3", "https://shop.example"),
    ],
)
def test_site_url(written: str, site: str) -> None:
    """OAuth signs the address as the shop writes it: a slash or a port too many is a 401."""
    assert site_url(written) == site


@pytest.mark.parametrize("written", ["", "shop.example", "ftp://shop.example", "https://"])
def test_no_address_is_refused(written: str) -> None:
    """A connection without a host would fail with a message about URLs."""
    with pytest.raises(FatalError, match="address"):
        site_url(written)


@pytest.mark.parametrize(("key", "secret"), [("", "cs"), ("ck", " ")])
def test_missing_key_or_secret(key: str, secret: str) -> None:
    """An empty password would be reported as a wrong one."""
    with pytest.raises(FatalError, match="no consumer"):
        WooCommerceClient(HTTPS, key, secret)
