"""Task ``reconcile`` of the customers DAG: look at what was written, report, remember."""

import gzip
import json
import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from airflow.configuration import AIRFLOW_HOME
from airflow.sdk import Context, ObjectStoragePath
from airflow.sdk.exceptions import AirflowFailException

from fortnox.api.client import FortnoxClient
from fortnox.api.customer_cache import changed_cards
from fortnox.api.customer_writer import listed_values, wanted_card
from fortnox.core.customer_report import all_rows, customers_report
from fortnox.core.customer_sync import CustomerState, Decision, Known
from fortnox.core.customer_values import (
    LISTED_FIELDS,
    SHOP_FIELDS,
    CardValues,
    ShopCustomer,
    fingerprint,
)
from fortnox.core.names import REPORT_KEY
from fortnox.core.report_frame import Summary
from fortnox.core.report_paths import SUMMARY_NAME, report_folder, reports_base
from fortnox.steps.connections import customer_shop, fortnox_hook
from fortnox.steps.customer_memory import Memory, memory_path, save_memory
from fortnox.steps.customers import ACCOUNTS, DECISIONS, direction_of, known_people, remembered
from fortnox.steps.progress import as_list, step_problems, step_states
from fortnox.steps.run import Run, load_run, pull
from fortnox.steps.staging import write_atomically

log = logging.getLogger(__name__)

ROWS_NAME = "customers.json.gz"
_FAILED = ("differs", "not_delivered")
_BAD = ("failed", "upstream_failed")
#: Whether Fortnox's lists show a write at once is unknown: looks, and seconds between them.
_LOOKS, _PAUSE_S = 3, 2.0


def prove_customers(context: Context, first_task_id: str) -> dict[str, Any]:
    """Read back, report, remember, and colour the run.

    Raises:
        AirflowFailException: A step did not deliver, or a write is not to be seen.
    """
    run = load_run(context, pull(context, first_task_id))
    summary, rows, people = _proof(context, run)
    context["ti"].xcom_push(key=REPORT_KEY, value=summary)
    _store(run, summary, rows)
    log.info("%s", summary["headline"])
    if summary["verdict"] in _FAILED:
        raise AirflowFailException(summary["headline"])
    _remember(run, people, whole=summary["whole"])
    return {"verdict": summary["verdict"], "headline": summary["headline"]}


def _proof(context: Context, run: Run) -> tuple[Summary, list[dict[str, str]], Mapping[str, Known]]:
    states = step_states(context)
    read, planned = pull(context, "extract"), pull(context, "plan")
    applied = [item for item in as_list(pull(context, "apply")) if item]
    hook = fortnox_hook(run.shop.fortnox_conn_id)
    client = hook.client()
    accounts = run.staging.read_records(read["accounts"], ACCOUNTS) if read else []
    others = run.staging.read_records(planned["decisions"], DECISIONS) if planned else []
    same = run.staging.read_records(planned["unchanged"], DECISIONS) if planned else []
    done = [one for item in applied for one in run.staging.read_records(item["done"], DECISIONS)]
    refused = [one for item in applied for one in run.staging.read_records(item["held"], DECISIONS)]
    new_cards = sum(1 for one in done if one.state is CustomerState.CREATE)
    whole = bool(read and read["whole"])
    people = known_people(remembered(run), accounts, whole=whole)
    for one in (*same, *done):
        if one.known is not None and one.customer_id:
            people[one.customer_id] = one.known
    planned_writes = (CustomerState.CREATE, CustomerState.UPDATE)
    left = [one for one in others if one.state not in planned_writes]
    decisions = [*left, *refused]
    broken = _broken(states, step_problems(context, states))
    summary = customers_report(
        shop=run.shop,
        window=run.window,
        company_name=hook.company().name,
        made_at=datetime.now(UTC),
        direction=direction_of(run),
        whole=whole,
        decisions=decisions,
        done=done,
        unchanged=len(same),
        sides=_sides(people, planned, new_cards if direction_of(run) == "export" else 0),
        missing=[] if broken else list(_missing(client, run, done)),
        broken=broken,
        notes=list(_notes(planned, pull(context, "approve"), whole=whole)),
        steps=states,
        requests={
            "reads": int(planned["reads"] if planned else 0) + client.usage.reads,
            "writes": sum(item["writes"] for item in applied),
        },
    )
    return summary, all_rows(decisions, done), people


def _broken(states: Mapping[str, str], problems: Mapping[str, str]) -> list[str]:
    bad = [step for step, state in states.items() if state in _BAD]
    roots = [step for step in bad if states[step] == "failed"] or bad
    return [f"step {step} failed: {problems.get(step, 'see its log')}" for step in roots[:1]]


def _sides(
    people: Mapping[str, Known], planned: Mapping[str, Any] | None, new_cards: int
) -> dict[str, int]:
    """Both sides after the run; the plan counted the cards before it."""
    return {
        "shop": len(people),
        "fortnox": int(planned["cards"]) + new_cards if planned else 0,
        "only_in_shop": sum(1 for known in people.values() if not known.number),
        "only_in_fortnox": int(planned["only_in_fortnox"]) if planned else 0,
    }


def _notes(planned: Mapping[str, Any] | None, approved: Any, *, whole: bool) -> Iterator[str]:
    if not whole:
        yield "Only what changed was read; the daily whole reading lists all that is held."
    if planned and planned["chunks"] and approved == []:
        yield "The plan was not approved; nothing was written."


def _missing(client: FortnoxClient, run: Run, done: Sequence[Decision]) -> Iterator[str]:
    """What was written and is not to be seen, by an independent reading."""
    if not done:
        return
    if direction_of(run) == "export":
        seen = _cards_after(client, run, done)
        fields: Sequence[str] = tuple(LISTED_FIELDS)
    else:
        shop = customer_shop(run.shop)
        found = shop.customers_by_id(one.customer_id for one in done)
        seen = {one.customer_id: _account_values(one) for one in found}
        fields = SHOP_FIELDS
    for one in done:
        key = one.number if direction_of(run) == "export" else one.customer_id
        what = f"card {one.number}, account {one.customer_id}"
        if key not in seen:
            yield f"{what}: written, and not to be seen afterwards"
            continue
        wrong = [
            name
            for name in fields
            if name in one.values
            and fingerprint(name, one.values[name]) != fingerprint(name, seen[key].get(name, ""))
        ]
        if wrong:
            yield f"{what}: written, and other afterwards in {', '.join(wrong)}"


def _cards_after(
    client: FortnoxClient,
    run: Run,
    done: Sequence[Decision],
    sleep: Callable[[float], None] = time.sleep,
) -> dict[str, CardValues]:
    wanted = {one.number for one in done}
    seen: dict[str, CardValues] = {}
    for look in range(_LOOKS):
        if look:
            sleep(_PAUSE_S * look)
        _, items = changed_cards(client, run.opened_at)
        seen = {str(item["CustomerNumber"]): listed_values(item) for item in items}
        if wanted <= set(seen):
            break
    return seen


def _account_values(account: ShopCustomer) -> CardValues:
    return wanted_card(account, private_data="full")


def _remember(run: Run, people: Mapping[str, Known], *, whole: bool) -> None:
    before = remembered(run)
    whole_at = run.opened_at if whole else before.whole_at
    memory = Memory(
        direction=direction_of(run), mark=run.opened_at, whole_at=whole_at, people=dict(people)
    )
    save_memory(memory_path(run), memory)


def _store(run: Run, summary: Summary, rows: Sequence[Mapping[str, str]]) -> None:
    base = reports_base(os.environ, AIRFLOW_HOME)
    root = base if "://" in base else f"file://{base}"
    folder = ObjectStoragePath(root) / report_folder(
        run.shop.fortnox_conn_id, run.shop.shop, run.window.label, run.dag_id, run.run_id
    )
    content = gzip.compress(json.dumps(rows, ensure_ascii=False).encode(), mtime=0)
    write_atomically(folder, ROWS_NAME, content)
    content = json.dumps(summary, ensure_ascii=False, indent=1).encode()
    write_atomically(folder, SUMMARY_NAME, content)
