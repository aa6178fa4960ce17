"""``/3/suppliers``: who sends supplier invoices, such as payment providers with their fees."""

from fortnox.sandbox.fortnox.countries import swedish_name
from fortnox.sandbox.fortnox.errors import (
    BAD_COUNTRY,
    CURRENCY_UNKNOWN,
    ROW_ACCOUNT_UNKNOWN,
    TERMS_UNKNOWN,
    ApiError,
)
from fortnox.sandbox.fortnox.fields import Field, texts
from fortnox.sandbox.fortnox.ledger import account_of, year_of
from fortnox.sandbox.fortnox.listing import numeric
from fortnox.sandbox.fortnox.register import Register, by_text
from fortnox.sandbox.fortnox.register_errors import SUPPLIER_NOT_FOUND, SUPPLIER_NUMBER_TAKEN
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.wire import Json

_COUNTRIES = (("CountryCode", "Country"), ("VisitingCountryCode", "VisitingCountry"))
_TEXTS = (
    *("Address1", "Address2", "BG", "BIC", "Bank", "BankAccountNumber", "BranchCode"),
    *("ClearingNumber", "CostCenter", "Email", "Fax", "IBAN", "OrganisationNumber"),
    *("OurCustomerNumber", "OurReference", "PG", "Project", "SupplierNumber", "TermsOfPayment"),
    *("VATNumber", "VATType", "VisitingAddress", "VisitingCity", "VisitingZipCode", "WWW"),
    *("WorkPlace", "YourReference", "ZipCode"),
)
_FIELDS = {
    **texts(*_TEXTS),
    **texts("City", "Comments", "Name", "Phone1", "Phone2", length=1024),
    **texts("CountryCode", "VisitingCountryCode", length=2),
    "Currency": Field("text", 3),
    "PreDefinedAccount": Field("text", 4),
    "Active": Field("bool"),
    "DisablePaymentFile": Field("bool"),
}
#: In the order of the OpenAPI document; no live answer has been seen.
_BLANKS: Json = {
    name: {"Active": False, "DisablePaymentFile": False}.get(name, "")
    for name in sorted([*_FIELDS, "Country", "VisitingCountry"])
}
_LIST_KEYS = (
    *("Active", "Address1", "Address2", "BG", "BIC", "BankAccountNumber", "City", "CostCenter"),
    *("CountryCode", "Currency", "DisablePaymentFile", "Email", "IBAN", "Name"),
    *("OrganisationNumber", "PG", "Phone", "PreDefinedAccount", "Project", "SupplierNumber"),
    *("TermsOfPayment", "ZipCode"),
)


def _complete(store: Store, data: Json) -> Json:
    """Refuse what refers to nothing; fill the countries' names.

    Raises:
        ApiError: Unknown country, currency, terms or account.
    """
    for code, name in _COUNTRIES:
        data[code] = data[code].upper()
        found = swedish_name(data[code]) if data[code] else ""
        if found is None:
            raise ApiError(BAD_COUNTRY, name=data[code])
        data[name] = found
    if data["Currency"] not in store.table("currencies"):
        raise ApiError(CURRENCY_UNKNOWN)
    if data["TermsOfPayment"] and data["TermsOfPayment"] not in store.table("termsofpayments"):
        raise ApiError(TERMS_UNKNOWN)
    text = data["PreDefinedAccount"]
    year = year_of(store, store.clock.today().isoformat()) or {"Id": 0}
    if text and (
        not (text.isascii() and text.isdecimal())
        or account_of(store, int(year["Id"]), int(text)) is None
    ):
        raise ApiError(ROW_ACCOUNT_UNKNOWN)
    return data


SUPPLIERS = Register(
    path="suppliers",
    single="Supplier",
    plural="Suppliers",
    scope="supplier",
    key="SupplierNumber",
    fields=_FIELDS,
    blanks=_BLANKS,
    defaults={"Active": True, "Currency": "SEK", "TermsOfPayment": "30", "VATType": "NORMAL"},
    required=("Name",),
    not_found=SUPPLIER_NOT_FOUND,
    taken=SUPPLIER_NUMBER_TAKEN,
    numbered=True,
    list_keys=_LIST_KEYS,
    aliases={"Phone": "Phone1"},
    filters={
        "city": "City",
        "email": "Email",
        "name": "Name",
        "organisationnumber": "OrganisationNumber",
        "phone": "Phone1",
        "suppliernumber": "SupplierNumber",
        "zipcode": "ZipCode",
    },
    sortable={"name": by_text("Name")},
    order=numeric,
    active_filter=True,
    complete=_complete,
    deletable=False,
)
ROUTES = SUPPLIERS.routes()
