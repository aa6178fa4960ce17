"""Large days read from a WooCommerce: requests, and what time and memory go into.

``python -m tests.bench.extract URL START END`` reads one, as the task ``extract`` does.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from tests.bench.figures import Figure, peak_mb, spaced
from tests.support.worlds import END_DAY, world

from fortnox.sandbox.seed import generate
from fortnox.sandbox.woocommerce import DEFAULT_KEY, DEFAULT_SECRET
from fortnox.shops.woocommerce import WooCommerceShop

_PAGE = 100
#: A day of so many orders is read beside the large one, so that memory can be compared.
_SMALL = 1_000
#: Only a list of a span of time says this in its query.
_OF_A_SLICE = "dates_are_gmt"


def measure(orders: int) -> Iterator[Figure]:
    """Heads of a day, then whole orders of it; the reading is a process of its own."""
    read = _read(orders)
    count, pages = read["orders"], -(-read["orders"] // _PAGE)
    held = f"{pages} answers of {_PAGE} hold them"
    yield _figure(
        f"requests to list the heads of {spaced(count)} orders, in slices of time",
        "",
        read["listed"],
        held,
    )
    yield _figure(
        f"requests to read the {spaced(count)} orders whole, and their products",
        "",
        read["fetched"],
        held,
    )
    yield _figure("the time of both", "s", read["seconds"], "")
    yield _figure("of it our own: JSON, checks, orders", "s CPU", read["cpu_s"], "")
    small = _read(min(_SMALL, orders))
    for one in (small, read):
        name = f"memory at the peak of a process that reads {spaced(one['orders'])} orders"
        yield _figure(name, "MB", one["peak_mb"], "one hundred orders and all heads at a time")


def _figure(name: str, unit: str, value: float, limit: str) -> Figure:
    return Figure(name=name, unit=unit, values=(value,), limit=limit)


def _read(orders: int) -> dict[str, int]:
    """Serve such a day, and read it."""
    end = datetime(END_DAY.year, END_DAY.month, END_DAY.day, tzinfo=UTC) + timedelta(days=1)
    with world(generate(end_day=END_DAY, days=1, orders_per_day=orders)) as made:
        span = ((end - timedelta(days=2)).isoformat(), end.isoformat())
        command = [sys.executable, "-m", "tests.bench.extract", made.shop_url, *span]
        found: dict[str, int] = json.loads(subprocess.check_output(command))
        requests = made.woocommerce.faults.requests()
    listed = sum(_OF_A_SLICE in request.query for request in requests)
    return {**found, "listed": listed, "fetched": len(requests) - listed}


def main(url: str, start: str, end: str) -> None:
    """Read one day, and say what it took."""
    shop = WooCommerceShop(url, DEFAULT_KEY, DEFAULT_SECRET)
    began, cpu_s = time.monotonic(), time.process_time()
    first, last = datetime.fromisoformat(start), datetime.fromisoformat(end)
    heads = list(shop.heads_created(first, last))
    read = sum(1 for _ in shop.orders([head.order_id for head in heads]))
    found = {
        "orders": read,
        "seconds": time.monotonic() - began,
        "cpu_s": time.process_time() - cpu_s,
        "peak_mb": peak_mb(),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
