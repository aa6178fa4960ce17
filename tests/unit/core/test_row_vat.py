"""Another country's VAT on its way to Fortnox: by code or split, to the öre, never rounded."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.builders import DAY, line, mapping_files, mappings, order, shop_row
from tests.unit.core.test_plan import wanted

from fortnox.api.invoices import invoice_body
from fortnox.core.documents import FortnoxInvoice, FortnoxRow, Invoice, InvoiceRow, RowVat, VatRate
from fortnox.core.mapping import Mappings
from fortnox.core.market import Market, SaleMarket
from fortnox.core.money import vat_of_gross
from fortnox.core.orders import Problem
from fortnox.core.row_vat import sent_rows
from fortnox.core.rows import invoice_rows
from fortnox.core.vat_notes import vat_notes
from fortnox.core.verify import mismatches

FINLAND = SaleMarket(market=Market.EU_CONSUMER, country="FI", vat_country="FI")
FI_255 = VatRate("FI", Decimal("25.5"))


def with_row(row: str) -> Mappings:
    return mappings(accounts=mapping_files()["accounts.csv"].decode() + f"{row}\n")


def finnish(maps: Mappings | None = None, **shop) -> tuple[InvoiceRow, ...] | Problem:
    made = order(line("125.50", "25.5", country="FI", quantity="2"))
    return invoice_rows(made, shop_row(**shop), FINLAND, maps or mappings(), DAY)


def invoice(rows: tuple[InvoiceRow, ...]) -> Invoice:
    (made,) = wanted()
    return replace(made, rows=rows, total_ore=sum(row.total_ore for row in rows))


def test_split_by_default():
    """25.5 can't be sent as a number: goods at 0 % and the VAT beside them on its account."""
    rows = finnish()
    assert isinstance(rows, tuple)
    assert [row.vat for row in rows] == [RowVat(rate=FI_255, account=2670, split=True)]
    sent = invoice_body(invoice(rows), "1")["InvoiceRows"]
    assert [(row["AccountNumber"], row["Price"], row["VAT"]) for row in sent] == [
        (3106, Decimal("50.00"), 0),
        (2670, Decimal("25.50"), 0),
    ]
    assert "FI 25.5 %" in sent[1]["Description"]


def test_by_code_when_the_company_has_one():
    """The code says country, rate and account; a percent beside it would be rounded."""
    rows = finnish(with_row("*,goods,FI,25.5,3107,FI255,2671,,"), oss_rows="vat_code")
    assert isinstance(rows, tuple)
    (sent,) = invoice_body(invoice(rows), "1")["InvoiceRows"]
    assert (sent["AccountNumber"], sent["VATCode"], sent["Price"]) == (
        3107,
        "FI255",
        Decimal("62.75"),
    )
    assert "VAT" not in sent


@pytest.mark.parametrize(
    ("row", "oss_rows", "code"),
    [
        ("*,goods,FI,25.5,3107,,2671,,", "vat_code", "no_vat_code"),
        ("*,goods,FI,25.5,3107,FI255,,,", "vat_code", "no_vat_account"),
        ("*,goods,FI,25.5,3107,,,,", "split", "no_vat_account"),
    ],
)
def test_what_the_row_lacks_is_named(row: str, oss_rows: str, code: str):
    """A guess at a code or an account would report VAT to the wrong state."""
    problem = finnish(with_row(row), oss_rows=oss_rows)
    assert isinstance(problem, Problem)
    assert problem.code == code


def test_norwegian_vat_is_split_where_the_company_sends_codes():
    """VOEC is a debt that Fortnox has no VAT code for."""
    norway = SaleMarket(market=Market.EXPORT, country="NO", vat_country="NO")
    made = order(line("125.00", "25", country="NO"))
    rows = invoice_rows(made, shop_row(oss_rows="vat_code"), norway, mappings(), DAY)
    assert isinstance(rows, tuple)
    assert (rows[0].vat.split, rows[0].vat.account) == (True, 2890)


@given(
    st.lists(
        st.tuples(
            st.integers(1, 10**7),
            st.integers(1, 40),
            st.sampled_from([("FI", "25.5"), ("DE", "7"), ("FI", "10")]),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_split_rows_carry_the_shops_money_to_the_ore(sold):
    """Net on the sales account, VAT on the debt: each to the öre, whatever quantity and rate."""
    rows = [
        InvoiceRow(
            account_number=3106,
            description="x",
            quantity=Decimal(quantity),
            price_ore=price_ore,
            vat=RowVat(rate=VatRate(country, Decimal(rate)), account=2670, split=True),
            shop_vat_ore=vat_of_gross(price_ore * quantity, Decimal(rate)),
        )
        for price_ore, quantity, (country, rate) in sold
    ]
    sent = sent_rows(rows)
    assert sum(row.total_ore for row in sent) == sum(row.total_ore for row in rows)
    vat_ore = sum(row.total_ore for row in sent if row.account_number == 2670)
    assert vat_ore == sum(row.shop_vat_ore for row in rows)
    assert all(row.vat.rate.rate_pct == 0 for row in sent)
    assert len(sent) <= len(rows) + 3


def answered(made: Invoice, *, code: str, excl_ore: int) -> FortnoxInvoice:
    row = FortnoxRow(
        account_number=3107,
        vat_pct=Decimal(25),
        total_ore=12550,
        total_excl_vat_ore=excl_ore,
        vat_code=code,
    )
    return FortnoxInvoice(
        document_number="1",
        reference=made.reference,
        day_reference=made.day_reference,
        customer_number="1",
        invoice_date=made.invoice_date,
        invoice_type="INVOICE",
        currency="SEK",
        currency_rate=Decimal(1),
        total_ore=made.total_ore,
        round_off_ore=0,
        booked=False,
        cancelled=False,
        vat_included=True,
        rows=(row,),
    )


@pytest.mark.parametrize(
    ("code", "excl_ore", "word"),
    [("FI255", 10000, ""), ("MP1", 10000, "VATCode"), ("FI255", 10040, "VAT at FI 25.5 %")],
)
def test_fortnoxs_answer_to_a_code_is_proven_by_its_amounts(code: str, excl_ore: int, word: str):
    """Fortnox may show 25 for 25.5; whether it took 25.5 is seen in the VAT, before booking."""
    rows = finnish(with_row("*,goods,FI,25.5,3107,FI255,2671,,"), oss_rows="vat_code")
    assert isinstance(rows, tuple)
    made = invoice(rows)
    found = mismatches(made, "1", answered(made, code=code, excl_ore=excl_ore))
    assert [word in sentence for sentence in found] == ([True] if word else [])


def test_the_report_says_how_many_documents_are_split():
    """Goods at 0 % beside a row of VAT look odd on an invoice; the reader must know why."""
    rows = finnish()
    assert isinstance(rows, tuple)
    (note,) = vat_notes(shop_row(), [invoice(rows), wanted()[0]])
    assert note.startswith("1 documents")
    assert "oss_rows=split" in note
