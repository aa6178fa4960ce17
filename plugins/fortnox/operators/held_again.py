"""Task ``look``: which held documents would go through now?"""

from typing import Any

from airflow.sdk import Context

from fortnox.operators.base import FortnoxOperator


class FortnoxHeldAgainOperator(FortnoxOperator):
    """Plans what is held once more; returns the days whose run is worth it, to be triggered.

    Args:
        shop: Key of the shop in shops.csv.

    Raises:
        AirflowSkipException: Nothing is held, or everything still is.
    """

    ui_color = "#e8f0fe"

    def __init__(self, *, shop: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.shop = shop

    def work(self, context: Context) -> Any:
        """Run ids and params for Airflow's trigger."""
        from fortnox.steps.held_again import look_again  # noqa: PLC0415 - at task time only

        return look_again(context, self.shop)
