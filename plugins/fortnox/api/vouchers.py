"""Vouchers as Fortnox's JSON, and the lists that tell which of ours exist.

Fields: facts of ``/3/vouchers``. ``financialyear`` is always sent: without it Fortnox takes the
year that somebody chose last in its user interface.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from fortnox.api.client import FortnoxClient
from fortnox.api.text import clean
from fortnox.api.wire import JsonObject, path_segment
from fortnox.core.actions import FinancialYear
from fortnox.core.money import decimal_to_ore, ore_to_decimal
from fortnox.core.vouchers import LATE, ListedVoucher, Voucher, VoucherRow, content_in, marks_in

_DESCRIPTION_LENGTH = 200
_COMMENTS_LENGTH = 1000
_ROW_TEXT_LENGTH = 100


def voucher_body(voucher: Voucher) -> JsonObject:
    """The ``Voucher`` object of a POST."""
    return {
        "VoucherSeries": voucher.series,
        "TransactionDate": voucher.day.isoformat(),
        "Description": clean(voucher.description, _DESCRIPTION_LENGTH),
        "Comments": clean(voucher.comments, _COMMENTS_LENGTH),
        "VoucherRows": [_row_body(row) for row in voucher.rows],
    }


def create_voucher(client: FortnoxClient, voucher: Voucher, year: FinancialYear) -> ListedVoucher:
    """POST it; it is booked at once and can't be taken back.

    Raises:
        DocumentError: Fortnox refuses it; nothing was made.
        UnknownOutcomeError: It may have been made.
    """
    body = voucher_body(voucher)
    return parse_listed(client.create("vouchers", "Voucher", body, financialyear=year.year_id))


def parse_listed(item: JsonObject) -> ListedVoucher:
    """A voucher of a list, or of the answer to a POST."""
    description, comments = (str(item.get(name) or "") for name in ("Description", "Comments"))
    return ListedVoucher(
        year=int(item["Year"]),
        series=str(item["VoucherSeries"]),
        number=int(item["VoucherNumber"]),
        day=date.fromisoformat(str(item["TransactionDate"])),
        marks=marks_in(description, comments),
        content=content_in(comments),
        is_late=LATE in description,
    )


def list_series(
    client: FortnoxClient, series: str, years: Iterable[FinancialYear]
) -> Iterator[ListedVoucher]:
    """All vouchers of a series in these financial years."""
    for year in years:
        for item in client.list(
            "vouchers", "Vouchers", voucherseries=series, financialyear=year.year_id
        ):
            yield parse_listed(item)


def list_days(
    client: FortnoxClient, year: FinancialYear, first: date, last: date
) -> Iterator[ListedVoucher]:
    """All vouchers of a stretch of days within a financial year, whatever their series."""
    for item in client.list(
        "vouchers", "Vouchers", financialyear=year.year_id, fromdate=first, todate=last
    ):
        yield parse_listed(item)


def voucher_rows(client: FortnoxClient, voucher: ListedVoucher) -> tuple[VoucherRow, ...]:
    """The rows of a voucher; removed ones are left out."""
    path = f"vouchers/{path_segment(voucher.series)}/{voucher.number}"
    item = client.get(path, "Voucher", financialyear=voucher.year)
    return tuple(
        VoucherRow(
            account=int(row["Account"]),
            debit_ore=decimal_to_ore(row.get("Debit") or 0),
            credit_ore=decimal_to_ore(row.get("Credit") or 0),
            text=str(row.get("TransactionInformation") or ""),
        )
        for row in item.get("VoucherRows") or ()
        if not row.get("Removed") and (row.get("Debit") or row.get("Credit"))
    )


def _row_body(row: VoucherRow) -> JsonObject:
    body: JsonObject = {
        "Account": row.account,
        "Debit": ore_to_decimal(row.debit_ore),
        "Credit": ore_to_decimal(row.credit_ore),
    }
    if row.text:
        body["TransactionInformation"] = clean(row.text, _ROW_TEXT_LENGTH)
    return body
