"""Task ``preflight``: everything that can be checked before money moves, once an hour."""

from typing import Any

from airflow.sdk import Context

from fortnox.operators.base import FortnoxOperator


class FortnoxPreflightOperator(FortnoxOperator):
    """Checks both connections, the company, closed periods, and the mappings against Fortnox.

    A wrong key or the wrong company stops the run. Anything that concerns single documents (an
    inactive account, a missing article) does not: those documents will be held, the rest goes on.

    Args:
        shop: Key of the shop in shops.csv.
        strict: Fail on every finding, and never use the cache (the preflight DAG).

    Raises:
        FatalError: Nothing can be booked until a person acts.
    """

    ui_color = "#e8f0fe"

    def __init__(self, *, shop: str, strict: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.shop = shop
        self.strict = strict

    def work(self, context: Context) -> Any:
        """The findings, fresh or of the last hour."""
        from fortnox.steps.preflight import preflight  # noqa: PLC0415 - as in extract

        return preflight(context, self.shop, strict=self.strict)
