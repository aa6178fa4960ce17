"""What a Textalk shop of many articles or customers costs when few changed: calls, counted."""

import copy
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from fortnox.sandbox.seed import generate
from fortnox.sandbox.server import start
from fortnox.sandbox.textalk import DEFAULT_TOKEN, WEBSHOP, Store, create_app
from fortnox.shops.patience import Patience
from fortnox.shops.textalk import Access, TextalkShop

COUNT, CHANGED = 5_000, 20
SALES = generate(end_day=date(2026, 7, 20), days=2, orders_per_day=4)
LONG_AGO = "2025-01-01T00:00:00Z"


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[str, Store]]:
    """A shop with so many of each; copies share all but their uid and date."""
    app = create_app(SALES)
    store: Store = app.state.textalk
    for class_name in ("Article", "Customer"):
        objects = store.objects[class_name]
        model = next(one for one in objects.values() if not one.get("variants"))
        for uid in range(1, COUNT + 1):
            objects[uid] = {**copy.copy(model), "uid": uid, "changed": LONG_AGO}
    with start(app) as server:
        yield server.url, store


@pytest.mark.parametrize("class_name", ["Article", "Customer"])
def test_a_delta_costs_what_changed_and_not_what_there_is(
    served: tuple[str, Store], class_name: str
) -> None:
    """Each hour would read the whole register: hundreds of calls, and minutes of the shop's."""
    url, store = served
    now = datetime.now(UTC)
    for uid in range(1, CHANGED + 1):
        store.objects[class_name][uid]["changed"] = store.moment()
    store.calls.clear()
    shop = TextalkShop(
        url, Access(webshop=str(WEBSHOP), secret=DEFAULT_TOKEN), patience=Patience(patience_s=0)
    )
    since = now - timedelta(seconds=5)
    if class_name == "Article":
        found = {one.product_id for one in shop.article_shop.changed_articles(since)}
    else:
        found = {one.customer_id for one in shop.accounts.customers_changed(since, now)}
    assert found == {str(uid) for uid in range(1, CHANGED + 1)}
    assert len(store.calls) <= 12, store.calls
