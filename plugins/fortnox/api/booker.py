"""Drafts become booked invoices: compared with what was wanted, then bookkept, each once."""

from collections.abc import Sequence
from dataclasses import dataclass

from fortnox.api.client import FortnoxClient
from fortnox.api.errors import ACCOUNT_UNKNOWN, ARTICLE_UNKNOWN
from fortnox.api.invoices import JsonObject, parse_invoice
from fortnox.api.registers import INVOICES, Register
from fortnox.core.documents import FortnoxInvoice, Held, Invoice
from fortnox.core.errors import DocumentError, UnknownOutcomeError
from fortnox.core.verify import mismatches

_SHOWN_DIFFERENCES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A document of ours, as Fortnox answered it, and what it should be."""

    invoice: Invoice
    customer_number: str
    answer: FortnoxInvoice


def read_draft(
    client: FortnoxClient, invoice: Invoice, document_number: str, register: Register = INVOICES
) -> Draft:
    """A document that stands in Fortnox, whosever card it was made for."""
    answer = client.get(register.one(document_number), register.envelope)
    return _draft(invoice, answer, register)


def rewrite(
    client: FortnoxClient, invoice: Invoice, document_number: str, register: Register = INVOICES
) -> Draft:
    """Give a draft everything anew, on its card; saying it twice does no harm.

    Raises:
        DocumentError: Fortnox refuses it, e.g. because somebody bookkept it just now.
        UnknownOutcomeError: Twice no answer.
    """
    path, body = register.one(document_number), register.rewritten(invoice)
    try:
        answer = client.update(path, register.envelope, body)
    except UnknownOutcomeError:
        answer = client.update(path, register.envelope, body)
    return _draft(invoice, answer, register)


def redate(client: FortnoxClient, invoice: Invoice, document_number: str) -> Draft:
    """Give a draft whose period closed the invoice's date; saying it twice does no harm.

    Raises:
        DocumentError: Fortnox refuses the date.
        UnknownOutcomeError: Twice no answer.
    """
    path = f"invoices/{document_number}"
    body = {"InvoiceDate": invoice.invoice_date.isoformat(), "Comments": invoice.comment}
    try:
        answer = client.update(path, "Invoice", body)
    except UnknownOutcomeError:
        answer = client.update(path, "Invoice", body)
    return _draft(invoice, answer, INVOICES)


def _draft(invoice: Invoice, answer: JsonObject, register: Register) -> Draft:
    made = register.parse(answer)
    return Draft(invoice=invoice, customer_number=made.customer_number, answer=made)


def unverified(draft: Draft) -> Held | None:
    """The draft as held when Fortnox made it otherwise than wanted (rule 19)."""
    differences = mismatches(draft.invoice, draft.customer_number, draft.answer)
    return _held_unverified(draft, differences) if differences else None


def bookkeep(client: FortnoxClient, document_number: str) -> None:
    """Bookkeep one invoice; after an unknown outcome the invoice itself tells whether it is.

    Raises:
        DocumentError: Fortnox refuses (closed period, inactive account, ...).
        UnknownOutcomeError: Twice no answer, and it is not booked.
    """
    try:
        client.action(f"invoices/{document_number}/bookkeep", "Invoice")
    except (DocumentError, UnknownOutcomeError) as error:
        if _is_booked(client, document_number):
            return
        if isinstance(error, DocumentError):
            raise
    else:
        return
    try:
        client.action(f"invoices/{document_number}/bookkeep", "Invoice")
    except (DocumentError, UnknownOutcomeError):
        if not _is_booked(client, document_number):
            raise


def _is_booked(client: FortnoxClient, document_number: str) -> bool:
    return parse_invoice(client.get(f"invoices/{document_number}", "Invoice")).booked


def held_by_fortnox(invoice: Invoice, error: DocumentError, document_number: str = "") -> Held:
    """A document that Fortnox refused, with its code and text."""
    where = f"{invoice.document} {document_number}: " if document_number else ""
    return invoice.held(
        f"fortnox_{error.vendor_code or 'refused'}",
        f"{where}Fortnox refuses: {error.vendor_message or error.message}{_names(invoice, error)}",
        error.remedy or "Correct it in Fortnox or in the mapping, then run the day again.",
    )


def _names(invoice: Invoice, error: DocumentError) -> str:
    """What Fortnox's sentence leaves out: which accounts, or articles, the rows name."""
    if error.vendor_code == ACCOUNT_UNKNOWN:
        return f" (of {', '.join(sorted({str(row.account_number) for row in invoice.rows}))})"
    articles = sorted({row.article_number for row in invoice.rows if row.article_number})
    if error.vendor_code == ARTICLE_UNKNOWN and articles:
        return f" (of {', '.join(articles)})"
    return ""


def _held_unverified(draft: Draft, differences: Sequence[str]) -> Held:
    kind, number = draft.invoice.document, draft.answer.document_number
    return draft.invoice.held(
        "not_verified",
        f"{kind} {number} stands unbooked, Fortnox made it otherwise: "
        + "; ".join(differences[:_SHOWN_DIFFERENCES]),
        f"Correct the cause, cancel {kind} {number} in Fortnox and book the order by hand.",
    )
