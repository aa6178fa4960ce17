"""Links to the shop and to Fortnox come from connections, never from a report."""

import json

import pytest

from fortnox.ui.links import links_of

SUMMARY = {
    "shop": {"key": "demo", "shop_conn_id": "woo"},
    "company": {"fortnox_conn_id": "fnx"},
}


def connection(monkeypatch: pytest.MonkeyPatch, conn_id: str, **values: object) -> None:
    monkeypatch.setenv(f"AIRFLOW_CONN_{conn_id.upper()}", json.dumps(values))


def test_orders_open_in_the_shops_admin(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader would have to look the order up by hand."""
    connection(monkeypatch, "woo", conn_type="woocommerce", host="https://shop.example/sv/")
    assert links_of(SUMMARY) == {
        "order": "https://shop.example/sv/wp-admin/post.php?post={id}&action=edit"
    }


def test_documents_open_where_the_connection_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fortnox documents no address of its own, so a company may say it."""
    link = "https://apps.example/invoice/{id}"
    connection(monkeypatch, "fnx", conn_type="fortnox", extra={"invoice_link": link})
    assert links_of(SUMMARY) == {"document": link}


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert({id})",
        "//evil.example/{id}",
        "https://user:secret@shop.example/{id}",
        "https://shop.example/orders",
        "",
    ],
)
def test_unfit_links_are_left_out(link: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A link must never run a script, show a password, or lead all orders to one page."""
    connection(monkeypatch, "fnx", conn_type="fortnox", extra={"invoice_link": link})
    assert links_of(SUMMARY) == {}


def test_other_connections_are_not_disclosed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A report that names another connection would show its address to whoever reads reports."""
    connection(monkeypatch, "woo", conn_type="postgres", host="https://db.internal")
    assert links_of(SUMMARY) == {}


def test_no_connection_no_link(monkeypatch: pytest.MonkeyPatch) -> None:
    """A deleted connection costs its links, not the report."""
    for summary in ({}, {"shop": None, "company": {"fortnox_conn_id": 7}}):
        assert links_of(summary) == {}
