"""Bookkeeping: vouchers that balance, closed periods, inactive accounts, SIE that adds up."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sandbox_fortnox_calls import Books, RefusedError, row


@pytest.fixture
def books() -> Books:
    """A new company."""
    return Books()


def test_mixed_rates_land_on_their_own_accounts(books: Books) -> None:
    """A B2B invoice with four rates: receivable, four sales accounts, three VAT accounts."""
    booked = books.booked(
        row("250", 25, 3001),
        row("56", 12, 3002, quantity="2"),
        row("106", 6, 3003),
        row("40", 0, 3004),
        VATIncluded=True,
    )
    assert books.postings(booked) == {
        1510: 508,
        3001: -200,
        3002: -100,
        3003: -100,
        3004: -40,
        2611: -50,
        2621: -12,
        2631: -6,
    }
    assert booked["Balance"] == 508


def test_the_voucher_names_its_invoice(books: Books) -> None:
    """Reconciliation finds the invoice of a voucher by type and number."""
    booked = books.booked(row("125", 25), VATIncluded=True)
    listed = books.get("vouchers", financialyear="2", voucherseries="B")["Vouchers"]
    assert len(listed) == 1
    assert listed[0]["ReferenceType"] == "INVOICE"
    assert listed[0]["ReferenceNumber"] == booked["DocumentNumber"]
    assert listed[0]["Description"] == f"Kundfaktura Test AB ({booked['DocumentNumber']})"


def test_krona_rounding_is_booked_on_3740() -> None:
    """137.50 becomes 138, and the half krona stands on 3740 and nowhere else."""
    books = Books(krona_rounding=True)
    booked = books.booked(row("110", 25))
    assert books.postings(booked) == {
        1510: 138,
        3001: -110,
        2611: Decimal("-27.5"),
        3740: Decimal("-0.5"),
    }


def test_a_rounding_switch_thrown_later_changes_no_old_document(books: Books) -> None:
    """The voucher must match the total that the customer was shown."""
    made = books.invoice(row("110", 25))
    books.control.set_switches(krona_rounding=True)
    booked = books.call("PUT", f"invoices/{made['DocumentNumber']}/bookkeep")["Invoice"]
    assert books.postings(booked)[1510] == Decimal("137.5")


def test_a_cash_invoice_is_paid_when_it_is_booked(books: Books) -> None:
    """A Swish sale as cash invoice debits the bank and leaves no receivable."""
    booked = books.booked(
        row("349", 25), VATIncluded=True, InvoiceType="CASHINVOICE", PaymentWay="CARD"
    )
    assert books.postings(booked) == {1930: 349, 3001: Decimal("-279.2"), 2611: Decimal("-69.8")}
    assert (booked["Balance"], booked["FinalPayDate"]) == (0, "2026-11-20")


def test_foreign_currency_is_booked_in_sek(books: Books) -> None:
    """EUR 100.40 at 11.2345 is 1127.94 SEK; VAT is exact and sales take the rest."""
    booked = books.booked(
        row("100.40", 25), VATIncluded=True, Currency="EUR", CurrencyRate=Decimal("11.2345")
    )
    # 100.40 * 11.2345 = 1127.9438; VAT 20.08 * 11.2345 = 225.58876
    assert books.postings(booked) == {
        1510: Decimal("1127.94"),
        2611: Decimal("-225.59"),
        3001: Decimal("-902.35"),
    }


def test_a_locked_period_refuses_with_its_date(books: Books) -> None:
    """A closed month stays closed: neither new documents nor drafts get into it."""
    draft = books.invoice(row("10", 25), InvoiceDate="2026-10-31")["DocumentNumber"]
    books.control.lock_period(date(2026, 10, 31))
    assert books.get("settings/lockedperiod") == {"LockedPeriod": {"EndDate": "2026-10-31"}}
    for attempt in (
        lambda: books.call("PUT", f"invoices/{draft}/bookkeep"),
        lambda: books.invoice(row("10", 25), InvoiceDate="2026-10-31"),
    ):
        with pytest.raises(RefusedError) as refused:
            attempt()
        assert refused.value.code == 2000401
        assert "2026-10-31" in refused.value.text
    moved = {"Invoice": {"InvoiceDate": "2026-11-01"}}
    assert books.call("PUT", f"invoices/{draft}", moved)["Invoice"]["DueDate"] == "2026-12-01"
    assert books.call("PUT", f"invoices/{draft}/bookkeep")["Invoice"]["Booked"]


def test_an_inactive_account_refuses_bookkeeping_only(books: Books) -> None:
    """The draft is made, the booking says which account, and nothing is half booked."""
    books.control.set_account_active(3001, active=False)
    number = books.invoice(row("10", 25))["DocumentNumber"]
    with pytest.raises(RefusedError, match=r"3001.*är inte aktivt"):
        books.call("PUT", f"invoices/{number}/bookkeep")
    assert not books.get(f"invoices/{number}")["Invoice"]["Booked"]
    assert books.get("vouchers", financialyear="2")["Vouchers"] == []
    books.call("PUT", "accounts/3001", {"Account": {"Active": True}}, financialyear="2")
    assert books.call("PUT", f"invoices/{number}/bookkeep")["Invoice"]["VoucherNumber"] == 1


def test_an_account_missing_from_the_chart_is_refused_on_the_row(books: Books) -> None:
    """A mapping to an account that nobody created must not fall back to another."""
    with pytest.raises(RefusedError) as refused:
        books.invoice(row("10", 25, account=3999))
    assert (refused.value.code, refused.value.text) == (2001304, "Kunde inte hitta konto")


def test_a_vat_rate_that_the_company_lacks_is_refused(books: Books) -> None:
    """19 % German VAT needs to be set up first."""
    with pytest.raises(RefusedError, match="moms"):
        books.invoice(row("10", 19))


def test_no_financial_year_is_a_server_error_at_creation(books: Books) -> None:
    """At New Year Fortnox answers 500 although nothing was made; a retry loop would never end."""
    books.control.remove_year(3)
    with pytest.raises(RefusedError) as refused:
        books.invoice(row("10", 25), InvoiceDate="2027-01-01")
    assert refused.value.status == 500
    assert refused.value.text.startswith("Räkenskapsår finns inte upplagt")
    books.control.restore_year(3)
    assert books.invoice(row("10", 25), InvoiceDate="2027-01-01")["DocumentNumber"] == "1"


def test_booking_and_cancelling_twice_are_refused(books: Books) -> None:
    """A repeated action answers a refusal, never a second voucher."""
    booked = books.booked(row("10", 25))["DocumentNumber"]
    with pytest.raises(RefusedError):
        books.call("PUT", f"invoices/{booked}/bookkeep")
    with pytest.raises(RefusedError) as locked:
        books.call("PUT", f"invoices/{booked}/cancel")
    assert locked.value.code == 2001383
    draft = books.invoice(row("10", 25))["DocumentNumber"]
    assert books.call("PUT", f"invoices/{draft}/cancel")["Invoice"]["Cancelled"]
    with pytest.raises(RefusedError) as twice:
        books.call("PUT", f"invoices/{draft}/cancel")
    assert (twice.value.code, twice.value.text) == (2001279, "Är redan makulerad.")
    assert len(books.get("vouchers", financialyear="2")["Vouchers"]) == 1


ROWS = st.lists(
    st.builds(
        lambda price, rate, account, quantity, percent: row(
            f"{price / 100:.2f}", rate, account, str(quantity), Discount=percent
        ),
        st.integers(-200_000, 200_000),
        st.sampled_from([25, 12, 6, 0]),
        st.sampled_from([3001, 3002, 3003, 3004, 3041, 3520, 3540]),
        st.integers(-3, 9),
        st.sampled_from([0, 10, 15, 33]),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=40, deadline=None)
@given(
    ROWS,
    st.booleans(),
    st.sampled_from(["rate", "row"]),
    st.booleans(),
    st.sampled_from(["SEK", "EUR", "NOK"]),
)
def test_every_voucher_balances(rows, included, by, krona, currency) -> None:
    """Whatever is invoiced, debit equals credit and the receivable equals the total."""
    books = Books(vat_rounding=by, krona_rounding=krona)
    booked = books.booked(*rows, VATIncluded=included, Currency=currency)
    posted = books.postings(booked)
    assert sum(posted.values()) == 0
    if currency == "SEK":
        assert posted.get(1510, 0) == booked["Total"]
    opening, closing, moved = _sie(books)
    for account in {*opening, *closing, *moved}:
        assert opening.get(account, 0) + moved.get(account, 0) == closing.get(account, 0)


def _sie(books: Books, year: str = "2") -> tuple[dict, dict, dict]:
    """Opening, closing (balance and result accounts) and movement per account."""
    raw = books.control.act("GET", "sie/4", query={"financialyear": year}).encoded()
    opening: dict[str, Decimal] = {}
    closing: dict[str, Decimal] = {}
    moved: dict[str, Decimal] = {}
    for line in raw.decode("cp437").split("\r\n"):
        part = line.split()
        if line.startswith("#IB 0 "):
            opening[part[2]] = Decimal(part[3])
        elif line.startswith(("#UB 0 ", "#RES 0 ")):
            closing[part[2]] = Decimal(part[3])
        elif line.startswith("#TRANS "):
            moved[part[1]] = moved.get(part[1], Decimal(0)) + Decimal(part[3])
    return opening, closing, moved


def test_balances_are_carried_into_the_next_year_but_results_are_not(books: Books) -> None:
    """SIE of 2026 opens with the receivable of 2025 and without its sales."""
    books.booked(row("125", 25), VATIncluded=True, InvoiceDate="2025-06-01")
    opening, closing, _ = _sie(books)
    assert opening["1510"] == 125
    assert opening["2611"] == -25
    assert opening["1930"] == 100000
    assert "3001" not in opening
    assert closing["1510"] == 125


def test_sie_has_the_header_and_encoding_of_real_exports(books: Books) -> None:
    """A SIE reader decides by these lines; Swedish letters are CP437, lines end in CRLF."""
    number = books.customer(Name="Åke Ödla")
    books.booked(row("10", 25), CustomerNumber=number)
    raw = books.control.act("GET", "sie/4", query={"financialyear": "2"}).encoded()
    lines = raw.split(b"\r\n")
    assert lines[:4] == [b"#FLAGGA 0", b"#FORMAT PC8", b"#SIETYP 4", b'#PROGRAM "Fortnox" 3.57.11']
    assert b"#ORGNR 559000-0005" in lines
    assert b"#RAR 0 20260101 20261231" in lines
    assert b"#RAR -1 20250101 20251231" in lines
    assert b'#VER B 1 20261120 "Kundfaktura \x8fke \x99dla (1)" 20261121' in lines
    assert b'#TRANS 1510 {} 12.5 "" "" 0' in lines
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_sie_types_without_vouchers_hold_none(books: Books) -> None:
    """Types 1 to 3 hold sums; only type 4 names vouchers; a fifth type doesn't exist."""
    books.booked(row("10", 25))
    for kind in ("1", "2", "3"):
        raw = books.control.act("GET", f"sie/{kind}", query={"financialyear": "2"}).encoded()
        assert b"#VER" not in raw
        assert (b"#PSALDO 0 202611 1510 {} 12.5" in raw) == (kind != "1")
    with pytest.raises(RefusedError):
        books.get("sie/5")
