"""The two plans of customers: what must be read of single cards and accounts to decide on them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from fortnox.api.client import FortnoxClient
from fortnox.api.customer_cache import changed_cards
from fortnox.api.customer_writer import CustomerWriter, listed_values, wanted_card
from fortnox.core.customer_export import compare_card, decide_export, when_differs
from fortnox.core.customer_import import (
    Accounts,
    compare_account,
    decide_import,
    shared_emails,
    with_card,
)
from fortnox.core.customer_match import CustomerIndex
from fortnox.core.customer_sync import CustomerState, Decision, Known, held
from fortnox.core.customer_values import LISTED_FIELDS, CardValues, ShopCustomer, content
from fortnox.shops.base import CustomerShop
from fortnox.steps.run import Run


def plan_export(
    client: FortnoxClient,
    run: Run,
    accounts: Iterable[ShopCustomer],
    people: Mapping[str, Known],
    index: CustomerIndex,
    *,
    whole: bool,
) -> list[Decision]:
    """Accounts -> cards. A card is read by itself only when the list does not settle it."""
    listed = _listed(client, whole=whole)
    cards = CustomerWriter(client)
    decisions: list[Decision] = []
    taken: dict[str, str] = {
        known.number: customer_id for customer_id, known in people.items() if known.number
    }
    for account in accounts:
        known = people.get(account.customer_id, Known())
        wanted = wanted_card(account, private_data=run.shop.private_data)
        decision = decide_export(
            account, wanted, shop=run.shop, mappings=run.mappings, index=index, known=known
        )
        decision = _one_card_each(decision, taken)
        if decision.state is CustomerState.COMPARE:
            decision = _compare(cards, run, account, wanted, decision.number, known, listed)
        decisions.append(decision)
    return decisions


def _one_card_each(decision: Decision, taken: dict[str, str]) -> Decision:
    """Two accounts that find the same card would change it back and forth for ever."""
    if decision.state not in (CustomerState.CREATE, CustomerState.COMPARE):
        return decision
    owner = taken.setdefault(decision.number, decision.customer_id)
    if owner == decision.customer_id:
        return decision
    return held(
        decision.customer_id,
        "card_of_two_accounts",
        f"card {decision.number} belongs to account {owner} of the shop too",
        "Join the accounts in the shop, or give this one a card of its own in Fortnox.",
    )


def _compare(  # noqa: PLR0917 - what both comparisons need
    cards: CustomerWriter,
    run: Run,
    account: ShopCustomer,
    wanted: CardValues,
    number: str,
    known: Known,
    listed: Mapping[str, CardValues],
) -> Decision:
    policy = when_differs(account, run.shop, run.mappings)
    if number in listed and not known.seen:
        # Never compared: what the list shows is enough as long as it agrees.
        shown = {name: value for name, value in wanted.items() if name in LISTED_FIELDS}
        found = compare_card(
            account, shown, listed[number], number=number, known=known, when_differs=policy
        )
        if found.state is CustomerState.UNCHANGED and found.known is not None:
            return replace(found, known=replace(found.known, seen=content(wanted)))
    card = cards.read(number)
    if card is None:
        return held(
            account.customer_id,
            "customer_card_gone",
            f"card {number} is inactive or deleted in Fortnox",
            "Activate it in Fortnox, or leave the customer held.",
        )
    return compare_card(account, wanted, card, number=number, known=known, when_differs=policy)


def _listed(client: FortnoxClient, *, whole: bool) -> dict[str, CardValues]:
    if not whole:
        return {}
    items = client.list("customers", "Customers", filter="active")
    return {str(item["CustomerNumber"]): listed_values(item) for item in items}


def plan_import(
    client: FortnoxClient,
    run: Run,
    shop: CustomerShop,
    people: Mapping[str, Known],
    *,
    whole: bool,
) -> list[Decision]:
    """Cards -> accounts. Whole cards are read of those that become a new account only."""
    if whole:
        items = list(client.list("customers", "Customers", filter="active"))
    else:
        _, items = changed_cards(client, run.window.start_utc)
    cards = [(str(item["CustomerNumber"]), listed_values(item)) for item in items]
    accounts = Accounts(people=people)
    key = run.shop.reference_key
    several = shared_emails(cards, key)
    decisions = [
        decide_import(number, values, key=key, accounts=accounts, several=several)
        for number, values in cards
    ]
    decisions = _compared(decisions, run, shop, people)
    writer = CustomerWriter(client)
    return [_completed(one, writer, run) for one in decisions]


def _compared(
    decisions: Sequence[Decision], run: Run, shop: CustomerShop, people: Mapping[str, Known]
) -> list[Decision]:
    ids = [one.customer_id for one in decisions if one.state is CustomerState.COMPARE]
    found = {one.customer_id: one for one in shop.customers_by_id(ids)}
    return [
        one
        if one.state is not CustomerState.COMPARE or one.customer_id not in found
        else compare_account(
            one,
            found[one.customer_id],
            wanted_card(found[one.customer_id], private_data="full"),
            known=people.get(one.customer_id, Known()),
            shop=run.shop,
            mappings=run.mappings,
        )
        for one in decisions
    ]


def _completed(decision: Decision, cards: CustomerWriter, run: Run) -> Decision:
    if decision.state is CustomerState.COMPARE:
        # Remembered, and gone from the shop since: the next whole reading forgets it.
        return replace(decision, state=CustomerState.LEFT_OUT)
    if decision.state is not CustomerState.CREATE:
        return decision
    card = cards.read(decision.number)
    if card is None:
        return replace(decision, state=CustomerState.LEFT_OUT)
    return with_card(decision, card, run.shop, run.mappings)
