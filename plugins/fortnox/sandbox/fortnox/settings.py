"""Who the company is: companyinformation, settings, me, financial years."""

from datetime import date, timedelta

from fortnox.sandbox.fortnox.errors import BAD_VALUE, VALUE_IS_NULL, YEAR_NOT_FOUND, ApiError
from fortnox.sandbox.fortnox.fields import Field, present, read
from fortnox.sandbox.fortnox.ledger import LOCKED_THROUGH, predefined, row_ore
from fortnox.sandbox.fortnox.listing import date_parameter, int_parameter, page
from fortnox.sandbox.fortnox.register_errors import YEAR_OVERLAPS
from fortnox.sandbox.fortnox.routing import Call, Route
from fortnox.sandbox.fortnox.setup import copy_year
from fortnox.sandbox.fortnox.wire import Answer, Json, kronor

_YEAR_FIELDS = {
    "AccountChartType": Field(),
    "AccountingMethod": Field("text", choices=("ACCRUAL", "CASH")),
    "FromDate": Field("date"),
    "ToDate": Field("date"),
}
#: A financial year has at most 18 months (bokföringslagen 3 kap. 3 §).
_LONGEST_YEAR_DAYS = 549
#: Skatteverket: EUR 10 000 is 99 680 kronor.
_EU_LIMIT_KRONOR = 99_680
_PRINT_TEMPLATES = (
    ("invoice", "st", "Fakturamall"),
    ("order", "oc", "Ordermall"),
    ("offer", "of", "Offertmall"),
    ("cashinvoice", "kf", "Kontantfakturamall"),
)


def _company_information(call: Call) -> Answer:
    company = call.store.company
    return Answer(
        body={
            "CompanyInformation": {
                "Address": company.address,
                "City": company.city,
                "CountryCode": "SE",
                "DatabaseNumber": company.database_number,
                "CompanyName": company.name,
                "OrganizationNumber": company.organisation_number,
                "VisitAddress": None,
                "VisitCity": None,
                "VisitCountryCode": None,
                "VisitZipCode": None,
                "ZipCode": company.zip_code,
            }
        }
    )


def _company_settings(call: Call) -> Answer:
    company = call.store.company
    empty = dict.fromkeys(
        ("VisitAddress", "VisitCity", "VisitCountry", "VisitCountryCode", "VisitName"), ""
    )
    return Answer(
        body={
            "CompanySettings": {
                "Address": company.address,
                "BG": "",
                "BIC": "",
                "BranchCode": "",
                "City": company.city,
                "ContactFirstName": "",
                "ContactLastName": "",
                "Country": "Sverige",
                "CountryCode": "SE",
                "DatabaseNumber": str(company.database_number),
                "Domicile": company.city,
                "Email": "",
                "Fax": "",
                "IBAN": "",
                "Name": company.name,
                "OrganizationNumber": company.organisation_number,
                "PG": "",
                "Phone1": "",
                "Phone2": "",
                "TaxEnabled": True,
                "VATNumber": f"SE{company.organisation_number.replace('-', '')}01",
                **empty,
                "VisitZipCode": "",
                "WWW": "",
                "ZipCode": company.zip_code,
            }
        }
    )


def _locked_period(call: Call) -> Answer:
    return Answer(body={"LockedPeriod": {"EndDate": call.store.setting(LOCKED_THROUGH) or None}})


def _me(call: Call) -> Answer:
    return Answer(
        body={
            "MeInformation": {
                "Id": "1",
                "Name": call.store.company.administrator,
                "Email": "admin@sandbox.invalid",
                "SysAdmin": True,
                "Locale": "sv_SE",
            }
        }
    )


def _year_shown(call: Call, data: Json) -> Json:
    return {"@url": call.url(f"financialyears/{data['Id']}"), **data}


def _years(call: Call) -> Answer:
    wanted = date_parameter(call.query, "date")
    rows = [
        year
        for year in call.store.table("financialyears").values()
        if wanted is None or year["FromDate"] <= wanted <= year["ToDate"]
    ]
    return page(
        sorted(rows, key=lambda year: date.fromisoformat(year["FromDate"]), reverse=True),
        call.query,
        plural="FinancialYears",
        item=lambda year: _year_shown(call, year),
        max_limit=call.store.switches.max_limit,
    )


def _year(call: Call) -> Answer:
    data = call.store.table("financialyears").get(call.args["id"])
    if data is None:
        raise ApiError(YEAR_NOT_FOUND)
    return Answer(body={"FinancialYear": _year_alone(call, data)})


def _year_alone(call: Call, data: Json) -> Json:
    """A single year names its chart otherwise than a list does (facts 5.9)."""
    shown = _year_shown(call, data)
    shown["AccountChartType"] = shown.pop("accountCharts")
    return shown


def _create_year(call: Call) -> Answer:
    """A year beside the others, with the newest year's chart and series."""
    sent = present(read(_YEAR_FIELDS, call.envelope("FinancialYear")))
    if not sent.get("FromDate") or not sent.get("ToDate"):
        raise ApiError(VALUE_IS_NULL)
    first, last = date.fromisoformat(sent["FromDate"]), date.fromisoformat(sent["ToDate"])
    if not first < last or (last - first).days > _LONGEST_YEAR_DAYS:
        raise ApiError(BAD_VALUE, name="ToDate")
    table = call.store.table("financialyears")
    if not _adjoins(table.values(), first, last):
        raise ApiError(YEAR_OVERLAPS)
    newest = max((int(year["Id"]) for year in table.values()), default=0)
    data = {
        "Id": newest + 1,
        "FromDate": sent["FromDate"],
        "ToDate": sent["ToDate"],
        "accountCharts": sent.get("AccountChartType") or "från föregående år.",
        "AccountingMethod": sent.get("AccountingMethod") or call.store.company.accounting_method,
    }
    table.put(str(data["Id"]), data)
    copy_year(call.store, newest, newest + 1)
    return Answer(
        status=201,
        body={"FinancialYear": _year_alone(call, data)},
        headers={"Location": "financialyears"},
    )


def _adjoins(years: list[Json], first: date, last: date) -> bool:
    """True when the span overlaps no year and touches one, or is the first."""
    spans = [
        (date.fromisoformat(year["FromDate"]), date.fromisoformat(year["ToDate"])) for year in years
    ]
    if any(first <= end and start <= last for start, end in spans):
        return False
    day = timedelta(days=1)
    return not spans or any(first - day == end or last + day == start for start, end in spans)


def _account_charts(call: Call) -> Answer:
    rows = [{"Name": name} for name in ("BAS 2025", "BAS 2026", "Tom kontoplan")]
    return page(
        rows,
        call.query,
        plural="AccountCharts",
        item=lambda row: row,
        max_limit=call.store.switches.max_limit,
    )


def _print_templates(call: Call) -> Answer:
    rows = [
        {"Template": code, "Name": name}
        for kind, code, name in _PRINT_TEMPLATES
        if call.query.get("type", "") in ("", kind)
    ]
    return page(
        rows,
        call.query,
        plural="PrintTemplates",
        item=lambda row: row,
        max_limit=call.store.switches.max_limit,
    )


def _eu_vat_limit(call: Call) -> Answer:
    """Sales to EU consumers with Swedish VAT against the OSS threshold of EUR 10 000."""
    today = call.store.clock.today()
    year = int_parameter(call.query, "year", today.year, 1)
    account = predefined(call.store, "SALESEUVAT")
    sold_ore = -sum(
        row_ore(row)
        for voucher in call.store.table("vouchers").values()
        if voucher["TransactionDate"].startswith(f"{year:04}-")
        for row in voucher["VoucherRows"]
        if row["Account"] == account
    )
    return Answer(
        body={
            "EUVatLimitRegulation": {
                "IsOverLimit": sold_ore > _EU_LIMIT_KRONOR * 100,
                "Limit": _EU_LIMIT_KRONOR,
                "TotalExclVat": kronor(sold_ore),
                "Year": str(year),
            }
        }
    )


ROUTES = (
    Route("GET", "companyinformation", "companyinformation", _company_information),
    Route("GET", "settings/company", "settings", _company_settings),
    Route("GET", "settings/lockedperiod", "settings", _locked_period),
    Route("GET", "me", "profile", _me),
    Route("GET", "accountcharts", "bookkeeping", _account_charts),
    Route("GET", "printtemplates", "print", _print_templates),
    Route("GET", "euvatlimitregulation", "settings", _eu_vat_limit),
    Route("GET", "financialyears", "bookkeeping", _years),
    Route("POST", "financialyears", "bookkeeping", _create_year),
    Route("GET", "financialyears/{id}", "bookkeeping", _year),
)
