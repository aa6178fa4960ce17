"""This machine's part of the preflight.

Is the staging area shared, writable and lockable; does the Redis of a shared pace answer?
"""

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from airflow.configuration import conf

from fortnox.api.shared_pace import answers
from fortnox.core.checks import Check, Severity
from fortnox.core.errors import PipelineError
from fortnox.hooks.pace import REDIS_VARIABLE, redis_url
from fortnox.steps.staging import BASE_VARIABLE, local_folder, staging_base

_SINGLE_HOST_EXECUTORS = ("LocalExecutor", "SequentialExecutor")
_WHAT = "staging area"
_PACE = "shared pace"


def staging_checks(conn_id: str) -> Iterator[Check]:
    """One line: fatal where tasks would not find each other's files, or could not lock."""
    executor = conf.get("core", "executor")
    if BASE_VARIABLE not in os.environ and not executor.endswith(_SINGLE_HOST_EXECUTORS):
        yield _fatal(
            f"{executor} may run tasks on several hosts, and the staging area is a local folder",
            f"set {BASE_VARIABLE} to a folder that all of them share",
        )
        return
    try:
        folder = local_folder(staging_base(), conn_id)
        _write_and_lock(folder)
    except PipelineError as error:
        yield _fatal(str(error), "")
    except OSError as error:
        yield _fatal(
            f"the staging area can't be written or locked here ({type(error).__name__})",
            f"make {BASE_VARIABLE} a folder that the workers' user owns, on a file system that "
            "has flock",
        )
    else:
        yield Check(what=_WHAT, seen="writable, with locks")


def pace_checks() -> Iterator[Check]:
    """One line where a shared pace is wanted; without its Redis requests are slow, not wrong."""
    if not (url := redis_url()):
        return
    try:
        reached = answers(url)
    except PipelineError as error:
        yield Check(what=_PACE, severity=Severity.FATAL, seen=str(error))
        return
    if reached:
        yield Check(what=_PACE, seen="Redis answers")
        return
    yield Check(
        what=_PACE,
        severity=Severity.WARNING,
        seen="Redis does not answer: each process keeps to a quarter of the permitted rate",
        remedy=f"start it, or correct {REDIS_VARIABLE}",
    )


def _write_and_lock(folder: Path) -> None:
    """As runs do it: a private file, and an exclusive lock on it.

    Raises:
        OSError: Not writable, full, or without locks.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    probe = folder / f".preflight-{os.getpid()}"
    try:
        with probe.open("w", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            file.write("probe")
    finally:
        probe.unlink(missing_ok=True)


def _fatal(seen: str, remedy: str) -> Check:
    return Check(what=_WHAT, severity=Severity.FATAL, seen=seen, remedy=remedy)
