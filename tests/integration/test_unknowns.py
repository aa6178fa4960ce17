"""What nobody knows about Fortnox may turn out either way: right books, or held with a reason."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.builders import DAY, day_window, head, line, mappings, order, shop_row
from tests.support.once import (
    MAPPINGS,
    OF_CASH_METHOD,
    TODAY,
    YESTERDAY,
    Company,
    a_company,
    api_requests,
    books,
    fault,
    quick_client,
    run,
    saved_state,
    small_day,
    writes,
)

from fortnox.api.apply import Outcome, apply_invoices
from fortnox.api.finder import find_by_reference
from fortnox.api.limiter import Pacer
from fortnox.api.snapshot import documents_of_day
from fortnox.core.documents import FortnoxInvoice, FortnoxRow, Invoice, ListedInvoice
from fortnox.core.errors import FatalError, PipelineError, UnreachableError
from fortnox.core.orders import LineKind
from fortnox.core.reconcile import reconcile_orders
from fortnox.core.reconcile_ledger import (
    BaseAccounts,
    LedgerLevel,
    reconcile_ledger,
)
from fortnox.core.reconciled import Evidence, OrdersLevel, State
from fortnox.core.transform import transform
from fortnox.core.verify import mismatches
from fortnox.sandbox.fortnox.unknowns import UNKNOWNS

#: Each other answer to each open question alone, from the list itself, and what goes together.
ANSWERS: list[dict[str, Any]] = [
    {},
    *(
        {one.name: answer}
        for one in UNKNOWNS
        for answer in one.others
        if one.name not in OF_CASH_METHOD
    ),
    {"krona_rounding": True, "roundoff_sign": "taken"},
    {"krona_rounding": True, "vat_rounding": "row"},
    {"max_limit": 2},
    {"max_limit_invoices": 2},
    {"retry_after": 1, "rate_limit": 25},
    {"refused_requests_count": True, "rate_limit": 25},
    {"token_lifetime_s": 1},
]


def named(switches: dict[str, Any]) -> str:
    return " ".join(f"{name}={value}" for name, value in switches.items()) or "defaults"


class Moments:
    """The sandbox's monotonic clock, moved by our sleeping only."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def sleep(self, seconds: float) -> None:
        self.now_s += seconds


@contextmanager
def lagging(lag_s: float, *, known: bool = True) -> Iterator[tuple[Company, Moments]]:
    """A company whose lists show each write ``lag_s`` later."""
    with a_company(known=known, list_lag_s=0) as company:
        yield company, _in_moments(company, {"list_lag_s": lag_s})


@contextmanager
def answering(switches: dict[str, Any]) -> Iterator[tuple[Company, Moments]]:
    """A company without documents, which answers open questions so, in a time that we move."""
    with a_company(known=False) as company:
        yield company, _in_moments(company, switches)


def _in_moments(company: Company, switches: dict[str, Any]) -> Moments:
    moments = Moments()
    company.fortnox.monotonic = lambda: moments.now_s
    company.control_room.set_switches(**switches)
    return moments


def apply(company: Company, moments: Moments, invoices: Any = TODAY, **changed: Any) -> Outcome:
    """A run whose pauses let the lists catch up."""
    client = quick_client(company, **changed)
    return apply_invoices(client, shop_row(), invoices, sleep=moments.sleep)


def apply_paced(company: Company, moments: Moments, invoices: Any) -> Outcome:
    """The same at the pace that Fortnox permits, in a time that only waiting moves."""
    pacer = Pacer(sleep=moments.sleep, clock=lambda: moments.now_s)
    return apply(company, moments, invoices, pacer=pacer, sleep=moments.sleep)


def found(company: Company, invoices: tuple[Invoice, ...]) -> list[ListedInvoice]:
    """What reconcile reads: the day's list, and references that it lacks."""
    client = quick_client(company)
    documents = {d.document_number: d for d in documents_of_day(client, "demo", DAY)}
    by_reference = find_by_reference(client, "demo", [i.reference for i in invoices]).documents
    return [*{**documents, **{d.document_number: d for d in by_reference}}.values()]


def proof(company: Company, invoices: tuple[Invoice, ...]) -> tuple[OrdersLevel, LedgerLevel]:
    """Shop, documents and ledger compared; vouchers from the sandbox's own table."""
    documents = found(company, invoices)
    amounts: dict[tuple[int, str, int], dict[int, int]] = {}
    for voucher in company.fortnox.table("vouchers").values():
        sums = amounts.setdefault(
            (voucher["Year"], voucher["VoucherSeries"], voucher["VoucherNumber"]), {}
        )
        for row in voucher["VoucherRows"]:
            ore = int((row["Debit"] - row["Credit"]) * 100)
            sums[row["Account"]] = sums.get(row["Account"], 0) + ore
    wanted = {invoice.reference: invoice for invoice in invoices}
    ledger = reconcile_ledger(
        [(wanted[d.reference], d) for d in documents if d.booked and not d.cancelled],
        amounts,
        base=BaseAccounts(),
    )
    orders = reconcile_orders(
        Evidence(
            shop=shop_row(),
            mappings=MAPPINGS,
            window=day_window(),
            heads=[head(order_id=i.order_id, total_ore=i.total_ore) for i in invoices],
            documents=documents,
            held=(),
            invoices={i.reference: i for i in invoices},
            gross_ore=ledger.gross_ore,
        )
    )
    return orders, ledger


@pytest.mark.parametrize("switches", ANSWERS, ids=named)
@pytest.mark.parametrize("known", [True, False], ids=["known shop", "first day"])
def test_the_day_is_right_whichever_way_fortnox_answers(switches: dict[str, Any], known: bool):
    """Created, verified, bookkept, proven to the öre, and a second run writes nothing."""
    both = (*YESTERDAY, *TODAY)
    with answering(switches) as (company, moments):
        if known:
            assert apply_paced(company, moments, YESTERDAY).booked == len(YESTERDAY)
            moments.sleep(60)
        outcome = apply_paced(company, moments, both)
        assert outcome.held == []
        assert outcome.created == outcome.booked == len(both) - outcome.unchanged
        moments.sleep(60)
        made = books(company)
        assert (len(made.documents), made.unbooked) == (len(both), 0)
        before = len(writes(company))
        second = apply_paced(company, moments, both)
        assert (second.unchanged, len(writes(company))) == (len(both), before)
        orders, ledger = proof(company, both)
        assert {row.state for row in orders.rows} == {State.BOOKED}
        assert [row.difference_ore for row in orders.rows] == [0] * len(both)
        assert ledger.findings == ()


@pytest.mark.parametrize("match", ["exact", "prefix"])
def test_an_edited_or_cancelled_order_is_held_though_the_filter_is_poor(match: str):
    """Rule 5 must not depend on the filter: cancelled is never made again, edited never hidden."""
    with a_company(reference_match=match) as company:
        run(company)
        (number,) = (
            one["DocumentNumber"]
            for one in company.fortnox.table("invoices").values()
            if one["ExternalInvoiceReference1"] == TODAY[1].reference
        )
        record = company.fortnox.table("invoices").get(number)
        company.fortnox.table("invoices").put(number, {**record, "Cancelled": True})
        edited = [invoice if n else _edited(invoice) for n, invoice in enumerate(TODAY)]
        before = len(writes(company))
        outcome = run(company, edited)
        assert {held.code for held in outcome.held} == {
            "changed_after_export",
            "cancelled_in_fortnox",
        }
        assert len(writes(company)) == before


def _edited(invoice: Invoice) -> Invoice:
    """The same order after somebody took a line off it."""
    shorter = order(line("49.90", "25"), order_id=invoice.order_id)
    return transform(
        [shorter], (), shop=shop_row(), mappings=MAPPINGS, window=day_window()
    ).invoices[0]


@pytest.mark.parametrize("known", [True, False], ids=["known shop", "first day"])
@pytest.mark.parametrize("lag_s", [2, 5, 13])
def test_lists_that_lag_do_not_double_a_sale(lag_s: float, known: bool):
    """An unanswered create that the lists do not show yet is sent again, and settled in the run."""
    with lagging(lag_s, known=known) as (company, moments):
        moments.sleep(60)
        fault(company, 1, "drop_after", method="POST", path="/3/invoices", times=1)
        outcome = apply(company, moments)
        made = books(company)
        assert (outcome.booked, outcome.held) == (len(TODAY), [])
        assert outcome.surplus_cancelled >= 1
        assert made.unbooked == 0
        assert len(set(made.documents)) == len(TODAY) + (2 if known else 0)
        moments.sleep(60)
        assert apply(company, moments).unchanged == len(TODAY)
        assert books(company) == made


def test_a_run_right_after_a_killed_one_meets_lists_that_lag():
    """A retry a moment later cannot see the drafts: it makes others, and one each survives."""
    with lagging(5) as (company, moments):
        moments.sleep(60)
        fault(company, 1, "status_before", method="PUT", status=403, times=0)
        with pytest.raises(FatalError):
            apply(company, moments)
        company.faults.clear()
        moments.now_s -= 13.9
        outcome = apply(company, moments)
        assert outcome.held == []
        moments.sleep(60)
        apply(company, moments)
        made = books(company)
        assert (len(made.documents), made.unbooked) == (len(TODAY) + len(YESTERDAY), 0)


def test_lists_that_never_show_our_drafts_book_nothing():
    """Where surplus cannot be looked for, nothing is bookkept; the run says so and tries later."""
    with lagging(3600) as (company, moments):
        with pytest.raises(UnreachableError, match="do not show"):
            apply(company, moments)
        assert not any(call.endswith("/bookkeep") for call in writes(company))
        moments.sleep(7200)
        company.control_room.set_switches(list_lag_s=0)
        assert apply(company, moments).booked == len(TODAY)
        assert books(company).unbooked == 0


def test_more_documents_than_a_page_holds():
    """A page of 100, as one source says: 130 drafts and as many booked are still all seen."""
    many = small_day(130, first=2101)
    with a_company(max_limit_invoices=100, max_limit=100) as company:
        fault(company, 1, "status_before", method="PUT", status=403, times=0)
        with pytest.raises(PipelineError):
            run(company, many)
        company.faults.clear()
        company.faults.forget_requests()
        outcome = run(company, many)
        assert (outcome.created, outcome.booked) == (0, len(many))
        assert books(company).unbooked == 0
        company.faults.forget_requests()
        assert run(company, many).unchanged == len(many)
        assert writes(company) == []
        assert len(api_requests(company)) <= 10


@pytest.mark.parametrize("row_account", ["row", "vat_type"])
def test_an_articles_account_that_wins_is_held(row_account: str):
    """With an article on the freight row its account may win: seen before anything is booked."""
    articles = "shop,purpose,article_number\n*,shipping,FRAKT\n*,discount,\n*,other_payment,\n"
    shipped = order(
        line(), line("49.00", "25", kind=LineKind.SHIPPING, line_id="2"), order_id="1107"
    )
    with a_company(row_account=row_account) as company:
        company.by_hand(
            "POST",
            "articles",
            {"Article": {"ArticleNumber": "FRAKT", "Description": "Frakt", "SalesAccount": 3001}},
        )
        rules = mappings(special_articles=articles + "*,fee,\n*,rounding,\n")
        (invoice,) = transform(
            [shipped], (), shop=shop_row(), mappings=rules, window=day_window()
        ).invoices
        assert "FRAKT" in {row.article_number for row in invoice.rows}
        outcome = run(company, [invoice])
        if row_account == "row":
            assert (outcome.booked, outcome.held) == (1, [])
        else:
            (held,) = outcome.held
            assert (held.code, outcome.booked) == ("not_verified", 0)
            assert "account 3001, wanted 3520" in held.reason


@pytest.mark.parametrize("status", [400, 403])
def test_a_missing_scope_stops_the_run(status: int):
    """Whichever status Fortnox uses, a scope that is not given is nothing to retry or to hold."""
    body = (
        '{"ErrorInformation":{"error":1,"message":"Har inte behörighet för scope","code":2000663}}'
    )
    with a_company() as company:
        before = saved_state(company)["invoices"]
        fault(company, 1, "status_before", method="POST", status=status, body=body, times=0)
        with pytest.raises(FatalError, match="scope 'invoice'"):
            run(company)
        assert saved_state(company)["invoices"] == before


@given(
    round_off_ore=st.integers(-120, 120),
    moved_ore=st.integers(-120, 120),
)
def test_round_off_fits_in_one_direction_or_the_document_is_held(
    round_off_ore: int, moved_ore: int
):
    """RoundOff may be what was added or what was taken; any other Total is not the shop's."""
    wanted = TODAY[0]
    rows = tuple(
        FortnoxRow(
            account_number=row.account_number,
            vat_pct=row.vat.rate.rate_pct,
            total_ore=row.total_ore,
            total_excl_vat_ore=row.total_ore - row.shop_vat_ore,
        )
        for row in wanted.rows
    )
    answer = FortnoxInvoice(
        document_number="1",
        reference=wanted.reference,
        day_reference=wanted.day_reference,
        customer_number="1",
        invoice_date=wanted.invoice_date,
        invoice_type="INVOICE",
        currency="SEK",
        currency_rate=Decimal(1),
        total_ore=wanted.total_ore + moved_ore,
        round_off_ore=round_off_ore,
        booked=False,
        cancelled=False,
        vat_included=True,
        rows=rows,
    )
    is_rounding = moved_ore in (round_off_ore, -round_off_ore) and -50 <= round_off_ore <= 50
    assert (mismatches(wanted, "1", answer) == []) is is_rounding
