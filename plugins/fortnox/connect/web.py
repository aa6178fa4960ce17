"""The routes behind the page "Connect Fortnox"; they store nothing.

Each asks for Airflow's permission to edit the connection. The way back from Fortnox is a plain GET
that another site could make as well, so it counts only with the state, in a cookie of the browser
that asked, for the person who asked; and what comes of it is shown, for that person to store.
"""

from dataclasses import asdict
from typing import Annotated, Any
from urllib.parse import urlsplit

from airflow._shared.secrets_masker import mask_secret
from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.resource_details import ConnectionDetails, DagDetails
from airflow.api_fastapi.common.db.common import SessionDep
from airflow.api_fastapi.core_api.security import (
    GetUserDep,
    requires_access_connection,
    requires_authenticated,
)
from airflow.configuration import conf
from airflow.models.connection import Connection
from fastapi import Depends, FastAPI, HTTPException, Query, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from fortnox.connect import signed
from fortnox.connect.company import least_scopes
from fortnox.connect.walk import (
    answered,
    places,
    question,
    read_mappings,
    shops_of,
    stored_connection,
)
from fortnox.core.errors import PipelineError
from fortnox.core.names import daily_dag_id
from fortnox.core.report_language import chosen_language, translated
from fortnox.ui.headers import SecurityHeaders

PAGE = "plugin/fortnox-connect"
URL_PREFIX = "/fortnox-connect"
_REFUSED = 409

app = FastAPI(title="Connect Fortnox", docs_url=None, redoc_url=None, openapi_url=None)
app.add_middleware(SecurityHeaders)

Lang = Annotated[str, Query(max_length=10)]
_MAY_EDIT = Depends(requires_access_connection("PUT"))


@app.get("/api/connections", dependencies=[Depends(requires_authenticated())])
def connections(
    request: Request, session: SessionDep, user: GetUserDep, lang: Lang = ""
) -> JSONResponse:
    """The Fortnox connections that the reader may edit, and the address to register."""
    found = [
        asdict(place)
        for place in places(session, read_mappings(), lambda shop: _may_see(user, shop))
        if _may_edit(user, place.connection_id)
    ]
    if not found and not _may_edit(user, None):
        raise HTTPException(403, "Forbidden")
    language = chosen_language(lang, request.headers.get("accept-language"))
    body = {"connections": translated(found, language), "redirect_uri": _redirect_uri(request)}
    return JSONResponse({**body, "language": language})


@app.get("/api/consent/{connection_id}", dependencies=[_MAY_EDIT])
def consent(
    connection_id: str, request: Request, session: SessionDep, user: GetUserDep, lang: Lang = ""
) -> JSONResponse:
    """The address of Fortnox's page; the state goes into a cookie of this browser."""
    mappings = read_mappings()
    scopes = least_scopes(mappings, shops_of(connection_id, mappings))
    try:
        row = stored_connection(session, connection_id)
        asked = question(row, scopes, _redirect_uri(request))
    except PipelineError as error:
        return JSONResponse(_told(error, lang), status_code=_REFUSED)
    response = JSONResponse({"url": asked.url})
    kept = {"user": user.get_id(), "connection_id": connection_id, "state": asked.state}
    _keep(request, response, signed.QUESTION, kept)
    return response


@app.get("/callback", dependencies=[Depends(requires_authenticated())])
def callback(request: Request, session: SessionDep, user: GetUserDep) -> RedirectResponse:
    """Fortnox sends the browser here; it goes on to the page, which tells what came of it."""
    for code in request.query_params.getlist("code"):
        # Airflow's access log, which is written afterwards, masks what it was told.
        mask_secret(code)
    back = RedirectResponse(f"{_base(request)}/{PAGE}", status_code=303)
    back.delete_cookie(signed.QUESTION, path=_cookie_path(request))
    asked = signed.kept(request, signed.QUESTION, user.get_id()) or {}
    conn_id = str(asked.get("connection_id") or "")
    if not conn_id or not _may_edit(user, conn_id):
        return back
    outcome: dict[str, Any] = {"user": user.get_id(), "connection_id": conn_id}
    try:
        row, mappings = stored_connection(session, conn_id), read_mappings()
        scopes = least_scopes(mappings, shops_of(conn_id, mappings))
        same = question(row, scopes, _redirect_uri(request), str(asked.get("state") or ""))
        outcome |= answered(row, same, same.code_of(str(request.url)), mappings)
    except PipelineError as error:
        outcome |= _told(error)
    _keep(request, back, signed.OUTCOME, outcome)
    return back


@app.get("/api/outcome", dependencies=[Depends(requires_authenticated())])
def outcome(request: Request, user: GetUserDep, lang: Lang = "") -> JSONResponse:
    """What the last consent of this browser came to, if there is one.

    ``language``, ``connection_id`` and either ``company``, ``organisation_number``, ``tenant_id``,
    ``token_url`` and ``findings``, or ``detail`` and ``remedy``.
    """
    found = signed.kept(request, signed.OUTCOME, user.get_id()) or {}
    shown = {name: value for name, value in found.items() if name != "user"}
    language = chosen_language(lang, request.headers.get("accept-language"))
    return JSONResponse({**translated(shown, language), "language": language})


def _told(error: PipelineError, language: str = "") -> dict[str, str]:
    told = {"detail": error.message, "remedy": error.remedy}
    spoken: dict[str, str] = translated(told, chosen_language(language))
    return spoken


def _may_edit(user: Any, conn_id: str | None) -> bool:
    is_in_teams = conn_id and conf.getboolean("core", "multi_team")
    team = Connection.get_team_name(conn_id) if conn_id and is_in_teams else None
    details = ConnectionDetails(conn_id=conn_id, team_name=team)
    return bool(
        get_auth_manager().is_authorized_connection(method="PUT", details=details, user=user)
    )


def _may_see(user: Any, shop: str) -> bool:
    """Whoever may not see a shop's DAG does not learn of the shop here either."""
    details = DagDetails(id=daily_dag_id(shop))
    return bool(get_auth_manager().is_authorized_dag(method="GET", details=details, user=user))


def _keep(request: Request, response: Response, name: str, value: dict[str, Any]) -> None:
    secure = urlsplit(_base(request)).scheme == "https"
    signed.keep(response, name, value, secure=secure, path=_cookie_path(request))


def _base(request: Request) -> str:
    """Airflow's address as the browser knows it: configured, else as this request came."""
    configured = conf.get("api", "base_url", fallback="") or ""
    return configured.rstrip("/") or f"{request.url.scheme}://{request.url.netloc}"


def _cookie_path(request: Request) -> str:
    return f"{urlsplit(_base(request)).path}{URL_PREFIX}"


def _redirect_uri(request: Request) -> str:
    return f"{_base(request)}{URL_PREFIX}/callback"
