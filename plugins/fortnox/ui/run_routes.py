"""Routes of one run: its report, its order rows with search and download."""

import os
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity
from airflow.api_fastapi.common.db.common import SessionDep
from airflow.api_fastapi.core_api.security import requires_access_dag
from airflow.configuration import AIRFLOW_HOME
from fastapi import APIRouter, Depends, HTTPException, Query, Response
from fastapi.responses import JSONResponse

from fortnox.core.report_frame import PAGE_ROWS
from fortnox.core.report_language import translate
from fortnox.core.report_paths import plan_name, reports_base
from fortnox.ui.details import DetailsPage, load_all_details, load_details, page_count
from fortnox.ui.download import to_csv, to_xlsx
from fortnox.ui.languages import Language, ReaderLanguage, answer_in
from fortnox.ui.links import links_of
from fortnox.ui.names import Name
from fortnox.ui.rows import RowFilter, found_rows, served, sum_ore
from fortnox.ui.runs import load_plan, load_report, load_run_state
from fortnox.ui.waiting import explain

_UNREADABLE_REPORT = (
    "The report of this run can't be read from Airflow's database. With an XCom backend that keeps "
    "values elsewhere, read summary.json in the folder of the reports."
)

_MAY_READ_XCOM = Depends(requires_access_dag("GET", DagAccessEntity.XCOM))
_MAY_READ_TASKS = Depends(requires_access_dag("GET", DagAccessEntity.TASK_INSTANCE))
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

router = APIRouter()


def row_filter(
    q: Annotated[str, Query(max_length=200)] = "",
    state: Annotated[str, Query(max_length=40)] = "",
    part: Annotated[str, Query(max_length=80)] = "",
) -> RowFilter:
    """What the reader wants to see of the order rows."""
    return RowFilter(text=q, state=state, part=part)


Filter = Annotated[RowFilter, Depends(row_filter)]
Page = Annotated[int, Query(ge=0, le=1_000_000)]


@router.get("/api/runs/{dag_id}/{run_id}", dependencies=[_MAY_READ_XCOM, _MAY_READ_TASKS])
def report(dag_id: Name, run_id: Name, session: SessionDep, language: Language) -> JSONResponse:
    """The run's summary with ``links`` and ``has_plan``; without one, 404 that says why.

    The body of that 404: ``detail`` and ``remedy`` (sentences), ``run_state``, ``tasks`` (id,
    state, count), ``missing_pools``, ``has_plan``.
    """
    summary = _load_summary(session, dag_id, run_id)
    has_plan = load_plan(session, dag_id, run_id) is not None
    if summary is not None:
        more = {"links": links_of(summary), "has_plan": has_plan}
        return answer_in(language.of_shop(summary), {**summary, **more})
    run = load_run_state(session, dag_id, run_id)
    body = {
        **asdict(explain(run)),
        "run_state": run.state if run else None,
        "tasks": [asdict(task) for task in run.tasks] if run else [],
        "missing_pools": run.missing_pools if run else [],
        "has_plan": has_plan,
    }
    return answer_in(language.of_reader, body, status_code=404)


@router.get("/api/runs/{dag_id}/{run_id}/plan", dependencies=[_MAY_READ_XCOM])
def plan(
    dag_id: Name, run_id: Name, session: SessionDep, language: Language, page: Page = 0
) -> JSONResponse:
    """What the run planned: ``{"plan": {...}, "rows": [...], "note": ""}``, a page of documents."""
    planned = load_plan(session, dag_id, run_id)
    if planned is None:
        raise HTTPException(404, "This run has no plan.")
    content: DetailsPage = {"rows": [], "note": ""}
    if page_count(planned):
        base = reports_base(os.environ, AIRFLOW_HOME)
        content = load_details(base, planned, dag_id, run_id, page, file_name=plan_name)
    return answer_in(language.of_shop(planned), {"plan": planned, **content})


@router.get("/api/runs/{dag_id}/{run_id}/orders", dependencies=[_MAY_READ_XCOM])
def orders(
    dag_id: Name,
    run_id: Name,
    session: SessionDep,
    wanted: Filter,
    language: Language,
    *,
    page: Page = 0,
) -> JSONResponse:
    """One page of order rows; rows that are gone are told in ``note``.

    ``{"rows": [...], "note": "", "found": n, "pages": n, "sum_ore": n}``; the sum is of the chosen
    part, or else of the differences, over all rows that were found.
    """
    summary = _summary_of(session, dag_id, run_id)
    spoken = language.of_shop(summary)
    base = reports_base(os.environ, AIRFLOW_HOME)
    if wanted.is_empty:
        content = load_details(base, summary, dag_id, run_id, page)
        rows = content["rows"]
        more = {"found": summary.get("details", {}).get("rows"), "pages": page_count(summary)}
    else:
        content = load_all_details(base, summary, dag_id, run_id)
        found = found_rows(content["rows"], wanted, spoken)
        rows = found[page * PAGE_ROWS : (page + 1) * PAGE_ROWS]
        more = {
            "found": len(found),
            "pages": -(-len(found) // PAGE_ROWS),
            "sum_ore": sum_ore(found, wanted.part),
        }
    body = {"rows": served(rows, wanted.part), "note": content["note"], **more}
    return answer_in(spoken, body)


@router.get("/api/runs/{dag_id}/{run_id}/orders.csv", dependencies=[_MAY_READ_XCOM])
def orders_csv(
    dag_id: Name, run_id: Name, session: SessionDep, wanted: Filter, language: Language
) -> Response:
    """The rows that the filter lets through, all pages, as CSV: for machines, so in English."""
    name, rows, _ = _all_rows(session, dag_id, run_id, wanted, language)
    return Response(to_csv(rows), media_type="text/csv", headers=_as_file(f"{name}.csv"))


@router.get("/api/runs/{dag_id}/{run_id}/orders.xlsx", dependencies=[_MAY_READ_XCOM])
def orders_xlsx(
    dag_id: Name, run_id: Name, session: SessionDep, wanted: Filter, language: Language
) -> Response:
    """The rows that the filter lets through, all pages, as XLSX, in the reader's language."""
    name, rows, spoken = _all_rows(session, dag_id, run_id, wanted, language)
    return Response(to_xlsx(rows, name, spoken), media_type=_XLSX, headers=_as_file(f"{name}.xlsx"))


def _all_rows(
    session: SessionDep, dag_id: str, run_id: str, wanted: RowFilter, language: ReaderLanguage
) -> tuple[str, Sequence[dict[str, Any]], str]:
    """The name of the file, made of safe characters, its rows, and the reader's language."""
    summary = _summary_of(session, dag_id, run_id)
    spoken = language.of_shop(summary)
    content = load_all_details(reports_base(os.environ, AIRFLOW_HOME), summary, dag_id, run_id)
    if content["note"]:
        raise HTTPException(404, translate(content["note"], spoken))
    rows = found_rows(content["rows"], wanted, spoken)
    # load_all_details has checked both: they are names of folders.
    name = f"{summary['shop']['key']}-{summary['window']['label']}" if rows else "orders"
    return name, served(rows, wanted.part), spoken


def _as_file(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def _summary_of(session: SessionDep, dag_id: str, run_id: str) -> dict[str, Any]:
    summary = _load_summary(session, dag_id, run_id)
    if summary is None:
        raise HTTPException(404, "This run has no report.")
    return summary


def _load_summary(session: SessionDep, dag_id: str, run_id: str) -> dict[str, Any] | None:
    try:
        return load_report(session, dag_id, run_id)
    except ValueError as error:
        raise HTTPException(404, _UNREADABLE_REPORT) from error
