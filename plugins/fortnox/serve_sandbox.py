"""The sandbox Fortnox and web shop on this machine, until Ctrl-C."""

import signal
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Event

from fortnox.sandbox.fortnox.app import create_app as fortnox_app
from fortnox.sandbox.fortnox.company import Company, default_company
from fortnox.sandbox.seed import generate
from fortnox.sandbox.server import start
from fortnox.sandbox.woocommerce import DEFAULT_KEY, DEFAULT_SECRET
from fortnox.sandbox.woocommerce import create_app as woocommerce_app


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxOptions:
    """Ports (0: a free one), where the state is kept, and which sales there are."""

    fortnox_port: int
    woocommerce_port: int
    state_dir: Path | None
    end_day: date
    days: int
    orders_per_day: int


def serve_sandbox(options: SandboxOptions, stop: Event) -> None:
    """Serve both and print where they are and how to log in, until ``stop`` or a signal."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if options.state_dir:
        options.state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    sales = generate(
        end_day=options.end_day, days=options.days, orders_per_day=options.orders_per_day
    )
    company = default_company()
    fortnox = fortnox_app(company, state_file=_file(options, "fortnox.json"))
    shop = woocommerce_app(sales, state_file=_file(options, "woocommerce.json"))
    with (
        start(fortnox, port=options.fortnox_port) as books,
        start(shop, port=options.woocommerce_port) as sale_place,
    ):
        print(describe(books.url, sale_place.url, company), flush=True)
        stop.wait()


def describe(fortnox_url: str, woocommerce_url: str, company: Company) -> str:
    """What to write into the two Airflow connections. The credentials are public: loopback only."""
    return "\n".join(
        (
            f"Fortnox      {fortnox_url}/3",
            f"  token URL  {fortnox_url}/oauth-v1/token",
            f"  login      {company.client_id}",
            f"  password   {company.client_secret}",
            f"  tenant_id  {company.tenant_id}",
            f"  company    {company.name}, {company.organisation_number}",
            f"WooCommerce  {woocommerce_url}",
            f"  login      {DEFAULT_KEY}",
            f"  password   {DEFAULT_SECRET}",
            "Stop with Ctrl-C.",
        )
    )


def _file(options: SandboxOptions, name: str) -> Path | None:
    return options.state_dir / name if options.state_dir else None
