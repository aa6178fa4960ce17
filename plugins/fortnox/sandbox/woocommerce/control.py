"""``/_sandbox/``: make the shop sell, edit, refund, drift and fail while somebody reads it.

==========================================  =====================================================
``GET /_sandbox/state``, ``/dump``          counts, switches and rules; every register as JSON
``POST /_sandbox/reset``                    back to the seed
``PUT /_sandbox/clock``                     ``{"now": "2026-11-21T08:00Z"}``, ``{"offset_s": 9}``
``POST /_sandbox/orders``                   ``{}``: another sale; ``{"order": {...}}``: this one
``POST /_sandbox/orders/{id}/edit``         ``{"changes": {...}, "bump": false}``
``POST /_sandbox/orders/{id}/status``       ``{"status": "completed"}``
``POST /_sandbox/orders/{id}/refund``       ``{"full": true}`` or ``{"amount": "49.00"}``
``POST /_sandbox/orders/{id}/trash``        as staff do; ``DELETE /_sandbox/orders/{id}``: for good
``DELETE /_sandbox/refunds/{id}``           the order's date does not move
``POST /_sandbox/drift``                    ``{"after_lists": 1, "action": "add"}``: between pages
``POST /_sandbox/switches``                 see ``Switches``
``/_sandbox/faults``, ``/requests``         see ``fortnox.sandbox.control``
==========================================  =====================================================
"""

from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any, Literal, TypeVar

from fastapi import HTTPException, Request, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError
from starlette.routing import Route

from fortnox.sandbox.control import FaultRoutes, control_route, json_response
from fortnox.sandbox.woocommerce.store import Drift, Store


class _Body(BaseModel):
    """A control request; unknown members are refused rather than ignored."""

    model_config = ConfigDict(extra="forbid")


B = TypeVar("B", bound=_Body)


class NewOrder(_Body):
    """``order`` empty: another sale of the newest ordinary order."""

    order: dict[str, Any] | None = None


class Edit(_Body):
    """Fields to change; ``bump`` moves date_modified."""

    changes: dict[str, Any] = {}
    bump: bool = True


class Status(_Body):
    """A new status, with the dates that come with it."""

    status: str


class RefundOrder(_Body):
    """Lines (all, or one piece of the first), or an amount without lines."""

    full: bool = True
    amount: str | None = None
    reason: str = ""
    bump: bool = True


class PlannedDrift(_Body):
    """What happens right after the n-th order list from now."""

    after_lists: int = 1
    action: Literal["add", "touch", "trash", "delete"] = "add"
    order_id: int = 0


class Clock(_Body):
    """Stand still at ``now``, or run so many seconds away from the machine's clock."""

    now: AwareDatetime | None = None
    offset_s: int = 0


class NewSwitches(_Body):
    """Switches to change; those left out stay."""

    refunds_route: bool | None = None
    variations_route: bool | None = None
    php_notices: int | None = None
    home_url: str | None = None
    custom_statuses: tuple[str, ...] | None = None


def routes(store: Store) -> list[Route]:
    """The control routes of one shop, closed to other machines."""
    own = _Routes(store)
    return [
        *FaultRoutes(store.faults).routes(),
        control_route("GET", "/state", own.state),
        control_route("GET", "/dump", own.dump),
        control_route("POST", "/reset", own.reset),
        control_route("PUT", "/clock", own.clock),
        control_route("POST", "/orders", own.add_order),
        control_route("POST", "/orders/{order_id:int}/edit", own.edit),
        control_route("POST", "/orders/{order_id:int}/status", own.status),
        control_route("POST", "/orders/{order_id:int}/refund", own.refund),
        control_route("POST", "/orders/{order_id:int}/trash", own.trash),
        control_route("DELETE", "/orders/{order_id:int}", own.delete),
        control_route("DELETE", "/refunds/{refund_id:int}", own.delete_refund),
        control_route("POST", "/switches", own.switch),
        control_route("POST", "/drift", own.drift),
    ]


async def _read(model: type[B], request: Request) -> B:
    """The request's body as one of the models above; an empty one is an empty object.

    Raises:
        HTTPException: 422, with what is wrong.
    """
    try:
        return model.model_validate_json(await request.body() or b"{}")
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_context=False, include_input=False)
        raise HTTPException(422, wrong) from error


class _Routes:
    """HTTP in front of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def state(self, _request: Request) -> Response:
        store = self._store
        return json_response(
            {
                "orders": len(store.orders),
                "refunds": len(store.data.refunds),
                "switches": asdict(store.switches),
                "faults": store.faults.rules(),
                "requests": len(store.faults.requests()),
            }
        )

    async def dump(self, _request: Request) -> Response:
        with self._store.lock:
            tables = self._store.data.tables()
            whole = {name: list(table.values()) for name, table in tables.items()}
            return json_response(whole)

    async def reset(self, _request: Request) -> Response:
        self._store.reset()
        return json_response(None)

    async def clock(self, request: Request) -> Response:
        new = await _read(Clock, request)
        now = self._store.set_clock(new.now, timedelta(seconds=new.offset_s))
        return json_response({"now": now.isoformat()})

    async def add_order(self, request: Request) -> Response:
        new = await _read(NewOrder, request)
        try:
            return json_response({"id": self._store.add_order(new.order)})
        except LookupError as error:
            raise HTTPException(409, str(error)) from error

    async def edit(self, request: Request) -> Response:
        new = await _read(Edit, request)
        self._store.edit_order(self._order_id(request), new.changes, bump=new.bump)
        return json_response(None)

    async def status(self, request: Request) -> Response:
        new = await _read(Status, request)
        self._store.set_status(self._order_id(request), new.status)
        return json_response(None)

    async def refund(self, request: Request) -> Response:
        new = await _read(RefundOrder, request)
        made = self._store.refund_order(self._order_id(request), **new.model_dump())
        return json_response({"id": made})

    async def trash(self, request: Request) -> Response:
        self._store.trash_order(self._order_id(request))
        return json_response(None)

    async def delete(self, request: Request) -> Response:
        self._store.delete_order(self._order_id(request))
        return json_response(None)

    async def delete_refund(self, request: Request) -> Response:
        self._store.delete_refund(request.path_params["refund_id"])
        return json_response(None)

    async def switch(self, request: Request) -> Response:
        new = await _read(NewSwitches, request)
        self._store.switches = replace(self._store.switches, **new.model_dump(exclude_none=True))
        return json_response(asdict(self._store.switches))

    async def drift(self, request: Request) -> Response:
        new = await _read(PlannedDrift, request)
        if new.action != "add":
            self._known(new.order_id)
        self._store.drifts.append(Drift(**new.model_dump()))
        return json_response(None)

    def _order_id(self, request: Request) -> int:
        return self._known(request.path_params["order_id"])

    def _known(self, order_id: int) -> int:
        if order_id not in self._store.orders:
            raise HTTPException(404, f"no order {order_id}")
        return order_id
