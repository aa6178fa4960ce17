"""One customer, either way: only the sender's own changes are carried, and only once."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.builders import buyer, mappings, shop_row

from fortnox.core.customer_export import decide_export
from fortnox.core.customer_import import Accounts, decide_import, shared_emails
from fortnox.core.customer_match import CustomerIndex, email_key
from fortnox.core.customer_sync import (
    CustomerState,
    Known,
    WhenDiffers,
    agreement,
    decide_update,
    merge,
)
from fortnox.core.customer_values import CARD_FIELDS, ShopCustomer, fingerprints
from fortnox.core.orders import BuyerKind

VALUES = st.dictionaries(
    st.sampled_from(CARD_FIELDS), st.sampled_from(["", "a", "A b", "Ö", "556000-4615"])
)
POLICIES: Any = st.sampled_from(["hold", "overwrite", "keep"])


def decide(sender: Any, receiver: Any, known: Known, policy: WhenDiffers) -> Any:
    return decide_update("1", sender, receiver, known, policy, email="e", number="demo-1")


@given(VALUES, VALUES, VALUES, POLICIES)
def test_the_second_run_writes_nothing(sender: Any, receiver: Any, before: Any, policy: Any):
    """A field would be written back and forth at every run."""
    first = decide(sender, receiver, Known(agreed=fingerprints(before)), policy)
    if first.known is None:
        return
    after = {**receiver, **first.values}
    assert decide(sender, after, first.known, policy).state is CustomerState.UNCHANGED


@given(VALUES, VALUES, VALUES, POLICIES)
def test_only_what_the_sender_has_and_the_receiver_lacks_is_written(
    sender: Any, receiver: Any, before: Any, policy: Any
):
    """A value would be cleared, or one that is the same written again."""
    found = merge(sender, receiver, fingerprints(before), policy)
    ours, theirs = fingerprints(sender), fingerprints(receiver)
    assert all(value for value in found.changes.values())
    assert all(ours[name] != theirs.get(name) for name in found.changes)
    assert set(found.changes) | set(found.conflicts) | set(found.kept) == {
        name for name in ours if ours[name] != theirs.get(name)
    }


@given(VALUES, VALUES, VALUES)
def test_what_somebody_corrected_at_the_receiver_is_never_overwritten(
    sender: Any, receiver: Any, before: Any
):
    """The bookkeeper's correction would be undone by the next run."""
    agreed = fingerprints(before)
    for policy in ("hold", "keep"):
        found = merge(sender, receiver, agreed, policy)  # type: ignore[arg-type]
        for name in found.changes:
            assert fingerprints(receiver).get(name, "") == agreed.get(name, "")


@given(VALUES)
def test_without_memory_the_same_values_agree(values: Any):
    """A lost file would hold every customer."""
    assert decide(values, values, Known(), "hold").state is CustomerState.UNCHANGED
    assert agreement(values, values) == fingerprints(values)


def test_spelling_that_means_nothing_is_no_change():
    """Cards would be rewritten for a space in a postcode or a capital in an e-mail address."""
    shop = {"ZipCode": "111 22", "Email": "A@b.se", "OrganisationNumber": "556000-4615"}
    card = {"ZipCode": "11122", "Email": "a@B.se", "OrganisationNumber": "165560004615"}
    assert decide(shop, card, Known(), "hold").state is CustomerState.UNCHANGED


def account(country: str = "SE", **changed: Any) -> ShopCustomer:
    who = buyer(country, customer_id="17", **changed)
    return ShopCustomer(customer_id="17", email=who.email, role="customer", buyer=who)


def export(
    customer: ShopCustomer, *, policy: str = "", index: Any = None, known: Any = None
) -> Any:
    return decide_export(
        customer,
        {"Name": "A"},
        shop=shop_row(),
        mappings=mappings(customer_policy=policy) if policy else mappings(),
        index=index or CustomerIndex(),
        known=known or Known(),
    )


COMPANY = {"kind": BuyerKind.COMPANY, "company": "Bolaget AB"}
_HEAD = "shop,market,buyer_kind,match,when_missing,shared_customer_number,sync\n"


@pytest.mark.parametrize(
    ("customer", "policy", "state"),
    [
        (account(), "", CustomerState.CREATE),
        (account(country=""), "", CustomerState.NOT_DUE),
        (account(), _HEAD + "*,*,*,number,create,,update\n", CustomerState.LEFT_OUT),
        (account(), _HEAD + "*,*,*,number,create,,off\n", CustomerState.LEFT_OUT),
        (account(), _HEAD + "*,*,*,number,hold,,\n", CustomerState.LEFT_OUT),
        (account(), _HEAD + "*,SE,private,number,shared,1000,\n", CustomerState.HELD),
        (account(**COMPANY, organisation_number="556000-1234"), "", CustomerState.HELD),
        (account(**COMPANY, organisation_number="556000-4615"), "", CustomerState.CREATE),
        (account("DE", **COMPANY, vat_number="DE123"), "", CustomerState.HELD),
        (account("DE", **COMPANY, vat_number="DE136695976"), "", CustomerState.CREATE),
    ],
)
def test_export_by_policy(customer: ShopCustomer, policy: str, state: CustomerState):
    """Cards would be made that nobody asked for, or for companies that are none."""
    assert export(customer, policy=policy).state is state


def test_the_shared_card_must_be_there():
    """Private buyers would be held one by one at their first order."""
    policy = _HEAD + "*,SE,private,number,shared,1000,\n"
    index = CustomerIndex(numbers=frozenset({"1000"}))
    assert export(account(), policy=policy, index=index).state is CustomerState.SHARED


def test_a_card_that_is_gone_is_not_made_again():
    """The bookkeeper made it inactive on purpose."""
    decision = export(account(), known=Known(number="demo-17"))
    assert (decision.state, decision.code) == (CustomerState.HELD, "customer_card_gone")


def test_an_empty_email_matches_nobody():
    """Every account without an address would be the first card without one."""
    index = CustomerIndex(numbers=frozenset({"5"}), by_email={"": ("5",)})
    assert export(account(email=""), index=index).number == "demo-17"


@pytest.mark.parametrize(
    ("number", "email", "state"),
    [
        ("500", "new@x.se", CustomerState.CREATE),
        ("500", "", CustomerState.NOT_DUE),
        ("500", "no address", CustomerState.NOT_DUE),
        ("500", "KNOWN@x.se", CustomerState.COMPARE),
        ("501", "two@x.se", CustomerState.HELD),
        ("demo-g0123456789ab", "guest@x.se", CustomerState.LEFT_OUT),
        ("demo-17-x", "known@x.se", CustomerState.NOT_DUE),
        ("600", "moved@x.se", CustomerState.HELD),
    ],
)
def test_import_by_email(number: str, email: str, state: CustomerState):
    """Guests would get accounts, or a customer the account of somebody else."""
    people = {
        "1": Known(email=email_key("known@x.se")),
        "2": Known(email=email_key("old@x.se"), number="600"),
    }
    cards = [("501", {"Email": "two@x.se"}), ("502", {"Email": "Two@x.se"})]
    decision = decide_import(
        number,
        {"Name": "A", "Email": email},
        key="demo",
        accounts=Accounts(people=people),
        several=shared_emails(cards, "demo"),
    )
    assert decision.state is state
