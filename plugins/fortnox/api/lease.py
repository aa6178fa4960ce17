"""The company's lease: one writing process per company, whatever the scheduler believes (S 1).

Airflow's pool queues but does not exclude: a task marked failed frees its slot while its process
writes on. An operating system lock on a file in the company's staging folder does exclude: an
orphaned process keeps it, a dead one loses it at once, and no clock is involved.
"""

import errno
import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from fortnox.core.errors import FatalError, LeaseTakenError

_FILE = "lease.json"
_POLL_S = 0.5


class Lease:
    """Held while the ``with`` block runs; ``check`` is called before every write."""

    def __init__(self, handle: IO[str], path: Path, parent_pid: int) -> None:
        self._handle = handle
        self._path = path
        self._parent_pid = parent_pid

    def check(self) -> None:
        """Stop before a write when the lease is lost or the supervisor is gone.

        Raises:
            LeaseTakenError: The lock file was replaced, or the process was orphaned: the task was
                given up on, and another one may be writing.
        """
        if os.getppid() != self._parent_pid:
            raise LeaseTakenError(
                "The process that supervises this task is gone; nothing more is written.",
                remedy="The next try goes on from what stands in Fortnox.",
            )
        try:
            same = os.fstat(self._handle.fileno()).st_ino == self._path.stat().st_ino
        except FileNotFoundError:
            same = False
        if not same:
            raise LeaseTakenError("The lease file of this company was removed or replaced.")


@contextmanager
def company_lease(
    folder: Path,
    *,
    holder: str,
    wait_s: float = 60,
    monotonic: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Lease]:
    """Hold the lease of the company whose staging folder this is.

    Args:
        folder: The company's folder; made if missing, readable by the owner only.
        holder: Who holds it, for the message that another run gets: run and try, no secrets.
        wait_s: How long to wait for the present holder.
        monotonic: Clock, for tests.
        sleep: Sleep, for tests.

    Raises:
        LeaseTakenError: Somebody else holds it still after ``wait_s``; names the holder.
        FatalError: The file system has no locks, so two writers could not be kept apart.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / _FILE
    deadline = monotonic() + wait_s
    with path.open("a+", encoding="utf-8") as handle:
        path.chmod(0o600)
        while not _locked(handle):
            if monotonic() >= deadline:
                raise LeaseTakenError(
                    f"Another run writes to this company's Fortnox: {_holder(handle)}.",
                    remedy="Wait for it, or stop that process.",
                )
            sleep(_POLL_S)
        _sign(handle, holder)
        try:
            yield Lease(handle, path, os.getppid())
        finally:
            fcntl.flock(handle, fcntl.LOCK_UN)


def _locked(handle: IO[str]) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EAGAIN, errno.EACCES):
            return False
        raise FatalError(
            f"The staging folder's file system can't lock files ({error.strerror}).",
            remedy="Put the staging area on a file system with flock.",
        ) from error
    return True


def _sign(handle: IO[str], holder: str) -> None:
    handle.seek(0)
    handle.truncate()
    json.dump({"holder": holder, "pid": os.getpid()}, handle)
    handle.flush()


def _holder(handle: IO[str]) -> str:
    handle.seek(0)
    try:
        data = json.load(handle)
    except ValueError:
        return "unknown"
    return f"{data.get('holder')} (process {data.get('pid')})"
