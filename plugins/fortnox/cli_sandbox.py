"""``python -m fortnox sandbox``: its options, and what they mean."""

import argparse
import sys
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from threading import Event

#: What can be served; how, stands in ``serve_sandbox``.
NAMES = ("fortnox", "woocommerce", "textalk")
EPILOG = """\
examples:
  python -m fortnox sandbox
      all of them on free ports, in memory, with 21 days of sales up to yesterday
  python -m fortnox sandbox --only woocommerce --woocommerce-port 8081 --orders orders.json
      a shop that answers orders recorded from a real one
  python -m fortnox sandbox --state-dir .sandbox --control --whole-kronor
      a company that rounds to whole kronor, kept between starts, with faults on demand
  python -m fortnox sandbox --list-unknowns
      the open questions about Fortnox, and how the sandbox answers them
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command, in groups."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    _add_server(parser)
    _add_sales(parser)
    company = parser.add_argument_group("the company in Fortnox")
    company.add_argument("--company-name", default=None, metavar="NAME")
    company.add_argument("--organisation-number", default=None, metavar="NUMBER")
    company.add_argument("--database-number", type=int, default=None, metavar="NUMBER",
                         help="also its tenant id")  # fmt: skip
    company.add_argument("--cash-method", action="store_true",
                         help="books by the cash method (kontantmetoden)")  # fmt: skip
    company.add_argument("--whole-kronor", action="store_true",
                         help="totals are rounded to whole kronor")  # fmt: skip
    company.add_argument("--unknown", action="append", default=[], metavar="NAME=VALUE",
                         help="answer an open question otherwise; may be repeated")  # fmt: skip
    company.add_argument("--list-unknowns", action="store_true",
                         help="print the open questions and their answers, and end")  # fmt: skip


def _add_server(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what is served, and where")
    group.add_argument("--only", action="append", choices=NAMES, default=None,
                       help="serve only this one; may be repeated (default: all)")  # fmt: skip
    for name in NAMES:
        group.add_argument(f"--{name}-port", type=int, default=0, metavar="PORT",
                           help="default: a free one")  # fmt: skip
    group.add_argument("--host", default="127.0.0.1", metavar="ADDRESS",
                       help="address to listen on (default: 127.0.0.1)")  # fmt: skip
    group.add_argument("--expose", action="store_true",
                       help="allow a --host that other machines reach; the credentials are public,"
                       " and the control API stays closed to them")  # fmt: skip
    group.add_argument("--certificate", type=Path, nargs=2, metavar=("CERT", "KEY"), default=None,
                       help="serve https with these PEM files")  # fmt: skip
    group.add_argument("--state-dir", type=Path, default=None, metavar="FOLDER",
                       help="keep the state here (default: in memory)")  # fmt: skip
    group.add_argument("--control", action="store_true",
                       help="open /_sandbox: faults, clock, edits, request log")  # fmt: skip


def _add_sales(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what the shops have sold")
    group.add_argument("--seed", type=int, default=1, metavar="NUMBER",
                       help="another number is another shop (default: 1)")  # fmt: skip
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    group.add_argument("--end-day", type=_day, default=yesterday, metavar="DAY",
                       help="last day of sales, e.g. 2026-11-20 (default: yesterday)")  # fmt: skip
    group.add_argument("--days", type=int, default=21, metavar="NUMBER",
                       help="days of sales (default: 21)")  # fmt: skip
    group.add_argument("--orders-per-day", type=int, default=20, metavar="NUMBER",
                       help="default: 20")  # fmt: skip
    group.add_argument("--orders", type=Path, nargs="+", default=[], metavar="FILE",
                       help="JSON in WooCommerce's own format instead of made-up orders: orders,"
                       " refunds, products, variations, customers, taxes, gateways")  # fmt: skip


def run(chosen: argparse.Namespace) -> int:
    """Serve until Ctrl-C; 2 for options that can't be."""
    # Imported here: with it come the web servers.
    from fortnox.serve_sandbox import SandboxOptions, serve_sandbox, unknowns_text  # noqa: PLC0415

    if chosen.list_unknowns:
        print(unknowns_text())
        return 0
    try:
        _check_host(chosen)
        serve_sandbox(
            SandboxOptions(
                only=tuple(chosen.only or NAMES),
                ports={name: getattr(chosen, f"{name}_port") for name in NAMES},
                host=chosen.host,
                certificate=tuple(chosen.certificate) if chosen.certificate else None,
                state_dir=chosen.state_dir,
                control=chosen.control,
                seed=chosen.seed,
                end_day=chosen.end_day,
                days=chosen.days,
                orders_per_day=chosen.orders_per_day,
                order_files=tuple(chosen.orders),
                company=_company(chosen),
                unknowns=_unknowns(chosen),
            ),
            Event(),
        )
    except (ValueError, OSError) as error:
        print(f"sandbox: {error}", file=sys.stderr)
        return 2
    return 0


def _company(chosen: argparse.Namespace) -> dict[str, str | int]:
    """What the options say of the company; what they don't say is the default company's."""
    number = chosen.database_number
    told: dict[str, str | int | None] = {
        "name": chosen.company_name,
        "organisation_number": chosen.organisation_number,
        "database_number": number,
        "tenant_id": None if number is None else str(number),
        "accounting_method": "CASH" if chosen.cash_method else None,
    }
    return {name: value for name, value in told.items() if value is not None}


def _unknowns(chosen: argparse.Namespace) -> dict[str, str]:
    values = {"krona_rounding": "true"} if chosen.whole_kronor else {}
    for text in chosen.unknown:
        name, equals, value = text.partition("=")
        if not equals:
            raise ValueError(f"--unknown {text}: NAME=VALUE is wanted")
        values[name.strip()] = value.strip()
    return values


def _check_host(chosen: argparse.Namespace) -> None:
    try:
        stays_here = ip_address(chosen.host).is_loopback
    except ValueError:
        stays_here = chosen.host == "localhost"
    if not stays_here and not chosen.expose:
        raise ValueError(f"--host {chosen.host} can be reached from elsewhere: add --expose")


def _day(text: str) -> date:
    return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
