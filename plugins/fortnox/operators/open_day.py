"""First task of the daily DAG: which accounting day, and is it settled yet?"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from airflow.providers.standard.triggers.temporal import DateTimeTrigger
from airflow.sdk import Context

from fortnox.core.errors import FatalError
from fortnox.core.settle import settle_moment
from fortnox.core.window import accounting_day_window
from fortnox.operators.base import FortnoxOperator

#: Shorter waits are not worth a deferral, and very short ones fail in Airflow.
_SHORTEST_DEFERRAL = timedelta(minutes=1)
#: This machine's clock may be behind the scheduler's, which starts a day's run at midnight.
_SKEW = timedelta(minutes=10)


class FortnoxOpenDayOperator(FortnoxOperator):
    """Makes the run's window: one local accounting day; waits until the day is settled.

    The day is param ``day``, else the partition key. It waits, deferred, until ``settle_at`` of
    shops.csv on the day after, so that late payments of the evening are in; past days at once.

    Args:
        shop: Key of the shop in shops.csv.

    Raises:
        FatalError: No day, two different days, or a day that is not over.
    """

    ui_color = "#e8f0fe"
    template_fields: Sequence[str] = ()

    def __init__(self, *, shop: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.shop = shop

    def work(self, context: Context) -> Any:
        """Wait if need be, then open the run."""
        from fortnox.steps.run import load_mappings, open_run  # noqa: PLC0415 - at task time only

        mappings = load_mappings(str(context["dag"].fileloc))
        shop = mappings.shop(self.shop)
        day = accounting_day(context)
        window = accounting_day_window(day, shop.zone)
        now = datetime.now(UTC)
        if window.end_utc - now > _SKEW:
            raise FatalError(
                f"The accounting day {day} is not over.",
                remedy="Run it when it is over, or choose an earlier day.",
            )
        ready_at = settle_moment(day, shop)
        if ready_at - now >= _SHORTEST_DEFERRAL:
            self.log.info("%s is settled at %s; waiting", day, ready_at.isoformat())
            self.defer(trigger=DateTimeTrigger(moment=ready_at), method_name="resume")
        return open_run(
            context,
            shop=shop,
            mappings=mappings,
            window=window,
            opened_at=now,
        )

    def resume(self, context: Context, event: object = None) -> Any:  # noqa: ARG002
        """Called when the day is settled."""
        return self.execute(context)


def accounting_day(context: Context) -> date:
    """Param ``day``, else the partition key (rules of the scheduler, windows and days).

    Raises:
        FatalError: Neither, both and different, or not a date.
    """
    params: Any = context["params"]
    wanted = (params.get("day") or "").strip()
    key = (getattr(context["dag_run"], "partition_key", None) or "").strip()
    if wanted and key and wanted != key:
        raise FatalError(
            f"Param day is {wanted} and the run's partition is {key}.",
            remedy="Trigger the run with one of them.",
        )
    text = wanted or key
    if not text:
        raise FatalError(
            "This run has no accounting day.",
            remedy="Trigger it with a partition key, or with param day, such as 2026-11-20.",
        )
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise FatalError(
            f'"{text[:40]}" is not an accounting day.', remedy="Write it as 2026-11-20."
        ) from error
