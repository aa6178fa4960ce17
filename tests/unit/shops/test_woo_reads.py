"""Reading catalogue, statuses and identity from shops that differ from the newest WooCommerce."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import responses

from fortnox.core.orders import LineKind
from fortnox.shops.woocommerce.catalogue import Catalogue
from fortnox.shops.woocommerce.client import WooCommerceClient
from fortnox.shops.woocommerce.identity import identify
from fortnox.shops.woocommerce.reader import OrderReader
from fortnox.shops.woocommerce.refunds import RefundReader

SITE = "https://shop.example"
API = f"{SITE}/wp-json/wc/v3"
DAY = (datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 7, 2, tzinfo=UTC))


def client() -> WooCommerceClient:
    """A client that does not sleep."""
    return WooCommerceClient(SITE, "ck", "cs", sleep=lambda _: None)


def serve(path: str, body: Any, status: int = 200) -> responses.BaseResponse:
    """What the shop answers on a path."""
    return responses.add(responses.GET, f"{API}{path}", json=body, status=status)


def refuse(path: str, status: int = 404, code: str = "rest_no_route") -> None:
    """WordPress' error."""
    serve(path, {"code": code, "message": "No.", "data": {"status": status}}, status)


@responses.activate
def test_variation_has_its_own_flag() -> None:
    """A lecture sold as a variation of a book would be booked as goods."""
    serve("/products", [{"id": 5, "type": "simple", "virtual": False}])
    variations = [{"id": 58, "virtual": False}, {"id": 59, "virtual": True}]
    serve("/products/57/variations", variations)
    kinds = Catalogue(client()).kinds([(5, 0), (57, 58), (57, 59), (6, 0)])
    assert kinds[5, 0] is LineKind.GOODS
    assert kinds[57, 59] is LineKind.SERVICE
    assert (6, 0) not in kinds


@responses.activate
def test_gift_card_products_of_plugins() -> None:
    """A gift card that was sold is a debt, not a sale."""
    serve("/products", [{"id": 5, "type": "pw-gift-card", "virtual": True}])
    assert Catalogue(client()).kinds([(5, 0)])[5, 0] is LineKind.GIFT_CARD


@responses.activate
def test_deleted_parent_stops_nothing() -> None:
    """One deleted product would hold the whole day."""
    refuse("/products/57/variations", code="woocommerce_rest_product_invalid_id")
    assert Catalogue(client()).kinds([(57, 58)]) == {}


@responses.activate
def test_catalogue_is_asked_once() -> None:
    """The same products again with every hundred orders."""
    asked = serve("/products", [{"id": 5, "type": "simple", "virtual": True}])
    catalogue = Catalogue(client())
    catalogue.kinds([(5, 0), (6, 0)])
    catalogue.kinds([(5, 0), (6, 0)])
    assert asked.call_count == 1


def statuses_asked() -> list[str]:
    """The statuses of the requests for orders."""
    calls = [call.request for call in responses.calls]
    return [
        call.params["status"]  # type: ignore[attr-defined]
        for call in calls
        if "status" in call.params  # type: ignore[attr-defined]
    ]


@responses.activate
def test_statuses_from_the_report_on_an_older_shop() -> None:
    """A plugin's status is in no list of ours: its orders would be lost."""
    refuse("/orders/statuses")
    slugs = ("pending", "wc-awaiting-shipment", "checkout-draft", "trash")
    serve("/reports/orders/totals", [{"slug": slug, "total": 1} for slug in slugs])
    serve("/orders", [])
    assert list(OrderReader(client()).in_span("created", *DAY, "id")) == []
    assert statuses_asked() == ["pending,awaiting-shipment", "trash"]


@responses.activate
def test_any_status_where_the_shop_names_none() -> None:
    """A key without rights to the report still reads orders."""
    refuse("/orders/statuses")
    refuse("/reports/orders/totals", 403, "woocommerce_rest_cannot_view")
    serve("/orders", [{"id": 1, "status": "checkout-draft"}, {"id": 2, "status": "failed"}])
    found = OrderReader(client()).in_span("created", *DAY, "id")
    assert [item["id"] for item in found] == [2]
    assert statuses_asked() == ["any", "trash"]


@responses.activate
def test_refunds_of_an_older_shop_survive_a_deleted_order() -> None:
    """An order deleted while refunds are looked for would stop all the others."""
    refuse("/refunds")
    serve("/orders/statuses", [{"slug": "refunded"}])
    orders = [{"id": id_, "status": "refunded", "refunds": [{"id": 9}]} for id_ in (1, 2)]
    serve("/orders", orders)
    refuse("/orders/1/refunds", code="woocommerce_rest_invalid_order_id")
    made = "2026-07-01T08:00:00"
    serve("/orders/2/refunds", [{"id": 9, "amount": "25.00", "date_created_gmt": made}])
    shop = client()
    reader = RefundReader(shop, OrderReader(shop), Catalogue(shop), lookback=timedelta(days=1))
    found = list(reader.created(*DAY, now_utc=DAY[1]))
    assert [(refund.refund_id, refund.order_id) for refund in found] == [("9", "2")]


@responses.activate
def test_slow_shop_answers_ids_in_parts() -> None:
    """A shop that manages 10 at a time must still give all orders that were asked for."""
    serve("/orders/statuses", [{"slug": "processing"}])
    answers = [
        (list(range(1, 11)), "25"),
        (list(range(11, 21)), "15"),
        (list(range(21, 26)), "5"),
        ([], "0"),
    ]
    for ids, total in answers:
        responses.add(
            responses.GET,
            f"{API}/orders",
            json=[{"id": id_, "status": "processing"} for id_ in ids],
            headers={"X-WP-Total": total},
        )
    shop = client()
    shop.per_page = 10
    found = OrderReader(shop).with_ids(range(1, 26), "id")
    assert [item["id"] for item in found] == list(range(1, 26))


@responses.activate
@pytest.mark.parametrize(
    ("site", "zone"),
    [
        ({"timezone_string": "Europe/Stockholm", "gmt_offset": "1"}, "Europe/Stockholm"),
        ({"timezone_string": "", "gmt_offset": 5.5}, "+05:30"),
        ({"timezone_string": "", "gmt_offset": -3}, "-03:00"),
        ({}, ""),
    ],
)
def test_identity_of_a_shop_that_says_little(site: dict[str, Any], zone: str) -> None:
    """A shop set to an offset has no zone name; preflight compares what it says."""
    serve("/orders", [{"id": 1, "currency": "sek", "version": "8.2", "prices_include_tax": True}])
    for path in ("/system_status", "/settings/general/woocommerce_currency"):
        refuse(path, 403, "woocommerce_rest_cannot_view")
    refuse("/settings/tax/woocommerce_prices_include_tax", 403, "woocommerce_rest_cannot_view")
    responses.add(responses.GET, f"{SITE}/wp-json/", json=site)
    found = identify(client())
    assert (found.version, found.currency, found.timezone) == ("8.2", "SEK", zone)
    assert found.prices_include_vat
