"""Rows about documents: which one per payment method, which account, article and customer."""

from decimal import Decimal
from typing import ClassVar, Literal

from fortnox.core.mapping.base import DatedRow, MappingRow
from fortnox.core.mapping.cells import (
    ACCOUNT_MARKETS,
    ANY,
    MARKETS,
    CellError,
    matching,
    one_of,
    parse_market,
    parse_rate_pct,
    parse_yes_no,
    some_of,
    whole_number,
)
from fortnox.core.mapping.columns import Said, column

#: Written as a payment method: orders for which the shop names none (nothing was to be paid).
NO_PAYMENT_METHOD = "(none)"

#: The VAT codes of every Swedish company in Fortnox and the rate that each one means.
RATE_PCT_BY_VAT_CODE = {
    "MP1": Decimal(25),
    "MP2": Decimal(12),
    "MP3": Decimal(6),
    "MF": Decimal(0),
}

_code = matching(r"\S{1,25}", "write the code as Fortnox shows it")


def _date_fits_document(value: str, said: Said) -> str:
    document_type = said.get("document_type")
    if value == "created" and document_type in ("invoice", "cash_invoice", "day_voucher"):
        raise CellError(
            f'"created" does not go with {document_type}',
            "write paid or delivered; created is for order and offer",
        )
    if value != "paid" and document_type == "day_voucher":
        raise CellError(f'"{value}" does not go with day_voucher', "write paid")
    return value


def _payment_fits_document(value: str, said: Said) -> str:
    document_type = said.get("document_type")
    if value == "none":
        return value
    if document_type in ("cash_invoice", "offer", "none", "day_voucher"):
        raise CellError(f'"{value}" does not go with {document_type}', "write none")
    if not said.get("bookkeep"):
        raise CellError(f'"{value}" needs bookkeep "yes"', "only a booked invoice takes a payment")
    return value


def _payment_has_an_account(value: int | None, said: Said) -> int | None:
    asked = said.get("payment", "none") != "none"
    if asked and value is None and not said.get("mode_of_payment"):
        raise CellError("is empty", "write the clearing or bank account, or a mode_of_payment")
    return value


def _payment_way_of_cash_invoice(value: str, said: Said) -> str:
    is_cash = said.get("document_type") == "cash_invoice"
    if is_cash != bool(value) and "document_type" in said:
        raise CellError(
            "is empty" if is_cash else f'"{value}" is for cash_invoice only',
            "write CASH, CARD or AG" if is_cash else "leave it empty",
        )
    return value


def _create_invoice_of_orders(value: str, said: Said) -> str:
    document_type = said.get("document_type", "")
    if value != "no" and document_type not in {"", "order"}:
        raise CellError(f'"{value}" does not go with {document_type}', "write no")
    if value == "no" and document_type == "order" and said.get("bookkeep"):
        raise CellError('"no" leaves nothing to bookkeep', 'write delivered here, or bookkeep "no"')
    return value


def _send_fits_document(value: str, said: Said) -> str:
    document_type = said.get("document_type", "")
    if value != "no" and document_type in {"offer", "day_voucher", "none"}:
        raise CellError(f'"{value}" does not go with {document_type}', "write no")
    return value


def _bookkeep_fits_document(value: bool, said: Said) -> bool:  # noqa: FBT001 - a cell
    document_type = said.get("document_type")
    if value and document_type in ("offer", "none"):
        raise CellError(f'"yes" does not go with {document_type}', "write no")
    if not value and document_type == "day_voucher":
        raise CellError(
            '"no" does not go with day_voucher',
            "write yes; a voucher is booked when it is made",
        )
    return value


class DocumentTypeRow(DatedRow):
    """Payment method -> document in Fortnox (document_types.csv).

    The date rules are rules of the books 15 (``created`` only where nothing is booked) and 12
    (a day voucher holds what was paid that day).
    """

    file: ClassVar[str] = "document_types.csv"
    key_fields: ClassVar[tuple[str, ...]] = ("shop", "payment_method")

    payment_method: str = column(says="the shop's id of the payment method, or *")
    document_type: Literal["invoice", "cash_invoice", "order", "offer", "day_voucher", "none"]
    document_date: Literal["paid", "delivered", "created"] = column(check=_date_fits_document)
    bookkeep: bool = column(parse_yes_no, says="yes or no", check=_bookkeep_fits_document)
    terms_of_payment: str = column(_code, default="")
    #: The payment that the shop has got: not our business, a draft for a person, or booked.
    payment: Literal["none", "register", "book"] = column(
        default="none", check=_payment_fits_document
    )
    mode_of_payment: str = column(_code, default="")
    #: The clearing or bank account; empty: the account of ``mode_of_payment`` in Fortnox.
    payment_account: int | None = column(
        whole_number(1000, 9999), default=None, check=_payment_has_an_account
    )
    #: Where the money of a cash invoice went: Fortnox has one account for each.
    payment_way: Literal["", "CASH", "CARD", "AG"] = column(
        default="", check=_payment_way_of_cash_invoice
    )
    #: Day vouchers: methods of one group share a voucher; empty: those of one account do.
    voucher_group: str = column(
        matching(r"[a-z0-9-]{1,20}", "write 1 to 20 of a-z, 0-9 and -"), default=""
    )

    #: When the order becomes an invoice (``createinvoice``); the invoice is the ledger document.
    create_invoice: Literal["no", "delivered"] = column(
        default="no", check=_create_invoice_of_orders
    )
    #: Last of all, and one attempt only: marked as sent, or e-mailed by Fortnox (rule 26).
    send: Literal["no", "mark", "email"] = column(default="no", check=_send_fits_document)


def _code_fits_rate(value: str, said: Said) -> str:
    meant, rate_pct = RATE_PCT_BY_VAT_CODE.get(value), said.get("vat_rate_pct")
    if meant is not None and rate_pct is not None and meant != rate_pct:
        right = [code for code, rate in RATE_PCT_BY_VAT_CODE.items() if rate == rate_pct]
        raise CellError(
            f'"{value}" means {meant} %, the row says {rate_pct:f} %',
            f"write {right[0]}" if right else "write the VAT code of that rate, or nothing",
        )
    return value


class AccountRow(DatedRow):
    """Kind of line x market x VAT rate -> sales account (accounts.csv)."""

    file: ClassVar[str] = "accounts.csv"
    key_fields: ClassVar[tuple[str, ...]] = ("shop", "kind", "market", "vat_rate_pct")

    kind: Literal[
        "goods", "service", "shipping", "fee", "discount", "gift_card", "store_credit", "rounding"
    ]
    market: str = column(parse_market, says=f"{', '.join(ACCOUNT_MARKETS)}, a country or *")
    #: None: every rate (``*``).
    vat_rate_pct: Decimal | None = column(parse_rate_pct, says="a rate in percent, or *")
    sales_account: int = column(whole_number(1000, 9999), says="an account, 1000 to 9999")
    vat_code: str = column(
        matching(r"[A-ZÅÄÖ0-9]{1,10}", "write the account's VAT code, e.g. MP1, or nothing"),
        default="",
        check=_code_fits_rate,
    )
    vat_account: int | None = column(whole_number(1000, 9999), default=None)


class SpecialArticleRow(MappingRow):
    """Article number for rows that are no article of the shop (special_articles.csv)."""

    file: ClassVar[str] = "special_articles.csv"
    key_fields: ClassVar[tuple[str, ...]] = ("shop", "purpose")

    purpose: Literal["discount", "other_payment", "shipping", "fee", "rounding"]
    #: Empty: a row of text, with no article.
    article_number: str = column(
        matching(r"\S{1,50}", "write an article number without spaces, or nothing"), default=""
    )


def _shared_is_for_private_swedes(value: str, said: Said) -> str:
    if value == "shared" and not _is_private_swede(said):
        raise CellError(
            '"shared" is for private buyers in Sweden only',
            "write market SE and buyer_kind private in this row, or create or hold here",
        )
    return value


def _is_private_swede(said: Said) -> bool:
    wanted = {"market": "SE", "buyer_kind": "private"}
    return all(said.get(name, right) == right for name, right in wanted.items())


def _number_when_shared(value: str, said: Said) -> str:
    shared = said.get("when_missing") == "shared"
    if shared and not value:
        raise CellError("is empty", "write the number of the shared customer in Fortnox")
    if value and not shared and "when_missing" in said:
        raise CellError(
            f'"{value}" has no use here', "leave it empty, or write shared in when_missing"
        )
    return value


class CustomerPolicyRow(MappingRow):
    """How the buyer becomes a customer in Fortnox (customer_policy.csv).

    Shared customers: rules of the books 25, private Swedish buyers only.
    """

    file: ClassVar[str] = "customer_policy.csv"
    key_fields: ClassVar[tuple[str, ...]] = ("shop", "market", "buyer_kind")

    market: str = column(one_of(*MARKETS, ANY), says=f"{', '.join(MARKETS)} or *")
    buyer_kind: Literal["private", "company", "*"]
    match: tuple[str, ...] = column(
        some_of("+", "number", "organisation_number", "email"),
        says="number, organisation_number and email with + between, in order",
    )
    when_missing: Literal["create", "hold", "shared"] = column(check=_shared_is_for_private_swedes)
    shared_customer_number: str = column(
        matching(r"\S{1,50}", "write a customer number without spaces"),
        default="",
        check=_number_when_shared,
    )
    #: The customers DAG: make and change counterparts, change existing ones only, or neither.
    sync: Literal["create", "update", "off"] = "create"
    #: A field that both sides changed, or that was never compared: a person, the sender's, or the
    #: receiver's value.
    when_differs: Literal["hold", "overwrite", "keep"] = "hold"
