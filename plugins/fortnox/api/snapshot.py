"""What Fortnox has, read with few lists and never per order (rules of the books 3, 4 and 9)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice

from fortnox.api.invoices import JsonObject, parse_listed
from fortnox.api.payments import earliest_day, payments_since
from fortnox.api.reader import Reader
from fortnox.core.actions import FinancialYear, Snapshot
from fortnox.core.currency import BOOKS, Currency
from fortnox.core.customer_match import CustomerIndex, digits_only
from fortnox.core.documents import Invoice, ListedInvoice
from fortnox.core.references import day_prefix, order_of, range_prefixes, sale_reference
from fortnox.core.surplus import settle

_INVOICES = "Invoices"
#: How many of the newest documents are looked through for one of ours: one page.
_NEWEST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundInvoices:
    """Documents of exact references, and whether an absent one may be taken as not there."""

    documents: tuple[ListedInvoice, ...]
    filter_proven: bool

    @property
    def by_reference(self) -> dict[str, tuple[ListedInvoice, ...]]:
        """Grouped by exact reference."""
        return _merged(self.documents)


def find_by_reference(client: Reader, key: str, references: Iterable[str]) -> FoundInvoices:
    """Every document of these references' orders, cancelled ones too, by a few range lists.

    Compares exactly: the filter is a contains match, so others' references come along, and the
    refunds of an order with its sale. An empty answer to a partial reference counts only if the
    filter is proven; where it is seen to match whole references only, each is looked up by itself.
    """
    wanted = set(references)
    orders = {order_id for reference in wanted if (order_id := order_of(key, reference))}
    asked = [sale_reference(key, prefix) for prefix in range_prefixes(orders)]
    found = [document for reference in asked for document in _carrying(client, key, reference)]
    unknown = wanted - {document.reference for document in found} - set(asked)
    proven = not unknown or any(document.reference not in asked for document in found)
    if not proven:
        proven = partial_filter_works(client, key)
    if not proven and _known_recently(client, key):
        found += [document for reference in unknown for document in find_exact(client, reference)]
        proven = True
    documents = {d.document_number: d for d in found if order_of(key, d.reference) in orders}
    return FoundInvoices(documents=tuple(documents.values()), filter_proven=proven)


def partial_filter_works(client: Reader, key: str) -> bool:
    """Whether a document is found by a part of its reference, as rule 3 asks (one request)."""
    partial = f"{key}:"
    listed = client.list("invoices", _INVOICES, externalinvoicereference1=partial, limit=1)
    first = next(iter(listed), {})
    reference = str(first.get("ExternalInvoiceReference1") or "")
    return partial in reference and reference != partial


def _known_recently(client: Reader, key: str) -> bool:
    """Whether one of the company's newest documents is this shop's."""
    newest = client.list(
        "invoices", _INVOICES, sortby="documentnumber", sortorder="descending", limit=_NEWEST
    )
    return any(_order_of(key, item) is not None for item in islice(newest, _NEWEST))


def _carrying(client: Reader, key: str, reference: str) -> Iterator[ListedInvoice]:
    """Documents of this shop whose reference matches; others' items are not even parsed."""
    for item in client.list("invoices", _INVOICES, externalinvoicereference1=reference):
        if _order_of(key, item) is not None:
            yield parse_listed(item)


def _order_of(key: str, item: JsonObject) -> str | None:
    return order_of(key, str(item.get("ExternalInvoiceReference1") or ""))


def find_exact(client: Reader, reference: str) -> tuple[ListedInvoice, ...]:
    """The documents of one reference: the exact look-up that needs no proven filter."""
    items = client.list("invoices", _INVOICES, externalinvoicereference1=reference)
    documents = (parse_listed(item) for item in items)
    return tuple(document for document in documents if document.reference == reference)


def documents_of_day(client: Reader, key: str, day: date) -> tuple[ListedInvoice, ...]:
    """All documents that carry a day, whatever their InvoiceDate became (rule 2)."""
    prefix = day_prefix(key, day)
    items = client.list("invoices", _INVOICES, externalinvoicereference2=prefix)
    documents = (parse_listed(item) for item in items)
    return tuple(document for document in documents if document.day_reference.startswith(prefix))


def unbooked_of_key(client: Reader, key: str) -> tuple[ListedInvoice, ...]:
    """Unbooked documents of this shop, of any day: late-comers among them (rule 4)."""
    items = client.list("invoices", _INVOICES, filter="unbooked")
    return tuple(parse_listed(item) for item in items if _order_of(key, item) is not None)


def closed_through(client: Reader) -> date | None:
    """The last closed day by ``/settings/lockedperiod``; None when nothing is locked."""
    end = client.get("settings/lockedperiod", "LockedPeriod").get("EndDate")
    return date.fromisoformat(end) if end else None


def financial_years(client: Reader) -> tuple[FinancialYear, ...]:
    """All financial years of the company."""
    return tuple(
        FinancialYear(
            year_id=int(item["Id"]),
            from_date=date.fromisoformat(item["FromDate"]),
            to_date=date.fromisoformat(item["ToDate"]),
            cash_method=item.get("AccountingMethod") == "CASH",
        )
        for item in client.list("financialyears", "FinancialYears")
    )


def active_currencies(client: Reader) -> dict[str, Currency]:
    """The currencies that the company has, by code, with Fortnox's rate for one unit."""
    return {
        str(item["Code"]): Currency(
            code=str(item["Code"]),
            rate=Decimal(str(item["SellRate"])) / Decimal(str(item.get("Unit") or 1)),
            dated=date.fromisoformat(item["Date"]) if item.get("Date") else None,
        )
        for item in client.list("currencies", "Currencies")
        if item.get("SellRate")
    }


def customer_index(client: Reader) -> CustomerIndex:
    """Active customer cards. Match keys are compared exactly by the reader of this index."""
    numbers: set[str] = set()
    by_organisation_number: dict[str, tuple[str, ...]] = {}
    by_email: dict[str, tuple[str, ...]] = {}
    for item in client.list("customers", "Customers", filter="active"):
        number = str(item["CustomerNumber"])
        numbers.add(number)
        digits = digits_only(item.get("OrganisationNumber") or "")
        if digits:
            by_organisation_number[digits] = (*by_organisation_number.get(digits, ()), number)
        email = (item.get("Email") or "").strip().lower()
        if email:
            by_email[email] = (*by_email.get(email, ()), number)
    return CustomerIndex(
        numbers=frozenset(numbers),
        by_organisation_number=by_organisation_number,
        by_email=by_email,
    )


def take_snapshot(client: Reader, key: str, wanted: Iterable[Invoice]) -> Snapshot:
    """Everything the plan compares with; customers only when there may be something to create.

    Unbooked documents of other orders (a request that Fortnox carried out after we gave it up)
    are looked up with their siblings, so that a surplus one is settled whatever its day (rule 4).
    """
    invoices = list(wanted)
    references = {reference for invoice in invoices for reference in invoice.references}
    found = find_by_reference(client, key, references)
    unbooked = unbooked_of_key(client, key)
    others = {document.reference for document in unbooked} - references
    found_others = find_by_reference(client, key, others)
    documents = _merged((*found.documents, *found_others.documents, *unbooked))
    missing = any(invoice.sale_reference not in documents for invoice in invoices)
    unpaid = [invoice for invoice in invoices if _lacks_payment(invoice, documents)]
    return Snapshot(
        payments=payments_since(client, earliest_day(unpaid)) if unpaid else {},
        documents=documents,
        filter_proven=found.filter_proven,
        customers=customer_index(client) if missing else CustomerIndex(),
        closed_through=closed_through(client),
        years=financial_years(client),
        currencies=active_currencies(client)
        if any(invoice.currency != BOOKS for invoice in invoices)
        else {},
    )


def _lacks_payment(invoice: Invoice, documents: Mapping[str, tuple[ListedInvoice, ...]]) -> bool:
    """Booked, and neither paid nor, as far as its balance shows, without a payment of ours."""
    booked = settle(documents.get(invoice.reference, ())).survivor
    return bool(
        invoice.payment
        and booked
        and booked.booked
        and booked.total_ore
        and booked.balance_ore == booked.total_ore
    )


def _merged(documents: Iterable[ListedInvoice]) -> dict[str, tuple[ListedInvoice, ...]]:
    merged: dict[str, dict[str, ListedInvoice]] = {}
    for document in documents:
        merged.setdefault(document.reference, {})[document.document_number] = document
    return {reference: tuple(found.values()) for reference, found in merged.items()}
