"""The sandbox Fortnox and web shops on this machine, until Ctrl-C."""

import signal
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from threading import Event
from typing import Any, get_args, get_type_hints

from fastapi import FastAPI

from fortnox.sandbox.control import ControlOff
from fortnox.sandbox.fortnox.app import create_app as fortnox_app
from fortnox.sandbox.fortnox.company import Company, default_company
from fortnox.sandbox.fortnox.unknowns import UNKNOWNS, Switches
from fortnox.sandbox.seed import ShopData, generate
from fortnox.sandbox.server import Certificate, start
from fortnox.sandbox.textalk import DEFAULT_TOKEN, WEBSHOP
from fortnox.sandbox.textalk import create_app as textalk_app
from fortnox.sandbox.woocommerce import DEFAULT_KEY, DEFAULT_SECRET
from fortnox.sandbox.woocommerce import create_app as woocommerce_app
from fortnox.sandbox.woocommerce.recorded import load, unexplained_refunds

_WORDS = {"true": True, "yes": True, "false": False, "no": False, "none": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxOptions:
    """What to serve.

    Attributes:
        only: Which of ``cli_sandbox.NAMES``.
        ports: Port of each; 0 is a free one.
        host: Address to listen on.
        certificate: Certificate and key file for https.
        state_dir: Folder of the state; None keeps it in memory.
        control: Whether ``/_sandbox`` answers (requests from the machine itself only).
        seed: Which made-up shop.
        end_day: Last day with made-up sales.
        days: How many such days.
        orders_per_day: How many made-up orders each day.
        order_files: JSON files in WooCommerce's format, instead of made-up orders.
        company: Members of ``Company`` that differ from the default one's.
        unknowns: Members of ``Switches`` that differ from the defaults, as text.
    """

    only: tuple[str, ...]
    ports: Mapping[str, int]
    host: str
    certificate: tuple[Path, ...] | None
    state_dir: Path | None
    control: bool
    seed: int
    end_day: date
    days: int
    orders_per_day: int
    order_files: tuple[Path, ...]
    company: Mapping[str, Any]
    unknowns: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _World:
    """What the sandboxes are made of."""

    company: Company
    switches: Switches
    sales: ShopData
    folder: Path | None

    def file(self, name: str) -> Path | None:
        """Where a sandbox keeps its state."""
        return self.folder / name if self.folder else None


def serve_sandbox(options: SandboxOptions, stop: Event) -> None:
    """Serve what is asked for and print where it is and how to log in, until ``stop`` or a signal.

    Raises:
        ValueError: An option that can't be: an unknown switch, a file that is no shop, no days.
        OSError: A port is taken, or a file can't be read or written.
    """
    world = _World(
        company=replace(default_company(), **options.company),
        switches=read_switches(options.unknowns),
        sales=_sales(options),
        folder=options.state_dir,
    )
    if options.state_dir:
        options.state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    tls = None
    if options.certificate:
        tls = Certificate(file=options.certificate[0], key_file=options.certificate[1])
    with ExitStack() as running:
        for name in options.only:
            make, login = _SERVERS[name]
            app = make(world)
            served = app if options.control else ControlOff(app)
            server = start(served, options.host, options.ports[name], certificate=tls)
            running.enter_context(server)
            print(login(server.url, world.company), flush=True)
        missing = unexplained_refunds(world.sales)
        if missing:
            print(f"Note: no file tells of {missing} refunds that the orders name.", flush=True)
        print("Stop with Ctrl-C.", flush=True)
        stop.wait()


def read_switches(values: Mapping[str, str]) -> Switches:
    """The open questions answered as the command line says.

    Raises:
        ValueError: An unknown switch, or a value that it does not know.
    """
    kinds = get_type_hints(Switches)
    read = {}
    for name, text in values.items():
        if name not in kinds:
            raise ValueError(f"unknown switch {name}; known: {', '.join(kinds)}")
        read[name] = _read(name, text, kinds[name])
    return replace(Switches(), **read)


def unknowns_text() -> str:
    """Each open question with its answer, the answers that it may have, and what is known."""
    kinds = get_type_hints(Switches)
    return "\n".join(
        f"{one.name}={one.default}  ({_allowed(kinds[one.name])})\n"
        f"    {one.asks} {one.why} Seen: {one.seen}"
        for one in UNKNOWNS
    )


def _allowed(kind: Any) -> str:
    choices = [getattr(part, "__name__", str(part)) for part in get_args(kind)]
    return " or ".join(choices) or str(kind.__name__)


def _read(name: str, text: str, kind: Any) -> Any:
    parts = get_args(kind) or (kind,)
    value: Any = _WORDS.get(text.lower(), text)
    for part in parts:
        if part is type(value) or (part == value and type(part) is type(value)):
            return value
        if part in (int, float) or isinstance(part, int):
            try:
                number = (float if part is float else int)(text)
            except ValueError:
                continue
            if isinstance(part, type) or number == part:
                return number
    raise ValueError(f"{name}={text}: {_allowed(kind)} is wanted")


def _sales(options: SandboxOptions) -> ShopData:
    made = generate(
        seed=options.seed,
        end_day=options.end_day,
        days=options.days,
        orders_per_day=options.orders_per_day,
    )
    return load(options.order_files, made) if options.order_files else made


def _serve_fortnox(world: _World) -> FastAPI:
    return fortnox_app(world.company, state_file=world.file("fortnox.json"),
                       switches=world.switches)  # fmt: skip


def _serve_woocommerce(world: _World) -> FastAPI:
    return woocommerce_app(world.sales, state_file=world.file("woocommerce.sqlite"))


def _fortnox_login(url: str, company: Company) -> str:
    """What to write into the Airflow connection. The credentials are public: loopback only."""
    return "\n".join(
        (
            f"Fortnox      {url}/3",
            f"  token URL  {url}/oauth-v1/token",
            f"  login      {company.client_id}",
            f"  password   {company.client_secret}",
            f"  tenant_id  {company.tenant_id}",
            f"  company    {company.name}, {company.organisation_number}",
        )
    )


def _woocommerce_login(url: str, _company: Company) -> str:
    return "\n".join(
        (
            f"WooCommerce  {url}",
            f"  login      {DEFAULT_KEY}",
            f"  password   {DEFAULT_SECRET}",
        )
    )


def _serve_textalk(world: _World) -> FastAPI:
    return textalk_app(world.sales, state_file=world.file("textalk.json"))


def _textalk_login(url: str, _company: Company) -> str:
    return "\n".join(
        (
            f"Textalk      {url}",
            f"  password   {DEFAULT_TOKEN}",
            f"  webshop    {WEBSHOP}",
        )
    )


#: Each sandbox: its application, and what a client needs to know of it.
_SERVERS: dict[str, tuple[Callable[[_World], FastAPI], Callable[[str, Company], str]]] = {
    "fortnox": (_serve_fortnox, _fortnox_login),
    "woocommerce": (_serve_woocommerce, _woocommerce_login),
    "textalk": (_serve_textalk, _textalk_login),
}
