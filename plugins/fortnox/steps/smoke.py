"""The smoke test: one marked order from the shop into a test company, compared, and removed.

The order goes the way of every order (extract, transform, plan, apply, verify); only the document
stays unbooked, so that it can be cancelled and leaves no voucher. Ordinary runs hold such orders.
The buyer's card stays, named a test: a deleted number could never be used by the next test.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from airflow.sdk import Context
from airflow.sdk.exceptions import AirflowFailException

from fortnox.api.apply import apply_invoices
from fortnox.api.client import FortnoxClient
from fortnox.api.finder import find_exact
from fortnox.api.invoices import parse_invoice
from fortnox.api.lease import company_lease
from fortnox.api.wire import path_segment
from fortnox.core.documents import FortnoxInvoice, Invoice
from fortnox.core.errors import FatalError, PipelineError
from fortnox.core.mapping import DocumentTypeRow, Mappings, ShopRow
from fortnox.core.money import decimal_to_ore
from fortnox.core.names import REPORT_KEY
from fortnox.core.orders import Order
from fortnox.core.smoke import (
    SCHEMA,
    Check,
    SmokeProduct,
    customer_check,
    invoice_checks,
    product_checks,
    verdict,
)
from fortnox.core.transform import transform
from fortnox.core.window import modified_window
from fortnox.steps.connections import fortnox_hook, marked_orders, shop_client
from fortnox.steps.run import load_mappings
from fortnox.steps.staging import local_folder, staging_base

log = logging.getLogger(__name__)

_TEST_ORDER = "test_order"


@dataclass(slots=True, kw_only=True)
class _Smoke:
    """What the test has come to."""

    shop: ShopRow
    mappings: Mappings
    client: FortnoxClient
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
    company = hook.guard(shop.organisation_number, shop.database_number)
    folder = local_folder(staging_base(), shop.fortnox_conn_id)
    with company_lease(folder, holder=f"smoke test {context['run_id']}") as lease:
        run = _Smoke(shop=shop, mappings=mappings, client=hook.client(before_write=lease.check))
        run.say("company", f"{company.name}, {company.organisation_number}", passed=True)
        try:
            with _order_in_shop(run) as product:
                _carry(run, product)
        except PipelineError as error:
            run.say("carried out", str(error), passed=False)
    report = {
        "schema": SCHEMA,
        "verdict": verdict(run.checks),
        "shop": shop.shop,
        "order_id": run.order_id,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "checks": [check.to_dict() for check in run.checks],
    }
    context["ti"].xcom_push(key=REPORT_KEY, value=report)
    if report["verdict"] != "passed":
        failed = [check.what for check in run.checks if check.passed is False]
        raise AirflowFailException(f"The smoke test failed: {', '.join(failed)}")
    return {"verdict": report["verdict"], "order_id": run.order_id}


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
    invoice = _wanted(run, order)
    if invoice is None:
        return
    outcome = apply_invoices(run.client, run.shop, [invoice])
    for held in outcome.held:
        run.say("apply", f"{held.code}: {held.reason}", passed=False)
    documents = [one for one in find_exact(run.client, invoice.reference) if not one.cancelled]
    found = None
    if documents:
        number = documents[0].document_number
        found = parse_invoice(run.client.get(f"invoices/{number}", "Invoice"))
    try:
        run.checks.extend(invoice_checks(invoice, found))
        _compare(run, product, order, found)
    finally:
        for document in documents:
            _cancel(run, document.document_number)


def _wanted(run: _Smoke, order: Order) -> Invoice | None:
    """The order's invoice, to stay unbooked; None after saying what holds it."""
    problems = tuple(one for one in order.problems if one.code != _TEST_ORDER)
    now = datetime.now(UTC)
    result = transform(
        [replace(order, problems=problems)],
        (),
        # Paid and never delivered: an invoice is what is tested.
        shop=run.shop.model_copy(update={"advances": "off"}),
        mappings=run.mappings,
        window=modified_window(now - timedelta(hours=1), now + timedelta(minutes=5)),
    )
    for held in result.held:
        run.say("mapping", f"{held.code}: {held.reason}", passed=False)
    if not result.invoices:
        return None
    return replace(result.invoices[0], bookkeep=False, payment=None, send="no")


def _compare(
    run: _Smoke, product: SmokeProduct, order: Order, found: FortnoxInvoice | None
) -> None:
    line = order.lines[0]
    article = None
    if product.sku:
        article = run.client.find(f"articles/{path_segment(product.sku)}", "Article")
    price = article.get("SalesPrice") if article else None
    price_ore = None if price in (None, "") else decimal_to_ore(Decimal(str(price)))
    run.say("SKU", f"{line.sku or 'none'} on the order's line", passed=line.sku == product.sku)
    run.checks.extend(
        product_checks(
            product,
            article,
            price_ore=price_ore,
            gross_ore=line.gross_ore,
            net_ore=line.net_ore,
        )
    )
    if found is not None:
        number = found.customer_number
        card = run.client.find(f"customers/{path_segment(number)}", "Customer")
        run.checks.append(customer_check(number, card))


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
