"""Which customer card a document goes to (rules of the books 9, 20 and 25).

New cards get a number that we choose, so that creating one twice is impossible; a card of a person
who bought for export gets a number of its own, since Fortnox decides VAT by the card.
"""

from fortnox.core.documents import CustomerWish
from fortnox.core.mapping import CustomerPolicyRow, Mappings, ShopRow
from fortnox.core.market import Market, SaleMarket, VatType
from fortnox.core.orders import Buyer, BuyerKind, Order, Problem
from fortnox.core.references import guest_token, vat_number_token
from fortnox.core.reverse_charge import buyer_vat_number

#: Suffix of a customer number per VATType, so that a card's VATType never has to change.
_SUFFIX = {
    VatType.SEVAT: "",
    VatType.SEREVERSEDVAT: "-s",
    VatType.EXPORT: "-x",
    VatType.EUREVERSEDVAT: "-r",
    VatType.EUVAT: "-e",
}
_FOREIGN_SUFFIXES = tuple(filter(None, _SUFFIX.values()))


def customer_wish(
    order: Order, shop: ShopRow, market: SaleMarket, mappings: Mappings
) -> CustomerWish | Problem:
    """How to find or make the card, by customer_policy.csv; or why nobody can be invoiced."""
    return buyer_wish(order.buyer, shop, market, mappings)


def buyer_wish(
    buyer: Buyer, shop: ShopRow, market: SaleMarket, mappings: Mappings
) -> CustomerWish | Problem:
    """As :func:`customer_wish`, for somebody who need not have bought anything yet."""
    policy = mappings.customer_policy(shop.shop, market.market.value, buyer.kind.value)
    if policy is None:
        return Problem(
            code="no_customer_policy",
            text=f"no row in customer_policy.csv for {buyer.kind.value} buyers in "
            f"{market.market.value}",
            remedy=f"Add a row for shop {shop.shop}, then run the day again.",
        )
    number = own_customer_number(shop.reference_key, buyer, market)
    problem = _identity_problem(policy, buyer, market, number)
    if problem:
        return problem
    # A card found by e-mail or organisation number is a Swedish one as far as anybody knows.
    vat_type = market.vat_type
    domestic = vat_type is VatType.SEVAT
    return CustomerWish(
        number=number,
        match=policy.match if domestic else tuple(key for key in policy.match if key == "number"),
        foreign_numbers=(f"{shop.reference_key}-", _FOREIGN_SUFFIXES),
        when_missing=policy.when_missing,
        shared_number=policy.shared_customer_number,
        name=card_name(buyer),
        is_company=buyer.kind is BuyerKind.COMPANY,
        organisation_number=buyer.organisation_number,
        vat_number=_vat_number(buyer, market),
        email=buyer.email,
        phone=buyer.phone,
        vat_type=vat_type,
        billing=buyer.billing,
        delivery=buyer.delivery,
        minimal=shop.private_data == "minimal" and buyer.kind is BuyerKind.PRIVATE,
    )


def card_name(buyer: Buyer) -> str:
    """Fortnox refuses a card without one."""
    names = (buyer.company.strip(), buyer.name.strip(), buyer.billing.name.strip())
    return next(filter(None, names), "Webbkund")


def _vat_number(buyer: Buyer, market: SaleMarket) -> str:
    """Reverse charge is reported by the card's number, so there it stands as VIES has it."""
    is_reverse = market.vat_type in (VatType.EUREVERSEDVAT, VatType.SEREVERSEDVAT)
    return buyer_vat_number(buyer) if is_reverse else buyer.vat_number


def own_customer_number(key: str, buyer: Buyer, market: SaleMarket) -> str:
    """``demo-17``, ``demo-g1a2b3c4d5e6f``, ``demo-17-x`` for export; empty without an identity.

    A card with reverse charge is of one VAT number (``demo-17-1a2b3c4d-r``): the sale is reported
    to the tax office by the card's, so a buyer with another number needs another card.
    """
    suffix = _SUFFIX[market.vat_type]
    if market.vat_type is VatType.EUREVERSEDVAT:
        suffix = f"-{vat_number_token(buyer_vat_number(buyer))}{suffix}"
    if buyer.customer_id:
        return f"{key}-{buyer.customer_id}{suffix}"
    if buyer.email.strip():
        return f"{key}-g{guest_token(buyer.email)}{suffix}"
    return ""


def _identity_problem(
    policy: CustomerPolicyRow, buyer: Buyer, market: SaleMarket, number: str
) -> Problem | None:
    if policy.when_missing == "shared":
        if market.market is not Market.SE or buyer.kind is not BuyerKind.PRIVATE:
            return Problem(
                code="shared_customer_not_allowed",
                text="a shared customer is only for private buyers in Sweden",
                remedy="Use create or hold in customer_policy.csv for companies and other markets.",
            )
        return None
    if not number and policy.when_missing == "create":
        return Problem(
            code="buyer_without_identity",
            text="a guest without an e-mail address: a new card each time would be made",
            remedy="Use a shared customer for private buyers in customer_policy.csv, or book it by "
            "hand.",
        )
    return None
