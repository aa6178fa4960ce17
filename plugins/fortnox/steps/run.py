"""What the first task of a run decides, and how every later task gets at it.

The run's window, its mappings (a staged copy, so that an edit in the middle changes nothing) and
the time when it was opened travel as one small XCom.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypedDict

from airflow.sdk import Context

from fortnox.core.errors import FatalError
from fortnox.core.mapping import Mappings, ShopRow, parse_mappings
from fortnox.core.names import DRY_RUN_PARAM
from fortnox.core.window import Window, WindowDict
from fortnox.mapping_files import mappings_folder, read_folder
from fortnox.steps.staging import Pointer, StagingArea, staging_base


class RunDict(TypedDict):
    """The first task's XCom."""

    window: WindowDict
    shop: str
    fortnox_conn_id: str
    mappings: Pointer
    fingerprint: str
    opened_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run as a task sees it."""

    window: Window
    shop: ShopRow
    mappings: Mappings
    staging: StagingArea
    opened_at: datetime
    fingerprint: str
    dag_id: str
    run_id: str


def load_mappings(dag_file: str) -> Mappings:
    """The mappings of the configured folder, by default ``../include/mappings`` of the DAG file.

    Errors of other shops' rows cost nothing here; ``Mappings.shop`` refuses a broken shop.
    """
    default = Path(dag_file).resolve().parent.parent / "include" / "mappings"
    return parse_mappings(read_folder(mappings_folder(default))).mappings


def open_run(
    context: Context, *, shop: ShopRow, mappings: Mappings, window: Window, opened_at: datetime
) -> RunDict:
    """Stage the mappings and make the XCom of the first task."""
    staging = _staging(context, shop.fortnox_conn_id, shop.shop, window)
    content = mappings.to_json().encode()
    return {
        "window": window.to_dict(),
        "shop": shop.shop,
        "fortnox_conn_id": shop.fortnox_conn_id,
        "mappings": staging.write("mappings", content, len(mappings.rows), suffix="json"),
        "fingerprint": mappings.fingerprint,
        "opened_at": opened_at.isoformat(),
    }


def load_run(context: Context, data: RunDict | None) -> Run:
    """The run that the first task opened.

    Raises:
        FatalError: The first task left nothing: it failed or was skipped.
    """
    if data is None:
        raise FatalError(
            "The run's first task gave no window.", remedy="See its log; then clear the run."
        )
    window = Window.from_dict(data["window"])
    staging = _staging(context, data["fortnox_conn_id"], data["shop"], window)
    mappings = Mappings.from_json(staging.read(data["mappings"], suffix="json").decode())
    return Run(
        window=window,
        shop=mappings.shop(data["shop"]),
        mappings=mappings,
        staging=staging,
        opened_at=datetime.fromisoformat(data["opened_at"]),
        fingerprint=data["fingerprint"],
        dag_id=context["dag"].dag_id,
        run_id=context["run_id"],
    )


def is_dry_run(context: Context) -> bool:
    """The run stops after its plan; only DAGs with that param know dry runs."""
    params: Any = context["params"]
    return bool(params.get(DRY_RUN_PARAM))


def pull(context: Context, task_id: str, key: str = "return_value") -> Any:
    """The XCom of a task of this run; None when it left none."""
    return context["ti"].xcom_pull(task_ids=task_id, key=key)


def _staging(context: Context, conn_id: str, shop: str, window: Window) -> StagingArea:
    return StagingArea(
        base=staging_base(),
        conn_id=conn_id,
        shop=shop,
        label=window.label,
        dag_id=context["dag"].dag_id,
        run_id=context["run_id"],
    )
