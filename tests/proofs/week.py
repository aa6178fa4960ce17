"""``python -m tests.proofs.week``: a week as it goes wrong, to be found and mended from the UI.

One day was never run, one has a duplicate that somebody made by hand in Fortnox, one an invoice
that was cancelled there, one an order that was edited after its invoice. Serves Airflow's pages
(admin/admin, viewer/viewer) with both sandboxes behind them until Ctrl-C.
"""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.proofs.pages import Pages, served_pages
from tests.support.airflow_runs import ROOT, DayRun
from tests.support.end_to_end import control, stop_cleanly
from tests.support.step_runs import StepRunner
from tests.support.worlds import World, world

from fortnox.demo import stack as stacks
from fortnox.demo.world import set_columns
from fortnox.sandbox.seed import generate

DAG = "fortnox_orders_daily__demo"
DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Which day went how, and which document each is about."""

    days: tuple[date, ...]
    missing: date
    duplicate: date
    cancelled: date
    edited: date
    numbers: Mapping[date, str]


def make_week(runner: StepRunner, last: date) -> tuple[Week, list[tuple[date, DayRun]]]:
    """Runs the days, lets people do what they do, and runs those days again."""
    days = tuple(last - timedelta(days=back) for back in reversed(range(DAYS)))
    missing, duplicate, cancelled, edited = days[1], days[2], days[3], days[4]
    _leave_unbooked(runner, cancelled)
    done = [(day, runner.run(day)) for day in days if day != missing]
    numbers = {
        duplicate: _copy_by_hand(runner.world, duplicate),
        cancelled: _cancel(runner.world, cancelled),
        edited: _edit(runner.world, edited),
    }
    done += [(day, runner.run(day)) for day in (duplicate, cancelled, edited)]
    week = Week(
        days=days,
        missing=missing,
        duplicate=duplicate,
        cancelled=cancelled,
        edited=edited,
        numbers=numbers,
    )
    return week, done


def _invoices(world: World, day: date) -> list[dict[str, Any]]:
    """Ordinary sales of a day, as Fortnox has them."""
    return [
        one
        for one in world.fortnox.table("invoices").values()
        if str(one["InvoiceDate"]) == str(day) and one["Credit"] == "false"
    ]


def _leave_unbooked(runner: StepRunner, day: date) -> None:
    """On this day card payments are booked by hand: only such an invoice can be cancelled."""
    row = "*,stripe,invoice,paid,yes,0,book,,1686,,,,,,"
    runner.say(
        "document_types.csv",
        row,
        f"*,stripe,invoice,paid,yes,0,book,,1686,,,,,,{day - timedelta(days=1)}\n"
        f"*,stripe,invoice,paid,no,0,none,,,,,,,{day},{day}\n"
        f"*,stripe,invoice,paid,yes,0,book,,1686,,,,,{day + timedelta(days=1)},",
    )


def _copy_by_hand(world: World, day: date) -> str:
    """Somebody copies an invoice in Fortnox, references and all, and books the copy."""
    one = next(one for one in _invoices(world, day) if one["Booked"])
    names = ("CustomerNumber", "InvoiceDate", "DueDate", "VATIncluded")
    names += ("ExternalInvoiceReference1", "ExternalInvoiceReference2", "YourOrderNumber")
    rows = [
        {name: row[name] for name in ("Description", "Price", "DeliveredQuantity", "AccountNumber")}
        for row in one["InvoiceRows"]
    ]
    body = {**{name: one[name] for name in names}, "InvoiceRows": rows}
    number = str(world.client().create("invoices", "Invoice", body)["DocumentNumber"])
    world.client().action(f"invoices/{number}/bookkeep", "Invoice")
    return number


def _cancel(world: World, day: date) -> str:
    number = str(next(one for one in _invoices(world, day) if not one["Booked"])["DocumentNumber"])
    world.client().action(f"invoices/{number}/cancel", "Invoice")
    return number


def _edit(world: World, day: date) -> str:
    """The shop takes the freight off an order that is booked already."""
    for one in _invoices(world, day):
        order_id = str(one["ExternalInvoiceReference1"]).rpartition(":")[2]
        order = world.woocommerce.orders[int(order_id)]
        if one["Booked"] and Decimal(order["shipping_total"]):
            control(world.shop_url, "POST", f"orders/{order_id}/edit", {"changes": _free(order)})
            return str(one["DocumentNumber"])
    raise AssertionError("no booked order with freight")


def _free(order: Mapping[str, Any]) -> dict[str, Any]:
    """The order's fields without freight."""
    freight, vat = Decimal(order["shipping_total"]), Decimal(order["shipping_tax"])
    return {
        "shipping_lines": [],
        "shipping_total": "0.00",
        "shipping_tax": "0.00",
        "tax_lines": [{**line, "shipping_tax_total": "0.00"} for line in order["tax_lines"]],
        "total_tax": str(Decimal(order["total_tax"]) - vat),
        "total": str(Decimal(order["total"]) - freight - vat),
    }


@contextmanager
def served_week(port: int) -> Iterator[tuple[Pages, Week, StepRunner]]:
    """Sandboxes, week and pages, in a folder of its own that is removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="fnx-week-"))
    layout = stacks.layout_of(ROOT, folder)
    shutil.copytree(ROOT / "include" / "mappings", layout.mappings)
    last = date.today() - timedelta(days=1)  # noqa: DTZ011 - the reader's own yesterday
    shops = layout.mappings / "shops.csv"
    first = (last - timedelta(days=DAYS - 1)).isoformat()
    text = set_columns(shops.read_text(encoding="utf-8"), {"start_date": first})
    shops.write_text(text, encoding="utf-8")
    try:
        with world(generate(end_day=last, days=DAYS + 20, orders_per_day=9)) as made:
            runner = StepRunner(world=made, folder=folder, mappings=layout.mappings, _count=[0])
            week, runs = make_week(runner, last)
            folders = {k: v for k, v in runner.variables().items() if k.startswith("FORTNOX")}
            with served_pages(layout, port, folders) as pages:
                pages.put_connections(made.environment())
                pages.api.unpause(DAG)
                for day, run in runs:
                    pages.put_run(DAG, day, run)
                yield pages, week, runner
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Serves the week until Ctrl-C."""
    stop_cleanly()
    with served_week(int(os.environ.get("AIRFLOW_PORT", "8098"))) as (pages, week, _):
        print(week)
        print(f"{pages.base_url}/plugin/fortnox (admin/admin, viewer/viewer); Ctrl-C ends it")
        signal.pause()


if __name__ == "__main__":
    main()
