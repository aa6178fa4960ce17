"""The report of a customers run: counts of both sides, what was done, what is held and why.

Schema ``fortnox.customers/1``, in the form of the orders' report. It names accounts by their id in
the shop and cards by their number, never a person.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from fortnox.core.customer_sync import CustomerState, Decision
from fortnox.core.mapping import ShopRow
from fortnox.core.report_frame import LISTED_ROWS, Summary, frame, step_list, verdict_of
from fortnox.core.window import Window

SCHEMA = "fortnox.customers/1"

_HELD = (CustomerState.HELD, CustomerState.CONFLICT)


def customers_report(
    *,
    shop: ShopRow,
    window: Window,
    company_name: str,
    made_at: datetime,
    direction: str,
    whole: bool,
    decisions: Sequence[Decision],
    done: Sequence[Decision],
    unchanged: int,
    sides: Mapping[str, int],
    missing: Sequence[str],
    broken: Sequence[str],
    notes: Sequence[str],
    steps: Mapping[str, str],
    requests: Mapping[str, int],
) -> Summary:
    """Assemble the summary. Verdict: not_delivered, differs, held or reconciled, worst first.

    Args:
        shop: Row of shops.csv.
        window: Of the run.
        company_name: As Fortnox says it.
        made_at: Now.
        direction: ``export`` or ``import``.
        whole: Both sides were read whole.
        decisions: All that are not unchanged, and what was refused.
        done: What was written.
        unchanged: How many are the same on both sides.
        sides: ``shop`` accounts, ``fortnox`` active cards, and what one side has alone.
        missing: Sentences about writes that are not to be seen afterwards.
        broken: Why the run proves nothing.
        notes: For the reader.
        steps: State by task.
        requests: ``reads`` and ``writes`` to Fortnox.
    """
    held = [one for one in decisions if one.state in _HELD]
    counts = _counts(decisions, done, unchanged, sides)
    verdict = verdict_of(broken=broken, differences=missing, held=held)
    return {
        "schema": SCHEMA,
        "kind": "customers",
        "verdict": verdict,
        "headline": _headline(verdict, counts, [*broken, *missing]),
        "direction": direction,
        "whole": whole,
        **frame(shop=shop, window=window, company_name=company_name, made_at=made_at),
        "counts": counts,
        "differences": list(missing)[:LISTED_ROWS],
        "held": [_row(one) for one in held[:LISTED_ROWS]],
        "changes": [_row(one) for one in done[:LISTED_ROWS]],
        "steps": step_list(steps),
        "requests": dict(requests),
        "notes": list(notes),
    }


def all_rows(decisions: Sequence[Decision], done: Sequence[Decision]) -> list[dict[str, str]]:
    """Every customer that is not unchanged, for the file beside the summary."""
    return [_row(one) for one in (*done, *decisions)]


def _counts(
    decisions: Sequence[Decision],
    done: Sequence[Decision],
    unchanged: int,
    sides: Mapping[str, int],
) -> dict[str, int]:
    states = Counter(one.state for one in decisions)
    written = Counter(one.state for one in done)
    return {
        "shop": sides["shop"],
        "fortnox": sides["fortnox"],
        "created": written[CustomerState.CREATE],
        "updated": written[CustomerState.UPDATE],
        "unchanged": unchanged,
        "held": sum(states[state] for state in _HELD),
        "conflicts": states[CustomerState.CONFLICT],
        "not_due": states[CustomerState.NOT_DUE],
        "shared": states[CustomerState.SHARED],
        "left_out": states[CustomerState.LEFT_OUT],
        "only_in_shop": sides["only_in_shop"],
        "only_in_fortnox": sides["only_in_fortnox"],
    }


def _headline(verdict: str, counts: Mapping[str, int], causes: Sequence[str]) -> str:
    if verdict == "not_delivered":
        return f"Not proven: {causes[0]}"
    if verdict == "differs":
        return f"Differs: {causes[0]}"
    done = f"{counts['created']} created, {counts['updated']} updated"
    if verdict == "held":
        return f"{done}, {counts['held']} held"
    return f"Reconciled: {done}, {counts['unchanged']} unchanged"


def _row(decision: Decision) -> dict[str, str]:
    return {
        "customer_id": decision.customer_id,
        "customer_number": decision.number,
        "state": decision.state.value,
        "code": decision.code,
        "reason": decision.reason,
        "remedy": decision.remedy,
    }
