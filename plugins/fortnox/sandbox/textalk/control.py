"""``/_sandbox/``: make the shop sell, edit, discard, drift and fail while somebody reads it."""

from collections.abc import Callable
from dataclasses import asdict, fields

from fastapi import HTTPException, Request, Response
from starlette.routing import Route

from fortnox.sandbox.control import FaultRoutes, Handler, control_route, json_object, json_response
from fortnox.sandbox.seed.model import Json
from fortnox.sandbox.textalk.store import Drift, Failure, Store


def routes(store: Store) -> list[Route]:
    """The control routes of one shop; for requests from the machine itself."""
    changes = _Changes(store)
    posts: tuple[tuple[str, Callable[[Json], Json]], ...] = (
        ("/reset", changes.reset),
        ("/orders", changes.add),
        ("/edit", changes.edit),
        ("/remove-item", changes.remove_item),
        ("/switches", changes.switch),
        ("/drift", changes.drift),
        ("/rpc-errors", changes.fail),
    )
    return [
        *FaultRoutes(store.faults).routes(),
        control_route("GET", "/state", changes.state),
        *(control_route("POST", path, _route(change)) for path, change in posts),
    ]


def _route(change: Callable[[Json], Json]) -> Handler:
    async def handler(request: Request) -> Response:
        body = await json_object(request)
        try:
            return json_response(change(body))
        except (KeyError, TypeError, LookupError) as error:
            raise HTTPException(400, f"not possible: {error}") from error

    return handler


class _Changes:
    """What can be done to the shop; unknown members are refused rather than ignored."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def state(self, _request: Request) -> Response:
        """Counts, switches and the methods called so far."""
        return json_response({
            "orders": len(self._store.orders),
            "switches": asdict(self._store.switches),
            "calls": self._store.calls,
        })  # fmt: skip

    def reset(self, body: Json) -> Json:
        """Back to the seed."""
        del body
        self._store.reset()
        return {}

    def add(self, body: Json) -> Json:
        """Another sale of the newest paid order, with these properties changed."""
        return {"uid": self._store.add_order(body)}

    def edit(self, body: Json) -> Json:
        """``{"uid", "changes", "bump"}``."""
        self._store.edit_order(body["uid"], body.get("changes"), bump=body.get("bump", True))
        return {}

    def remove_item(self, body: Json) -> Json:
        """``{"uid"}``: its last item is returned."""
        self._store.remove_item(body["uid"])
        return {}

    def switch(self, body: Json) -> Json:
        """Change switches; those left out stay."""
        names = {one.name for one in fields(self._store.switches)}
        if set(body) - names:
            raise LookupError(f"unknown switches: {sorted(set(body) - names)}")
        values = {key: tuple(v) if isinstance(v, list) else v for key, v in body.items()}
        self._store.switch(**values)
        return asdict(self._store.switches)

    def drift(self, body: Json) -> Json:
        """``{"after_lists", "action", "uid"}``."""
        self._store.drifts.append(Drift(**body))
        return {}

    def fail(self, body: Json) -> Json:
        """``{"method", "code", "times"}``: RPC errors of one method."""
        self._store.failures.append(Failure(**body))
        return {}
