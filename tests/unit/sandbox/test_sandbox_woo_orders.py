"""Order lists of the sandbox shop: paging, filters, dates and fields as WooCommerce has them."""

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from woo_sandbox_kit import Shop, at, running, second_before, shown

NAMES_OF_TOTALS = ("total", "total_tax", "cart_tax", "shipping_total")


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


def newest_change(shop: Shop) -> dict[str, str]:
    """The order that was modified last."""
    return max(
        (o for o in shop.store.orders.values() if o["status"] != "checkout-draft"),
        key=lambda order: order["date_modified_gmt"],
    )


def invalid(shop: Shop, **params: str) -> dict[str, str]:
    """Parameter -> text of a 400 for invalid parameters."""
    answer = shop.get("/orders", **params)
    assert answer.status_code == 400
    body = answer.json()
    assert body["code"] == "rest_invalid_param"
    assert body["message"] == f"Invalid parameter(s): {', '.join(body['data']['params'])}"
    return dict(body["data"]["params"])


def test_ten_a_page_newest_first_with_totals(shop: Shop) -> None:
    """A client that relies on the defaults would see another order of things live."""
    answer = shop.get("/orders")
    listed = answer.json()
    visible = [o for o in shop.store.orders.values() if o["status"] != "checkout-draft"]
    assert len(listed) == 10
    assert listed == sorted(listed, key=lambda o: (o["date_created"], o["id"]), reverse=True)
    assert answer.headers["X-WP-Total"] == str(len(visible))
    assert answer.headers["X-WP-TotalPages"] == str(-(-len(visible) // 10))


def test_links_are_prev_and_next_only(shop: Shop) -> None:
    """A client that follows `last` would work here and stop at page 1 live."""
    first, second = shop.get("/orders", page=1), shop.get("/orders", page=2)
    assert set(first.links) == {"next"}
    assert set(second.links) == {"next", "prev"}
    assert first.links["next"]["url"].endswith("orders?page=2&status%5B0%5D=any&dp=2&context=view")


def test_page_beyond_the_end_says_that_there_is_nothing(shop: Shop) -> None:
    """A client that checks the total at the end would never meet the 0 that WooCommerce sends."""
    answer = shop.get("/orders", page=99, per_page=100)
    assert (answer.status_code, answer.json()) == (200, [])
    assert answer.headers["X-WP-Total"] == answer.headers["X-WP-TotalPages"] == "0"
    assert answer.links["prev"]["url"].endswith("?page=0&per_page=100&status%5B0%5D=any")


@pytest.mark.parametrize("per_page", ["0", "101"])
def test_per_page_has_bounds(shop: Shop, per_page: str) -> None:
    """A client that asks for 500 at once would get them here."""
    told = "per_page must be between 1 (inclusive) and 100 (inclusive)"
    assert invalid(shop, per_page=per_page) == {"per_page": told}


def test_all_invalid_parameters_at_once(shop: Shop) -> None:
    """The error that a user sees would name one of two mistakes."""
    assert invalid(shop, per_page="abc", orderby="total") == {
        "per_page": "per_page is not of type integer.",
        "orderby": "orderby is not one of date, id, include, title, slug, and modified.",
    }


def test_unknown_status_is_refused_with_the_list(shop: Shop) -> None:
    """A misspelt status in shops.csv would list nothing instead of failing."""
    shop.store.switches.custom_statuses = ("packing",)
    told = invalid(shop, status="bogus")["status"]
    assert told == (
        "status[0] is not one of any, trash, auto-draft, pending, processing, on-hold, completed, "
        "cancelled, refunded, failed, packing, and checkout-draft."
    )


def test_unknown_parameters_are_ignored(shop: Shop) -> None:
    """A misspelt filter would fail here and be silently ignored live."""
    assert shop.get("/orders", modified_since="2026-11-15").status_code == 200


def test_explicit_statuses(shop: Shop) -> None:
    """Comma lists and PHP arrays would not both work."""
    wanted = {o["id"] for o in shop.store.orders.values()
              if o["status"] in ("completed", "processing")}  # fmt: skip
    assert set(shop.ids(status="completed,processing")) == wanted
    assert set(shop.ids(**{"status[]": ["completed", "processing"]})) == wanted


def test_any_leaves_out_trash_and_drafts_and_wins(shop: Shop) -> None:
    """A deleted order would stay visible, though `any` never shows it."""
    order_id = shop.ids()[0]
    shop.store.trash_order(order_id)
    assert order_id not in shop.ids(status="any,trash")
    assert shop.ids(status="trash") == [order_id]
    statuses = {shop.store.orders[i]["status"] for i in shop.ids(status="any,checkout-draft")}
    assert "checkout-draft" not in statuses


def test_bounds_are_exclusive(shop: Shop) -> None:
    """A cursor at the last second seen would lose its neighbours of the same second."""
    newest = newest_change(shop)
    moment = newest["date_modified_gmt"]
    assert shop.ids(modified_after=moment, dates_are_gmt="true") == []
    one_earlier = {"modified_after": second_before(moment), "dates_are_gmt": "true"}
    assert newest["id"] in shop.ids(**one_earlier)
    assert newest["id"] not in shop.ids(modified_before=moment, **one_earlier)


def test_z_together_with_gmt_flag_loses_the_offset(shop: Shop) -> None:
    """The trap that loses an hour of changes would be harmless here."""
    newest = newest_change(shop)
    cursor = second_before(newest["date_modified_gmt"])
    assert newest["id"] in shop.ids(modified_after=cursor, dates_are_gmt="true")
    assert newest["id"] in shop.ids(modified_after=cursor + "Z")
    assert newest["id"] not in shop.ids(modified_after=cursor + "Z", dates_are_gmt="true")
    an_hour_back = shown(at(cursor) - timedelta(hours=1)) + "Z"
    assert newest["id"] in shop.ids(modified_after=an_hour_back, dates_are_gmt="true")


def test_naive_without_flag_is_the_shops_own_time(shop: Shop) -> None:
    """A window in UTC would be off by the offset, unseen."""
    newest = newest_change(shop)
    local = at(newest["date_modified_gmt"]).astimezone(ZoneInfo("Europe/Stockholm"))
    assert newest["id"] in shop.ids(modified_after=shown(local - timedelta(seconds=1)))
    assert newest["id"] not in shop.ids(modified_after=shown(local))


@pytest.mark.parametrize(
    "text", ["2026-11-15", "2026-11-15T10:00", "1795220112", "2026-13-01T10:00:00"]
)
def test_half_a_date_is_refused(shop: Shop, text: str) -> None:
    """A date without seconds would work here only."""
    assert invalid(shop, modified_after=text) == {"modified_after": "Invalid date."}


@pytest.mark.parametrize("text", ["2026-11-15 10:00:00", "2026-11-15T10:00:00.25Z"])
def test_accepted_dates(shop: Shop, text: str) -> None:
    """A client that writes these would be refused here only."""
    assert shop.get("/orders", after=text).status_code == 200


def test_orderby_modified_breaks_ties_by_id(shop: Shop) -> None:
    """Paging through equal seconds would have no fixed order."""
    ids = list(shop.store.orders)[:3]
    for order_id in reversed(ids):
        shop.store.edit_order(order_id, {"status": "processing", "date_modified_gmt":
                                         "2026-11-21T10:00:00"}, bump=False)  # fmt: skip
    assert shop.ids(orderby="modified", order="asc")[-3:] == ids


def test_orderby_include_keeps_the_given_order(shop: Shop) -> None:
    """Orders fetched by id would come back shuffled."""
    ids = [shop.ids()[i] for i in (4, 0, 2)]
    assert shop.ids(include=",".join(map(str, ids)), orderby="include") == ids


def test_fields_are_whole_top_level_fields(shop: Shop) -> None:
    """A client that asks for a part of the lines would get it here only."""
    head = shop.get("/orders", _fields="id,total", per_page=1).json()[0]
    assert set(head) == {"id", "total"}
    assert shop.get("/orders", _fields="line_items.sku", per_page=2).json() == [[], []]


def test_dates_come_in_naive_pairs(shop: Shop) -> None:
    """A reader that takes the local time for UTC would be right here."""
    order = shop.get("/orders", per_page=1).json()[0]
    local, gmt = order["date_created"], order["date_created_gmt"]
    assert len(local) == len(gmt) == len("2026-11-15T10:00:00")
    assert at(local) - at(gmt) == timedelta(hours=1)


def test_dp_formats_and_more_decimals_do_not_add_up(shop: Shop) -> None:
    """Adding up unrounded lines would seem to be a good idea."""
    order = next(
        o for o in shop.store.orders.values()
        if any(shop.store.data.unrounded[li["id"]]["total"] != f"{li['total']}0000"
               for li in o["line_items"])
    )  # fmt: skip
    plain = shop.get(f"/orders/{order['id']}").json()
    fine = shop.get(f"/orders/{order['id']}", dp=6).json()
    coarse = shop.get(f"/orders/{order['id']}", dp=0).json()
    assert [plain[n] for n in NAMES_OF_TOTALS] == [order[n] for n in NAMES_OF_TOTALS]
    assert [fine[n] for n in NAMES_OF_TOTALS] == [f"{order[n]}0000" for n in NAMES_OF_TOTALS]
    assert all(line["total_tax"].endswith("0000") for line in fine["line_items"])
    assert any(not line["total"].endswith("0000") for line in fine["line_items"])
    assert "." not in coarse["total"]


def test_default_decimals_are_the_shops(shop: Shop) -> None:
    """A shop that shows whole kronor would hide that `dp` has to be sent."""
    shop.store.data.settings["general/woocommerce_price_num_decimals"]["value"] = "0"
    assert "." not in shop.get("/orders", per_page=1).json()[0]["total"]
    assert "." in shop.get("/orders", per_page=1, dp=2).json()[0]["total"]


def test_unknown_order_and_route(shop: Shop) -> None:
    """The two kinds of 404 could not be told apart."""
    refund_id = shop.store.refund_order(shop.ids(status="completed")[0])
    for order_id in (999_999_999, refund_id):
        answer = shop.get(f"/orders/{order_id}")
        assert (answer.status_code, answer.json()["code"]) == (
            404, "woocommerce_rest_shop_order_invalid_id")  # fmt: skip
    answer = shop.get("/nosuch")
    assert (answer.status_code, answer.json()["code"]) == (404, "rest_no_route")


def test_wire_is_phps_json(shop: Shop) -> None:
    """A client that reads text instead of JSON would not meet escaped slashes and letters."""
    text = shop.get("/orders", per_page=1).text
    assert text.isascii()
    assert "\\/wp-json\\/wc\\/v3\\/orders" in text
