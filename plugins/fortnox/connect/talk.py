"""How a walk talks with the person at the command line; tests put their own in."""

import getpass
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass

from fortnox.core.errors import FatalError


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """Says, asks, asks without showing what is typed, and opens a page."""

    say: Callable[[str], None] = lambda text: print(text, flush=True)
    ask: Callable[[str], str] = input
    ask_secret: Callable[[str], str] = getpass.getpass
    open_page: Callable[[str], object] = webbrowser.open

    def need(self, what: str, *, secret: bool = False) -> str:
        """An answer that is not empty.

        Raises:
            FatalError: There is nobody to ask, or nothing was answered.
        """
        try:
            answer = (self.ask_secret if secret else self.ask)(f"{what}: ").strip()
        except EOFError:
            answer = ""
        if not answer:
            raise FatalError(f"No {what}.", remedy="Run it in a terminal and answer the question.")
        return answer
