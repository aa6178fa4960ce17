"""``python -m fortnox.sandbox.textalk``: a Textalk shop alone on this machine, until Ctrl-C."""

import argparse
import signal
import sys
from datetime import date, timedelta
from pathlib import Path
from threading import Event

from fortnox.sandbox.seed import generate
from fortnox.sandbox.server import start
from fortnox.sandbox.textalk import DEFAULT_TOKEN, WEBSHOP, create_app


def main(arguments: list[str], stop: Event) -> None:
    """Serve until ``stop`` or a signal."""
    options = _parser().parse_args(arguments)
    sales = generate(
        seed=options.seed,
        end_day=options.end_day,
        days=options.days,
        orders_per_day=options.orders_per_day,
    )
    app = create_app(sales, state_file=options.state_file)
    with start(app, port=options.port) as server:
        print(
            f"Textalk  {server.url}\n  password {DEFAULT_TOKEN}\n  webshop  {WEBSHOP}\n"
            "Stop with Ctrl-C.",
            flush=True,
        )
        stop.wait()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m fortnox.sandbox.textalk",
        description="A Textalk shop to try on, on loopback only.",
    )
    yesterday = date.today() - timedelta(days=1)  # noqa: DTZ011 - made-up sales of made-up days
    parser.add_argument("--port", type=int, default=0, help="port (default: a free one)")
    parser.add_argument("--state-file", type=Path, help="JSON file that keeps the shop")
    parser.add_argument(
        "--end-day", type=date.fromisoformat, default=yesterday, help="last day with sales"
    )
    parser.add_argument("--days", type=int, default=21, help="days of sales (default: 21)")
    parser.add_argument("--orders-per-day", type=int, default=20, help="default: 20")
    parser.add_argument("--seed", type=int, default=1, help="another number is another shop")
    return parser


if __name__ == "__main__":
    stopped = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    main(sys.argv[1:], stopped)
