"""Routes over many days: the calendar of a daily DAG, and all shops that the user may see."""

import os
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity, DagDetails
from airflow.api_fastapi.common.db.common import SessionDep
from airflow.api_fastapi.core_api.security import (
    GetUserDep,
    requires_access_dag,
    requires_authenticated,
)
from airflow.configuration import AIRFLOW_HOME
from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse

from fortnox.core.names import daily_dag_id
from fortnox.core.report_days import Day, make_days
from fortnox.core.report_paths import reports_base
from fortnox.ui.day_runs import load_day_runs, load_obstacles
from fortnox.ui.indexes import load_index, load_recent
from fortnox.ui.languages import Language, answer_in
from fortnox.ui.names import Name
from fortnox.ui.overview import ShopDays, overview_page

OVERVIEW_DAYS = 30
_DAILY_PREFIX = daily_dag_id("")
_MAY_READ_RUNS = Depends(requires_access_dag("GET", DagAccessEntity.RUN))
_MAY_READ_XCOM = Depends(requires_access_dag("GET", DagAccessEntity.XCOM))

router = APIRouter()


@router.get("/api/dags/{dag_id}/days", dependencies=[_MAY_READ_RUNS, _MAY_READ_XCOM])
def calendar(
    dag_id: Name,
    session: SessionDep,
    user: GetUserDep,
    language: Language,
    year: Annotated[int | None, Query(ge=2000, le=2200)] = None,
) -> JSONResponse:
    """A year of accounting days, and whether the user may start runs and what stands against it.

    Another DAG than a shop's daily one gives ``{"daily": false}``.
    """
    if not dag_id.startswith(_DAILY_PREFIX):
        return answer_in(language.of_reader, {"daily": False})
    shown = year or datetime.now(UTC).year
    index = load_index(reports_base(os.environ, AIRFLOW_HOME), dag_id, shown)
    first, last = date(shown, 1, 1), date(shown, 12, 31)
    runs = load_day_runs(session, [dag_id], first, last).get(dag_id, [])
    days = make_days(
        index.get("days", {}),
        runs,
        first=first,
        last=last,
        start_date=_start_date(index),
        today=_today(index),
    )
    body = {
        "daily": True,
        "year": shown,
        "shop": index.get("shop", {}).get("name", ""),
        "days": [asdict(day) for day in days],
        "may_start": get_auth_manager().is_authorized_dag(
            method="POST",
            access_entity=DagAccessEntity.RUN,
            details=DagDetails(id=dag_id),
            user=user,
        ),
        **asdict(load_obstacles(session, dag_id)),
    }
    return answer_in(language.of_shop(index), body)


@router.get("/api/overview", dependencies=[Depends(requires_authenticated())])
def overview(
    session: SessionDep,
    user: GetUserDep,
    language: Language,
    page: Annotated[int, Query(ge=0, le=100_000)] = 0,
    q: Annotated[str, Query(max_length=100)] = "",
) -> JSONResponse:
    """The shops whose daily DAG the user may read, over the last 30 days, worst first."""
    readable = get_auth_manager().get_authorized_dag_ids(user=user, method="GET", session=session)
    dag_ids = sorted(
        dag_id
        for dag_id in readable
        if dag_id.startswith(_DAILY_PREFIX) and _may_read_reports(user, dag_id)
    )
    last = datetime.now(UTC).date()
    first = last - timedelta(days=OVERVIEW_DAYS)
    runs = load_day_runs(session, dag_ids, first, last)
    base = reports_base(os.environ, AIRFLOW_HOME)
    shops = []
    for dag_id in dag_ids:
        index = _span_index(base, dag_id, first, last)
        # The last 30 days that are over where the shop is.
        end = _today(index) - timedelta(days=1)
        days = make_days(
            index.get("days", {}),
            runs.get(dag_id, []),
            first=end - timedelta(days=OVERVIEW_DAYS - 1),
            last=end,
            start_date=_start_date(index),
            today=_today(index),
        )
        shops.append(_shop_days(dag_id, index, days))
    return answer_in(language.of_reader, overview_page(shops, text=q, page=page))


def _may_read_reports(user: Any, dag_id: str) -> bool:
    """As the report's own route asks: a DAG may be readable and its XComs not."""
    return bool(
        get_auth_manager().is_authorized_dag(
            method="GET",
            access_entity=DagAccessEntity.XCOM,
            details=DagDetails(id=dag_id),
            user=user,
        )
    )


def _span_index(base: str, dag_id: str, first: date, last: date) -> dict[str, Any]:
    """The index of the span; in January the year before as well."""
    index = load_recent(base, dag_id, last.year, first)
    if first.year == last.year:
        return index
    before = load_recent(base, dag_id, first.year, first)
    begins = [one["start_date"] for one in (before, index) if one.get("start_date")]
    days = {**before.get("days", {}), **index.get("days", {})}
    return {**before, **index, "days": days, "start_date": min(begins, default=None)}


def _shop_days(dag_id: str, index: dict[str, Any], days: list[Day]) -> ShopDays:
    key = dag_id.removeprefix(_DAILY_PREFIX)
    return ShopDays(
        dag_id=dag_id,
        shop=str(index.get("shop", {}).get("name") or key),
        company=str(index.get("company", {}).get("name") or ""),
        days=tuple(days),
    )


def _start_date(index: dict[str, Any]) -> date | None:
    try:
        return date.fromisoformat(index["start_date"])
    except (KeyError, TypeError, ValueError):
        return None


def _today(index: dict[str, Any]) -> date:
    """The local date of the shop; UTC's before its first report."""
    try:
        return datetime.now(ZoneInfo(index["timezone"])).date()
    except (KeyError, TypeError, ValueError, ZoneInfoNotFoundError):
        return datetime.now(UTC).date()
