"""Accounts of the shop -> cards in Fortnox: what to do with each (customer_policy.csv)."""

from dataclasses import replace

from stdnum.eu import vat as eu_vat
from stdnum.se import orgnr

from fortnox.core.customer_match import CustomerIndex, email_key
from fortnox.core.customer_sync import (
    CustomerState,
    Decision,
    Known,
    WhenDiffers,
    after_write,
    decide_update,
    find_card,
    held,
)
from fortnox.core.customer_values import CardValues, ShopCustomer, content
from fortnox.core.customers import buyer_wish
from fortnox.core.mapping import CustomerPolicyRow, Mappings, ShopRow
from fortnox.core.market import SaleMarket, buyer_market
from fortnox.core.orders import Buyer, BuyerKind, Problem
from fortnox.core.territories import EU_COUNTRIES

_IN_SHOP = "Correct it in the shop."


def decide_export(
    customer: ShopCustomer,
    wanted: CardValues,
    *,
    shop: ShopRow,
    mappings: Mappings,
    index: CustomerIndex,
    known: Known,
) -> Decision:
    """Create, compare with a card, or leave alone.

    Args:
        customer: The account.
        wanted: Its values as the card should have them.
        shop: Row of shops.csv.
        mappings: Holds customer_policy.csv.
        index: Active cards.
        known: What is remembered of the account.
    """
    customer_id = customer.customer_id
    market = buyer_market(customer.buyer)
    if market is None or not customer.is_buyer:
        return Decision(state=CustomerState.NOT_DUE, customer_id=customer_id)
    policy = policy_of(customer.buyer, market, shop, mappings)
    if policy is None or policy.sync == "off":
        return Decision(state=CustomerState.LEFT_OUT, customer_id=customer_id)
    wish = buyer_wish(customer.buyer, shop, market, mappings)
    if isinstance(wish, Problem):
        return _held_for(customer_id, wish)
    problem = invalid_number(customer.buyer, market)
    if problem is not None:
        return _held_for(customer_id, problem)
    choice = find_card(customer_id, wish, policy, index, known)
    if isinstance(choice, Decision):
        return choice
    if choice.create:
        before = replace(known, agreed={})
        return Decision(
            state=CustomerState.CREATE,
            customer_id=customer_id,
            number=choice.number,
            values=wanted,
            vat_type=market.vat_type.value,
            known=after_write(
                wanted, wanted, before, email=email_key(customer.email), number=choice.number
            ),
        )
    same = known.seen == content(wanted) and known.number == choice.number
    state = CustomerState.UNCHANGED if same else CustomerState.COMPARE
    return Decision(state=state, customer_id=customer_id, number=choice.number)


def compare_card(
    customer: ShopCustomer,
    wanted: CardValues,
    card: CardValues,
    *,
    number: str,
    known: Known,
    when_differs: WhenDiffers,
) -> Decision:
    """What changes on an existing card; ``Type`` never does, it goes with the VAT of the card."""
    carried = {name: value for name, value in wanted.items() if name != "Type"}
    decision = decide_update(
        customer.customer_id,
        carried,
        card,
        known if known.number == number else Known(),
        when_differs,
        email=email_key(customer.email),
        number=number,
    )
    if decision.known is None:
        return decision
    # What was seen is the whole of the account, also what is not carried.
    return replace(decision, known=replace(decision.known, seen=content(wanted)))


def when_differs(customer: ShopCustomer, shop: ShopRow, mappings: Mappings) -> WhenDiffers:
    """The policy for a field that both sides changed."""
    market = buyer_market(customer.buyer)
    policy = market and policy_of(customer.buyer, market, shop, mappings)
    return policy.when_differs if policy else "hold"


def policy_of(
    buyer: Buyer, market: SaleMarket, shop: ShopRow, mappings: Mappings
) -> CustomerPolicyRow | None:
    """The row of customer_policy.csv for a buyer; None: nobody decided."""
    return mappings.customer_policy(shop.shop, market.market.value, buyer.kind.value)


def invalid_number(buyer: Buyer, market: SaleMarket) -> Problem | None:
    """An organisation or VAT number that can't be one: its check digit is wrong."""
    if buyer.kind is not BuyerKind.COMPANY:
        return None
    number = buyer.organisation_number
    if market.country == "SE" and number and not _is_organisation_number(number):
        return Problem(
            code="invalid_organisation_number",
            text="the organisation number's check digit is wrong, or it has not ten digits",
            remedy=_IN_SHOP,
        )
    vat = buyer.vat_number
    if market.country in EU_COUNTRIES and vat and not eu_vat.is_valid(vat):
        return Problem(
            code="invalid_vat_number",
            text="the VAT number is not one of any EU country, or its check digit is wrong",
            remedy=_IN_SHOP,
        )
    return None


def _is_organisation_number(number: str) -> bool:
    digits = "".join(character for character in number if character.isdigit())
    if len(digits) == 12 and digits.startswith(("16", "19", "20")):  # noqa: PLR2004
        digits = digits[2:]
    return bool(orgnr.is_valid(digits))


def _held_for(customer_id: str, problem: Problem) -> Decision:
    return held(customer_id, problem.code, problem.text, problem.remedy)
