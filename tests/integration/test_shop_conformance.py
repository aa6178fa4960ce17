"""Every shop system is held to the same promises; a new one adds its class here."""

import copy
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import pytest
from tests.support.shop_conformance import SALES, ShopConformance, Truth

from fortnox.sandbox.faults import FaultRule
from fortnox.sandbox.server import RunningServer, start
from fortnox.sandbox.textalk import DEFAULT_TOKEN, WEBSHOP
from fortnox.sandbox.textalk import Drift as TextalkDrift
from fortnox.sandbox.textalk import create_app as create_textalk
from fortnox.sandbox.textalk.store import Store as TextalkStore
from fortnox.sandbox.woocommerce import DEFAULT_KEY, DEFAULT_SECRET
from fortnox.sandbox.woocommerce import create_app as create_woocommerce
from fortnox.sandbox.woocommerce.store import Drift as WooDrift
from fortnox.sandbox.woocommerce.store import Store as WooStore
from fortnox.shops.base import Shop
from fortnox.shops.patience import Patience
from fortnox.shops.textalk import Access, TextalkSettings, TextalkShop
from fortnox.shops.woocommerce import WooCommerceShop


class WooCommerceSystem:
    """WooCommerce's sandbox and adapter."""

    secrets = (DEFAULT_KEY, DEFAULT_SECRET, "oauth_signature")

    def __init__(self, server: RunningServer, store: WooStore) -> None:
        self._url, self._store = server.url, store

    def shop(self, *, key_works: bool = True) -> Shop:
        secret = DEFAULT_SECRET if key_works else "cs_wrong"
        return WooCommerceShop(self._url, DEFAULT_KEY, secret, sleep=lambda _: None)

    def truth(self) -> dict[str, Truth]:
        return {
            str(order["id"]): Truth(
                _utc(order["date_created_gmt"] + "Z"),
                _utc(order["date_modified_gmt"] + "Z"),
                int(Decimal(order["total"]) * 100),
                order["currency"],
            )
            for order in self._store.orders.values()
            if order["status"] != "checkout-draft"
        }

    def touch(self, order_id: str, moment: datetime) -> None:
        changes = {"date_modified_gmt": moment.strftime("%Y-%m-%dT%H:%M:%S")}
        self._store.edit_order(int(order_id), changes, bump=False)

    def drift(self, after_lists: int, action: str, order_id: str) -> None:
        self._store.drifts.append(WooDrift(after_lists, action, int(order_id)))

    def fault(self, rule: FaultRule) -> None:
        self._store.faults.add(rule)

    def personal_data(self) -> tuple[str, ...]:
        return tuple(order["billing"]["email"] for order in self._store.orders.values())


class TextalkSystem:
    """Textalk's sandbox and adapter."""

    secrets = (DEFAULT_TOKEN, quote(DEFAULT_TOKEN, safe=""), "auth=")

    def __init__(self, server: RunningServer, store: TextalkStore) -> None:
        self._url, self._store = server.url, store

    def shop(self, *, key_works: bool = True) -> Shop:
        secret = DEFAULT_TOKEN if key_works else "wrong"
        return TextalkShop(
            self._url,
            Access(webshop=str(WEBSHOP), secret=secret),
            settings=TextalkSettings(eu_vat="origin"),
            patience=Patience(sleep=lambda _: None),
        )

    def truth(self) -> dict[str, Truth]:
        return {
            str(uid): Truth(
                _utc(order["ordered"]),
                _utc(order["changed"]),
                int(Decimal(order["costs"]["total"]["incVat"]) * 100),
                order["currency"],
            )
            for uid, order in self._store.orders.items()
            if order["ordered"]
        }

    def touch(self, order_id: str, moment: datetime) -> None:
        changes = {"changed": moment.strftime("%Y-%m-%dT%H:%M:%SZ")}
        self._store.edit_order(int(order_id), changes, bump=False)

    def drift(self, after_lists: int, action: str, order_id: str) -> None:
        drift = TextalkDrift(after_lists=after_lists, action=action, uid=int(order_id))
        self._store.drifts.append(drift)

    def fault(self, rule: FaultRule) -> None:
        self._store.faults.add(rule)

    def personal_data(self) -> tuple[str, ...]:
        return tuple(one["customer"]["info"]["email"] for one in self._store.orders.values())


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, Any]]:
    """Both shops, served once."""
    woocommerce, textalk = create_woocommerce(copy.deepcopy(SALES)), create_textalk(SALES)
    with start(woocommerce) as first, start(textalk) as second:
        yield {
            "woocommerce": (first, woocommerce.state.woocommerce),
            "textalk": (second, textalk.state.textalk),
        }


class TestWooCommerce(ShopConformance):
    @pytest.fixture
    def system(self, servers: dict[str, Any]) -> WooCommerceSystem:
        server, store = servers["woocommerce"]
        store.reset()
        return WooCommerceSystem(server, store)


class TestTextalk(ShopConformance):
    @pytest.fixture
    def system(self, servers: dict[str, Any]) -> TextalkSystem:
        server, store = servers["textalk"]
        store.reset()
        return TextalkSystem(server, store)


class TestTextalkWithoutFilters(TestTextalk):
    """The same where the shop can't filter by change or uid, cuts lists and adds in fractions."""

    @pytest.fixture
    def system(self, servers: dict[str, Any]) -> TextalkSystem:
        server, store = servers["textalk"]
        store.reset()
        store.switch(
            unfilterable=("/changed", "/uid"), max_limit=37, inclusive=False, float_noise=True,
            company_field="info/company",
        )  # fmt: skip
        return TextalkSystem(server, store)
