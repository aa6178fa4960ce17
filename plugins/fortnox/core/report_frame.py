"""What every report has, whatever it is about: who, when, what was done, how long its lists are.

Pure. A report is a value of ints and strings, pushed to XCom: small by design, its lists cut at 50
(at most 50 kB); all rows are in detail pages beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fortnox.core.documents import Held
from fortnox.core.mapping import ShopRow
from fortnox.core.window import Window

#: The form of all reports but the customers'.
SCHEMA = "fortnox.reconciliation/1"
PAGE_ROWS = 500
LISTED_ROWS = 50

#: A report as it travels: JSON types only, amounts in öre as ints.
Summary = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What the run did, for the report; counts are documents and requests."""

    created: int = 0
    booked: int = 0
    paid: int = 0
    unchanged: int = 0
    reads: int = 0
    writes: int = 0
    forecast: int = 0
    seconds: int = 0
    steps: Mapping[str, str] = field(default_factory=dict)


def frame(*, shop: ShopRow, window: Window, company_name: str, made_at: datetime) -> Summary:
    """Whose report it is, and of when: ``company``, ``shop``, ``window``, ``made_at``."""
    return {
        "company": {
            "organisation_number": shop.organisation_number,
            "name": company_name,
            "fortnox_conn_id": shop.fortnox_conn_id,
        },
        "shop": {
            "key": shop.shop,
            "name": shop.name,
            "shop_conn_id": shop.shop_conn_id,
            "language": shop.language,
        },
        "window": dict(window.to_dict()),
        "made_at": made_at.isoformat(timespec="seconds"),
    }


def work_done(work: Work) -> Summary:
    """What was done: ``steps`` and ``requests``."""
    return {
        "steps": step_list(work.steps),
        "requests": {
            "reads": work.reads,
            "writes": work.writes,
            "forecast": work.forecast,
            "seconds": work.seconds,
        },
    }


def step_list(steps: Mapping[str, str]) -> list[dict[str, str]]:
    """The tasks' states, in the order in which they ran."""
    return [{"step": step, "state": state} for step, state in steps.items()]


def details_of(rows: int) -> dict[str, int]:
    """How many detail rows there are, and in how many pages."""
    return {"rows": rows, "pages": -(-rows // PAGE_ROWS), "page_rows": PAGE_ROWS}


def in_pages(rows: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Rows in pages of 500, each ready to serve as JSON."""
    return [list(rows[start : start + PAGE_ROWS]) for start in range(0, len(rows), PAGE_ROWS)]


def verdict_of(*, broken: Sequence[object], differences: object, held: Sequence[object]) -> str:
    """The worst that is true: not_delivered, differs, held, reconciled.

    Args:
        broken: What kept the run from a full proof.
        differences: True if anything differs.
        held: What waits for a person.
    """
    if broken:
        return "not_delivered"
    if differences:
        return "differs"
    return "held" if held else "reconciled"


def held_row(item: Held) -> dict[str, Any]:
    """A held document as a report lists it."""
    return {
        "order_id": item.order_id,
        "order_number": item.order_number,
        "kind": item.kind,
        "amount_ore": item.amount_ore,
        "currency": item.currency,
        "code": item.code,
        "reason": item.reason,
        "remedy": item.remedy,
    }


def account_row(account: int, name: str, expected_ore: int, ledger_ore: int) -> dict[str, Any]:
    """An account as expected and as the ledger has it."""
    return {
        "account": account,
        "name": name,
        "expected_ore": expected_ore,
        "ledger_ore": ledger_ore,
        "difference_ore": ledger_ore - expected_ore,
    }
