"""What Fortnox has, read with few lists and never per order (rules of the books 3, 4 and 9)."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import partial

from fortnox.api.booked import read_booked
from fortnox.api.customer_cache import customer_index
from fortnox.api.foreign_postings import find_elsewhere
from fortnox.api.payments import earliest_day, payments_since
from fortnox.api.reader import Reader
from fortnox.api.registers import INVOICES, Register
from fortnox.api.standing import Documents, read_standing
from fortnox.core.actions import FinancialYear, Snapshot
from fortnox.core.currency import BOOKS, Currency
from fortnox.core.customer_match import CustomerIndex, goes_to_shared_card
from fortnox.core.documents import Invoice, ListedInvoice, ListedPayment
from fortnox.core.late_drafts import may_have_late_draft
from fortnox.core.references import day_prefix
from fortnox.core.surplus import settle


def documents_of_day(
    client: Reader, key: str, day: date, register: Register = INVOICES
) -> tuple[ListedInvoice, ...]:
    """All documents that carry a day, whatever their InvoiceDate became (rule 2); no offers."""
    prefix = day_prefix(key, day)
    items = client.list(register.path, register.list_key, externalinvoicereference2=prefix)
    documents = (register.parse_listed(item) for item in items)
    return tuple(document for document in documents if document.day_reference.startswith(prefix))


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


def take_snapshot(
    client: Reader,
    key: str,
    wanted: Iterable[Invoice],
    *,
    look_elsewhere: bool = False,
    also: Iterable[str] = (),
    to_credit: Callable[[Documents], Iterable[ListedInvoice]] | None = None,
    read_customers: Callable[[Reader], CustomerIndex] = customer_index,
) -> Snapshot:
    """Everything the plan compares with; customers only when there may be something to create.

    What does not depend on each other is read side by side, for before the first write every
    answer is waited for (:meth:`fortnox.api.lanes.Lanes.asking`).

    Unbooked documents of other orders (a request that Fortnox carried out after we gave it up)
    are looked up with their siblings, so that a surplus one is settled whatever its day (rule 4).

    Args:
        client: The company's client.
        key: ``reference_key`` of the shop.
        wanted: The documents to compare with.
        look_elsewhere: Whether to look for what others booked of the missing sales (rule 13).
        also: References of documents that nobody wants any more and that may have to be credited.
        to_credit: Which of the documents found must be read whole, to be credited.
        read_customers: Reads the customer cards; may remember them between runs.
    """
    invoices = list(wanted)
    with client.lanes.asking() as ask:
        closed = ask(partial(closed_through, client))
        years = ask(partial(financial_years, client))
        currencies = ask(partial(_currencies_of, client, invoices))
        standing = read_standing(client, ask, key, invoices, also)
        documents = standing.documents
        payments = ask(partial(_payments_of, client, invoices, documents))
        crediting = list(to_credit(documents)) if to_credit else []
        booked = ask(partial(client.lanes.gather, partial(read_booked, client), crediting))
        missing = any(standing.lacks(invoice) for invoice in invoices)
        customers = read_customers(client) if missing or crediting else CustomerIndex()
        sales = _new_sales(invoices, documents, customers) if look_elsewhere else []
        return Snapshot(
            payments=payments(),
            documents=documents,
            filter_proven=standing.filter_proven,
            customers=customers,
            closed_through=closed(),
            years=years(),
            currencies=currencies(),
            orders=standing.orders,
            offers=standing.offers,
            booked={
                document.document_number: whole
                for document, whole in zip(crediting, booked(), strict=True)
            },
            elsewhere=find_elsewhere(client, sales),
        )


def _currencies_of(client: Reader, invoices: Iterable[Invoice]) -> dict[str, Currency]:
    """Read only when something was sold in another currency than SEK."""
    is_needed = any(invoice.currency != BOOKS for invoice in invoices)
    return active_currencies(client) if is_needed else {}


def _payments_of(
    client: Reader, invoices: Iterable[Invoice], documents: Documents
) -> Mapping[str, tuple[ListedPayment, ...]]:
    """Of finished documents that lack a payment; they are looked for since the first one's day."""
    unpaid = [invoice for invoice in invoices if _lacks_payment(invoice, documents)]
    return payments_since(client, earliest_day(unpaid)) if unpaid else {}


def _new_sales(
    invoices: Iterable[Invoice],
    documents: Documents,
    customers: CustomerIndex,
) -> list[Invoice]:
    """Sales without a document; those of a shared card have look-alikes by nature (rule 13)."""
    return [
        invoice
        for invoice in invoices
        if invoice.document == "invoice"
        and invoice.source_order is None
        and not invoice.is_refund
        and invoice.reference not in documents
        and not goes_to_shared_card(invoice.customer, customers)
    ]


def _lacks_payment(invoice: Invoice, documents: Documents) -> bool:
    """Finished, and neither paid nor, as far as its balance shows, without a payment of ours.

    Or a refund that was set off against a sale on which a draft may be left.
    """
    sale = settle(documents.get(invoice.sale_reference, ())).survivor
    if may_have_late_draft(invoice, sale):
        return True
    document = settle(documents.get(invoice.reference, ())).survivor
    return bool(
        invoice.payment
        and document
        and (document.booked or document.sent)
        and document.total_ore
        and document.balance_ore == document.total_ore
    )
