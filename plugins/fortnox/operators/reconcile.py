"""Task ``reconcile``: reads both worlds by itself, pushes the report, decides the run's colour."""

from typing import Any

from airflow.sdk import Asset, Context

from fortnox.operators.base import FortnoxOperator


class FortnoxReconcileOperator(FortnoxOperator):
    """Proves the window: shop x documents x ledger. Runs whatever became of the other tasks.

    Reconciled, held documents included: success, and for a day an event of the shop's ledger
    asset with that partition. Any difference, or a step that did not deliver: the report is
    pushed, then the task fails without retry (rules of the scheduler 10).

    Args:
        first_task_id: The task that opened the run.
        ledger: The shop's ledger asset, for daily runs.

    Raises:
        AirflowFailException: The books differ, or could not be proven.
        AirflowSkipException: An hourly run in which nothing changed.
    """

    ui_color = "#e8f0fe"

    def __init__(self, *, first_task_id: str, ledger: Asset | None = None, **kwargs: Any) -> None:
        super().__init__(outlets=[ledger] if ledger else [], **kwargs)
        self.first_task_id = first_task_id
        self.ledger = ledger

    def work(self, context: Context) -> Any:
        """Verdict and headline; the report itself stands under its own key."""
        from fortnox.steps.reconcile import prove  # noqa: PLC0415 - as in extract

        return prove(context, self.first_task_id, self.ledger)
