"""Task ``plan``: wanted x what Fortnox has -> what to do, and what it will cost."""

from typing import Any

from airflow.sdk import Context

from fortnox.operators.base import RunOperator


class FortnoxPlanOperator(RunOperator):
    """Reads Fortnox, writes nothing.

    Args:
        run: The first task's XCom.
        transformed: The XCom of ``transform``.
    """

    ui_color = "#fef7e0"
    template_fields = ("run", "transformed")

    def __init__(self, *, transformed: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.transformed = transformed

    def work(self, context: Context) -> Any:
        """The plan: counts, forecast, reasons for approval, pointers to its chunks."""
        from fortnox.steps.plan import plan_invoices  # noqa: PLC0415 - as in extract

        return plan_invoices(context, self.run, self.transformed)
