"""The shop over HTTP: one address, context in the query string, everything else in the body."""

from pathlib import Path
from typing import Any

import simplejson
from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool

from fortnox.sandbox.control import json_response
from fortnox.sandbox.faults import FaultMiddleware
from fortnox.sandbox.seed.model import Json, ShopData
from fortnox.sandbox.textalk import control
from fortnox.sandbox.textalk.methods import needs_token, perform, webshop_known
from fortnox.sandbox.textalk.rpc import RpcError, answer, refusal
from fortnox.sandbox.textalk.store import Store

PATH = "/backend/jsonrpc/v1"
_LANGUAGES = frozenset({"", "sv", "en"})
_LIMITED = b"<html><head><title>429 Too Many Requests</title></head><body>nginx</body></html>"


def create_app(sales: ShopData, *, state_file: Path | None = None) -> FastAPI:
    """A Textalk Webshop as an ASGI application; ``app.state.textalk`` is its :class:`Store`.

    Args:
        sales: What the shop sells and has sold.
        state_file: JSON file that keeps the shop between restarts; ``sales`` only fills a new one.
    """
    app = FastAPI(title="Textalk sandbox", docs_url=None, redoc_url=None, openapi_url=None)
    store = Store(sales, state_file=state_file)
    app.state.textalk = store
    app.router.routes.extend(control.routes(store))

    async def rpc(request: Request) -> Response:
        raw = await request.body()
        return await run_in_threadpool(_answer, store, raw, dict(request.query_params))

    for path in (PATH, f"{PATH}/"):
        app.add_route(path, rpc, methods=["POST"])
    app.add_middleware(FaultMiddleware, book=store.faults, limited_body=_LIMITED)
    return app


def _answer(store: Store, raw: bytes, context: Json) -> Response:
    request_id: Any = None
    with store.lock:
        if store.switches.empty_bodies > 0:
            store.switches.empty_bodies -= 1
            return Response(b"", media_type="application/json")
        try:
            body = _parsed(raw)
            request_id = body.get("id")
            return json_response(answer(request_id, _result(store, body, context)))
        except RpcError as error:
            return json_response(refusal(request_id, error))


def _parsed(raw: bytes) -> Json:
    """The request's envelope; an array of calls is refused, as nothing documents it.

    Raises:
        RpcError: -32700 or -32600.
    """
    try:
        body = simplejson.loads(raw, use_decimal=True)
    except (ValueError, RecursionError) as error:
        raise RpcError(-32700) from error
    if not isinstance(body, dict) or not isinstance(body.get("method"), str):
        raise RpcError(-32600)
    return body


def _result(store: Store, body: Json, context: Json) -> Any:
    method, params = body["method"], body.get("params", [])
    store.calls.append(method)
    _check_context(store, method, context)
    for failure in store.failures:
        if failure.method == method and failure.times > 0:
            failure.times -= 1
            raise RpcError(failure.code)
    if not isinstance(params, list):
        raise RpcError(-32602, "Parameters are positional")
    shown = {name: context.get(name) for name in ("webshop", "language", "session")}
    try:
        return perform(store, method, params, shown)
    except TypeError as error:
        raise RpcError(-32602, "Wrong number or type of parameters") from error


def _check_context(store: Store, method: str, context: Json) -> None:
    """Webshop, language and token, in that order.

    Raises:
        RpcError: 1001 to 1006.
    """
    if not context.get("webshop"):
        raise RpcError(1001)
    if not webshop_known(context["webshop"]):
        raise RpcError(1002)
    if context.get("language", "") not in _LANGUAGES:
        raise RpcError(1003)
    token = context.get("auth", "")
    is_login = store.login_tokens.get(token, store.now()) > store.now()
    kept = store.auth_tokens.get(token)
    is_kept = kept is not None and kept["active"]
    if token and not is_login and not is_kept:
        raise RpcError(1004)
    if method.startswith("AuthToken.") and not is_login:
        raise RpcError(1006)
    if needs_token(method) and not token:
        raise RpcError(1006)
