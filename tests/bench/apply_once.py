"""One apply at the real pace, as its process would: ``python -m tests.bench.apply_once URL N``."""

import json
import logging
import sys
import time

from tests.support.once import at_url
from tests.support.request_counts import SHOP, sold, wanted

from fortnox.api.apply import apply_invoices
from fortnox.api.client import FortnoxClient
from fortnox.api.lanes import LANES
from fortnox.api.limiter import Pacer


def apply(url: str, documents: int, first: int = 1_000_000) -> FortnoxClient:
    """Bring so many paid invoices of new customers into the Fortnox at an address."""
    client = at_url(url).client(pacer=Pacer(), lanes=LANES, sleep=time.sleep)
    invoices = wanted([sold(first + n, "paid") for n in range(documents)])
    outcome = apply_invoices(client, SHOP, invoices)
    assert outcome.paid == documents
    return client


def main(url: str, documents: int) -> None:
    """Apply, and say what it used."""
    logging.disable(logging.CRITICAL)
    usage = apply(url, documents).usage
    print(json.dumps({"requests": usage.reads + usage.writes}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
