"""A Textalk order as canonical values: exact, or with the reason why not."""

import copy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.builders import mappings, shop_row

from fortnox.core.errors import FatalError
from fortnox.core.orders import BuyerKind, LineKind, Order
from fortnox.core.untaxed import identified
from fortnox.shops.textalk.convert import ShopFacts, head_from_json, order_from_json
from fortnox.shops.textalk.fields import amount_ore, rate_pct
from fortnox.shops.textalk.settings import TextalkSettings


def cost(gross: str, vat: str, rate: str = "0.25") -> dict[str, Any]:
    """A ``Costs`` object."""
    gross_of, vat_of = Decimal(gross), Decimal(vat)
    return {"currency": "SEK", "incVat": gross_of, "vat": vat_of, "exVat": gross_of - vat_of,
            "vatRate": Decimal(rate)}  # fmt: skip


def item(uid: int, gross: str, vat: str, rate: str = "0.25", **changes: Any) -> dict[str, Any]:
    """An item of two pieces."""
    return {
        "uid": uid,
        "article": {"uid": 5, "type": "Standard"},
        "articleNumber": f"NR-{uid}",
        "articleName": "Mössa",
        "choices": {"quantity": 2},
        "costs": {"total": cost(gross, vat, rate), "unit": {}},
        "discountInfo": None,
        "download": None,
        **changes,
    }


def sale(**changes: Any) -> dict[str, Any]:
    """A paid and sent order of 718.20 for goods at 25 and 6 %, with a discount, freight and fee."""
    discounted = item(1, "798", "159.6")
    discounted["discountInfo"] = {"name": "Vår", **cost("79.8", "15.96")}
    order = {
        "uid": 156900001,
        "orderNumber": "20250",
        "ordered": "2025-03-04T08:15:02Z",
        "changed": "2025-03-09T08:20:11Z",
        "currency": "SEK",
        "discarded": False,
        "hasVat": True,
        "paymentStatus": "paid",
        "deliveryStatus": "sent",
        "customer": {
            "info": {"type": "individual", "email": "eva@example.se", "nin": "8001019999"},
            "address": {"firstName": "Eva", "lastName": "Ek", "address": "Gatan 1",
                        "postcode": "11122", "town": "Stockholm", "country": "se",
                        "phoneMobile": "070"},
            "deliveryAddress": {"copyAddress": True, "country": "NO"},
        },
        "items": [discounted, item(2, "212", "12", "0.06")],
        "costs": {
            "cart": cost("930.2", "155.64", "0.20093989"),
            "payment": cost("29", "5.8"),
            "shipment": cost("59", "11.8"),
            "total": cost("1018.2", "173.24", "0.20502746"),
        },
        "payments": [{"uid": 1, "method": 342615, "status": "paid", "amount": Decimal("1018.2")}],
    }  # fmt: skip
    return {**copy.deepcopy(order), **changes}


def read(order: dict[str, Any], **settings: Any) -> Order:
    """The order as a Swedish shop's adapter gives it."""
    return order_from_json(order, ShopFacts(vat_country="SE", settings=TextalkSettings(**settings)))


def codes(order: dict[str, Any], **settings: Any) -> list[str]:
    """Why it is held."""
    return [problem.code for problem in read(order, **settings).problems]


def test_an_ordinary_sale_to_the_ore() -> None:
    """Discount taken twice or not at all, freight at a blended rate: wrong VAT on every order."""
    order = read(sale())
    assert order.problems == ()
    told = [(line.kind, line.gross_ore, line.vat_ore, line.vat_rate_pct) for line in order.lines]
    assert told == [
        (LineKind.GOODS, 71820, 14364, 25),
        (LineKind.GOODS, 21200, 1200, 6),
        (LineKind.SHIPPING, 5900, 1180, 25),
        (LineKind.FEE, 2900, 580, 25),
    ]
    assert order.head.total_ore == 101820
    assert order.total_vat_ore == 17324
    assert order.lines[0].quantity == 2
    assert {line.vat_country for line in order.lines} == {"SE"}


def test_dates_are_the_order_s_own() -> None:
    """``changed`` moves with every edit; a booked sale would move to another day with it."""
    head = read(sale()).head
    assert head.paid_utc == head.delivered_utc == head.created_utc
    assert head.modified_utc > head.created_utc
    open_head = read(sale(paymentStatus="unpaid", deliveryStatus="unsent")).head
    assert open_head.paid_utc is None
    assert open_head.delivered_utc is None


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, "sent"),
        ({"deliveryStatus": "unsent"}, "paid"),
        ({"deliveryStatus": "partial", "paymentStatus": "reserved"}, "reserved"),
        ({"discarded": True}, "discarded"),
    ],
)
def test_one_word_for_the_mapping(changes: dict[str, Any], status: str) -> None:
    """A discarded or unpaid order would count as a sale."""
    assert read(sale(**changes)).head.status == status


def test_reserved_is_paid_only_if_the_owner_says_so() -> None:
    """A reserved card payment that is never captured would be booked as a sale."""
    reserved = sale(paymentStatus="reserved", deliveryStatus="unsent")
    assert read(reserved).head.paid_utc is None
    assert read(reserved, paid_statuses=("paid", "reserved")).head.paid_utc is not None


def test_a_private_number_stays_in_the_shop() -> None:
    """A personal identity number would be stored, and land on a card in Fortnox."""
    buyer = read(sale()).buyer
    assert buyer.kind is BuyerKind.PRIVATE
    assert buyer.organisation_number == ""
    assert buyer.billing.country == buyer.delivery.country == "SE"


@pytest.mark.parametrize("place", ["info", "address"])
@pytest.mark.parametrize("field", ["company", "companyName", "organisation"])
def test_a_company_wherever_its_name_stands(place: str, field: str) -> None:
    """An invoice to a company would be made out to the person who ordered."""
    order = sale()
    order["customer"]["info"] |= {"type": "business", "nin": "559000-0005"}
    assert codes(order) == ["company_without_name"]
    order["customer"][place][field] = "Gran AB"
    buyer = read(order).buyer
    assert (buyer.company, buyer.organisation_number) == ("Gran AB", "559000-0005")
    assert buyer.kind is BuyerKind.COMPANY


def test_delivery_elsewhere() -> None:
    """Goods sent abroad would be booked as a sale at home."""
    order = sale()
    there = {"copyAddress": False, "address": "Gate 2", "town": "Oslo", "country": "NO"}
    order["customer"]["deliveryAddress"] = there
    assert read(order).buyer.delivery.country == "NO"
    del order["customer"]["deliveryAddress"]["country"]
    assert read(order).buyer.delivery.country == "SE"


def test_goods_services_and_gift_cards() -> None:
    """Services on the goods' account, or a gift card sold as goods with its VAT forgotten."""
    assert read(sale()).lines[0].kind is LineKind.GOODS
    assert read(sale(), service_articles=("TJ-*", "NR-1")).lines[0].kind is LineKind.SERVICE
    for changes, kind in (
        ({"download": {"url": "x"}}, LineKind.SERVICE),
        ({"article": {"uid": 5, "type": "GiftCard"}}, LineKind.GIFT_CARD),
        ({"article": {"uid": 5, "type": "Package"}}, LineKind.ARTICLE),
        ({"article": None}, LineKind.GOODS),
    ):
        order = sale()
        order["items"][1] |= changes
        assert read(order).lines[1].kind is kind


def test_vat_to_other_eu_countries_needs_the_owner_s_word() -> None:
    """25 % to Denmark may be Danish or Swedish VAT; a guess pays the wrong state."""
    order = sale()
    order["customer"]["address"]["country"] = "DK"
    assert codes(order) == ["vat_country_unknown"]
    for eu_vat, country in (("origin", "SE"), ("destination", "DK")):
        found = read(order, eu_vat=eu_vat)
        assert found.problems == ()
        assert {line.vat_country for line in found.lines} == {country}


def test_a_sale_without_vat_names_no_rate() -> None:
    """Export would be held for a rate of 0 % that is no rate, or a domestic sale booked exempt."""
    order = sale(hasVat=False)
    order["items"] = [item(1, "500", "0", "0")]
    order["costs"] = {"cart": cost("500", "0", "0"), "total": cost("500", "0", "0"),
                      "shipment": cost("0", "0", "0"), "payment": cost("0", "0", "0")}  # fmt: skip
    order["payments"][0]["amount"] = 500
    order["customer"]["address"]["country"] = "NO"
    found = read(order)
    assert found.problems == ()
    assert [line.vat_rate_pct for line in found.lines] == [None]
    assert found.buyer.vat_exempt


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("items", [], "cart_differs"),
        ("items/0/discountInfo", None, "cart_differs"),
        ("items/0/costs/total/vat", Decimal(150), "amounts_differ"),
        ("items/0/costs/total/incVat", "798", "unreadable_amount"),
        ("items/1/costs/total/incVat", Decimal("212.004"), "unreadable_amount"),
        ("items/0/choices/quantity", 0, "unreadable_quantity"),
        ("costs/shipment/vatRate", Decimal("0.11885674"), "unknown_vat_rate"),
        ("costs/payment/vatRate", None, "unknown_vat_rate"),
        ("payments/0/amount", 900, "payments_differ"),
        (
            "payments",
            [{"method": one, "status": "paid", "amount": Decimal("509.1")} for one in (8, 9)],
            "several_payments",
        ),
        ("discarded", True, "discarded_after_payment"),
    ],
)
def test_doubt_holds_the_order(path: str, value: Any, code: str) -> None:
    """What is not certain would be booked on a guess."""
    order = sale()
    *way, last = path.split("/")
    place: Any = order
    for step in way:
        place = place[int(step) if step.isdecimal() else step]
    place[last] = value
    problems = read(order).problems
    assert [problem.code for problem in problems] == [code]
    assert all(problem.remedy for problem in problems)
    assert "Eva" not in "".join(problem.text for problem in problems)


def test_payments_that_came_to_nothing_do_not_count() -> None:
    """A card that was refused before Klarna paid would hold every such order."""
    order = sale()
    order["payments"] += [
        {"uid": 2, "method": 9, "status": "cancelled", "amount": 1},
        {"uid": 3, "method": 8, "status": "prepared", "amount": Decimal("1018.2")},
    ]
    assert read(order).problems == ()
    assert read(order).head.payment_method == "342615"


GIFT = {"uid": 342607, "type": "giftcard"}
CARD = {"uid": 342602, "type": "card"}


def paid_by(*payments: tuple[dict[str, Any], str]) -> dict[str, Any]:
    """The order of 1018.20, paid in these ways."""
    return sale(
        payments=[
            {"uid": number, "method": method, "status": "paid", "amount": Decimal(amount)}
            for number, (method, amount) in enumerate(payments)
        ]
    )


def test_a_gift_card_pays_its_part_and_the_card_the_rest() -> None:
    """The order would be held for ever, or the card's sale be booked as paid twice."""
    found = read(paid_by((GIFT, "200"), (CARD, "818.20")))
    assert found.problems == ()
    assert (found.head.payment_method, found.head.total_ore) == ("342602", 81820)
    assert found.total_vat_ore == 17324, "a gift card never lowers the VAT"
    named = identified(found, shop_row(platform="textalk"), mappings())
    assert isinstance(named, Order)
    assert named.lines[-1].kind is LineKind.GIFT_CARD
    assert sum(one.gross_ore for one in named.lines) == 81820


def test_a_gift_card_alone_is_the_method() -> None:
    """An order of 0.00 would be left out, with its goods and their VAT."""
    found = read(paid_by((GIFT, "1018.20")))
    assert (found.head.payment_method, found.head.total_ore) == ("342607", 101820)
    assert (found.unlisted, found.problems) == ((), ())


@pytest.mark.parametrize(
    ("payments", "code"),
    [
        ([(GIFT, "100"), (CARD, "818.20")], "payments_differ"),
        ([(GIFT, "200"), (CARD, "500"), ({"uid": 1, "type": "swish"}, "318.20")],
         "several_payments"),
    ],
)  # fmt: skip
def test_a_gift_card_beside_what_does_not_add_up_holds(payments: Any, code: str) -> None:
    """Money that is nowhere would be booked as paid."""
    assert codes(paid_by(*payments)) == [code]


def test_an_unreadable_time_of_order_stops() -> None:
    """Orders would fall on 1970, and be booked there or nowhere."""
    with pytest.raises(FatalError, match="156900001"):
        head_from_json(sale(ordered="yesterday"), TextalkSettings())


@given(ore=st.integers(-(10**12), 10**12), noise=st.integers(-9, 9))
def test_binary_fractions_are_read_as_the_ore_they_mean(ore: int, noise: int) -> None:
    """30.000000000000004 would hold the order, or be cut to another öre."""
    value = Decimal(ore) / 100 + Decimal(noise) * Decimal("1e-7")
    problems: list[Any] = []
    assert amount_ore({"x": value}, "x", "here", problems) == ore
    assert problems == []


@given(rate=st.integers(0, 5000))
def test_rates_of_two_decimals_are_read_exactly(rate: int) -> None:
    """25 % as 25.000000000000004 would find no account."""
    fraction = Decimal(repr(rate / 10000))
    assert rate_pct({"vatRate": fraction}) == Decimal(rate) / 100
