"""Offers: rows by Quantity, orders and invoices made from them, and the lock afterwards."""

import pytest
from sandbox_fortnox_calls import Books, row


@pytest.fixture
def books() -> Books:
    """A new company."""
    return Books()


def _offered(price: str, rate_pct: int, quantity: str = "1") -> dict:
    one = row(price, rate_pct)
    del one["DeliveredQuantity"]
    return {**one, "Quantity": quantity}


def test_an_offer_counts_its_quantity(books: Books) -> None:
    """An offer has no deliveries: Quantity times Price is what it says, and nothing is booked."""
    made = books.offer(_offered("125", 25, "2"), VATIncluded=True)
    assert (made["Total"], made["Net"], made["TotalVAT"]) == (250, 200, 50)
    assert made["OfferRows"][0]["Quantity"] == "2"
    assert (made["OfferDate"], made["OrderReference"]) == ("2026-11-21", "0")
    assert books.get("vouchers")["Vouchers"] == []


@pytest.mark.parametrize("name", ["YourOrderNumber", "ExternalInvoiceReference1", "InvoiceDate"])
def test_an_offer_has_no_reference_fields(books: Books, name: str) -> None:
    """A client that tags offers like invoices is refused by field name (2001399)."""
    body = {"Offer": {"CustomerNumber": books.customer(), name: "1"}}
    refusal = books.refused("POST", "offers", body)
    assert (refusal.code, refusal.text) == (2001399, f"Felaktigt fältnamn ({name})")


def test_an_offer_becomes_an_order_once(books: Books) -> None:
    """The order names its offer; a second one is refused and the offer is locked."""
    offer = books.offer(_offered("100", 25, "3"), Remarks="Tack", CopyRemarks=True)
    path = f"offers/{offer['DocumentNumber']}"
    order = books.call("PUT", f"{path}/createorder")["Order"]
    only = order["OrderRows"][0]
    assert (only["OrderedQuantity"], only["DeliveredQuantity"], order["Total"]) == ("3", "3", 375)
    assert (order["OfferReference"], order["Remarks"]) == (offer["DocumentNumber"], "Tack")
    assert books.get(path)["Offer"]["OrderReference"] == order["DocumentNumber"]
    assert books.refused("PUT", f"{path}/createorder").code == 2000499
    assert books.refused("PUT", path, {"Offer": {"Comments": "x"}}).code == 2001243
    assert books.refused("PUT", f"{path}/cancel").code == 2001383


def test_an_offer_becomes_an_invoice(books: Books) -> None:
    """Straight to an unbooked invoice that names the offer."""
    offer = books.offer(_offered("100", 12, "2"))
    path = f"offers/{offer['DocumentNumber']}"
    invoice = books.call("PUT", f"{path}/createinvoice")["Invoice"]
    assert (invoice["Total"], invoice["OfferReference"]) == (224, offer["DocumentNumber"])
    assert books.refused("PUT", f"{path}/createorder").status == 400


def test_a_cancelled_offer_is_dead(books: Books) -> None:
    """It can neither be ordered nor changed."""
    path = f"offers/{books.offer()['DocumentNumber']}"
    assert books.call("PUT", f"{path}/cancel")["Offer"]["Cancelled"]
    assert books.refused("PUT", f"{path}/cancel").code == 2001279
    for action, body in (("/createorder", None), ("", {"Offer": {"Comments": "x"}})):
        assert "makulerad" in books.refused("PUT", path + action, body).text
    assert books.refused("GET", "offers/123456789").status == 404


def test_lists_by_state(books: Books) -> None:
    """Each filter of the documentation shows the offers that it names."""
    ordered, old, gone = books.offer(), books.offer(ExpireDate="2026-11-20"), books.offer()
    books.call("PUT", f"offers/{ordered['DocumentNumber']}/createorder")
    books.call("PUT", f"offers/{gone['DocumentNumber']}/cancel")
    for name, offers in (
        ("completed", [ordered]),
        ("ordercreated", [ordered]),
        ("notcompleted", [old]),
        ("ordernotcreated", [old]),
        ("expired", [old]),
        ("cancelled", [gone]),
    ):
        listed = books.get("offers", filter=name)["Offers"]
        assert [o["DocumentNumber"] for o in listed] == [o["DocumentNumber"] for o in offers], name
    keys = "@url Cancelled Currency CustomerName CustomerNumber DocumentNumber OfferDate Project"
    assert list(books.get("offers")["Offers"][0]) == [*keys.split(), "Sent", "Total"]
    newest = books.get("offers", sortby="transactionDate", sortorder="descending")["Offers"]
    assert len(newest) == 3


def test_rows_of_an_offer_change_like_an_invoices_but_never_to_none(books: Books) -> None:
    """A row that keeps its place inherits; an empty list of rows is refused and changes nothing."""
    offer = books.offer(_offered("100", 25), _offered("50", 6))
    path = f"offers/{offer['DocumentNumber']}"
    body = {"Offer": {"OfferRows": [{"Quantity": 2}]}}
    changed = books.call("PUT", path, body)["Offer"]
    assert [(r["Price"], r["Quantity"], r["VAT"]) for r in changed["OfferRows"]] == [(100, "2", 25)]
    assert books.refused("PUT", path, {"Offer": {"OfferRows": []}}).status == 400
    assert books.get(path)["Offer"]["Total"] == 250
