"""Cards of Fortnox -> accounts in the shop: what to do with each (customer_policy.csv)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from fortnox.core.customer_export import policy_of
from fortnox.core.customer_match import email_key
from fortnox.core.customer_sync import CustomerState, Decision, Known, decide_update, held
from fortnox.core.customer_values import (
    SHOP_FIELDS,
    CardValues,
    ShopCustomer,
    content,
    fingerprints,
)
from fortnox.core.mapping import Mappings, ShopRow
from fortnox.core.market import Market, SaleMarket, buyer_market
from fortnox.core.orders import Address, Buyer, BuyerKind

#: Cards of ours for other markets, of somebody who has a card without one.
_OTHER_MARKETS = ("-x", "-r", "-e", "-s")


@dataclass(slots=True)
class Accounts:
    """The shop's accounts by what a card can find them by; made of what is remembered."""

    people: Mapping[str, Known]
    by_number: dict[str, str] = field(default_factory=dict)
    by_email: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for customer_id, known in self.people.items():
            if known.number:
                self.by_number[known.number] = customer_id
            if known.email:
                self.by_email[known.email] = customer_id


def shared_emails(items: Iterable[tuple[str, CardValues]], key: str) -> frozenset[str]:
    """E-mail keys that several cards have; our own for other markets are not counted."""
    seen: set[str] = set()
    twice: set[str] = set()
    for number, values in items:
        digest = email_key(values.get("Email", ""))
        if digest and not _is_other_market(number, key):
            (twice if digest in seen else seen).add(digest)
    return frozenset(twice)


def decide_import(
    number: str, values: CardValues, *, key: str, accounts: Accounts, several: frozenset[str]
) -> Decision:
    """Create an account, compare with one, or leave the card alone.

    Args:
        number: The card's number.
        values: What the list shows of it.
        key: ``reference_key``: cards that begin with it came from the shop.
        accounts: Of the shop.
        several: As :func:`shared_emails`; the login of an account can belong to one card only.
    """
    email = values.get("Email", "").strip()
    digest = email_key(email)
    customer_id = accounts.by_number.get(number) or accounts.by_email.get(digest, "")
    if not digest or "@" not in email or _is_other_market(number, key):
        return Decision(state=CustomerState.NOT_DUE, customer_id=customer_id, number=number)
    if digest in several:
        return _held(
            customer_id,
            number,
            "email_of_several_cards",
            f"card {number} shares its e-mail address with another active card",
            "Give each card its own, or make all but one inactive.",
        )
    known = accounts.people.get(customer_id, Known())
    if customer_id and known.number == number and known.email not in ("", digest):
        return _held(
            customer_id,
            number,
            "email_changed",
            f"card {number} has another e-mail address than its account, which logs in with it",
            "Change it in the shop by hand, or put the old one back.",
        )
    if not customer_id:
        is_ours = number.startswith(f"{key}-")
        state = CustomerState.LEFT_OUT if is_ours else CustomerState.CREATE
        return Decision(
            state=state, customer_id="", number=number, email=email, values=_shown(values)
        )
    same = known.seen == content(_shown(values)) and known.number == number
    return Decision(
        state=CustomerState.UNCHANGED if same else CustomerState.COMPARE,
        customer_id=customer_id,
        number=number,
        email=email,
        values=_shown(values),
    )


def compare_account(
    decision: Decision,
    account: ShopCustomer,
    values: CardValues,
    *,
    known: Known,
    shop: ShopRow,
    mappings: Mappings,
) -> Decision:
    """What changes in an existing account; ``values`` are the account's, as a card would have them.

    Staff who buy are left alone, and so is what customer_policy.csv leaves out.
    """
    if not account.is_buyer:
        return Decision(
            state=CustomerState.NOT_DUE, customer_id=account.customer_id, number=decision.number
        )
    market = buyer_market(account.buyer) or _SWEDEN
    policy = policy_of(account.buyer, market, shop, mappings)
    if policy is None or policy.sync == "off":
        return Decision(
            state=CustomerState.LEFT_OUT, customer_id=account.customer_id, number=decision.number
        )
    found = decide_update(
        account.customer_id,
        decision.values,
        values,
        known if known.number == decision.number else Known(),
        policy.when_differs,
        email=email_key(account.email),
        number=decision.number,
    )
    is_company = account.buyer.kind is BuyerKind.COMPANY
    return replace(found, email=account.email, is_company=is_company)


def with_card(decision: Decision, card: CardValues, shop: ShopRow, mappings: Mappings) -> Decision:
    """An account to make, with what only the whole card tells; or left out by policy."""
    is_company = card.get("Type") == "COMPANY"
    buyer = Buyer(
        kind=BuyerKind.COMPANY if is_company else BuyerKind.PRIVATE,
        vat_number=card.get("VATNumber", ""),
        billing=Address(country=card.get("CountryCode", ""), postcode=card.get("ZipCode", "")),
    )
    market = buyer_market(buyer) or _SWEDEN
    policy = policy_of(buyer, market, shop, mappings)
    if policy is None or policy.sync != "create":
        return Decision(state=CustomerState.LEFT_OUT, customer_id="", number=decision.number)
    country = {"CountryCode": card["CountryCode"]} if card.get("CountryCode") else {}
    values = {**decision.values, **country}
    return Decision(
        state=CustomerState.CREATE,
        customer_id="",
        number=decision.number,
        values=values,
        email=decision.email,
        is_company=is_company,
        known=Known(
            email=email_key(decision.email),
            number=decision.number,
            seen=content(decision.values),
            agreed=fingerprints(decision.values),
        ),
    )


_SWEDEN = SaleMarket(market=Market.SE, country="SE")


def _shown(values: CardValues) -> dict[str, str]:
    return {name: values[name] for name in SHOP_FIELDS if values.get(name)}


def _is_other_market(number: str, key: str) -> bool:
    return number.startswith(f"{key}-") and number.endswith(_OTHER_MARKETS)


def _held(customer_id: str, number: str, code: str, reason: str, remedy: str) -> Decision:
    return replace(held(customer_id, code, reason, remedy), number=number)
