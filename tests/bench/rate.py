"""How much of Fortnox's permitted rate apply uses when answers are quick, slow, and very slow.

A sandbox with the real limit per answer time, an apply as a process of its own for each, all of
them side by side: companies don't share a limit, and don't slow each other.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from tests.bench.apply_once import apply
from tests.bench.figures import Figure, at_least, at_most

from fortnox.sandbox.faults import FaultRule
from fortnox.sandbox.fortnox.app import create_app
from fortnox.sandbox.server import start

ANSWERS_S = (0.05, 0.3, 1.5)
PERMITTED_PER_S = 25 / 5
_TOO_MANY = 429


@dataclass(slots=True)
class Seen:
    """An application that notes when each request to the API came and how it was answered."""

    app: Any
    #: (monotonic seconds, method, path, status)
    requests: list[tuple[float, str, str, int]] = field(default_factory=list)

    @property
    def state(self) -> Any:
        """Where the server leaves its connections."""
        return self.app.state

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass one request on."""
        at_s = time.monotonic()

        async def noting(message: Any) -> None:
            if message["type"] == "http.response.start" and scope["path"].startswith("/3/"):
                seen = (at_s, scope["method"], scope["path"], message["status"])
                self.requests.append(seen)
            await send(message)

        await self.app(scope, receive, noting)


def measure(documents: int) -> Iterator[Figure]:
    """Invoices of new customers, booked and paid: five requests each.

    Args:
        documents: How many; the pauses between the steps weigh less the more there are.
    """
    with ExitStack() as stack:
        running = []
        for answer_s in ANSWERS_S:
            app = create_app()
            seen = Seen(app)
            url = stack.enter_context(start(seen)).url
            # A shop that sold yesterday too: its documents prove the filter.
            apply(url, 2, first=900_001)
            seen.requests.clear()
            app.state.faults.add(FaultRule(kind="slow", seconds=answer_s, times=0, path="^/3/"))
            command = [sys.executable, "-m", "tests.bench.apply_once", url, str(documents)]
            running.append((answer_s, seen, subprocess.Popen(command, stdout=subprocess.PIPE)))
        for answer_s, seen, process in running:
            output, _ = process.communicate()
            if process.returncode:
                raise RuntimeError(f"apply with answers of {answer_s} s failed")
            used = json.loads(output)["requests"]
            yield from _figures(answer_s, seen, documents, used)


def _figures(answer_s: float, seen: Seen, documents: int, used: int) -> Iterator[Figure]:
    assert len(seen.requests) == used
    times = [at_s for at_s, *_ in seen.requests]
    refused = sum(status == _TOO_MANY for *_, status in seen.requests)
    creating = [at_s for at_s, method, path, _ in seen.requests if _creates(method, path)]
    said = f"{answer_s * 1000:g} ms answers"
    yield at_least(f"permitted rate used while writing, {said}", "%", [_share(creating)], 95)
    yield Figure(
        name=f"the same over the whole apply of {documents} invoices, pauses and lists too",
        unit="%",
        values=(_share(times),),
        limit="one request at a time: 66 % at 300 ms",
    )
    yield at_most(f"requests refused for the rate (429), {said}", "", [refused], 0)


def _creates(method: str, path: str) -> bool:
    return method == "POST" and path in {"/3/invoices", "/3/customers"}


def _share(times_s: list[float]) -> float:
    """Of 25 requests in 5 s, in percent; the first one begins the time and is not counted."""
    return 100 * (len(times_s) - 1) / (max(times_s) - min(times_s)) / PERMITTED_PER_S
