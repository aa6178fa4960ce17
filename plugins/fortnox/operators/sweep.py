"""The one task of the sweep."""

from typing import Any

from airflow.sdk import Context

from fortnox.operators.base import FortnoxOperator


class FortnoxSweepOperator(FortnoxOperator):
    """Compares the ids of both sides over the last ``sweep_days``; pushes a report, writes nothing.

    Args:
        shop: Key of the shop in shops.csv.

    Raises:
        AirflowFailException: Something is missing, too much or there twice.
    """

    ui_color = "#e8f0fe"

    def __init__(self, *, shop: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.shop = shop

    def work(self, context: Context) -> Any:
        """Verdict and headline; the report itself stands under its own key."""
        from fortnox.steps.sweep import sweep_shop  # noqa: PLC0415 - at task time only

        return sweep_shop(context, self.shop)
