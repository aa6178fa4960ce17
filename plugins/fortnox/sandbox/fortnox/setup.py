"""What a new company has before anybody does anything (recordings, point 21; BAS; 5.10 to 5.12)."""

from decimal import Decimal

from fortnox.sandbox.fortnox.chart import PREDEFINED, default_chart
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.wire import kronor

_UNITS = (
    ("förp", "pack", "förpackning"),
    ("h", "h", "timmar"),
    ("km", "km", "Kilometer"),
    ("st", "pcs", "styck"),
    ("utl", "exp", "Utlägg"),
)
_TERMS = (
    ("0", "0 dagar"),
    ("10", "10 dagar"),
    ("15", "15 dagar"),
    ("20", "20 dagar"),
    ("30", "30 dagar"),
    ("AG", "Autogiro"),
    ("K", "Kontant"),
    ("PF", "Postförskott"),
)
_MODES = (
    ("BG", "Bankgiro", "1930"),
    ("KLARNA", "Klarna", "1581"),
    ("KONTANT", "Kontant", "1910"),
    ("KORT", "Kontokort", "1686"),
    ("PAYPAL", "PayPal", "1583"),
    ("PG", "PlusGiro", "1920"),
    ("STRIPE", "Stripe", "1582"),
    ("SWISH", "Swish", "1930"),
)
_CURRENCIES = (
    ("DKK", "Danska kronor", "1.54"),
    ("EUR", "Euro", "11.2345"),
    ("GBP", "Brittiska pund", "13.1"),
    ("NOK", "Norska kronor", "0.96"),
    ("SEK", "Svenska kronor", "1"),
    ("USD", "Amerikanska dollar", "10.5"),
)
#: Series, text, and whether vouchers may be written to it by hand.
_SERIES = (
    ("A", "Redovisning", True),
    ("B", "Kundfakturor", False),
    ("C", "Kundinbetalningar", False),
    ("D", "Leverantörsfakturor", False),
    ("E", "Leverantörsbetalningar", False),
    ("F", "Avskrivningar", False),
    ("K", "Kontantfakturor", False),
    ("L", "Lön", True),
)


def year_key(year_id: int | str, part: int | str) -> str:
    """Key of what a company has once per financial year, such as an account."""
    return f"{year_id}:{part}"


def set_up(store: Store) -> None:
    """Fill an empty store with a new company: years, chart, registers."""
    for year_id in range(1, len(store.company.years) + 1):
        _add_year(store, year_id)
    for name, account in PREDEFINED.items():
        store.table("predefinedaccounts").put(name, {"Name": name, "Account": account})
    for code, english, text in _UNITS:
        store.table("units").put(code, {"Code": code, "CodeEnglish": english, "Description": text})
    for code, text in _TERMS:
        store.table("termsofpayments").put(code, {"Code": code, "Description": text})
    for code, text, account_text in _MODES:
        store.table("modesofpayments").put(
            code, {"Code": code, "Description": text, "AccountNumber": account_text}
        )
    for code, text, rate in _CURRENCIES:
        store.table("currencies").put(code, _currency(code, text, rate))


def _currency(code: str, text: str, rate: str) -> dict[str, object]:
    return {
        "BuyRate": Decimal(rate),
        "Code": code,
        "Date": None,
        "Description": text,
        "IsAutomatic": code != "SEK",
        "SellRate": Decimal(rate),
        "Unit": 1,
    }


def year_record(store: Store, year_id: int) -> dict[str, object]:
    """A financial year of the company, by its Id (1 = the first)."""
    first, last = store.company.years[year_id - 1]
    return {
        "Id": year_id,
        "FromDate": first.isoformat(),
        "ToDate": last.isoformat(),
        "accountCharts": "BAS 2026",
        "AccountingMethod": store.company.accounting_method,
    }


def _add_year(store: Store, year_id: int) -> None:
    store.table("financialyears").put(str(year_id), year_record(store, year_id))
    opening = dict(store.company.opening_ore) if year_id == 1 else {}
    for account in default_chart():
        store.table("accounts").put(
            year_key(year_id, account.number),
            new_account(
                year_id,
                account.number,
                account.name,
                vat_code=account.vat_code,
                active=account.active,
                brought_forward_ore=opening.get(account.number, 0),
            ),
        )
    for code, text, manual in _SERIES:
        store.table("voucherseries").put(
            year_key(year_id, code),
            {"Code": code, "Description": text, "Manual": manual, "Year": year_id},
        )


def new_account(
    year_id: int,
    number: int,
    name: str,
    *,
    vat_code: str = "",
    active: bool = True,
    brought_forward_ore: int = 0,
) -> dict[str, object]:
    """An account of one financial year, with Fortnox's field names."""
    return {
        "Active": active,
        "BalanceBroughtForward": kronor(brought_forward_ore),
        "CostCenter": None,
        "CostCenterSettings": "ALLOWED",
        "Description": name,
        "Number": number,
        "Project": "",
        "ProjectSettings": "ALLOWED",
        "SRU": 0,
        "VATCode": vat_code or None,
        "Year": year_id,
    }
