"""Why there is no report: each reason is one that a person on call meets."""

import pytest

from fortnox.ui.runs import RunState, TaskCount
from fortnox.ui.waiting import explain


def _run(
    state: str, tasks: dict[str, str], *, missing: tuple[str, ...] = (), paused: bool = False
) -> RunState:
    counts = tuple(TaskCount(task_id=name, state=st, count=1) for name, st in tasks.items())
    return RunState(state=state, dag_paused=paused, tasks=counts, missing_pools=missing)


def test_unknown_run() -> None:
    """A run that was deleted is named as such."""
    assert explain(None).detail == "There is no such run."


def test_dag_of_somebody_else() -> None:
    """The tab stands on every DAG's runs; on others it doesn't promise a report."""
    run = _run("running", {"load": "running"})
    assert explain(run).detail == "This DAG makes no reconciliation report."


def test_several_missing_pools_are_all_named() -> None:
    """One command heals all of them, and nobody wonders which."""
    run = _run("running", {"reconcile": "scheduled"}, missing=("fortnox_a", "fortnox_b"))
    explanation = explain(run)
    assert "Pools fortnox_a, fortnox_b are missing" in explanation.detail
    assert explanation.remedy == "Run: python -m fortnox pools --create"


def test_missing_pool_of_a_finished_run_is_no_reason() -> None:
    """A pool that was deleted after a failure doesn't hide that the run failed."""
    run = _run("failed", {"reconcile": "failed"}, missing=("fortnox_a",))
    assert "failed" in explain(run).detail


@pytest.mark.parametrize(
    ("run", "word", "remedy"),
    [
        (_run("queued", {"reconcile": "none"}, paused=True), "paused", "Unpause"),
        (_run("queued", {"reconcile": "none"}), "has not begun", ""),
        (_run("queued", {}), "has not begun", ""),
        (_run("running", {"g.reconcile": "none", "g.apply": "running"}), "under way", ""),
        (
            _run("running", {"reconcile": "none", "approve": "awaiting_input"}),
            "answer to approve",
            "Required Actions",
        ),
        (
            _run("running", {"reconcile": "none", "apply": "up_for_retry"}),
            "tried again by itself",
            "log",
        ),
        (_run("success", {"reconcile": "skipped"}), "nothing to reconcile", ""),
        (_run("failed", {"reconcile": "failed"}), "failed before", "log"),
        (_run("failed", {"reconcile": "upstream_failed"}), "failed before", "clear reconcile"),
        (_run("success", {"reconcile": "success"}), "no longer holds", "Clear the task"),
    ],
)
def test_reason_and_remedy(run: RunState, word: str, remedy: str) -> None:
    """Whoever opens the page reads what the run waits for, and what to do if anything."""
    explanation = explain(run)
    assert word in explanation.detail
    assert remedy in explanation.remedy
    assert bool(remedy) == bool(explanation.remedy)
