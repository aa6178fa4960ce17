"""What preflight reads of a company besides the mapping's own rows: rights, series, rounding."""

from collections.abc import Iterator
from itertools import islice

from fortnox.api.invoices import parse_invoice, parse_listed
from fortnox.api.reader import Reader
from fortnox.api.shapes import entry_fits
from fortnox.api.wire import path_segment
from fortnox.core.checks import Check, Severity
from fortnox.core.company_checks import NEEDED_SCOPES, SeenRounding
from fortnox.core.currency import BOOKS
from fortnox.core.documents import ListedInvoice
from fortnox.core.errors import PipelineError, UnreachableError

#: Scope -> the cheapest reading that it permits: path, the answer's key, whether that is a list.
_READINGS: dict[str, tuple[str, str, bool]] = {
    "article": ("articles", "Articles", True),
    "bookkeeping": ("financialyears", "FinancialYears", True),
    "companyinformation": ("companyinformation", "CompanyInformation", False),
    "connectfile": ("voucherfileconnections", "VoucherFileConnections", True),
    "currency": ("currencies", "Currencies", True),
    "customer": ("customers", "Customers", True),
    "inbox": ("inbox", "Folder", False),
    "invoice": ("invoices", "Invoices", True),
    "offer": ("offers", "Offers", True),
    "order": ("orders", "Orders", True),
    "payment": ("invoicepayments", "InvoicePayments", True),
    "price": ("pricelists", "PriceLists", True),
    "settings": ("settings/lockedperiod", "LockedPeriod", False),
    "supplierinvoice": ("supplierinvoices", "SupplierInvoices", True),
}
#: The newest invoices that are looked at for rounding, and those read whole for their RoundOff.
_LOOKED_AT, _READ_WHOLE = 100, 5


def scope_checks(client: Reader, scopes: tuple[str, ...]) -> Iterator[Check]:
    """One reading per scope: a right or a licence that is missing shows only when it is used.

    A token may list a scope whose module the company has no licence for (Fortnox 2001101), so the
    token's own list is no proof.
    """
    for scope in scopes:
        what = f"scope {scope}"
        path, key, is_list = _READINGS[scope]
        try:
            if is_list:
                next(iter(client.list(path, key, limit=1)), None)
            else:
                client.get(path, key)
        except UnreachableError:
            raise
        except PipelineError as error:
            severity = Severity.FATAL if scope in NEEDED_SCOPES else Severity.WARNING
            yield Check(what=what, severity=severity, seen=str(error))
        else:
            yield Check(what=what, seen="granted and licensed")


def manual_series(client: Reader, year_id: int) -> dict[str, bool]:
    """Voucher series of a financial year: code -> whether vouchers may be posted in it."""
    return {
        str(item["Code"]): item.get("Manual", True) is not False
        for item in client.list("voucherseries", "VoucherSeriesCollection", financialyear=year_id)
    }


def newest_invoices(client: Reader) -> list[ListedInvoice]:
    """Those with the highest numbers; what can't be read is left out."""
    newest = client.list(
        "invoices", "Invoices", sortby="documentnumber", sortorder="descending", limit=_LOOKED_AT
    )
    items = islice(newest, _LOOKED_AT)
    return [parse_listed(item) for item in items if entry_fits("Invoices", item)]


def seen_roundings(client: Reader) -> list[SeenRounding]:
    """The newest invoices in SEK; those without öre are read whole until one shows a rounding."""
    listed = newest_invoices(client)
    seen = [
        SeenRounding(one.document_number, one.total_ore)
        for one in listed
        if one.currency in {"", BOOKS} and not one.cancelled
    ]
    if any(one.total_ore % 100 for one in seen):
        return seen
    whole = []
    for one in seen[:_READ_WHOLE]:
        answer = client.get(f"invoices/{path_segment(one.document_number)}", "Invoice")
        read = parse_invoice(answer)
        whole.append(SeenRounding(one.document_number, one.total_ore, read.round_off_ore))
        if read.round_off_ore:
            break
    return [*whole, *seen[len(whole) :]]
