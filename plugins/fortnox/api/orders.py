"""Orders and offers as Fortnox's JSON, and back: an invoice's fields under other names.

They are read as an invoice is: their date as the invoice's, and ``booked`` where they are locked,
because an invoice, or of an offer an order, was made from them.
"""

from decimal import Decimal

from fortnox.api.invoices import (
    JsonObject,
    invoice_body,
    parse_invoice,
    parse_listed,
    whole_rows,
)
from fortnox.core.documents import FortnoxInvoice, Invoice, ListedInvoice
from fortnox.core.money import round_half_up

#: What an invoice has and neither an order nor an offer.
_INVOICES_ONLY = ("InvoiceType", "InvoiceDate", "InvoiceRows", "PaymentWay")
#: An offer has no field for references (rules of the books 10), and no YourOrderNumber (2001399).
_NOT_ON_OFFERS = ("ExternalInvoiceReference1", "ExternalInvoiceReference2", "YourOrderNumber")
_NO_REFERENCE = frozenset({"", "0", "None"})


def order_body(order: Invoice, customer_number: str) -> JsonObject:
    """The ``Order`` object of a POST: ordered is what is to be delivered, or its Total is 0."""
    body = invoice_body(order, customer_number)
    rows = [{**row, "OrderedQuantity": row["DeliveredQuantity"]} for row in body["InvoiceRows"]]
    return _without(body, _INVOICES_ONLY) | {
        "OrderDate": order.invoice_date.isoformat(),
        "OrderRows": rows,
        "CopyRemarks": True,
    }


def offer_body(offer: Invoice, customer_number: str) -> JsonObject:
    """The ``Offer`` object of a POST; its references stand in ``YourReference``, ``Comments``."""
    body = invoice_body(offer, customer_number)
    rows = [
        _without(row, ("DeliveredQuantity",)) | {"Quantity": row["DeliveredQuantity"]}
        for row in body["InvoiceRows"]
    ]
    return _without(body, (*_INVOICES_ONLY, *_NOT_ON_OFFERS)) | {
        "OfferDate": offer.invoice_date.isoformat(),
        "OfferRows": rows,
        "YourReference": offer.reference,
        "Comments": offer.day_reference,
    }


def rewritten_order(order: Invoice) -> JsonObject:
    """The ``Order`` object of a PUT that leaves nothing of what stood there but its card."""
    body = _without(order_body(order, ""), ("CustomerNumber",))
    return body | {"OrderRows": whole_rows(body["OrderRows"])}


def rewritten_offer(offer: Invoice) -> JsonObject:
    """The same of an offer."""
    body = _without(offer_body(offer, ""), ("CustomerNumber",))
    return body | {"OfferRows": whole_rows(body["OfferRows"])}


def invoice_number_of(order: JsonObject) -> str:
    """The invoice that was made from an order; empty when there is none."""
    number = str(order.get("InvoiceReference"))
    return "" if number in _NO_REFERENCE else number


def parse_order(answer: JsonObject) -> FortnoxInvoice:
    """A full order as answered to POST, PUT and GET."""
    return parse_invoice(_as_invoice(answer, "Order"))


def parse_offer(answer: JsonObject) -> FortnoxInvoice:
    """A full offer as answered to POST, PUT and GET."""
    return parse_invoice(_as_invoice(_with_references(answer), "Offer"))


def parse_listed_order(item: JsonObject) -> ListedInvoice:
    """An order as a list item, which does not say whether it is invoiced; a full one does."""
    is_invoiced = bool(invoice_number_of(item))
    return parse_listed(
        {
            **item,
            "InvoiceDate": item["OrderDate"],
            "Balance": item["Total"],
            "Booked": is_invoiced,
        }
    )


def parse_listed_offer(offer: JsonObject) -> ListedInvoice:
    """A full offer, since a list item lacks the reference."""
    return parse_listed(
        {
            **_with_references(offer),
            "InvoiceDate": offer["OfferDate"],
            "Balance": offer["Total"],
            "Booked": _is_locked(offer),
        }
    )


def _as_invoice(answer: JsonObject, kind: str) -> JsonObject:
    rows = answer.get(f"{kind}Rows") or ()
    return {
        **answer,
        "InvoiceDate": answer[f"{kind}Date"],
        "InvoiceType": "INVOICE",
        "Booked": _is_locked(answer),
        "InvoiceRows": [{**row, "TotalExcludingVAT": _excluding_vat(row)} for row in rows],
    }


def _is_locked(answer: JsonObject) -> bool:
    names = ("InvoiceReference", "OrderReference")
    return any(str(answer.get(name)) not in _NO_REFERENCE for name in names)


def _with_references(offer: JsonObject) -> JsonObject:
    return {
        **offer,
        "ExternalInvoiceReference1": offer.get("YourReference"),
        "ExternalInvoiceReference2": offer.get("Comments"),
    }


def _excluding_vat(row: JsonObject) -> Decimal:
    """Orders and offers don't show it: it follows from the rate, for our prices include VAT."""
    total_ore = Decimal(str(row["Total"])) * 100
    rate_pct = Decimal(str(row.get("VAT") or 0))
    return Decimal(round_half_up(total_ore * 100 / (100 + rate_pct))) / 100


def _without(body: JsonObject, names: tuple[str, ...]) -> JsonObject:
    return {name: value for name, value in body.items() if name not in names}
