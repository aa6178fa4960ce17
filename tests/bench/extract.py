"""A large day read from a WooCommerce: requests, and what the time goes into."""

import resource
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from tests.bench.figures import Figure, at_most
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
        began, cpu = time.monotonic(), time.process_time()
        heads = list(shop.heads_created(end - timedelta(days=2), end))
        read = sum(1 for _ in shop.orders([head.order_id for head in heads]))
        seconds, busy = time.monotonic() - began, time.process_time() - cpu
        requests = len(made.woocommerce.faults.requests())
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    pages = len(heads) / _PAGE
    said = f"{pages:g} pages of {_PAGE} for the heads, as many for the orders"
    yield at_most(f"requests to read {read} orders", "", [requests], 2.2 * pages + 10, said)
    yield Figure(name="the same, time", unit="s", values=(seconds,), limit=f"CPU {busy:.1f} s")
    yield Figure(
        name="memory at the peak, the sandbox's whole shop in it",
        unit="MB",
        values=(peak_mb,),
        limit="",
    )
