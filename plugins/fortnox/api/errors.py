"""Fortnox's answers that say no, turned into what the caller can do about it.

Fortnox answers 404 with capital keys, 400 with lower-case keys, 401 with ``{"message": ...}``,
its token endpoint with RFC 6749 errors whatever the content type says, and now and then a 2xx
holds an ``ErrorInformation`` (recordings 4.2 to 4.4 and the table of error bodies).
"""

import re
from dataclasses import dataclass
from typing import Any

from fortnox.api.request import path_template
from fortnox.api.wire import NotJsonError, decode
from fortnox.core.errors import (
    DocumentError,
    FatalError,
    PipelineError,
    UnknownOutcomeError,
    UnreachableError,
)

CUSTOMER_UNKNOWN = 2000204
FORBIDDEN_CHARACTERS = 2000359
PERIOD_LOCKED = 2000401
ACCOUNT_NOT_FOUND = 2000423
CUSTOMER_NOT_FOUND = 2000433
INVOICE_NOT_FOUND = 2000434
ORDER_ALREADY_INVOICED = 2000496
CUSTOMER_NUMBER_TAKEN = 2000637
PAYMENT_BEFORE_INVOICE = 2001089
ALREADY_CANCELLED = 2001279
ARTICLE_UNKNOWN = 2001302
WAREHOUSE_MODULE = 2003127
ACCOUNT_UNKNOWN = 2001304
BOOKED_CANNOT_CANCEL = 2001383
FIELD_UNKNOWN = 2001399
INVOICE_ALREADY_PAID = 2003055
CURRENCY_UNKNOWN = 2004344

_SCOPE_MISSING = 2000663
_LICENCE_REMEDIES = {
    2001101: "Give the company a licence for the module that the scope belongs to.",
    2001103: "Give the company Fortnox's Integration licence.",
}
_LOGIN_CODES = {2000310, 2000311}
_RIGHTS_CODES = {_SCOPE_MISSING, 2001339, 2001427, 2003275, 2003330}

_REMEDIES = {
    CUSTOMER_UNKNOWN: "The customer card is missing or inactive in Fortnox.",
    PERIOD_LOCKED: "Unlock the period in Fortnox, or let late_policy date it on an open day.",
    ACCOUNT_UNKNOWN: "Add or activate the account in that financial year, or change the mapping.",
    ARTICLE_UNKNOWN: "Create the article in Fortnox, or change row_articles in shops.csv "
    "(for freight and fees: special_articles.csv).",
    CURRENCY_UNKNOWN: "Add the currency in Fortnox's settings.",
    2000946: "Give the account a cost centre, or make it optional in Fortnox.",
    2001265: "Set the predefined account in Fortnox's settings.",
    2003498: "Mark the document as warehouse ready in Fortnox.",
}

#: Refusals whose code nobody has recorded, by a part of their text.
_TEXT_REMEDIES = (
    ("inte aktivt", "Activate the account in that financial year, or change the mapping."),
    ("hitta moms", "Set this VAT rate up in Fortnox's settings."),
    ("Räkenskapsår finns inte", "Create the financial year in Fortnox."),
)

#: First part of the path -> scope that it needs (section 1.6 of Fortnox's scope list).
_SCOPES = {
    **dict.fromkeys(
        ("accounts", "accountcharts", "financialyears", "vouchers", "voucherseries", "sie"),
        "bookkeeping",
    ),
    **dict.fromkeys(
        (
            "settings",
            "modesofpayments",
            "termsofpayments",
            "termsofdeliveries",
            "wayofdeliveries",
            "units",
            "predefinedaccounts",
        ),
        "settings",
    ),
    "api": "warehouse",
    "articles": "article",
    "companyinformation": "companyinformation",
    "currencies": "currency",
    "customers": "customer",
    "inbox": "inbox",
    "invoicepayments": "payment",
    "invoices": "invoice",
    "me": "profile",
    "offers": "offer",
    "orders": "order",
    "pricelists": "price",
    "prices": "price",
    "supplierinvoicepayments": "payment",
    "supplierinvoices": "supplierinvoice",
    "voucherfileconnections": "connectfile",
}

_TOO_MANY = 429
#: Fortnox's own faults: whether it acted is not certain, whatever the status.
_INTERNAL_CODES = {1000003, 1000029}
_REFUSALS_SENT_AS_500 = ("Räkenskapsår finns inte",)
_MAX_TEXT = 200
#: More is no sentence of Fortnox's, and the patterns below take time by its square.
_READ_TEXT = 2_000
_CODE_DIGITS = 9

_BRACKETED = re.compile(r"\s*\(.*\)|\s*\(.*$", re.DOTALL)
_QUOTED_NUMBER = re.compile(r'"\d{1,6}"')
_GREEDY_QUOTED = re.compile(r'".*"|".*$', re.DOTALL)
_EMAIL = re.compile(r"\S+@\S+")
_IDENTITY_NUMBER = re.compile(r"\b\d{6,8}[-+ ]?\d{4}\b")
#: 2000401 begins with the name of the person who locked the period.
_LOCKED_BY = re.compile(r"^.*?(?=har låst perioden)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class VendorError:
    """What an answer says of itself. ``text`` holds no quoted values; ``error`` is OAuth's name."""

    code: int | None = None
    text: str = ""
    error: str = ""


def parse_error(body: bytes) -> VendorError | None:
    """The error in a body, in any of the shapes that Fortnox uses; None if there is none."""
    try:
        data = decode(body)
    except NotJsonError:
        return None
    information = data.get("ErrorInformation")
    if isinstance(information, dict):
        return _of_information(information)
    if isinstance(data.get("error"), str):
        return VendorError(
            text=strip_values(str(data.get("error_description", ""))), error=data["error"]
        )
    if isinstance(data.get("message"), str):
        return VendorError(text=strip_values(data["message"]))
    return None


def strip_values(text: str, code: int | None = None) -> str:
    """A text of Fortnox without the values that it quotes: they may be a customer's name.

    Numbers of up to six digits in quotes stay (an account), and so does the field name of
    2001399.
    """
    text = text[:_READ_TEXT]
    if code != FIELD_UNKNOWN:
        text = _BRACKETED.sub("", text)
    if '"' in _QUOTED_NUMBER.sub("", text):
        text = _GREEDY_QUOTED.sub('"…"', text)
    text = _LOCKED_BY.sub("Någon ", text, count=1)
    text = _EMAIL.sub("…", _IDENTITY_NUMBER.sub("…", text))
    return " ".join(text.split())[:_MAX_TEXT]


def required_scope(path: str) -> str | None:
    """The scope that a path needs, or None if it is not known."""
    return _SCOPES.get(path.strip("/").partition("/")[0])


def classify(
    method: str, path: str, http_status: int, body: bytes, *, acts: bool | None = None
) -> PipelineError:
    """The error to raise for an answer, by its consequence.

    Args:
        method: The request's method.
        path: Path below the base URL; names the scope in a remedy.
        http_status: The answer's status, 2xx included when it holds an ``ErrorInformation``.
        body: The answer's body.
        acts: Whether the request may have changed something; by default all but GETs.
    """
    vendor = parse_error(body)
    found = vendor or VendorError()
    may_have_acted = method != "GET" if acts is None else acts
    kind, remedy = _consequence(path, http_status, vendor, acts=may_have_acted)
    return kind(
        f"{method} {path_template(path)} was answered with {http_status}.",
        remedy=remedy,
        vendor_code=found.code,
        vendor_message=found.text,
        http_status=http_status,
    )


def _consequence(
    path: str, http_status: int, vendor: VendorError | None, *, acts: bool
) -> tuple[type[PipelineError], str]:
    access = _access_remedy(path, http_status, vendor)
    if access:
        return FatalError, access
    if http_status == _TOO_MANY:
        return UnreachableError, "Another program uses this company's request rate; try later."
    if _is_refusal(http_status, vendor, acts=acts):
        return DocumentError, _refusal_remedy(vendor or VendorError())
    if acts:
        return UnknownOutcomeError, "Look the document up before any new try."
    return UnreachableError, "Try again later."


def _access_remedy(path: str, http_status: int, vendor: VendorError | None) -> str:
    """What to do about keys, consent, scopes, licences or the address; empty if it is not that."""
    code = vendor.code if vendor else None
    if code in _LICENCE_REMEDIES:
        return _LICENCE_REMEDIES[code or 0]
    if code in _RIGHTS_CODES or (http_status == 403 and code not in _LOGIN_CODES):  # noqa: PLR2004
        scope = required_scope(path)
        named = f"the scope '{scope}'" if scope else "the scope of this resource"
        return f"Give the app {named} in Fortnox's developer portal and consent again."
    if code in _LOGIN_CODES or http_status == 401:  # noqa: PLR2004
        return "Check client id, client secret and tenant id, and that the consent still holds."
    if vendor is None and (http_status == 404 or 300 <= http_status < 400):  # noqa: PLR2004
        return "This is not Fortnox's API: check the connection's host (https://api.fortnox.se/3)."
    return ""


def _is_refusal(http_status: int, vendor: VendorError | None, *, acts: bool) -> bool:
    """Fortnox looked at the request and did nothing."""
    if vendor and vendor.text.startswith(_REFUSALS_SENT_AS_500):
        return True
    if vendor and vendor.code in _INTERNAL_CODES:
        return False
    if http_status < 300:  # noqa: PLR2004
        return not acts and vendor is not None
    return 400 <= http_status < 500 and http_status != 408  # noqa: PLR2004


def _refusal_remedy(vendor: VendorError) -> str:
    by_text = next((remedy for part, remedy in _TEXT_REMEDIES if part in vendor.text), "")
    return _REMEDIES.get(vendor.code or 0, by_text)


def _of_information(information: dict[str, Any]) -> VendorError:
    by_name = {str(name).lower(): value for name, value in information.items()}
    code = _code(by_name.get("code"))
    return VendorError(code=code, text=strip_values(str(by_name.get("message") or ""), code))


def _code(value: object) -> int | None:
    text = str(value).strip()
    return int(text) if text.isdecimal() and len(text) <= _CODE_DIGITS else None
