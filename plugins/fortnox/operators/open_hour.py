"""First and last task of the hourly DAG: the watermark (rules of the scheduler 7).

The window is not Airflow's interval: with an interval, an outage would lose its hours for ever.
It runs from where the last successful run ended, minus an overlap, to now minus a clock skew.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import Asset, Context

from fortnox.core.window import Window, modified_window
from fortnox.operators.base import FortnoxOperator

_KEY = "orders_until"
#: Re-read of the past: what was committed late in the shop's database under an earlier time.
_OVERLAP = timedelta(minutes=10)
#: The shop's clock may be behind ours.
_SKEW = timedelta(minutes=2)
#: Without a watermark: what is older is the daily DAG's, which catches up by itself.
_FIRST_LOOK_BACK = timedelta(hours=24)


class FortnoxOpenHourOperator(FortnoxOperator):
    """Makes the run's window from the shop's watermark.

    Args:
        shop: Key of the shop in shops.csv.
        watermark: The asset whose state holds the watermark; also among ``inlets``.
    """

    ui_color = "#e8f0fe"

    def __init__(self, *, shop: str, watermark: Asset, **kwargs: Any) -> None:
        super().__init__(inlets=[watermark], **kwargs)
        self.shop = shop
        self.watermark = watermark

    def work(self, context: Context) -> Any:
        """Read the watermark and open the run."""
        from fortnox.steps.run import load_mappings, open_run  # noqa: PLC0415 - at task time only

        mappings = load_mappings(str(context["dag"].fileloc))
        now = datetime.now(UTC).replace(microsecond=0)
        stored = context["asset_state_store"][self.watermark].get(_KEY, default=None)
        window = window_since(str(stored) if stored else None, now)
        return open_run(
            context,
            shop=mappings.shop(self.shop),
            mappings=mappings,
            window=window,
            opened_at=now,
        )


class FortnoxAdvanceOperator(FortnoxOperator):
    """Moves the watermark to the end of the run's window; runs only when all before succeeded.

    Args:
        watermark: As in :class:`FortnoxOpenHourOperator`.
        run: The first task's XCom.
    """

    ui_color = "#e8f0fe"
    template_fields = ("run",)

    def __init__(self, *, watermark: Asset, run: Any, **kwargs: Any) -> None:
        super().__init__(inlets=[watermark], **kwargs)
        self.watermark = watermark
        self.run = run

    def work(self, context: Context) -> str:
        """Store the time up to which everything is carried."""
        end = Window.from_dict(self.run["window"]).end_utc
        store = context["asset_state_store"][self.watermark]
        stored = store.get(_KEY, default=None)
        newest = later_watermark(str(stored) if stored else None, end, datetime.now(UTC))
        store.set(_KEY, newest)
        return newest


def window_since(stored: str | None, now: datetime) -> Window:
    """From the watermark minus the overlap to now minus the skew; never empty, never backwards.

    A watermark in the future was stored while the clock was wrong; how long that lasted nobody
    knows, so it counts as none.
    """
    end = now - _SKEW
    start = datetime.fromisoformat(stored) if stored else now
    if not stored or start > now:
        start = now - _FIRST_LOOK_BACK
    return modified_window(min(start, end) - _OVERLAP, end)


def later_watermark(stored: str | None, end: datetime, now: datetime) -> str:
    """The watermark after a run to ``end``: never back, but for one that lies in the future."""
    if stored and end < datetime.fromisoformat(stored) <= now:
        return stored
    return end.isoformat()
