"""What nobody outside Fortnox knows for certain: the one list of it, and the sandbox's own knobs.

Each open question is a field of ``Switches``: its name, the answer that the sandbox gives unless
told otherwise, the other answers that Fortnox may give, why this one is the default, and where it
was seen. ``GET /_sandbox/unknowns`` shows the list with what is set now, ``PUT`` sets answers, and
the option ``--unknown NAME=VALUE`` sets them from the start. A test runs the pipeline's core cases
under every single answer, taken from this list. Settled in a Fortnox test company, a question
becomes a fact and leaves this file.
"""

from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal, NamedTuple, TypeVar

_T = TypeVar("_T")


class Unknown(NamedTuple):
    """An open question about Fortnox, or a knob of the sandbox.

    Attributes:
        name: Field of ``Switches``.
        default: What the sandbox answers unless told otherwise.
        others: The other answers worth testing against.
        asks: The question.
        why: Why this default.
        seen: Where it was seen or what it was inferred from.
        least: For a measure the smallest number that it may be set to; None = one of the answers.
        is_knob: It is about the sandbox, not about Fortnox.
    """

    name: str
    default: Any
    others: tuple[Any, ...]
    asks: str
    why: str
    seen: str
    least: int | None = None
    is_knob: bool = False


def _open(
    default: _T,
    *,
    others: tuple[_T, ...],
    asks: str,
    why: str,
    seen: str,
    least: int | None = None,
) -> _T:
    told = {"others": others, "asks": asks, "why": why, "seen": seen, "least": least}
    return field(default=default, metadata=told)


def _knob(
    default: _T, *, asks: str, why: str, others: tuple[_T, ...] = (), least: int | None = None
) -> _T:
    told = {"others": others, "asks": asks, "why": why, "seen": why, "least": least}
    return field(default=default, metadata={**told, "is_knob": True})


@dataclass(frozen=True, kw_only=True)
class Switches:
    """The answers that hold now; see ``UNKNOWNS`` for what each is about."""

    vat_rounding: Literal["rate", "row"] = _open(
        "rate",
        others=("row",),
        asks="Is VAT rounded once per rate on the document, or on each row?",
        why="Skatteverket's reading (2020-01-17, dnr 8-19049).",
        seen="no recording has VAT on more than one row",
    )
    krona_rounding: bool = _open(
        default=False,
        others=(True,),
        asks="Are totals rounded to whole kronor, the rest in RoundOff on 3740?",
        why="A setting of the company; a shop that is paid by card turns it off.",
        seen="on in the recorded companies: every Total is whole",
    )
    roundoff_sign: Literal["added", "taken"] = _open(
        "added",
        others=("taken",),
        asks="Is RoundOff what was added to the exact sum, or what was taken from it?",
        why="The plain reading of the name.",
        seen="recordings hold 0 only",
    )
    scope_error_status: Literal[400, 403] = _open(
        400,
        others=(403,),
        asks="Which status has 2000663 (the token lacks the scope)?",
        why="Measured live in July 2026.",
        seen="other clients expect 403",
    )
    list_lag_s: float = _open(
        0.0,
        others=(2.0,),
        asks="How many seconds later do lists show a write? Single GETs are always right.",
        why="No lag has been measured.",
        seen="users report lists that are some seconds late",
        least=0,
    )
    reference_match: Literal["contains", "prefix", "exact"] = _open(
        "contains",
        others=(
            "prefix",
            "exact",
        ),
        asks="How do externalinvoicereference1 and 2 match?",
        why="As all recorded text filters do.",
        seen="recordings, point 4",
    )
    filter_with_fields: Literal["and", "filter_only"] = _open(
        "and",
        others=("filter_only",),
        asks="Does filter= count together with field filters, or silence them?",
        why="Field filters among themselves are ANDed (recorded).",
        seen="documented as one at a time, untested",
    )
    max_limit: int = _open(
        500,
        others=(100,),
        asks="The largest page of any list.",
        why="Documented as 500.",
        seen="developer pages",
        least=1,
    )
    max_limit_invoices: int = _open(
        500,
        others=(100,),
        asks="The largest page of the invoice list.",
        why="Documented as 500 for all lists.",
        seen="one source says 100",
        least=1,
    )
    row_account: Literal["row", "vat_type"] = _open(
        "row",
        others=("vat_type",),
        asks="Does a row's AccountNumber win, or the article's account for the VATType?",
        why="What the caller says should count.",
        seen="undocumented",
    )
    credit_reference_on_post: Literal["accept", "refuse"] = _open(
        "accept",
        others=("refuse",),
        asks="Is CreditInvoiceReference taken on POST?",
        why="The OpenAPI document has it in the payload.",
        seen="untested",
    )
    credit_answer: Literal["original", "new"] = _open(
        "original",
        others=("new",),
        asks="Does /credit answer the original or the new invoice?",
        why="The text of the OpenAPI document.",
        seen="OpenAPI, PUT invoices/{DocumentNumber}/credit",
    )
    payment_reference: Literal["payment", "invoice"] = _open(
        "payment",
        others=("invoice",),
        asks="Is ReferenceNumber of a payment's voucher the payment's or the invoice's number?",
        why="The voucher's type is that of the payment.",
        seen="untested",
    )
    document_number_taken: Literal["refuse", "renumber"] = _open(
        "refuse",
        others=("renumber",),
        asks="Is a DocumentNumber that is used already refused, or replaced by the next one?",
        why="Customer and article numbers are refused (2000637, 2000013).",
        seen="untested",
    )
    negative_payment: Literal["accept", "refuse"] = _open(
        "accept",
        others=("refuse",),
        asks="May a payment on a credit invoice be negative?",
        why="A credit invoice's Balance is negative (recorded).",
        seen="untested",
    )
    payment_on_paid: Literal["refuse", "accept"] = _open(
        "refuse",
        others=("accept",),
        asks="Can a second draft be bookkept on an invoice that is paid?",
        why="A new payment is refused with 2003055.",
        seen="several drafts may exceed the balance (live test)",
    )
    oss_vat_code: Literal["accept", "refuse"] = _open(
        "accept",
        others=("refuse",),
        asks="Does an invoice row take the VATCode of an OSS rate?",
        why="VATCode on rows since 2023-05-30 (developer pages).",
        seen="untested with 25.5 %",
    )
    cash_account: Literal["payment_way", "cash"] = _open(
        "payment_way",
        others=("cash",),
        asks="Is a cash invoice debited by its PaymentWay, or always on CASH?",
        why="Predefined accounts CASH, CASHBYCARD and AG exist.",
        seen="two payment methods on one PaymentWay: untested",
    )
    cash_payable: Literal["sent", "created"] = _open(
        "sent",
        others=("created",),
        asks="Cash method: which invoices take a payment, those sent or all?",
        why="Fortnox's help: mark it as sent, then register the payment.",
        seen="another integration offers both, as a setting",
    )
    cash_bookkeep: Literal["no_voucher", "refuse"] = _open(
        "no_voucher",
        others=("refuse",),
        asks="Cash method: is bookkeeping an invoice an empty gesture, or refused?",
        why="The method itself is documented: nothing is posted before the payment.",
        seen="untested",
    )
    cash_paid_is_booked: bool = _open(
        default=False,
        others=(True,),
        asks="Cash method: does an invoice show as booked once it is paid?",
        why="It has no voucher of its own.",
        seen="untested",
    )
    createinvoice_answer: Literal["invoice", "order"] = _open(
        "invoice",
        others=("order",),
        asks="Does createinvoice answer an Invoice or an Order?",
        why="The OpenAPI document, and two clients read Invoice.DocumentNumber.",
        seen="one SDK types it as Order",
    )
    createinvoice_date: Literal["today", "order"] = _open(
        "today",
        others=("order",),
        asks="Which InvoiceDate has an invoice made by createinvoice?",
        why="It takes no body, and new invoices are dated today.",
        seen="untested",
    )
    createinvoice_references: Literal["inherit", "drop"] = _open(
        "inherit",
        others=("drop",),
        asks="Does an invoice made by createinvoice have the order's references?",
        why="Other header fields are copied.",
        seen="untested",
    )
    retry_after: int | None = _open(
        None,
        others=(3,),
        asks="Seconds in Retry-After of a 429; null = no such header.",
        why="None is documented.",
        seen="clients honour one if it comes",
        least=0,
    )
    refused_requests_count: bool = _open(
        default=False,
        others=(True,),
        asks="Does a 429 itself count as a request in the window?",
        why="The documented limit speaks of requests that are served.",
        seen="undocumented",
    )
    warehouse_quantity: Literal["ignore", "refuse"] = _open(
        "ignore",
        others=("refuse",),
        asks="Is an article's QuantityInStock ignored or refused while the warehouse module is on?",
        why="Fortnox ignores other read-only fields of an article (VAT, StockValue).",
        seen="written only without the module; no recording with it",
    )
    rate_limit: int = _knob(
        25, asks="Requests per window; 0 switches the limit off.", why="Documented.", least=0
    )
    rate_window_s: float = _knob(
        5.0, asks="Seconds of the sliding window.", why="Documented.", least=1
    )
    token_lifetime_s: int = _knob(
        3600, asks="Seconds that an access token lives.", why="Recorded.", least=1
    )
    consent: Literal["page", "at_once"] = _knob(
        "page",
        others=("at_once",),
        asks="Consent by a page with a button, or at once for clients without a browser?",
        why="Documented: a person consents.",
    )


#: Every field of ``Switches``, explained.
UNKNOWNS: tuple[Unknown, ...] = tuple(
    Unknown(name=one.name, default=one.default, **one.metadata) for one in fields(Switches)
)
_BY_NAME = {one.name: one for one in UNKNOWNS}
_TOO_MUCH = 10**9


def changed(switches: Switches, values: dict[str, Any]) -> Switches:
    """The switches with some answers changed.

    Raises:
        ValueError: An unknown name, or a value that is no answer to the question.
    """
    for name, value in values.items():
        unknown = _BY_NAME.get(name)
        if unknown is None:
            msg = f"unknown switch: {name}; known: {', '.join(_BY_NAME)}"
            raise ValueError(msg)
        if not _fits(unknown, value):
            msg = f"{name} can't be {value!r}; known: {_answers(unknown)}"
            raise ValueError(msg)
    return replace(switches, **values)


def _fits(unknown: Unknown, value: Any) -> bool:
    if unknown.least is not None and isinstance(value, int | float) and value is not True:
        return value is not False and unknown.least <= value < _TOO_MUCH
    known = (unknown.default, *unknown.others)
    return any(value == answer and type(value) is type(answer) for answer in known)


def _answers(unknown: Unknown) -> str:
    return ", ".join(repr(answer) for answer in (unknown.default, *unknown.others))
