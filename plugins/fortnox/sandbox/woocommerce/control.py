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
from typing import Any, Literal

from fastapi import APIRouter, HTTPException, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict

from fortnox.sandbox.control import FaultRoutes, control_router, json_response
from fortnox.sandbox.woocommerce.store import Drift, Store


class _Body(BaseModel):
    """A control request; unknown members are refused rather than ignored."""

    model_config = ConfigDict(extra="forbid")


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


def router(store: Store) -> APIRouter:
    """The control routes of one shop, closed to other machines."""
    routes = control_router()
    FaultRoutes(store.faults).add_to(routes)
    _reading(routes, store)
    _orders(routes, store)
    _behaviour(routes, store)
    return routes


def _reading(routes: APIRouter, store: Store) -> None:
    @routes.get("/state")
    def state() -> dict[str, Any]:
        return {
            "orders": len(store.orders),
            "refunds": len(store.data.refunds),
            "switches": asdict(store.switches),
            "faults": store.faults.rules(),
            "requests": len(store.faults.requests()),
        }

    @routes.get("/dump")
    def dump() -> Response:
        with store.lock:
            tables = store.data.tables()
            whole = {name: list(table.values()) for name, table in tables.items()}
            return json_response(whole)

    @routes.post("/reset")
    def reset() -> None:
        store.reset()

    @routes.put("/clock")
    def clock(new: Clock) -> dict[str, str]:
        return {"now": store.set_clock(new.now, timedelta(seconds=new.offset_s)).isoformat()}


def _orders(routes: APIRouter, store: Store) -> None:
    @routes.post("/orders")
    def add_order(new: NewOrder) -> dict[str, int]:
        try:
            return {"id": store.add_order(new.order)}
        except LookupError as error:
            raise HTTPException(409, str(error)) from error

    @routes.post("/orders/{order_id}/edit")
    def edit(order_id: int, edit: Edit) -> None:
        store.edit_order(_known(store, order_id), edit.changes, bump=edit.bump)

    @routes.post("/orders/{order_id}/status")
    def status(order_id: int, new: Status) -> None:
        store.set_status(_known(store, order_id), new.status)

    @routes.post("/orders/{order_id}/refund")
    def refund(order_id: int, new: RefundOrder) -> dict[str, int]:
        return {"id": store.refund_order(_known(store, order_id), **new.model_dump())}

    @routes.delete("/refunds/{refund_id}")
    def delete_refund(refund_id: int) -> None:
        store.delete_refund(refund_id)

    @routes.post("/orders/{order_id}/trash")
    def trash(order_id: int) -> None:
        store.trash_order(_known(store, order_id))

    @routes.delete("/orders/{order_id}")
    def delete(order_id: int) -> None:
        store.delete_order(_known(store, order_id))


def _behaviour(routes: APIRouter, store: Store) -> None:
    @routes.post("/switches")
    def switch(new: NewSwitches) -> dict[str, Any]:
        store.switches = replace(store.switches, **new.model_dump(exclude_none=True))
        return asdict(store.switches)

    @routes.post("/drift")
    def drift(new: PlannedDrift) -> None:
        if new.action != "add":
            _known(store, new.order_id)
        store.drifts.append(Drift(**new.model_dump()))


def _known(store: Store, order_id: int) -> int:
    if order_id not in store.orders:
        raise HTTPException(404, f"no order {order_id}")
    return order_id
