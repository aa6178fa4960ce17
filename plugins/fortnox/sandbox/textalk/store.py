"""The shop's state, and everything that can happen to it while somebody reads it."""

import copy
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import simplejson

from fortnox.sandbox.faults import FaultBook
from fortnox.sandbox.seed.model import Json, ShopData
from fortnox.sandbox.textalk.people import move_company
from fortnox.sandbox.textalk.registers import shown_variant
from fortnox.sandbox.textalk.shape import Objects, objects_of, reprice
from fortnox.sandbox.textalk.switches import DEFAULT_TOKEN, WEBSHOP, Switches

#: How long a token of ``Admin.login`` is good for.
LOGIN_TOKEN_AGE = timedelta(hours=24)


@dataclass(slots=True, kw_only=True)
class Drift:
    """Something that happens right after the n-th order list: ``add``, ``touch`` or ``discard``."""

    after_lists: int
    action: str
    uid: int = 0


@dataclass(slots=True, kw_only=True)
class Failure:
    """RPC errors of one method: the next ``times`` calls are answered with ``code``."""

    method: str
    code: int
    times: int = 1


class Store:
    """One shop. Thread safe; every change is saved to the state file, if there is one.

    Args:
        sales: What the shop has sold at first.
        state_file: State that survives a restart; used instead of ``sales`` when it exists.
        now: The clock; aware UTC.
    """

    def __init__(
        self,
        sales: ShopData,
        *,
        state_file: Path | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._sales = sales
        self._state_file = state_file
        self.now = now
        self.lock = threading.RLock()
        self.faults = FaultBook(lambda: now().isoformat())
        #: Methods in the order in which they were called.
        self.calls: list[str] = []
        self.objects: Objects = {}
        self._begin(_read(state_file))

    def _begin(self, kept: Objects | None) -> None:
        self.switches = Switches()
        self.drifts: list[Drift] = []
        self.failures: list[Failure] = []
        self.objects = kept or objects_of(self._sales, self.switches.company_field)
        self.objects["Webshop"] = {WEBSHOP: _webshop(self._sales)}
        #: Tokens of ``Admin.login`` and when they end; those of ``AuthToken`` don't.
        self.login_tokens: dict[str, datetime] = {}
        self.auth_tokens: dict[str, Json] = {
            DEFAULT_TOKEN: {"uid": DEFAULT_TOKEN, "name": "sandbox", "active": True}
        }
        self.save()

    def switch(self, **values: Any) -> None:
        """Change switches; where the field of the company's name moves, the names move with it."""
        with self.lock:
            before = self.switches.company_field
            self.switches = replace(self.switches, **values)
            if self.switches.company_field != before:
                for customer in [
                    *(order["customer"] for order in self.orders.values()),
                    *self.objects["Customer"].values(),
                ]:
                    move_company(customer, before, self.switches.company_field)
                self.save()

    @property
    def orders(self) -> dict[int, Json]:
        """The orders, carts included, by uid."""
        return self.objects["Order"]

    def reset(self) -> None:
        """Back to the sales that it began with; tokens, switches, faults and drift are gone."""
        with self.lock:
            self.faults.clear()
            self.faults.forget_requests()
            self.calls.clear()
            self._begin(None)

    def find(self, class_name: str, uid: Any) -> Json | None:
        """An object by uid, which may come as text; a cart is none."""
        try:
            found = self.objects.get(class_name, {}).get(int(uid))
        except (TypeError, ValueError):
            return None
        return (
            None if found is not None and class_name == "Order" and not found["ordered"] else found
        )

    def add_order(self, changes: Json | None = None) -> int:
        """Another sale of the newest paid order, now.

        Raises:
            LookupError: There is no paid order to sell again.
        """
        with self.lock:
            paid = [o for o in self.orders.values() if o["paymentStatus"] == "paid"]
            newest = max((o for o in paid if not o["discarded"]), key=lambda o: int(o["uid"]),
                         default=None)  # fmt: skip
            if newest is None:
                raise LookupError("no paid order to sell again")
            uid = max(self.orders) + 1
            order = copy.deepcopy(newest) | {
                "uid": uid, "orderNumber": str(uid), "ordered": self.moment(),
                "changed": self.moment(), "deliveryStatus": "unsent", **(changes or {}),
            }  # fmt: skip
            for name, class_name in (("items", "OrderItem"), ("payments", "Payment")):
                order[name] = [self._copied(class_name, old) for old in order[name]]
            self.orders[uid] = order
            self.save()
            return uid

    def _copied(self, class_name: str, uid: int) -> int:
        things = self.objects[class_name]
        new = max(things) + 1
        things[new] = copy.deepcopy(things[uid]) | {"uid": new}
        return new

    def edit_order(self, uid: int, changes: Json | None = None, *, bump: bool = True) -> None:
        """Change properties of an order; ``changed`` moves unless told not to."""
        with self.lock:
            self.orders[uid] |= copy.deepcopy(changes or {})
            if bump:
                self.orders[uid]["changed"] = self.moment()
            self.save()

    def remove_item(self, uid: int) -> None:
        """Staff takes the last item off an order, as after a return; the order is added up anew."""
        with self.lock:
            order = self.orders[uid]
            order["items"] = order["items"][:-1]
            reprice(self.objects, order)
            self.edit_order(uid)

    def variant_changed(self, variant: Json) -> None:
        """Its article shows it as it is now; whether that is a change of the article is unknown."""
        article = self.objects["Article"][variant["article"]]
        article["variants"] = [
            shown_variant(variant) if one["uid"] == variant["uid"] else one
            for one in article["variants"]
        ]
        if self.switches.variant_moves_article:
            article["changed"] = self.moment()

    def orders_listed(self) -> None:
        """An order list was answered: what was planned for this moment happens now."""
        with self.lock:
            for drift in list(self.drifts):
                drift.after_lists -= 1
                if drift.after_lists > 0:
                    continue
                self.drifts.remove(drift)
                if drift.action == "add":
                    self.add_order()
                else:
                    self.edit_order(
                        drift.uid, {"discarded": True} if drift.action == "discard" else {}
                    )

    def moment(self) -> str:
        """Now, as the API shows times."""
        return self.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def save(self) -> None:
        """Write the state file, whole or not at all."""
        if self._state_file is None:
            return
        with self.lock:
            fresh = self._state_file.with_name(self._state_file.name + ".new")
            fresh.write_text(simplejson.dumps(self.objects, use_decimal=True), encoding="utf-8")
            fresh.replace(self._state_file)


def _read(path: Path | None) -> Objects | None:
    if path is None or not path.exists():
        return None
    state = simplejson.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    return {
        name: {int(uid): thing for uid, thing in things.items()} for name, things in state.items()
    }


def _webshop(sales: ShopData) -> Json:
    return {
        "uid": WEBSHOP,
        "type": "normal",
        "edition": "pro",
        "is_demo": False,
        "companyNumber": "559000-0005",
        "created": "2023-06-01T09:00:00Z",
        "name": {"sv": sales.title, "en": sales.title},
        "url": {"sv": "https://shop.example/sv", "en": "https://shop.example/en"},
        "priceStoredWithVat": True,
        "vatSupport": True,
        "showPricesIncludingVat": True,
        "vatCountry": "SE",
        "baseCurrency": "SEK",
        "activeCurrencies": ["SEK", "EUR"],
        "defaultLanguage": "sv",
        "defaultDeliveryCountry": "SE",
    }
