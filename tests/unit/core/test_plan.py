"""What is done about each wanted document; the second run of a day must do nothing."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from tests.support.builders import DAY, day_window, line, mappings, order, shop_row

from fortnox.core.actions import ActionKind, FinancialYear, Snapshot
from fortnox.core.customer_match import (
    CustomerIndex,
    choose_customer,
    email_key,
    organisation_key,
)
from fortnox.core.documents import Held, Invoice, ListedInvoice
from fortnox.core.forecast import chunks
from fortnox.core.plan import Plan, make_plan
from fortnox.core.surplus import settle
from fortnox.core.transform import transform

YEARS = (FinancialYear(year_id=2, from_date=date(2026, 1, 1), to_date=date(2026, 12, 31)),)
MAPPINGS = mappings()


def wanted(*order_ids: str) -> tuple[Invoice, ...]:
    orders = [order(line(), order_id=order_id) for order_id in order_ids or ("1001",)]
    return transform(orders, (), shop=shop_row(), mappings=MAPPINGS, window=day_window()).invoices


def listed(invoice: Invoice, number: str = "17", **changed: object) -> ListedInvoice:
    document = ListedInvoice(
        document_number=number,
        reference=invoice.reference,
        day_reference=invoice.day_reference,
        total_ore=invoice.total_ore,
        balance_ore=0 if changed.get("booked", True) else invoice.total_ore,
        currency="SEK",
        invoice_date=DAY,
        booked=True,
        cancelled=False,
        voucher_series="B",
        voucher_number=1,
        voucher_year=2,
    )
    return replace(document, **changed)


def snapshot(*documents: ListedInvoice, **changed: object) -> Snapshot:
    by_reference: dict[str, tuple[ListedInvoice, ...]] = {}
    for document in documents:
        by_reference[document.reference] = (*by_reference.get(document.reference, ()), document)
    values: dict[str, object] = {
        "documents": by_reference,
        "filter_proven": True,
        "customers": CustomerIndex(),
        "closed_through": None,
        "years": YEARS,
    }
    values.update(changed)
    return Snapshot(**values)  # type: ignore[arg-type]


def plan(invoices, snap: Snapshot, **shop: object) -> Plan:
    return make_plan(invoices, snap, shop_row(**shop))


def the_held(made: Plan) -> Held:
    assert made.actions == ()
    (held,) = made.held
    return held


def test_new_invoice_for_a_new_customer():
    """Nothing there: create the card with our number, then the invoice."""
    (action,) = plan(wanted(), snapshot()).actions
    assert action.kind is ActionKind.CREATE
    assert action.customer is not None
    assert action.customer.create


def test_returning_customer_costs_no_request():
    """A card that the snapshot shows is not made again."""
    (invoice,) = wanted()
    index = CustomerIndex(numbers=frozenset({invoice.customer.number}))
    (action,) = plan([invoice], snapshot(customers=index)).actions
    assert action.customer is not None
    assert not action.customer.create


@given(st.lists(st.integers(1, 9999).map(str), unique=True, max_size=20))
def test_second_run_writes_nothing(order_ids):
    """Once all stands booked, a second run of the same day makes no request that writes."""
    invoices = wanted(*order_ids) if order_ids else ()
    documents = [listed(invoice, str(number)) for number, invoice in enumerate(invoices, 1)]
    made = plan(invoices, snapshot(*documents))
    assert {action.kind for action in made.actions} <= {ActionKind.UNCHANGED}
    assert (made.requests, made.surplus, made.held) == (0, (), ())
    assert chunks(made.actions, max_requests=100) == []


def test_unbooked_document_of_ours_is_booked_not_made_again():
    """A crash between create and bookkeep leaves an unbooked invoice: go on from there."""
    (invoice,) = wanted()
    (action,) = plan([invoice], snapshot(listed(invoice, booked=False))).actions
    assert (action.kind, action.document_number) == (ActionKind.BOOK, "17")


def test_left_unbooked_by_the_mapping_is_unchanged():
    """A payment method with bookkeep no leaves its invoice alone, run after run."""
    (invoice,) = wanted()
    unbooked = replace(invoice, bookkeep=False)
    (action,) = plan([unbooked], snapshot(listed(invoice, booked=False))).actions
    assert action.kind is ActionKind.UNCHANGED


def test_cancelled_by_a_person_is_held():
    """Somebody cancelled our invoice: never made again behind their back (rule 5)."""
    (invoice,) = wanted()
    held = the_held(plan([invoice], snapshot(listed(invoice, booked=False, cancelled=True))))
    assert held.code == "cancelled_in_fortnox"


def test_edited_after_export_is_held_with_both():
    """An edit in the shop after booking is reported, never booked beside the old one."""
    (invoice,) = wanted()
    before = listed(invoice, day_reference=f"demo:{DAY}:ffffffffffff")
    held = the_held(plan([invoice], snapshot(before)))
    assert held.code == "changed_after_export"
    assert "17" in held.reason


def test_edited_before_it_is_booked_is_rewritten():
    """Nothing is in the ledger yet: the draft becomes what the order is now."""
    (invoice,) = wanted()
    before = listed(invoice, booked=False, day_reference=f"demo:{DAY}:ffffffffffff")
    (action,) = plan([invoice], snapshot(before)).actions
    assert (action.kind, action.rewrite, action.document_number) == (ActionKind.BOOK, True, "17")


def test_surplus_is_cancelled_and_the_booked_one_survives():
    """Two documents of one sale: the unbooked late-comer goes, whatever its number."""
    (invoice,) = wanted()
    made = plan([invoice], snapshot(listed(invoice, "16", booked=False), listed(invoice, "17")))
    assert [document.document_number for document in made.surplus] == ["16"]
    assert made.actions[0].kind is ActionKind.UNCHANGED


def test_surplus_of_another_day_is_settled_too():
    """A request carried out late on another day's order is settled by the next run (rule 4)."""
    (invoice, other) = wanted("1001", "2002")
    made = plan([invoice], snapshot(listed(other, "5"), listed(other, "6", booked=False)))
    assert [document.document_number for document in made.surplus] == ["6"]


def test_two_booked_documents_are_held():
    """Two booked invoices of one order: only a person can reverse, and the report says which."""
    (invoice,) = wanted()
    held = the_held(plan([invoice], snapshot(listed(invoice, "16"), listed(invoice, "17"))))
    assert held.code == "booked_twice"
    assert "16, 17" in held.reason


@given(st.permutations(["booked", "paid", "low", "high"]))
def test_survivor_does_not_depend_on_the_order_of_the_list(order_of):
    """Booked before paid before lowest number, however Fortnox sorts its list."""
    (invoice,) = wanted()
    kinds = {
        "booked": listed(invoice, "9"),
        "paid": listed(invoice, "8", booked=False, balance_ore=0),
        "low": listed(invoice, "2", booked=False),
        "high": listed(invoice, "10", booked=False),
    }
    settlement = settle([kinds[name] for name in order_of])
    assert settlement.survivor == kinds["booked"]
    without = settle([kinds[name] for name in order_of if name != "booked"])
    assert without.survivor == kinds["paid"]
    unpaid = settle([kinds[name] for name in order_of if name in ("low", "high")])
    assert unpaid.survivor == kinds["low"]


def test_closed_period_holds_by_default():
    """Nothing is dated into a closed period, by Fortnox's lock or by shops.csv (rule 17)."""
    assert the_held(plan(wanted(), snapshot(closed_through=DAY))).code == "period_closed"
    made = plan(wanted(), snapshot(), books_closed_through=date(2026, 6, 30))
    assert the_held(made).code == "period_closed"


def test_closed_period_first_open_day_needs_approval():
    """With first_open_day the invoice is dated the day after the lock, and a person is asked."""
    made = plan(wanted(), snapshot(closed_through=DAY), late_policy="first_open_day")
    (action,) = made.actions
    assert action.invoice.invoice_date == date(2026, 5, 5)
    assert action.invoice.accounting_day == DAY
    assert DAY.isoformat() in action.invoice.comment
    assert made.approval_reasons


def test_missing_financial_year_holds():
    """At New Year a missing year must hold the sale, not fail the run."""
    assert the_held(plan(wanted(), snapshot(years=()))).code == "no_financial_year"


def test_cash_method_holds():
    """Under kontantmetoden a bookkept invoice posts revenue too early: never booked (rule 18)."""
    years = (replace(YEARS[0], cash_method=True),)
    assert the_held(plan(wanted(), snapshot(years=years))).code == "cash_method"


def test_thresholds_ask_a_person():
    """Documents or sum over the threshold of shops.csv need approval; under it nobody is asked."""
    invoices = wanted("1", "2", "3")
    assert plan(invoices, snapshot()).approval_reasons == ()
    assert plan(invoices, snapshot(), approve_documents_over=2).approval_reasons
    assert plan(invoices, snapshot(), approve_total_over_ore=37_499).approval_reasons
    assert plan(invoices, snapshot(), approve_total_over_ore=37_500).approval_reasons == ()


def test_customers_match_exactly_and_never_on_empty():
    """An order without an e-mail must never land on the first card without one (a rival's bug)."""
    (invoice,) = wanted()
    index = CustomerIndex(
        numbers=frozenset({"5", "6"}),
        by_email={"": ("5",), email_key("test@example.com"): ("6",)},
        by_organisation_number={"": ("5",)},
    )
    found = choose_customer(invoice.customer, index)
    assert not isinstance(found, str)
    assert found.number == "6"
    empty = replace(invoice.customer, email="", match=("organisation_number", "email"))
    assert choose_customer(replace(empty, when_missing="hold"), index) == (
        "no customer card matches, and customer_policy.csv says hold"
    )


def test_several_cards_with_one_key_are_not_chosen_from():
    """Two active cards share the e-mail: a person must say which."""
    (invoice,) = wanted()
    index = CustomerIndex(by_email={email_key("test@example.com"): ("6", "7")})
    held = the_held(plan([invoice], snapshot(customers=index)))
    assert held.code == "customer_not_certain"


def test_our_export_card_is_no_match_for_a_domestic_sale():
    """The same person's export card has another VATType: a domestic sale gets its own card."""
    (invoice,) = wanted()
    index = CustomerIndex(by_email={email_key("test@example.com"): ("demo-gabc-x",)})
    found = choose_customer(invoice.customer, index)
    assert not isinstance(found, str)
    assert found.create


def test_organisation_number_in_any_spelling():
    """16556000-0000 and 556000-0000 are one company."""
    (invoice,) = wanted()
    wish = replace(
        invoice.customer, organisation_number="16559000-0005", match=("organisation_number",)
    )
    index = CustomerIndex(by_organisation_number={organisation_key("5590000005"): ("9",)})
    found = choose_customer(wish, index)
    assert not isinstance(found, str)
    assert found.number == "9"


@given(st.integers(1, 60), st.integers(5, 40))
def test_chunks_lose_nothing(count, max_requests):
    """A long day cut into pieces is still the whole day, each order once."""
    invoices = wanted(*(str(number) for number in range(1, count + 1)))
    actions = plan(invoices, snapshot()).actions
    pieces = chunks(actions, max_requests=max_requests)
    in_order = sorted(actions, key=lambda action: action.invoice.order_id)
    assert [action for piece in pieces for action in piece] == in_order
