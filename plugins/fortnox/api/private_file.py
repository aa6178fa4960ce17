"""Small files that one machine remembers things in: whole or absent, for their owner only."""

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from fortnox.core.errors import UnreachableError


def write_private(path: Path, content: bytes, *, durable: bool = False) -> None:
    """Write a whole file or none: 0600, in folders that are 0700 where this makes them.

    Args:
        path: The file.
        content: All of it.
        durable: Its name outlives a power failure, too: for what is looked at before a request.

    Raises:
        UnreachableError: The disk is full, or the folder is away or can't be written; what stood
            under the name stands there still, and no part of the new one is left.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        make_private(path.parent)
        _write_through(temporary, content)
        temporary.replace(path)
        if durable:
            _sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise UnreachableError(
            f"{path.parent} can't be written: {error.strerror}.",
            remedy="Free space or mend the mount; the next try goes on from what stands in "
            "Fortnox.",
        ) from error


def _write_through(path: Path, content: bytes) -> None:
    """On the disk and not only in a cache, before it gets its name."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(handle)


def _sync_folder(folder: Path) -> None:
    """A new name in a folder is durable only once the folder is written too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_json(path: Path) -> dict[str, Any] | None:
    """The JSON object in a file; None if it is gone, cut or something else: then read anew."""
    try:
        data = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return data if isinstance(data, dict) else None


def make_private(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for their owner only."""
    for level in reversed((folder, *folder.parents)):
        level.mkdir(mode=0o700, exist_ok=True)
