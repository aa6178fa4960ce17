"""An offer's own header fields and defaults.

No offer has been recorded: names and types are the OpenAPI document's, defaults are an order's.
"""

from datetime import timedelta

from fortnox.sandbox.fortnox import document_header as shared
from fortnox.sandbox.fortnox.document_kinds import Kind
from fortnox.sandbox.fortnox.errors import OFFER_NOT_FOUND
from fortnox.sandbox.fortnox.fields import Field
from fortnox.sandbox.fortnox.row_fields import OFFER_ROW_FIELDS, OFFER_ROW_KEYS
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.wire import Json

#: Days that an offer stands unless it says otherwise [inferred].
_VALID_DAYS = 30

FIELDS = {
    **shared.FIELDS,
    **dict.fromkeys(("ExpireDate", "OfferDate"), Field("date")),
    "CopyRemarks": Field("bool"),
    "OfferRows": Field("list"),
    "OrganisationNumber": Field(),
    "YourReferenceNumber": Field(),
}


def _defaults(store: Store) -> Json:
    """A new offer before customer and request, in the key order of the wire."""
    today = store.clock.today()
    return {
        "Address1": "",
        "Address2": "",
        "AdministrationFee": 0,
        "AdministrationFeeVAT": 0,
        "BasisTaxReduction": 0,
        "Cancelled": False,
        "City": "",
        "Comments": "",
        "ContributionPercent": 0,
        "ContributionValue": 0,
        "CopyRemarks": False,
        "CostCenter": "",
        "Country": "",
        "Currency": "SEK",
        "CurrencyRate": 1,
        "CurrencyUnit": 1,
        "CustomerName": "",
        "CustomerNumber": "",
        "DeliveryAddress1": "",
        "DeliveryAddress2": "",
        "DeliveryCity": "",
        "DeliveryCountry": "",
        "DeliveryDate": None,
        "DeliveryName": "",
        "DeliveryZipCode": "",
        "DocumentNumber": "",
        "EmailInformation": shared.blank_email("Offert"),
        "ExpireDate": (today + timedelta(days=_VALID_DAYS)).isoformat(),
        "Freight": 0,
        "FreightVAT": 0,
        "Gross": 0,
        "HouseWork": False,
        "InvoiceReference": "0",
        "Labels": [],
        "Language": "SV",
        "Net": 0,
        "NotCompleted": False,
        "OfferDate": today.isoformat(),
        "OfferRows": [],
        "OrderReference": "0",
        "OrganisationNumber": "",
        "OurReference": "",
        "Phone1": "",
        "Phone2": "",
        "PriceList": "A",
        "PrintTemplate": "ot",
        "Project": "",
        "Remarks": "",
        "RoundOff": 0,
        "Sent": False,
        "TaxReduction": None,
        "TaxReductionType": "none",
        "TermsOfDelivery": "",
        "TermsOfPayment": store.company.terms_of_payment,
        "Total": 0,
        "TotalToPay": 0,
        "TotalVAT": 0,
        "VATIncluded": False,
        "WayOfDelivery": "",
        "YourReference": "",
        "YourReferenceNumber": "",
        "ZipCode": "",
        **shared.standard_fees(store),
    }


OFFER = Kind(
    path="offers",
    single="Offer",
    plural="Offers",
    scope="offer",
    not_found=OFFER_NOT_FOUND,
    fields=FIELDS,
    parts={"EmailInformation": shared.EMAIL_FIELDS},
    row_fields=OFFER_ROW_FIELDS,
    row_keys=OFFER_ROW_KEYS,
    counted="Quantity",
    defaults=_defaults,
    email="EmailOffer",
    needs_rows=True,
)
