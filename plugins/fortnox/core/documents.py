"""What should stand in Fortnox, and what does: values with Fortnox's names, amounts in öre."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from fortnox.core.market import VatType
from fortnox.core.money import round_half_up
from fortnox.core.orders import Address

HeldKind = Literal["order", "refund", "document", "article"]
InvoiceType = Literal["INVOICE", "CASHINVOICE"]
#: Where a document stands in Fortnox; only an invoice is ever booked.
DocumentKind = Literal["invoice", "order", "offer"]
#: Marked as sent, or e-mailed by Fortnox, when all else is done (rules of the books 26).
Sending = Literal["no", "mark", "email"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Something that is not booked, with the reason and the remedy. No personal data."""

    kind: HeldKind
    order_id: str
    order_number: str
    amount_ore: int
    #: Stable, for statistics and tests.
    code: str
    reason: str
    remedy: str
    day: date | None = None
    #: Of ``amount_ore``; empty for the refund of an order that is gone.
    currency: str = "SEK"
    #: Of a refund; its amount is negative.
    refund_id: str = ""


class VatRate(NamedTuple):
    """A rate of a country: Denmark's 25 % is not Sweden's. ``country`` is empty for no VAT."""

    country: str
    rate_pct: Decimal

    def __str__(self) -> str:
        return f"{self.country} {self.rate_pct.normalize():f} %".lstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class RowVat:
    """The VAT of a row, decided before anything is sent (rules of the books 20 and 24).

    Attributes:
        rate: As the shop charged it; never rounded.
        account: Where the VAT lands; None without VAT.
        code: Fortnox's VATCode, sent instead of the rate; empty for Swedish rates.
        split: Sent as a row without VAT, and its VAT as a row of its own on ``account``.
    """

    rate: VatRate
    account: int | None = None
    code: str = ""
    split: bool = False


NO_VAT = RowVat(rate=VatRate("", Decimal(0)))


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceRow:
    """One row as Fortnox computes it: quantity times price less discount, VAT included in both.

    At most one of ``discount_ore`` (of the whole row) and ``discount_pct`` is other than 0.
    """

    account_number: int
    description: str
    quantity: Decimal
    price_ore: int
    vat: RowVat = NO_VAT
    article_number: str = ""
    #: VAT as the shop computed it, for the comparison afterwards.
    shop_vat_ore: int = 0
    discount_ore: int = 0
    discount_pct: Decimal = Decimal(0)
    #: What it is in the shop (``LineKind``), for the report; decides nothing.
    kind: str = ""

    @property
    def total_ore(self) -> int:
        """Fortnox's row Total: quantity times price less discount, to the öre."""
        pieces, is_reduced = int(self.quantity), bool(self.discount_pct or self.discount_ore)
        if pieces == self.quantity and not is_reduced:
            return pieces * self.price_ore
        full = self.quantity * self.price_ore
        if not is_reduced:
            return round_half_up(full)
        return round_half_up(full - full * self.discount_pct / 100 - self.discount_ore)


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerWish:
    """Who the document is for: our own number first, then how else to find the card.

    ``organisation_number`` and ``email`` are match keys only when ``match`` names them; an empty
    key never matches. Personal data: stays in staging files.
    """

    #: ``<key>-<shop customer id>`` or ``<key>-g<12 hex>``; empty when the shop gives no identity.
    number: str
    match: tuple[str, ...]
    #: Prefix and suffixes of our own cards for other markets: never a match for this one.
    foreign_numbers: tuple[str, tuple[str, ...]]
    when_missing: Literal["create", "hold", "shared"]
    shared_number: str
    name: str
    is_company: bool
    organisation_number: str
    vat_number: str
    email: str
    phone: str
    vat_type: VatType
    billing: Address
    delivery: Address
    #: The card holds name, e-mail and country only (``private_data`` in shops.csv).
    minimal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Money that the shop has got for a document, or given back (negative).

    ``account`` is the clearing or bank account, ``mode`` Fortnox's ``ModeOfPayment``; either may be
    missing. ``bookkeep`` False leaves the payment as a draft. ``sets_off``: no money moved; the
    credited sale, unpaid, gets the opposite payment over the same account.
    """

    amount_ore: int
    paid_on: date
    account: int | None
    mode: str
    bookkeep: bool
    sets_off: bool = False
    #: SEK for one unit on the payment's day; None: the invoice's rate.
    currency_rate: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceOrder:
    """The Fortnox order that an invoice is made from; it carries the same reference."""

    #: Its ``ExternalInvoiceReference2``: its own day, and the content of both.
    day_reference: str
    order_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """One wanted invoice, credit invoice, order or offer, complete.

    Nothing after the transform adds an amount or an account.
    """

    order_id: str
    order_number: str
    #: ``ExternalInvoiceReference1``.
    reference: str
    #: The sale's own reference; of a credit invoice that of the sale which it credits.
    sale_reference: str
    #: ``ExternalInvoiceReference2``.
    day_reference: str
    accounting_day: date
    #: Differs from the accounting day only when that day's period is closed (rule 17).
    invoice_date: date
    currency: str
    customer: CustomerWish
    rows: tuple[InvoiceRow, ...]
    total_ore: int
    terms_of_payment: str
    bookkeep: bool
    #: ``CASHINVOICE`` goes straight to the account of ``payment_way``, with no receivable.
    invoice_type: InvoiceType = "INVOICE"
    payment_way: str = ""
    #: A credit invoice of this refund; empty for a sale. Amounts and quantities are negative.
    refund_id: str = ""
    #: Of the sale's own choice (rule 27); empty: Fortnox's series. Later versions have none.
    document_number: str = ""
    #: What the whole sale was, so that never more is credited.
    sale_total_ore: int = 0
    #: Credits this booked invoice whole, since its order was edited or called off afterwards.
    corrects: str = ""
    #: A later version of a sale: the reference of the credit invoice that must stand before it.
    replaces: str = ""
    #: The sale is older than the shop's start date: another system booked it (rule 14).
    sale_before_start: bool = False
    payment: Payment | None = None
    document: DocumentKind = "invoice"
    #: Made from this order by ``createinvoice`` (rules of the books 22).
    source_order: SourceOrder | None = None
    send: Sending = "no"
    #: Fortnox's codes; empty: not said.
    way_of_delivery: str = ""
    terms_of_delivery: str = ""
    #: Text for the accountant, e.g. the true date of a late document.
    comment: str = ""
    #: Printed on the document: what the law asks for, such as "Reverse charge" or which invoice a
    #: credit invoice is about.
    remarks: str = ""
    #: The market and why, for the report: "EU_CONSUMER because delivered to DE, ...".
    market: str = ""
    #: SEK for one unit of ``currency``; None: Fortnox's own rate, which the plan looks up.
    currency_rate: Decimal | None = Decimal(1)
    #: Cash method: never bookkept; marked as sent, and its payment posts the sale (rule 18).
    posted_when_paid: bool = False

    @property
    def needs_bookkeeping(self) -> bool:
        """Whether it has a voucher of its own."""
        return self.bookkeep and not self.posted_when_paid

    @property
    def own_number(self) -> str:
        """The DocumentNumber that its POST asks for; empty: the next of Fortnox's series."""
        is_first = self.document == "invoice" and self.reference == self.sale_reference
        return self.document_number if is_first else ""

    @property
    def is_refund(self) -> bool:
        """A refund's credit invoice."""
        return bool(self.refund_id)

    @property
    def total_sek_ore(self) -> int:
        """The total in öre, at the document's rate; 1 where Fortnox's is not looked up yet."""
        return round_half_up(self.total_ore * (self.currency_rate or Decimal(1)))

    @property
    def references(self) -> tuple[str, ...]:
        """What must be known of Fortnox to decide about this document."""
        return tuple({self.reference, self.sale_reference})

    def shop_vat_by_rate(self) -> dict[VatRate, int]:
        """The shop's VAT per country and rate, in minor units of the currency."""
        return _sum_by_rate((row.vat.rate, row.shop_vat_ore) for row in self.rows)

    def held(self, code: str, reason: str, remedy: str) -> Held:
        """This sale, or refund, as one that is not booked, and why."""
        return Held(
            kind="refund" if self.is_refund else "order",
            order_id=self.order_id,
            order_number=self.order_number,
            amount_ore=self.total_ore,
            code=code,
            reason=reason,
            remedy=remedy,
            day=self.accounting_day,
            currency=self.currency,
            refund_id=self.refund_id,
        )


def _sum_by_rate(pairs: Iterable[tuple[VatRate, int]]) -> dict[VatRate, int]:
    sums: dict[VatRate, int] = {}
    for rate, ore in pairs:
        sums[rate] = sums.get(rate, 0) + ore
    return sums


@dataclass(frozen=True, slots=True, kw_only=True)
class FortnoxRow:
    """A row of an invoice as Fortnox answered it."""

    account_number: int | None
    vat_pct: Decimal
    total_ore: int
    total_excl_vat_ore: int
    vat_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FortnoxInvoice:
    """An invoice as Fortnox answered it (POST, PUT, GET): with rows."""

    document_number: str
    reference: str
    day_reference: str
    customer_number: str
    invoice_date: date
    invoice_type: str
    currency: str
    currency_rate: Decimal
    total_ore: int
    round_off_ore: int
    booked: bool
    cancelled: bool
    vat_included: bool
    rows: tuple[FortnoxRow, ...]

    @property
    def listed(self) -> "ListedInvoice":
        """As a list would show what was just made: unpaid, without a voucher."""
        return ListedInvoice(
            document_number=self.document_number,
            reference=self.reference,
            day_reference=self.day_reference,
            total_ore=self.total_ore,
            balance_ore=self.total_ore,
            currency=self.currency,
            invoice_date=self.invoice_date,
            booked=self.booked,
            cancelled=self.cancelled,
            voucher_series="",
            voucher_number=None,
            voucher_year=None,
            customer_number=self.customer_number,
            currency_rate=self.currency_rate,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedInvoice:
    """An invoice as a list shows it: no VAT, no rows, no rounding (rules of the books 29)."""

    document_number: str
    reference: str
    day_reference: str
    total_ore: int
    balance_ore: int
    currency: str
    invoice_date: date
    booked: bool
    cancelled: bool
    voucher_series: str
    voucher_number: int | None
    voucher_year: int | None
    customer_number: str = ""
    #: SEK for one unit of ``currency``.
    currency_rate: Decimal = Decimal(1)
    sent: bool = False

    @property
    def is_in_ledger(self) -> bool:
        """Booked; or, under the cash method, paid in part at least: it can't be undone."""
        return self.booked or self.balance_ore != self.total_ore


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPayment:
    """An invoice payment as a list shows it: neither voucher nor reference (rule 8)."""

    number: str
    invoice_number: str
    #: In the currency of its invoice.
    amount_ore: int
    paid_on: date
    booked: bool
    source: str
    #: SEK for one unit of that currency on the payment's day.
    currency_rate: Decimal = Decimal(1)

    def is_of(self, wanted: Payment) -> bool:
        """Same money: day and amount, sign included; that is all the identity a payment has."""
        return self.paid_on == wanted.paid_on and self.amount_ore == wanted.amount_ore
