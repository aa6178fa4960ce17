"""Small files that one machine remembers things in: whole or absent, for their owner only."""

import json
import os
from pathlib import Path
from typing import Any


def write_private(path: Path, content: bytes) -> None:
    """Write a whole file or none: 0600, in folders that are 0700 where this makes them."""
    make_private(path.parent)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


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
