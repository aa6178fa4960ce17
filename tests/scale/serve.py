"""Several shops and their Fortnox companies in one process, until it is told to end.

``python -m tests.scale.serve ADDRESS_FILE --first 1 --count 5 ...``; the rate limit is Fortnox's.
"""

import argparse
import json
import signal
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Event

from tests.scale.shops import database_number

from fortnox.sandbox.fortnox.app import create_app as fortnox_app
from fortnox.sandbox.fortnox.company import default_company
from fortnox.sandbox.seed import generate
from fortnox.sandbox.server import start
from fortnox.sandbox.woocommerce import create_app as woocommerce_app


def main() -> None:
    """Serve, and write the addresses when all are up."""
    chosen = _arguments()
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with ExitStack() as running:
        rows = [
            _serve(running, number, chosen)
            for number in range(chosen.first, chosen.first + chosen.count)
        ]
        temporary = chosen.addresses.with_suffix(".tmp")
        temporary.write_text(json.dumps(rows), encoding="utf-8")
        temporary.rename(chosen.addresses)
        stop.wait()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.scale.serve")
    parser.add_argument("addresses", type=Path)
    for name in ("first", "count", "days", "orders"):
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("--end-day", type=date.fromisoformat, required=True)
    return parser.parse_args()


def _serve(running: ExitStack, number: int, chosen: argparse.Namespace) -> dict[str, object]:
    database = database_number(number)
    company = replace(default_company(), database_number=database, tenant_id=str(database))
    sales = generate(
        seed=number, end_day=chosen.end_day, days=chosen.days, orders_per_day=chosen.orders
    )
    return {
        "number": number,
        "fortnox_url": running.enter_context(start(fortnox_app(company))).url,
        "woocommerce_url": running.enter_context(start(woocommerce_app(sales))).url,
    }


if __name__ == "__main__":
    main()
