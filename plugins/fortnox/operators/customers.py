"""The tasks of the customers DAG, thin; the work is in ``fortnox.steps.customers*``."""

from typing import Any

from airflow.sdk import Context

from fortnox.operators.base import FortnoxOperator


class FortnoxOpenCustomersOperator(FortnoxOperator):
    """Makes the run's window: from where the last good run ended, until now.

    Args:
        shop: Key of the shop in shops.csv.
    """

    ui_color = "#e8f0fe"

    def __init__(self, *, shop: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.shop = shop

    def work(self, context: Context) -> Any:
        """The run, as later tasks take it."""
        from fortnox.steps.customers import open_customers  # noqa: PLC0415 - at task time only

        return open_customers(context, self.shop)


class FortnoxExtractCustomersOperator(FortnoxOperator):
    """Reads the shop's accounts: all once a day, in between those that may have changed.

    Args:
        run: The first task's XCom.
    """

    ui_color = "#e6f4ea"
    template_fields = ("run",)

    def __init__(self, *, run: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.run = run

    def work(self, context: Context) -> Any:
        """A pointer to the staged accounts."""
        from fortnox.steps.customers import extract_customers  # noqa: PLC0415 - as above

        return extract_customers(context, self.run)


class FortnoxPlanCustomersOperator(FortnoxOperator):
    """Compares both sides; writes nothing.

    Args:
        run: The first task's XCom.
        read: The XCom of ``extract``.
    """

    ui_color = "#fef7e0"
    template_fields = ("run", "read")

    def __init__(self, *, run: Any, read: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.run = run
        self.read = read

    def work(self, context: Context) -> Any:
        """The plan: counts, reasons for approval, pointers to its chunks."""
        from fortnox.steps.customers import plan_customers  # noqa: PLC0415 - as above

        return plan_customers(context, self.run, self.read)


class FortnoxApplyCustomersOperator(FortnoxOperator):
    """Writes one piece of the plan, in the direction that events.csv says.

    Args:
        run: The first task's XCom.
        planned: The XCom of ``plan``.
        chunk: One staged piece of the plan.
    """

    ui_color = "#fce8e6"
    template_fields = ("run", "planned", "chunk")

    def __init__(self, *, run: Any, planned: Any, chunk: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.run = run
        self.planned = planned
        self.chunk = chunk

    def work(self, context: Context) -> Any:
        """What was written and what was refused."""
        from fortnox.steps.customers_apply import apply_customers  # noqa: PLC0415 - as above

        return apply_customers(context, self.run, self.planned, self.chunk)


class FortnoxReconcileCustomersOperator(FortnoxOperator):
    """Reads back what was written, pushes the report, remembers what both sides agree on.

    Args:
        first_task_id: The task that opened the run.

    Raises:
        AirflowFailException: A step did not deliver, or a write is not to be seen.
    """

    ui_color = "#e8f0fe"

    def __init__(self, *, first_task_id: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.first_task_id = first_task_id

    def work(self, context: Context) -> Any:
        """Verdict and headline; the report stands under its own key."""
        from fortnox.steps.customers_prove import prove_customers  # noqa: PLC0415 - as above

        return prove_customers(context, self.first_task_id)
