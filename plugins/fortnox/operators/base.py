"""What our operators share: a failure leaves its sentence where the report finds it, and inputs."""

from abc import abstractmethod
from collections.abc import Sequence
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


class ShopOperator(FortnoxOperator):
    """Begins with a shop.

    Args:
        shop: Key of the shop in shops.csv.
    """

    ui_color = "#e8f0fe"

    def __init__(self, *, shop: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.shop = shop


class RunOperator(FortnoxOperator):
    """Goes on with a run.

    Args:
        run: The first task's XCom.
    """

    ui_color = "#e6f4ea"
    template_fields: Sequence[str] = ("run",)

    def __init__(self, *, run: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.run = run


class ChunkOperator(RunOperator):
    """Carries out one piece of a plan; mapped over all of them.

    Args:
        run: The first task's XCom.
        planned: The XCom of ``plan``.
        chunk: One staged piece of the plan.
    """

    ui_color = "#fce8e6"
    template_fields = ("run", "planned", "chunk")

    def __init__(self, *, planned: Any, chunk: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.planned = planned
        self.chunk = chunk


class ProofOperator(FortnoxOperator):
    """Proves a run, whatever became of it.

    Args:
        first_task_id: The task that opened the run.
    """

    ui_color = "#e8f0fe"

    def __init__(self, *, first_task_id: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.first_task_id = first_task_id
