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
    own = {
        "CopyRemarks": False,
        "EmailInformation": shared.blank_email("Offert"),
        "ExpireDate": (today + timedelta(days=_VALID_DAYS)).isoformat(),
        "OfferDate": today.isoformat(),
        "OfferRows": [],
        "OrderReference": "0",
        "PrintTemplate": "ot",
        "YourReferenceNumber": "",
    }
    return shared.in_order({**shared.blank(store), **own})


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
