"""The sandbox shop's JSON has the members that a real WooCommerce 11 sends, and no others."""

import json
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from fortnox.sandbox.seed import generate
from fortnox.sandbox.woocommerce import DEFAULT_KEY, DEFAULT_SECRET, create_app

RECORDED = Path(__file__).parents[3] / "shared" / "data" / "woocommerce"
pytestmark = pytest.mark.skipif(
    not RECORDED.is_dir(), reason="recorded WooCommerce answers are not beside this repository"
)
LISTS = ("line_items", "tax_lines", "shipping_lines", "fee_lines", "coupon_lines", "refunds")


def recorded(name: str) -> Any:
    """What a real shop answered."""
    return json.loads((RECORDED / name).read_text(encoding="utf-8"))


@cache
def client() -> TestClient:
    """The demo's shop."""
    return TestClient(create_app(generate(end_day=date(2026, 11, 20)), behind_tls=True))


def answered(path: str) -> Any:
    """What the sandbox answers."""
    answer = client().get(f"/wp-json/wc/v3/{path}", auth=(DEFAULT_KEY, DEFAULT_SECRET))
    assert answer.status_code == 200, answer.text
    return answer.json()


def members(items: Iterable[dict[str, Any]]) -> set[str]:
    """All member names of some objects."""
    return {name for item in items for name in item}


def types(items: Iterable[dict[str, Any]], name: str) -> set[str]:
    """The JSON types of one member."""
    numbers = {"int": "number", "float": "number"}
    kinds = (type(item[name]).__name__ for item in items)
    return {numbers.get(kind, kind) for kind in kinds}


def every_order() -> list[dict[str, Any]]:
    """All orders of the demo shop that a list shows."""
    return [order for page in range(1, 6) for order in answered(f"orders?per_page=100&page={page}")]


def test_orders_have_the_same_members_and_types() -> None:
    """An adapter that works on the sandbox would miss a field of the real shop, or the reverse."""
    ours, theirs = every_order(), recorded("orders.json")
    assert members(ours) == members(theirs)
    for name in members(ours):
        assert types(ours, name) <= types(theirs, name), name
    for part in LISTS:
        our_lines = [line for order in ours for line in order[part]]
        their_lines = [line for order in theirs for line in order[part]]
        assert members(our_lines) == members(their_lines), part
        for name in members(our_lines):
            assert types(our_lines, name) <= types(their_lines, name), (part, name)


def test_refunds_have_the_same_members() -> None:
    """A refund would be read by fields that only the sandbox has."""
    ours, theirs = answered("refunds?per_page=100"), recorded("refunds.json")
    assert members(ours) == members(theirs)
    for name in members(ours):
        assert types(ours, name) <= types(theirs, name), name


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("products?per_page=100", "other/111_products.json"),
        ("products/101/variations", "other/119_variations_tshirt.json"),
        ("customers?per_page=100", "other/126_customers.json"),
        ("taxes?per_page=100", "other/131_taxes.json"),
        ("settings/general", "other/133_settings_general.json"),
        ("settings/tax", "other/134_settings_tax.json"),
        ("payment_gateways", "other/141_payment_gateways.json"),
    ],
)
def test_registers_add_no_members_of_their_own(path: str, file: str) -> None:
    """A field that no real shop has would be relied on."""
    ours, theirs = answered(path), recorded(file)
    assert members(ours) <= members(theirs)
    for name in members(ours):
        assert types(ours, name) <= types([t for t in theirs if name in t], name), name


def test_system_status_adds_no_members_of_its_own() -> None:
    """Preflight would read what real shops don't tell."""
    ours, theirs = answered("system_status"), recorded("other/144_system_status.json")
    assert set(ours) <= set(theirs)
    for part in ("environment", "settings", "security"):
        assert set(ours[part]) <= set(theirs[part])
