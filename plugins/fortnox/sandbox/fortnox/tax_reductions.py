"""``/3/taxreductions``: who shares a ROT, RUT or green deduction of a document.

The deduction itself is Skatteverket's; the sandbox keeps the register and refuses what Fortnox's
OpenAPI text says is refused.
"""

import re
from decimal import Decimal

from fortnox.sandbox.fortnox.errors import BAD_FILTER, VALUE_IS_NULL, ApiError
from fortnox.sandbox.fortnox.fields import Field, created, present, read, texts, updated
from fortnox.sandbox.fortnox.listing import changed, page
from fortnox.sandbox.fortnox.register_errors import (
    BAD_ASKED_AMOUNT,
    BAD_PERSONAL_NUMBER,
    DOCUMENT_UNKNOWN,
    TAX_REDUCTION_NOT_FOUND,
    TAX_REDUCTION_NOT_ON_DOCUMENT,
    TAX_REDUCTION_PERSON_TAKEN,
)
from fortnox.sandbox.fortnox.routing import Call, Route
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.wire import Answer, Json

_TABLE = "taxreductions"
_DOCUMENTS = {"INVOICE": "invoices", "ORDER": "orders", "OFFER": "offers"}
_FILTERS = {table: kind for kind, table in _DOCUMENTS.items()}
_FIELDS = {
    "AskedAmount": Field("number"),
    "ReferenceDocumentType": Field("text", choices=tuple(_DOCUMENTS)),
    "ReferenceNumber": Field("int"),
    "SocialSecurityNumber": Field("text", 13),
    **texts("CustomerName", "PropertyDesignation", "ResidenceAssociationOrganisationNumber"),
}
_REQUIRED = (
    "CustomerName",
    "ReferenceDocumentType",
    "ReferenceNumber",
    "SocialSecurityNumber",
    "AskedAmount",
)
_LIST_KEYS = (
    "ApprovedAmount",
    "CustomerName",
    "Id",
    "ReferenceDocumentType",
    "ReferenceNumber",
    "SocialSecurityNumber",
)
_BLANKS: Json = {
    "ApprovedAmount": 0,
    "AskedAmount": 0,
    "BilledAmount": 0,
    "CustomerName": "",
    "Id": 0,
    "PropertyDesignation": "",
    "ReferenceDocumentType": "",
    "ReferenceNumber": "",
    "RequestSent": False,
    "ResidenceAssociationOrganisationNumber": "",
    "SocialSecurityNumber": "",
    "VoucherNumber": None,
    "VoucherSeries": None,
    "VoucherYear": None,
}
_PERSON = re.compile(r"(19|20)?\d{6}-?\d{4}")


def _shown(call: Call, data: Json) -> Json:
    return {"@url": call.url(f"{_TABLE}/{data['Id']}"), **data}


def _item(call: Call, data: Json) -> Json:
    shown = {**_shown(call, data), "ReferenceNumber": int(data["ReferenceNumber"])}
    return {name: shown[name] for name in ("@url", *_LIST_KEYS)}


def _list(call: Call) -> Answer:
    wanted = call.query.get("filter", "")
    if wanted and wanted not in _FILTERS:
        raise ApiError(BAD_FILTER)
    number = call.query.get("referencenumber", "")
    rows = [
        data
        for data in changed(call.store.table(_TABLE), call.query)
        if wanted in ("", _DOCUMENTS[data["ReferenceDocumentType"]])
        and number in ("", data["ReferenceNumber"])
    ]
    return page(
        rows,
        call.query,
        plural="TaxReductions",
        item=lambda data: _item(call, data),
        max_limit=call.store.switches.max_limit,
    )


def _found(call: Call) -> Json:
    data = call.store.table(_TABLE).get(call.args["id"])
    if data is None:
        raise ApiError(TAX_REDUCTION_NOT_FOUND)
    return data


def _get(call: Call) -> Answer:
    return Answer(body={"TaxReduction": _shown(call, _found(call))})


def _create(call: Call) -> Answer:
    sent = present(read(_FIELDS, call.envelope("TaxReduction")))
    if any(name not in sent for name in _REQUIRED):
        raise ApiError(VALUE_IS_NULL)
    data = _checked(call.store, created(_BLANKS, sent))
    data["Id"] = call.store.next_number(_TABLE)
    call.store.table(_TABLE).put(str(data["Id"]), data)
    return Answer(
        status=201, body={"TaxReduction": _shown(call, data)}, headers={"Location": _TABLE}
    )


def _update(call: Call) -> Answer:
    current = _found(call)
    sent = read(_FIELDS, call.envelope("TaxReduction"))
    if any(name in sent and not present(sent).get(name) for name in _REQUIRED):
        raise ApiError(VALUE_IS_NULL)
    data = _checked(call.store, updated(current, sent, _BLANKS))
    call.store.table(_TABLE).put(str(data["Id"]), data)
    return Answer(body={"TaxReduction": _shown(call, data)})


def _delete(call: Call) -> Answer:
    call.store.table(_TABLE).delete(str(_found(call)["Id"]))
    return Answer(status=204)


def _checked(store: Store, data: Json) -> Json:
    """Refusals in the order of Fortnox's OpenAPI text.

    Raises:
        ApiError: No such document, none of its kind, or person or amount do not fit.
    """
    data["ReferenceNumber"] = str(data["ReferenceNumber"])
    table = _DOCUMENTS[data["ReferenceDocumentType"]]
    document = store.table(table).get(data["ReferenceNumber"])
    if document is None:
        raise ApiError(DOCUMENT_UNKNOWN)
    if document.get("TaxReductionType", "none") in ("none", "", None):
        raise ApiError(TAX_REDUCTION_NOT_ON_DOCUMENT)
    if not _PERSON.fullmatch(data["SocialSecurityNumber"]):
        raise ApiError(BAD_PERSONAL_NUMBER)
    asked = Decimal(data["AskedAmount"])
    if asked < 1 or asked != asked.to_integral_value():
        raise ApiError(BAD_ASKED_AMOUNT)
    data["AskedAmount"] = int(asked)
    same = ("ReferenceDocumentType", "ReferenceNumber", "SocialSecurityNumber")
    for other in store.table(_TABLE).values():
        if other["Id"] != data["Id"] and all(other[name] == data[name] for name in same):
            raise ApiError(TAX_REDUCTION_PERSON_TAKEN)
    return data


ROUTES = (
    Route("GET", _TABLE, "invoice", _list),
    Route("POST", _TABLE, "invoice", _create),
    Route("GET", _TABLE + "/{id}", "invoice", _get),
    Route("PUT", _TABLE + "/{id}", "invoice", _update),
    Route("DELETE", _TABLE + "/{id}", "invoice", _delete),
)
