"""One page of a report's order rows, from the file that the reconcile task wrote.

The path is computed below the configured base (rules of the scheduler 16). Rows that are gone or
out of reach are told in a sentence and never an error: the summary stands without them.
"""

import gzip
import json
import logging
import posixpath
from collections.abc import Callable, Mapping
from typing import Any, TypedDict

from airflow.sdk import ObjectStoragePath

from fortnox.core.report_paths import details_name, report_folder

_log = logging.getLogger(__name__)

_GONE = (
    "The order rows of this report are no longer stored; the figures above are complete without "
    "them. Clear the task reconcile to make them again."
)
_UNREADABLE = (
    "The order rows of this report can't be read; the figures above are complete without them. "
    "Check that the api-server and the workers share the folder of the reports."
)
_MOST_PAGES = 2000
_NO_PLACE = "This report does not say where its order rows would be."


class DetailsPage(TypedDict):
    """Rows of one page; ``note`` says why there are none."""

    rows: list[dict[str, Any]]
    note: str


def read_file(path: str) -> bytes:
    """A local file or an object of an object store."""
    content: bytes = ObjectStoragePath(path).read_bytes()
    return content


def details_path(
    base: str,
    summary: Mapping[str, Any],
    dag_id: str,
    run_id: str,
    name: str,
) -> str:
    """Where a file of the run must be, whatever anybody wrote into the summary.

    Raises:
        ValueError: The summary names no company, shop or window, or an unsafe one.
    """
    try:
        conn_id = summary["company"]["fortnox_conn_id"]
        shop = summary["shop"]["key"]
        label = summary["window"]["label"]
    except (KeyError, TypeError) as error:
        message = "the summary lacks company, shop or window"
        raise ValueError(message) from error
    folder = report_folder(str(conn_id), str(shop), str(label), dag_id, run_id)
    relative = posixpath.normpath(f"{folder}/{name}")
    if relative.startswith(("/", "..")):
        message = "the path leads out of the base folder"
        raise ValueError(message)
    return f"{base}/{relative}"


def read_details(path: str, read: Callable[[str], bytes] = read_file) -> DetailsPage:
    """The page at a path from :func:`details_path`."""
    try:
        rows = json.loads(gzip.decompress(read(path)))
    except FileNotFoundError:
        return {"rows": [], "note": _GONE}
    except Exception as error:  # noqa: BLE001 - each storage library raises errors of its own
        _log.warning("order rows of a report can't be read: %s", type(error).__name__)
        return {"rows": [], "note": _UNREADABLE}
    if not isinstance(rows, list):
        return {"rows": [], "note": _UNREADABLE}
    return {"rows": rows, "note": ""}


def load_all_details(
    base: str, summary: Mapping[str, Any], dag_id: str, run_id: str
) -> DetailsPage:
    """The rows of all pages; of none if a page is gone, since half a list would mislead."""
    rows: list[dict[str, Any]] = []
    for page in range(page_count(summary)):
        content = load_details(base, summary, dag_id, run_id, page)
        if content["note"]:
            return {"rows": [], "note": content["note"]}
        rows.extend(content["rows"])
    return {"rows": rows, "note": ""}


def page_count(summary: Mapping[str, Any]) -> int:
    """How many pages the summary speaks of; never more than a shop's year could fill."""
    details = summary.get("details")
    pages = details.get("pages") if isinstance(details, Mapping) else 0
    return min(pages, _MOST_PAGES) if isinstance(pages, int) else 0


def load_details(
    base: str,
    summary: Mapping[str, Any],
    dag_id: str,
    run_id: str,
    page: int,
    *,
    file_name: Callable[[int], str] = details_name,
) -> DetailsPage:
    """A page of the run's order rows (or, by ``file_name``, of its plan), or a sentence."""
    try:
        path = details_path(base, summary, dag_id, run_id, file_name(page))
    except ValueError:
        return {"rows": [], "note": _NO_PLACE}
    return read_details(path)
