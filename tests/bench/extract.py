"""A large day read from a WooCommerce: requests, and what the time goes into."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from tests.bench.figures import Figure, peak_mb
from tests.support.worlds import END_DAY, world

from fortnox.sandbox.seed import generate
from fortnox.sandbox.woocommerce import DEFAULT_KEY, DEFAULT_SECRET
from fortnox.shops.woocommerce import WooCommerceShop

_PAGE = 100


def measure(orders: int) -> Iterator[Figure]:
    """Heads of a day, then whole orders of it, as the task ``extract`` reads them."""
    end = datetime(END_DAY.year, END_DAY.month, END_DAY.day, tzinfo=UTC) + timedelta(days=1)
    with world(generate(end_day=END_DAY, days=1, orders_per_day=orders)) as made:
        shop = WooCommerceShop(made.shop_url, DEFAULT_KEY, DEFAULT_SECRET)
        log = made.woocommerce.faults.requests
        began, all_cpu, own_cpu = time.monotonic(), time.process_time(), time.thread_time()
        heads = list(shop.heads_created(end - timedelta(days=2), end))
        listed = len(log())
        read = sum(1 for _ in shop.orders([head.order_id for head in heads]))
        seconds = time.monotonic() - began
        own = time.thread_time() - own_cpu
        sandbox = time.process_time() - all_cpu - own
        fetched = len(log()) - listed
    pages = f"{-(-read // _PAGE)} answers of {_PAGE} hold them"
    yield _figure(
        f"requests to list the heads of {read} orders, in slices of time", "", listed, pages
    )
    yield _figure(
        f"requests to read the {read} orders whole, and their products", "", fetched, pages
    )
    yield _figure("the time of both", "s", seconds, "")
    yield _figure("of it our own: JSON, checks, orders", "s CPU", own, "")
    yield _figure("of it the sandbox's, which a shop would spend elsewhere", "s CPU", sandbox, "")
    yield _figure("memory at the peak, the sandbox's whole shop in it", "MB", peak_mb(), "")


def _figure(name: str, unit: str, value: float, limit: str) -> Figure:
    return Figure(name=name, unit=unit, values=(value,), limit=limit)
