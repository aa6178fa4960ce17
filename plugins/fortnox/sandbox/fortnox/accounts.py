"""``/3/accounts``: a chart per financial year."""

from decimal import Decimal

from fortnox.sandbox.fortnox.errors import (
    ACCOUNT_NOT_FOUND,
    ACCOUNT_NOT_FOUR_DIGITS,
    BAD_VALUE,
    CODE_TAKEN,
    IN_USE,
    VALUE_IS_NULL,
    YEAR_NOT_FOUND,
    ApiError,
)
from fortnox.sandbox.fortnox.fields import Field, created, present, read, texts, updated
from fortnox.sandbox.fortnox.ledger import movements, opening_balances, vouchers_of, year_of
from fortnox.sandbox.fortnox.listing import changed, date_parameter, ordered, page
from fortnox.sandbox.fortnox.routing import Call, Route
from fortnox.sandbox.fortnox.setup import new_account, year_key
from fortnox.sandbox.fortnox.wire import Answer, Json, kronor, number

_SETTINGS = ("ALLOWED", "MANDATORY", "NOTALLOWED")
_FIELDS = {
    "Active": Field("bool"),
    "BalanceBroughtForward": Field("number"),
    "CostCenterSettings": Field("text", choices=_SETTINGS),
    "Description": Field("text", 200),
    "Number": Field("int"),
    "ProjectSettings": Field("text", choices=_SETTINGS),
    "SRU": Field("int"),
    "TransactionInformationSettings": Field("text", choices=_SETTINGS),
    "OpeningQuantities": Field("list"),
    **texts("CostCenter", "Project", "TransactionInformation", "VATCode"),
}
_SMALLEST, _LARGEST = 1000, 9999


def chosen_year(call: Call) -> int:
    """Id of the year in ``financialyear`` or ``financialyeardate``, else today's.

    Raises:
        ApiError: No such year.
    """
    given = call.query.get("financialyear", "")
    day = date_parameter(call.query, "financialyeardate")
    if given:
        year = call.store.table("financialyears").get(given)
    else:
        year = year_of(call.store, day or call.store.clock.today().isoformat())
    if year is None:
        raise ApiError(YEAR_NOT_FOUND)
    return int(year["Id"])


def _url(call: Call, data: Json) -> str:
    return call.url(f"accounts/{data['Number']}?financialyear={data['Year']}")


def _found(call: Call) -> Json:
    data = call.store.table("accounts").get(year_key(chosen_year(call), call.args["number"]))
    if data is None:
        raise ApiError(ACCOUNT_NOT_FOUND)
    return data


def _list(call: Call) -> Answer:
    year_id = chosen_year(call)
    sru = call.query.get("sru", "")
    rows = [
        data
        for data in changed(call.store.table("accounts"), call.query)
        if data["Year"] == year_id and sru in ("", str(data["SRU"]))
    ]
    opening = opening_balances(call.store, year_id)
    return page(
        ordered(rows, call.query, "number", {"number": lambda data: data["Number"]}),
        call.query,
        plural="Accounts",
        item=lambda data: {
            "@url": _url(call, data),
            **data,
            "BalanceBroughtForward": kronor(opening.get(int(data["Number"]), 0)),
        },
        max_limit=call.store.switches.max_limit,
    )


def _shown(call: Call, data: Json) -> Json:
    year_id, account = int(data["Year"]), int(data["Number"])
    opening_ore = opening_balances(call.store, year_id).get(account, 0)
    moved_ore = movements(vouchers_of(call.store, year_id)).get(account, 0)
    return {
        "@url": _url(call, data),
        "Active": data["Active"],
        "BalanceBroughtForward": kronor(opening_ore),
        "BalanceCarriedForward": kronor(opening_ore + moved_ore),
        "CostCenter": data["CostCenter"],
        "CostCenterSettings": data["CostCenterSettings"],
        "Description": data["Description"],
        "Number": data["Number"],
        "OpeningQuantities": data.get("OpeningQuantities", []),
        "Project": data["Project"],
        "ProjectSettings": data["ProjectSettings"],
        "QuantitySettings": "ALLOWED",
        "QuantityUnit": None,
        "SRU": data["SRU"],
        "TransactionInformation": data.get("TransactionInformation"),
        "TransactionInformationSettings": data.get("TransactionInformationSettings", "ALLOWED"),
        "VATCode": data["VATCode"],
        "Year": data["Year"],
    }


def _get(call: Call) -> Answer:
    return Answer(body={"Account": _shown(call, _found(call))})


def _numbers(data: Json) -> Json:
    brought = data["BalanceBroughtForward"]
    return {**data, "BalanceBroughtForward": number(Decimal(brought)) if brought else 0}


def _create(call: Call) -> Answer:
    year_id = chosen_year(call)
    sent = present(read(_FIELDS, call.envelope("Account")))
    if not sent.get("Number") or not sent.get("Description"):
        raise ApiError(VALUE_IS_NULL)
    if not _SMALLEST <= sent["Number"] <= _LARGEST:
        raise ApiError(ACCOUNT_NOT_FOUR_DIGITS)
    key = year_key(year_id, sent["Number"])
    table = call.store.table("accounts")
    if key in table:
        raise ApiError(CODE_TAKEN)
    data = created(new_account(year_id, sent["Number"], sent["Description"]), sent)
    table.put(key, _numbers(data))
    return Answer(
        status=201, body={"Account": _shown(call, data)}, headers={"Location": "accounts"}
    )


def _update(call: Call) -> Answer:
    current = _found(call)
    sent = read(_FIELDS, call.envelope("Account"))
    if present(sent).get("Number", current["Number"]) != current["Number"]:
        raise ApiError(BAD_VALUE, name="Number")
    blanks = new_account(int(current["Year"]), int(current["Number"]), "")
    data = {**_numbers(updated(current, sent, blanks)), "Number": current["Number"]}
    call.store.table("accounts").put(year_key(data["Year"], data["Number"]), data)
    return Answer(body={"Account": _shown(call, data)})


def _delete(call: Call) -> Answer:
    """An account that nothing was posted on."""
    data = _found(call)
    used = movements(vouchers_of(call.store, int(data["Year"])))
    if int(data["Number"]) in used or data["BalanceBroughtForward"]:
        raise ApiError(IN_USE)
    call.store.table("accounts").delete(year_key(data["Year"], data["Number"]))
    return Answer(status=204)


ROUTES = (
    Route("GET", "accounts", "bookkeeping", _list),
    Route("POST", "accounts", "bookkeeping", _create),
    Route("GET", "accounts/{number}", "bookkeeping", _get),
    Route("PUT", "accounts/{number}", "bookkeeping", _update),
    Route("DELETE", "accounts/{number}", "bookkeeping", _delete),
)
