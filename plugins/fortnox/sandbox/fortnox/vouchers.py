"""``/3/vouchers`` and ``/3/voucherseries``: read all, write balanced ones to manual series."""

from decimal import Decimal

from fortnox.sandbox.fortnox.accounts import chosen_year
from fortnox.sandbox.fortnox.errors import (
    BAD_STRUCTURE,
    BAD_VALUE,
    CODE_TAKEN,
    DATE_OUTSIDE_YEAR,
    RECORD_NOT_FOUND,
    SERIES_NOT_MANUAL,
    SERIES_UNKNOWN,
    TOO_FEW_ROWS,
    VALUE_IS_NULL,
    VOUCHER_NOT_FOUND,
    ApiError,
)
from fortnox.sandbox.fortnox.fields import Field, created, present, read, texts, updated
from fortnox.sandbox.fortnox.ledger import Posting, post, require_cost_center, voucher_key
from fortnox.sandbox.fortnox.listing import changed, date_parameter, ordered, page
from fortnox.sandbox.fortnox.routing import Call, Route
from fortnox.sandbox.fortnox.setup import year_key
from fortnox.sandbox.fortnox.wire import Answer, Json, to_ore

_FIELDS = {
    "Comments": Field("text", 1000),
    "Description": Field("text", 200),
    "TransactionDate": Field("date"),
    "VoucherRows": Field("list"),
    "Year": Field("int"),
    **texts("CostCenter", "Project", "VoucherSeries"),
}
_ROW_FIELDS = {
    "Account": Field("int"),
    "Credit": Field("number"),
    "Debit": Field("number"),
    "Quantity": Field("number"),
    "Removed": Field("bool"),
    "TransactionInformation": Field("text", 100),
    **texts("CostCenter", "Description", "Project"),
}
_SERIES_FIELDS = {
    "Code": Field("text", 10),
    "Description": Field("text", 200),
    "Manual": Field("bool"),
    "Year": Field("int"),
}
_LIST_KEYS = (
    "Comments",
    "Description",
    "ReferenceNumber",
    "ReferenceType",
    "TransactionDate",
    "VoucherNumber",
    "VoucherSeries",
    "Year",
    "ApprovalState",
)
_SORTABLE = {
    "referencenumber": lambda v: str(v["ReferenceNumber"]),
    "referencetype": lambda v: str(v["ReferenceType"]),
    "vouchernumber": lambda v: v["VoucherNumber"],
    "voucherseries": lambda v: (v["VoucherSeries"], v["VoucherNumber"]),
}
_MIN_ROWS = 2


def _url(call: Call, voucher: Json) -> str:
    return call.url(
        f"vouchers/{voucher['VoucherSeries']}/{voucher['VoucherNumber']}"
        f"?financialyear={voucher['Year']}"
    )


def _list(call: Call) -> Answer:
    year_id = chosen_year(call)
    first = date_parameter(call.query, "fromdate") or ""
    last = date_parameter(call.query, "todate") or "9999"
    series = call.args.get("series") or call.query.get("voucherseries", "")
    cost_center = call.query.get("costcenter", "")
    rows = [
        voucher
        for voucher in changed(call.store.table("vouchers"), call.query)
        if voucher["Year"] == year_id
        and first <= voucher["TransactionDate"] <= last
        and series in ("", voucher["VoucherSeries"])
        and cost_center in ("", voucher["CostCenter"])
    ]
    return page(
        ordered(rows, call.query, "voucherseries", _SORTABLE),
        call.query,
        plural="Vouchers",
        item=lambda v: {"@url": _url(call, v), **{key: v[key] for key in _LIST_KEYS}},
        max_limit=call.store.switches.max_limit,
    )


def _shown(call: Call, voucher: Json) -> Json:
    return {"@url": _url(call, voucher), **{k: v for k, v in voucher.items() if k != "registered"}}


def _get(call: Call) -> Answer:
    key = voucher_key(chosen_year(call), call.args["series"], call.args["number"])
    voucher = call.store.table("vouchers").get(key)
    if voucher is None:
        raise ApiError(VOUCHER_NOT_FOUND)
    return Answer(body={"Voucher": _shown(call, voucher)})


def _create(call: Call) -> Answer:
    year_id = chosen_year(call)
    sent = present(read(_FIELDS, call.envelope("Voucher")))
    for name in ("Description", "TransactionDate", "VoucherSeries"):
        if not sent.get(name):
            raise ApiError(VALUE_IS_NULL)
    day, series = sent["TransactionDate"], sent["VoucherSeries"]
    year = call.store.table("financialyears").get(str(year_id)) or {}
    if not year["FromDate"] <= day <= year["ToDate"]:
        raise ApiError(DATE_OUTSIDE_YEAR)
    _require_manual(call, year_id, series)
    postings = [_posting(call, row) for row in sent.get("VoucherRows") or []]
    if len(postings) < _MIN_ROWS:
        raise ApiError(TOO_FEW_ROWS)
    voucher = post(
        call.store,
        day=day,
        series=series,
        text=sent["Description"],
        postings=postings,
        comments=sent.get("Comments") or None,
        cost_center=require_cost_center(call.store, sent.get("CostCenter") or ""),
        project=sent.get("Project") or "",
    )
    return Answer(
        status=201, body={"Voucher": _shown(call, voucher)}, headers={"Location": "vouchers"}
    )


def _require_manual(call: Call, year_id: int, series: str) -> None:
    found = call.store.table("voucherseries").get(year_key(year_id, series))
    if found is None:
        raise ApiError(SERIES_UNKNOWN)
    if not found["Manual"]:
        raise ApiError(SERIES_NOT_MANUAL, code=series)


def _posting(call: Call, row: object) -> Posting:
    if not isinstance(row, dict):
        raise ApiError(BAD_STRUCTURE)
    sent = present(read(_ROW_FIELDS, row))
    debit_ore = to_ore(sent.get("Debit") or Decimal(0))
    credit_ore = to_ore(sent.get("Credit") or Decimal(0))
    if not sent.get("Account"):
        raise ApiError(VALUE_IS_NULL)
    if debit_ore < 0 or credit_ore < 0 or (debit_ore and credit_ore):
        raise ApiError(BAD_VALUE, name="Debit")
    return Posting(
        account=sent["Account"],
        ore=debit_ore - credit_ore,
        text=sent.get("TransactionInformation") or "",
        cost_center=require_cost_center(call.store, sent.get("CostCenter") or ""),
        project=sent.get("Project") or "",
    )


def _series_shown(call: Call, data: Json, *, single: bool) -> Json:
    shown: Json = {
        "@url": call.url(f"voucherseries/{data['Code']}?financialyear={data['Year']}"),
        "Approver": None,
        "Code": data["Code"],
        "Description": data["Description"],
        "Manual": data["Manual"],
    }
    if single:
        counter = f"voucher {year_key(data['Year'], data['Code'])}"
        shown["NextVoucherNumber"] = call.store.peek_number(counter)
    shown["Year"] = data["Year"]
    return shown


def _series_list(call: Call) -> Answer:
    year_id = chosen_year(call)
    rows = [d for d in call.store.table("voucherseries").values() if d["Year"] == year_id]
    return page(
        sorted(rows, key=lambda data: str(data["Code"])),
        call.query,
        plural="VoucherSeriesCollection",
        item=lambda data: _series_shown(call, data, single=False),
        max_limit=call.store.switches.max_limit,
    )


def _series_one(call: Call) -> Json:
    data = call.store.table("voucherseries").get(year_key(chosen_year(call), call.args["code"]))
    if data is None:
        raise ApiError(RECORD_NOT_FOUND)
    return data


def _series_get(call: Call) -> Answer:
    return Answer(body={"VoucherSeries": _series_shown(call, _series_one(call), single=True)})


def _series_create(call: Call) -> Answer:
    sent = present(read(_SERIES_FIELDS, call.envelope("VoucherSeries")))
    if not sent.get("Code"):
        raise ApiError(VALUE_IS_NULL)
    year_id = chosen_year(call)
    key = year_key(year_id, sent["Code"])
    if key in call.store.table("voucherseries"):
        raise ApiError(CODE_TAKEN)
    blanks = {"Code": "", "Description": "", "Manual": True, "Year": year_id}
    data = {**created(blanks, sent), "Year": year_id}
    call.store.table("voucherseries").put(key, data)
    return Answer(
        status=201,
        body={"VoucherSeries": _series_shown(call, data, single=True)},
        headers={"Location": "voucherseries"},
    )


def _series_update(call: Call) -> Answer:
    current = _series_one(call)
    sent = read(_SERIES_FIELDS, call.envelope("VoucherSeries"))
    data = {
        **updated(current, sent, {"Description": ""}),
        "Code": current["Code"],
        "Year": current["Year"],
    }
    call.store.table("voucherseries").put(year_key(data["Year"], data["Code"]), data)
    return Answer(body={"VoucherSeries": _series_shown(call, data, single=True)})


ROUTES = (
    Route("GET", "vouchers", "bookkeeping", _list),
    Route("POST", "vouchers", "bookkeeping", _create),
    Route("GET", "vouchers/sublist", "bookkeeping", _list),
    Route("GET", "vouchers/sublist/{series}", "bookkeeping", _list),
    Route("GET", "vouchers/{series}/{number}", "bookkeeping", _get),
    Route("GET", "voucherseries", "bookkeeping", _series_list),
    Route("POST", "voucherseries", "bookkeeping", _series_create),
    Route("GET", "voucherseries/{code}", "bookkeeping", _series_get),
    Route("PUT", "voucherseries/{code}", "bookkeeping", _series_update),
)
