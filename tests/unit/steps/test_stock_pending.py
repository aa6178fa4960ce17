"""Pieces that Fortnox has not heard of: none lost, none counted twice."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.support.builders import head, line, mappings, order, shop_row

from fortnox.api.lanes import Lanes
from fortnox.core.window import modified_window
from fortnox.steps.run import Run
from fortnox.steps.staging import StagingArea
from fortnox.steps.stock_pending import pending_quantities

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)


class Shop:
    """Orders 1 to 4, each of two mugs; what it was asked for."""

    def __init__(self, statuses: dict[str, str]) -> None:
        self.statuses = statuses
        self.since = NOW

    def heads_created(self, start: datetime, end: datetime) -> Iterator[Any]:
        self.since = start
        return (head(uid, status=status) for uid, status in self.statuses.items())

    def orders(self, ids: Iterable[str]) -> Iterator[Any]:
        for uid in ids:
            yield order(line(quantity="2"), order_id=uid)

    def has_taken(self, one: Any) -> bool:
        return bool(one.status == "processing")


class Fortnox:
    """Lists of invoices and orders by reference: reference -> whether it is cancelled."""

    def __init__(self, invoices: dict[str, bool], orders: dict[str, bool]) -> None:
        self._found = {"invoices": invoices, "orders": orders}
        self.lanes = Lanes(1)

    def list(self, path: str, key: str, **params: Any) -> Iterator[dict[str, Any]]:
        asked = str(params.get("externalinvoicereference1", ""))
        for number, (reference, cancelled) in enumerate(self._found[path].items(), start=1):
            if asked in reference:
                yield {
                    "DocumentNumber": str(number), "ExternalInvoiceReference1": reference,
                    "ExternalInvoiceReference2": "", "Booked": True, "Cancelled": cancelled,
                    "Currency": "SEK", "Total": 125, "Balance": 0, "InvoiceDate": "2026-05-19",
                    "OrderDate": "2026-05-19",
                }  # fmt: skip


def run(tmp_path: Path, **columns: Any) -> Run:
    """A stock run of now."""
    return Run(
        window=modified_window(NOW - timedelta(hours=1), NOW),
        shop=shop_row(**columns),
        mappings=mappings(),
        staging=StagingArea(
            base=str(tmp_path), conn_id="c", shop="demo", label="x", dag_id="d", run_id="r"
        ),
        opened_at=NOW,
        fingerprint="",
        dag_id="d",
        run_id="r",
    )


@pytest.mark.parametrize(
    ("invoices", "orders", "pieces"),
    [
        ({}, {}, 4),
        ({"demo:1": False}, {}, 2),
        ({}, {"demo:1": False}, 2),
        ({"demo:1": False}, {"demo:2": False}, 0),
        ({"demo:1": True}, {}, 4),
        ({"demo:1": True}, {"demo:1": False}, 2),
        ({"demo:11": False}, {"demo:2": True}, 4),
    ],
)
def test_an_invoice_or_an_order_is_heard_of_and_a_cancelled_one_is_not(
    tmp_path: Path, invoices: dict[str, bool], orders: dict[str, bool], pieces: int
) -> None:
    """A reserved sale would be taken off twice, or one that is held be sold again."""
    shop: Any = Shop({"1": "processing", "2": "processing", "3": "pending"})
    fortnox: Any = Fortnox(invoices, orders)
    found = pending_quantities(shop, shop, fortnox, run(tmp_path))
    assert found.get("MUGG", 0) == pieces


def test_it_looks_as_far_back_as_a_sale_can_wait_and_not_before_the_start(tmp_path: Path) -> None:
    """A sale that was held for a month would be sold again, or another system's counted."""
    shop: Any = Shop({})
    fortnox: Any = Fortnox({}, {})
    pending_quantities(shop, shop, fortnox, run(tmp_path, look_back_days=45))
    assert (NOW - shop.since).days == 45
    pending_quantities(shop, shop, fortnox, run(tmp_path, start_date=date(2026, 5, 18)))
    assert shop.since == datetime(2026, 5, 17, 22, tzinfo=UTC)
