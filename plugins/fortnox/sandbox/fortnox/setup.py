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
#: What Fortnox books by itself -> series (facts 5.11: 13 rows; INVOICE to B was seen).
_PREDEFINED_SERIES = (
    ("ACCRUAL", "A"),
    ("ASSET", "F"),
    ("CASHINVOICE", "B"),
    ("CURRENCYADJUSTMENT", "A"),
    ("DAILYTAKINGS", "A"),
    ("INVOICE", "B"),
    ("INVOICEPAYMENT", "C"),
    ("MANUAL", "A"),
    ("SALARY", "L"),
    ("STOCK", "A"),
    ("SUPPLIERINVOICE", "D"),
    ("SUPPLIERPAYMENT", "E"),
    ("VATREPORT", "A"),
)
_TERMS_OF_DELIVERY = (("FRITT", "Fritt kunden", "Delivered"), ("FVL", "Fritt vårt lager", "EXW"))
_WAYS_OF_DELIVERY = (
    ("BREV", "Brev", "Letter"),
    ("HÄMT", "Avhämtning", "Pick-up"),
    ("PAKET", "Paket", "Parcel"),
)
#: Folders that are always there: (Id, name, where).
_FOLDERS = (
    ("Inbox_a", "Anläggningsregister", "inbox"),
    ("Inbox_b", "Bankfiler", "inbox"),
    ("Inbox_d", "Dagskassor", "inbox"),
    ("Inbox_kf", "Kundfakturor", "inbox"),
    ("Inbox_l", "Lön", "inbox"),
    ("Inbox_o", "Order", "inbox"),
    ("Inbox_of", "Offerter", "inbox"),
    ("Inbox_s", "Leverantörsfakturor", "inbox"),
    ("Inbox_v", "Verifikationer", "inbox"),
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
    _add_registers(store)
    _add_folders(store)


def _add_registers(store: Store) -> None:
    for name, series in _PREDEFINED_SERIES:
        store.table("predefinedvoucherseries").put(name, {"Name": name, "VoucherSeries": series})
    for table, rows in (
        ("termsofdeliveries", _TERMS_OF_DELIVERY),
        ("wayofdeliveries", _WAYS_OF_DELIVERY),
    ):
        for code, text, english in rows:
            store.table(table).put(
                code, {"Code": code, "Description": text, "DescriptionEnglish": english}
            )
    store.table("pricelists").put(
        "A", {"Code": "A", "Comments": "", "Description": "Prislista A", "PreSelected": True}
    )
    for code in store.company.cost_centers:
        store.table("costcenters").put(
            code, {"Active": True, "Code": code, "Description": code, "Note": ""}
        )


def _add_folders(store: Store) -> None:
    for folder_id, name, place in _FOLDERS:
        store.table("folders").put(
            folder_id, {"Id": folder_id, "Name": name, "Place": place, "Parent": ""}
        )


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


def copy_year(store: Store, from_id: int, to_id: int) -> None:
    """Give a year the chart and the voucher series of another, without balances."""
    accounts, series = store.table("accounts"), store.table("voucherseries")
    for data in accounts.values():
        if data["Year"] == from_id:
            copied = {**data, "BalanceBroughtForward": 0, "Year": to_id}
            accounts.put(year_key(to_id, data["Number"]), copied)
    for data in series.values():
        if data["Year"] == from_id:
            series.put(year_key(to_id, data["Code"]), {**data, "Year": to_id})


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
