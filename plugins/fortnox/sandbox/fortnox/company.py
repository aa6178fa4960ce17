"""The company that the sandbox plays: its identity, its credentials and its settings."""

from dataclasses import dataclass, field
from datetime import date

from fortnox.sandbox.fortnox.chart import STANDARD_VAT_CODES, VatCode

DEFAULT_CLIENT_ID = "sandbox-client"
DEFAULT_CLIENT_SECRET = "sandbox-secret-0000"  # noqa: S105 - public, good for loopback only
ORGANISATION_NUMBER = "559000-0005"
DATABASE_NUMBER = 1000001
TENANT_ID = str(DATABASE_NUMBER)

SCOPES = (
    "archive",
    "article",
    "bookkeeping",
    "companyinformation",
    "connectfile",
    "costcenter",
    "currency",
    "customer",
    "inbox",
    "invoice",
    "offer",
    "order",
    "payment",
    "price",
    "print",
    "profile",
    "project",
    "settings",
    "supplier",
    "supplierinvoice",
)


@dataclass(frozen=True, kw_only=True)
class Company:
    """A Fortnox company and the integration that it has consented to.

    Attributes:
        scopes: What the consent covers; tokens never hold more.
        redirect_uri: The address registered for the client; "" = any that a consent names.
        has_api_licence: False = nothing may be called (2001103).
        unlicensed_scopes: Scopes whose module the company has no licence for (2001101).
        years: (first day, last day) of each financial year, oldest first; Ids run from 1.
        opening_ore: Opening balances of the first year, öre, debit positive; sums to 0.
        terms_of_payment: Default code on invoices, days in the code.
        freight_ore: Standard freight that Fortnox adds to invoices silently.
        administration_fee_ore: Standard fee that Fortnox adds to invoices silently.
        cost_centers: Codes that may be used; any other is refused.
        vat_codes: Percent and VAT account of each VAT code. A new company has 25, 12, 6 and 0 %;
            a code per country and rate of an OSS seller is added by hand, as in Fortnox.
        bank_details: False = no bank account in the settings, so nothing can be printed or sent.
        has_warehouse: True = the warehouse module is on: documents are marked ready before they
            are booked.
    """

    name: str = "Sandbox Handel AB"
    organisation_number: str = ORGANISATION_NUMBER
    database_number: int = DATABASE_NUMBER
    tenant_id: str = TENANT_ID
    client_id: str = DEFAULT_CLIENT_ID
    client_secret: str = field(default=DEFAULT_CLIENT_SECRET, repr=False)
    scopes: tuple[str, ...] = SCOPES
    redirect_uri: str = ""
    has_api_licence: bool = True
    unlicensed_scopes: tuple[str, ...] = ()
    administrator: str = "Sandbox Administratör"
    address: str = "Provgatan 1"
    zip_code: str = "11122"
    city: str = "Stockholm"
    accounting_method: str = "ACCRUAL"
    years: tuple[tuple[date, date], ...] = (
        (date(2025, 1, 1), date(2025, 12, 31)),
        (date(2026, 1, 1), date(2026, 12, 31)),
        (date(2027, 1, 1), date(2027, 12, 31)),
    )
    opening_ore: tuple[tuple[int, int], ...] = ((1930, 100_000_00), (2081, -100_000_00))
    terms_of_payment: str = "30"
    freight_ore: int = 0
    administration_fee_ore: int = 0
    cost_centers: tuple[str, ...] = ()
    vat_codes: tuple[VatCode, ...] = STANDARD_VAT_CODES
    bank_details: bool = True
    has_warehouse: bool = False


def default_company() -> Company:
    """Sandbox Handel AB, 559000-0005, three calendar years, VAT 25, 12, 6 and 0 %."""
    return Company()
