"""The application: token endpoint, ``/3``, control API, faults; see ``create_app``."""

import itertools
from decimal import localcontext
from pathlib import Path
from urllib.parse import parse_qsl

from fastapi import FastAPI, Request, Response

from fortnox.sandbox.faults import FaultBook, FaultMiddleware
from fortnox.sandbox.fortnox import (
    accounts,
    articles,
    auth,
    consent,
    customers,
    file_connections,
    files,
    invoice_actions,
    invoice_bookkeep,
    invoice_lists,
    offer_lists,
    offers,
    order_lists,
    orders,
    payments,
    predefined,
    prices,
    registers,
    settings,
    sie,
    supplier_actions,
    supplier_invoices,
    supplier_payments,
    suppliers,
    tax_reductions,
    vouchers,
    warehouse,
)
from fortnox.sandbox.fortnox.company import Company, default_company
from fortnox.sandbox.fortnox.control import Control
from fortnox.sandbox.fortnox.control_routes import ControlRoutes
from fortnox.sandbox.fortnox.errors import (
    BAD_CONTENT_TYPE,
    BAD_RESPONSE_TYPE,
    SYSTEM_EXCEPTION,
    ApiError,
)
from fortnox.sandbox.fortnox.rate import SlidingWindow
from fortnox.sandbox.fortnox.routing import Call, Router
from fortnox.sandbox.fortnox.setup import set_up
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.unknowns import Switches
from fortnox.sandbox.fortnox.wire import Answer

ROUTER = Router(
    (
        *settings.ROUTES,
        *accounts.ROUTES,
        *vouchers.ROUTES,
        *registers.ROUTES,
        *predefined.ROUTES,
        *prices.ROUTES,
        *tax_reductions.ROUTES,
        *files.ROUTES,
        *file_connections.ROUTES,
        *suppliers.ROUTES,
        *supplier_invoices.ROUTES,
        *supplier_actions.ROUTES,
        *supplier_payments.ROUTES,
        *articles.ROUTES,
        *customers.ROUTES,
        *invoice_lists.ROUTES,
        *invoice_actions.ROUTES,
        *invoice_bookkeep.ROUTES,
        *order_lists.ROUTES,
        *orders.ROUTES,
        *offer_lists.ROUTES,
        *offers.ROUTES,
        *payments.ROUTES,
        *sie.ROUTES,
    )
)
#: The OpenAPI document spells two parameters with capitals, the rest of the world does not.
_SPELLINGS = {"financialYear": "financialyear", "Date": "date"}
_PRECISION = 60
_JSON_TYPES = ("*/*", "application/json", "application/*")


def create_app(
    company: Company | None = None,
    *,
    state_file: Path | None = None,
    switches: Switches | None = None,
) -> FastAPI:
    """A Fortnox for one company.

    Args:
        company: Who it is and which credentials it knows; the default company if None.
        state_file: Journal that makes the state survive a restart; None keeps it in memory.
        switches: Answers to the open questions about Fortnox.

    Returns:
        The application; ``app.state.fortnox`` is its ``Store``, ``app.state.faults`` its
        ``FaultBook``, ``app.state.control`` the Python side of the control API and
        ``app.state.gateway`` what answers requests.
    """
    store = Store(company or default_company(), switches=switches, state_file=state_file)
    if store.is_empty:
        set_up(store)
    book = FaultBook(lambda: store.clock.now().isoformat())
    app = FastAPI(title="Sandbox Fortnox", docs_url=None, redoc_url=None, openapi_url=None)
    control = Control(store, book, lambda call: answer(call, scopes=None))
    app.state.fortnox = store
    app.state.faults = book
    app.state.control = control
    app.router.routes.extend(ControlRoutes(control).routes())
    app.add_middleware(
        FaultMiddleware, book=book, expire_token=lambda header: auth.expire(store, header)
    )
    gateway = app.state.gateway = Gateway(store)
    app.add_route("/oauth-v1/token", gateway.token, methods=["POST"])
    app.add_route("/oauth-v1/revoke", gateway.revoke, methods=["POST"])
    app.add_route("/oauth-v1/auth", gateway.authorize, methods=["GET", "POST"])
    app.add_route("/3/{path:path}", gateway.api, methods=["GET", "POST", "PUT", "DELETE"])
    app.add_route("/api/warehouse/tenants-v4", gateway.warehouse, methods=["GET"])
    app.add_exception_handler(Exception, _system_exception)
    return app


def answer(call: Call, *, scopes: list[str] | None) -> Answer:
    """Carry out a call; refusals become answers.

    Args:
        call: The request, without path arguments yet.
        scopes: What the token may do; None = anything (the control API).
    """
    try:
        route, args = ROUTER.find(call.method, call.path)
        if scopes is not None:
            auth.require_scope(call.store, scopes, route.scope)
        # Prices and quantities of the largest size that Fortnox takes have more than 28 digits.
        with call.store.lock, localcontext(prec=_PRECISION):
            return route.handler(
                Call(
                    store=call.store,
                    method=call.method,
                    path=call.path,
                    args=args,
                    query=call.query,
                    raw=call.raw,
                    base_url=call.base_url,
                    content_type=call.content_type,
                )
            )
    except ApiError as error:
        return Answer(status=error.status, body=error.body())


class Gateway:
    """HTTP on one side, ``Answer`` values on the other."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._window = SlidingWindow()
        self._count = itertools.count(1)

    async def token(self, request: Request) -> Response:
        """``POST /oauth-v1/token``."""
        return self._sent(auth.token(self._store, dict(request.headers), await request.body()))

    async def revoke(self, request: Request) -> Response:
        """``POST /oauth-v1/revoke``."""
        return self._sent(auth.revoke(self._store, dict(request.headers), await request.body()))

    async def authorize(self, request: Request) -> Response:
        """``GET`` and ``POST /oauth-v1/auth``: the question and its answer."""
        if request.method == "POST":
            return self._sent(consent.answer(self._store, await request.body()))
        return self._sent(consent.ask(self._store, dict(request.query_params)))

    async def api(self, request: Request) -> Response:
        """Everything under ``/3``."""
        raw = await request.body()
        scopes = self._admitted(request)
        if isinstance(scopes, Answer):
            return self._sent(scopes)
        refused = _refused_type(request, raw)
        if refused is not None:
            return self._sent(refused)
        call = Call(
            store=self._store,
            method=request.method,
            path=request.path_params["path"].strip("/"),
            args={},
            query=_query(request.url.query),
            raw=raw,
            base_url=str(request.base_url).rstrip("/"),
            content_type=request.headers.get("content-type", ""),
        )
        return self._sent(answer(call, scopes=scopes))

    async def warehouse(self, request: Request) -> Response:
        """The warehouse module, beside ``/3``."""
        scopes = self._admitted(request)
        if isinstance(scopes, Answer):
            return self._sent(scopes)
        return self._sent(warehouse.tenant(self._store, scopes))

    def _admitted(self, request: Request) -> list[str] | Answer:
        """The scopes of a request's token, or why it is not served."""
        scopes = auth.scopes_of(self._store, request.headers.get("authorization", ""))
        if scopes is None:
            return Answer(status=401, body={"message": "unauthorized"})
        if not self._window.admit(self._store.monotonic(), self._store.switches):
            return self._limited()
        return scopes

    def _limited(self) -> Answer:
        """The body of a real 429 is undocumented; this one is inferred."""
        seconds = self._store.switches.retry_after
        return Answer(
            status=429,
            body={"message": "API rate limit exceeded"},
            headers={} if seconds is None else {"Retry-After": str(seconds)},
        )

    def _sent(self, made: Answer) -> Response:
        headers = {
            "Server": "Fortnox",
            "X-Uid": f"{next(self._count):08x}",
            "X-Build": "sandbox",
            "X-Frame-Options": "sameorigin",
            **made.headers,
        }
        response = Response(made.encoded(), status_code=made.status, headers=headers)
        if made.body is not None:
            # Set by hand: Starlette would add a charset, which Fortnox does not send.
            response.headers["Content-Type"] = made.content_type
        return response


def _query(text: str) -> dict[str, str]:
    pairs = parse_qsl(text, keep_blank_values=True)
    return {_SPELLINGS.get(name, name): value for name, value in pairs}


def _refused_type(request: Request, raw: bytes) -> Answer | None:
    accepted = [
        part.split(";")[0].strip() for part in request.headers.get("accept", "*/*").split(",")
    ]
    if not any(part in _JSON_TYPES for part in accepted):
        error = ApiError(BAD_RESPONSE_TYPE)
    elif raw.strip() and not _known_body(request):
        error = ApiError(BAD_CONTENT_TYPE)
    else:
        return None
    return Answer(status=error.status, body=error.body())


def _known_body(request: Request) -> bool:
    """JSON everywhere, and forms with a file where files are uploaded."""
    kind = request.headers.get("content-type", "")
    uploads = request.path_params["path"].strip("/") in ("inbox", "archive")
    return kind.startswith("application/json") or (
        uploads and kind.startswith("multipart/form-data")
    )


async def _system_exception(_request: Request, _error: Exception) -> Response:
    error = ApiError(SYSTEM_EXCEPTION)
    made = Answer(status=error.status, body=error.body())
    return Response(made.encoded(), status_code=made.status, media_type="application/json")
