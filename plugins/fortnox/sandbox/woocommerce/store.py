"""The shop's state, and everything that can happen to it while somebody reads it."""

import copy
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from fortnox.sandbox.faults import FaultBook
from fortnox.sandbox.seed.model import WP_TIME, Json, ShopData, gmt_text
from fortnox.sandbox.seed.refunds import refund_of, summary_of
from fortnox.sandbox.woocommerce.auth import ApiKey
from fortnox.sandbox.woocommerce.changes import renumber, sold_again
from fortnox.sandbox.woocommerce.state import ShopFile, Table, from_seed

#: WooCommerce's own statuses and their names, in the order in which it lists them.
STATUSES = {
    "pending": "Pending payment",
    "processing": "Processing",
    "on-hold": "On hold",
    "completed": "Completed",
    "cancelled": "Cancelled",
    "refunded": "Refunded",
    "failed": "Failed",
    "checkout-draft": "Draft",
}
_PAID = ("processing", "completed")


@dataclass(slots=True)
class Switches:
    """How this shop and its host behave.

    Attributes:
        refunds_route: Off: ``GET /refunds`` is 404, as before WooCommerce 9.
        variations_route: Off: ``GET /variations`` is 404, as before WooCommerce 10.3.
        php_notices: So many JSON answers from now on have a PHP notice before them.
        home_url: The address that the shop believes to have; empty = the one it is asked at.
        custom_statuses: Order statuses that a plugin added.
    """

    refunds_route: bool = True
    variations_route: bool = True
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
        state_file: SQLite file that survives a restart; used instead of ``seed`` when it exists.
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
        self._file = None if state_file is None else ShopFile(state_file)
        self.now = now
        self.lock = threading.RLock()
        self.switches = Switches()
        self.faults = FaultBook(lambda: self.now().isoformat())
        self.keys: dict[str, ApiKey] = {}
        self.drifts: list[Drift] = []
        self.add_key(ApiKey())
        self.data = (self._file and self._file.read()) or from_seed(seed)
        self.save()

    @property
    def orders(self) -> Table:
        """The orders by id."""
        return self.data.orders

    @property
    def zone(self) -> ZoneInfo:
        """The shop's time zone."""
        return _zone(self.data.timezone)

    @property
    def statuses(self) -> dict[str, str]:
        """Every order status of this shop and its name; plugins' come before the draft."""
        added = {
            slug: slug.replace("-", " ").capitalize() for slug in self.switches.custom_statuses
        }
        return {slug: name for slug, name in STATUSES.items() if slug != "checkout-draft"} | {
            **added,
            "checkout-draft": STATUSES["checkout-draft"],
        }

    def setting(self, group: str, setting_id: str) -> str:
        """Value of one setting, empty when there is none."""
        return str(self.data.settings.get(f"{group}/{setting_id}", {"value": ""})["value"])

    def add_key(self, key: ApiKey) -> None:
        """Let another REST key in, or change one."""
        self.keys[key.key] = key

    def set_clock(self, now: datetime | None, offset: timedelta) -> datetime:
        """Stop the clock at ``now``, or let it run ``offset`` away from the machine's."""
        self.now = (lambda: now) if now is not None else (lambda: datetime.now(UTC) + offset)
        return self.now()

    def reset(self) -> None:
        """Back to the seed and the default key, without faults, switches and drift."""
        with self.lock:
            self.keys.clear()
            self.add_key(ApiKey())
            self.data = from_seed(self._seed)
            self.switches, self.drifts = Switches(), []
            self.faults.clear()
            self.faults.forget_requests()
            if self._file is not None:
                self._file.save(self.data, anew=True)

    def add_order(self, order: Json | None = None) -> int:
        """A new order now: the given one, or another sale of the newest ordinary one.

        Args:
            order: Complete JSON without ``id``, or with a new one.

        Returns:
            The order's id.
        """
        with self.lock:
            if order is None:
                order = sold_again(list(self.orders.values()), self.data)
                for name in ("date_created", "date_modified", "date_paid"):
                    self.stamp(order, name)
            order = copy.deepcopy(order)
            order = {"id": order["id"] if "id" in order else self.data.next_id("post")} | order
            self.orders[order["id"]] = order
            self.save()
            return int(order["id"])

    def edit_order(self, order_id: int, changes: Json | None = None, *, bump: bool = True) -> None:
        """Change fields of an order; ``date_modified`` moves unless told not to."""
        with self.lock:
            order = self.orders[order_id]
            order |= copy.deepcopy(changes or {})
            if bump:
                self.stamp(order, "date_modified")
            self.orders[order_id] = order
            self.save()

    def set_status(self, order_id: int, status: str) -> None:
        """Change the status as WooCommerce does: paid and completed get their dates once."""
        with self.lock:
            order = self.orders[order_id]
            if status in _PAID and order["date_paid"] is None:
                self.stamp(order, "date_paid")
            if status == "completed" and order["date_completed"] is None:
                self.stamp(order, "date_completed")
            changes = {
                "status": status,
                "needs_payment": status in ("pending", "failed", "checkout-draft")
                and order["total"] != "0.00",
                "is_editable": status in ("pending", "on-hold", "auto-draft"),
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
            refund = refund_of(order, refund_id=self.data.next_id("post"), created=self.now(),
                               zone=self.zone, full=full, reason=reason)  # fmt: skip
            renumber(refund, self.data)
            if amount is not None:
                refund |= {"amount": amount, "line_items": [], "shipping_lines": [],
                           "fee_lines": [], "tax_lines": []}  # fmt: skip
            self.add_refund(refund, closes_order=full and amount is None, bump=bump)
            return int(refund["id"])

    def add_refund(self, refund: Json, *, closes_order: bool, bump: bool = True) -> None:
        """File a refund and name it in its order, which is ``refunded`` if nothing is left."""
        with self.lock:
            order = self.orders[refund["parent_id"]]
            self.data.refunds[refund["id"]] = refund
            changes: Json = {"refunds": [*order["refunds"], summary_of(refund)]}
            if closes_order:
                changes["status"] = "refunded"
            self.edit_order(order["id"], changes, bump=bump)

    def delete_refund(self, refund_id: int) -> None:
        """Delete a refund; the order's ``date_modified`` does not move."""
        with self.lock:
            order = self.orders[self.data.refunds[refund_id]["parent_id"]]
            del self.data.refunds[refund_id]
            order["refunds"] = [r for r in order["refunds"] if r["id"] != refund_id]
            self.orders[order["id"]] = order
            self.save()

    def trash_order(self, order_id: int) -> None:
        """Put an order into the trash: only ``status=trash`` lists it from now on."""
        with self.lock:
            order = self.orders[order_id]
            meta = {"id": self.data.next_id("meta"), "key": "_wp_trash_meta_status",
                    "value": f"wc-{order['status']}"}  # fmt: skip
            self.edit_order(order_id, {"status": "trash", "meta_data": [*order["meta_data"], meta]})

    def delete_order(self, order_id: int) -> None:
        """Delete an order for good; nothing tells that it ever was."""
        with self.lock:
            del self.orders[order_id]
            for table, parent in ((self.data.refunds, "parent_id"), (self.data.notes, "order_id")):
                for key in [key for key, item in table.items() if item[parent] == order_id]:
                    del table[key]
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

    def stamp(self, item: Json, name: str) -> None:
        """Set a date of a resource, local and GMT, to now."""
        now = self.now()
        item[name] = now.astimezone(self.zone).strftime(WP_TIME)
        item[f"{name}_gmt"] = gmt_text(now)

    def save(self) -> None:
        """Write what changed to the state file, all of it or nothing."""
        if self._file is not None:
            with self.lock:
                self._file.save(self.data)


@lru_cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
