"""Small registers: units, terms, modes, ways, currencies, cost centres, projects, labels."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from fortnox.sandbox.fortnox.errors import BAD_VALUE, TERMS_NOT_FOUND, UNIT_NOT_FOUND, ApiError
from fortnox.sandbox.fortnox.fields import Field, texts
from fortnox.sandbox.fortnox.ledger import account_of, year_of
from fortnox.sandbox.fortnox.register import Register
from fortnox.sandbox.fortnox.register_errors import (
    ACCOUNT_INVALID_ON_MODE,
    COST_CENTER_NOT_FOUND,
    CURRENCY_CODE_INVALID,
    CURRENCY_NOT_FOUND,
    LABEL_NOT_FOUND,
    MODE_NOT_FOUND,
    PRICE_LIST_NOT_FOUND,
    PROJECT_NOT_FOUND,
    TERMS_OF_DELIVERY_NOT_FOUND,
    WAY_OF_DELIVERY_NOT_FOUND,
)
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.wire import Json, number

#: ISO 4217 codes in use; Fortnox refuses invented ones (facts 5.12).
_ISO_4217 = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN
BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS
GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW
KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD
NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD
SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES
VND VUV WST XAF XCD XOF XPF YER ZAR ZMW
"""
_CURRENCY_CODES = frozenset(_ISO_4217.split())


def _account_exists(store: Store, data: Json) -> Json:
    year = year_of(store, store.clock.today().isoformat())
    text = str(data["AccountNumber"])
    if (
        year is None
        or not (text.isascii() and text.isdecimal())
        or account_of(store, int(year["Id"]), int(text)) is None
    ):
        raise ApiError(ACCOUNT_INVALID_ON_MODE, number=text)
    return data


def _currency(store: Store, data: Json) -> Json:
    if data["Code"] not in _CURRENCY_CODES:
        raise ApiError(CURRENCY_CODE_INVALID, code=data["Code"])
    for name in ("BuyRate", "SellRate", "Unit"):
        if Decimal(data[name]) <= 0:
            raise ApiError(BAD_VALUE, name=name)
        data[name] = number(Decimal(data[name]))
    data["Date"] = data["Date"] or store.clock.today().isoformat()
    return data


def _project(_store: Store, data: Json) -> Json:
    if data["StartDate"] and data["EndDate"] and data["EndDate"] < data["StartDate"]:
        raise ApiError(BAD_VALUE, name="EndDate")
    return data


def _one_preselected(store: Store, data: Json) -> Json:
    """A company has one preselected price list; choosing another takes it from the first."""
    if data["PreSelected"]:
        table = store.table("pricelists")
        for other in table.values():
            if other["PreSelected"] and other["Code"] != data["Code"]:
                table.put(str(other["Code"]), {**other, "PreSelected": False})
    return data


def _by_insertion(_name: str) -> Callable[[Json], Any]:
    return lambda data: int(data["Id"])


UNITS = Register(
    path="units",
    single="Unit",
    plural="Units",
    scope="settings",
    fields={"Code": Field("text", 20), **texts("CodeEnglish", "Description", length=100)},
    blanks={"Code": "", "CodeEnglish": "", "Description": ""},
    required=("Code", "Description"),
    not_found=UNIT_NOT_FOUND,
    used_by=(("articles", "Unit"),),
)
TERMS_OF_PAYMENTS = Register(
    path="termsofpayments",
    single="TermsOfPayment",
    plural="TermsOfPayments",
    scope="settings",
    fields={"Code": Field("text", 25), "Description": Field()},
    blanks={"Code": "", "Description": ""},
    required=("Code", "Description"),
    not_found=TERMS_NOT_FOUND,
    location="paymentterms",
    used_by=(("customers", "TermsOfPayment"), ("invoices", "TermsOfPayment")),
)
TERMS_OF_DELIVERIES = Register(
    path="termsofdeliveries",
    single="TermsOfDelivery",
    plural="TermsOfDeliveries",
    scope="settings",
    fields={
        "Code": Field("text", 20),
        "Description": Field("text", 200),
        "DescriptionEnglish": Field("text", 100),
    },
    blanks={"Code": "", "Description": "", "DescriptionEnglish": ""},
    required=("Code", "Description"),
    not_found=TERMS_OF_DELIVERY_NOT_FOUND,
    deletable=False,
)
WAY_OF_DELIVERIES = Register(
    path="wayofdeliveries",
    single="WayOfDelivery",
    plural="WayOfDeliveries",
    scope="settings",
    fields={
        "Code": Field("text", 50),
        "Description": Field("text", 100),
        "DescriptionEnglish": Field("text", 100),
    },
    blanks={"Code": "", "Description": "", "DescriptionEnglish": ""},
    required=("Code",),
    not_found=WAY_OF_DELIVERY_NOT_FOUND,
    used_by=(("customers", "WayOfDelivery"), ("invoices", "WayOfDelivery")),
)
MODES_OF_PAYMENTS = Register(
    path="modesofpayments",
    single="ModeOfPayment",
    plural="ModesOfPayments",
    scope="settings",
    fields={"Code": Field(), "Description": Field(), "AccountNumber": Field("text", 4)},
    blanks={"Code": "", "Description": "", "AccountNumber": ""},
    required=("Code", "AccountNumber"),
    not_found=MODE_NOT_FOUND,
    complete=_account_exists,
    used_by=(
        ("invoicepayments", "ModeOfPayment"),
        ("supplierinvoicepayments", "ModeOfPayment"),
    ),
)
CURRENCIES = Register(
    path="currencies",
    single="Currency",
    plural="Currencies",
    scope="currency",
    fields={
        "Code": Field("text", 3),
        "Description": Field(),
        "BuyRate": Field("number"),
        "SellRate": Field("number"),
        "Unit": Field("number"),
        "IsAutomatic": Field("bool"),
        "Date": Field("date"),
    },
    blanks={
        "BuyRate": 1,
        "Code": "",
        "Date": None,
        "Description": "",
        "IsAutomatic": False,
        "SellRate": 1,
        "Unit": 1,
    },
    required=("Code", "Description"),
    not_found=CURRENCY_NOT_FOUND,
    complete=_currency,
    used_by=(("customers", "Currency"), ("suppliers", "Currency"), ("invoices", "Currency")),
)
COST_CENTERS = Register(
    path="costcenters",
    single="CostCenter",
    plural="CostCenters",
    scope="costcenter",
    fields={
        "Active": Field("bool"),
        "Code": Field("text", 6),
        **texts("Description", "Note"),
    },
    blanks={"Active": False, "Code": "", "Description": "", "Note": ""},
    defaults={"Active": True},
    required=("Code", "Description"),
    not_found=COST_CENTER_NOT_FOUND,
    used_by=(("customers", "CostCenter"), ("invoices", "CostCenter"), ("vouchers", "CostCenter")),
)
PROJECTS = Register(
    path="projects",
    single="Project",
    plural="Projects",
    scope="project",
    key="ProjectNumber",
    fields={
        "Comments": Field("text", 512),
        "ContactPerson": Field("text", 50),
        "Description": Field("text", 50),
        "EndDate": Field("date"),
        "ProjectLeader": Field("text", 50),
        "ProjectNumber": Field("text", 20),
        "Status": Field("text", choices=("NOTSTARTED", "ONGOING", "COMPLETED")),
        "StartDate": Field("date"),
    },
    blanks={
        "Comments": None,
        "ContactPerson": None,
        "Description": "",
        "EndDate": None,
        "ProjectLeader": None,
        "ProjectNumber": "",
        "Status": "ONGOING",
        "StartDate": None,
    },
    required=("Description",),
    not_found=PROJECT_NOT_FOUND,
    numbered=True,
    list_keys=("Description", "EndDate", "ProjectLeader", "ProjectNumber", "Status", "StartDate"),
    location="project",
    complete=_project,
    used_by=(("customers", "Project"), ("invoices", "Project"), ("vouchers", "Project")),
)
LABELS = Register(
    path="labels",
    single="Label",
    plural="Labels",
    scope="settings",
    key="Id",
    fields={"Description": Field("text", 25)},
    blanks={"Id": 0, "Description": ""},
    required=("Description",),
    not_found=LABEL_NOT_FOUND,
    numbered=True,
    integer_key=True,
    order=_by_insertion,
    gettable=False,
    with_url=False,
)
PRICE_LISTS = Register(
    path="pricelists",
    single="PriceList",
    plural="PriceLists",
    scope="price",
    fields={
        "Code": Field("text", 100),
        "Comments": Field(),
        "Description": Field("text", 50),
        "PreSelected": Field("bool"),
    },
    blanks={"Code": "", "Comments": "", "Description": "", "PreSelected": False},
    required=("Code", "Description"),
    not_found=PRICE_LIST_NOT_FOUND,
    complete=_one_preselected,
    deletable=False,
)

REGISTERS = (
    UNITS,
    TERMS_OF_PAYMENTS,
    TERMS_OF_DELIVERIES,
    WAY_OF_DELIVERIES,
    MODES_OF_PAYMENTS,
    CURRENCIES,
    COST_CENTERS,
    PROJECTS,
    LABELS,
    PRICE_LISTS,
)
ROUTES = tuple(route for register in REGISTERS for route in register.routes())
