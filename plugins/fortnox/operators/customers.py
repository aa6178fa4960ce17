"""The tasks of the customers DAG, thin; the work is in ``fortnox.steps.customers*``."""

from typing import Any

from airflow.sdk import Context

from fortnox.operators.base import ChunkOperator, ProofOperator, RunOperator, ShopOperator


class FortnoxOpenCustomersOperator(ShopOperator):
    """Makes the run's window: from where the last good run ended, until now."""

    def work(self, context: Context) -> Any:
        """The run, as later tasks take it."""
        from fortnox.steps.customers import open_customers  # noqa: PLC0415 - at task time only

        return open_customers(context, self.shop)


class FortnoxExtractCustomersOperator(RunOperator):
    """Reads the shop's accounts: all once a day, in between those that may have changed."""

    def work(self, context: Context) -> Any:
        """A pointer to the staged accounts."""
        from fortnox.steps.customers import extract_customers  # noqa: PLC0415 - as above

        return extract_customers(context, self.run)


class FortnoxPlanCustomersOperator(RunOperator):
    """Compares both sides; writes nothing.

    Args:
        run: The first task's XCom.
        read: The XCom of ``extract``.
    """

    ui_color = "#fef7e0"
    template_fields = ("run", "read")

    def __init__(self, *, read: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.read = read

    def work(self, context: Context) -> Any:
        """The plan: counts, reasons for approval, pointers to its chunks."""
        from fortnox.steps.customers import plan_customers  # noqa: PLC0415 - as above

        return plan_customers(context, self.run, self.read)


class FortnoxApplyCustomersOperator(ChunkOperator):
    """Writes one piece of the plan, in the direction that events.csv says."""

    def work(self, context: Context) -> Any:
        """What was written and what was refused."""
        from fortnox.steps.customers_apply import apply_customers  # noqa: PLC0415 - as above

        return apply_customers(context, self.run, self.planned, self.chunk)


class FortnoxReconcileCustomersOperator(ProofOperator):
    """Reads back what was written, pushes the report, remembers what both sides agree on.

    Raises:
        AirflowFailException: A step did not deliver, or a write is not to be seen.
    """

    def work(self, context: Context) -> Any:
        """Verdict and headline; the report stands under its own key."""
        from fortnox.steps.customers_prove import prove_customers  # noqa: PLC0415 - as above

        return prove_customers(context, self.first_task_id)
