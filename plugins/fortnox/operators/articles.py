"""The tasks of the articles and stock DAGs."""

from typing import Any

from airflow.sdk import Context

from fortnox.operators.approve import FortnoxApproveOperator
from fortnox.operators.base import ChunkOperator, ProofOperator, RunOperator, ShopOperator


class FortnoxOpenArticlesOperator(ShopOperator):
    """First task: opens the run; its window begins where the last one read.

    Args:
        shop: Key of the shop in shops.csv.
        resource: ``articles`` or ``stock``.
    """

    ui_color = "#e8f0fe"

    def __init__(self, *, resource: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.resource = resource

    def work(self, context: Context) -> Any:
        """The run."""
        from fortnox.steps.articles import open_articles  # noqa: PLC0415 - at task time only

        return open_articles(context, self.shop, self.resource)


class FortnoxExtractArticlesOperator(RunOperator):
    """Reads the shop's articles: what changed since the last run, or all of them.

    Args:
        run: The first task's XCom.
        resource: ``articles`` or ``stock``.
    """

    ui_color = "#e6f4ea"
    template_fields = ("run",)

    def __init__(self, *, resource: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.resource = resource

    def work(self, context: Context) -> Any:
        """A pointer to the articles."""
        from fortnox.steps.articles import extract_articles  # noqa: PLC0415 - as above

        return extract_articles(context, self.run, self.resource)


class FortnoxPlanArticlesOperator(RunOperator):
    """Reads Fortnox's articles, compares and decides. Writes nothing.

    Args:
        run: The first task's XCom.
        extracted: The XCom of ``extract``.
        resource: ``articles`` or ``stock``.
    """

    ui_color = "#fef7e0"
    template_fields = ("run", "extracted")

    def __init__(self, *, extracted: Any, resource: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.extracted = extracted
        self.resource = resource

    def work(self, context: Context) -> Any:
        """The plan, with the reasons for which a person must see it."""
        from fortnox.steps.articles import plan_articles  # noqa: PLC0415 - as above

        return plan_articles(context, self.run, self.extracted, self.resource)


class FortnoxApproveArticlesOperator(FortnoxApproveOperator):
    """Asks a person when the plan would change, or empty, more than shops.csv allows."""

    def question(self) -> str:
        """What the person reads; markdown."""
        reasons = "\n".join(f"- {reason}" for reason in self.planned["approval_reasons"])
        return (
            f"{reasons}\n\n"
            "| what | number |\n|---|---|\n"
            f"| articles to create | {self.planned['create']} |\n"
            f"| articles to change | {self.planned['update']} |\n"
            f"| articles that stay | {self.planned['unchanged']} |\n"
        )


class FortnoxApplyArticlesOperator(ChunkOperator):
    """Writes the approved changes, in the company's pool and under its lease.

    Args:
        run: The first task's XCom.
        planned: The XCom of ``plan``.
        chunk: One staged piece of the plan.
        resource: ``articles`` or ``stock``.
    """

    ui_color = "#fce8e6"
    template_fields = ("run", "planned", "chunk")

    def __init__(self, *, resource: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.resource = resource

    def work(self, context: Context) -> Any:
        """What was done: counts, and pointers to what was written and held."""
        from fortnox.steps.articles_apply import apply_articles  # noqa: PLC0415 - as above

        return apply_articles(context, self.run, self.planned, self.chunk, self.resource)


class FortnoxReconcileArticlesOperator(ProofOperator):
    """Reads both sides once more; pushes the report and decides the run's colour.

    Args:
        first_task_id: The task that opened the run.
        resource: ``articles`` or ``stock``.

    Raises:
        AirflowFailException: Something differs, or could not be compared.
    """

    ui_color = "#e8f0fe"

    def __init__(self, *, resource: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.resource = resource

    def work(self, context: Context) -> Any:
        """Verdict and headline; the report itself stands under its own key."""
        from fortnox.steps.articles_reconcile import prove_articles  # noqa: PLC0415 - as above

        return prove_articles(context, self.first_task_id, self.resource)
