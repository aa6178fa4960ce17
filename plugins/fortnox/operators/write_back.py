"""Task ``write_back``: document number and status as meta of the shop's orders."""

from typing import Any

from airflow.sdk import Context

from fortnox.operators.base import RunOperator


class FortnoxWriteBackOperator(RunOperator):
    """Tells the orders what became of them; never fails, for the books are proven already."""

    def work(self, context: Context) -> Any:
        """Counts of orders, and why not all were told."""
        from fortnox.steps.write_back import write_back  # noqa: PLC0415 - at task time only

        return write_back(context, self.run)
