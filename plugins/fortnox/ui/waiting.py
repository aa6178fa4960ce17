"""Why a run has no report, in a sentence, and what to do about it. Pure."""

from dataclasses import dataclass

from fortnox.core.names import RECONCILE_TASK
from fortnox.ui.runs import RunState

_UNFINISHED = ("queued", "running")


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What the page says instead of a report. ``remedy`` is empty if waiting is all there is."""

    detail: str
    remedy: str = ""


def explain(run: RunState | None) -> Explanation:
    """The first of the known reasons that fits, the most certain ones first."""
    if run is None:
        return Explanation(detail="There is no such run.")
    reconcile = _states_of_reconcile(run)
    if run.tasks and not reconcile:
        return Explanation(detail="This DAG makes no reconciliation report.")
    if run.state in _UNFINISHED:
        return _explain_unfinished(run)
    return _explain_finished(reconcile)


def _states_of_reconcile(run: RunState) -> set[str]:
    """States of the task, alone or within a task group."""
    return {task.state for task in run.tasks if task.task_id.rpartition(".")[2] == RECONCILE_TASK}


def _explain_unfinished(run: RunState) -> Explanation:
    if run.missing_pools:
        # Airflow says nothing about this: such a task stays scheduled for ever.
        names = ", ".join(run.missing_pools)
        subject = f"Pool {names} is" if len(run.missing_pools) == 1 else f"Pools {names} are"
        return Explanation(
            detail=f"No report yet: the run waits. {subject} missing.",
            remedy="Run: python -m fortnox pools --create",
        )
    if run.dag_paused and run.state == "queued":
        return Explanation(
            detail="No report yet: the DAG is paused, so the run stays queued.",
            remedy="Unpause the DAG.",
        )
    states = {task.state for task in run.tasks}
    if "awaiting_input" in states:
        waiting = ", ".join(task.task_id for task in run.tasks if task.state == "awaiting_input")
        return Explanation(
            detail=f"No report yet: the run waits for an answer to {waiting}.",
            remedy="Approve or reject it under Required Actions.",
        )
    if run.state == "queued":
        return Explanation(detail="No report yet: the run is queued and has not begun.")
    if "up_for_retry" in states:
        return Explanation(
            detail="No report yet: a task failed and will be tried again by itself.",
            remedy="Its log says why it failed.",
        )
    return Explanation(detail="No report yet: the run is under way.")


def _explain_finished(reconcile: set[str]) -> Explanation:
    if reconcile == {"skipped"}:
        return Explanation(detail="No report: there was nothing to reconcile in this run.")
    if reconcile & {"failed", "upstream_failed"}:
        return Explanation(
            detail="No report: the run failed before it could make one.",
            remedy=f"Read the log of the task that failed, mend it, and clear {RECONCILE_TASK} "
            "and the failed task.",
        )
    return Explanation(
        detail="No report: the run has ended, but Airflow no longer holds its report.",
        remedy=f"Clear the task {RECONCILE_TASK} to make it again; it only reads.",
    )
