"""The plan as people read it: every document once, with what changes and why."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from tests.support.advances import DELIVERED, sold, wanted
from tests.support.builders import day_window, mappings, order, shop_row

from fortnox.core.actions import Action, ActionKind
from fortnox.core.documents import Invoice, ListedInvoice
from fortnox.core.plan import Plan
from fortnox.core.report_plan import PlanSource, dry_run_report, plan_pages, plan_rows, plan_summary
from fortnox.core.transform import transform


def invoice(number: str = "1") -> Invoice:
    made = transform(
        [order(order_id=number, number=number)],
        (),
        shop=shop_row(),
        mappings=mappings(),
        window=day_window(),
    )
    return made.invoices[0]


def draft(of: Invoice, **changed: Any) -> ListedInvoice:
    values: dict[str, Any] = {
        "document_number": "17",
        "reference": of.reference,
        "day_reference": of.day_reference,
        "total_ore": of.total_ore,
        "balance_ore": of.total_ore,
        "currency": "SEK",
        "invoice_date": of.invoice_date,
        "booked": False,
        "cancelled": False,
        "voucher_series": "",
        "voucher_number": None,
        "voucher_year": None,
    }
    return ListedInvoice(**{**values, **changed})


def source_of(*actions: Action, **more: Any) -> PlanSource:
    plan = Plan(
        actions=actions,
        held=(),
        surplus=more.pop("surplus", ()),
        surplus_orders=(),
        surplus_offers=(),
        requests=more.get("requests", 0),
        approval_reasons=(),
    )
    return PlanSource(plan=plan, **{"documents": {}, **more})


def summary_of(source: PlanSource) -> dict[str, Any]:
    return plan_summary(
        source,
        shop=shop_row(),
        window=day_window(),
        made_at=datetime(2026, 5, 5, tzinfo=UTC),
        is_dry_run=False,
    )


def test_a_rewritten_draft_shows_what_it_has_and_what_it_gets() -> None:
    """Who approves a change must see the change, not only that there is one."""
    wanted = invoice()
    old = draft(wanted, total_ore=9_900, invoice_date=date(2026, 5, 1))
    action = Action(
        kind=ActionKind.BOOK, invoice=wanted, reason="edited", document_number="17", rewrite=True
    )
    (row,) = plan_rows(source_of(action, documents={wanted.reference: (old,)}))
    assert row["action"] == "change"
    assert row["changes"] == [
        {"field": "Total", "before": "99.00", "after": "125.00"},
        {"field": "InvoiceDate", "before": "2026-05-01", "after": str(wanted.invoice_date)},
    ]


def test_refunds_are_credited_and_surplus_ones_cancelled() -> None:
    """The reader tells new sales from money given back and from what is taken away."""
    sale = invoice()
    refund = replace(sale, refund_id="9", total_ore=-12_500)
    actions = [Action(kind=ActionKind.CREATE, invoice=one, reason="new") for one in (sale, refund)]
    source = source_of(*actions, surplus=(draft(sale),))
    assert [row["action"] for row in plan_rows(source)] == ["cancel", "credit", "create"]
    summary = summary_of(source)
    assert summary["total_ore"] == 0
    assert {name: n for name, n in summary["counts"].items() if n} == {
        "cancel": 1, "credit": 1, "create": 1,
    }  # fmt: skip


def test_the_forecast_is_rounded_up() -> None:
    """A minute too few would end before the work does."""
    assert [summary_of(source_of(requests=n))["minutes"] for n in (0, 1, 288, 289)] == [0, 1, 1, 2]


@pytest.mark.parametrize("kind", list(ActionKind))
def test_every_kind_of_action_has_its_place(kind: ActionKind) -> None:
    """A plan with a new kind of action must not be one that can't be shown."""
    (row,) = plan_rows(source_of(Action(kind=kind, invoice=invoice(), reason="why")))
    assert row["reason"] == "why"


def test_what_is_held_stands_in_the_plan_with_its_remedy() -> None:
    """What is not going to happen is a part of the answer to what is."""
    held = invoice("2").held("code", "why", "what to do")
    (row,) = plan_rows(source_of(held=[held]))
    assert (row["action"], row["reason"], row["remedy"]) == ("hold", "why", "what to do")


def test_no_buyer_stands_in_a_plan() -> None:
    """Reports are kept for years and read by many: orders are named by number."""
    wanted = invoice()
    action = Action(kind=ActionKind.CREATE, invoice=wanted, reason="new")
    pages = plan_pages(source_of(action))
    text = str(pages) + str(summary_of(source_of(action)))
    assert wanted.customer.name
    for personal in (wanted.customer.name, wanted.customer.email):
        assert not personal or personal not in text


def test_a_long_plan_comes_in_pages() -> None:
    """A day of ten thousand orders must not be one answer."""
    one = invoice()
    actions = [Action(kind=ActionKind.UNCHANGED, invoice=one, reason="as is")] * 501
    assert [len(page) for page in plan_pages(source_of(*actions))] == [500, 1]
    assert summary_of(source_of(*actions))["details"] == {"rows": 501, "pages": 2}


def test_a_dry_run_says_that_nothing_was_written() -> None:
    """Zeroes without this sentence would look like a proof."""
    report = dry_run_report({"verdict": "held", "counts": {"held": 3}}, {"create": 5, "book": 1})
    assert report["verdict"] == "dry_run"
    assert report["headline"] == ("Dry run: 5 to create, 1 to book, 3 held; nothing was written")


def test_vouchers_of_advances_are_rows_of_their_own() -> None:
    """A person would approve amounts that the plan does not show."""
    rows = plan_rows(source_of(advances=wanted(DELIVERED, sold()).advances))
    assert [(row["action"], row["amount_ore"], row["reason"]) for row in rows] == [
        ("create", 125000, "paid before its delivery: a voucher of the advance"),
        ("create", 0, "delivered: a voucher takes the advance into the sales"),
    ]
