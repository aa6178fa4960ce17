"""The WooCommerce adapter against the sandbox shop, over real HTTP."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest

from fortnox.core.errors import FatalError
from fortnox.core.orders import LineKind
from fortnox.sandbox.faults import FaultRule
from fortnox.sandbox.seed import generate
from fortnox.sandbox.server import RunningServer, start
from fortnox.sandbox.woocommerce.app import create_app
from fortnox.sandbox.woocommerce.auth import DEFAULT_KEY, DEFAULT_SECRET, ApiKey
from fortnox.sandbox.woocommerce.store import Drift, Store
from fortnox.shops.woocommerce import WooCommerceShop

LAST_DAY = date(2026, 7, 20)
DAYS = 12
START = datetime(2026, 7, 1, tzinfo=UTC)
END = datetime(2026, 7, 22, tzinfo=UTC)
DRAFT = "checkout-draft"
SECOND = timedelta(seconds=1)


@dataclass
class Sandbox:
    """A served shop and an adapter that does not sleep."""

    server: RunningServer
    store: Store
    pauses: list[float] = field(default_factory=list)

    @property
    def shop(self) -> WooCommerceShop:
        """A new adapter, as a new run makes one."""
        return self.adapter(DEFAULT_KEY, DEFAULT_SECRET)

    def adapter(self, key: str, secret: str) -> WooCommerceShop:
        """An adapter with another key."""
        return WooCommerceShop(self.server.url, key, secret, sleep=self.pauses.append)

    def created(self, start: datetime, end: datetime) -> list[str]:
        """Ids in the order in which they come."""
        return [head.order_id for head in self.shop.heads_created(start, end)]

    def modified(self, start: datetime, end: datetime) -> list[str]:
        """Ids in the order in which they come."""
        return [head.order_id for head in self.shop.heads_modified(start, end)]

    def truth(self, by: str, start: datetime, end: datetime) -> set[str]:
        """What the shop holds, straight from its memory."""
        return {
            str(order["id"])
            for order in self.store.orders.values()
            if order["status"] != DRAFT
            and start <= datetime.fromisoformat(order[f"date_{by}_gmt"] + "+00:00") < end
        }

    def put_in_second(self, moment: datetime, number: int) -> list[int]:
        """The first orders by id, all modified in one second, as a bulk edit leaves them."""
        ids = sorted(self.store.orders)[:number]
        text = moment.strftime("%Y-%m-%dT%H:%M:%S")
        for order_id in ids:
            changes = {"date_modified_gmt": text, "status": "processing"}
            self.store.edit_order(order_id, changes, bump=False)
        return ids

    def requests(self, path_end: str) -> int:
        """How often a route was asked."""
        return sum(request.path.endswith(path_end) for request in self.store.faults.requests())


@pytest.fixture(scope="module")
def served() -> Iterator[Sandbox]:
    """A made-up shop with some 240 orders."""
    app = create_app(generate(end_day=LAST_DAY, days=DAYS, orders_per_day=20))
    with start(app) as server:
        yield Sandbox(server=server, store=app.state.woocommerce)


@pytest.fixture
def sandbox(served: Sandbox) -> Sandbox:
    """The shop as it was at first, for each test."""
    served.store.reset()
    served.pauses.clear()
    return served


def test_every_order_once_of_every_status(sandbox: Sandbox) -> None:
    """An order would be missing from the day that it belongs to, or be there twice."""
    sandbox.store.trash_order(int(next(iter(sandbox.truth("created", START, END)))))
    found = sandbox.created(START, END)
    assert len(found) == len(set(found))
    assert set(found) == sandbox.truth("created", START, END)
    assert len(found) > 200


def test_custom_status_is_found(sandbox: Sandbox) -> None:
    """A plugin's status ("awaiting-shipment") would hide paid orders."""
    sandbox.store.switches.custom_statuses = ("awaiting-shipment",)
    order_id = min(sandbox.store.orders)
    sandbox.store.edit_order(order_id, {"status": "awaiting-shipment"}, bump=False)
    assert str(order_id) in sandbox.created(START, END)


def test_summer_offset_does_not_hide_two_hours(sandbox: Sandbox) -> None:
    """With "Z" and dates_are_gmt the last two summer hours of edits would silently be missing."""
    edited = datetime(2026, 7, 20, 12, 0, tzinfo=UTC)
    ids = sandbox.put_in_second(edited, 1)
    hour = timedelta(hours=1)
    assert str(ids[0]) in sandbox.modified(edited - hour, edited + hour)
    assert str(ids[0]) not in sandbox.modified(edited + hour, edited + 3 * hour)


def test_bounds_are_exactly_half_open(sandbox: Sandbox) -> None:
    """The shop's bounds are exclusive: an order of the first second would be lost."""
    moment = datetime(2026, 7, 15, 6, 30, tzinfo=UTC)
    (order_id,) = map(str, sandbox.put_in_second(moment, 1))
    assert order_id in sandbox.modified(moment, moment + SECOND)
    assert order_id not in sandbox.modified(moment - SECOND, moment)
    assert order_id not in sandbox.modified(moment + SECOND, moment + 2 * SECOND)


def test_more_than_a_page_in_the_same_second(sandbox: Sandbox) -> None:
    """A bulk edit of 150 orders: those past the first hundred would be lost."""
    moment = datetime(2026, 7, 21, 3, 0, tzinfo=UTC)
    ids = sandbox.put_in_second(moment, 150)
    found = sandbox.modified(moment - SECOND, moment + 2 * SECOND)
    assert sorted(found, key=int) == [str(order_id) for order_id in ids]


@pytest.mark.parametrize("action", ["add", "touch", "trash", "delete"])
@pytest.mark.parametrize("after_lists", [1, 2, 3, 4])
@pytest.mark.parametrize("same_second", [False, True])
def test_drift_between_two_answers(
    sandbox: Sandbox, action: str, after_lists: int, *, same_second: bool
) -> None:
    """An order made, edited, trashed or deleted while we read would push another one out."""
    if same_second:
        sandbox.put_in_second(datetime(2026, 7, 21, 3, 0, tzinfo=UTC), 220)
    before = sandbox.truth("modified", START, END)
    victim = min(map(int, before))
    sandbox.store.drifts.append(Drift(after_lists=after_lists, action=action, order_id=victim))
    found = sandbox.modified(START, END)
    assert len(found) == len(set(found))
    assert set(found) >= before - {str(victim)}
    assert set(found) <= before


def test_trashed_while_the_day_is_read_is_still_found(sandbox: Sandbox) -> None:
    """An order thrown away between two lists would be in neither of them."""
    victim = max(map(int, sandbox.truth("created", START, END)))
    sandbox.store.drifts.append(Drift(after_lists=1, action="trash", order_id=victim))
    assert str(victim) in sandbox.created(START, END)


def test_whole_orders_add_up(sandbox: Sandbox) -> None:
    """Lines that are not the total to the öre can't become an invoice."""
    ids = sandbox.created(START, END)
    orders = list(sandbox.shop.orders(ids))
    assert {order.head.order_id for order in orders} == set(ids)
    assert len(orders) == len(ids)
    for order in orders:
        assert sum(line.gross_ore for line in order.lines) == order.head.total_ore
        assert sum(line.vat_ore for line in order.lines) == order.total_vat_ore
    codes = {problem.code for order in orders for problem in order.problems}
    assert codes <= {"negative_fee", "several_vat_rates"}


def test_unknown_ids_are_left_out(sandbox: Sandbox) -> None:
    """A deleted order must not stop the others; a trashed one is still told."""
    first, second = sorted(sandbox.store.orders)[:2]
    sandbox.store.trash_order(second)
    asked = [str(first), "999999", str(second), str(first)]
    assert [order.head.order_id for order in sandbox.shop.orders(asked)] == [
        str(first),
        str(second),
    ]


def test_virtual_products_are_services(sandbox: Sandbox) -> None:
    """Services would be booked on the account for goods."""
    store = sandbox.store
    virtual = {item["id"]: item["virtual"] for item in store.data.products.values()}
    variants = {item["id"]: item["virtual"] for item in store.data.variations.values()}
    ids = sandbox.created(START, END)
    found = {order.head.order_id: order for order in sandbox.shop.orders(ids)}
    seen = set()
    for order_id, order in found.items():
        by_id = {line.line_id: line for line in order.lines}
        for item in store.orders[int(order_id)]["line_items"]:
            kind = by_id[str(item["id"])].kind
            flag = variants.get(item["variation_id"], virtual.get(item["product_id"]))
            expected = {True: LineKind.SERVICE, False: LineKind.GOODS, None: LineKind.ARTICLE}[flag]
            assert kind is expected
            seen.add(kind)
    assert {LineKind.GOODS, LineKind.SERVICE} <= seen


def test_requests_for_a_day_stay_few(sandbox: Sandbox) -> None:
    """One request per order would take minutes on a small shop."""
    day = datetime(2026, 7, 19, 22, tzinfo=UTC)
    shop = sandbox.shop
    ids = [head.order_id for head in shop.heads_created(day, day + timedelta(days=1))]
    list(shop.orders(ids))
    assert sandbox.requests("/orders") <= 4
    assert sandbox.requests("/products") == 1


@pytest.mark.parametrize("has_refunds_route", [True, False])
def test_refunds_by_date(sandbox: Sandbox, *, has_refunds_route: bool) -> None:
    """Refunds would be missing on shops before WooCommerce 9, or those that leave no trace."""
    sandbox.store.switches.refunds_route = has_refunds_route
    expected = {
        str(refund["id"])
        for refund in sandbox.store.data.refunds.values()
        if START <= datetime.fromisoformat(refund["date_created_gmt"] + "+00:00") < END
    }
    refunds = list(sandbox.shop.refunds_created(START, END))
    assert {refund.refund_id for refund in refunds} == expected
    assert len(refunds) == len(expected) > 0
    for refund in refunds:
        assert refund.amount_ore > 0
        assert all(line.gross_ore >= 0 for line in refund.lines)
        assert {line.vat_rate_pct for line in refund.lines if line.vat_ore} <= {25, 12, 6}
        assert refund.order_id in {str(order_id) for order_id in sandbox.store.orders}


def test_silent_refund_is_found_on_an_older_shop(sandbox: Sandbox) -> None:
    """A refund that does not move the order's date of change would never be booked."""
    sandbox.store.switches.refunds_route = False
    now = datetime.now(UTC)
    order_id = sandbox.store.add_order()
    refund_id = sandbox.store.refund_order(order_id, full=False, bump=False)
    span = (now - timedelta(hours=1), now + timedelta(hours=1))
    assert [refund.refund_id for refund in sandbox.shop.refunds_created(*span)] == [str(refund_id)]
    assert [one.refund_id for one in sandbox.shop.refunds_of([str(order_id)])] == [str(refund_id)]


@pytest.mark.parametrize(
    "rule",
    [
        FaultRule(kind="rate_limited", path="/orders", times=2),
        FaultRule(kind="html", path="/orders", status=502, times=2),
        FaultRule(kind="html", path="/orders", status=200, times=2),
        FaultRule(kind="refuse_before", path="/orders", times=2),
        FaultRule(kind="truncated", path="/orders", times=2),
        FaultRule(kind="status_before", path="/orders", status=503, times=2),
    ],
    ids=lambda rule: f"{rule.kind}-{rule.status}",
)
def test_host_troubles_cost_nothing_but_time(sandbox: Sandbox, rule: FaultRule) -> None:
    """A host's hiccup in the middle of a list would fail the run, or lose a page."""
    fresh = FaultRule(kind=rule.kind, path=rule.path, nth=3, times=rule.times, status=rule.status)
    sandbox.store.faults.add(fresh)
    assert set(sandbox.created(START, END)) == sandbox.truth("created", START, END)
    assert len(sandbox.pauses) == 2


def test_php_notices_before_the_json(sandbox: Sandbox) -> None:
    """A plugin's notice before the JSON must not be read as an empty shop."""
    sandbox.store.switches.php_notices = 2
    assert set(sandbox.created(START, END)) == sandbox.truth("created", START, END)


def test_check_tells_the_shop(sandbox: Sandbox) -> None:
    """Preflight would not notice the wrong currency or time zone."""
    identity = sandbox.shop.check()
    assert identity.platform == "WooCommerce"
    assert identity.version == "11.0.1"
    assert identity.currency == "SEK"
    assert identity.timezone == "Europe/Stockholm"
    assert identity.prices_include_vat


def test_check_with_a_key_that_may_only_read_orders(sandbox: Sandbox) -> None:
    """A shop manager's key without settings rights is enough to run."""
    key = ApiKey(key="ck_few", secret="cs_few", denied=("system_status", "settings"))
    sandbox.store.add_key(key)
    identity = sandbox.adapter("ck_few", "cs_few").check()
    assert (identity.currency, identity.version) == ("SEK", "11.0.1")
    assert identity.prices_include_vat


@pytest.mark.parametrize(
    ("key", "secret", "message"),
    [
        ("ck_unknown", DEFAULT_SECRET, "does not know the consumer key"),
        (DEFAULT_KEY, "cs_wrong", "signature"),
        ("ck_write", "cs_write", "may not read"),
        ("ck_none", "cs_none", "may not read"),
    ],
)
def test_wrong_keys_say_what_is_wrong(
    sandbox: Sandbox, key: str, secret: str, message: str
) -> None:
    """The user would not know whether the key, the secret or the rights are wrong."""
    sandbox.store.add_key(ApiKey(key="ck_write", secret="cs_write", permissions="write"))
    sandbox.store.add_key(ApiKey(key="ck_none", secret="cs_none", denied=("*",)))
    with pytest.raises(FatalError, match=message) as caught:
        sandbox.adapter(key, secret).check()
    assert caught.value.remedy
    assert secret not in str(caught.value)
    assert sandbox.pauses == []


def test_other_address_than_the_shops_own(sandbox: Sandbox) -> None:
    """A signature is over the shop's own address: www or a port too much must be told as such."""
    sandbox.store.switches.home_url = "http://www.shop.example"
    with pytest.raises(FatalError, match="signature") as caught:
        sandbox.shop.check()
    assert "Site Address" in caught.value.remedy
