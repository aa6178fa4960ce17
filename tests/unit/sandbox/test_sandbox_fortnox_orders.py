"""Orders beyond the recordings: actions, locks, and the invoice that comes out of one."""

import pytest
from sandbox_fortnox_calls import Books, row

from fortnox.sandbox.fortnox.company import Company


@pytest.fixture
def books() -> Books:
    """A new company."""
    return Books()


def _ordered(price: str, rate_pct: int, quantity: str = "1", **more: object) -> dict:
    return row(price, rate_pct, quantity=quantity, OrderedQuantity=quantity, **more)


def _put(books: Books, order: dict, action: str = "", body: object = None) -> dict:
    path = f"orders/{order['DocumentNumber']}" + (f"/{action}" if action else "")
    return books.call("PUT", path, body)


def test_an_order_becomes_an_unbooked_invoice_of_what_was_delivered(books: Books) -> None:
    """The invoice names its order, is dated today and holds the delivered quantities only."""
    order = books.order(
        {**_ordered("125", 25, "2"), "OrderedQuantity": "3"},
        VATIncluded=True,
        OrderDate="2026-11-01",
        ExternalInvoiceReference1="demo:1",
        YourOrderNumber="A-1",
        Freight=0,
    )
    assert (order["Total"], order["OrderRows"][0]["OrderedQuantity"]) == (250, "3")
    invoice = _put(books, order, "createinvoice")["Invoice"]
    assert (invoice["Total"], invoice["Booked"], invoice["InvoiceDate"]) == (
        250,
        False,
        "2026-11-21",
    )
    assert invoice["OrderReference"] == order["DocumentNumber"]
    assert (invoice["ExternalInvoiceReference1"], invoice["YourOrderNumber"]) == ("demo:1", "A-1")
    kept = books.get(f"orders/{order['DocumentNumber']}")["Order"]
    assert kept["InvoiceReference"] == invoice["DocumentNumber"]
    booked = books.call("PUT", f"invoices/{invoice['DocumentNumber']}/bookkeep")["Invoice"]
    assert books.postings(booked) == {1510: 250, 3001: -200, 2611: -50}


def test_createinvoice_is_answered_dated_and_tagged_by_switch() -> None:
    """Nobody knows for certain what it answers, so a client must survive each way."""
    books = Books(
        createinvoice_answer="order",
        createinvoice_date="order",
        createinvoice_references="drop",
    )
    order = books.order(
        _ordered("1", 25), OrderDate="2026-11-02", ExternalInvoiceReference1="demo:1"
    )
    answer = _put(books, order, "createinvoice")["Order"]
    invoice = books.get(f"invoices/{answer['InvoiceReference']}")["Invoice"]
    assert (invoice["InvoiceDate"], invoice["ExternalInvoiceReference1"]) == ("2026-11-02", "")


def test_an_invoiced_order_is_locked(books: Books) -> None:
    """A second createinvoice would bill the customer twice: 2000496, with the order's number."""
    order = books.order(_ordered("1", 25))
    _put(books, order, "createinvoice")
    path = f"orders/{order['DocumentNumber']}"
    text = f"Ordernummer {order['DocumentNumber']} är redan fakturerad och kan inte behandlas."
    for action in ("/createinvoice", ""):
        body = None if action else {"Order": {"Comments": "x"}}
        refusal = books.refused("PUT", path + action, body)
        assert (refusal.status, refusal.code, refusal.text) == (400, 2000496, text)
    assert books.refused("PUT", f"{path}/cancel").code == 2001383


def test_a_cancelled_order_is_dead(books: Books) -> None:
    """2000397 when it is used, 2001279 when it is cancelled again."""
    order = books.order(_ordered("1", 25))
    assert _put(books, order, "cancel")["Order"]["Cancelled"]
    path = f"orders/{order['DocumentNumber']}"
    refusal = books.refused("PUT", f"{path}/createinvoice")
    text = f"Ordernummer {order['DocumentNumber']} är makulerad och kan inte behandlas."
    assert (refusal.code, refusal.text) == (2000397, text)
    assert books.refused("PUT", f"{path}/cancel").code == 2001279
    assert books.get("invoices")["Invoices"] == []


def test_rows_of_an_invoice_from_an_order_stay(books: Books) -> None:
    """The header can be dated and tagged by one PUT, the rows are refused."""
    order = books.order(_ordered("1", 25))
    invoice = _put(books, order, "createinvoice")["Invoice"]
    path = f"invoices/{invoice['DocumentNumber']}"
    body = {"Invoice": {"InvoiceDate": "2026-11-20", "ExternalInvoiceReference1": "demo:9"}}
    changed = books.call("PUT", path, body)["Invoice"]
    assert (changed["InvoiceDate"], changed["DueDate"]) == ("2026-11-20", "2026-12-20")
    refusal = books.refused("PUT", path, {"Invoice": {"InvoiceRows": [row("2", 25)]}})
    assert refusal.text.startswith("En eller flera rader har koppling till en order")


def test_lists_by_state_and_reference(books: Books) -> None:
    """A crash between order and invoice is found by invoicecreated and by reference."""
    one = books.order(_ordered("1", 25), ExternalInvoiceReference1="demo:1")
    two = books.order(_ordered("1", 25), DeliveryDate="2026-11-20")
    three = books.order(_ordered("1", 25))
    _put(books, one, "createinvoice")
    _put(books, three, "cancel")
    for query, numbers in (
        ({"filter": "invoicecreated"}, [one]),
        ({"filter": "invoicenotcreated"}, [two]),
        ({"filter": "cancelled"}, [three]),
        ({"filter": "expired"}, [two]),
        ({"externalinvoicereference1": "demo"}, [one]),
        ({"ordertype": "order"}, [one, two, three]),
    ):
        listed = books.get("orders", **query)["Orders"]
        assert [o["DocumentNumber"] for o in listed] == [o["DocumentNumber"] for o in numbers]
    assert books.refused("GET", "orders", filter="unbooked").code == 2000587


@pytest.mark.parametrize("path", ["orders", "offers", "invoices"])
def test_print_sends_and_preview_does_not(books: Books, path: str) -> None:
    """A prefetched print would mark the document as sent; both answer a PDF."""
    made = {"orders": books.order, "offers": books.offer, "invoices": books.invoice}[path]()
    one = f"{path}/{made['DocumentNumber']}"
    single = path[:-1].title()
    for action, sent in (("preview", False), ("print", True)):
        answer = books.control.act("GET", f"{one}/{action}")
        assert (answer.content_type, bytes(answer.body)[:5]) == ("application/pdf", b"%PDF-")
        assert books.get(one)[single]["Sent"] is sent
    assert books.refused("GET", f"{one}/email").status == 400
    assert books.call("PUT", f"{one}/externalprint")[single]["Sent"]


def test_nothing_is_sent_without_bank_details() -> None:
    """A company that never filled in its bankgiro can neither print nor send."""
    books = Books(Company(bank_details=False))
    order = books.order()
    refusal = books.refused("GET", f"orders/{order['DocumentNumber']}/print")
    assert refusal.text == "Bankuppgifter saknas"


def test_the_warehouse_module_wants_its_mark_before_bookkeeping() -> None:
    """With the module on, a document is marked ready once; without it, nothing is to be marked."""
    books = Books(Company(has_warehouse=True))
    made = books.invoice(row("1", 25))
    path = f"invoices/{made['DocumentNumber']}"
    refusal = books.refused("PUT", f"{path}/bookkeep")
    assert (refusal.code, made["WarehouseReady"]) == (2003498, False)
    assert f"fakturanummer {made['DocumentNumber']}" in refusal.text
    assert books.call("PUT", f"{path}/warehouseready")["Invoice"]["WarehouseReady"]
    assert books.refused("PUT", f"{path}/warehouseready").code == 2003125
    refusal = books.refused("PUT", path, {"Invoice": {"Comments": "x"}})
    assert (refusal.code, refusal.text) == (2003125, "Ett klarmarkerat dokument kan inte ändras")
    late = {"CustomerNumber": made["CustomerNumber"], "OutboundDate": "2026-11-22"}
    assert books.refused("POST", "invoices", {"Invoice": late}).code == 2003126
    assert books.call("PUT", f"{path}/bookkeep")["Invoice"]["Booked"]
    order = books.order(DeliveryState="reservation")
    refusal = books.refused("PUT", f"orders/{order['DocumentNumber']}/warehouseready")
    assert refusal.code == 2003124
    other = Books()
    path = f"orders/{other.order()['DocumentNumber']}/warehouseready"
    assert other.refused("PUT", path).code == 2003127


def test_what_a_document_uses_can_not_be_deleted(books: Books) -> None:
    """Customer and article of an order or offer stay until it is cancelled."""
    books.call("POST", "articles", {"Article": {"ArticleNumber": "7", "Description": "Spik"}})
    for path, made in (
        ("orders", books.order({"ArticleNumber": "7"})),
        ("offers", books.offer({"ArticleNumber": "7"})),
    ):
        customer = f"customers/{made['CustomerNumber']}"
        assert books.refused("DELETE", "articles/7").status == 400
        assert books.refused("DELETE", customer).status == 400
        books.call("PUT", f"{path}/{made['DocumentNumber']}/cancel")
        assert books.control.act("DELETE", customer).status == 204


@pytest.mark.parametrize(
    ("path", "body", "code", "text"),
    [
        ("customers", {"CustomerNumber": "a b!"}, 2000106, "alfanumeriskt (a b!)"),
        ("articles", {"ArticleNumber": "a b!"}, 2000106, "alfanumeriskt (a b!)"),
        ("orders", {"DocumentNumber": "A1"}, 2000108, "numeriskt (A1)"),
    ],
)
def test_numbers_of_the_wrong_shape(
    books: Books, path: str, body: dict, code: int, text: str
) -> None:
    """The refusal quotes what was sent."""
    number = books.customer()
    needed = {"customers": {"Name": "A"}, "articles": {"Description": "A"}}
    envelope = path[:-1].title()
    sent = {**needed.get(path, {"CustomerNumber": number}), **body}
    refusal = books.refused("POST", path, {envelope: sent})
    assert (refusal.code, refusal.text) == (code, f"Värdet måste vara {text}")
