"""The shop's orders are told of their documents: meta only, once, and without waking ourselves."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from tests.support.airflow_runs import DayRun
from tests.support.step_runs import StepRunner
from tests.support.worlds import World

from fortnox.sandbox.faults import FaultRule
from fortnox.steps.write_back import current_documents

NUMBER, STATUS = "_fortnox_document_number", "_fortnox_document_status"


@pytest.fixture
def hour(steps: StepRunner) -> Iterator[SimpleNamespace]:
    """Hourly runs with the watermark two hours back; the shop lives ten minutes back."""
    shop, before = steps.world.woocommerce, steps.world.woocommerce.now
    shop.now = lambda: datetime.now(UTC) - timedelta(minutes=10)

    def run() -> DayRun:
        return steps.run_since(datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2))

    yield SimpleNamespace(run=run, shop=shop)
    shop.now = before


def meta(shop: Any, order_id: int) -> dict[str, str]:
    """Our meta of an order."""
    entries = shop.orders[order_id]["meta_data"]
    return {entry["key"]: entry["value"] for entry in entries if entry["key"].startswith("_fort")}


def shop_writes(shop: Any) -> list[str]:
    return [one.path for one in shop.faults.requests() if one.method != "GET"]


def sell(shop: Any, method: str = "stripe") -> int:
    order_id: int = shop.add_order()
    shop.edit_order(order_id, {"payment_method": method})
    return order_id


def test_an_order_is_told_once_and_does_not_wake_us(steps: StepRunner, hour: SimpleNamespace):
    """Each run would change the order, the change would start the next one, for ever."""
    steps.set_shop(write_back="meta")
    order_id = sell(hour.shop)
    hour.shop.faults.forget_requests()
    status = hour.shop.orders[order_id]["status"]

    first = hour.run()

    assert (first.state, first.tasks["write_back"]) == ("success", "success")
    (invoice,) = [
        one
        for one in steps.world.control("state")["invoices"]
        if one["ExternalInvoiceReference1"] == f"demo:{order_id}"
    ]
    assert meta(hour.shop, order_id) == {NUMBER: invoice["DocumentNumber"], STATUS: "paid"}
    assert hour.shop.orders[order_id]["status"] == status
    assert shop_writes(hour.shop) == ["/wp-json/wc/v3/orders/batch"]

    hour.shop.faults.forget_requests()
    second = hour.run()
    assert second.tasks["extract"] == "skipped", "our own change made a run work"
    assert shop_writes(hour.shop) == []

    hour.shop.edit_order(order_id, {"customer_note": "Ring på"})
    third = hour.run()
    assert third.tasks["extract"] == "success", "somebody's change was taken for ours"


def test_a_change_in_the_second_of_our_write_is_somebodys(
    steps: StepRunner, hour: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
):
    """A shop's dates are whole seconds: both leave the same one, and a correction would be lost."""
    steps.set_shop(write_back="meta")
    order_id = sell(hour.shop)
    second = hour.shop.now()
    hour.shop.now = lambda: second
    monkeypatch.setattr(
        "fortnox.steps.write_back.sleep",
        lambda _: hour.shop.edit_order(order_id, {"transaction_id": "pi_2"}),
    )
    hour.run()

    assert hour.run().tasks["extract"] == "success", "somebody's change was taken for ours"


def test_a_payment_in_fortnox_moves_the_order_where_the_shop_says_so(
    steps: StepRunner, hour: SimpleNamespace
):
    """Staff would look for transfers that are paid, or an unpaid order would be sent."""
    steps.set_shop(write_back="meta", paid_status="processing")
    paid, unpaid = (sell(hour.shop, "cheque") for _ in range(2))
    for order_id in (paid, unpaid):
        hour.shop.edit_order(
            order_id,
            {"status": "completed", "date_paid": None, "date_paid_gmt": None,
             "date_completed": "2026-11-20T10:00:00",
             "date_completed_gmt": (datetime.now(UTC) - timedelta(minutes=10)).isoformat()[:19]},
        )  # fmt: skip
    hour.run()
    invoices = {
        one["ExternalInvoiceReference1"]: one for one in steps.world.control("state")["invoices"]
    }
    if f"demo:{paid}" not in invoices:
        pytest.fail("the sale on credit was not booked")
    assert meta(hour.shop, paid)[STATUS] == "booked"
    invoice = invoices[f"demo:{paid}"]
    client = steps.world.client()
    payment = client.create(
        "invoicepayments",
        "InvoicePayment",
        {
            "InvoiceNumber": invoice["DocumentNumber"],
            "Amount": Decimal(str(invoice["Total"])),
            "PaymentDate": invoice["InvoiceDate"],
            "ModeOfPaymentAccount": 1930,
        },
    )
    client.action(f"invoicepayments/{payment['Number']}/bookkeep", "InvoicePayment")

    run = hour.run()

    assert run.state == "success"
    assert meta(hour.shop, paid)[STATUS] == "paid"
    assert hour.shop.orders[paid]["status"] == "processing"
    assert hour.shop.orders[unpaid]["status"] == "completed"


def test_a_shop_that_refuses_changes_nothing_of_the_run(steps: StepRunner, hour: SimpleNamespace):
    """Books that are proven would stand as failed because a key may only read."""
    steps.set_shop(write_back="meta")
    sell(hour.shop)
    body = (
        '{"code":"woocommerce_rest_authentication_error","message":"The API key provided '
        'does not have write permissions.","data":{"status":401}}'
    )
    hour.shop.faults.add(
        FaultRule(method="POST", path="/orders/batch", kind="status_before", status=401,
                  body=body, times=0)
    )  # fmt: skip
    run = hour.run()
    assert (run.state, run.tasks["write_back"]) == ("success", "success")
    assert run.report["verdict"] in ("reconciled", "held")


def test_an_order_is_found_until_its_invoice_takes_its_place(sandbox: World):
    """The shop would hear nothing before the delivery, or the order's number after it."""
    client, since = sandbox.client(), datetime.now(UTC) - timedelta(minutes=5)
    client.create("customers", "Customer", {"CustomerNumber": "1", "Name": "Bo Ek"})
    row = {"Description": "Mugg", "OrderedQuantity": 1, "DeliveredQuantity": 1, "Price": 100}
    order = {"CustomerNumber": "1", "ExternalInvoiceReference1": "demo:7", "OrderRows": [row]}
    number = client.create("orders", "Order", order)["DocumentNumber"]

    def told(*, with_orders: bool = True) -> list[tuple[str, str]]:
        found = current_documents(client, "demo", since, with_orders=with_orders)
        return [(sale.document.document_number, sale.status) for sale in found.values()]

    assert told() == [(number, "ordered")]
    assert told(with_orders=False) == []
    client.action(f"orders/{number}/createinvoice", "Invoice")
    (invoice,) = client.list("invoices", "Invoices")
    assert told() == [(invoice["DocumentNumber"], "unbooked")]
