"""The shop's state, and everything that can happen to it while somebody reads it."""

import copy
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from fortnox.sandbox.faults import FaultBook
from fortnox.sandbox.seed.model import WP_TIME, Json, ShopData, gmt_text
from fortnox.sandbox.seed.refunds import refund_of, summary_of
from fortnox.sandbox.woocommerce.auth import ApiKey
from fortnox.sandbox.woocommerce.state import read_state, sold_again, write_state

#: WooCommerce's own statuses, in the order in which it lists them.
STATUSES = (
    "pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed",
    "checkout-draft",
)  # fmt: skip


@dataclass(slots=True)
class Switches:
    """How this shop and its host behave.

    Attributes:
        refunds_route: Off: ``GET /refunds`` is 404, as before WooCommerce 9.
        php_notices: So many JSON answers from now on have a PHP notice before them.
        home_url: The address that the shop believes to have; empty = the one it is asked at.
        custom_statuses: Order statuses that a plugin added.
    """

    refunds_route: bool = True
    php_notices: int = 0
    home_url: str = ""
    custom_statuses: tuple[str, ...] = ()


@dataclass(slots=True)
class Drift:
    """Something that happens right after the n-th order list was answered.

    ``action`` is ``add``, ``touch``, ``trash`` or ``delete``; all but ``add`` need ``order_id``.
    """

    after_lists: int
    action: str
    order_id: int = 0


class Store:
    """One shop. Thread safe; every change is saved to the state file, if there is one.

    Args:
        seed: What the shop holds at first (copied).
        state_file: State that survives a restart; used instead of ``seed`` when it exists.
        now: The clock; aware UTC.
    """

    def __init__(
        self,
        seed: ShopData,
        *,
        state_file: Path | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._seed = seed
        self._state_file = state_file
        self.now = now
        self.lock = threading.RLock()
        self.switches = Switches()
        self.faults = FaultBook(lambda: now().isoformat())
        self.keys: dict[str, ApiKey] = {}
        self.drifts: list[Drift] = []
        self.add_key(ApiKey())
        self.data = read_state(state_file) or copy.deepcopy(seed)
        self.orders: dict[int, Json] = {order["id"]: order for order in self.data.orders}
        self.save()

    @property
    def zone(self) -> ZoneInfo:
        """The shop's time zone."""
        return ZoneInfo(self.data.timezone)

    @property
    def statuses(self) -> tuple[str, ...]:
        """Every order status of this shop."""
        return STATUSES[:-1] + tuple(self.switches.custom_statuses) + STATUSES[-1:]

    def setting(self, group: str, setting_id: str) -> str:
        """Value of one setting, empty when there is none."""
        found = (s["value"] for s in self.data.settings[group] if s["id"] == setting_id)
        return str(next(found, ""))

    def add_key(self, key: ApiKey) -> None:
        """Let another REST key in, or change one."""
        self.keys[key.key] = key

    def reset(self) -> None:
        """Back to the seed and the default key, without faults, switches and drift."""
        with self.lock:
            self.keys.clear()
            self.add_key(ApiKey())
            self.data = copy.deepcopy(self._seed)
            self.orders = {order["id"]: order for order in self.data.orders}
            self.switches, self.drifts = Switches(), []
            self.faults.clear()
            self.faults.forget_requests()
            self.save()

    def add_order(self, order: Json | None = None) -> int:
        """A new order now: the given one, or another sale of the newest ordinary one.

        Args:
            order: Complete JSON without ``id``, or with a new one.

        Returns:
            The order's id.
        """
        with self.lock:
            if order is None:
                order = sold_again(list(self.orders.values()), self._next_id())
                for name in ("date_created", "date_modified", "date_paid"):
                    self._date(order, name)
            order = {"id": self._next_id()} | copy.deepcopy(order)
            self.orders[order["id"]] = order
            self.save()
            return int(order["id"])

    def edit_order(self, order_id: int, changes: Json | None = None, *, bump: bool = True) -> None:
        """Change fields of an order; ``date_modified`` moves unless told not to."""
        with self.lock:
            order = self.orders[order_id]
            order |= copy.deepcopy(changes or {})
            if bump:
                self._date(order, "date_modified")
            self.save()

    def set_status(self, order_id: int, status: str) -> None:
        """Change the status as WooCommerce does: paid and completed get their dates once."""
        with self.lock:
            order = self.orders[order_id]
            if status in ("processing", "completed") and order["date_paid"] is None:
                self._date(order, "date_paid")
            if status == "completed" and order["date_completed"] is None:
                self._date(order, "date_completed")
            changes = {
                "status": status,
                "needs_payment": status in ("pending", "failed"),
                "is_editable": status in ("pending", "on-hold"),
            }
            self.edit_order(order_id, changes)

    def refund_order(
        self,
        order_id: int,
        *,
        full: bool = True,
        amount: str | None = None,
        reason: str = "",
        bump: bool = True,
    ) -> int:
        """Give money back now.

        Args:
            order_id: The order.
            full: All lines, else one piece of the first line.
            amount: Given: an amount without lines (may be ``""``, as the real one allows).
            reason: Free text.
            bump: Whether the order's ``date_modified`` moves; some gateways' refunds don't.

        Returns:
            The refund's id.
        """
        with self.lock:
            order = self.orders[order_id]
            refund = refund_of(order, refund_id=self._next_id(), created=self.now(),
                               zone=self.zone, full=full, reason=reason)  # fmt: skip
            if amount is not None:
                refund |= {"amount": amount, "line_items": [], "shipping_lines": [],
                           "fee_lines": [], "tax_lines": []}  # fmt: skip
            self.data.refunds.append(refund)
            changes: Json = {"refunds": [*order["refunds"], summary_of(refund)]}
            if full and amount is None:
                changes["status"] = "refunded"
            self.edit_order(order_id, changes, bump=bump)
            return int(refund["id"])

    def delete_refund(self, refund_id: int) -> None:
        """Delete a refund; the order's ``date_modified`` does not move."""
        with self.lock:
            self.data.refunds = [r for r in self.data.refunds if r["id"] != refund_id]
            for order in self.orders.values():
                order["refunds"] = [r for r in order["refunds"] if r["id"] != refund_id]
            self.save()

    def trash_order(self, order_id: int) -> None:
        """Put an order into the trash: only ``status=trash`` lists it from now on."""
        with self.lock:
            order = self.orders[order_id]
            meta = {"id": self._next_id(), "key": "_wp_trash_meta_status",
                    "value": f"wc-{order['status']}"}  # fmt: skip
            self.edit_order(order_id, {"status": "trash", "meta_data": [*order["meta_data"], meta]})

    def delete_order(self, order_id: int) -> None:
        """Delete an order for good; nothing tells that it ever was."""
        with self.lock:
            del self.orders[order_id]
            self.data.refunds = [r for r in self.data.refunds if r["parent_id"] != order_id]
            self.save()

    def orders_listed(self) -> None:
        """An order list was answered: what was planned for this moment happens now."""
        with self.lock:
            for drift in list(self.drifts):
                drift.after_lists -= 1
                if drift.after_lists <= 0:
                    self.drifts.remove(drift)
                    self._drift(drift)

    def _drift(self, drift: Drift) -> None:
        if drift.action == "add":
            self.add_order()
        elif drift.action == "touch":
            self.edit_order(drift.order_id)
        elif drift.action == "trash":
            self.trash_order(drift.order_id)
        else:
            self.delete_order(drift.order_id)

    def _date(self, order: Json, name: str) -> None:
        now = self.now()
        order[name] = now.astimezone(self.zone).strftime(WP_TIME)
        order[f"{name}_gmt"] = gmt_text(now)

    def _next_id(self) -> int:
        refund_ids: list[int] = [refund["id"] for refund in self.data.refunds]
        return max([0, *self.orders, *refund_ids]) + 1

    def save(self) -> None:
        """Write the state file, whole or not at all."""
        if self._state_file is not None:
            with self.lock:
                self.data.orders = list(self.orders.values())
                write_state(self._state_file, self.data)
