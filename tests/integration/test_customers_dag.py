"""Customers over HTTP, either way: what is carried, what is left alone, and repetition.

Once by ``dag.test``, else by the steps of the DAG.
"""

import gzip
import json
from typing import Any

import pytest
from tests.support.airflow_runs import DayRun, DayRunner
from tests.support.step_runs import StepRunner

from fortnox.sandbox.woocommerce import DEFAULT_KEY, DEFAULT_SECRET
from fortnox.shops.woocommerce.client import API, WooCommerceClient
from fortnox.shops.woocommerce.transport import Write

Json = dict[str, Any]
SWEDE = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "address_1": "Storgatan 1",
    "postcode": "111 22",
    "city": "Orten",
    "country": "SE",
    "phone": "08-123 456",
}


@pytest.fixture
def export(steps: StepRunner) -> StepRunner:
    """Customers go from the shop to Fortnox."""
    steps.say("events.csv", "*,customers,off,", "*,customers,export,hourly")
    return steps


@pytest.fixture
def importing(steps: StepRunner) -> StepRunner:
    """Customers come from Fortnox."""
    steps.say("events.csv", "*,customers,off,", "*,customers,import,daily")
    return steps


class Shop:
    """The shop's staff at work."""

    def __init__(self, runner: DayRunner) -> None:
        self._client = WooCommerceClient(runner.world.shop_url, DEFAULT_KEY, DEFAULT_SECRET)
        self._store = runner.world.woocommerce

    def add(self, email: str, **billing: str) -> str:
        body = {"email": email, "billing": {**SWEDE, "email": email, **billing}}
        made = self._client.write_once(f"{API}/customers", Write(method="POST", body=body))
        return str(made["id"])

    def edit(self, customer_id: str, **billing: str) -> None:
        body = {"billing": billing}
        self._client.write(f"{API}/customers/{customer_id}", Write(method="PUT", body=body))

    def buy(self, customer_id: str) -> None:
        """An order of the customer changes: only that tells a delta of an edited account."""
        order_id = self._store.add_order()
        self._store.edit_order(order_id, {"customer_id": int(customer_id)})

    def account(self, email: str) -> Json:
        (found,) = [c for c in self._store.data.customers.values() if c["email"] == email]
        return dict(found)

    def writes(self) -> list[str]:
        log = self._store.faults.requests()
        return [f"{one.method} {one.path}" for one in log if one.method != "GET"]


@pytest.fixture
def shop(steps: StepRunner) -> Shop:
    return Shop(steps)


class Fortnox:
    """Somebody works in Fortnox by hand."""

    def __init__(self, runner: DayRunner) -> None:
        self._client = runner.world.client()
        self._world = runner.world

    def add(self, number: str, **fields: Any) -> None:
        body = {"CustomerNumber": number, "Name": "Kund", "Type": "PRIVATE", **fields}
        self._client.create("customers", "Customer", body)

    def edit(self, number: str, **fields: Any) -> None:
        self._client.update(f"customers/{number}", "Customer", fields)

    def card(self, number: str) -> Json:
        return self._client.get(f"customers/{number}", "Customer")

    def writes(self) -> list[str]:
        log = self._world.faults.requests()
        return [f"{one.method} {one.path}" for one in log if one.method != "GET"
                and one.path.startswith("/3/")]  # fmt: skip

    def forget(self) -> None:
        self._world.faults.forget_requests()


@pytest.fixture
def fortnox(steps: StepRunner) -> Fortnox:
    return Fortnox(steps)


def held(run: DayRun) -> dict[str, str]:
    return {row["customer_id"]: row["code"] for row in run.report["held"]}


def test_export_makes_each_card_once_and_a_repeated_run_writes_nothing(
    export: StepRunner, shop: Shop, fortnox: Fortnox
):
    """A second card of the same person, or a card rewritten each hour."""
    customer_id = shop.add("ada@example.com")
    first = export.run_customers()
    assert first.state == "success", first.report
    card = fortnox.card(f"demo-{customer_id}")
    assert (card["Name"], card["ZipCode"], card["CountryCode"]) == ("Ada Lovelace", "111 22", "SE")
    assert (card["Type"], card["VATType"]) == ("PRIVATE", "SEVAT")
    assert first.report["counts"]["created"] == len(fortnox.writes())
    assert first.report["whole"] is True

    for _ in range(2):
        fortnox.forget()
        again = export.run_customers()
        assert again.state == "success"
        assert fortnox.writes() == []
        assert again.report["whole"] is False
        assert again.report["counts"]["created"] == again.report["counts"]["updated"] == 0
    assert shop.writes() == ["POST /wp-json/wc/v3/customers"]


def test_the_dag_itself(runner: DayRunner) -> None:
    """Operators and mapped tasks would not hand on what the steps leave."""
    runner.say("events.csv", "*,customers,off,", "*,customers,export,hourly")
    run = runner.run_customers()
    assert run.state == "success", run.report
    made = runner.world.fortnox.table("customers").values()
    assert run.report["counts"]["created"] == len(made) > 0


def test_export_carries_changed_fields_only(export: StepRunner, shop: Shop, fortnox: Fortnox):
    """An address corrected in Fortnox would be lost because the phone changed in the shop."""
    customer_id = shop.add("ada@example.com")
    number = f"demo-{customer_id}"
    export.run_customers()
    fortnox.edit(number, Address1="Rättad väg 2", VATType="EUVAT")
    shop.edit(customer_id, phone="08-999 999")
    shop.buy(customer_id)
    fortnox.forget()

    run = export.run_customers()

    assert run.state == "success"
    assert fortnox.writes() == [f"PUT /3/customers/{number}"]
    card = fortnox.card(number)
    assert (card["Phone1"], card["Address1"]) == ("08-999 999", "Rättad väg 2")
    assert card["VATType"] == "EUVAT"
    assert run.report["counts"]["updated"] == 1
    assert [row["customer_number"] for row in run.report["changes"]] == [number]


def test_what_both_sides_changed_is_a_conflict_and_nobody_wins(
    export: StepRunner, shop: Shop, fortnox: Fortnox
):
    """The bookkeeper's correction, or the customer's, would be lost without a word."""
    customer_id = shop.add("ada@example.com")
    number = f"demo-{customer_id}"
    export.run_customers()
    fortnox.edit(number, City="Stad")
    shop.edit(customer_id, city="By", phone="08-1")
    shop.buy(customer_id)
    fortnox.forget()

    run = export.run_customers()

    assert run.state == "success"
    assert run.report["verdict"] == "held"
    assert held(run)[customer_id] == "customer_conflict"
    assert run.report["counts"]["conflicts"] == 1
    assert "City" in run.report["held"][0]["reason"]
    assert fortnox.writes() == []
    assert fortnox.card(number)["City"] == "Stad"


def test_only_update_makes_no_card(export: StepRunner, shop: Shop, fortnox: Fortnox):
    """Who wants to keep the register by hand would find the whole shop in it."""
    export.say("customer_policy.csv", ",create,,create,hold", ",create,,update,hold")
    fortnox.add("900", Name="Ada Lovelace", Email="ADA@example.com", City="Orten")
    shop.add("ada@example.com")
    shop.add("bo@example.com", first_name="Bo")
    fortnox.forget()

    run = export.run_customers()

    assert run.state == "success", run.report
    assert run.report["counts"]["created"] == 0
    assert {line.rpartition("/")[2] for line in fortnox.writes()} <= {"900"}
    assert fortnox.card("900")["Phone1"] == "08-123 456"
    assert run.report["counts"]["left_out"] > 0


def test_two_cards_and_wrong_numbers_are_held_and_the_rest_goes_on(
    export: StepRunner, shop: Shop, fortnox: Fortnox
):
    """An invoice would go to the wrong card, or a VAT return would name no company."""
    fortnox.add("901", Email="two@example.com")
    fortnox.add("902", Email="two@example.com")
    two = shop.add("two@example.com")
    wrong = shop.add("c@example.com", company="Bolaget AB")
    fine = shop.add("fine@example.com")
    store = export.world.woocommerce
    store.data.customers[int(wrong)] = store.data.customers[int(wrong)] | {
        "meta_data": [{"id": 1, "key": "billing_org_nr", "value": "556000-1234"}]
    }

    run = export.run_customers()

    assert run.state == "success"
    assert held(run) == {two: "customer_not_certain", wrong: "invalid_organisation_number"}
    assert fortnox.card(f"demo-{fine}")["Email"] == "fine@example.com"


def test_minimal_private_data(export: StepRunner, shop: Shop, fortnox: Fortnox):
    """More of a private person would be kept in the books' register than the shop chose."""
    export.set_shop(private_data="minimal")
    private = shop.add("ada@example.com")
    company = shop.add("c@example.com", company="Bolaget AB")
    export.run_customers()
    card = fortnox.card(f"demo-{private}")
    assert (card["Name"], card["CountryCode"]) == ("Ada Lovelace", "SE")
    assert not any(card[name] for name in ("Address1", "ZipCode", "City", "Phone1"))
    assert fortnox.card(f"demo-{company}")["Address1"] == "Storgatan 1"


def test_import_makes_and_changes_accounts_and_repeats_without_writes(
    importing: StepRunner, shop: Shop, fortnox: Fortnox
):
    """New customers of the bookkeeper never reach the shop, or are written again every day."""
    fortnox.add("500", Name="Bo Ek", Email="bo@example.com", City="Orten", CountryCode="SE")
    fortnox.add("501", Name="Utan Post", City="Orten")
    fortnox.add("502", Name="Firman AB", Type="COMPANY", Email="f@example.com", CountryCode="SE")
    mine = shop.add("mine@example.com")
    store = importing.world.woocommerce
    store.data.customers[int(mine)] = store.data.customers[int(mine)] | {"username": "hemligt"}
    fortnox.add("503", Name="Ada Lovelace", Email="Mine@example.com", City="Ny stad")
    store.faults.forget_requests()

    first = importing.run_customers()

    assert first.state == "success", first.report
    account = shop.account("bo@example.com")
    assert (account["billing"]["first_name"], account["billing"]["last_name"]) == ("Bo", "Ek")
    assert (account["billing"]["country"], account["role"]) == ("SE", "customer")
    assert shop.account("f@example.com")["billing"]["company"] == "Firman AB"
    assert shop.writes() == ["POST /wp-json/wc/v3/customers/batch"]
    # The two differ in the city, and nobody knows which is right.
    assert held(first) == {mine: "customer_conflict"}
    assert shop.account("mine@example.com")["username"] == "hemligt"

    for _ in range(2):
        store.faults.forget_requests()
        fortnox.forget()
        again = importing.run_customers()
        assert again.state == "success"
        assert (shop.writes(), fortnox.writes()) == ([], [])

    fortnox.edit("500", City="Stad")
    store.faults.forget_requests()
    changed = importing.run_customers()
    assert changed.report["counts"]["updated"] == 1
    assert shop.account("bo@example.com")["billing"]["city"] == "Stad"
    assert shop.account("bo@example.com")["billing"]["first_name"] == "Bo"


def test_a_refused_account_is_held_and_its_neighbours_are_made(
    importing: StepRunner, shop: Shop, fortnox: Fortnox
):
    """One bad e-mail address would stop a hundred customers."""
    fortnox.add("510", Name="Bo Ek", Email="inte en @adress", CountryCode="SE")
    fortnox.add("511", Name="Cy Ek", Email="cy@example.com", CountryCode="SE")
    run = importing.run_customers()
    assert run.state == "success", run.report
    rows = {row["customer_number"]: row["code"] for row in run.report["held"]}
    assert rows == {"510": "shop_refused_customer"}
    assert shop.account("cy@example.com")


def test_guests_and_staff_get_no_account(importing: StepRunner, shop: Shop, fortnox: Fortnox):
    """Who bought as a guest would be sent a password; an administrator's address would change."""
    fortnox.add("demo-g0123456789ab", Name="Gäst", Email="guest@example.com")
    store = importing.world.woocommerce
    (admin,) = [c for c in store.data.customers.values() if c["role"] == "administrator"][:1]
    fortnox.add("520", Name="Någon Annan", Email=admin["email"], City="Annan stad")
    run = importing.run_customers()
    assert run.state == "success"
    assert "guest@example.com" not in {c["email"] for c in store.data.customers.values()}
    assert store.data.customers[admin["id"]] == admin


def test_the_report_names_nobody(export: StepRunner, shop: Shop, fortnox: Fortnox):
    """XComs and reports are read by people who may not see the customers."""
    shop.add("ada@example.com")
    run = export.run_customers()
    (rows,) = (export.folder / "reports").rglob("customers.json.gz")
    text = json.dumps(run.report) + gzip.decompress(rows.read_bytes()).decode()
    for personal in ("Lovelace", "ada@", "Storgatan", "123 456"):
        assert personal not in text
    memory = (export.folder / "staging" / "fortnox_demo" / "customers-demo.json").read_text()
    assert "Lovelace" not in memory
    assert "ada@" not in memory
