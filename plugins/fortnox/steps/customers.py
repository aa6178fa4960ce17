"""The tasks of the customers DAG up to the plan: open, read the shop, compare with Fortnox."""

import logging
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TypedDict

from airflow.sdk import Context

from fortnox.core.customer_match import email_key
from fortnox.core.customer_sync import CustomerState, Decision, Known
from fortnox.core.customer_values import ShopCustomer
from fortnox.core.errors import FatalError
from fortnox.core.window import modified_window
from fortnox.steps.connections import customer_shop, fortnox_hook
from fortnox.steps.customer_memory import Memory, load_memory, memory_path
from fortnox.steps.customer_plans import plan_export, plan_import
from fortnox.steps.memory import customer_cache
from fortnox.steps.plan import CHUNK_REQUESTS, PlanHead
from fortnox.steps.run import Run, RunDict, load_mappings, load_run, open_run
from fortnox.steps.staging import Pointer, Records

log = logging.getLogger(__name__)

ACCOUNTS = Records(ShopCustomer, ("customer_id",))
DECISIONS = Records(Decision, ("customer_id", "number", "state", "code"))

#: What was committed late in the shop's database under an earlier time, and clocks that differ.
_OVERLAP = timedelta(minutes=10)
_FIRST_LOOK_BACK = timedelta(days=1)
#: Customers of a chunk: a create or an update may need a look after it.
_SIZE = CHUNK_REQUESTS // 2
_WRITES = (CustomerState.CREATE, CustomerState.UPDATE)


class CustomersRead(TypedDict):
    """The XCom of ``extract``; ``whole``: every account, not only those that may have changed."""

    accounts: Pointer
    whole: bool


class CustomersPlanned(PlanHead):
    """The XCom of ``plan``; ``counts`` by state. ``decisions`` are all but the unchanged ones."""

    chunks: list[Pointer]
    decisions: Pointer
    unchanged: Pointer
    counts: dict[str, int]
    cards: int
    only_in_fortnox: int
    approval_reasons: list[str]
    reads: int


def open_customers(context: Context, shop_key: str) -> RunDict:
    """Window of the run: from where the last good one ended, until now."""
    mappings = load_mappings(str(context["dag"].fileloc))
    shop = mappings.shop(shop_key)
    now = datetime.now(UTC).replace(microsecond=0)
    run = open_run(
        context,
        shop=shop,
        mappings=mappings,
        window=modified_window(now - _FIRST_LOOK_BACK, now),
        opened_at=now,
    )
    mark = remembered(load_run(context, run)).mark
    if mark is None or mark > now:
        return run
    window = modified_window(mark - _OVERLAP, now)
    return open_run(context, shop=shop, mappings=mappings, window=window, opened_at=now)


def direction_of(run: Run) -> str:
    """``export`` or ``import``, as events.csv says.

    Raises:
        FatalError: Neither.
    """
    event = run.mappings.event(run.shop.shop, "customers")
    if event is None or event.direction == "off":
        raise FatalError(
            f"events.csv carries no customers of shop {run.shop.shop}.",
            remedy="Write export or import there, or pause this DAG.",
        )
    return event.direction


def remembered(run: Run) -> Memory:
    """What earlier runs of this shop and direction left."""
    return load_memory(memory_path(run), direction_of(run))


def extract_customers(context: Context, run_dict: RunDict) -> CustomersRead:
    """Accounts of the shop: all once a day, in between those that it can tell as changed."""
    run = load_run(context, run_dict)
    shop = customer_shop(run.shop)
    whole = remembered(run).needs_whole(run.opened_at)
    window = run.window
    found: Iterable[ShopCustomer] = (
        shop.customers() if whole else shop.customers_changed(window.start_utc, window.end_utc)
    )
    accounts = list(found)
    log.info("%d accounts read%s", len(accounts), ", the whole shop" if whole else "")
    return {
        "accounts": run.staging.write_records("accounts", ACCOUNTS, accounts),
        "whole": whole,
    }


def plan_customers(context: Context, run_dict: RunDict, read: CustomersRead) -> CustomersPlanned:
    """Compare, decide, stage the chunks. Writes nothing."""
    run = load_run(context, run_dict)
    accounts = run.staging.read_records(read["accounts"], ACCOUNTS)
    client = fortnox_hook(run.shop.fortnox_conn_id).client()
    index = customer_cache(run.shop.fortnox_conn_id).index(client)
    people = known_people(remembered(run), accounts, whole=read["whole"])
    if direction_of(run) == "export":
        decisions = plan_export(client, run, accounts, people, index, whole=read["whole"])
    else:
        shop = customer_shop(run.shop)
        decisions = plan_import(client, run, shop, people, whole=read["whole"])
    writes = [one for one in decisions if one.state in _WRITES]
    unchanged = [one for one in decisions if one.state is CustomerState.UNCHANGED]
    others = [one for one in decisions if one.state is not CustomerState.UNCHANGED]
    counts = Counter(one.state.value for one in decisions)
    log.info("%s", dict(counts))
    return {
        "chunks": [
            run.staging.write_records(f"chunk-{number}", DECISIONS, writes[start : start + _SIZE])
            for number, start in enumerate(range(0, len(writes), _SIZE))
        ],
        "decisions": run.staging.write_records("decisions", DECISIONS, others),
        "unchanged": run.staging.write_records("unchanged", DECISIONS, unchanged),
        "counts": dict(counts),
        "cards": len(index.numbers),
        "only_in_fortnox": _only_in_fortnox(run, index.numbers, people),
        "approval_reasons": list(_approval_reasons(run, counts["create"])),
        "reads": client.usage.reads,
        "made_at": datetime.now(UTC).isoformat(),
        "fingerprint": run.fingerprint,
    }


def known_people(
    memory: Memory, accounts: Iterable[ShopCustomer], *, whole: bool
) -> dict[str, Known]:
    """Every account of the shop: as remembered, with the e-mails just read.

    A whole reading drops the accounts that are gone.
    """
    read = {one.customer_id: email_key(one.email) for one in accounts}
    people = {
        customer_id: known
        for customer_id, known in memory.people.items()
        if not whole or customer_id in read
    }
    for customer_id, email in read.items():
        before = people.get(customer_id, Known())
        people[customer_id] = Known(
            # What was agreed on goes with the card; a new e-mail is only told to imports.
            email=email if not before.number or not before.email else before.email,
            number=before.number,
            seen=before.seen,
            agreed=before.agreed,
        )
    return people


def _approval_reasons(run: Run, create: int) -> Iterable[str]:
    over = run.shop.approve_documents_over
    if over is not None and create > over:
        yield f"{create} new customers, more than {over}"


def _only_in_fortnox(run: Run, numbers: Iterable[str], people: dict[str, Known]) -> int:
    """Cards of this shop's accounts that the shop no longer has."""
    prefix = f"{run.shop.reference_key}-"
    ids = (number.removeprefix(prefix) for number in numbers if number.startswith(prefix))
    return sum(1 for customer_id in ids if customer_id.isdecimal() and customer_id not in people)
