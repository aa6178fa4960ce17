"""The ledger as a whole: whatever is done through the API, the books and the SIE file add up."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sandbox_fortnox_calls import Books, row

from fortnox.sandbox.fortnox.chart import STANDARD_VAT_CODES, VatCode
from fortnox.sandbox.fortnox.company import Company

#: A company that sells to consumers in Finland and Germany under OSS, with one cost centre.
OSS_COMPANY = Company(
    cost_centers=("WEBB",),
    vat_codes=(
        *STANDARD_VAT_CODES,
        VatCode("FI255", Decimal("25.5"), 2670),
        VatCode("DE19", Decimal(19), 2672),
        VatCode("RO19", Decimal(19), 2673),
    ),
)
ACCOUNTS = {25: 3001, 12: 3002, 6: 3003, 0: 3004}


def oss_books(**switches: Any) -> Books:
    """The OSS company with its VAT accounts switched on."""
    books = Books(OSS_COMPANY, **switches)
    for account in (3107, 2671, 2672, 2673):
        books.control.set_account_active(account, active=True)
    return books


def sie_vouchers(books: Books, year: str = "2") -> dict[tuple[str, str], dict[int, Decimal]]:
    """(series, number) -> account -> amount, read from the SIE 4 file."""
    raw = books.control.act("GET", "sie/4", query={"financialyear": year}).encoded()
    found: dict[tuple[str, str], dict[int, Decimal]] = {}
    for line in raw.decode("cp437").split("\r\n"):
        part = line.split()
        if line.startswith("#VER"):
            amounts: dict[int, Decimal] = defaultdict(Decimal)
            found[part[1], part[2]] = amounts
        elif line.startswith("#TRANS"):
            amounts[int(part[1])] += Decimal(line.split("} ")[1].split()[0])
    return found


def api_vouchers(books: Books, year: str = "2") -> dict[tuple[str, str], dict[int, Decimal]]:
    """The same from ``/3/vouchers``."""
    found = {}
    for one in books.get("vouchers", financialyear=year, limit="500")["Vouchers"]:
        path = f"vouchers/{one['VoucherSeries']}/{one['VoucherNumber']}"
        amounts: dict[int, Decimal] = defaultdict(Decimal)
        for line in books.get(path, financialyear=year)["Voucher"]["VoucherRows"]:
            amounts[line["Account"]] += Decimal(line["Debit"]) - Decimal(line["Credit"])
        found[one["VoucherSeries"], str(one["VoucherNumber"])] = amounts
    return found


ROWS = st.lists(
    st.one_of(
        st.builds(
            lambda price, rate, quantity, code: row(
                f"{price / 100:.2f}", rate, ACCOUNTS[rate], str(quantity), CostCenter=code
            ),
            st.integers(-50_000, 200_000),
            st.sampled_from(list(ACCOUNTS)),
            st.integers(-2, 5),
            st.sampled_from(["", "WEBB"]),
        ),
        st.builds(
            lambda price, code: {
                "AccountNumber": 3107,
                "DeliveredQuantity": 1,
                "Description": "Ware",
                "Price": Decimal(price) / 100,
                "VATCode": code,
            },
            st.integers(1, 200_000),
            st.sampled_from(["FI255", "DE19", "RO19", "MP1"]),
        ),
    ),
    min_size=1,
    max_size=5,
)
HEADERS = st.fixed_dictionaries(
    {
        "VATIncluded": st.booleans(),
        "Currency": st.sampled_from(["SEK", "EUR", "NOK"]),
        "Freight": st.sampled_from([0, 49, Decimal("39.20")]),
        "AdministrationFee": st.sampled_from([0, 29]),
        "InvoiceType": st.sampled_from(["INVOICE", "INVOICE", "CASHINVOICE"]),
        "PaymentWay": st.sampled_from(["CASH", "CARD", "AG"]),
    }
)
VAT_TYPES = st.sampled_from(["SEVAT", "EUVAT", "EUREVERSEDVAT", "EXPORT"])
AFTERWARDS = st.sampled_from(["nothing", "pay", "pay twice", "credit", "short"])


def _pay(books: Books, document: dict[str, Any], share: str, **more: Any) -> None:
    """Pay a share of what is left; a balance of nothing can't be paid."""
    left = books.get(f"invoices/{document['DocumentNumber']}")["Invoice"]["Balance"]
    amount = (Decimal(left) * Decimal(share)).quantize(Decimal("0.01"))
    if not amount:
        return
    body = {
        "InvoiceNumber": int(document["DocumentNumber"]),
        "AmountCurrency": amount,
        "PaymentDate": "2026-11-21",
        **more,
    }
    made = books.call("POST", "invoicepayments", {"InvoicePayment": body})["InvoicePayment"]
    books.call("PUT", f"invoicepayments/{made['Number']}/bookkeep")


def _follow_up(books: Books, document: dict[str, Any], what: str) -> None:
    if what == "credit":
        number = document["DocumentNumber"]
        credit = books.call("PUT", f"invoices/{number}/credit")["Invoice"]
        books.call("PUT", f"invoices/{credit['CreditInvoiceReference']}/bookkeep")
    elif what == "short":
        off = [{"Amount": Decimal("0.25"), "AccountNumber": 3740}]
        _pay(books, document, "0.5", WriteOffs=off)
    elif what != "nothing":
        rate = {"CurrencyRate": Decimal("11.5")} if document["Currency"] != "SEK" else {}
        for share in ("0.37", "1") if what == "pay twice" else ("1",):
            _pay(books, document, share, **rate)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(ROWS, HEADERS, VAT_TYPES, AFTERWARDS), min_size=1, max_size=3),
    st.sampled_from(["rate", "row"]),
    st.booleans(),
)
def test_the_books_balance_whatever_is_booked(documents, vat_rounding, krona_rounding) -> None:
    """Sales, cash sales, currencies, OSS, payments and credits: debit is credit, SIE has it all."""
    books = oss_books(vat_rounding=vat_rounding, krona_rounding=krona_rounding)
    for rows, header, vat_type, afterwards in documents:
        customer = books.customer(VATType=vat_type)
        booked = books.booked(*rows, CustomerNumber=customer, **header)
        _follow_up(books, booked, afterwards)
    listed = api_vouchers(books)
    assert all(sum(amounts.values()) == 0 for amounts in listed.values())
    assert sie_vouchers(books) == listed
    receivable = sum(amounts[1510] for amounts in listed.values())
    invoices = books.get("invoices", limit="500")["Invoices"]
    if all(one["Currency"] == "SEK" for one in invoices):
        assert receivable == sum(Decimal(one["Balance"]) for one in invoices)
    if all(not one["Balance"] for one in invoices):
        assert receivable == 0


def test_oss_rows_find_percent_and_account_by_their_code() -> None:
    """25.5 % can't be sent as a whole number: VATCode names rate and VAT account of the country."""
    books = oss_books()
    wares = {"AccountNumber": 3107, "DeliveredQuantity": 1, "Description": "Ware"}
    booked = books.booked(
        {**wares, "Price": Decimal("125.50"), "VATCode": "FI255"},
        {**wares, "Price": 119, "VATCode": "RO19"},
        VATIncluded=True,
    )
    assert [str(one["VAT"]) for one in booked["InvoiceRows"]] == ["25.5", "19"]
    assert books.postings(booked) == {
        1510: Decimal("244.5"),
        3107: -200,
        2670: Decimal("-25.5"),
        2673: -19,
    }


def test_a_percent_alone_is_booked_by_the_first_code_that_has_it() -> None:
    """Two countries with 19 %: without a VATCode the VAT of one lands on the other's account."""
    books = oss_books()
    booked = books.booked(row("100", 19, 3107))
    assert books.postings(booked)[2672] == -19
    body = {"Invoice": {"CustomerNumber": "1", "InvoiceRows": [{"VAT": Decimal("25.5")}]}}
    assert books.refused("POST", "invoices", body).status == 400
    body = {"Invoice": {"CustomerNumber": "1", "InvoiceRows": [{"VATCode": "XX"}]}}
    assert books.refused("POST", "invoices", body).text == "Kunde inte hämta/hitta moms"


def test_freight_to_a_business_abroad_carries_no_vat() -> None:
    """Reverse charge and export cover the freight too."""
    for vat_type in ("EUREVERSEDVAT", "EXPORT"):
        books = Books()
        customer = books.customer(VATType=vat_type)
        booked = books.booked(row("100", 0, 3108), CustomerNumber=customer, Freight=50)
        assert (booked["Total"], booked["FreightVAT"], booked["TotalVAT"]) == (150, 0, 0)
        assert books.postings(booked) == {1510: 150, 3108: -100, 3520: -50}


def test_cost_centres_and_projects_reach_voucher_and_sie() -> None:
    """The accountant's follow-up per shop works on what the invoice rows said."""
    books = oss_books()
    booked = books.booked(
        row("100", 25, CostCenter="WEBB"), row("50", 25), VATIncluded=False, Project="7"
    )
    path = f"vouchers/{booked['VoucherSeries']}/{booked['VoucherNumber']}"
    rows = books.get(path, financialyear="2")["Voucher"]["VoucherRows"]
    sales = {(r["CostCenter"], r["Project"]): r["Credit"] for r in rows if r["Account"] == 3001}
    assert sales == {("WEBB", "7"): 100, ("", "7"): 50}
    raw = books.control.act("GET", "sie/4", query={"financialyear": "2"}).encoded()
    lines = raw.decode("cp437").split("\r\n")
    assert '#OBJEKT 1 "WEBB" "WEBB"' in lines
    assert '#TRANS 3001 {1 "WEBB" 6 "7"} -100 "" "" 0' in lines


def test_an_account_may_demand_a_cost_centre() -> None:
    """2000946 names the account that the mapping must give a cost centre for."""
    books = oss_books()
    body = {"Account": {"CostCenterSettings": "MANDATORY"}}
    books.call("PUT", "accounts/3001", body, financialyear="2")
    number = books.invoice(row("1", 25))["DocumentNumber"]
    refusal = books.refused("PUT", f"invoices/{number}/bookkeep")
    text = "Kostnadsställe är obligatoriskt på konto: 3001"
    assert (refusal.code, refusal.text) == (2000946, text)
    assert books.booked(row("1", 25, CostCenter="WEBB"))["Booked"]


def test_a_foreign_receivable_is_empty_when_it_is_paid_in_parts() -> None:
    """Parts round on their own; the last one takes what is left of 1510 to the öre."""
    books = Books()
    invoice = books.booked(
        row("10", 0, 3004), Currency="EUR", CurrencyRate=Decimal("11.2345"), CurrencyUnit=1
    )
    for share in ("0.333", "0.5", "1"):
        _pay(books, invoice, share, CurrencyRate=Decimal("11.2345"))
    left = books.get(f"invoices/{invoice['DocumentNumber']}")["Invoice"]
    assert (left["Balance"], left["FinalPayDate"]) == (0, "2026-11-21")
    assert sum(amounts[1510] for amounts in api_vouchers(books).values()) == 0


def test_a_credit_by_negative_rows_is_paid_back_by_a_negative_payment() -> None:
    """A refund is one document of its own: its voucher mirrors the sale, its payment too."""
    books = Books()
    sale = books.booked(row("125", 25), VATIncluded=True)
    refund = books.booked(
        row("125", 25, quantity="-1"),
        VATIncluded=True,
        CreditInvoiceReference=sale["DocumentNumber"],
    )
    assert (refund["Credit"], refund["Total"]) == ("true", -125)
    assert refund["CreditInvoiceReference"] == sale["DocumentNumber"]
    _pay(books, refund, "1", ModeOfPayment="KORT")
    voucher = books.get("vouchers/C/1", financialyear="2")["Voucher"]["VoucherRows"]
    assert {(r["Account"], r["Debit"], r["Credit"]) for r in voucher} == {
        (1686, 0, 125),
        (1510, 125, 0),
    }


def test_what_an_invoice_can_not_do_alone() -> None:
    """E-invoices need an agreement, reminders something overdue."""
    books = Books()
    number = books.booked(row("1", 25), InvoiceDate="2026-10-01")["DocumentNumber"]
    for action in ("einvoice", "eprint"):
        assert books.refused("GET", f"invoices/{number}/{action}").status == 400
    assert books.control.act("GET", f"invoices/{number}/printreminder").status == 200
    reminded = books.get(f"invoices/{number}")["Invoice"]
    assert (reminded["Reminders"], reminded["LastRemindDate"]) == (1, "2026-11-21")
    young = books.booked(row("1", 25))["DocumentNumber"]
    assert books.refused("GET", f"invoices/{young}/printreminder").status == 400


def test_a_number_that_is_used_may_be_replaced() -> None:
    """By switch, a document number that is taken gives the next one instead of a refusal."""
    books = Books(document_number_taken="renumber")
    assert books.invoice(DocumentNumber="7")["DocumentNumber"] == "7"
    assert books.invoice(DocumentNumber="7")["DocumentNumber"] == "1"


def test_payments_that_may_be_refused_or_taken() -> None:
    """By switch, a negative payment is refused, and a second one on a paid invoice is taken."""
    books = Books(negative_payment="refuse", payment_on_paid="accept")
    credit = books.booked(row("10", 0, 3004, quantity="-1"))
    body = {"InvoiceNumber": int(credit["DocumentNumber"]), "Amount": -10}
    assert books.refused("POST", "invoicepayments", {"InvoicePayment": body}).status == 400
    sale = books.booked(row("10", 0, 3004))
    body = {"InvoiceNumber": int(sale["DocumentNumber"]), "Amount": 10}
    for _ in range(2):
        books.call("POST", "invoicepayments", {"InvoicePayment": body})
    for number in ("1", "2"):
        books.call("PUT", f"invoicepayments/{number}/bookkeep")
    path = f"invoices/{sale['DocumentNumber']}"
    assert books.get(path)["Invoice"]["Balance"] == -10
    assert sum(amounts[1510] for amounts in api_vouchers(books).values()) == -20


def test_cash_sales_by_their_way_or_all_on_cash() -> None:
    """By switch, a card sale lands on CASHBYCARD or in the till."""
    for rule, account in (("payment_way", 1930), ("cash", 1910)):
        books = Books(cash_account=rule)
        sold = row("10", 0, 3004)
        booked = books.booked(sold, InvoiceType="CASHINVOICE", PaymentWay="CARD")
        assert books.postings(booked) == {account: 10, 3004: -10}


def test_codes_beyond_the_standard_may_be_refused() -> None:
    """By switch, an OSS row by VATCode is refused and the client needs its other way."""
    books = oss_books(oss_vat_code="refuse")
    one = {"AccountNumber": 3107, "DeliveredQuantity": 1, "Description": "Ware", "Price": 1}
    body = {"CustomerNumber": books.customer(), "InvoiceRows": [{**one, "VATCode": "FI255"}]}
    refusal = books.refused("POST", "invoices", {"Invoice": body})
    assert refusal.text == "Kunde inte hämta/hitta moms"
    assert books.invoice({**one, "VATCode": "MP1"})["TotalVAT"] == Decimal("0.25")
