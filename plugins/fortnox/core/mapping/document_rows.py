"""Rows about documents: which one per payment method, which account, article and customer."""

from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator

from fortnox.core.mapping.base import DatedRow, MappingRow
from fortnox.core.mapping.cells import (
    ACCOUNT_MARKETS,
    ANY,
    MARKETS,
    cell,
    complaint,
    matching,
    one_of,
    parse_market,
    parse_rate_pct,
    parse_yes_no,
    some_of,
    whole_number,
)

#: Written as a payment method: orders for which the shop names none (nothing was to be paid).
NO_PAYMENT_METHOD = "(none)"

#: The VAT codes of every Swedish company in Fortnox and the rate that each one means.
RATE_PCT_BY_VAT_CODE = {
    "MP1": Decimal(25),
    "MP2": Decimal(12),
    "MP3": Decimal(6),
    "MF": Decimal(0),
}

_ACCOUNT_KINDS = (
    "goods",
    "service",
    "shipping",
    "fee",
    "discount",
    "gift_card",
    "store_credit",
    "rounding",
)

_Code = Annotated[str, matching(r"\S{1,25}", "write the code as Fortnox shows it")]


class DocumentTypeRow(DatedRow):
    """Payment method -> document in Fortnox (document_types.csv).

    The date rules are rules of the books 15 (``created`` only where nothing is booked) and 12
    (a day voucher holds what was paid that day).
    """

    file: ClassVar[str] = "document_types.csv"
    key_fields: ClassVar[tuple[str, ...]] = ("shop", "payment_method")

    payment_method: str = Field(description="the shop's id of the payment method, or *")
    document_type: Annotated[
        Literal["invoice", "cash_invoice", "order", "offer", "day_voucher", "none"],
        one_of("invoice", "cash_invoice", "order", "offer", "day_voucher", "none"),
    ] = Field(description="invoice, cash_invoice, order, offer, day_voucher or none")
    document_date: Annotated[
        Literal["paid", "delivered", "created"], one_of("paid", "delivered", "created")
    ] = Field(description="paid, delivered or created")
    bookkeep: Annotated[bool, cell(parse_yes_no)] = Field(description="yes or no")
    terms_of_payment: _Code = ""
    #: The payment that the shop has got: not our business, a draft for a person, or booked.
    payment: Annotated[Literal["none", "register", "book"], one_of("none", "register", "book")] = (
        "none"
    )
    mode_of_payment: _Code = ""
    #: The clearing or bank account; empty: the account of ``mode_of_payment`` in Fortnox.
    payment_account: Annotated[int | None, whole_number(1000, 9999)] = Field(
        default=None, validate_default=True
    )
    #: Where the money of a cash invoice went: Fortnox has one account for each.
    payment_way: Annotated[Literal["", "CASH", "CARD", "AG"], one_of("CASH", "CARD", "AG")] = Field(
        default="", validate_default=True
    )
    #: Day vouchers: methods of one group share a voucher; empty: those of one account do.
    voucher_group: Annotated[
        str, matching(r"[a-z0-9-]{1,20}", "write 1 to 20 of a-z, 0-9 and -")
    ] = ""

    #: When the order becomes an invoice (``createinvoice``); the invoice is the ledger document.
    create_invoice: Annotated[Literal["no", "delivered"], one_of("no", "delivered")] = Field(
        default="no", validate_default=True
    )
    #: Last of all, and one attempt only: marked as sent, or e-mailed by Fortnox (rule 26).
    send: Annotated[Literal["no", "mark", "email"], one_of("no", "mark", "email")] = "no"

    @field_validator("document_date")
    @classmethod
    def _date_fits_document(cls, value: str, info: ValidationInfo) -> str:
        document_type = info.data.get("document_type")
        if value == "created" and document_type in ("invoice", "cash_invoice", "day_voucher"):
            raise complaint(
                f'"created" does not go with {document_type}',
                "write paid or delivered; created is for order and offer",
            )
        if value != "paid" and document_type == "day_voucher":
            raise complaint(f'"{value}" does not go with day_voucher', "write paid")
        return value

    @field_validator("payment")
    @classmethod
    def _payment_fits_document(cls, value: str, info: ValidationInfo) -> str:
        document_type = info.data.get("document_type")
        if value == "none":
            return value
        if document_type in ("cash_invoice", "offer", "none", "day_voucher"):
            raise complaint(f'"{value}" does not go with {document_type}', "write none")
        if not info.data.get("bookkeep"):
            raise complaint(
                f'"{value}" needs bookkeep "yes"', "only a booked invoice takes a payment"
            )
        return value

    @field_validator("payment_account")
    @classmethod
    def _payment_has_an_account(cls, value: int | None, info: ValidationInfo) -> int | None:
        asked = info.data.get("payment", "none") != "none"
        if asked and value is None and not info.data.get("mode_of_payment"):
            raise complaint("is empty", "write the clearing or bank account, or a mode_of_payment")
        return value

    @field_validator("payment_way")
    @classmethod
    def _payment_way_of_cash_invoice(cls, value: str, info: ValidationInfo) -> str:
        is_cash = info.data.get("document_type") == "cash_invoice"
        if is_cash != bool(value) and "document_type" in info.data:
            raise complaint(
                "is empty" if is_cash else f'"{value}" is for cash_invoice only',
                "write CASH, CARD or AG" if is_cash else "leave it empty",
            )
        return value

    @field_validator("create_invoice")
    @classmethod
    def _create_invoice_of_orders(cls, value: str, info: ValidationInfo) -> str:
        document_type = info.data.get("document_type", "")
        if value != "no" and document_type not in {"", "order"}:
            raise complaint(f'"{value}" does not go with {document_type}', "write no")
        if value == "no" and document_type == "order" and info.data.get("bookkeep"):
            raise complaint(
                '"no" leaves nothing to bookkeep', 'write delivered here, or bookkeep "no"'
            )
        return value

    @field_validator("send")
    @classmethod
    def _send_fits_document(cls, value: str, info: ValidationInfo) -> str:
        document_type = info.data.get("document_type", "")
        if value != "no" and document_type in {"offer", "day_voucher", "none"}:
            raise complaint(f'"{value}" does not go with {document_type}', "write no")
        return value

    @field_validator("bookkeep")
    @classmethod
    def _bookkeep_fits_document(cls, value: bool, info: ValidationInfo) -> bool:  # noqa: FBT001 - pydantic's signature
        document_type = info.data.get("document_type")
        if value and document_type in ("offer", "none"):
            raise complaint(f'"yes" does not go with {document_type}', "write no")
        if not value and document_type == "day_voucher":
            raise complaint(
                '"no" does not go with day_voucher',
                "write yes; a voucher is booked when it is made",
            )
        return value


class AccountRow(DatedRow):
    """Kind of line x market x VAT rate -> sales account (accounts.csv)."""

    file: ClassVar[str] = "accounts.csv"
    key_fields: ClassVar[tuple[str, ...]] = ("shop", "kind", "market", "vat_rate_pct")

    kind: Annotated[
        Literal[
            "goods",
            "service",
            "shipping",
            "fee",
            "discount",
            "gift_card",
            "store_credit",
            "rounding",
        ],
        one_of(*_ACCOUNT_KINDS),
    ] = Field(description=f"{', '.join(_ACCOUNT_KINDS[:-1])} or {_ACCOUNT_KINDS[-1]}")
    market: Annotated[str, cell(parse_market)] = Field(
        description=f"{', '.join(ACCOUNT_MARKETS)}, a country or *"
    )
    #: None: every rate (``*``).
    vat_rate_pct: Annotated[Decimal | None, cell(parse_rate_pct)] = Field(
        description="a rate in percent, or *"
    )
    sales_account: Annotated[int, whole_number(1000, 9999)] = Field(
        description="an account, 1000 to 9999"
    )
    vat_code: Annotated[
        str, matching(r"[A-ZÅÄÖ0-9]{1,10}", "write the account's VAT code, e.g. MP1, or nothing")
    ] = ""
    vat_account: Annotated[int | None, whole_number(1000, 9999)] = None

    @field_validator("vat_code")
    @classmethod
    def _code_fits_rate(cls, value: str, info: ValidationInfo) -> str:
        meant, rate_pct = RATE_PCT_BY_VAT_CODE.get(value), info.data.get("vat_rate_pct")
        if meant is not None and rate_pct is not None and meant != rate_pct:
            right = [code for code, rate in RATE_PCT_BY_VAT_CODE.items() if rate == rate_pct]
            raise complaint(
                f'"{value}" means {meant} %, the row says {rate_pct:f} %',
                f"write {right[0]}" if right else "write the VAT code of that rate, or nothing",
            )
        return value


class SpecialArticleRow(MappingRow):
    """Article number for rows that are no article of the shop (special_articles.csv)."""

    file: ClassVar[str] = "special_articles.csv"
    key_fields: ClassVar[tuple[str, ...]] = ("shop", "purpose")

    purpose: Annotated[
        Literal["discount", "other_payment", "shipping", "fee", "rounding"],
        one_of("discount", "other_payment", "shipping", "fee", "rounding"),
    ] = Field(description="discount, other_payment, shipping, fee or rounding")
    #: Empty: a row of text, with no article.
    article_number: Annotated[
        str, matching(r"\S{1,50}", "write an article number without spaces, or nothing")
    ] = ""


class CustomerPolicyRow(MappingRow):
    """How the buyer becomes a customer in Fortnox (customer_policy.csv).

    Shared customers: rules of the books 25, private Swedish buyers only.
    """

    file: ClassVar[str] = "customer_policy.csv"
    key_fields: ClassVar[tuple[str, ...]] = ("shop", "market", "buyer_kind")

    market: Annotated[str, one_of(*MARKETS, ANY)] = Field(description=f"{', '.join(MARKETS)} or *")
    buyer_kind: Annotated[Literal["private", "company", "*"], one_of("private", "company", ANY)] = (
        Field(description="private, company or *")
    )
    match: Annotated[tuple[str, ...], some_of("+", "number", "organisation_number", "email")] = (
        Field(description="number, organisation_number and email with + between, in order")
    )
    when_missing: Annotated[
        Literal["create", "hold", "shared"], one_of("create", "hold", "shared")
    ] = Field(description="create, hold or shared")
    shared_customer_number: Annotated[
        str, matching(r"\S{1,50}", "write a customer number without spaces")
    ] = Field(default="", validate_default=True)
    #: The customers DAG: make and change counterparts, change existing ones only, or neither.
    sync: Annotated[Literal["create", "update", "off"], one_of("create", "update", "off")] = (
        "create"
    )
    #: A field that both sides changed, or that was never compared: a person, the sender's, or the
    #: receiver's value.
    when_differs: Annotated[
        Literal["hold", "overwrite", "keep"], one_of("hold", "overwrite", "keep")
    ] = "hold"

    @field_validator("when_missing")
    @classmethod
    def _shared_is_for_private_swedes(cls, value: str, info: ValidationInfo) -> str:
        if value == "shared" and not cls._is_private_swede(info):
            raise complaint(
                '"shared" is for private buyers in Sweden only',
                "write market SE and buyer_kind private in this row, or create or hold here",
            )
        return value

    @field_validator("shared_customer_number")
    @classmethod
    def _number_when_shared(cls, value: str, info: ValidationInfo) -> str:
        shared = info.data.get("when_missing") == "shared"
        if shared and not value:
            raise complaint("is empty", "write the number of the shared customer in Fortnox")
        if value and not shared and "when_missing" in info.data:
            raise complaint(
                f'"{value}" has no use here', "leave it empty, or write shared in when_missing"
            )
        return value

    @staticmethod
    def _is_private_swede(info: ValidationInfo) -> bool:
        said = {"market": "SE", "buyer_kind": "private"}
        return all(info.data.get(name, right) == right for name, right in said.items())
