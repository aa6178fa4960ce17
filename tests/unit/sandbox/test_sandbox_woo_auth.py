"""Authentication of the sandbox shop: as strict as WooCommerce, with its words."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import requests
from woo_sandbox_kit import Shop, running, signed

from fortnox.sandbox.woocommerce import DEFAULT_KEY, DEFAULT_SECRET, ApiKey

ANONYMOUS = ("woocommerce_rest_cannot_view", "Sorry, you cannot list resources.")
WRONG = "woocommerce_rest_authentication_error"


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


def refusal(answer: requests.Response) -> tuple[str, str]:
    """Code and text of a 401."""
    body = answer.json()
    assert answer.status_code == 401
    assert body["data"] == {"status": 401}
    return body["code"], body["message"]


def test_default_key_has_woocommerce_form() -> None:
    """A user who types the demo's key into a form that checks the form would be stopped."""
    assert len(DEFAULT_KEY) == len(DEFAULT_SECRET) == 43
    assert int(DEFAULT_KEY.removeprefix("ck_"), 16)
    assert int(DEFAULT_SECRET.removeprefix("cs_"), 16)


def test_basic_over_http_is_not_looked_at(shop: Shop) -> None:
    """A client that sends its secret over plain http would seem to work here and fail live."""
    answer = requests.get(f"{shop.api}/orders", auth=(DEFAULT_KEY, DEFAULT_SECRET), timeout=5)
    assert refusal(answer) == ANONYMOUS


def test_basic_works_when_the_proxy_tells_https(shop: Shop) -> None:
    """A shop behind a TLS proxy could not be staged."""
    assert shop.get("/orders").status_code == 200


def test_basic_works_when_served_behind_tls() -> None:
    """`behind_tls=True` would not do what it says."""
    with running(behind_tls=True) as shop:
        answer = requests.get(f"{shop.api}/orders", auth=(DEFAULT_KEY, DEFAULT_SECRET), timeout=5)
        assert answer.status_code == 200


@pytest.mark.parametrize("auth", [None, ("ck_" + "0" * 40, DEFAULT_SECRET)])
def test_unknown_key_looks_like_no_key(shop: Shop, auth: tuple[str, str] | None) -> None:
    """Preflight could not be tested for the answer that says least."""
    assert refusal(shop.send("GET", "/orders", auth=auth)) == ANONYMOUS


def test_owner_without_rights_looks_like_no_key(shop: Shop) -> None:
    """A key of a user without rights would be let in."""
    shop.store.add_key(ApiKey(denied=("system_status",)))
    assert refusal(shop.get("/system_status")) == ANONYMOUS
    assert shop.get("/orders").status_code == 200


def test_wrong_secret_is_told(shop: Shop) -> None:
    """The one credential error that WooCommerce names would be hidden."""
    answer = shop.send("GET", "/orders", auth=(DEFAULT_KEY, "cs_wrong"))
    assert refusal(answer) == (WRONG, "Consumer secret is invalid.")


def test_key_in_query_repeats_the_secret_in_the_link(shop: Shop) -> None:
    """A client that follows links would leak nothing here and its secret live."""
    pair = {"consumer_key": DEFAULT_KEY, "consumer_secret": DEFAULT_SECRET}
    over_http = requests.get(f"{shop.api}/orders", params=pair, timeout=5)
    assert refusal(over_http) == ANONYMOUS
    answer = shop.send("GET", "/orders", auth=None, params=pair)
    assert answer.status_code == 200
    assert DEFAULT_SECRET in answer.headers["Link"]


@pytest.mark.parametrize("method", ["HMAC-SHA256", "HMAC-SHA1"])
def test_oauth_over_http(shop: Shop, method: str) -> None:
    """The demo's own way in would be closed."""
    url = f"{shop.api}/orders"
    params = signed(url, {"per_page": "2", "status": "processing,completed"},
                    oauth_signature_method=method)  # fmt: skip
    answer = requests.get(url, params=params, timeout=5)
    assert answer.status_code == 200
    assert len(answer.json()) == 2
    assert "oauth_signature" in answer.headers["Link"]


def test_oauth_in_the_header(shop: Shop) -> None:
    """Clients that sign in the Authorization header would be shut out."""
    url = f"{shop.api}/orders"
    pairs = ", ".join(
        f'{k}="{requests.utils.quote(v, safe="")}"' for k, v in signed(url, {}).items()
    )
    answer = requests.get(url, headers={"Authorization": f"OAuth {pairs}"}, timeout=5)
    assert answer.status_code == 200


def test_known_signature_is_accepted() -> None:
    """Server and client of the tests could share a mistake; this signature was made elsewhere."""
    then = datetime.fromtimestamp(1_700_000_000, UTC)
    with running(store_now=then) as shop:
        shop.store.add_key(ApiKey(key="ck_test", secret="cs_test"))
        shop.store.switches.home_url = "http://shop.example"
        params = {
            "oauth_consumer_key": "ck_test",
            "oauth_timestamp": "1700000000",
            "oauth_nonce": "n1",
            "oauth_signature_method": "HMAC-SHA256",
            "per_page": "100",
            "status": "processing,completed",
            "oauth_signature": "O48iTb8DFwDVom9g4TR5liP5UHKYdp8hFkdCHlGgFKc=",
        }
        assert requests.get(f"{shop.api}/orders", params=params, timeout=5).status_code == 200


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"oauth_consumer_key": "ck_" + "0" * 40}, "Consumer key is invalid."),
        ({"secret": "cs_wrong"}, "Invalid signature - provided signature does not match."),
        ({"oauth_timestamp": str(int(time.time()) - 3600)}, "Invalid timestamp."),
        ({"oauth_timestamp": "soon"}, "Invalid timestamp."),
    ],
)
def test_oauth_tells_what_is_wrong(shop: Shop, change: dict[str, str], message: str) -> None:
    """A client's remedy texts could not be tested against the real words."""
    url = f"{shop.api}/orders"
    answer = requests.get(url, params=signed(url, {}, **change), timeout=5)
    assert refusal(answer) == (WRONG, message)


def test_nonce_is_taken_once(shop: Shop) -> None:
    """A retry that is not signed anew would pass here and fail live."""
    url = f"{shop.api}/orders"
    params = signed(url, {})
    assert requests.get(url, params=params, timeout=5).status_code == 200
    again = requests.get(url, params=params, timeout=5)
    assert refusal(again) == (WRONG, "Invalid nonce - nonce has already been used.")


def test_missing_oauth_parameter_is_named(shop: Shop) -> None:
    """A half-signed request would look anonymous."""
    params = signed(f"{shop.api}/orders", {})
    del params["oauth_nonce"]
    answer = requests.get(f"{shop.api}/orders", params=params, timeout=5)
    assert refusal(answer) == (
        "woocommerce_rest_authentication_missing_parameter",
        "Missing OAuth parameter oauth_nonce",
    )


def test_signature_is_over_the_home_url(shop: Shop) -> None:
    """A shop that believes in another address would accept what the real one refuses."""
    shop.store.switches.home_url = "http://shop.example"
    url = f"{shop.api}/orders"
    answer = requests.get(url, params=signed(url, {}), timeout=5)
    assert refusal(answer)[1] == "Invalid signature - provided signature does not match."
    home = signed("http://shop.example/wp-json/wc/v3/orders", {})
    assert requests.get(url, params=home, timeout=5).status_code == 200


def test_read_key_cannot_write(shop: Shop) -> None:
    """The advice to use a read-only key could not be tried."""
    shop.store.add_key(ApiKey(permissions="read"))
    order_id = next(iter(shop.store.orders))
    answer = shop.send("PUT", f"/orders/{order_id}", json={"status": "completed"})
    assert refusal(answer) == (WRONG, "The API key provided does not have write permissions.")


def test_write_key_cannot_read(shop: Shop) -> None:
    """A key made with the wrong permission would pass preflight here."""
    shop.store.add_key(ApiKey(permissions="write"))
    assert refusal(shop.get("/orders")) == (
        WRONG,
        "The API key provided does not have read permissions.",
    )


def test_secret_is_not_in_the_repr() -> None:
    """A traceback would show the secret."""
    assert DEFAULT_SECRET not in repr(ApiKey())
