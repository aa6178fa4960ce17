"""Which days are driven again, decided from the index and a plan of now."""

from datetime import date, timedelta
from typing import Any

from tests.support.builders import DAY, day_window, head, line, mappings, order, shop_row

from fortnox.core.documents import Held
from fortnox.core.held_again import day_to_drive, freed, missing_sale_days, waiting_days
from fortnox.core.transform import transform

TODAY = date(2026, 5, 6)


def entry(*waiting: tuple[str, str]) -> dict[str, Any]:
    """A day of the index that holds these."""
    return {"waiting": [{"kind": kind, "order_id": order_id} for kind, order_id in waiting]}


def held(order_id: str, kind: Any = "order", code: str = "x") -> Held:
    """Something held."""
    return Held(
        kind=kind, order_id=order_id, order_number=order_id, amount_ore=1, code=code, reason="",
        remedy="",
    )  # fmt: skip


def test_only_days_of_the_last_month_with_orders_that_wait() -> None:
    """Each hour a year of old holds would be asked for, or a day that is not over be run."""
    entries = {
        "2026-05-06": entry(("order", "9")),
        "2026-05-05": entry(("order", "1"), ("refund", "2")),
        "2026-05-04": entry(("document", "3")),
        "2026-05-03": {},
        "2026-04-05": entry(("order", "5")),
        "2026-04-04": entry(("order", "4")),
    }
    assert waiting_days(entries, today=TODAY) == {
        date(2026, 4, 5): {("order", "5")},
        date(2026, 5, 5): {("order", "1"), ("refund", "2")},
    }


def test_what_a_plan_of_now_does_not_hold_is_free() -> None:
    """A mended order would wait for a person who has done their part."""
    free, still = order(order_id="1"), order(line("9.00", None), order_id="2")
    wanted = transform([free, still], (), shop=shop_row(), mappings=mappings(), window=day_window())
    assert [item.order_id for item in wanted.held] == ["2"]

    keys = {("order", "1"), ("order", "2"), ("order", "gone")}
    found = freed(keys, wanted.held, wanted.invoices)
    assert set(found) == {("order", "1"), ("order", "gone")}
    assert found["order", "1"].startswith("demo:1=demo:2026-05-04:")
    # What the plan holds is not free, whatever the mapping says.
    assert ("order", "1") not in freed(keys, [*wanted.held, held("1")], wanted.invoices)


def test_one_situation_is_one_run_a_day() -> None:
    """Each hour would start another run of the same day."""
    one = day_to_drive(DAY, {("order", "1"): "a"}, today=TODAY)
    assert one.run_id.startswith("held_again__2026-05-04__2026-05-06__")
    assert one == day_to_drive(DAY, {("order", "1"): "a"}, today=TODAY)
    others = [
        day_to_drive(DAY, {("order", "1"): "b"}, today=TODAY),
        day_to_drive(DAY, {("order", "1"): "a", ("order", "2"): ""}, today=TODAY),
        day_to_drive(DAY, {("order", "1"): "a"}, today=TODAY + timedelta(days=1)),
    ]
    assert len({one.run_id, *(other.run_id for other in others)}) == 4


def test_a_refund_brings_its_sales_day_along() -> None:
    """The refund would wait until somebody finds out which day its sale belongs to."""
    heads = {"1": head("1"), "2": head("2")}
    waiting = [held("1", "refund", "sale_not_in_fortnox"), held("2", "refund")]

    def days(shop: Any, closed: date | None = None) -> Any:
        return missing_sale_days(
            waiting, heads, shop=shop, mappings=mappings(), closed_through=closed
        )

    assert days(shop_row()) == {DAY: {("order", "1"): "sale_not_in_fortnox"}}
    assert days(shop_row(), DAY) == {}
    assert days(shop_row(books_closed_through=DAY)) == {}
    assert days(shop_row(start_date=DAY + timedelta(days=1))) == {}
