"""Canonical orders: what a shop sold, in one shape for every shop system.

Amounts are öre (minor units of ``currency``), rates and quantities exact decimals, times aware
UTC datetimes. An adapter (``fortnox.shops``) makes these; nothing after it knows the shop system.
"""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from fortnox.core.vat_check import VatCheck


class LineKind(StrEnum):
    """What a line of an order is, as far as the shop can tell."""

    GOODS = "goods"
    SERVICE = "service"
    #: An article of which the shop no longer knows whether it is goods or a service.
    ARTICLE = "article"
    SHIPPING = "shipping"
    FEE = "fee"
    #: Sold: a debt to its holder. Negative: redeemed, a means of payment.
    GIFT_CARD = "gift_card"
    #: Money that the shop owes the buyer and that pays for this order.
    STORE_CREDIT = "store_credit"
    #: A reduction of the price at its line's VAT rate.
    DISCOUNT = "discount"
    ROUNDING = "rounding"


class BuyerKind(StrEnum):
    """A company (has a company name or an organisation number) or a private person."""

    PRIVATE = "private"
    COMPANY = "company"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A postal address; every field may be empty. ``country`` is ISO 3166 alpha-2, upper case."""

    name: str = ""
    address1: str = ""
    address2: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """Who bought. Personal data: never into a log, an XCom or an exception."""

    #: The shop's customer id; empty for a guest.
    customer_id: str = ""
    kind: BuyerKind = BuyerKind.PRIVATE
    #: Person's full name.
    name: str = ""
    company: str = ""
    email: str = ""
    phone: str = ""
    organisation_number: str = ""
    vat_number: str = ""
    #: The check of ``vat_number`` that the shop made at the checkout, if it kept one.
    vat_check: VatCheck | None = None
    #: The shop marked the sale as free of VAT for this buyer (reverse charge or export).
    vat_exempt: bool = False
    billing: Address = field(default_factory=Address)
    delivery: Address = field(default_factory=Address)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """One line; ``net_ore + vat_ore`` is what the buyer paid for it, coupons already deducted."""

    line_id: str
    kind: LineKind
    name: str
    quantity: Decimal
    net_ore: int
    vat_ore: int
    sku: str = ""
    #: From the order's own tax lines; None when the shop does not say (no tax line at all).
    vat_rate_pct: Decimal | None = None
    #: ISO country of the tax rate; empty when unknown.
    vat_country: str = ""
    #: What coupons took off this line, as the shop split them; positive.
    discount_net_ore: int = 0
    discount_vat_ore: int = 0

    @property
    def gross_ore(self) -> int:
        """Net plus VAT."""
        return self.net_ore + self.vat_ore

    @property
    def discount_ore(self) -> int:
        """What coupons took off, with VAT."""
        return self.discount_net_ore + self.discount_vat_ore


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlistedAmount:
    """Money that an order names beside its lines: a plugin's own field, a coupon, a second payment.

    What it means is the accountant's to say (untaxed_amounts.csv). ``name`` is the field's, the
    type's or the method's, never a card's number.
    """

    found_in: Literal["order_field", "coupon_type", "payment_method"]
    name: str
    amount_ore: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something in an order that the adapter can't turn into money for certain: it is held.

    ``code`` is stable (for tests and statistics), ``text`` says what and where, without personal
    data, ``remedy`` what to do.
    """

    code: str
    text: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderHead:
    """What an order list tells: enough to know which day an order belongs to, and its total."""

    order_id: str
    #: The number that the buyer and the shop's staff see.
    number: str
    #: The shop's own status text.
    status: str
    currency: str
    total_ore: int
    payment_method: str
    created_utc: datetime
    modified_utc: datetime
    paid_utc: datetime | None
    delivered_utc: datetime | None
    #: Something of it was refunded.
    has_refunds: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One order of the shop, whole."""

    head: OrderHead
    buyer: Buyer
    lines: tuple[OrderLine, ...]
    total_vat_ore: int
    transaction_id: str = ""
    #: The shop's id of the shipping method, an instance after ``:``; empty: nothing is shipped.
    shipping_method: str = ""
    #: Everything that was refunded on it so far; None when the shop does not say.
    refunded_ore: int | None = None
    #: May explain a total that is lower than the lines.
    unlisted: tuple[UnlistedAmount, ...] = ()
    #: SEK for one unit of ``head.currency``, where the shop kept the rate that it sold at.
    currency_rate: Decimal | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """Money given back on an order. Amounts are positive, lines as in the shop but positive."""

    refund_id: str
    order_id: str
    created_utc: datetime
    amount_ore: int
    lines: tuple[OrderLine, ...] = ()
    problems: tuple[Problem, ...] = ()
