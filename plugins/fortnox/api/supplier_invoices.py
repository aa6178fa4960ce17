"""Supplier invoices of fees: made, verified, bookkept and paid, each step only if it is missing.

Identity: supplier and InvoiceNumber, looked up before each run's first write and after every
answer that is lost. An unbooked invoice and a draft payment do no harm: the next run goes on. Of
two invoices that a late request left, the booked one stays, else the lower number; an unbooked
other one is cancelled (rule 6 of the books). Of two payments likewise, the other one is deleted.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from decimal import Decimal

from fortnox.api.client import FortnoxClient
from fortnox.api.text import clean
from fortnox.api.wire import JsonObject
from fortnox.core.errors import DocumentError
from fortnox.core.money import decimal_to_ore, ore_to_decimal
from fortnox.core.payout_invoice import FeeInvoice
from fortnox.core.vouchers import VoucherRow

_INVOICES, _PAYMENTS = "supplierinvoices", "supplierinvoicepayments"


def settle_fee_invoice(
    client: FortnoxClient, wanted: FeeInvoice, *, pause: Callable[[], None]
) -> bool:
    """Bring the invoice to where it is bookkept and paid.

    Args:
        client: Its ``before_write`` checks the company's lease.
        wanted: The invoice.
        pause: Waits until Fortnox's lists show what was just written.

    Returns:
        Whether anything was written.

    Raises:
        DocumentError: Fortnox refuses it, made it otherwise, or no mode of payment leads to the
            clearing account; what stands unbooked stays so.
        UnknownOutcomeError: No answer; the next run looks it up.
    """
    mode = _mode_of_payment(client, wanted.clearing_account)
    standing = _standing(client, wanted)
    written = not standing
    if not standing:
        made = client.create(_INVOICES, "SupplierInvoice", invoice_body(wanted))
        # Lists may show a write late.
        standing = _standing(client, wanted) or [made]
    found, *surplus = standing
    written = _cancel(client, surplus) or written
    if decimal_to_ore(str(found["Total"])) != wanted.total_ore:
        raise DocumentError(
            f"Supplier invoice {found['GivenNumber']} has another total than the payout's fees.",
            remedy="Cancel or correct it in Fortnox, then run again.",
        )
    if is_settled(found):
        return written
    number = str(found["GivenNumber"])
    if found["Booked"]:
        _pay_again(client, wanted, number, mode, pause)
    else:
        client.action(f"{_INVOICES}/{number}/bookkeep", "SupplierInvoice")
        _bookkeep_payment(client, _draft(client, wanted, number, mode))
    return True


def fee_invoices(client: FortnoxClient, supplier_number: str) -> dict[str, list[JsonObject]]:
    """InvoiceNumber -> living invoices of this supplier, the one that stays first."""
    found: dict[str, list[JsonObject]] = defaultdict(list)
    for item in client.list(_INVOICES, "SupplierInvoices", suppliernumber=supplier_number):
        living = not item.get("Cancel") and not item.get("Cancelled")
        if living and str(item["SupplierNumber"]) == supplier_number:
            found[str(item["InvoiceNumber"])].append(item)
    for items in found.values():
        items.sort(key=lambda item: (not item["Booked"], int(item["GivenNumber"])))
    return found


def all_settled(standing: Sequence[JsonObject]) -> bool:
    """Exactly one, bookkept and paid."""
    return len(standing) == 1 and is_settled(standing[0])


def is_settled(invoice: JsonObject) -> bool:
    """Bookkept and paid."""
    return bool(invoice["Booked"]) and not decimal_to_ore(str(invoice["Balance"]))


def invoice_body(wanted: FeeInvoice) -> JsonObject:
    """The ``SupplierInvoice`` object of a POST; money is text in this resource."""
    return {
        "SupplierNumber": wanted.supplier_number,
        "InvoiceNumber": wanted.invoice_number,
        "InvoiceDate": wanted.day.isoformat(),
        "DueDate": wanted.day.isoformat(),
        "Currency": "SEK",
        "Total": _text(wanted.total_ore),
        "VAT": _text(wanted.vat_ore),
        "VATType": "NORMAL",
        "Comments": clean(f"Avgifter, utbetalning {wanted.invoice_number}", 1000),
        "SupplierInvoiceRows": [_row_body(row) for row in wanted.rows],
    }


def _standing(client: FortnoxClient, wanted: FeeInvoice) -> list[JsonObject]:
    return fee_invoices(client, wanted.supplier_number).get(wanted.invoice_number, [])


def _cancel(client: FortnoxClient, surplus: Sequence[JsonObject]) -> bool:
    """Whether any was cancelled.

    Raises:
        DocumentError: One of them is bookkept as well: only a person may reverse it.
    """
    for invoice in surplus:
        number = str(invoice["GivenNumber"])
        if invoice["Booked"]:
            raise DocumentError(
                f"Supplier invoice {number} books the same fees a second time.",
                remedy="Credit it in Fortnox, then run again.",
            )
        client.action(f"{_INVOICES}/{number}/cancel", "SupplierInvoice")
    return bool(surplus)


def _pay_again(
    client: FortnoxClient, wanted: FeeInvoice, number: str, mode: str, pause: Callable[[], None]
) -> None:
    """Pay an invoice that an earlier run bookkept, and perhaps sent a payment of.

    A draft that is there is booked rather than another one made. A request that Fortnox carries
    out meanwhile leaves a second one, for somebody to book; none comes once the invoice is paid.
    """
    drafts = _drafts(client, wanted, number)
    draft = drafts[0] if drafts else _draft(client, wanted, number, mode)
    pause()
    _delete_surplus(client, wanted, number, draft)
    _bookkeep_payment(client, draft)
    pause()
    _delete_surplus(client, wanted, number, draft)


def _drafts(client: FortnoxClient, wanted: FeeInvoice, number: str) -> list[JsonObject]:
    """Unbooked payments of the invoice as runs send them; any other one is a person's."""
    day, total_ore = wanted.day.isoformat(), wanted.total_ore
    return [
        item
        for item in client.list(_PAYMENTS, "SupplierInvoicePayments", invoicenumber=number)
        if str(item["InvoiceNumber"]) == number and not item["Booked"]
        if item["PaymentDate"] == day and decimal_to_ore(str(item["Amount"])) == total_ore
    ]


def _delete_surplus(
    client: FortnoxClient, wanted: FeeInvoice, number: str, draft: JsonObject
) -> None:
    for other in _drafts(client, wanted, number):
        if str(other["Number"]) != str(draft["Number"]):
            client.delete(f"{_PAYMENTS}/{other['Number']}")


def _draft(client: FortnoxClient, wanted: FeeInvoice, number: str, mode: str) -> JsonObject:
    body = {
        "InvoiceNumber": number,
        "Amount": ore_to_decimal(wanted.total_ore),
        "PaymentDate": wanted.day.isoformat(),
        "ModeOfPayment": mode,
    }
    return client.create(_PAYMENTS, "SupplierInvoicePayment", body)


def _bookkeep_payment(client: FortnoxClient, draft: JsonObject) -> None:
    client.action(f"{_PAYMENTS}/{draft['Number']}/bookkeep", "SupplierInvoicePayment")


def _mode_of_payment(client: FortnoxClient, account: int) -> str:
    for item in client.list("modesofpayments", "ModesOfPayments"):
        if str(item.get("AccountNumber") or "") == str(account):
            return str(item["Code"])
    raise DocumentError(
        f"No mode of payment in Fortnox leads to account {account}.",
        remedy="Add one in Fortnox's settings, then run again.",
    )


def _row_body(row: VoucherRow) -> JsonObject:
    return {
        "Account": row.account,
        "Debit": ore_to_decimal(row.debit_ore),
        "Credit": ore_to_decimal(row.credit_ore),
        "TransactionInformation": clean(row.text, 100),
    }


def _text(ore: int) -> str:
    return str(Decimal(ore_to_decimal(ore)))
