"""What a payment holds and what it books: amounts, write-offs, exchange differences."""

from decimal import Decimal
from typing import Any

from fortnox.sandbox.fortnox.cash_method import (
    is_posted_when_paid,
    sale_postings,
    with_rest_on_largest,
)
from fortnox.sandbox.fortnox.document_kinds import CLAIM
from fortnox.sandbox.fortnox.documents import half_up
from fortnox.sandbox.fortnox.errors import (
    BAD_STRUCTURE,
    BAD_VALUE,
    CURRENCY_MISMATCH,
    MODE_OF_PAYMENT_UNKNOWN,
    NEGATIVE_PAYMENT,
    NOTHING_TO_PAY,
    PAYMENT_BEFORE_INVOICE,
    VALUE_IS_NULL,
    WRITE_OFF_INACTIVE,
    ApiError,
)
from fortnox.sandbox.fortnox.fields import Field, created, present, read, texts
from fortnox.sandbox.fortnox.ledger import (
    Posting,
    open_year,
    predefined,
    require_account,
    require_cost_center,
)
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.wire import Json, hundredths, number, to_ore

_WRITE_OFF_FIELDS = {
    "Amount": Field("number"),
    "AccountNumber": Field("int"),
    "Currency": Field("text", 3),
    **texts("CostCenter", "Description", "Project", "TransactionInformation"),
}


def defaults(store: Store, invoice: Json) -> Json:
    """Key order of the live dump of a payment (recordings, section 5)."""
    return {
        "Amount": None,
        "AmountCurrency": None,
        "Booked": False,
        "Currency": invoice["Currency"],
        "CurrencyRate": invoice["CurrencyRate"],
        "CurrencyUnit": invoice["CurrencyUnit"],
        "ExternalInvoiceReference1": "",
        "ExternalInvoiceReference2": "",
        "InvoiceCustomerName": invoice["CustomerName"],
        "InvoiceCustomerNumber": invoice["CustomerNumber"],
        "InvoiceNumber": int(invoice["DocumentNumber"]),
        "InvoiceDueDate": invoice["DueDate"],
        "InvoiceOCR": invoice["OCR"],
        "InvoiceTotal": str(invoice["Total"]),
        "ModeOfPayment": "",
        "ModeOfPaymentAccount": None,
        "Number": "",
        "PaymentDate": store.clock.today().isoformat(),
        "VoucherNumber": None,
        "VoucherSeries": None,
        "VoucherYear": None,
        "Source": "direct",
        "WriteOffs": [],
    }


def completed(store: Store, data: Json, invoice: Json, sent: dict[str, Any]) -> Json:
    """The payment with its amounts, write-offs and account.

    Raises:
        ApiError: It can't be a payment of this invoice.
    """
    if data["Currency"] != invoice["Currency"]:
        raise ApiError(CURRENCY_MISMATCH, one=data["Currency"], other=invoice["Currency"])
    if data["PaymentDate"] < invoice["InvoiceDate"]:
        raise ApiError(PAYMENT_BEFORE_INVOICE)
    if Decimal(data["CurrencyRate"]) <= 0 or Decimal(data["CurrencyUnit"]) <= 0:
        raise ApiError(BAD_VALUE, name="CurrencyRate")
    rate = Decimal(data["CurrencyRate"]) / Decimal(data["CurrencyUnit"])
    data["CurrencyRate"] = number(Decimal(data["CurrencyRate"]))
    data["CurrencyUnit"] = number(Decimal(data["CurrencyUnit"]))
    if sent.get("AmountCurrency") is not None:
        foreign = Decimal(sent["AmountCurrency"])
    elif sent.get("Amount") is not None:
        foreign = Decimal(sent["Amount"]) / rate
    elif data["AmountCurrency"] is not None:
        foreign = Decimal(data["AmountCurrency"])
    else:
        foreign = Decimal(invoice["Balance"])
    data["AmountCurrency"] = number(hundredths(foreign))
    local = Decimal(sent["Amount"]) if sent.get("Amount") is not None else foreign * rate
    data["Amount"] = number(hundredths(local))
    data["WriteOffs"] = [write_off(row) for row in data["WriteOffs"] or []]
    for row in data["WriteOffs"]:
        require_cost_center(store, row["CostCenter"])
    if not to_ore(data["AmountCurrency"]) and not data["WriteOffs"]:
        raise ApiError(NOTHING_TO_PAY)
    if data["AmountCurrency"] < 0 and store.switches.negative_payment == "refuse":
        raise ApiError(NEGATIVE_PAYMENT)
    data["ModeOfPaymentAccount"] = _mode_account(store, data, sent)
    return data


def write_off(row: object) -> Json:
    """A row of ``WriteOffs``: part of the claim that is booked on another account.

    Raises:
        ApiError: Not an object, or amount or account is missing.
    """
    if not isinstance(row, dict):
        raise ApiError(BAD_STRUCTURE)
    sent = present(read(_WRITE_OFF_FIELDS, row))
    if sent.get("Amount") is None or not sent.get("AccountNumber"):
        raise ApiError(VALUE_IS_NULL)
    blanks = {
        "AccountNumber": 0,
        "Amount": 0,
        "CostCenter": "",
        "Currency": "SEK",
        "Description": "",
        "Project": "",
        "TransactionInformation": "",
    }
    return {**created(blanks, sent), "Amount": number(hundredths(Decimal(sent["Amount"])))}


def _mode_account(store: Store, data: Json, sent: dict[str, Any]) -> int:
    """The account named by the caller, else the mode's, else the bank's."""
    mode = None
    if data["ModeOfPayment"]:
        mode = store.table("modesofpayments").get(data["ModeOfPayment"])
        if mode is None:
            raise ApiError(MODE_OF_PAYMENT_UNKNOWN)
    if sent.get("ModeOfPaymentAccount"):
        return int(sent["ModeOfPaymentAccount"])
    if mode is not None:
        return int(mode["AccountNumber"])
    return int(data["ModeOfPaymentAccount"] or predefined(store, "BG"))


def settled_ore(data: Json) -> int:
    """What the payment takes off the invoice's balance, in the invoice's currency."""
    return to_ore(data["AmountCurrency"]) + sum(to_ore(row["Amount"]) for row in data["WriteOffs"])


def claim_left_ore(data: Json, invoice: Json) -> int:
    """Receivable in SEK that the payment leaves; nothing when the balance is settled."""
    rate = Decimal(invoice["CurrencyRate"]) / Decimal(invoice["CurrencyUnit"])
    return half_up(Decimal(to_ore(invoice["Balance"]) - settled_ore(data)) * rate)


def postings(store: Store, data: Json, invoice: Json) -> list[Posting]:
    """Money in, write-offs, receivable; a rate difference goes to gain or loss.

    Under the cash method the sale itself in place of the receivable.
    """
    year_id = open_year(store, data["PaymentDate"])
    for row in data["WriteOffs"]:
        require_account(store, year_id, row["AccountNumber"], inactive=WRITE_OFF_INACTIVE)
    rate = Decimal(data["CurrencyRate"]) / Decimal(data["CurrencyUnit"])
    rows = [Posting(int(data["ModeOfPaymentAccount"]), to_ore(data["Amount"]))]
    rows += [
        Posting(
            int(row["AccountNumber"]),
            half_up(Decimal(to_ore(row["Amount"])) * rate),
            text=row["TransactionInformation"],
            cost_center=row["CostCenter"],
            project=row["Project"],
        )
        for row in data["WriteOffs"]
    ]
    if is_posted_when_paid(invoice):
        rows += sale_postings(
            store, invoice, settled_ore=settled_ore(data), day=data["PaymentDate"]
        )
        return with_rest_on_largest(rows)
    paid_ore = invoice[CLAIM] - claim_left_ore(data, invoice)
    rows.append(Posting(predefined(store, "CUSTCLAIM"), -paid_ore))
    rest = -sum(row.ore for row in rows)
    if rest:
        rows.append(Posting(predefined(store, "CURRENCYWIN" if rest < 0 else "CURRENCYLOSS"), rest))
    return rows
