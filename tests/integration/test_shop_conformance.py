"""Every shop system is held to the same promises; a new one adds its class here."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.support.shop_conformance import ShopConformance
from tests.support.shop_systems import (
    TextalkSystem,
    WooCommerceSystem,
    serving,
    textalk_system,
    woocommerce_system,
)
from tests.support.two_way_conformance import TwoWayConformance


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, Any]]:
    """Both shops, served once."""
    with serving() as served:
        yield served


class TestWooCommerce(ShopConformance, TwoWayConformance):
    @pytest.fixture
    def system(self, servers: dict[str, Any]) -> WooCommerceSystem:
        return woocommerce_system(servers)


class TestTextalk(ShopConformance, TwoWayConformance):
    @pytest.fixture
    def system(self, servers: dict[str, Any]) -> TextalkSystem:
        return textalk_system(servers)


class TestTextalkWithoutFilters(TestTextalk):
    """The same where the shop can't filter by change or uid, cuts lists and adds in fractions."""

    @pytest.fixture
    def system(self, servers: dict[str, Any]) -> TextalkSystem:
        return textalk_system(servers, is_hard=True)
