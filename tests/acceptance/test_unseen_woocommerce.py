"""Orders as real shops have them and the recordings do not: booked right, or held by name."""

import html
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from tests.acceptance.books import Books, Postings, books
from tests.acceptance.woo_orders import Json, canonical, order_json, row, tax_line
from tests.support.builders import day_window, mapping_files, mappings, shop_row

from fortnox.core.documents import Invoice
from fortnox.core.sie import decode_sie, read_sie, split_lines
from fortnox.core.transform import Wanted, transform

MAPPINGS = mappings()
#: A restaurant meal at 12 % and a book at 6 % beside goods at 25 %.
MIXED_TAXES = [{"id": 1, "total": "5.00"}, {"id": 3, "total": "1.20"}]
NEGATIVE_TAXES = [{"id": 1, "total": "-5.00"}, {"id": 3, "total": "-1.20"}]
NORWAY = {"country": "NO", "postcode": "0150"}
GERMANY = {"country": "DE", "postcode": "10115"}
ULSTER = {"country": "GB", "postcode": "BT1 1AA"}
FINLAND = {"country": "FI", "postcode": "00100"}
SWITZERLAND = {"country": "CH", "postcode": "8001"}
GERMAN_NUMBER = [{"key": "_billing_vat_number", "value": "DE 136695976"}]
ORG_NUMBER = [{"key": "_billing_org_nr", "value": "556000-0000"}]
VAT_NUMBER = [{"key": "_billing_vat_number", "value": "DE123456789"}]
EXEMPT = [{"key": "is_vat_exempt", "value": "yes"}]


def wanted_of(data: Json) -> Wanted:
    return transform([canonical(data)], (), shop=shop_row(), mappings=MAPPINGS, window=day_window())


def invoice_of(data: Json) -> Invoice:
    wanted = wanted_of(data)
    assert wanted.held == ()
    (invoice,) = wanted.invoices
    return invoice


@pytest.fixture(scope="module")
def ledger() -> Iterator[Books]:
    with books() as made:
        yield made


_ids = iter(range(5001, 6000))


def posted(ledger: Books, data: Json) -> Postings:
    """The voucher of an order that must be booked."""
    order_id = next(_ids)
    invoice = invoice_of({**data, "id": order_id})
    outcome = ledger.book([invoice])
    assert outcome.held == []
    (document,) = ledger.documents([str(order_id)])[str(order_id)]
    assert document.total_ore == invoice.total_ore
    return ledger.postings([document])[document.document_number]


def with_tax(net: str, taxes: list[Json], vat: str) -> Json:
    return {**row(net), "taxes": taxes, "total_tax": vat}


BOOKED: dict[str, tuple[Json, Postings]] = {
    "half a kilo": (
        order_json(row("40.00", quantity=Decimal("0.5"))),
        {1510: 5000, 3001: -4000, 2611: -1000},
    ),
    "a third of a metre": (
        order_json(row("33.30", quantity=Decimal("0.333"))),
        {1510: 4163, 3001: -3330, 2611: -833},
    ),
    "a hundred thousand screws": (
        order_json(row("80000.00", quantity=100_000)),
        {1510: 10000000, 3001: -8000000, 2611: -2000000},
    ),
    "an öre": (order_json(row("0.01")), {1510: 1, 3001: -1}),
    "a free sample beside": (
        order_json(row("40.00"), row("0.00", 6)),
        {1510: 5000, 3001: -4000, 2611: -1000},
    ),
    "a free, untaxed sample beside": (
        order_json(row("40.00"), row("0.00", None)),
        {1510: 5000, 3001: -4000, 2611: -1000},
    ),
    "shipping only": (
        order_json(shipping_lines=[row("39.20")]),
        {1510: 4900, 3520: -3920, 2611: -980},
    ),
    "100 % off, freight paid": (
        order_json(row("0.00"), shipping_lines=[row("39.20")]),
        {1510: 4900, 3520: -3920, 2611: -980},
    ),
    "freight at two rates, a line each": (
        order_json(row("80.00"), row("100.00", 6), shipping_lines=[row("8.00"), row("10.00", 6)]),
        {1510: 22660, 3001: -8000, 3003: -10000, 3520: -800, 3524: -1000, 2611: -2200, 2631: -660},
    ),
    "invoice fee with VAT": (
        order_json(row("40.00"), fee_lines=[row("23.20")]),
        {1510: 7900, 3001: -4000, 3540: -2320, 2611: -1580},
    ),
    "company without organisation number": (
        order_json(row("40.00"), address={"company": "Bolaget AB"}),
        {1510: 5000, 3001: -4000, 2611: -1000},
    ),
    "company with organisation number": (
        order_json(row("40.00"), address={"company": "Bolaget AB"}, meta_data=ORG_NUMBER),
        {1510: 5000, 3001: -4000, 2611: -1000},
    ),
    "EU company that was charged Swedish VAT": (
        order_json(row("40.00"), address=GERMANY, meta_data=VAT_NUMBER),
        {1510: 5000, 3001: -4000, 2611: -1000},
    ),
    "Northern Ireland with Swedish VAT": (
        order_json(row("40.00"), address=ULSTER),
        {1510: 5000, 3001: -4000, 2611: -1000},
    ),
    "German VAT": (
        order_json(row("100.00", 19), address=GERMANY, tax_lines=[tax_line(19, "DE")]),
        {1510: 11900, 3106: -10000, 2670: -1900},
    ),
    "a dozen at a rate with a decimal, and freight": (
        order_json(
            row("100.20", 25.5, quantity=12),
            address=FINLAND,
            shipping_lines=[row("8.90", 25.5)],
            tax_lines=[tax_line(25.5, "FI")],
        ),
        {1510: 13692, 3106: -10910, 2670: -2782},
    ),
    "Northern Ireland with its own VAT, under Great Britain": (
        order_json(row("100.00", 20), address=ULSTER, tax_lines=[tax_line(20, "GB")]),
        {1510: 12000, 3106: -10000, 2670: -2000},
    ),
    "Norwegian VAT of a VOEC shop, food among it": (
        order_json(
            row("100.00", 25),
            row("100.00", 15, id=12),
            address=NORWAY,
            tax_lines=[tax_line(25, "NO"), tax_line(15, "NO")],
        ),
        {1510: 24000, 3105: -20000, 2890: -4000},
    ),
    "German company whose number VIES knew at the checkout": (
        order_json(
            row("40.00", None),
            row("10.00", None, product_id=2, id=12),
            address=GERMANY,
            meta_data=[*GERMAN_NUMBER, {"key": "_vat_number_is_valid", "value": "true"}],
            shipping_lines=[row("9.00", None)],
        ),
        {1510: 5900, 3108: -4000, 3308: -1000, 3521: -900},
    ),
    "Canary Islands": (
        order_json(row("40.00", None), address={"country": "ES", "postcode": "35001"}),
        {1510: 4000, 3105: -4000},
    ),
    "Norway with a rate of 0 % of its own": (
        order_json(row("40.00", 0), address=NORWAY, tax_lines=[tax_line(0, "NO")]),
        {1510: 4000, 3105: -4000},
    ),
    "Åland by its own code": (
        order_json(row("40.00", None), address={"country": "AX", "postcode": "22100"}),
        {1510: 4000, 3105: -4000},
    ),
    "London": (
        order_json(row("40.00", None), address={"country": "GB", "postcode": "SW1A 1AA"}),
        {1510: 4000, 3105: -4000},
    ),
    "rate without per cent, from before WooCommerce 3.7": (
        order_json(row("100.00"), tax_lines=[tax_line(25, rate_percent=None)]),
        {1510: 12500, 3001: -10000, 2611: -2500},
    ),
    "round at subtotal: an öre between lines and total": (
        order_json(row("0.50"), row("0.50"), row("0.50"), total="1.88", total_tax="0.38"),
        {1510: 188, 3740: 1, 3001: -151, 2611: -38},
    ),
    "gift card of several rates": (
        order_json(row("500.00", None, product_id=3)),
        {1510: 50000, 2421: -50000},
    ),
    "gift card of one rate": (
        order_json(row("300.00", 6, product_id=3)),
        {1510: 31800, 2421: -30000, 2631: -1800},
    ),
    "gift card redeemed by a negative fee": (
        order_json(row("400.00"), fee_lines=[row("-300.00", None, name="Presentkort PK-1")]),
        {1510: 20000, 2421: 30000, 3001: -40000, 2611: -10000},
    ),
    "gift card of a plugin that lowers the total": (
        order_json(row("400.00"), total="200.00", gift_cards=[{"code": "X", "amount": "300"}]),
        {1510: 20000, 2421: 30000, 3001: -40000, 2611: -10000},
    ),
    "gift card that pays for all of it": (
        order_json(
            row("400.00"),
            total="0.00",
            payment_method="",
            pw_gift_cards_redeemed=[{"amount": 500}],
        ),
        {2421: 50000, 3001: -40000, 2611: -10000},
    ),
    "freight of a mixed basket": (
        order_json(row("40.00"), shipping_lines=[with_tax("40.00", MIXED_TAXES, "6.20")]),
        {1510: 9620, 3001: -4000, 3520: -2000, 3524: -2000, 2611: -1500, 2631: -120},
    ),
    "discount that WooCommerce spread over two rates": (
        order_json(
            row("400.00"),
            row("100.00", 6, id=12),
            fee_lines=[{**with_tax("-40.00", NEGATIVE_TAXES, "-6.20"), "name": "Rabatt"}],
        ),
        {
            1510: 55980,
            3001: -40000,
            3003: -10000,
            3730: 2000,
            3734: 2000,
            2611: -9500,
            2631: -480,
        },
    ),
    "discount as a fee": (
        order_json(row("400.00"), fee_lines=[row("-60.00", name="Rabatt")]),
        {1510: 42500, 3001: -40000, 3730: 6000, 2611: -8500},
    ),
    "emoji, entities and forbidden signs in names": (
        order_json(
            row("40.00", name="<b>Julkula</b> röd 🎄 &quot;L&amp;XL&quot; " + "x" * 400),
            address={"first_name": "🎅", "last_name": html.escape("O'Brien & <Co>")},
            number="#WC-1001/2026",
        ),
        {1510: 5000, 3001: -4000, 2611: -1000},
    ),
}


@pytest.mark.parametrize("name", BOOKED)
def test_booked_with_these_postings(name: str, ledger: Books):
    """An order that the accountant would book must not be held, nor land on another account."""
    data, expected = BOOKED[name]
    assert posted(ledger, data) == expected


HELD: dict[str, tuple[Json, str]] = {
    "two rates on one product line": (
        order_json(with_tax("40.00", MIXED_TAXES, "6.20")),
        "several_vat_rates",
    ),
    "two rates whose taxes are not those of the amount": (
        order_json(row("40.00"), shipping_lines=[with_tax("50.00", MIXED_TAXES, "6.20")]),
        "several_vat_rates",
    ),
    "gift card that WooCommerce spread over two rates": (
        order_json(
            row("400.00"),
            fee_lines=[{**with_tax("-40.00", NEGATIVE_TAXES, "-6.20"), "name": "Presentkort"}],
        ),
        "payment_with_vat",
    ),
    "compound tax": (
        order_json(row("40.00"), tax_lines=[tax_line(25, compound=True)]),
        "compound_vat",
    ),
    "trade-in as a negative line": (
        order_json(row("100.00"), row("-20.00", id=12)),
        "negative_line",
    ),
    "negative fee with a name that says nothing": (
        order_json(row("400.00"), fee_lines=[row("-300.00", None, name="Avdrag")]),
        "negative_fee",
    ),
    "more given back than bought": (
        order_json(row("100.00"), row("-200.00", id=12)),
        "negative_line",
    ),
    "total below the lines": (
        order_json(row("400.00"), total="200.00"),
        "lines_differ_from_total",
    ),
    "501 lines": (order_json(*[row("1.00", id=n) for n in range(501)]), "too_many_rows"),
    "Northern Ireland without VAT": (
        order_json(row("40.00", None), address=ULSTER),
        "eu_sale_without_vat",
    ),
    "German company without VAT": (
        order_json(row("40.00", None), address=GERMANY, meta_data=GERMAN_NUMBER),
        "reverse_charge_evidence",
    ),
    "German company with a number that is none": (
        order_json(row("40.00", None), address=GERMANY, meta_data=VAT_NUMBER),
        "vat_number_malformed",
    ),
    "German company whose number VIES refused": (
        order_json(
            row("40.00", None),
            address=GERMANY,
            meta_data=[
                *GERMAN_NUMBER,
                {"key": "_vat_number_is_validated", "value": "true"},
                {"key": "_vat_number_is_valid", "value": "false"},
            ],
        ),
        "vat_number_invalid",
    ),
    "German company with a Swedish number": (
        order_json(
            row("40.00", None),
            address=GERMANY,
            meta_data=[{"key": "_vat_number", "value": "SE559000000501"}],
        ),
        "vat_number_not_foreign",
    ),
    "German buyer at the shop's own 0 % for Germany": (
        order_json(row("40.00", 0), address=GERMANY, tax_lines=[tax_line(0, "DE")]),
        "eu_sale_without_vat",
    ),
    "a German rate that Germany does not have": (
        order_json(row("100.00", 18), address=GERMANY, tax_lines=[tax_line(18, "DE")]),
        "vat_rate_unknown_in_country",
    ),
    "German VAT on a sale to Norway": (
        order_json(row("100.00", 19), address=NORWAY, tax_lines=[tax_line(19, "DE")]),
        "vat_on_export",
    ),
    "Danish VAT on a sale to Germany": (
        order_json(row("100.00", 25), address=GERMANY, tax_lines=[tax_line(25, "DK")]),
        "foreign_vat",
    ),
    "Swiss VAT, of which no row speaks": (
        order_json(row("100.00", 8), address=SWITZERLAND, tax_lines=[tax_line(8, "CH")]),
        "unmapped_account",
    ),
    "exempt company in Sweden": (
        order_json(row("40.00", None), meta_data=[*EXEMPT, *ORG_NUMBER]),
        "se_reverse_charge",
    ),
    "Norway with Swedish VAT": (order_json(row("40.00"), address=NORWAY), "vat_on_export"),
    "exempt buyer in Sweden": (
        order_json(row("40.00", None), meta_data=EXEMPT),
        "no_vat_rate",
    ),
    "dinars with three decimals": (
        order_json(row("40.00"), currency="KWD", total="50.005"),
        "unreadable_amount",
    ),
    "VAT of 20 % at a rate of 25 %": (
        order_json(with_tax("100.00", [{"id": 1, "total": "20.00"}], "20.00")),
        "vat_rate_mismatch",
    ),
    "a till that rounds each of 100 pieces": (
        order_json(
            {**with_tax("1143.00", [{"id": 1, "total": "286.00"}], "286.00"), "quantity": 100}
        ),
        "vat_does_not_fit_rate",
    ),
    "nothing tells the country": (
        order_json(row("40.00", None), address={"country": "", "postcode": ""}),
        "no_country",
    ),
    "a plugin's own status": (order_json(row("40.00"), status="shipped"), "status_not_counted"),
    "completed and never paid": (
        order_json(row("40.00"), date_paid_gmt=None),
        "delivered_but_unpaid",
    ),
}


@pytest.mark.parametrize("name", HELD)
def test_held_under_this_name(name: str):
    """What the shop's figures leave open is asked, not guessed; the reason names it."""
    data, code = HELD[name]
    wanted = wanted_of(data)
    assert wanted.invoices == ()
    (held,) = wanted.held
    assert held.code == code
    assert held.remedy
    assert "Testsson" not in f"{held.reason}{held.remedy}"


@pytest.mark.parametrize("method", ["", "stripe", "unknown_plugin"])
def test_a_free_order_has_nothing_to_book_whatever_its_payment_method(method: str):
    """A 100 % coupon leaves no payment method: held, it would come back every day."""
    free: dict[str, Any] = {"payment_method": method, "date_paid_gmt": None}
    wanted = wanted_of(order_json(row("0.00"), **free))
    assert (wanted.invoices, wanted.held, wanted.nothing_to_book) == ((), (), 1)


def test_500_lines_are_booked(ledger: Books):
    """The longest order that Fortnox takes must not be held."""
    data = order_json(*[row("1.00", id=n) for n in range(500)])
    assert posted(ledger, data) == {1510: 62500, 3001: -50000, 2611: -12500}


def test_whole_krona_rounding_is_apart_from_the_sale():
    """A company that rounds to kronor has 199.49 as 199 and 0.49 on 3740, sale and VAT exact."""
    with books(krona_rounding=True) as rounding:
        data = order_json({**row("159.59"), "total_tax": "39.90"}, total="199.49")
        invoice = invoice_of(data)
        assert rounding.book([invoice]).held == []
        (document,) = rounding.documents(["1001"])["1001"]
        found = rounding.postings([document])[document.document_number]
        assert found == {1510: 19900, 3740: 49, 3001: -15959, 2611: -3990}


def test_vat_rounded_half_down_by_the_shop_is_booked_half_up(ledger: Books):
    """WooCommerce halves down where prices include VAT: 10.81, in the books 10.82."""
    data = order_json({**row("90.13", 12), "total_tax": "10.81"}, total="100.94", total_tax="10.81")
    data["line_items"][0]["taxes"][0]["total"] = "10.81"
    assert posted(ledger, data) == {1510: 10094, 3002: -9012, 2621: -1082}


def test_a_currency_that_the_company_lacks_is_held(ledger: Books):
    """Fortnox would refuse the invoice with a code, or book yen as kronor."""
    outcome = ledger.book([invoice_of(order_json(row("40.00"), currency="JPY"))])
    (held,) = outcome.held
    assert held.code == "currency_not_in_fortnox"
    assert "JPY" in held.reason


def test_the_invoice_of_a_reverse_charge_says_so(ledger: Books):
    """The law wants the words and the buyer's number on the invoice, the tax office on the card."""
    meta = [*GERMAN_NUMBER, {"key": "_vat_number_validated", "value": "valid"}]
    invoice = invoice_of(order_json(row("40.00", None), address=GERMANY, meta_data=meta, id=4711))
    assert ledger.book([invoice]).held == []
    (document,) = ledger.documents(["4711"])["4711"]
    client = ledger.world.client()
    made = client.get(f"invoices/{document.document_number}", "Invoice")
    assert "Omvänd betalningsskyldighet" in made["Remarks"]
    assert "DE136695976" in made["Remarks"]
    card = client.get(f"customers/{made['CustomerNumber']}", "Customer")
    assert (card["VATType"], card["VATNumber"]) == ("EUREVERSEDVAT", "DE136695976")


def test_a_vat_code_on_the_row_carries_rate_and_account(ledger: Books):
    """With oss_rows=vat_code the row says only the code: what it means is proven before booking."""
    text = mapping_files()["accounts.csv"].decode() + "*,goods,DK,25,3106,MP1,2611,,\n"
    data = order_json(
        row("80.00", quantity=2),
        id=4712,
        address={"country": "DK", "postcode": "1000"},
        tax_lines=[tax_line(25, "DK")],
    )
    wanted = transform(
        [canonical(data)],
        (),
        shop=shop_row(oss_rows="vat_code"),
        mappings=mappings(accounts=text),
        window=day_window(),
    )
    assert ledger.book(wanted.invoices).held == []
    (document,) = ledger.documents(["4712"])["4712"]
    client = ledger.world.client()
    (sent,) = client.get(f"invoices/{document.document_number}", "Invoice")["InvoiceRows"]
    # A code of the sandbox's first company stands in for one that an accountant makes for Denmark.
    assert (sent["VATCode"], sent["AccountNumber"]) == ("MP1", 3106)
    found = ledger.postings([document])[document.document_number]
    assert found == {1510: 10000, 3106: -8000, 2611: -2000}


def test_the_exchange_difference_of_a_payment(ledger: Books):
    """AC-51: booked at 11.2345, paid at 11.18; VAT stays, the loss of 5.47 stands on 7960."""
    head = mapping_files()["document_types.csv"].decode().splitlines()
    columns = next(text for text in head if not text.startswith("#"))
    rates = "date,currency,rate\n2026-05-04,EUR,11.2345\n2026-05-06,EUR,11.18\n"
    maps = mappings(
        document_types=f"{columns}\n*,*,invoice,delivered,yes,0,book,,1686,,,\n",
        currency_rates=rates,
    )
    data = order_json(
        row("80.00", 25.5),
        id=4713,
        currency="EUR",
        address=FINLAND,
        tax_lines=[tax_line(25.5, "FI")],
        date_paid_gmt="2026-05-06T10:00:00",
    )
    shop = shop_row(currency_rate="csv")
    wanted = transform([canonical(data)], (), shop=shop, mappings=maps, window=day_window())
    assert wanted.held == ()
    assert ledger.book(wanted.invoices).held == []
    (document,) = ledger.documents(["4713"])["4713"]
    found = ledger.postings([document])[document.document_number]
    assert found == {1510: 112794, 3106: -89876, 2670: -22918}
    client = ledger.world.client()
    books_of_year = read_sie(
        split_lines(decode_sie(client.get_bytes("sie/4", financialyear=document.voucher_year)))
    )
    paid = [row for row in books_of_year.rows if row.series == "C"]
    last = max(row.number for row in paid)
    assert {row.account: row.amount_ore for row in paid if row.number == last} == {
        1686: 112247,
        7960: 547,
        1510: -112794,
    }
