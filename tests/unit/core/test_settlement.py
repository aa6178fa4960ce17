"""Settlement reports of each provider become payouts, or a sentence that says why not."""

from datetime import date

import pytest
from tests.support.payouts import (
    DAY,
    KLARNA,
    OWN,
    PAYPAL_ACTIVITY,
    PAYPAL_STL,
    STRIPE,
    SWISH,
    TODAY,
    ZONE,
    one_payout,
    read,
)

from fortnox.core.payouts import FeeVat, PayoutLineKind
from fortnox.core.settlement import ReportFile, read_reports
from fortnox.core.settlement.tables import ReportError, amount_ore


def kinds(payout: object) -> dict[PayoutLineKind, int]:
    """Sum per kind of line, VAT included."""
    found: dict[PayoutLineKind, int] = {}
    for line in payout.lines:  # type: ignore[attr-defined]
        found[line.kind] = found.get(line.kind, 0) + line.amount_ore + line.vat_ore
    return found


def test_stripe_charges_and_fees() -> None:
    """A card payout would be booked without its fee, or on the wrong day."""
    payout = one_payout(STRIPE)
    assert (payout.provider, payout.payout_id, payout.day) == ("stripe", "po_1A", DAY)
    assert payout.currency == "SEK"
    assert payout.net_ore == 243_750
    assert kinds(payout) == {PayoutLineKind.SALE: 250_000, PayoutLineKind.FEE: -6_250}
    assert [line.reference for line in payout.lines] == ["1001", "1001", "1002", "1002"]
    assert payout.problem == ""


def test_stripe_rows_that_no_payout_settles_are_told() -> None:
    """Sales that are not paid out yet would look as if they were."""
    report = read(STRIPE + ",,txn_9,sek,100.00,2.50,97.50,charge,,\n")
    assert [payout.payout_id for payout in report.payouts] == ["po_1A"]
    assert report.notes == ("report.csv: 1 rows are in no payout yet",)


def test_stripe_payout_row_is_what_arrived() -> None:
    """A payout that differs from its transactions would be booked as if it did not."""
    row = "po_1A,2026-05-19 00:00:00,txn_3,sek,-2400.00,0.00,-2400.00,payout,,\n"
    payout = one_payout(STRIPE + row)
    assert payout.net_ore == 240_000
    assert payout.problem == "its lines differ from what was paid out by -37.50"


def test_stripe_disputes_wait_for_a_person() -> None:
    """A lost dispute would be taken for a refund of the shop's."""
    row = "po_1A,2026-05-19 00:00:00,txn_3,sek,-500.00,150.00,-650.00,dispute,,1002\n"
    payout = one_payout(STRIPE + row)
    assert kinds(payout)[PayoutLineKind.OTHER] == -50_000
    assert payout.fees_ore == 6_250 + 15_000


def test_klarna_fee_with_swedish_vat() -> None:
    """VAT on Klarna's fee would not be deducted, or be deducted twice."""
    payout = one_payout(KLARNA)
    assert (payout.provider, payout.payout_id, payout.day) == ("klarna", "5501234567", DAY)
    assert payout.net_ore == 347_500
    fee = next(line for line in payout.lines if line.kind is PayoutLineKind.FEE)
    assert (fee.amount_ore, fee.vat_ore, fee.vat) == (-10_000, -2_500, FeeVat.SWEDISH)
    assert payout.clearing_ore == 360_000
    assert payout.problem == ""


def test_klarna_signs_follow_the_type() -> None:
    """Files write fees and returns with and without a minus."""
    unsigned = KLARNA.replace('"-', '"')
    assert kinds(one_payout(unsigned)) == kinds(one_payout(KLARNA))


def test_klarna_vat_without_its_column_is_taken_from_the_summary() -> None:
    """The report configurator leaves the VAT column out; the VAT is owed all the same."""
    without = KLARNA.replace('"tax_amount"', '"other"')
    payout = one_payout(without)
    assert sum(line.vat_ore for line in payout.lines) == -2_500
    assert payout.problem == ""


def test_klarna_holdback_stays_with_klarna() -> None:
    """A rolling reserve would be booked as a cost, or the payout be refused."""
    held_back = KLARNA.replace("3475.00", "3275.00") + (
        '"HOLDBACK";"";"";"";"";"";"";"200.00";"";"ROLLING_RESERVE"\n'
    )
    payout = one_payout(held_back)
    assert payout.clearing_ore == 340_000
    assert payout.problem == ""


def test_payout_day_is_the_companys() -> None:
    """Money paid out late in the evening in UTC belongs to the next day in Sweden."""
    late = KLARNA.replace("2026-05-19T07:45:00Z", "2026-05-18T22:30:00Z")
    assert one_payout(late).day == DAY


def test_kustom_is_the_folder_that_it_lies_in() -> None:
    """Kustom writes Klarna's format; its money is on another account."""
    assert one_payout(KLARNA, provider="kustom").provider == "kustom"


def test_swish_day_without_anybodys_name() -> None:
    """Buyers' names and phone numbers would end in the books."""
    payout = one_payout(SWISH)
    assert (payout.provider, payout.payout_id) == ("swish", "1234154241.2026-05-19")
    assert kinds(payout) == {PayoutLineKind.SALE: 34_900, PayoutLineKind.REFUND: -4_900}
    assert "Hemligsson" not in repr(payout)
    assert "467000" not in repr(payout)


def test_swish_report_as_the_bank_writes_it() -> None:
    """Swedbank's file is Windows-1252; its header would not be known."""
    file = ReportFile(name="swish.csv", content=SWISH.encode("cp1252"))
    assert len(read_reports([file], ZONE, TODAY).payouts) == 1


def test_a_swish_day_that_is_not_over_waits() -> None:
    """A file taken at noon would book half a day, and the other half never."""
    file = ReportFile(name="swish.csv", content=SWISH.encode())
    report = read_reports([file], ZONE, DAY)
    assert report.payouts == ()
    assert report.notes == ("swish.csv: its last day is not over",)


def test_paypal_settlement_report_by_local_day() -> None:
    """PayPal keeps a balance: what it keeps must not look like a missing amount."""
    payout = one_payout(PAYPAL_STL)
    assert (payout.payout_id, payout.day) == ("2026-05-19.SEK", DAY)
    assert payout.net_ore == 40_000
    assert payout.fees_ore == 1_950
    assert payout.clearing_ore == 41_950
    assert kinds(payout)[PayoutLineKind.RESERVE] == -(50_000 - 1_950 - 40_000)
    assert payout.problem == ""


def test_paypal_activity_download() -> None:
    """The file that a shop owner can download; what is pending has not happened."""
    payout = one_payout(PAYPAL_ACTIVITY)
    assert (payout.day, payout.net_ore, payout.fees_ore) == (DAY, 90_000, 3_750)
    assert [line.reference for line in payout.lines if line.kind is PayoutLineKind.SALE] == ["1006"]


def test_own_format_says_vat_line_by_line() -> None:
    """A provider without a reader could not be booked at all."""
    payout = one_payout(OWN)
    assert (payout.provider, payout.payout_id, payout.net_ore) == ("svea", "S-77", 238_750)
    assert [line.vat for line in payout.lines] == [
        None,
        FeeVat.EXEMPT,
        FeeVat.REVERSE_CHARGE,
        FeeVat.SWEDISH,
    ]
    assert payout.problem == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "the file is empty"),
        ("a,b\n1,2\n", "no known settlement report"),
        (STRIPE.replace("37.50", "37.51"), "gross minus fee is not net"),
        (STRIPE.replace("po_1A", ""), "no row names its automatic_payout_id"),
        (OWN.replace("payout;2387,50", "sale;2387,50"), "0 lines of type payout"),
        (OWN.replace("62,50", "62,5x"), "is not an amount"),
        (OWN.replace("sale;2500,00", "sales;2500,00"), "'sales' is not a valid"),
        (KLARNA.replace("2026-05-19T07:45:00Z", "soon"), "is not a date"),
        (PAYPAL_ACTIVITY.replace("19/05/2026", "05/19/2026"), "is not a day"),
    ],
)
def test_what_cant_be_read_for_certain_is_said(text: str, reason: str) -> None:
    """A report that is half understood would be booked half."""
    report = read(text)
    assert report.payouts == ()
    assert reason in report.unreadable[0].reason


def test_a_payout_in_two_files_counts_once() -> None:
    """Overlapping downloads would be booked twice."""
    files = [ReportFile(name=name, content=STRIPE.encode()) for name in ("a.csv", "b.csv")]
    assert len(read_reports(files, ZONE, TODAY).payouts) == 1


def test_a_payout_that_two_files_tell_differently_is_held() -> None:
    """The half of a payout would be booked, whichever file came first."""
    shorter = "\n".join(STRIPE.splitlines()[:2])
    files = [
        ReportFile(name=name, content=text.encode())
        for name, text in (("a.csv", STRIPE), ("b.csv", shorter))
    ]
    report = read_reports(files, ZONE, TODAY)
    assert report.payouts == ()
    assert "a.csv says otherwise" in report.unreadable[0].reason


@pytest.mark.parametrize(
    ("text", "ore"),
    [
        ("1234.50", 123450),
        ("1 234,50", 123450),
        ("1\u00a0234,5", 123450),
        ("1,234.50", 123450),
        ("1.234,50", 123450),
        ("-12", -1200),
        ("−12,00", -1200),
        ("", 0),
    ],
)
def test_amounts_as_people_and_providers_write_them(text: str, ore: int) -> None:
    """An amount would be a hundred times too large, or refused."""
    assert amount_ore(text, "amount") == ore


@pytest.mark.parametrize("text", ["1,234", "1.234", "12,3,4", "1e5", "NaN", "12.345"])
def test_amounts_with_two_meanings_are_refused(text: str) -> None:
    """Nobody can tell 1,234 from 1.234: guessing moves money."""
    with pytest.raises(ReportError):
        amount_ore(text, "amount")


def test_payouts_come_oldest_first() -> None:
    """Vouchers would get their numbers in the order of file names."""
    later = STRIPE.replace("po_1A", "po_0").replace("2026-05-19", "2026-05-21")
    files = [
        ReportFile(name=name, content=text.encode())
        for name, text in (("a.csv", later), ("b.csv", STRIPE))
    ]
    days = [payout.day for payout in read_reports(files, ZONE, TODAY).payouts]
    assert days == [DAY, date(2026, 5, 21)]
