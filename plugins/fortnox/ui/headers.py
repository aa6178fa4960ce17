"""Headers that every answer of our routes carries, refusals and errors included.

The page belongs to Airflow, and so does its policy; ours is for an address of ours that is opened
by itself, framed, or asked for by another site. Sources: W3C Content Security Policy 3, the Fetch
standard (``Cross-Origin-Resource-Policy``), W3C Referrer Policy.
"""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Opened by itself, an answer runs, loads, posts and embeds nothing, and nobody frames it.
POLICY: Final = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'"
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    # For browsers that know no frame-ancestors.
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    # Addresses hold run ids and what somebody searched for.
    "Referrer-Policy": "no-referrer",
    # Another site can't include a script or an answer of ours with the reader's cookie.
    "Cross-Origin-Resource-Policy": "same-origin",
}
#: Money and order numbers stay in no cache; a route that serves none says otherwise itself.
_CACHE_CONTROL: Final = "no-store"


class SecurityHeaders:
    """Adds :data:`HEADERS` to whatever the application answers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                headers.setdefault("Cache-Control", _CACHE_CONTROL)
            await send(message)

        await self._app(scope, receive, send_with_headers)
