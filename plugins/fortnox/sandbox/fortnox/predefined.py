"""Predefined accounts and voucher series: where Fortnox books what it books by itself."""

from fortnox.sandbox.fortnox.errors import (
    ACCOUNT_NOT_FOUR_DIGITS,
    BAD_VALUE,
    PREDEFINED_ACCOUNT_BAD,
    PREDEFINED_NOT_FOUND,
    SERIES_UNKNOWN,
    VALUE_IS_NULL,
    ApiError,
    Kind,
)
from fortnox.sandbox.fortnox.fields import API_BLANK, Field, present, read
from fortnox.sandbox.fortnox.ledger import account_of, year_of
from fortnox.sandbox.fortnox.listing import page
from fortnox.sandbox.fortnox.register_errors import PREDEFINED_SERIES_NOT_FOUND
from fortnox.sandbox.fortnox.routing import Call, Route
from fortnox.sandbox.fortnox.setup import year_key
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.wire import Answer, Json

_ACCOUNTS, _SERIES = "predefinedaccounts", "predefinedvoucherseries"
_SMALLEST, _LARGEST = 1000, 9999


def _shown(call: Call, table: str, data: Json) -> Json:
    return {"@url": call.url(f"{table}/{data['Name']}"), **data}


def _list(call: Call, table: str, plural: str) -> Answer:
    return page(
        sorted(call.store.table(table).values(), key=lambda data: str(data["Name"])),
        call.query,
        plural=plural,
        item=lambda data: _shown(call, table, data),
        max_limit=call.store.switches.max_limit,
    )


def _found(call: Call, table: str, missing: Kind) -> Json:
    data = call.store.table(table).get(call.args["name"].upper())
    if data is None:
        raise ApiError(missing)
    return data


def _accounts(call: Call) -> Answer:
    return _list(call, _ACCOUNTS, "PreDefinedAccounts")


def _account(call: Call) -> Answer:
    data = _found(call, _ACCOUNTS, PREDEFINED_NOT_FOUND)
    return Answer(body={"PreDefinedAccount": _shown(call, _ACCOUNTS, data)})


def _update_account(call: Call) -> Answer:
    """Set the account of a purpose; refusals as the OpenAPI text lists them."""
    current = _found(call, _ACCOUNTS, PREDEFINED_NOT_FOUND)
    sent = read({"Account": Field("int"), "Name": Field()}, call.envelope("PreDefinedAccount"))
    _same_name(sent, current)
    if sent.get("Account") == API_BLANK:
        chosen = None
    else:
        chosen = sent.get("Account") or 0
        if not chosen:
            raise ApiError(PREDEFINED_ACCOUNT_BAD)
        if not _SMALLEST <= chosen <= _LARGEST:
            raise ApiError(ACCOUNT_NOT_FOUR_DIGITS)
        if not _is_active(call.store, chosen):
            raise ApiError(PREDEFINED_ACCOUNT_BAD)
    data = {"Name": current["Name"], "Account": chosen}
    call.store.table(_ACCOUNTS).put(str(data["Name"]), data)
    return Answer(body={"PreDefinedAccount": _shown(call, _ACCOUNTS, data)})


def _is_active(store: Store, number: int) -> bool:
    year = year_of(store, store.clock.today().isoformat())
    account = None if year is None else account_of(store, int(year["Id"]), number)
    return account is not None and bool(account["Active"])


def _series_list(call: Call) -> Answer:
    return _list(call, _SERIES, "PreDefinedVoucherSeriesCollection")


def _series(call: Call) -> Answer:
    data = _found(call, _SERIES, PREDEFINED_SERIES_NOT_FOUND)
    return Answer(body={"PreDefinedVoucherSeries": _shown(call, _SERIES, data)})


def _update_series(call: Call) -> Answer:
    current = _found(call, _SERIES, PREDEFINED_SERIES_NOT_FOUND)
    fields = {"VoucherSeries": Field("text", 1), "Name": Field()}
    sent = present(read(fields, call.envelope("PreDefinedVoucherSeries")))
    _same_name(sent, current)
    if not sent.get("VoucherSeries"):
        raise ApiError(VALUE_IS_NULL)
    year = year_of(call.store, call.store.clock.today().isoformat()) or {"Id": 0}
    if year_key(int(year["Id"]), sent["VoucherSeries"]) not in call.store.table("voucherseries"):
        raise ApiError(SERIES_UNKNOWN)
    data = {"Name": current["Name"], "VoucherSeries": sent["VoucherSeries"]}
    call.store.table(_SERIES).put(str(data["Name"]), data)
    return Answer(body={"PreDefinedVoucherSeries": _shown(call, _SERIES, data)})


def _same_name(sent: Json, current: Json) -> None:
    if (sent.get("Name") or current["Name"]) != current["Name"]:
        raise ApiError(BAD_VALUE, name="Name")


ROUTES = (
    Route("GET", _ACCOUNTS, "settings", _accounts),
    Route("GET", f"{_ACCOUNTS}/{{name}}", "settings", _account),
    Route("PUT", f"{_ACCOUNTS}/{{name}}", "settings", _update_account),
    Route("GET", _SERIES, "settings", _series_list),
    Route("GET", f"{_SERIES}/{{name}}", "settings", _series),
    Route("PUT", f"{_SERIES}/{{name}}", "settings", _update_series),
)
