"""Gift cards and store credit that a WooCommerce order names beside its lines."""

from typing import Any

import pytest

from fortnox.core.orders import UnlistedAmount
from fortnox.shops.woocommerce.buyer import MetaKeys
from fortnox.shops.woocommerce.convert import ORDER_FIELDS, order_from_json
from fortnox.shops.woocommerce.unlisted import unlisted_amounts


def meta(key: str, value: Any) -> dict[str, Any]:
    return {"meta_data": [{"id": 1, "key": key, "value": value}]}


def coupon(kind: str, **fields: Any) -> dict[str, Any]:
    return {"coupon_lines": [{"code": "VÅR", "discount_type": kind, **fields}]}


@pytest.mark.parametrize(
    ("data", "name", "amount_ore"),
    [
        ({"gift_cards": [{"code": "A-1", "amount": 100}]}, "gift_cards", 10000),
        (
            {
                "pw_gift_cards_redeemed": [
                    {"number": "B-1", "amount": "20.50"},
                    {"number": "B-2", "amount": 4.5},
                ]
            },
            "pw_gift_cards_redeemed",
            2500,
        ),
        (meta("_ywgc_applied_gift_cards", {"C-1": "12.30"}), "_ywgc_applied_gift_cards", 1230),
        (meta("smart_coupons_contribution", {"d": 7}), "smart_coupons_contribution", 700),
        (meta("_funds_used", "99"), "_funds_used", 9900),
        (coupon("smart_coupon", discount="80", discount_tax="20"), "smart_coupon", 10000),
    ],
)
def test_each_plugins_way_is_read(data: dict[str, Any], name: str, amount_ore: int) -> None:
    """A card that pays for an order would stay unseen, and the order be held."""
    (found,) = unlisted_amounts(data)
    assert (found.name, found.amount_ore) == (name, amount_ore)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"gift_cards": []},
        {"gift_cards": None},
        {"gift_cards": [{"code": "A-1", "amount": "1e400"}]},
        {"gift_cards": [["x"], None, {"amount": True}]},
        meta("_gift_note", "Grattis!"),
        meta("_gift_wrap", True),
        meta("_order_source", "300"),
        coupon("percent", discount="91.47", discount_tax="8.53"),
        coupon("fixed_cart", discount="91.47", discount_tax="8.53"),
        coupon("smart_coupon", discount="", discount_tax=None),
    ],
)
def test_what_is_no_such_money_is_left_out(data: dict[str, Any]) -> None:
    """A greeting or a discount would be taken for a means of payment."""
    assert list(unlisted_amounts(data)) == []


def test_no_cards_number_is_kept() -> None:
    """Who reads the number of a card in a staged file can spend it."""
    data = {"id": 1, "gift_cards": [{"code": "SECRET-1", "amount": "5"}], "total": "1.00"}
    found = order_from_json(data, {}, MetaKeys())
    assert found.unlisted == (
        UnlistedAmount(found_in="order_field", name="gift_cards", amount_ore=500),
    )
    assert "SECRET" not in repr(found)


def test_the_shop_is_asked_for_the_fields() -> None:
    """A field that is not asked for never comes."""
    asked = set(ORDER_FIELDS.split(","))
    assert {"gift_cards", "pw_gift_cards_redeemed", "coupon_lines", "meta_data"} <= asked
