"""The credit invoice that takes a whole booked invoice back, from what Fortnox has of it. Pure.

Rows, card, currency, rate and address are the booked invoice's own, so nothing that the mapping or
the order says today can make the credit another than what it credits. Money that was registered is
moved back over the account that it came to.
"""

from dataclasses import dataclass
from datetime import date

from fortnox.core.booked import BookedInvoice
from fortnox.core.documents import (
    CustomerWish,
    Invoice,
    ListedInvoice,
    Payment,
    Sending,
)
from fortnox.core.mapping import ShopRow
from fortnox.core.market import VatType
from fortnox.core.money import format_ore
from fortnox.core.orders import Problem
from fortnox.core.references import (
    DayReference,
    content_hash,
    correction_reference,
    sale_of,
    version_of,
)
from fortnox.core.refunds import negated

#: Whole-krona rounding moves at most half a krona.
_HALF_KRONA = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Credited:
    """A booked invoice that is to be credited whole, and the order that it was made for.

    ``moves_money``: the shop registers this order's payments, so the invoice's is moved back and
    the next version gets its own; otherwise both are left open for whoever registers them.
    """

    order_id: str
    order_number: str
    document: ListedInvoice
    booked: BookedInvoice
    send: Sending = "no"
    moves_money: bool = False


def credit_problem(of: Credited) -> Problem | None:
    """Why only a person can credit the invoice; None when it can be done by the rule."""
    booked, document = of.booked, of.document
    rows_ore = sum(row.total_ore for row in booked.rows)
    if not booked.vat_included or abs(rows_ore - booked.total_ore) > _HALF_KRONA:
        return _unclear(of, "its rows are not its total: it was not made by this package alone")
    if booked.invoice_type == "CASHINVOICE" or document.balance_ore == document.total_ore:
        return None
    if document.balance_ore:
        return _unclear(of, f"{format_ore(document.balance_ore)} of it is open, the rest is paid")
    if len(booked.payments) != 1 or booked.payments[0].source == "file":
        return _unclear(of, "it was paid otherwise than by one registered payment")
    return None


def called_off_problem(of: Credited, shop: ShopRow) -> Problem | None:
    """The shop has no money for the order, and Fortnox has: nobody knows whose it is."""
    is_paid = of.document.balance_ore != of.document.total_ore
    accounts = {payment.account for payment in of.booked.payments}
    if not is_paid or accounts == {shop.set_off_account}:
        return None
    return _unclear(of, "the order was called off unpaid, and the invoice is paid in Fortnox")


def partly_credited(of: Credited) -> Problem:
    """A refund or a person was there first."""
    return _unclear(of, "a part of it is credited already")


def _unclear(of: Credited, why: str) -> Problem:
    number = of.booked.document_number
    return Problem(
        code="correction_unclear",
        text=f"the order was edited or called off after it became booked invoice {number}: {why}",
        remedy=f"Credit invoice {number} by hand, and make a new one if the order still stands.",
    )


def credit_of(of: Credited, shop: ShopRow) -> Invoice:
    """The credit invoice, on the accounting day of what it credits."""
    booked, document = of.booked, of.document
    sale = sale_of(document.reference)
    day_reference = _day_reference(document, shop)
    rows = negated(booked.rows)
    return Invoice(
        order_id=of.order_id,
        order_number=of.order_number,
        reference=correction_reference(sale, version_of(document.reference)),
        sale_reference=document.reference,
        day_reference=str(day_reference),
        accounting_day=day_reference.day,
        invoice_date=day_reference.day,
        currency=booked.currency,
        currency_rate=booked.currency_rate,
        customer=_customer(booked),
        rows=rows,
        total_ore=sum(row.total_ore for row in rows),
        terms_of_payment=booked.terms_of_payment,
        bookkeep=True,
        invoice_type=booked.invoice_type,
        payment_way=booked.payment_way,
        corrects=booked.document_number,
        payment=_money_back(of, day_reference.day, shop),
        send=of.send,
        remarks=f"Kreditfaktura, avser faktura {booked.document_number}. {booked.remarks}".strip(),
    )


def _day_reference(document: ListedInvoice, shop: ShopRow) -> DayReference:
    """Its content is known by what it credits: a booked invoice never changes."""
    known = DayReference.parse(document.day_reference)
    return DayReference(
        key=shop.reference_key,
        day=known.day if known else document.invoice_date,
        content_hash=content_hash(
            {"credits": document.document_number, "content": document.day_reference}
        ),
    )


def _customer(booked: BookedInvoice) -> CustomerWish:
    """The card that the invoice is on; it is there, so nothing is matched or made."""
    return CustomerWish(
        number=booked.customer_number,
        match=(),
        foreign_numbers=("", ()),
        when_missing="hold",
        shared_number="",
        name=booked.name,
        is_company=False,
        organisation_number="",
        vat_number="",
        email="",
        phone="",
        vat_type=VatType.SEVAT,
        billing=booked.billing,
        delivery=booked.delivery,
    )


def _money_back(of: Credited, day: date, shop: ShopRow) -> Payment | None:
    """The payment turned round; an unpaid invoice and its credit settle each other (rule 21)."""
    booked = of.booked
    if booked.invoice_type == "CASHINVOICE":
        return None
    if booked.payments:
        paid = booked.payments[0]
        if not of.moves_money and paid.account != shop.set_off_account:
            return None
        return Payment(
            amount_ore=-paid.amount_ore,
            paid_on=paid.paid_on,
            account=paid.account,
            mode=paid.mode,
            bookkeep=True,
            currency_rate=paid.currency_rate,
        )
    if shop.set_off_account is None:
        return None
    return Payment(
        amount_ore=-booked.total_ore,
        paid_on=day,
        account=shop.set_off_account,
        mode="",
        bookkeep=True,
        sets_off=True,
    )
