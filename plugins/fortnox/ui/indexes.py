"""The index files of daily DAGs, as ``reconcile`` wrote them."""

import json
import logging
from collections.abc import Callable
from datetime import date
from hashlib import blake2b
from typing import Any

from fortnox.core.report_index import SCHEMA, index_folder, index_name
from fortnox.ui.details import read_file

_log = logging.getLogger(__name__)

Read = Callable[[str], bytes]
#: Path -> by what its content is known, and its recent days.
_RECENT: dict[str, tuple[tuple[bytes, date], dict[str, Any]]] = {}
_MOST_KEPT = 2000


def load_index(base: str, dag_id: str, year: int, read: Read = read_file) -> dict[str, Any]:
    """A year of a DAG; empty if there is none yet or none that can be read.

    Args:
        base: The folder of all reports.
        dag_id: The DAG; one whose id is unsafe as a folder has no index.
        year: Of the accounting days.
        read: Reads a file.
    """
    try:
        return _parsed(read(_path(base, dag_id, year)))
    except Exception as error:  # noqa: BLE001 - each storage library raises errors of its own
        return _without(error)


def load_recent(
    base: str, dag_id: str, year: int, since: date, read: Read = read_file
) -> dict[str, Any]:
    """The same without the days before ``since``; parsed once as long as the file is the same.

    The overview reads the years of hundreds of shops: most of its time went into parsing them.
    """
    try:
        path = _path(base, dag_id, year)
        content = read(path)
        known_by = (blake2b(content, digest_size=16).digest(), since)
        kept = _RECENT.get(path)
        if kept is None or kept[0] != known_by:
            kept = (known_by, _recent(_parsed(content), since.isoformat()))
            if len(_RECENT) >= _MOST_KEPT:
                _RECENT.clear()
            _RECENT[path] = kept
    except Exception as error:  # noqa: BLE001 - as above
        return _without(error)
    return kept[1]


def _recent(index: dict[str, Any], since: str) -> dict[str, Any]:
    days = index.get("days")
    if not isinstance(days, dict):
        return index
    # Without a start date the first day that is known says when the shop began.
    begin = index.get("start_date") or min(days, default=None)
    recent = {day: entry for day, entry in days.items() if day >= since}
    return {**index, "start_date": begin, "days": recent}


def _path(base: str, dag_id: str, year: int) -> str:
    return f"{base}/{index_folder(dag_id)}/{index_name(year)}"


def _parsed(content: bytes) -> dict[str, Any]:
    index = json.loads(content)
    return index if isinstance(index, dict) and index.get("schema") == SCHEMA else {}


def _without(error: Exception) -> dict[str, Any]:
    if not isinstance(error, FileNotFoundError | NotADirectoryError):
        _log.warning("the index of a DAG can't be read: %s", type(error).__name__)
    return {}
