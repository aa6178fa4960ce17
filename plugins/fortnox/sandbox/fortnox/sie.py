"""``/3/sie/{type}``: the year as a SIE file, CP437 with CRLF, header as in real exports.

Types: 1 year balances, 2 and 3 also period changes, 4 also every voucher. Sign: debit positive.
"""

from collections import defaultdict
from collections.abc import Iterator

from fortnox.sandbox.fortnox.accounts import chosen_year
from fortnox.sandbox.fortnox.chart import is_balance_account
from fortnox.sandbox.fortnox.errors import BAD_PARAMETER, ApiError
from fortnox.sandbox.fortnox.ledger import (
    movements,
    opening_balances,
    row_ore,
    vouchers_of,
)
from fortnox.sandbox.fortnox.routing import Call, Route
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.wire import Answer, Json, kronor

_TYPES = ("1", "2", "3", "4")
_WITH_PERIODS = ("2", "3")
#: SIE's numbers of the dimensions, their names, and Fortnox's fields.
_DIMENSIONS = ((1, "Kostnadsställe", "CostCenter"), (6, "Projekt", "Project"))


def export(store: Store, year_id: int, kind: str) -> bytes:
    """The file of a financial year.

    Args:
        store: The company.
        year_id: Id of the year.
        kind: "1" to "4".
    """
    vouchers = vouchers_of(store, year_id)
    lines = [*_header(store, year_id, kind), *_accounts(store, year_id), *_objects(vouchers)]
    lines += _balances(store, year_id, 0)
    if _year(store, year_id - 1) is not None:
        lines += _balances(store, year_id - 1, -1)
    if kind in _WITH_PERIODS:
        lines += _periods(store, year_id)
    if kind == "4":
        for voucher in vouchers:
            lines += _voucher(voucher)
    return ("\r\n".join(lines) + "\r\n").encode("cp437", errors="replace")


def _year(store: Store, year_id: int) -> Json | None:
    return store.table("financialyears").get(str(year_id))


def _header(store: Store, year_id: int, kind: str) -> Iterator[str]:
    company = store.company
    today = store.clock.today().isoformat()
    yield "#FLAGGA 0"
    yield "#FORMAT PC8"
    yield f"#SIETYP {kind}"
    yield '#PROGRAM "Fortnox" 3.57.11'
    yield f"#GEN {_compact(today)}"
    yield f"#FNR {company.database_number}"
    yield f"#FNAMN {_quoted(company.name)}"
    place = f"{company.zip_code} {company.city}"
    yield f'#ADRESS "" {_quoted(company.address)} {_quoted(place)} ""'
    for offset in (0, -1):
        year = _year(store, year_id + offset)
        if year is not None:
            yield f"#RAR {offset} {_compact(year['FromDate'])} {_compact(year['ToDate'])}"
    yield f"#ORGNR {company.organisation_number}"
    last = (_year(store, year_id) or {})["ToDate"]
    yield f"#OMFATTN {_compact(min(today, last))}"
    yield "#KPTYP EUBAS97"


def _accounts(store: Store, year_id: int) -> Iterator[str]:
    chart = [a for a in store.table("accounts").values() if a["Year"] == year_id]
    for account in sorted(chart, key=lambda a: int(a["Number"])):
        yield f"#KONTO {account['Number']} {_quoted(account['Description'])}"


def _objects(vouchers: list[Json]) -> Iterator[str]:
    """Dimensions and the cost centres and projects that the vouchers use."""
    for dimension, name, field in _DIMENSIONS:
        used = {row[field] for voucher in vouchers for row in voucher["VoucherRows"]} - {""}
        if used:
            yield f"#DIM {dimension} {_quoted(name)}"
        for code in sorted(used):
            yield f"#OBJEKT {dimension} {_quoted(code)} {_quoted(code)}"


def _balances(store: Store, year_id: int, offset: int) -> Iterator[str]:
    """Opening and closing balances, then results; accounts without any movement are left out."""
    opening = opening_balances(store, year_id)
    moved = movements(vouchers_of(store, year_id))
    numbers = sorted({*opening, *moved})
    for label, with_movement in (("IB", False), ("UB", True)):
        for account in filter(is_balance_account, numbers):
            ore = opening.get(account, 0) + (moved.get(account, 0) if with_movement else 0)
            if ore:
                yield f"#{label} {offset} {account} {kronor(ore)}"
    for account in numbers:
        if not is_balance_account(account) and moved.get(account):
            yield f"#RES {offset} {account} {kronor(moved[account])}"


def _periods(store: Store, year_id: int) -> Iterator[str]:
    """Change per account and month."""
    by_month: dict[str, list[Json]] = defaultdict(list)
    for voucher in vouchers_of(store, year_id):
        by_month[voucher["TransactionDate"][:7]].append(voucher)
    for month in sorted(by_month):
        for account, ore in sorted(movements(by_month[month]).items()):
            if ore:
                yield f"#PSALDO 0 {month.replace('-', '')} {account} {{}} {kronor(ore)}"


def _voucher(voucher: Json) -> Iterator[str]:
    yield (
        f"#VER {voucher['VoucherSeries']} {voucher['VoucherNumber']} "
        f"{_compact(voucher['TransactionDate'])} {_quoted(voucher['Description'])} "
        f"{_compact(voucher['registered'])}"
    )
    yield "{"
    for row in voucher["VoucherRows"]:
        text = _quoted(row["TransactionInformation"])
        objects = " ".join(
            f"{dimension} {_quoted(row[field])}"
            for dimension, _, field in _DIMENSIONS
            if row[field]
        )
        yield f'#TRANS {row["Account"]} {{{objects}}} {kronor(row_ore(row))} "" {text} 0'
    yield "}"


def _compact(day: str) -> str:
    return day.replace("-", "")


def _quoted(text: str) -> str:
    plain = " ".join(text.split())
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _get(call: Call) -> Answer:
    kind = call.args["type"]
    if kind not in _TYPES:
        raise ApiError(BAD_PARAMETER)
    body = export(call.store, chosen_year(call), kind)
    return Answer(body=body, content_type="application/octet-stream")


ROUTES = (Route("GET", "sie/{type}", "bookkeeping", _get),)
