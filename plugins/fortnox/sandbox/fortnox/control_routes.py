"""The control API of the sandbox Fortnox over HTTP; see ``Control`` for what each route does.

===================================  ============================================================
``POST /_sandbox/reset``             a new company
``GET /_sandbox/state``              customers, articles, invoices, payments, vouchers, requests
``GET /_sandbox/ledger``             all documents and vouchers, balances per year and account
``POST /_sandbox/seed``              ``{"customers": 9, "invoices": 99, "number": 1}``: many at once
``POST /_sandbox/act``               ``{"method", "path", "body", "query"}`` as somebody else
``GET, PUT /_sandbox/unknowns``      the open questions with what is set; ``{"name": answer}``
``PUT /_sandbox/clock``              ``{"now": "2026-11-21T08:00:00+01:00"}`` or ``{"offset_s": 9}``
``PUT /_sandbox/locked-period``      ``{"end_date": "2026-10-31"}``; null opens
``PUT /_sandbox/accounts/{number}``  ``{"active": false, "year": 2}``; without year: all years
``DELETE, PUT /_sandbox/financial-years/{id}``  take a year away, bring it back
``POST /_sandbox/refresh-token``     a refresh token as after a consent
``DELETE /_sandbox/consent``         the customer takes the consent back
``/_sandbox/faults``, ``/requests``  see ``fortnox.sandbox.control``
===================================  ============================================================
"""

from datetime import date, datetime, timedelta

from fastapi import HTTPException, Request, Response
from starlette.routing import Route

from fortnox.sandbox.control import FaultRoutes, control_route, json_object, json_response
from fortnox.sandbox.fortnox import auth
from fortnox.sandbox.fortnox.control import Control


class ControlRoutes:
    """HTTP in front of a ``Control``."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def routes(self) -> list[Route]:
        """All routes under ``/_sandbox``."""
        return [
            control_route("POST", "/reset", self._reset),
            control_route("GET", "/state", self._state),
            control_route("GET", "/ledger", self._ledger),
            control_route("POST", "/seed", self._seed),
            control_route("POST", "/act", self._act),
            control_route("GET", "/unknowns", self._unknowns),
            control_route("PUT", "/unknowns", self._unknowns),
            control_route("PUT", "/clock", self._clock),
            control_route("PUT", "/locked-period", self._lock_period),
            control_route("PUT", "/accounts/{number:int}", self._account),
            control_route("DELETE", "/financial-years/{year_id:int}", self._remove_year),
            control_route("PUT", "/financial-years/{year_id:int}", self._restore_year),
            control_route("DELETE", "/consent", self._withdraw_consent),
            control_route("POST", "/refresh-token", self._refresh_token),
            *FaultRoutes(self._control.book).routes(),
        ]

    async def _reset(self, _request: Request) -> Response:
        self._control.reset()
        return json_response({"reset": True})

    async def _state(self, _request: Request) -> Response:
        return json_response(self._control.state())

    async def _ledger(self, _request: Request) -> Response:
        return json_response(self._control.ledger())

    async def _seed(self, request: Request) -> Response:
        wanted = await json_object(request)
        try:
            made = self._control.seed(
                customers=int(wanted.get("customers", 10)),
                invoices=int(wanted.get("invoices", 100)),
                first_day=date.fromisoformat(wanted.get("first_day", "2026-11-01")),
                number=int(wanted.get("number", 1)),
            )
        except (TypeError, ValueError) as error:
            raise HTTPException(400, str(error)) from error
        return json_response(made, 201)

    async def _act(self, request: Request) -> Response:
        wanted = await json_object(request)
        if not {"method", "path"} <= set(wanted):
            raise HTTPException(400, "method and path are needed")
        made = self._control.act(
            str(wanted["method"]), str(wanted["path"]), wanted.get("body"), wanted.get("query")
        )
        return Response(made.encoded(), status_code=made.status, media_type=made.content_type)

    async def _unknowns(self, request: Request) -> Response:
        try:
            self._control.set_switches(**await json_object(request))
        except ValueError as error:
            raise HTTPException(400, str(error)) from error
        return json_response({"unknowns": self._control.unknowns()})

    async def _clock(self, request: Request) -> Response:
        wanted = await json_object(request)
        try:
            now = datetime.fromisoformat(wanted["now"]) if wanted.get("now") else None
            offset = timedelta(seconds=int(wanted.get("offset_s", 0)))
            return json_response({"now": self._control.set_clock(now, offset).isoformat()})
        except (TypeError, ValueError) as error:
            raise HTTPException(400, str(error)) from error

    async def _lock_period(self, request: Request) -> Response:
        wanted = (await json_object(request)).get("end_date")
        try:
            self._control.lock_period(date.fromisoformat(wanted) if wanted else None)
        except (TypeError, ValueError) as error:
            raise HTTPException(400, str(error)) from error
        return json_response({"end_date": wanted})

    async def _account(self, request: Request) -> Response:
        wanted = await json_object(request)
        number: int = request.path_params["number"]
        years = self._control.set_account_active(
            number, active=bool(wanted.get("active", True)), year_id=wanted.get("year")
        )
        return json_response({"years": years})

    async def _remove_year(self, request: Request) -> Response:
        year_id: int = request.path_params["year_id"]
        self._control.remove_year(year_id)
        return json_response({"removed": year_id})

    async def _restore_year(self, request: Request) -> Response:
        year_id: int = request.path_params["year_id"]
        try:
            self._control.restore_year(year_id)
        except ValueError as error:
            raise HTTPException(404, str(error)) from error
        return json_response({"restored": year_id})

    async def _withdraw_consent(self, _request: Request) -> Response:
        auth.withdraw_consent(self._control.store)
        return json_response({"consent": "withdrawn"})

    async def _refresh_token(self, _request: Request) -> Response:
        return json_response({"refresh_token": auth.issue_refresh_token(self._control.store)})
