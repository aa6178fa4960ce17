"""Several documents on their way to Fortnox at once, each document's own steps in order.

Fortnox permits 25 requests in 5 s and answers a request in 0.05 to 1.5 s. Who waits for each
answer before the next request uses 3 to 80 % of the rate; who has as many on their way as the rate
times the answer time uses all of it.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Protocol, TypeVar

#: Enough for the full rate up to answers of 3.3 s (4.8 requests a second times 3.3).
LANES = 16

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


class Ask(Protocol):
    """Begins a reading, and gives what waits for its answer."""

    def __call__(self, read: Callable[[], _Result], /) -> Callable[[], _Result]:
        """What is given returns the answer, or raises what the reading raised."""


class Lanes:
    """So many things at once.

    Args:
        width: How many; 1 does one after the other, in the thread that calls.
    """

    def __init__(self, width: int = LANES) -> None:
        if width < 1:
            raise ValueError("at least one lane is needed")
        self.width = width

    def each(
        self,
        act: Callable[[_Item], _Result],
        items: Iterable[_Item],
        take: Callable[[_Item, _Result], None],
    ) -> None:
        """Act on every item in some lane, and take what came of it here, in the items' order.

        So ``act`` must be safe for several threads and should only return values, and ``take`` is
        where state changes. What either raises is raised here; nothing new is then begun, and what
        is on its way is waited for, so that no write is sent after this returns.

        Args:
            act: The requests of one item, in their order.
            items: They are begun in this order.
            take: Called for each item in turn, by the caller's thread.
        """
        if self.width == 1:
            for item in items:
                take(item, act(item))
            return
        errors: list[BaseException] = []
        stopped = threading.Event()

        def act_unless_stopped(item: _Item) -> _Result:
            if stopped.is_set():
                raise CancelledError
            try:
                return act(item)
            except BaseException as error:
                # At once, not when its turn to be taken comes: a slow one may be before it.
                errors.append(error)
                stopped.set()
                raise

        with ThreadPoolExecutor(self.width, thread_name_prefix="lane") as pool:
            begun = [(item, pool.submit(act_unless_stopped, item)) for item in items]
            try:
                for item, future in begun:
                    take(item, future.result())
            except CancelledError:
                raise errors[0] from None
            finally:
                stopped.set()

    def gather(self, act: Callable[[_Item], _Result], items: Iterable[_Item]) -> list[_Result]:
        """What came of acting on every item, in the items' order; otherwise as :meth:`each`."""
        came: list[_Result] = []
        self.each(act, items, lambda _, result: came.append(result))
        return came

    @contextmanager
    def asking(self) -> Iterator[Ask]:
        """Readings of different kinds, each begun when it is asked, answered when it is needed.

        ``years = ask(read_years)`` begins one, and ``years()`` waits for its answer.

        Whoever needs an answer waits for it in the caller's thread, so that errors come in the
        order in which answers are needed; nothing new is then begun. With one lane each reading is
        made when it is asked.
        """
        if self.width == 1:
            yield _ask_now
            return
        pool = ThreadPoolExecutor(self.width, thread_name_prefix="reading")
        try:
            yield lambda read: pool.submit(read).result
        finally:
            pool.shutdown(cancel_futures=True)


def _ask_now(read: Callable[[], _Result]) -> Callable[[], _Result]:
    answer = read()
    return lambda: answer
