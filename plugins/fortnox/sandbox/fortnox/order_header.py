"""An order's own header fields and defaults (recordings 4.20 and 4.21)."""

from fortnox.sandbox.fortnox import document_header as shared
from fortnox.sandbox.fortnox.document_kinds import Kind
from fortnox.sandbox.fortnox.errors import ORDER_NOT_FOUND
from fortnox.sandbox.fortnox.fields import Field, texts
from fortnox.sandbox.fortnox.row_fields import ORDER_ROW_FIELDS, ORDER_ROW_KEYS
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.wire import Json

FIELDS = {
    **shared.FIELDS,
    **texts("ExternalInvoiceReference1", "ExternalInvoiceReference2", length=80),
    **texts("OrganisationNumber", "StockPointCode", "StockPointId"),
    **dict.fromkeys(("OrderDate", "OutboundDate"), Field("date")),
    "CopyRemarks": Field("bool"),
    "Currency": Field("text", 3),
    "DeliveryState": Field("text", choices=("registration", "reservation", "delivery")),
    "OrderRows": Field("list"),
    "YourOrderNumber": Field("text", 75),
}

#: As an order shows them (recording 4.20).
_KEYS = (
    "AdministrationFee AdministrationFeeVAT Address1 Address2 BasisTaxReduction Cancelled City "
    "Comments ContributionPercent ContributionValue CopyRemarks Country CostCenter Currency "
    "CurrencyRate CurrencyUnit CustomerName CustomerNumber DeliveryState DeliveryAddress1 "
    "DeliveryAddress2 DeliveryCity DeliveryCountry DeliveryDate DeliveryName DeliveryZipCode "
    "DocumentNumber EmailInformation ExternalInvoiceReference1 ExternalInvoiceReference2 Freight "
    "FreightVAT Gross HouseWork InvoiceReference Labels Language Net NotCompleted OfferReference "
    "OrderDate OrderRows OrderType OrganisationNumber OurReference Phone1 Phone2 PriceList "
    "PrintTemplate Project WarehouseReady OutboundDate Remarks RoundOff Sent TaxReduction "
    "TermsOfDelivery TermsOfPayment TimeBasisReference Total TotalToPay TotalVAT VATIncluded "
    "WayOfDelivery YourReference YourOrderNumber ZipCode StockPointCode StockPointId "
    "TaxReductionType"
)


def _defaults(store: Store) -> Json:
    """A new order before customer and request, in the key order of the wire."""
    today = store.clock.today().isoformat()
    own = {
        "CopyRemarks": False,
        "DeliveryState": "delivery",
        "EmailInformation": shared.blank_email("Order"),
        "ExternalInvoiceReference1": "",
        "ExternalInvoiceReference2": "",
        "OfferReference": "0",
        "OrderDate": today,
        "OrderRows": [],
        "OrderType": "Order",
        "PrintTemplate": "oc",
        "WarehouseReady": not store.company.has_warehouse,
        "OutboundDate": today,
        "TimeBasisReference": None,
        "YourOrderNumber": "",
        "StockPointCode": None,
        "StockPointId": None,
    }
    values = {**shared.blank(store), **own}
    return {name: values[name] for name in _KEYS.split()}


ORDER = Kind(
    path="orders",
    single="Order",
    plural="Orders",
    scope="order",
    not_found=ORDER_NOT_FOUND,
    fields=FIELDS,
    parts={"EmailInformation": shared.EMAIL_FIELDS},
    row_fields=ORDER_ROW_FIELDS,
    row_keys=ORDER_ROW_KEYS,
    counted="DeliveredQuantity",
    defaults=_defaults,
    email="EmailOrder",
)
