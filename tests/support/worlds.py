"""A sandbox shop and a sandbox Fortnox over real HTTP, and Airflow connections to them."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from typing import Any
from unittest import mock

import requests

from fortnox.api.auth import ClientCredentials
from fortnox.api.client import FortnoxClient
from fortnox.api.limiter import Pacer
from fortnox.sandbox.fortnox.app import create_app as create_fortnox
from fortnox.sandbox.fortnox.unknowns import Switches
from fortnox.sandbox.seed import ShopData, generate
from fortnox.sandbox.server import start
from fortnox.sandbox.woocommerce import DEFAULT_KEY, DEFAULT_SECRET
from fortnox.sandbox.woocommerce import create_app as create_woocommerce
from fortnox.shops.woocommerce import WooCommerceShop

END_DAY = date(2026, 11, 20)
CLIENT_ID, CLIENT_SECRET, TENANT = "sandbox-client", "sandbox-secret-0000", "1000001"


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Both sandboxes, running; ``fortnox`` and ``woocommerce`` are their stores.

    ``faults`` is the Fortnox sandbox's book of faults, ``woocommerce.faults`` the shop's.
    """

    fortnox_url: str
    shop_url: str
    fortnox: Any
    woocommerce: Any
    faults: Any

    def client(self, **changed: Any) -> FortnoxClient:
        """A client that does not pace: the sandbox's own rate limit is off in a world.

        One request at a time, unless ``lanes`` says otherwise: tests count them.
        """
        session = changed.get("session") or requests.Session()
        tokens = ClientCredentials(
            token_url=f"{self.fortnox_url}/oauth-v1/token",
            client_id=CLIENT_ID,
            client_secret=CLIENT_SECRET,
            tenant_id=TENANT,
            session=session,
        )
        values: dict[str, Any] = {
            "base_url": f"{self.fortnox_url}/3",
            "tokens": tokens,
            "pacer": Pacer(per_window=10_000),
            "session": session,
            "sleep": lambda _: None,
        }
        values.update(changed)
        return FortnoxClient(**values)

    def shop(self) -> WooCommerceShop:
        """The shop's adapter."""
        return WooCommerceShop(self.shop_url, DEFAULT_KEY, DEFAULT_SECRET)

    def control(self, path: str, /, **body: Any) -> Any:
        """A call to the sandbox Fortnox's control routes; GET without a body."""
        url = f"{self.fortnox_url}/_sandbox/{path}"
        answer = (
            requests.post(url, json=body, timeout=10) if body else requests.get(url, timeout=10)
        )
        answer.raise_for_status()
        return answer.json()

    def environment(self) -> dict[str, str]:
        """Airflow connections to this world, as environment variables."""
        return {
            "AIRFLOW_CONN_FORTNOX_DEMO": json.dumps(
                {
                    "conn_type": "fortnox",
                    "host": f"{self.fortnox_url}/3",
                    "login": CLIENT_ID,
                    "password": CLIENT_SECRET,
                    "extra": {
                        "tenant_id": TENANT,
                        "token_url": f"{self.fortnox_url}/oauth-v1/token",
                        "requests_per_5s": 5000,
                    },
                }
            ),
            "AIRFLOW_CONN_WOOCOMMERCE_DEMO": json.dumps(
                {
                    "conn_type": "woocommerce",
                    "host": self.shop_url,
                    "login": DEFAULT_KEY,
                    "password": DEFAULT_SECRET,
                }
            ),
        }


@cache
def _ten_days() -> ShopData:
    """What a world's shop has sold; each shop begins with a copy."""
    return generate(end_day=END_DAY, days=10, orders_per_day=6)


@contextmanager
def world(data: ShopData | None = None, **switches: Any) -> Iterator[World]:
    """Start both sandboxes on free ports; stop them afterwards. Without rate limit by default."""
    shop_data = data or _ten_days()
    answers = Switches(**{"rate_limit": 0, **switches})
    fortnox_app, shop_app = create_fortnox(switches=answers), create_woocommerce(shop_data)
    with start(fortnox_app) as fortnox, start(shop_app) as shop:
        made = World(
            fortnox_url=fortnox.url,
            shop_url=shop.url,
            fortnox=fortnox_app.state.fortnox,
            woocommerce=shop_app.state.woocommerce,
            faults=fortnox_app.state.faults,
        )
        yield made


@contextmanager
def lists_without_lag() -> Iterator[None]:
    """Apply does not wait for Fortnox's lists: a world's show each write at once.

    The waiting itself, over lists that lag, is tested with ``apply_invoices`` (test_once_faults).
    """
    from fortnox.steps import apply

    at_once = partial(apply.apply_invoices, settle_after_s=0)
    with mock.patch.object(apply, "apply_invoices", at_once):
        yield


@contextmanager
def environment(values: dict[str, str]) -> Iterator[None]:
    """Set environment variables for a while."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
