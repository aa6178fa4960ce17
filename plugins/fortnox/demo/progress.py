"""What the demo prints while one waits: a changing line on a terminal, plain lines elsewhere."""

import time
from collections.abc import Callable, Sequence
from typing import TextIO

_SIGNS = {"success": "done", "failed": "FAILED", "skipped": "skipped", "waiting": ""}
_CLEAR_LINE = "\r\x1b[2K"


class Progress:
    """Prints steps with the seconds since the start.

    Args:
        out: Where to print.
        clock: Seconds that only grow.
    """

    def __init__(self, out: TextIO, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._out = out
        self._clock = clock
        self._start = clock()
        self._terminal = out.isatty()
        self._last: dict[str, str] = {}

    def say(self, text: str) -> None:
        """One line that stays."""
        clear = _CLEAR_LINE if self._terminal else ""
        self._print(f"{clear}{self._stamp()}  {text}\n")

    def tasks(self, states: Sequence[tuple[str, str]]) -> None:
        """The state of a run's tasks: the line is rewritten on a terminal.

        Elsewhere a line is printed whenever a task changes, and nothing when none does.
        """
        now = dict(states)
        if self._terminal:
            shown = "  ".join(
                f"{task} {_SIGNS.get(state, state)}".strip() for task, state in states
            )
            self._print(f"{_CLEAR_LINE}{self._stamp()}  {shown}")
        else:
            for task, state in states:
                if state != "waiting" and self._last.get(task) != state:
                    self._print(f"{self._stamp()}    {task}: {state}\n")
        self._last = now

    def _stamp(self) -> str:
        return f"[{self._clock() - self._start:6.1f} s]"

    def _print(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()
