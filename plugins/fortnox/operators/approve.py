"""Task ``approve``: a person is asked only when the plan passes a threshold of shops.csv."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from airflow.configuration import conf
from airflow.providers.standard.operators.hitl import ApprovalOperator, HITLOperator
from airflow.sdk import Context

from fortnox.core.money import format_ore

if TYPE_CHECKING:
    from fortnox.steps.staging import Pointer

#: Shorter than the run's own timeout, else no report would say why nothing was written.
RESPONSE_TIMEOUT = timedelta(hours=24)


class FortnoxApproveOperator(ApprovalOperator):
    """Returns the chunks that may be applied: all of them, or none when a person says no.

    Under the thresholds it returns at once. Unanswered for ``response_timeout`` counts as
    rejected. A guard against surprise, not a security boundary (rules of the scheduler 11).

    Args:
        planned: The XCom of ``plan``.
        response_timeout: How long a person has to answer.
    """

    template_fields: Sequence[str] = (*ApprovalOperator.template_fields, "planned")

    def __init__(
        self, *, planned: Any, response_timeout: timedelta = RESPONSE_TIMEOUT, **kwargs: Any
    ) -> None:
        super().__init__(
            subject="Book this in Fortnox? {{ dag.dag_id }} {{ run_id }}",
            defaults=self.REJECT,
            response_timeout=response_timeout,
            **kwargs,
        )
        self.planned = planned

    def execute(self, context: Context) -> list["Pointer"]:
        """Return the chunks, or ask and wait without holding a worker."""
        if self.planned.get("dry_run"):
            self.log.info("A dry run: nothing is written")
            return []
        if not self.planned["approval_reasons"]:
            return list(self.planned["chunks"])
        self.body = self.question()
        if "dry_run" in self.planned:  # a plan of orders: the run's tab shows its documents
            self.body += f"\n[What is planned for each document]({plan_url(context)})\n"
        super().execute(context)
        return []

    def question(self) -> str:
        """What the person reads; markdown."""
        return question(self.planned)

    def execute_complete(self, context: Context, event: dict[str, Any]) -> list["Pointer"]:
        """The answer: chunks to apply, none if rejected; nothing is skipped by hand."""
        answer = HITLOperator.execute_complete(self, context=context, event=event)
        if self.APPROVE in answer["chosen_options"]:
            return list(self.planned["chunks"])
        self.log.info("Not approved; nothing is written")
        return []


def plan_url(context: Context) -> str:
    """The run's tab, which shows what is planned for each document."""
    base = conf.get("api", "base_url", fallback="").rstrip("/")
    dag_id, run_id = context["dag"].dag_id, quote(context["run_id"], safe="")
    return f"{base}/dags/{dag_id}/runs/{run_id}/plugin/reconciliation"


def question(planned: Mapping[str, Any]) -> str:
    """What the person reads; markdown."""
    reasons = "\n".join(f"- {reason}" for reason in planned["approval_reasons"])
    rows = "\n".join(f"| {what} | {number} |" for what, number in _figures(planned))
    return f"{reasons}\n\n| what | number |\n|---|---|\n{rows}\n"


def _figures(planned: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    if "total_ore" in planned:
        yield "documents to create", planned["create"]
        yield "their sum", f"{format_ore(planned['total_ore'])} SEK"
        yield "unbooked ones to book", planned["book"]
        yield "requests to Fortnox", planned["requests"]
    else:
        yield "customers to create", planned["counts"].get("create", 0)
        yield "customers to change", planned["counts"].get("update", 0)
