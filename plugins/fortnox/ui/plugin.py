"""The Airflow plugin: a tab on each DAG run, and the JSON routes that feed it."""

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


_FASTAPI_APPS: list[Any] = [{"name": "fortnox", "app": application, "url_prefix": URL_PREFIX}]
# The bundle's address has no slash in front, so that it works below a base path as well.
_REACT_APPS: list[Any] = [
    {
        "name": "Reconciliation",
        "bundle_url": f"{URL_PREFIX.lstrip('/')}/static/main.js",
        "destination": "dag_run",
        "url_route": "reconciliation",
    }
]


class FortnoxPlugin(AirflowPlugin):
    """The tab "Reconciliation" of a DAG run."""

    name = "fortnox"
    fastapi_apps = _FASTAPI_APPS
    react_apps = _REACT_APPS

    @classmethod
    def on_load(cls, *_args: Any, **_kwargs: Any) -> None:
        """Called by Airflow; an error here stands among its plugin import errors."""
        refuse_second_copy()
