"""Task ``apply`` of the customers DAG: each customer by itself, so that one costs no other."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypedDict

from airflow.sdk import Context

from fortnox.api.customer_writer import CustomerWriter
from fortnox.core.customer_sync import CustomerState, Decision, held
from fortnox.core.customer_values import CustomerWrite
from fortnox.core.errors import DocumentError, UnknownOutcomeError, UnreachableError
from fortnox.steps.apply import check_plan
from fortnox.steps.connections import customer_shop
from fortnox.steps.customers import DECISIONS, CustomersPlanned, direction_of
from fortnox.steps.run import Run, RunDict, load_run
from fortnox.steps.staging import Pointer
from fortnox.steps.writing import holder_of, writing_to

log = logging.getLogger(__name__)

#: So many customers without an answer, each sent twice: Fortnox itself is ill, so stop.
_GIVE_UP_AFTER = 3
_SHOP_REMEDIES = {
    "registration-error-email-exists": "Another account has this e-mail; join them in the shop.",
    "registration-error-invalid-email": "Correct the e-mail address on the card in Fortnox.",
    "registration-error-missing-password": "Let WooCommerce make passwords (Settings, Accounts).",
}


class CustomersApplied(TypedDict):
    """The task's XCom: what was written, and what was refused."""

    done: Pointer
    held: Pointer
    writes: int


def apply_customers(
    context: Context, run_dict: RunDict, planned: CustomersPlanned, chunk: Pointer
) -> CustomersApplied:
    """Carry one piece of the plan out; what is refused is held, the rest goes on."""
    run = load_run(context, run_dict)
    check_plan(planned, run, datetime.now(UTC))
    decisions = run.staging.read_records(chunk, DECISIONS)
    if direction_of(run) == "export":
        done, refused = _export(run, decisions, holder_of(context, run))
    else:
        done, refused = _import(run, decisions)
    log.info("%d customers written, %d refused", len(done), len(refused))
    step = chunk["step"]
    return {
        "done": run.staging.write_records(f"{step}-done", DECISIONS, done),
        "held": run.staging.write_records(f"{step}-held", DECISIONS, refused),
        "writes": len(decisions),
    }


def _export(
    run: Run, decisions: Sequence[Decision], holder: str
) -> tuple[list[Decision], list[Decision]]:
    done: list[Decision] = []
    refused: list[Decision] = []
    unanswered: list[UnknownOutcomeError] = []
    with writing_to(run.shop, holder=holder) as writing:
        writer = CustomerWriter(writing.client)
        for decision in decisions:
            try:
                writer.write(decision)
            except DocumentError as error:
                refused.append(_refused_by_fortnox(decision, error))
            except UnknownOutcomeError as error:
                unanswered.append(error)
                if len(unanswered) >= _GIVE_UP_AFTER:
                    break
            else:
                done.append(decision)
    if unanswered:
        # The next try finds what was made after all: a card's number exists once.
        raise UnreachableError(unanswered[-1].message, remedy="Try again later.")
    return done, refused


def _refused_by_fortnox(decision: Decision, error: DocumentError) -> Decision:
    code = "fortnox_refused" if error.vendor_code is None else f"fortnox_{error.vendor_code}"
    return replace(
        decision,
        state=CustomerState.HELD,
        code=code,
        reason=f"Fortnox refuses card {decision.number}: {error.vendor_message or error.message}",
        remedy=error.remedy or "Correct the customer in the shop or the card in Fortnox.",
        values={},
        known=None,
    )


def _import(run: Run, decisions: Sequence[Decision]) -> tuple[list[Decision], list[Decision]]:
    done: list[Decision] = []
    refused: list[Decision] = []
    writes = [
        CustomerWrite(
            customer_id=one.customer_id,
            email=one.email,
            is_company=one.is_company,
            values=one.values,
        )
        for one in decisions
    ]
    shop = customer_shop(run.shop)
    for decision, written in zip(decisions, shop.write_customers(writes), strict=True):
        if written.error:
            problem = held(
                decision.customer_id,
                "shop_refused_customer",
                f"the shop refuses the account of card {decision.number}: {written.error}",
                _SHOP_REMEDIES.get(written.error, "Correct the card in Fortnox."),
            )
            refused.append(replace(problem, number=decision.number))
        else:
            done.append(replace(decision, customer_id=written.customer_id))
    return done, refused
