"""Rows about payouts: a provider's accounts, and how its fees are booked."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator

from fortnox.core.mapping.base import DatedRow
from fortnox.core.mapping.cells import complaint, matching, one_of, whole_number

SERIES = r"[A-Za-zÅÄÖåäö0-9]{1,10}"

_Account = Annotated[int, whole_number(1000, 9999)]
_FeeVat = Annotated[
    Literal["exempt", "reverse_charge", "hold"], one_of("exempt", "reverse_charge", "hold")
]


class PayoutRow(DatedRow):
    """Payment provider -> the accounts of its payouts (payouts.csv).

    VAT that a report states on a fee is Swedish and is booked as stated; ``fee_vat`` and
    ``service_fee_vat`` decide only what the report does not say. Accounts: BAS 2026.
    """

    file: ClassVar[str] = "payouts.csv"
    key_fields: ClassVar[tuple[str, ...]] = ("shop", "provider")
    optional: ClassVar[bool] = True

    provider: Annotated[
        str, matching(r"[a-z0-9_-]{1,20}", "write 1 to 20 of a-z, 0-9, _ and -, e.g. stripe")
    ] = Field(description="the payment provider, e.g. stripe")
    clearing_account: _Account = Field(description="the account on which its sales are booked")
    bank_account: _Account = Field(description="the account that the money arrives on, e.g. 1930")
    fee_account: _Account = Field(description="the account for its fees, e.g. 6570")
    #: Fees for carrying payments.
    fee_vat: _FeeVat = Field(description="exempt, reverse_charge or hold")
    #: Subscriptions, commission and the like.
    service_fee_vat: _FeeVat = "hold"
    vat_account: _Account = 2641
    #: Carries reverse charged fees instead of ``fee_account``: box 21 or 22 of the VAT return.
    reverse_charge_account: _Account = 4535
    reverse_vat_in_account: _Account = 2645
    reverse_vat_out_account: _Account = 2614
    #: Empty: the shop's own (``voucher_series`` in shops.csv).
    voucher_series: Annotated[str, matching(SERIES, "write the series' code")] = ""
    fee_as: Annotated[
        Literal["voucher", "supplier_invoice"], one_of("voucher", "supplier_invoice")
    ] = "voucher"
    supplier_number: Annotated[
        str, matching(r"\S{1,50}", "write a supplier number without spaces")
    ] = Field(default="", validate_default=True)

    @field_validator("supplier_number")
    @classmethod
    def _supplier_of_invoices(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("fee_as") == "supplier_invoice" and not value:
            raise complaint("is empty", "write the provider's supplier number in Fortnox")
        return value
