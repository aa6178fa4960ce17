"""The Textalk adapter on the sandbox shop: what is not documented is found out, not assumed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from fortnox.core.errors import FatalError, UnreachableError
from fortnox.sandbox.seed import generate
from fortnox.sandbox.server import start
from fortnox.sandbox.textalk import (
    DEFAULT_PASSWORD,
    DEFAULT_TOKEN,
    DEFAULT_USERNAME,
    WEBSHOP,
    Store,
    create_app,
)
from fortnox.sandbox.textalk.store import Failure
from fortnox.shops.patience import Patience
from fortnox.shops.textalk import Access, TextalkShop

START, END = datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 7, 25, tzinfo=UTC)
EDITED = datetime(2026, 7, 22, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass
class Sandbox:
    """A served shop and its adapter."""

    url: str
    store: Store

    def shop(self, look_back: timedelta = timedelta(days=60), **access: str) -> TextalkShop:
        """A new adapter, as a new run makes one."""
        return TextalkShop(
            self.url,
            Access(webshop=str(WEBSHOP), **(access or {"secret": DEFAULT_TOKEN})),
            patience=Patience(sleep=lambda _: None),
            look_back=look_back,
        )

    def edited(self, shop: TextalkShop) -> list[str]:
        """Orders that were changed in the hour of the edit."""
        return [head.order_id for head in shop.heads_modified(EDITED, EDITED + HOUR)]

    def edit(self, uid: int) -> str:
        """An order is changed in that hour."""
        self.store.edit_order(uid, {"changed": "2026-07-22T03:30:00Z"}, bump=False)
        return str(uid)


@pytest.fixture(scope="module")
def served() -> Iterator[Sandbox]:
    """A shop with a week of orders."""
    app = create_app(generate(end_day=date(2026, 7, 20), days=14, orders_per_day=6))
    with start(app) as server:
        yield Sandbox(server.url, app.state.textalk)


@pytest.fixture
def sandbox(served: Sandbox) -> Sandbox:
    """The shop as it was at first."""
    served.store.reset()
    return served


def test_missing_fields_are_all_named_at_connect(sandbox: Sandbox) -> None:
    """Orders would be read without their discounts or payments, and booked so."""
    missing = ("Order.hasVat", "OrderItem.discountInfo", "Payment.amount", "Webshop.vatCountry")
    sandbox.store.switch(missing_fields=missing)
    with pytest.raises(FatalError) as caught:
        sandbox.shop().check()
    assert all(name in caught.value.message for name in missing)
    assert "ask its support" in caught.value.remedy


def test_a_shop_without_schemas_is_proven_by_the_query(sandbox: Sandbox) -> None:
    """A shop whose API can't describe itself could not be connected, or a gap not be seen."""
    names = ("Order", "OrderItem", "Payment", "Webshop")
    failures = [Failure(method=f"{name}.getSchema", code=-32601, times=2) for name in names]
    sandbox.store.failures += failures
    assert sandbox.shop().check().currency == "SEK"
    sandbox.store.switch(missing_fields=("OrderItem.discountInfo",))
    with pytest.raises(FatalError, match="/0/items/discountInfo"):
        sandbox.shop().check()


@pytest.mark.parametrize("switch", ["unfilterable", "ignored_filters"])
def test_changes_are_found_without_a_filter_for_them(sandbox: Sandbox, switch: str) -> None:
    """A paid or edited order would never be seen by the hourly runs."""
    sandbox.store.switch(**{switch: ("/changed",)})
    uid = sandbox.edit(max(sandbox.store.orders))
    assert sandbox.edited(sandbox.shop()) == [uid]
    old = sandbox.edit(min(sandbox.store.orders))
    assert sandbox.edited(sandbox.shop(look_back=timedelta(days=5))) == [uid]
    assert sorted(sandbox.edited(sandbox.shop())) == [old, uid]


def test_the_filter_is_used_where_it_works(sandbox: Sandbox) -> None:
    """Each hour would read two months of orders."""
    uid = sandbox.edit(min(sandbox.store.orders))
    assert sandbox.edited(sandbox.shop(look_back=timedelta(0))) == [uid]
    assert sandbox.store.calls.count("Order.list") <= 3


def test_a_filter_by_time_that_does_nothing_is_fatal(sandbox: Sandbox) -> None:
    """A day would be read as all days, again and again."""
    sandbox.store.switch(ignored_filters=("/ordered",))
    with pytest.raises(FatalError, match="/ordered"):
        list(sandbox.shop().heads_created(EDITED - 90 * HOUR, EDITED))


def test_a_list_that_is_cut_short_silently(sandbox: Sandbox) -> None:
    """Orders past a limit that nobody documents would be lost."""
    sandbox.store.switch(max_limit=7)
    placed = {str(uid) for uid, order in sandbox.store.orders.items() if order["ordered"]}
    assert {head.order_id for head in sandbox.shop().heads_created(START, END)} == placed
    assert {order.head.order_id for order in sandbox.shop().orders(placed)} == placed


def test_a_shop_that_contradicts_itself_is_told(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A count without orders would look like a quiet day."""
    monkeypatch.setattr("fortnox.sandbox.textalk.methods.selected", lambda *_: [])
    with pytest.raises(UnreachableError, match="does not list"):
        list(sandbox.shop().heads_created(START, END))


def test_uids_without_a_filter_are_read_one_by_one(sandbox: Sandbox) -> None:
    """Whole orders could not be read from a shop that filters by time only."""
    sandbox.store.switch(unfilterable=("/uid",))
    uids = [str(uid) for uid in sorted(sandbox.store.orders)[-3:]]
    assert [one.head.order_id for one in sandbox.shop().orders([*uids, "1"])] == uids


def test_a_user_s_login_works_as_well(sandbox: Sandbox) -> None:
    """Shops without API keys could not be connected."""
    shop = sandbox.shop(username=DEFAULT_USERNAME, secret=DEFAULT_PASSWORD)
    assert shop.check().platform == "Textalk"
    for token in sandbox.store.login_tokens:
        sandbox.store.login_tokens[token] -= timedelta(hours=30)
    assert shop.payment_methods()["342601"] == "Klarna"
    assert sandbox.store.calls.count("Admin.login") == 2


def test_returned_goods_are_seen_as_an_edit(sandbox: Sandbox) -> None:
    """A return leaves no refund; booked as it was, the sale would stay too high."""
    uid = next(
        uid
        for uid, one in sandbox.store.orders.items()
        if len(one["items"]) > 1 and one["paymentStatus"] == "paid" and not one["discarded"]
        and len(one["payments"]) == 1
    )  # fmt: skip
    (before,) = sandbox.shop().orders([str(uid)])
    sandbox.store.remove_item(uid)
    (after,) = sandbox.shop().orders([str(uid)])
    assert after.head.total_ore < before.head.total_ore
    assert "payments_differ" in [problem.code for problem in after.problems]
