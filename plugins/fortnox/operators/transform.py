"""Task ``transform``: canonical orders x mappings -> wanted invoices, and what is held."""

from typing import Any

from airflow.sdk import Context

from fortnox.operators.base import RunOperator


class FortnoxTransformOperator(RunOperator):
    """Calls nobody: files in, files out.

    Args:
        run: The first task's XCom.
        extracted: The XCom of ``extract``.
    """

    ui_color = "#fef7e0"
    template_fields = ("run", "extracted")

    def __init__(self, *, extracted: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.extracted = extracted

    def work(self, context: Context) -> Any:
        """Pointers to the staged invoices and held orders."""
        from fortnox.steps.transform import transform_orders  # noqa: PLC0415 - as in extract

        return transform_orders(context, self.run, self.extracted)
