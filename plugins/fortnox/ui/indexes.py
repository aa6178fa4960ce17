"""The index files of daily DAGs, as ``reconcile`` wrote them."""

import json
import logging
from collections.abc import Callable
from typing import Any

from fortnox.core.report_index import SCHEMA, index_folder, index_name
from fortnox.ui.details import read_file

_log = logging.getLogger(__name__)


def load_index(
    base: str, dag_id: str, year: int, read: Callable[[str], bytes] = read_file
) -> dict[str, Any]:
    """A year of a DAG; empty if there is none yet or none that can be read.

    Args:
        base: The folder of all reports.
        dag_id: The DAG; one whose id is unsafe as a folder has no index.
        year: Of the accounting days.
        read: Reads a file.
    """
    try:
        index = json.loads(read(f"{base}/{index_folder(dag_id)}/{index_name(year)}"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except Exception as error:  # noqa: BLE001 - each storage library raises errors of its own
        _log.warning("the index of a DAG can't be read: %s", type(error).__name__)
        return {}
    return index if isinstance(index, dict) and index.get("schema") == SCHEMA else {}
