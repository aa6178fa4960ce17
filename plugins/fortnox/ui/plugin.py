"""The Airflow plugin: the tabs, the page, and the JSON routes that feed them."""

from collections.abc import Awaitable, Callable, MutableMapping
from importlib import import_module
from typing import Any

from airflow.plugins_manager import AirflowPlugin

from fortnox.ui.installation import refuse_second_copy

_Message = MutableMapping[str, Any]

URL_PREFIX = "/fortnox"


async def application(
    scope: _Message,
    receive: Callable[[], Awaitable[_Message]],
    send: Callable[[_Message], Awaitable[None]],
) -> None:
    """Our ASGI application, imported with its first request.

    Every process of Airflow loads plugins, each task too, but only the api-server serves requests;
    the imports of ``fortnox.ui.app`` would cost a task more than two seconds.
    """
    await import_module("fortnox.ui.app").app(scope, receive, send)


async def connect_application(
    scope: _Message,
    receive: Callable[[], Awaitable[_Message]],
    send: Callable[[_Message], Awaitable[None]],
) -> None:
    """The routes behind the page "Connect Fortnox", likewise."""
    await import_module("fortnox.connect.web").app(scope, receive, send)


_FASTAPI_APPS: list[Any] = [
    {"name": "fortnox", "app": application, "url_prefix": URL_PREFIX},
    {"name": "fortnox_connect", "app": connect_application, "url_prefix": f"{URL_PREFIX}-connect"},
]
# The bundle's address has no slash in front, so that it works below a base path as well.
_STATIC = f"{URL_PREFIX.lstrip('/')}/static"
_REACT_APPS: list[Any] = [
    {
        "name": "Reconciliation",
        "bundle_url": f"{_STATIC}/main.js",
        "destination": "dag_run",
        "url_route": "reconciliation",
    },
    {
        "name": "Accounting days",
        "bundle_url": f"{_STATIC}/days.js",
        "destination": "dag",
        "url_route": "accounting-days",
    },
    {
        "name": "Fortnox",
        "bundle_url": f"{_STATIC}/overview.js",
        "destination": "nav",
        "category": "browse",
        "url_route": "fortnox",
    },
    {
        "name": "Connect Fortnox",
        "bundle_url": f"{_STATIC}/connect.js",
        "destination": "nav",
        "category": "admin",
        "url_route": "fortnox-connect",
    },
]


class FortnoxPlugin(AirflowPlugin):
    """A tab on each run, a tab on each DAG, a page over all shops, and one to connect."""

    name = "fortnox"
    fastapi_apps = _FASTAPI_APPS
    react_apps = _REACT_APPS

    @classmethod
    def on_load(cls, *_args: Any, **_kwargs: Any) -> None:
        """Called by Airflow; an error here stands among its plugin import errors."""
        refuse_second_copy()
