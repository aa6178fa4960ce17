"""What the demo prints: progress, report, last line; and the exit code."""

import io
from typing import Any

import pytest

from fortnox.demo import verdict
from fortnox.demo.progress import Progress


def summary(verdict_word: str, difference: int, held: int = 2) -> dict[str, Any]:
    """The parts of a report that the last line needs."""
    return {
        "verdict": verdict_word,
        "headline": "One sentence.",
        "counts": {"orders": 20, "documents": 18, "held": held},
        "totals_ore": {
            "shop": 1_234_567,
            "documents": 1_200_000,
            "held": 34_567,
            "ledger": None,
            "difference": difference,
        },
        "held": [{"order_number": "17", "reason": "Unknown payment.", "remedy": "Map it."}],
        "differences": [],
    }


@pytest.mark.parametrize(
    ("word", "difference", "line", "code"),
    [
        (
            "reconciled",
            0,
            "reconciled: 20 orders, 18 documents, 2 held, difference 0.00 SEK",
            0,
        ),
        ("held", 0, "reconciled: 20 orders, 18 documents, 2 held, difference 0.00 SEK", 0),
        (
            "differs",
            -5,
            "not reconciled: 20 orders, 18 documents, 2 held, difference -0.05 SEK",
            1,
        ),
        (
            "not_delivered",
            0,
            "not reconciled: 20 orders, 18 documents, 2 held, difference 0.00 SEK",
            1,
        ),
        ("held", 1, "not reconciled: 20 orders, 18 documents, 2 held, difference 0.01 SEK", 1),
    ],
)
def test_last_line_and_exit_code_say_the_same(
    word: str, difference: int, line: str, code: int
) -> None:
    """A build server would take a difference for success."""
    assert verdict.last_line(summary(word, difference)) == line
    assert verdict.exit_code(summary(word, difference)) == code


class Terminal(io.StringIO):
    """Text that takes itself for a terminal."""

    def isatty(self) -> bool:
        """Yes."""
        return True


def test_without_a_terminal_each_change_is_one_line() -> None:
    """A build log would hold a line per half second, or control characters."""
    out = io.StringIO()
    times = iter([0.0, 1.0, 2.5, 9.0])
    shown = Progress(out, clock=lambda: next(times))
    shown.tasks([("extract", "running"), ("plan", "waiting")])
    shown.tasks([("extract", "running"), ("plan", "waiting")])
    shown.tasks([("extract", "success"), ("plan", "waiting")])
    assert out.getvalue() == "[   1.0 s]    extract: running\n[   2.5 s]    extract: success\n"


def test_on_a_terminal_the_line_is_rewritten() -> None:
    """The screen would scroll away while one waits."""
    out = Terminal()
    shown = Progress(out, clock=lambda: 0.0)
    shown.tasks([("extract", "success"), ("plan", "running")])
    shown.say("Done")
    assert out.getvalue().count("\n") == 1
    assert "extract done  plan running" in out.getvalue()
    assert out.getvalue().endswith("\r\x1b[2K[   0.0 s]  Done\n")
