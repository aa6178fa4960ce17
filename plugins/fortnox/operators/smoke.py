"""Task ``smoke``: one marked test order through a test company and out again."""

from typing import Any

from airflow.sdk import Context

from fortnox.operators.base import ShopOperator


class FortnoxSmokeOperator(ShopOperator):
    """Refused unless the Fortnox connection says that its company is a test one.

    Raises:
        FatalError: No test company.
        AirflowFailException: A check failed; the report is pushed.
    """

    def work(self, context: Context) -> Any:
        """Verdict and order id; the checks stand under the report's key."""
        from fortnox.steps.smoke import smoke_test  # noqa: PLC0415 - at task time only

        return smoke_test(context, self.shop)
