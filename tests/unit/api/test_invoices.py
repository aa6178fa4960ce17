"""Invoices and customers on the wire: every field said, none of the buyer's data lost or leaked."""

import json
from dataclasses import replace
from decimal import Decimal

import simplejson
from tests.support.builders import buyer, day_window, line, mappings, order, shop_row

from fortnox.api.invoices import customer_body, invoice_body, parse_invoice, parse_listed
from fortnox.api.wire import encode
from fortnox.core.documents import Invoice
from fortnox.core.orders import Address
from fortnox.core.transform import transform

ANSWERED = {
    "DocumentNumber": "17",
    "CustomerNumber": "demo-1",
    "InvoiceDate": "2026-05-04",
    "InvoiceType": "INVOICE",
    "Currency": "SEK",
    "CurrencyRate": Decimal(1),
    "Total": Decimal("99.99"),
    "Booked": False,
    "Cancelled": False,
    "VATIncluded": True,
    "InvoiceRows": [
        {
            "AccountNumber": 3001,
            "VAT": 25,
            "Total": Decimal("99.99"),
            "TotalExcludingVAT": Decimal("79.99"),
        }
    ],
}


def invoice(**changed: object) -> Invoice:
    (made,) = transform(
        [order(line("33.33", quantity="3", name="Mugg\n<b>"), **changed)],
        (),
        shop=shop_row(),
        mappings=mappings(),
        window=day_window(),
    ).invoices
    return made


def test_every_row_says_everything():
    """What is left out is filled from article, customer or company, and nobody knows by which."""
    (row,) = invoice_body(invoice(), "demo-1")["InvoiceRows"]
    said = {"AccountNumber", "DeliveredQuantity", "Price", "VAT", "Discount", "DiscountType"}
    assert said <= set(row)
    assert "ArticleNumber" not in row


def test_fees_of_the_company_are_switched_off():
    """A company's standard freight must not be added to a sale that the shop has priced."""
    body = invoice_body(invoice(), "demo-1")
    assert (body["Freight"], body["AdministrationFee"], body["VATIncluded"]) == (0, 0, True)


def test_money_is_exact_on_the_wire():
    """Three for 33.33 go out as 11.11 each, not as the nearest binary number."""
    sent = simplejson.loads(encode(invoice_body(invoice(), "demo-1")), use_decimal=True)
    (row,) = sent["InvoiceRows"]
    assert Decimal(str(row["Price"])) * Decimal(row["DeliveredQuantity"]) == Decimal("33.33")


def test_the_delivery_address_only_where_it_differs():
    """A gift goes to somebody else; the invoice says to whom."""
    assert "DeliveryName" not in invoice_body(invoice(), "demo-1")
    other = Address(name="Annan", address1="Vägen 2", postcode="22233", city="Byn", country="SE")
    body = invoice_body(invoice(buyer=buyer(delivery=other)), "demo-1")
    assert (body["DeliveryName"], body["DeliveryCity"]) == ("Annan", "Byn")


def test_an_empty_value_of_a_card_is_left_out():
    """Fortnox refuses an empty organisation number; an absent one is none."""
    wish = replace(invoice().customer, organisation_number="", phone="", vat_number="")
    body = customer_body(wish)
    assert "OrganisationNumber" not in body
    assert "" not in body.values()
    assert (body["CustomerNumber"], body["VATType"]) == (wish.number, "SEVAT")


def test_an_answer_is_read_to_the_ore():
    """Decimals of the wire become whole öre, whatever form they have."""
    read = parse_invoice(ANSWERED)
    assert (read.total_ore, read.round_off_ore) == (9999, 0)
    assert (read.rows[0].account_number, read.rows[0].total_excl_vat_ore) == (3001, 7999)
    rounded = parse_invoice({**ANSWERED, "Total": 100, "RoundOff": "0.01"})
    assert (rounded.total_ore, rounded.round_off_ore) == (10000, 1)


def test_flags_come_as_booleans_and_as_text():
    """Fortnox sends both; the text ``false`` is not true."""
    assert not parse_invoice({**ANSWERED, "Booked": "false"}).booked
    assert parse_invoice({**ANSWERED, "Booked": "true"}).booked


def test_a_row_of_text_has_no_account():
    """A row without account is not account 0."""
    text = {"AccountNumber": 0, "VAT": None, "Total": 0, "TotalExcludingVAT": 0}
    assert parse_invoice({**ANSWERED, "InvoiceRows": [text]}).rows[0].account_number is None


def test_a_list_item_may_lack_its_voucher():
    """An unbooked invoice has none; a booked one is found in the ledger by it."""
    item = {**ANSWERED, "Balance": 0}
    assert parse_listed(item).voucher_number is None
    voucher = {"VoucherNumber": 5, "VoucherSeries": "B", "VoucherYear": "2"}
    found = parse_listed({**item, **voucher})
    assert (found.voucher_year, found.voucher_series, found.voucher_number) == (2, "B", 5)


def test_what_is_compared_later_is_in_the_body():
    """References and order number find the document again and tell people what it is."""
    wanted = invoice()
    text = json.dumps(invoice_body(wanted, "demo-1"), default=str)
    assert wanted.reference in text
    assert wanted.day_reference in text
    assert wanted.order_number in text
