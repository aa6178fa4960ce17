"""The shop over HTTP: routes, authentication and headers in WordPress' order of things."""

from pathlib import Path
from typing import NoReturn

import simplejson
from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool

from fortnox.sandbox.faults import FaultMiddleware
from fortnox.sandbox.seed.model import Json, ShopData
from fortnox.sandbox.woocommerce import control, shop
from fortnox.sandbox.woocommerce.auth import ApiKey, Authenticator, Call
from fortnox.sandbox.woocommerce.context import Context
from fortnox.sandbox.woocommerce.errors import WpError, forbidden, no_route
from fortnox.sandbox.woocommerce.listing import Reply
from fortnox.sandbox.woocommerce.params import Params, Query
from fortnox.sandbox.woocommerce.routes import find
from fortnox.sandbox.woocommerce.store import Store
from fortnox.sandbox.woocommerce.wire import encode

_LIMITED = b"<html><head><title>429 Too Many Requests</title></head><body>nginx</body></html>"
_NOTICE = b"<br />\n<b>Deprecated</b>: Creation of dynamic property in <b>plugin.php</b><br />\n"


def create_app(
    seed: ShopData, *, behind_tls: bool = False, state_file: Path | None = None
) -> FastAPI:
    """A WooCommerce shop as an ASGI application; ``app.state.woocommerce`` is its :class:`Store`.

    Args:
        seed: What the shop sells and has sold.
        behind_tls: The shop believes that it is reached over https (WordPress' ``is_ssl()``), so
            that Basic authentication works. Otherwise only requests with
            ``X-Forwarded-Proto: https`` are.
        state_file: SQLite file that keeps the shop between restarts; ``seed`` only fills a new one.
    """
    app = FastAPI(title="WooCommerce sandbox", docs_url=None, redoc_url=None, openapi_url=None)
    store = Store(seed, state_file=state_file)
    site = _Site(store, behind_tls=behind_tls)
    app.state.woocommerce = store
    app.router.routes.extend(control.routes(store))
    app.add_route(
        "/wp-json/{path:path}", site.answer, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]
    )
    app.add_middleware(FaultMiddleware, book=store.faults, limited_body=_LIMITED)
    return app


class _Site:
    """Answers everything below ``/wp-json/``."""

    def __init__(self, store: Store, *, behind_tls: bool) -> None:
        self._store = store
        self._behind_tls = behind_tls
        self._authenticator = Authenticator(store.keys, lambda: store.now().timestamp())

    async def answer(self, request: Request) -> Response:
        """One request, from the wire to the wire."""
        raw = await request.body()
        return await run_in_threadpool(self._answer, request, raw)

    def _answer(self, request: Request, raw: bytes) -> Response:
        headers = {
            "X-Robots-Tag": "noindex",
            "X-Content-Type-Options": "nosniff",
            "Access-Control-Expose-Headers": "X-WP-Total, X-WP-TotalPages, Link",
            "Link": f'<{self._home(request)}/wp-json/>; rel="https://api.w.org/"',
        }
        try:
            with self._store.lock:
                reply = self._reply(request, raw, headers)
            body, status = reply.body, reply.status
            headers |= reply.headers
        except WpError as error:
            body, status = error.body, error.status
        text = encode(body)
        if self._store.switches.php_notices > 0:
            self._store.switches.php_notices -= 1
            text = _NOTICE + text
        return Response(text, status, headers, media_type="application/json; charset=UTF-8")

    def _reply(self, request: Request, raw: bytes, headers: dict[str, str]) -> Reply:
        """Authenticate, route, ask for rights; the route's handler validates and answers."""
        query, path = Query(request.url.query), request.url.path.removeprefix("/wp-json/")
        home = self._home(request)
        key = self._authenticator.key_of(
            Call(
                method=request.method,
                url=f"{home}{request.url.path}",
                tls=self._tls(request),
                query=query,
                authorization=request.headers.get("authorization", ""),
            )
        )
        params = Params(query, self._store.zone)
        ctx = Context(store=self._store, params=params, home=home,
                      url=f"{home}{request.url.path}", body=_json(raw))  # fmt: skip
        if path == "":
            return shop.site_index(ctx)
        if not path.startswith("wc/v3/"):
            raise no_route()
        route, values = find(request.method, path.removeprefix("wc/v3/").rstrip("/"))
        if not _may(key, path):
            raise forbidden(request.method, listing=route.listing)
        headers["Allow"] = route.allow
        return route.handler(ctx, *values)

    def _tls(self, request: Request) -> bool:
        forwarded = request.headers.get("x-forwarded-proto")
        return self._behind_tls or request.url.scheme == "https" or forwarded == "https"

    def _home(self, request: Request) -> str:
        if self._store.switches.home_url:
            return self._store.switches.home_url.rstrip("/")
        return f"{'https' if self._tls(request) else 'http'}://{request.headers['host']}"


def _may(key: ApiKey | None, path: str) -> bool:
    return key is not None and key.may(path.removeprefix("wc/v3/").partition("/")[0])


def _json(raw: bytes) -> Json:
    """The request's JSON object.

    Raises:
        WpError: 400 ``rest_invalid_json``.
    """
    if not raw:
        return {}
    try:
        body = simplejson.loads(raw, use_decimal=True, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise WpError("rest_invalid_json", "Invalid JSON body passed.", 400,
                      json_error_code=4, json_error_message="Syntax error") from error  # fmt: skip
    return body if isinstance(body, dict) else {}


def _no_number(name: str) -> NoReturn:
    """``NaN`` and the infinities are Python's, not JSON's."""
    raise ValueError(name)
