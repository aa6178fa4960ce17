"""Rows about payouts: a provider's accounts, and how its fees are booked."""

from typing import ClassVar, Literal

from fortnox.core.mapping.base import DatedRow
from fortnox.core.mapping.cells import CellError, matching, whole_number
from fortnox.core.mapping.columns import Said, column

SERIES = r"[A-Za-zÅÄÖåäö0-9]{1,10}"

_account = whole_number(1000, 9999)
_FeeVat = Literal["exempt", "reverse_charge", "hold"]


def _supplier_of_invoices(value: str, said: Said) -> str:
    if said.get("fee_as") == "supplier_invoice" and not value:
        raise CellError("is empty", "write the provider's supplier number in Fortnox")
    return value


class PayoutRow(DatedRow):
    """Payment provider -> the accounts of its payouts (payouts.csv).

    VAT that a report states on a fee is Swedish and is booked as stated; ``fee_vat`` and
    ``service_fee_vat`` decide only what the report does not say. Accounts: BAS 2026.
    """

    file: ClassVar[str] = "payouts.csv"
    key_fields: ClassVar[tuple[str, ...]] = ("shop", "provider")
    optional: ClassVar[bool] = True

    provider: str = column(
        matching(r"[a-z0-9_-]{1,20}", "write 1 to 20 of a-z, 0-9, _ and -, e.g. stripe"),
        says="the payment provider, e.g. stripe",
    )
    clearing_account: int = column(_account, says="the account on which its sales are booked")
    bank_account: int = column(_account, says="the account that the money arrives on, e.g. 1930")
    fee_account: int = column(_account, says="the account for its fees, e.g. 6570")
    #: Fees for carrying payments.
    fee_vat: _FeeVat
    #: Subscriptions, commission and the like.
    service_fee_vat: _FeeVat = "hold"
    vat_account: int = column(_account, default=2641)
    #: Carries reverse charged fees instead of ``fee_account``: box 21 or 22 of the VAT return.
    reverse_charge_account: int = column(_account, default=4535)
    reverse_vat_in_account: int = column(_account, default=2645)
    reverse_vat_out_account: int = column(_account, default=2614)
    #: Empty: the shop's own (``voucher_series`` in shops.csv).
    voucher_series: str = column(matching(SERIES, "write the series' code"), default="")
    fee_as: Literal["voucher", "supplier_invoice"] = "voucher"
    supplier_number: str = column(
        matching(r"\S{1,50}", "write a supplier number without spaces"),
        default="",
        check=_supplier_of_invoices,
    )
