"""The demo's last words: the one line at the end, and the exit code."""

from collections.abc import Mapping
from typing import Any

from fortnox.core.money import format_ore

GOOD_VERDICTS = frozenset({"reconciled", "held"})


def is_reconciled(summary: Mapping[str, Any]) -> bool:
    """Whether shop, documents and ledger agree; documents on hold are allowed."""
    return summary["verdict"] in GOOD_VERDICTS and summary["totals_ore"]["difference"] == 0


def last_line(summary: Mapping[str, Any]) -> str:
    """``reconciled: 20 orders, 18 documents, 2 held, difference 0.00 SEK``.

    Args:
        summary: The XCom ``reconciliation``.
    """
    counts = summary["counts"]
    word = "reconciled" if is_reconciled(summary) else "not reconciled"
    return (
        f"{word}: {counts['orders']} orders, {counts['documents']} documents, "
        f"{counts['held']} held, difference {format_ore(summary['totals_ore']['difference'])} SEK"
    )


def exit_code(summary: Mapping[str, Any]) -> int:
    """0 when reconciled, else 1."""
    return 0 if is_reconciled(summary) else 1
