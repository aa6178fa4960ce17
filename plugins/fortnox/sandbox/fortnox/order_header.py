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


def _defaults(store: Store) -> Json:
    """A new order before customer and request, in the key order of the wire."""
    today = store.clock.today().isoformat()
    return {
        "AdministrationFee": 0,
        "AdministrationFeeVAT": 0,
        "Address1": "",
        "Address2": "",
        "BasisTaxReduction": 0,
        "Cancelled": False,
        "City": "",
        "Comments": "",
        "ContributionPercent": 0,
        "ContributionValue": 0,
        "CopyRemarks": False,
        "Country": "",
        "CostCenter": "",
        "Currency": "SEK",
        "CurrencyRate": 1,
        "CurrencyUnit": 1,
        "CustomerName": "",
        "CustomerNumber": "",
        "DeliveryState": "delivery",
        "DeliveryAddress1": "",
        "DeliveryAddress2": "",
        "DeliveryCity": "",
        "DeliveryCountry": "",
        "DeliveryDate": None,
        "DeliveryName": "",
        "DeliveryZipCode": "",
        "DocumentNumber": "",
        "EmailInformation": shared.blank_email("Order"),
        "ExternalInvoiceReference1": "",
        "ExternalInvoiceReference2": "",
        "Freight": 0,
        "FreightVAT": 0,
        "Gross": 0,
        "HouseWork": False,
        "InvoiceReference": "0",
        "Labels": [],
        "Language": "SV",
        "Net": 0,
        "NotCompleted": False,
        "OfferReference": "0",
        "OrderDate": today,
        "OrderRows": [],
        "OrderType": "Order",
        "OrganisationNumber": "",
        "OurReference": "",
        "Phone1": "",
        "Phone2": "",
        "PriceList": "A",
        "PrintTemplate": "oc",
        "Project": "",
        "WarehouseReady": not store.company.has_warehouse,
        "OutboundDate": today,
        "Remarks": "",
        "RoundOff": 0,
        "Sent": False,
        "TaxReduction": None,
        "TermsOfDelivery": "",
        "TermsOfPayment": store.company.terms_of_payment,
        "TimeBasisReference": None,
        "Total": 0,
        "TotalToPay": 0,
        "TotalVAT": 0,
        "VATIncluded": False,
        "WayOfDelivery": "",
        "YourReference": "",
        "YourOrderNumber": "",
        "ZipCode": "",
        "StockPointCode": None,
        "StockPointId": None,
        "TaxReductionType": "none",
        **shared.standard_fees(store),
    }


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
