"""The JSON routes behind the tab, and the tab's script. Reading only.

An app that a plugin mounts is open to anybody until its routes ask (Airflow guards its own only),
so each route here carries its permission; a test walks over all of them.
"""

import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity
from airflow.api_fastapi.common.db.common import SessionDep
from airflow.api_fastapi.core_api.security import requires_access_dag, requires_authenticated
from airflow.configuration import AIRFLOW_HOME
from fastapi import Depends, FastAPI, HTTPException, Query
from fastapi.responses import FileResponse, JSONResponse

from fortnox.core.report_paths import reports_base
from fortnox.ui.details import DetailsPage, load_details
from fortnox.ui.runs import load_report, load_run_state
from fortnox.ui.waiting import explain

_SCRIPT = Path(__file__).with_name("static") / "main.js"
_UNREADABLE_REPORT = (
    "The report of this run can't be read from Airflow's database. With an XCom backend that keeps "
    "values elsewhere, read summary.json in the folder of the reports."
)

# Reports are about money: no copy of them in a browser's or a proxy's cache.
_NO_STORE = {"Cache-Control": "no-store"}
_MAY_READ_XCOM = Depends(requires_access_dag("GET", DagAccessEntity.XCOM))
_MAY_READ_TASKS = Depends(requires_access_dag("GET", DagAccessEntity.TASK_INSTANCE))

app = FastAPI(title="Fortnox reconciliation", docs_url=None, redoc_url=None, openapi_url=None)


@app.get("/static/main.js", dependencies=[Depends(requires_authenticated())])
def script() -> FileResponse:
    """The tab's ES module."""
    headers = {"Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff"}
    return FileResponse(_SCRIPT, media_type="text/javascript", headers=headers)


@app.get("/api/runs/{dag_id}/{run_id}", dependencies=[_MAY_READ_XCOM, _MAY_READ_TASKS])
def report(dag_id: str, run_id: str, session: SessionDep) -> JSONResponse:
    """The run's summary; without one, 404 that says why and how far the run is.

    The body of that 404: ``detail`` and ``remedy`` (sentences), ``run_state``, ``tasks`` (id,
    state, count), ``missing_pools``.
    """
    summary = _load_summary(session, dag_id, run_id)
    if summary is not None:
        return JSONResponse(summary, headers=_NO_STORE)
    run = load_run_state(session, dag_id, run_id)
    body = {
        **asdict(explain(run)),
        "run_state": run.state if run else None,
        "tasks": [asdict(task) for task in run.tasks] if run else [],
        "missing_pools": run.missing_pools if run else [],
    }
    return JSONResponse(body, status_code=404, headers=_NO_STORE)


@app.get("/api/runs/{dag_id}/{run_id}/orders", dependencies=[_MAY_READ_XCOM])
def orders(
    dag_id: str,
    run_id: str,
    session: SessionDep,
    page: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> JSONResponse:
    """One page of order rows: ``{"rows": [...], "note": ""}``; gone ones are told in ``note``."""
    summary = _load_summary(session, dag_id, run_id)
    if summary is None:
        raise HTTPException(404, "This run has no report.")
    base = reports_base(os.environ, AIRFLOW_HOME)
    content: DetailsPage = load_details(base, summary, dag_id, run_id, page)
    return JSONResponse(content, headers=_NO_STORE)


def _load_summary(session: SessionDep, dag_id: str, run_id: str) -> dict[str, Any] | None:
    try:
        return load_report(session, dag_id, run_id)
    except ValueError as error:
        raise HTTPException(404, _UNREADABLE_REPORT) from error
