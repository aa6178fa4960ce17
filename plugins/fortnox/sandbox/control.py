"""Control routes that every sandbox application has: faults and the request log.

Only for requests from the machine itself: they need no credentials.
"""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import simplejson
from fastapi import FastAPI, HTTPException, Request, Response
from starlette.routing import Route

from fortnox.sandbox.asgi import Receive, Scope, Send, reply
from fortnox.sandbox.faults import CONTROL_PREFIX, FaultBook, FaultRule

Handler = Callable[[Request], Awaitable[Response]]


def loopback_only(request: Request) -> None:
    """Refuse requests from other machines, and those sent by a page of another site.

    A browser on this machine could be led here by a name that points to 127.0.0.1; such a request
    carries that name in its Host header. Or a page of anywhere could post a form to this address;
    that one carries the page's own address in Origin.

    Raises:
        HTTPException: 403.
    """
    host = request.client.host if request.client else ""
    if host == "testclient":
        return
    if not (_is_local(host) and _is_local(request.url.hostname or "") and _is_from_here(request)):
        raise HTTPException(403, "the control API answers on loopback only")


def _is_from_here(request: Request) -> bool:
    """Sent by no browser, or by a page of this machine; ``null`` is a page that hides whose."""
    origin = request.headers.get("origin")
    try:
        return origin is None or _is_local(urlsplit(origin).hostname or "")
    except ValueError:
        return False


def _is_local(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def json_response(payload: Any, status: int = 200) -> Response:
    """Any JSON value with exact numbers."""
    text = simplejson.dumps(payload, use_decimal=True, ensure_ascii=False)
    return Response(text, status_code=status, media_type="application/json")


async def json_object(request: Request) -> dict[str, Any]:
    """The request's JSON object; an empty body is an empty object.

    Raises:
        HTTPException: 400, anything else.
    """
    try:
        body = simplejson.loads(await request.body() or b"{}", use_decimal=True)
    except (ValueError, RecursionError) as error:
        raise HTTPException(400, f"not JSON: {error}") from error
    if not isinstance(body, dict):
        raise HTTPException(400, "a JSON object is wanted")
    return body


def control_route(method: str, path: str, handler: Handler) -> Route:
    """A route below ``/_sandbox``, closed to other machines.

    Starlette's own: a sandbox is made anew for each of a thousand tests, and FastAPI takes a
    millisecond per route to study a signature that says nothing but "a request".
    """

    async def guarded(request: Request) -> Response:
        loopback_only(request)
        return await handler(request)

    return Route(f"{CONTROL_PREFIX}{path}", guarded, methods=[method])


class ControlOff:
    """An application without its ``/_sandbox``: those addresses don't exist.

    ``state`` is the application's, so that the server finds what it keeps there.
    """

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self.state = app.state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on everything else."""
        if scope["type"] == "http" and scope["path"].startswith(CONTROL_PREFIX):
            body = b'{"detail":"the control API is off; start the sandbox with --control"}'
            await reply(send, 404, body)
            return
        await self._app(scope, receive, send)


class FaultRoutes:
    """``/_sandbox/faults`` and ``/_sandbox/requests`` of one application."""

    def __init__(self, book: FaultBook) -> None:
        self._book = book

    def routes(self) -> list[Route]:
        """The routes, closed to other machines."""
        return [
            control_route("POST", "/faults", self._add),
            control_route("GET", "/faults", self._list),
            control_route("DELETE", "/faults", self._clear),
            control_route("GET", "/requests", self._requests),
            control_route("DELETE", "/requests", self._forget),
        ]

    async def _add(self, request: Request) -> Response:
        values = await json_object(request)
        try:
            if "seconds" in values:
                values["seconds"] = float(values["seconds"])
            self._book.add(FaultRule(**values))
        except (TypeError, ValueError) as error:
            raise HTTPException(400, str(error)) from error
        return json_response({"faults": self._book.rules()}, 201)

    async def _list(self, _request: Request) -> Response:
        return json_response({"faults": self._book.rules()})

    async def _clear(self, _request: Request) -> Response:
        self._book.clear()
        return json_response({"faults": []})

    async def _requests(self, _request: Request) -> Response:
        return json_response({"requests": [asdict(one) for one in self._book.requests()]})

    async def _forget(self, _request: Request) -> Response:
        self._book.forget_requests()
        return json_response({"requests": []})
