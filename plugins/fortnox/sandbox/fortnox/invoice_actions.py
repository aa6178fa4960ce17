"""What can be done with an invoice besides bookkeeping: cancel, credit, remind, e-invoice."""

from decimal import Decimal

from fortnox.sandbox.fortnox.cash_method import is_partly_paid
from fortnox.sandbox.fortnox.document_copies import header_of, row_of
from fortnox.sandbox.fortnox.document_kinds import Kind
from fortnox.sandbox.fortnox.document_routes import (
    answered,
    found,
    kept,
    printed,
    routes,
)
from fortnox.sandbox.fortnox.document_writes import create
from fortnox.sandbox.fortnox.errors import (
    ALREADY_BOOKED,
    ALREADY_CANCELLED,
    ALREADY_CREDITED,
    LOCKED_CANT_CANCEL,
    NOT_DELIVERED,
    NOTHING_TO_REMIND,
    SERVICE_NOT_ACTIVE,
    WAREHOUSE_OFF,
    WAREHOUSE_READY,
    ApiError,
)
from fortnox.sandbox.fortnox.invoice_header import INVOICE
from fortnox.sandbox.fortnox.routing import Call, Handler, Route
from fortnox.sandbox.fortnox.wire import Answer, Json, to_ore


def _guard(data: Json) -> None:
    """Neither a cancelled nor a booked invoice can be changed; a credit corrects it."""
    if data["Cancelled"]:
        raise ApiError(ALREADY_CANCELLED)
    if data["Booked"] or is_partly_paid(data):
        raise ApiError(ALREADY_BOOKED)


def _cancel(call: Call) -> Answer:
    data = found(call, INVOICE)
    if data["Cancelled"]:
        raise ApiError(ALREADY_CANCELLED)
    if data["Booked"] or is_partly_paid(data):
        raise ApiError(LOCKED_CANT_CANCEL)
    return kept(call, INVOICE, {**data, "Cancelled": True, "Balance": 0})


def _credit(call: Call) -> Answer:
    """Make an unbooked credit invoice dated today; the answer is by switch."""
    data = found(call, INVOICE)
    if data["Cancelled"]:
        raise ApiError(ALREADY_CANCELLED)
    if data["CreditInvoiceReference"] != "0":
        raise ApiError(ALREADY_CREDITED)
    copied = {
        **header_of(data, INVOICE),
        "Freight": -Decimal(data["Freight"]),
        "AdministrationFee": -Decimal(data["AdministrationFee"]),
        "InvoiceRows": [row_of(row, INVOICE, _returned) for row in data["InvoiceRows"]],
    }
    new = create(call.store, INVOICE, copied)
    new = {**new, "Credit": "true", "CreditInvoiceReference": data["DocumentNumber"]}
    call.store.table("invoices").put(new["DocumentNumber"], new)
    answer = kept(call, INVOICE, {**data, "CreditInvoiceReference": new["DocumentNumber"]})
    return answered(call, INVOICE, new) if call.store.switches.credit_answer == "new" else answer


def _returned(row: Json) -> dict[str, Decimal]:
    return {"DeliveredQuantity": -Decimal(row["DeliveredQuantity"])}


def _print_reminder(call: Call) -> Answer:
    """Only what is owed and overdue can be reminded of."""
    data, today = found(call, INVOICE), call.store.clock.today().isoformat()
    if not data["Booked"] or to_ore(data["Balance"]) <= 0 or data["DueDate"] >= today:
        raise ApiError(NOTHING_TO_REMIND)
    kept(call, INVOICE, {**data, "Reminders": data["Reminders"] + 1, "LastRemindDate": today})
    return printed(INVOICE, data)


def _refused_service(service: str) -> Handler:
    """E-invoice and e-print need an agreement that the sandbox company has not got."""

    def handler(call: Call) -> Answer:
        found(call, INVOICE)
        raise ApiError(SERVICE_NOT_ACTIVE, service=service)

    return handler


def warehouse_ready(kind: Kind) -> Handler:
    """Mark a document as ready in the warehouse module, which must be on."""

    def handler(call: Call) -> Answer:
        data = found(call, kind)
        if not call.store.company.has_warehouse:
            raise ApiError(WAREHOUSE_OFF)
        if data["Cancelled"]:
            raise ApiError(ALREADY_CANCELLED)
        if data["WarehouseReady"]:
            raise ApiError(WAREHOUSE_READY)
        if data.get("DeliveryState", "delivery") != "delivery":
            raise ApiError(NOT_DELIVERED)
        return kept(call, kind, {**data, "WarehouseReady": True})

    return handler


ROUTES = (
    *routes(INVOICE, _guard),
    Route("PUT", "invoices/{number}/cancel", "invoice", _cancel),
    Route("PUT", "invoices/{number}/credit", "invoice", _credit),
    Route("PUT", "invoices/{number}/warehouseready", "invoice", warehouse_ready(INVOICE)),
    Route("GET", "invoices/{number}/einvoice", "invoice", _refused_service("E-faktura")),
    Route("GET", "invoices/{number}/eprint", "invoice", _refused_service("E-utskrift")),
    Route("GET", "invoices/{number}/printreminder", "invoice", _print_reminder),
)
