"""Who the company is: companyinformation, settings, me, financial years."""

from datetime import date

from fortnox.sandbox.fortnox.errors import YEAR_NOT_FOUND, ApiError
from fortnox.sandbox.fortnox.ledger import LOCKED_THROUGH
from fortnox.sandbox.fortnox.listing import date_parameter, page
from fortnox.sandbox.fortnox.routing import Call, Route
from fortnox.sandbox.fortnox.wire import Answer, Json


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
    shown = _year_shown(call, data)
    shown["AccountChartType"] = shown.pop("accountCharts")
    return Answer(body={"FinancialYear": shown})


ROUTES = (
    Route("GET", "companyinformation", "companyinformation", _company_information),
    Route("GET", "settings/company", "settings", _company_settings),
    Route("GET", "settings/lockedperiod", "settings", _locked_period),
    Route("GET", "me", "profile", _me),
    Route("GET", "financialyears", "bookkeeping", _years),
    Route("GET", "financialyears/{id}", "bookkeeping", _year),
)
