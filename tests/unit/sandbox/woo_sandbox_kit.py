"""A served sandbox shop and a client that can sign, for the tests of the WooCommerce sandbox."""

import base64
import hashlib
import hmac
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import quote

import requests

from fortnox.sandbox.seed import ShopData, generate
from fortnox.sandbox.server import start
from fortnox.sandbox.woocommerce import DEFAULT_KEY, DEFAULT_SECRET, Store, create_app

TLS = {"X-Forwarded-Proto": "https"}
END_DAY = date(2026, 11, 20)


@cache
def small_shop() -> ShopData:
    """Eight days with twelve orders each; the store copies it, so tests may share it."""
    return generate(end_day=END_DAY, days=8, orders_per_day=12)


@dataclass
class Shop:
    """A running shop."""

    url: str
    store: Store

    @property
    def api(self) -> str:
        """Base address of the REST API."""
        return f"{self.url}/wp-json/wc/v3"

    def get(self, path: str, **params: Any) -> requests.Response:
        """GET with Basic, as if over https."""
        return self.send("GET", path, params=params)

    def send(self, method: str, path: str, **options: Any) -> requests.Response:
        """Any request with Basic, as if over https."""
        auth = options.pop("auth", (DEFAULT_KEY, DEFAULT_SECRET))
        return requests.request(
            method, self.api + path, auth=auth, headers=TLS, timeout=10, **options
        )

    def ids(self, **params: Any) -> list[int]:
        """Ids of the orders listed with these parameters."""
        answer = self.get("/orders", per_page=100, _fields="id", **params)
        assert answer.status_code == 200, answer.text
        return [order["id"] for order in answer.json()]


@contextmanager
def running(store_now: datetime | None = None, **options: Any) -> Iterator[Shop]:
    """Serve a fresh copy of the small shop."""
    app = create_app(options.pop("seed", small_shop()), **options)
    store: Store = app.state.woocommerce
    if store_now is not None:
        store.now = lambda: store_now
    with start(app) as server:
        yield Shop(server.url, store)


def at(text: str) -> datetime:
    """A GMT time as the shop writes it."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def shown(moment: datetime) -> str:
    """A time as the API takes it, without a zone."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


def second_before(text: str) -> str:
    """One second earlier, for the exclusive bounds."""
    return shown(at(text) - timedelta(seconds=1))


def signed(url: str, params: dict[str, str], **change: str) -> dict[str, str]:
    """The parameters with a one-legged OAuth 1.0a signature (RFC 5849), to be sent in the query."""
    secret = change.pop("secret", DEFAULT_SECRET)
    method = change.setdefault("oauth_signature_method", "HMAC-SHA256")
    given = {
        "oauth_consumer_key": DEFAULT_KEY,
        "oauth_timestamp": str(int(time.time())),
        "oauth_nonce": uuid.uuid4().hex,
        **params,
        **change,
    }
    pairs = sorted((quote(k, safe="~"), quote(v, safe="~")) for k, v in given.items())
    text = "&".join(f"{k}={v}" for k, v in pairs)
    base = f"GET&{quote(url, safe='')}&{quote(text, safe='')}"
    digest = {"HMAC-SHA256": hashlib.sha256, "HMAC-SHA1": hashlib.sha1}[method]
    code = hmac.new(f"{secret}&".encode(), base.encode(), digest).digest()
    return given | {"oauth_signature": base64.b64encode(code).decode()}
