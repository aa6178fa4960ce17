"""The shop's accounts over HTTP: few requests for few changes, each item with its own fate."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.worlds import World

from fortnox.core.customer_values import CustomerWrite


def ids(found: Any) -> set[str]:
    return {one.customer_id for one in found}


def crowd(sandbox: World, count: int) -> None:
    """Many more accounts, registered long ago."""
    store = sandbox.woocommerce
    template = next(iter(store.data.customers.values()))
    old = {"date_created": "2020-01-01T00:00:00", "date_created_gmt": "2020-01-01T00:00:00"}
    with store.lock:
        for number in range(10_000, 10_000 + count):
            store.data.customers[number] = {
                **template, **old, "id": number, "email": f"c{number}@example.com",
                "username": f"c{number}",
            }  # fmt: skip


def test_a_delta_costs_a_handful_of_requests_however_many_accounts_there_are(sandbox: World):
    """Each hour of each shop would read the whole list of customers."""
    crowd(sandbox, 2_000)
    shop, store = sandbox.shop(), sandbox.woocommerce
    whole = list(shop.accounts.customers())
    assert len(whole) == len(ids(whole)) == len(store.data.customers)
    since = datetime.now(UTC) - timedelta(minutes=1)
    made = list(
        shop.accounts.write_customers(
            [CustomerWrite(customer_id="", email="new@example.com", is_company=False, values={})]
        )
    )
    for number in range(10_000, 10_020):
        order = store.add_order()
        store.edit_order(order, {"customer_id": number})
    store.faults.forget_requests()

    found = ids(shop.accounts.customers_changed(since, datetime.now(UTC) + timedelta(minutes=1)))

    assert {made[0].customer_id, *map(str, range(10_000, 10_020))} <= found
    assert len(found) < 60
    assert len(store.faults.requests()) <= 6


def test_each_write_of_a_batch_has_its_own_fate_in_its_place(sandbox: World):
    """An error of one customer would be taken for another's."""
    shop = sandbox.shop()
    taken = next(one.email for one in shop.accounts.customers())
    writes = [
        CustomerWrite(customer_id="", email=f"n{number}@example.com", is_company=False,
                      values={"Name": "Bo Ek", "City": "Orten"})
        for number in range(120)
    ]  # fmt: skip
    writes[110] = CustomerWrite(customer_id="", email=taken, is_company=False, values={})
    sandbox.woocommerce.faults.forget_requests()

    answers = list(shop.accounts.write_customers(writes))

    assert len(sandbox.woocommerce.faults.requests()) == 2
    assert [at for at, one in enumerate(answers) if one.error] == [110]
    assert answers[110].error == "registration-error-email-exists"
    assert len(ids(answers)) == 120
