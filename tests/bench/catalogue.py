"""A shop's whole catalogue read as articles: requests, time and memory.

``python -m tests.bench.catalogue URL`` reads one, as the articles' task ``extract`` does.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from tests.bench.figures import Figure, at_most, peak_mb, spaced
from tests.support.worlds import END_DAY, world

from fortnox.sandbox.seed import ShopData, generate
from fortnox.sandbox.woocommerce import DEFAULT_KEY, DEFAULT_SECRET
from fortnox.shops.woocommerce import WooCommerceShop

_PAGE = 100
#: Beside the pages: the trash, three settings (prices, country, weights), and the VAT rates.
_BESIDE_PAGES = 5
#: Two lists of products, one of variations.
_WITHOUT_CHANGES = 3


def measure(products: int) -> Iterator[Figure]:
    """All articles, and then a delta in which nothing changed."""
    data = _catalogue(products)
    lists = (data.products, data.variations)
    pages = sum(-(-len(items) // _PAGE) for items in lists)
    with world(data) as made:
        log = made.woocommerce.faults
        command = [sys.executable, "-m", "tests.bench.catalogue", made.shop_url]
        read: dict[str, float] = json.loads(subprocess.check_output(command))
        requests = len(log.requests())
        log.forget_requests()
        shop = WooCommerceShop(made.shop_url, DEFAULT_KEY, DEFAULT_SECRET).article_shop
        changed = list(shop.changed_articles(datetime.now(UTC)))
        assert changed == []
        without_changes = len(log.requests())
    what = f"{spaced(len(data.products))} products with {spaced(len(data.variations))} variations"
    said = f"{pages} answers of {_PAGE} hold them; {_BESIDE_PAGES} beside"
    yield at_most(f"requests to read {what}", "", [requests], pages + _BESIDE_PAGES, said)
    yield at_most("requests to see that nothing changed", "", [without_changes], _WITHOUT_CHANGES)
    yield _figure("articles that came of it", "", read["articles"])
    yield _figure("the time", "s", read["seconds"])
    yield _figure("of it our own", "s CPU", read["cpu_s"])
    yield _figure("memory at the peak of the process that reads", "MB", read["peak_mb"])


def _figure(name: str, unit: str, value: float) -> Figure:
    return Figure(name=name, unit=unit, values=(value,), limit="")


def _catalogue(products: int) -> ShopData:
    """The demo's catalogue so often that there are so many products, under ids of their own."""
    demo = generate(end_day=END_DAY, days=1, orders_per_day=1)
    stride = max(item["id"] for item in (*demo.products, *demo.variations)) + 1
    times = range(-(-products // len(demo.products)))
    many = [_numbered(demo.products, stride * n) for n in times]
    variations = [_numbered(demo.variations, stride * n) for n in times]
    return replace(
        demo,
        orders=[],
        refunds=[],
        products=[item for items in many for item in items],
        variations=[item for items in variations for item in items],
    )


def _numbered(items: Sequence[dict[str, Any]], by: int) -> list[dict[str, Any]]:
    return [
        {
            **item,
            "id": item["id"] + by,
            "sku": f"{item['sku']}-{by}",
            "parent_id": item["parent_id"] + by if item["parent_id"] else 0,
            "variations": [one + by for one in item.get("variations", ())],
        }
        for item in items
    ]


def main(url: str) -> None:
    """Read the catalogue, and say what it took."""
    shop = WooCommerceShop(url, DEFAULT_KEY, DEFAULT_SECRET).article_shop
    began, cpu_s = time.monotonic(), time.process_time()
    articles = sum(1 for _ in shop.changed_articles(None))
    found = {
        "articles": articles,
        "seconds": time.monotonic() - began,
        "cpu_s": time.process_time() - cpu_s,
        "peak_mb": peak_mb(),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1])
