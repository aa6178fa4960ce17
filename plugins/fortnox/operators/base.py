"""What all our operators share: a failure leaves its sentence where the report finds it."""

from abc import abstractmethod
from typing import Any

from airflow.sdk import BaseOperator, Context

from fortnox.core.errors import PipelineError
from fortnox.core.names import PROBLEM_KEY


class FortnoxOperator(BaseOperator):
    """Runs :meth:`work`; an error of ours is pushed as a sentence before it fails the task.

    Our messages hold neither personal data nor secrets, so they may stand in an XCom and in the
    reconciliation report, which then names the cause and the remedy instead of a log.
    """

    @abstractmethod
    def work(self, context: Context) -> Any:
        """The task's work; returns its XCom."""

    def execute(self, context: Context) -> Any:
        """Work, and tell why not."""
        try:
            return self.work(context)
        except PipelineError as error:
            context["ti"].xcom_push(key=PROBLEM_KEY, value=str(error))
            raise
