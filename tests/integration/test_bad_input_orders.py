"""One day with every awkward order at once: each is held with its reason, the others are booked.

One run of the daily DAG over a crafted shop; every test reads what that run left.
"""

import base64
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import requests
from tests.support.airflow_runs import ROOT, DayRun, DayRunner
from tests.support.captured import all_files, all_xcoms, printed
from tests.support.shop_orders import PERSONAL, fee, item, order, shop_with
from tests.support.worlds import CLIENT_ID, CLIENT_SECRET, World, world

from fortnox.sandbox.faults import FaultRule
from fortnox.sandbox.fortnox import auth
from fortnox.sandbox.woocommerce import DEFAULT_KEY, DEFAULT_SECRET

DAY = date(2026, 5, 6)
NOON = datetime(2026, 5, 6, 10, 0, tzinfo=UTC)
DAG_ID = "fortnox_orders_daily__demo"

#: Fortnox names people in its refusals; none of it may get any further.
TALKATIVE = (
    '{"ErrorInformation":{"error":1,"code":2000777,"message":"Kunden \\"Ragnhild Hemligsson\\" '
    '(ragnhild@hemligsson.example, 850101-1236) kan inte sparas."}}'
)
NO_RATE = {"total": "100.00", "total_tax": "17.00", "taxes": [{"id": 7017, "total": "17.00"}]}

#: Booked: a plain sale, and one whose unit price does not divide, named in signs Fortnox refuses.
GOOD = (
    order(9101, item("100.00", 25), made_utc=NOON),
    order(9102, item("200.00", 12, quantity=3, name='Kopp "Åre" ☕ <ny>'), made_utc=NOON),
)
#: The first one is the first customer that the run creates: the refusal above is about that card.
AWKWARD = (
    order(9001, item("10.00", 25), made_utc=NOON),
    order(9002, item("125.00", 25), made_utc=NOON, payment_method="paysafe"),
    order(9003, item("50.00", None), made_utc=NOON),
    order(9004, item("117.00", None, **NO_RATE), made_utc=NOON, tax_lines=[]),
    order(9005, item("117.00", 17), made_utc=NOON),
    order(9006, item("10.00", 25), fees=[fee("20.00", 0)], made_utc=NOON),
    order(9007, item("30.00", 0), made_utc=NOON),
    order(9008, made_utc=NOON, total="77.00"),
    order(9009, item("80.00", 25, sku=""), made_utc=NOON),
    order(9010, item("90.00", 25, sku="UTGÅTT"), made_utc=NOON),
    order(9011, item("200.00", 12), made_utc=NOON, total="-"),
)
#: Order -> its amount in the shop, code, words of the reason, words of the remedy.
HELD: dict[str, tuple[int, str, str, str]] = {
    "9001": (1000, "fortnox_2000777", "Fortnox refuses: Kunden", "in Fortnox or in the mapping"),
    "9002": (
        12500,
        "unmapped_payment_method",
        'payment method "paysafe" has no row in document_types.csv',
        "Add a row for shop demo and this payment method",
    ),
    "9003": (5000, "no_vat_rate", "has no VAT rate in the shop", "Give it a tax rate in the shop"),
    "9004": (
        11700,
        "unknown_vat_rate",
        "the order does not say which VAT rate it has",
        "Correct the line's tax in the shop",
    ),
    "9005": (
        11700,
        "unmapped_account",
        "no sales account for goods to SE at 17 % on 2026-05-06",
        "Add the row to accounts.csv (shop demo)",
    ),
    "9006": (
        3000,
        "fortnox_2001304",
        "Kunde inte hitta konto",
        "Add or activate the account in that financial year",
    ),
    "9007": (3000, "fortnox_9000001", 'Konto "3004" är inte aktivt', "Activate the account"),
    "9008": (7700, "no_lines", "has no lines", "by hand, or correct it in the shop"),
    "9009": (
        8000,
        "missing_sku",
        "has no SKU, and row_articles is number",
        "Give the product a SKU",
    ),
    "9010": (
        9000,
        "fortnox_2001302",
        "Kunde inte hitta artikel",
        "Create the article in Fortnox",
    ),
    "9011": (0, "unreadable_amount", "not an amount in whole öre", "Correct the amount"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Aftermath:
    """The run, the world that it left, and everything that it showed."""

    run: DayRun
    world: World
    printed: str
    shown: str
    #: Access tokens, as the sandbox saw them.
    tokens: frozenset[str]


@pytest.fixture(scope="module")
def aftermath(
    tmp_path_factory: pytest.TempPathFactory, airflow_database: None
) -> Iterator[Aftermath]:
    """The awkward day, run once."""
    folder = tmp_path_factory.mktemp("awkward")
    with world(shop_with([*AWKWARD, *GOOD])) as made:
        _make_books(made)
        runner = DayRunner(world=made, folder=folder, mappings=_mappings(folder), _count=[7000])
        with printed() as seen, _tokens() as tokens:
            run = runner.run(DAY)
        shown = "\n".join([seen.text, all_xcoms(DAG_ID), all_files(folder / "reports")])
        yield Aftermath(
            run=run, world=made, printed=seen.text, shown=shown, tokens=frozenset(tokens)
        )


@contextmanager
def _tokens() -> Iterator[set[str]]:
    """Collect every token that the sandbox Fortnox gives out or is shown; it keeps hashes only."""
    seen: set[str] = set()
    digest = auth._digest

    def noted(value: str) -> str:
        seen.add(value)
        return digest(value)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(auth, "_digest", noted)
        yield seen


def _make_books(made: World) -> None:
    """One article, one account switched off, and one refusal that names the buyer."""
    control = f"{made.fortnox_url}/_sandbox"
    article = {"Article": {"ArticleNumber": "MUGG-1", "Description": "Mugg"}}
    act = {"method": "POST", "path": "articles", "body": article}
    requests.post(f"{control}/act", json=act, timeout=10).raise_for_status()
    off = requests.put(f"{control}/accounts/3004", json={"active": False}, timeout=10)
    off.raise_for_status()
    made.faults.add(
        FaultRule(
            method="POST", path="/3/customers", kind="status_before", status=400, body=TALKATIVE
        )
    )


def _mappings(folder: Path) -> Path:
    """The standard set with SKUs as article numbers, and an account that Fortnox lacks."""
    mappings = folder / "mappings"
    shutil.copytree(ROOT / "include" / "mappings", mappings)
    shops = mappings / "shops.csv"
    shops.write_text(shops.read_text().replace(",text,net,by_virtual", ",number,net,by_virtual"))
    with (mappings / "accounts.csv").open("a") as file:
        file.write("demo,fee,SE,0,3999,,,,\n")
    return mappings


@pytest.mark.parametrize("order_id", HELD)
def test_each_awkward_order_is_held_with_its_reason_and_remedy(
    order_id: str, aftermath: Aftermath
) -> None:
    """The accountant would see an order missing, or a reason that says nothing."""
    amount_ore, code, reason, remedy = HELD[order_id]
    held = [item for item in aftermath.run.report["held"] if item["order_id"] == order_id]

    assert [item["code"] for item in held] == [code]
    assert held[0]["amount_ore"] == amount_ore
    assert reason in held[0]["reason"]
    assert remedy in held[0]["remedy"]


def test_the_rest_is_booked_and_the_day_reconciles(aftermath: Aftermath) -> None:
    """One bad order would keep the whole day out of the books."""
    report = aftermath.run.report
    good_ore = sum(int(Decimal(each["total"]) * 100) for each in GOOD)

    assert aftermath.run.state == "success"
    assert set(aftermath.run.tasks.values()) == {"success"}
    assert report["verdict"] == "held"
    assert report["headline"] == f"Reconciled, {len(HELD)} held, difference 0.00 SEK"
    assert report["counts"]["orders"] == len(GOOD) + len(AWKWARD)
    assert report["counts"]["booked"] == len(GOOD)
    assert report["differences"] == []
    assert report["totals_ore"] == {
        "shop": good_ore + sum(amount for amount, *_ in HELD.values()),
        "documents": good_ore,
        "held": sum(amount for amount, *_ in HELD.values()),
        "ledger": good_ore,
        "difference": 0,
    }


def test_only_the_good_orders_stand_booked_in_fortnox(aftermath: Aftermath) -> None:
    """A held order would have moved money all the same."""
    invoices = aftermath.world.fortnox.table("invoices").values()
    booked = {each["ExternalInvoiceReference1"] for each in invoices if each["Booked"]}
    unbooked = [each for each in invoices if not each["Booked"]]

    assert booked == {"demo:9101", "demo:9102"}
    # Fortnox refuses an inactive account only when the invoice is bookkept.
    assert [each["ExternalInvoiceReference1"] for each in unbooked] == ["demo:9007"]


def test_a_held_draft_is_named_by_its_invoice(aftermath: Aftermath) -> None:
    """Nobody would find the document that stands unbooked in Fortnox."""
    [draft] = [
        each
        for each in aftermath.world.fortnox.table("invoices").values()
        if each["ExternalInvoiceReference1"] == "demo:9007"
    ]
    [held] = [each for each in aftermath.run.report["held"] if each["order_id"] == "9007"]

    assert held["reason"].startswith(f"invoice {draft['DocumentNumber']}: ")


def test_preflight_names_the_accounts_that_are_wrong(aftermath: Aftermath) -> None:
    """Fortnox's "Kunde inte hitta konto" does not say which account: the warning before does."""
    assert "account 3004 is not active in 2026-01-01 to 2026-12-31" in aftermath.printed
    assert "account 3999 is not in the chart of 2026-01-01 to 2026-12-31" in aftermath.printed


def test_nothing_shown_holds_personal_data(aftermath: Aftermath) -> None:
    """Names and addresses would lie in logs and reports that more people read for longer."""
    # What is searched really is the run: its log, its XComs and both kinds of report file.
    assert "3 created, 2 booked, 4 held" in aftermath.printed
    assert "unmapped_payment_method" in all_xcoms(DAG_ID)
    assert "orders-0.json.gz" in aftermath.shown
    assert "summary.json" in aftermath.shown

    text = aftermath.shown.lower()
    assert [word for word in PERSONAL if word.lower() in text] == []


def test_nothing_shown_holds_a_secret(aftermath: Aftermath) -> None:
    """Who can read a log could write into the company's books."""
    basic = [
        base64.b64encode(f"{name}:{secret}".encode()).decode()
        for name, secret in ((CLIENT_ID, CLIENT_SECRET), (DEFAULT_KEY, DEFAULT_SECRET))
    ]
    secrets = [CLIENT_SECRET, DEFAULT_KEY, DEFAULT_SECRET, *basic, *aftermath.tokens]

    assert aftermath.tokens
    assert [secret for secret in secrets if secret in aftermath.shown] == []
