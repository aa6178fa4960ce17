"""The tasks of the payouts DAG; approval is the orders' own."""

from typing import Any

from airflow.sdk import Context

from fortnox.operators.base import FortnoxOperator, ShopOperator


class FortnoxCollectPayoutsOperator(ShopOperator):
    """First task: reads every settlement report in the shop's folder, and opens the run.

    Calls nobody and moves no file: what is booked is known from Fortnox.
    """

    def work(self, context: Context) -> Any:
        """The run, and a pointer to the payouts."""
        from fortnox.steps.payouts import collect_payouts  # noqa: PLC0415 - at task time only

        return collect_payouts(context, self.shop)


class FortnoxPlanPayoutsOperator(FortnoxOperator):
    """Which vouchers are missing in Fortnox. Reads Fortnox, writes nothing.

    Args:
        collected: The XCom of the first task.
    """

    ui_color = "#fef7e0"
    template_fields = ("collected",)

    def __init__(self, *, collected: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.collected = collected

    def work(self, context: Context) -> Any:
        """The plan, in the form that ``approve`` reads."""
        from fortnox.steps.payouts import plan_vouchers  # noqa: PLC0415 - as above

        return plan_vouchers(context, self.collected)


class FortnoxApplyPayoutsOperator(FortnoxOperator):
    """Writes the approved vouchers, in the company's pool and under its lease.

    Args:
        collected: The XCom of the first task.
        planned: The XCom of ``plan``.
        chunk: The approved vouchers.
    """

    ui_color = "#fce8e6"
    template_fields = ("collected", "planned", "chunk")

    def __init__(self, *, collected: Any, planned: Any, chunk: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.collected = collected
        self.planned = planned
        self.chunk = chunk

    def work(self, context: Context) -> Any:
        """What was done: counts, and a pointer to what was held."""
        from fortnox.steps.payouts import apply_vouchers  # noqa: PLC0415 - as above

        return apply_vouchers(context, self.collected, self.planned, self.chunk)


class FortnoxReconcilePayoutsOperator(FortnoxOperator):
    """Proves vouchers and clearing accounts; pushes the report and decides the run's colour.

    Raises:
        AirflowFailException: Something differs, or could not be proven.
    """

    ui_color = "#e8f0fe"

    def work(self, context: Context) -> Any:
        """Verdict and headline; the report itself stands under its own key."""
        from fortnox.steps.payouts_reconcile import prove_payouts  # noqa: PLC0415 - as above

        return prove_payouts(context)
