"""A Textalk order as canonical values. Pure.

The API tells that an order is paid and that it is sent, and never when. Both are dated by the
order itself, the one time that never moves: the day on which Textalk's own connection to Fortnox
made its documents, too. ``changed`` would move with every later edit, and the document's day with
it.
"""

from dataclasses import dataclass
from datetime import datetime

from fortnox.core.errors import FatalError
from fortnox.core.orders import Buyer, BuyerKind, Order, OrderHead, Problem
from fortnox.core.territories import EU_COUNTRIES
from fortnox.shops.listing import Json
from fortnox.shops.textalk.buyer import buyer
from fortnox.shops.textalk.fields import BY_HAND, amount_ore, moment_utc, part, text
from fortnox.shops.textalk.lines import LineContext, order_lines
from fortnox.shops.textalk.payments import (
    PAYMENT_QUERY,
    payment_method,
    payment_problems,
    used_gift_cards,
)
from fortnox.shops.textalk.settings import TextalkSettings

DISCARDED, SENT = "discarded", "sent"

#: What an order list shows; expands the payments.
HEAD_QUERY: Json = {
    **dict.fromkeys(("uid", "orderNumber", "ordered", "changed", "currency", "discarded"), True),
    **dict.fromkeys(("paymentStatus", "deliveryStatus", "costs"), True),
    "payments": PAYMENT_QUERY,
}
ORDER_QUERY: Json = {
    **HEAD_QUERY,
    "hasVat": True,
    "customer": True,
    "items": {
        **dict.fromkeys(("uid", "articleNumber", "articleName", "choices", "costs"), True),
        **dict.fromkeys(("discountInfo", "download"), True),
        "article": ["uid", "type"],
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopFacts:
    """What orders are read by: the shop's own VAT country (ISO), and its owner's answers."""

    vat_country: str
    settings: TextalkSettings


def is_placed(data: Json) -> bool:
    """Whether it is an order; a cart has no time of order."""
    return data.get("ordered") is not None


def head_from_json(
    data: Json, settings: TextalkSettings, problems: list[Problem] | None = None
) -> OrderHead:
    """The head of an order (``HEAD_QUERY``).

    Raises:
        FatalError: The time of order can't be read, so that no day could be right.
    """
    found: list[Problem] = [] if problems is None else problems
    uid = text(data, "uid")
    ordered = _ordered(data)
    is_sent = text(data, "deliveryStatus") == SENT
    is_paid = text(data, "paymentStatus") in settings.paid_statuses
    return OrderHead(
        order_id=uid,
        number=text(data, "orderNumber") or uid,
        status=_status(data, is_sent=is_sent),
        currency=text(data, "currency").upper(),
        total_ore=_whole_ore(data, found) - _cards_ore(data, found),
        payment_method=payment_method(data),
        created_utc=ordered,
        modified_utc=moment_utc(data, "changed") or ordered,
        paid_utc=ordered if is_paid else None,
        delivered_utc=ordered if is_sent else None,
    )


def order_from_json(data: Json, facts: ShopFacts) -> Order:
    """A whole order (``ORDER_QUERY``)."""
    problems: list[Problem] = []
    head = head_from_json(data, facts.settings, problems)
    total_vat_ore = amount_ore(_total(data), "vat", f"Order {head.order_id}", problems)
    who = buyer(data)
    vat_country = _vat_country(who, facts)
    context = LineContext(
        settings=facts.settings, has_vat=data.get("hasVat") is not False, vat_country=vat_country
    )
    lines = order_lines(data, context, problems)
    problems += payment_problems(data, _whole_ore(data, []))
    problems += _order_problems(head, who, has_lines=bool(lines))
    if total_vat_ore and not vat_country:
        problems.append(_unknown_vat_country(who))
    return Order(
        head=head,
        buyer=who,
        lines=tuple(lines),
        total_vat_ore=total_vat_ore,
        unlisted=used_gift_cards(data, []),
        problems=tuple(problems),
    )


def _total(data: Json) -> Json:
    return part(part(data, "costs"), "total")


def _whole_ore(data: Json, problems: list[Problem]) -> int:
    """What the goods, freight and fee cost, however they were paid."""
    return amount_ore(_total(data), "incVat", f"Order {text(data, 'uid')}", problems)


def _cards_ore(data: Json, problems: list[Problem]) -> int:
    return sum(card.amount_ore for card in used_gift_cards(data, problems))


def _ordered(data: Json) -> datetime:
    ordered = moment_utc(data, "ordered")
    if ordered is None:
        raise FatalError(
            f"The time of order {text(data, 'uid')} is not one that is known here.",
            remedy="The shop's API differs from what is documented: report the form of its times.",
        )
    return ordered


def _status(data: Json, *, is_sent: bool) -> str:
    """One word for the mapping: discarded, sent, else the payment's state."""
    if data.get("discarded") is True:
        return DISCARDED
    return SENT if is_sent else text(data, "paymentStatus")


def _vat_country(who: Buyer, facts: ShopFacts) -> str:
    """Whose VAT was charged; empty when only the owner could know, and has not said."""
    country = who.delivery.country or who.billing.country
    if not country or country == facts.vat_country or country not in EU_COUNTRIES:
        return facts.vat_country
    known = {"origin": facts.vat_country, "destination": country}
    return known.get(facts.settings.eu_vat, "")


def _order_problems(head: OrderHead, who: Buyer, *, has_lines: bool) -> list[Problem]:
    problems = []
    if head.status == DISCARDED and head.paid_utc is not None:
        problems.append(
            Problem(
                code="discarded_after_payment",
                text=f"Order {head.order_id} is paid and discarded.",
                remedy="Pay the buyer back; if it is booked, credit that invoice by hand.",
            )
        )
    if not has_lines and head.total_ore:
        text_of = f"Order {head.order_id} has no lines."
        problems.append(Problem(code="no_lines", text=text_of, remedy=BY_HAND))
    if who.kind is BuyerKind.COMPANY and not who.company:
        problems.append(
            Problem(
                code="company_without_name",
                text=f"Order {head.order_id} is a company's, and the shop does not tell its name.",
                remedy="Add the company's name to the order in the shop, or book it by hand.",
            )
        )
    return problems


def _unknown_vat_country(who: Buyer) -> Problem:
    country = who.delivery.country or who.billing.country or "an unknown country"
    return Problem(
        code="vat_country_unknown",
        text=f"VAT was charged on a sale to {country}, and the shop does not tell which country's.",
        remedy="Set eu_vat in the connection's extra to origin (the shop's own country's VAT) or "
        "destination (OSS).",
    )
