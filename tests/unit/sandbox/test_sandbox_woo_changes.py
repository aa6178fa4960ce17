"""What happens to orders while somebody reads: edits, refunds, trash, drift, faults, restarts."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests
from woo_sandbox_kit import Shop, running

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def server() -> Iterator[Shop]:
    """One server for the module: starting and stopping costs more than the tests."""
    with running(store_now=NOW) as running_shop:
        yield running_shop


@pytest.fixture
def shop(server: Shop) -> Shop:
    """A running shop whose clock stands still, as seeded."""
    server.store.reset()
    return server


def completed(shop: Shop) -> int:
    """An order that is completed and not refunded."""
    return next(
        o["id"] for o in shop.store.orders.values()
        if o["status"] == "completed" and not o["refunds"] and o["line_items"][0]["quantity"] == 1
    )  # fmt: skip


def modified(shop: Shop, order_id: int) -> str:
    """An order's modification time in GMT."""
    return str(shop.get(f"/orders/{order_id}").json()["date_modified_gmt"])


def test_empty_put_moves_the_modification_date(shop: Shop) -> None:
    """A write-back that triggers itself would not be noticed."""
    order_id = completed(shop)
    assert shop.send("PUT", f"/orders/{order_id}", json={}).status_code == 200
    assert modified(shop, order_id) == "2026-11-21T09:30:00"


def test_put_changes_status_and_meta(shop: Shop) -> None:
    """Staff's edits could not be played."""
    order_id = shop.ids(status="processing")[0]
    body = {"status": "completed", "meta_data": [{"key": "_note", "value": "7"}]}
    order = shop.send("PUT", f"/orders/{order_id}", json=body).json()
    assert (order["status"], order["date_completed_gmt"]) == ("completed", "2026-11-21T09:30:00")
    assert ("_note", "7") in [(meta["key"], meta["value"]) for meta in order["meta_data"]]


def test_put_of_an_unknown_order_is_400(shop: Shop) -> None:
    """WooCommerce's odd status would be a surprise."""
    assert shop.send("PUT", "/orders/999999999", json={}).status_code == 400


def test_broken_json_is_refused(shop: Shop) -> None:
    """A client's broken body would be taken for an empty one."""
    answer = shop.send("PUT", f"/orders/{completed(shop)}", data="{")
    assert (answer.status_code, answer.json()["code"]) == (400, "rest_invalid_json")


def test_refund_moves_the_date_or_not(shop: Shop) -> None:
    """A gateway's silent refund could not be played."""
    order_id = completed(shop)
    before = modified(shop, order_id)
    shop.store.refund_order(order_id, full=False, bump=False)
    assert modified(shop, order_id) == before
    refund_id = shop.store.refund_order(order_id, full=False)
    assert modified(shop, order_id) == "2026-11-21T09:30:00"
    shop.store.edit_order(order_id, {"date_modified_gmt": before}, bump=False)
    shop.store.delete_refund(refund_id)
    assert modified(shop, order_id) == before


def test_full_refund_by_lines(shop: Shop) -> None:
    """A full refund would differ from the order by öre."""
    order_id = completed(shop)
    refund_id = shop.store.refund_order(order_id, reason="Ångrat")
    order = shop.get(f"/orders/{order_id}").json()
    refund = shop.get(f"/orders/{order_id}/refunds/{refund_id}").json()
    assert order["status"] == "refunded"
    assert refund["amount"] == order["total"]
    assert order["refunds"][0]["total"] == f"-{order['total']}"
    assert "parent_id" not in refund
    sold, back = order["line_items"][0], refund["line_items"][0]
    assert (back["quantity"], back["total"]) == (-sold["quantity"], f"-{sold['total']}")
    assert back["meta_data"][0]["value"] == str(sold["id"])


def test_refund_without_amount_shows_a_lone_sign(shop: Shop) -> None:
    """The value that is not a number would not be met before a real shop sends it."""
    order_id = completed(shop)
    shop.store.refund_order(order_id, amount="", reason="Bara antal")
    assert shop.get(f"/orders/{order_id}").json()["refunds"][0]["total"] == "-"
    assert shop.get("/refunds", per_page=1).json()[0]["amount"] == ""


def test_refunds_route_names_the_parent_and_can_be_missing(shop: Shop) -> None:
    """The way round for shops before WooCommerce 9 could not be tested."""
    order_id = completed(shop)
    refund_id = shop.store.refund_order(order_id)
    after = {"after": "2026-11-21T09:29:59", "dates_are_gmt": "true"}
    listed = shop.get("/refunds", **after).json()
    assert [(r["id"], r["parent_id"]) for r in listed] == [(refund_id, order_id)]
    shop.store.switches.refunds_route = False
    answer = shop.get("/refunds", **after)
    assert (answer.status_code, answer.json()["code"]) == (404, "rest_no_route")


def test_delete_answers_with_the_status_before(shop: Shop) -> None:
    """A client that reads the answer would take a trashed order for a live one."""
    order_id = completed(shop)
    answer = shop.send("DELETE", f"/orders/{order_id}")
    assert (answer.status_code, answer.json()["status"]) == (200, "completed")
    assert shop.get(f"/orders/{order_id}").json()["status"] == "trash"
    again = shop.send("DELETE", f"/orders/{order_id}")
    assert (again.status_code, again.json()["code"]) == (410, "woocommerce_rest_already_trashed")
    shop.send("DELETE", f"/orders/{order_id}", params={"force": "true"})
    assert shop.get(f"/orders/{order_id}").status_code == 404


def test_new_order_between_pages_pushes_one_to_the_next(shop: Shop) -> None:
    """Page drift, which repeats and loses orders, could not be played."""
    requests.post(f"{shop.url}/_sandbox/drift", json={"action": "add"}, timeout=5)
    first = {o["id"] for o in shop.get("/orders", page=1).json()}
    second = {o["id"] for o in shop.get("/orders", page=2).json()}
    assert len(first & second) == 1


def test_trash_between_pages_loses_one(shop: Shop) -> None:
    """Offset paging that loses an order would look complete."""
    whole = shop.ids(order="asc")
    plan = {"action": "trash", "order_id": whole[0]}
    requests.post(f"{shop.url}/_sandbox/drift", json=plan, timeout=5).raise_for_status()
    pages = [shop.get("/orders", page=p, per_page=50, order="asc").json() for p in (1, 2)]
    assert whole[50] not in [o["id"] for page in pages for o in page]


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[]", b'{"order": 1}', b'{"ordre": {}}'])
def test_a_control_request_that_makes_no_sense_is_refused(shop: Shop, body: bytes) -> None:
    """A slip in a script would be a server error without a reason, or silently do nothing."""
    answer = requests.post(f"{shop.url}/_sandbox/orders", data=body, timeout=5)
    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_control_routes_do_what_they_say(shop: Shop) -> None:
    """The demo and other processes reach the shop only this way."""
    control = f"{shop.url}/_sandbox"
    new_id = requests.post(f"{control}/orders", json={}, timeout=5).json()["id"]
    assert shop.get(f"/orders/{new_id}").json()["date_created_gmt"] == "2026-11-21T09:30:00"
    edit = {"changes": {"customer_note": "Ring först"}, "bump": False}
    requests.post(f"{control}/orders/{new_id}/edit", json=edit, timeout=5).raise_for_status()
    assert shop.get(f"/orders/{new_id}").json()["customer_note"] == "Ring först"
    requests.post(f"{control}/orders/{new_id}/status", json={"status": "completed"}, timeout=5)
    requests.post(f"{control}/orders/{new_id}/refund", json={"full": True}, timeout=5)
    assert shop.get(f"/orders/{new_id}").json()["status"] == "refunded"
    assert requests.post(f"{control}/orders/1/trash", timeout=5).status_code == 404
    requests.post(f"{control}/switches", json={"refunds_route": False}, timeout=5)
    state = requests.get(f"{control}/state", timeout=5).json()
    assert (state["switches"]["refunds_route"], state["orders"]) == (False, 97)
    log = requests.get(f"{control}/requests", timeout=5).json()["requests"]
    paths = {request["path"] for request in log}
    assert paths == {f"/wp-json/wc/v3/orders/{new_id}"}
    requests.post(f"{control}/reset", timeout=5)
    assert requests.get(f"{control}/state", timeout=5).json()["orders"] == 96


def test_hosts_faults(shop: Shop) -> None:
    """What real hosts answer (429, 502, HTML, notices, silence) could not be tried."""

    def fault(**rule: object) -> requests.Response:
        requests.post(f"{shop.url}/_sandbox/faults", json=rule, timeout=5).raise_for_status()
        return shop.get("/orders", per_page=1)

    limited = fault(kind="rate_limited")
    assert (limited.status_code, "retry-after" in limited.headers) == (429, False)
    gateway = fault(kind="html", status=502)
    assert (gateway.status_code, gateway.headers["content-type"][:9]) == (502, "text/html")
    assert fault(kind="html").status_code == 200
    with pytest.raises(requests.ConnectionError):
        fault(kind="refuse_before")
    assert shop.get("/orders", per_page=1).status_code == 200


def test_php_notice_before_the_json(shop: Shop) -> None:
    """A shop with a chatty plugin answers 200 with what is not JSON."""
    shop.store.switches.php_notices = 1
    answer = shop.get("/orders", per_page=1)
    assert answer.status_code == 200
    with pytest.raises(requests.exceptions.JSONDecodeError):
        answer.json()
    assert shop.get("/orders", per_page=1).json()


def test_state_survives_a_restart(tmp_path: Path) -> None:
    """After a restart the shop would have forgotten what was sold and refunded."""
    state_file = tmp_path / "shop.json"
    with running(state_file=state_file) as shop:
        order_id = completed(shop)
        shop.store.refund_order(order_id)
        new_id = shop.store.add_order()
        before = shop.get("/orders", per_page=100, dp=6).json()
    with running(state_file=state_file) as again:
        assert {order_id, new_id} <= set(again.store.orders)
        after = again.get("/orders", per_page=100, dp=6).json()
    for order in [*before, *after]:
        del order["_links"], order["payment_url"]
    assert before == after
