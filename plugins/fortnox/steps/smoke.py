"""The smoke test: one marked order from the shop into a test company, compared, and removed.

The order goes the way of every order (extract, transform, plan, apply, verify). By default the
document stays unbooked, so that it can be cancelled and leaves no voucher; with the param ``book``
it is bookkept, the order refunded in the shop, and the credit invoice of that bookkept as well.
Ordinary runs hold such orders. The buyer's card stays, named a test: a deleted number could never
be used by the next test.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import Context
from airflow.sdk.exceptions import AirflowFailException

from fortnox.api.apply import apply_invoices
from fortnox.api.client import FortnoxClient
from fortnox.api.finder import find_exact
from fortnox.api.invoices import parse_invoice
from fortnox.api.lease import company_lease
from fortnox.core.documents import FortnoxInvoice, Invoice, ListedInvoice
from fortnox.core.errors import FatalError, PipelineError
from fortnox.core.mapping import DocumentTypeRow, Mappings, ShopRow
from fortnox.core.names import BOOK_PARAM, ORDER_PARAM, REPORT_KEY
from fortnox.core.orders import Order, Refund
from fortnox.core.smoke import (
    Check,
    SmokeProduct,
    credit_checks,
    invoice_checks,
    smoke_report,
)
from fortnox.core.transform import transform
from fortnox.core.window import modified_window
from fortnox.steps.connections import fortnox_hook, marked_orders, shop_client
from fortnox.steps.run import load_mappings
from fortnox.steps.smoke_checks import article_checks, card_check
from fortnox.steps.smoke_placed import line_checks, placed_order
from fortnox.steps.staging import local_folder, staging_base

log = logging.getLogger(__name__)

_TEST_ORDER = "test_order"
_RECENT = timedelta(minutes=10)


@dataclass(slots=True, kw_only=True)
class _Smoke:
    """What the test has come to."""

    shop: ShopRow
    mappings: Mappings
    client: FortnoxClient
    #: Bookkeep the document, and a credit invoice after it.
    book: bool = False
    checks: list[Check] = field(default_factory=list)
    order_id: str = ""

    def say(self, what: str, seen: str, *, passed: bool) -> None:
        """Add a check."""
        self.checks.append(Check(what=what, passed=passed, seen=seen))


def smoke_test(context: Context, shop_key: str) -> dict[str, Any]:
    """Make, carry, compare, clean up, report.

    Raises:
        FatalError: The company is no test company: nothing was made anywhere.
        AirflowFailException: A check failed; the report is pushed.
    """
    mappings = load_mappings(str(context["dag"].fileloc))
    shop = mappings.shop(shop_key)
    hook = fortnox_hook(shop.fortnox_conn_id)
    if not hook.is_test_company:
        raise FatalError(
            f"The connection {shop.fortnox_conn_id} does not say that its company is a test one.",
            remedy='Run the smoke test against a test company: set "test_company": true in the '
            "connection's extra, never for real books.",
        )
    number = str(context["params"].get(ORDER_PARAM) or "").strip()
    book = context["params"].get(BOOK_PARAM) is True
    if number and book:
        raise FatalError(
            "An order that was placed in the shop is not booked and credited by the test.",
            remedy="Leave one of the two params out: an ordinary run books the placed order.",
        )
    company = hook.guard(shop.organisation_number, shop.database_number)
    folder = local_folder(staging_base(), shop.fortnox_conn_id)
    with company_lease(folder, holder=f"smoke test {context['run_id']}") as lease:
        run = _Smoke(
            shop=shop,
            mappings=mappings,
            client=hook.client(before_write=lease.check),
            book=book,
        )
        run.say("company", f"{company.name}, {company.organisation_number}", passed=True)
        try:
            _go(run, number)
        except PipelineError as error:
            run.say("carried out", str(error), passed=False)
    report = smoke_report(
        run.checks,
        shop=shop,
        company_name=company.name,
        order_id=run.order_id,
        made_at=datetime.now(UTC),
    )
    context["ti"].xcom_push(key=REPORT_KEY, value=report)
    if report["verdict"] != "passed":
        raise AirflowFailException(report["headline"])
    return {"verdict": report["verdict"], "order_id": run.order_id}


def _go(run: _Smoke, number: str) -> None:
    if number:
        _carry_placed(run, number)
        return
    with _order_in_shop(run) as product:
        _carry(run, product)


def _carry_placed(run: _Smoke, number: str) -> None:
    """Nothing is removed: the next ordinary run finds the invoice as its own and bookkeeps it.

    A cancelled one would hold the order for good.
    """
    order = placed_order(shop_client(run.shop), number, datetime.now(UTC))
    run.order_id = order.head.order_id
    run.say("order in the shop", f"order {number}", passed=True)
    sale = next((one for one in _wanted(run, order, ()) if not one.is_refund), None)
    if sale is None or sale.document != "invoice":
        if all(check.passed for check in run.checks):
            run.say("mapping", "no invoice is due of it: see its status and payment", passed=False)
        return
    found = _applied(run, sale)
    run.checks.extend([*invoice_checks(sale, found), *line_checks(run.client, order)])
    if found is not None:
        run.checks.append(card_check(run.client, found.customer_number))


@contextmanager
def _order_in_shop(run: _Smoke) -> Iterator[SmokeProduct]:
    """A marked order that is removed again, whatever happens to it."""
    orders = marked_orders(run.shop)
    product = orders.product()
    if product is None:
        raise FatalError(
            "The shop has no simple published product with a price.",
            remedy="Publish one, then run the smoke test again.",
        )
    run.order_id = orders.make(product, _payment_method(run))
    run.say("order in the shop", f"order {run.order_id}", passed=True)
    try:
        yield product
    finally:
        _clean(run, "order removed from the shop", lambda: orders.remove(run.order_id))


def _payment_method(run: _Smoke) -> str:
    """A method that document_types.csv books as an invoice on the day it is paid."""
    today = datetime.now(run.shop.zone).date()
    rows = run.mappings.rows_of(DocumentTypeRow, run.shop.shop)
    fitting = (
        row.payment_method
        for row in rows
        if row.document_type == "invoice"
        and row.document_date == "paid"
        and row.covers(today)
        and row.payment_method[:1].isalpha()
    )
    method = next(fitting, "")
    if not method:
        raise FatalError(
            "document_types.csv books no payment method as an invoice of the day it is paid.",
            remedy="The smoke test needs one such row.",
        )
    return method


def _carry(run: _Smoke, product: SmokeProduct) -> None:
    (order,) = list(shop_client(run.shop).orders([run.order_id]))
    run.say(
        "order is marked",
        "ordinary runs hold it",
        passed=any(problem.code == _TEST_ORDER for problem in order.problems),
    )
    order = _unmarked(order)
    sale = next((one for one in _wanted(run, order, ()) if not one.is_refund), None)
    if sale is None:
        return
    try:
        found = _applied(run, sale)
        run.checks.extend(invoice_checks(sale, found))
        _compare(run, product, order, found)
        if run.book and found is not None:
            run.checks.extend(credit_checks(found, _credited(run, order)))
    finally:
        _cancel_unbooked(run, sale)


def _unmarked(order: Order) -> Order:
    """As the pipeline sees an order of a buyer."""
    return replace(order, problems=tuple(one for one in order.problems if one.code != _TEST_ORDER))


def _wanted(run: _Smoke, order: Order, refunds: Sequence[Refund]) -> Iterator[Invoice]:
    """The documents, without payments; what holds them is said."""
    now = datetime.now(UTC)
    result = transform(
        [order],
        refunds,
        # Paid and never delivered: an invoice is what is tested.
        shop=run.shop.replaced(advances="off"),
        mappings=run.mappings,
        window=modified_window(now - timedelta(hours=1), now + timedelta(minutes=5)),
    )
    for held in result.held:
        run.say("mapping", f"{held.code}: {held.reason}", passed=False)
    for invoice in result.invoices:
        yield replace(invoice, bookkeep=run.book, payment=None, send="no")


def _applied(run: _Smoke, invoice: Invoice) -> FortnoxInvoice | None:
    """The document as Fortnox has it afterwards."""
    outcome = apply_invoices(run.client, run.shop, [invoice])
    for held in outcome.held:
        run.say("apply", f"{held.code}: {held.reason}", passed=False)
    number = next((one.document_number for one in _live(run, invoice)), None)
    return parse_invoice(run.client.get(f"invoices/{number}", "Invoice")) if number else None


def _credited(run: _Smoke, order: Order) -> FortnoxInvoice | None:
    """The whole order given back in the shop, and its credit invoice."""
    order_id = order.head.order_id
    marked_orders(run.shop).refund(order_id)
    now = datetime.now(UTC)
    refunds = [
        refund
        for refund in shop_client(run.shop).refunds_created(now - _RECENT, now + _RECENT)
        if refund.order_id == order_id
    ]
    credit = next((one for one in _wanted(run, order, refunds) if one.is_refund), None)
    if credit is None:
        return None
    try:
        return _applied(run, credit)
    finally:
        _cancel_unbooked(run, credit)


def _live(run: _Smoke, invoice: Invoice) -> list[ListedInvoice]:
    found = find_exact(run.client, invoice.reference)
    return [document for document in found if not document.cancelled]


def _cancel_unbooked(run: _Smoke, invoice: Invoice) -> None:
    for document in _live(run, invoice):
        if not document.booked:
            _cancel(run, document.document_number)


def _compare(
    run: _Smoke, product: SmokeProduct, order: Order, found: FortnoxInvoice | None
) -> None:
    line = order.lines[0]
    run.say("SKU", f"{line.sku or 'none'} on the order's line", passed=line.sku == product.sku)
    run.checks.extend(
        article_checks(
            run.client,
            product,
            gross_ore=line.gross_ore,
            net_ore=line.net_ore,
            name_flows=_name_flows(run),
        )
    )
    if found is not None:
        run.checks.append(card_check(run.client, found.customer_number))


def _name_flows(run: _Smoke) -> bool:
    event = run.mappings.event(run.shop.shop, "articles")
    if event is None or event.direction == "off":
        return False
    owner = "shop" if event.direction == "export" else "fortnox"
    return "name" in run.mappings.article_fields(run.shop.shop, owner)


def _cancel(run: _Smoke, number: str) -> None:
    def cancel() -> None:
        run.client.action(f"invoices/{number}/cancel", "Invoice")

    _clean(run, f"invoice {number} cancelled", cancel)


def _clean(run: _Smoke, what: str, do: Callable[[], None]) -> None:
    """What can't be removed is said; it is marked as a test, and ordinary runs leave it alone."""
    try:
        do()
    except PipelineError as error:
        run.say(what, str(error), passed=False)
    else:
        run.say(what, "done", passed=True)
