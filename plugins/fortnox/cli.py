"""``python -m fortnox <command>``: a table of commands, each a parser and a function.

A function prints for people and returns the exit code: 0 well, 1 not well, 2 wrong usage. It
imports what is heavy by itself, so that ``check-mappings`` needs no Airflow.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from fortnox import cli_connect, cli_sandbox
from fortnox.core.errors import PipelineError
from fortnox.core.mapping import ParsedMappings, parse_mappings
from fortnox.core.report_language import LANGUAGES, chosen_language
from fortnox.mapping_files import FOLDER_VARIABLE, mappings_folder, read_folder

#: ``include/mappings`` of a checked-out repository, seen from ``plugins/fortnox/cli.py``.
_BESIDE_PLUGINS = Path(__file__).parents[2] / "include" / "mappings"


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its name, one line of help, its arguments, and what it does."""

    name: str
    help: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m fortnox", description="Web shop sales into Fortnox, checked and served."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    for command in COMMANDS:
        its_parser = commands.add_parser(command.name, help=command.help, description=command.help)
        command.add_arguments(its_parser)
        its_parser.set_defaults(run=command.run)
    chosen = parser.parse_args(arguments)
    try:
        return int(chosen.run(chosen))
    except PipelineError as error:
        print(error, file=sys.stderr)
        return 1


def add_folder_argument(parser: argparse.ArgumentParser) -> None:
    """``--folder``, for commands that read the mapping files."""
    parser.add_argument(
        "--folder",
        type=Path,
        default=None,
        help=f"folder of the mapping files (default: {FOLDER_VARIABLE}, else include/mappings)",
    )


def parse_folder(chosen: argparse.Namespace) -> ParsedMappings:
    """The mapping files that ``--folder``, the environment or the default name."""
    return parse_mappings(read_folder(_folder(chosen)))


def _folder(chosen: argparse.Namespace) -> Path:
    default = _BESIDE_PLUGINS if _BESIDE_PLUGINS.is_dir() else Path("include/mappings")
    return Path(chosen.folder or mappings_folder(default))


def _add_connect_arguments(parser: argparse.ArgumentParser) -> None:
    add_folder_argument(parser)
    cli_connect.add_arguments(parser)


def _add_check_arguments(parser: argparse.ArgumentParser) -> None:
    add_folder_argument(parser)
    parser.add_argument(
        "--online", action="store_true", help="check against the connected Fortnox too"
    )


def _check_mappings(chosen: argparse.Namespace) -> int:
    parsed = parse_folder(chosen)
    mappings = parsed.mappings
    found = [str(error) for error in parsed.errors]
    if chosen.online:
        # Imported here: with it comes Airflow.
        from fortnox.preflight import check_shop, use_stored_connections  # noqa: PLC0415

        use_stored_connections()
        for shop in mappings.usable_shops():
            checks = check_shop(mappings, shop, now=datetime.now(UTC))
            found += [f"{check.what}: {check.sentence}" for check in checks if check.fails]
    for line in found:
        print(line)
    usable = [row.shop for row in mappings.usable_shops()]
    held_up = [row.shop for row in mappings.shops if row.enabled and row.shop not in usable]
    print(
        f"{len(found)} errors; {len(mappings.rows)} rows, fingerprint {mappings.fingerprint}; "
        f"shops that run: {', '.join(usable) or 'none'}"
        + (f"; stopped by errors: {', '.join(held_up)}" if held_up else "")
    )
    return 1 if found else 0


def _add_pools_arguments(parser: argparse.ArgumentParser) -> None:
    add_folder_argument(parser)
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--create", action="store_true", help="create those that are missing")
    action.add_argument("--check", action="store_true", help="exit 1 when one is missing")


def _pools(chosen: argparse.Namespace) -> int:
    from fortnox.pools import (  # noqa: PLC0415 - only this command needs it
        CREATE_COMMAND,
        create_pools,
        missing_pools,
        wanted_pools,
    )

    # A shop stopped by an error gets its pool too: the error may be mended before the next run.
    pools = wanted_pools(parse_folder(chosen).mappings.shops)
    if chosen.create:
        created = create_pools(pools)
        print(f"created: {', '.join(created) or 'none'}; wanted: {', '.join(pools) or 'none'}")
        return 0
    missing = missing_pools(pools)
    if missing:
        print(f"missing: {', '.join(missing)}; run: {CREATE_COMMAND}")
        return 1
    print(f"all there: {', '.join(pools) or 'none wanted'}")
    return 0


def _preflight(chosen: argparse.Namespace) -> int:
    from fortnox.preflight import preflight  # noqa: PLC0415 - with it comes Airflow

    all_well = True
    for check in preflight(parse_folder(chosen), now=datetime.now(UTC)):
        print(f"{check.severity.value:7} {check.what}: {check.sentence}", flush=True)
        all_well = all_well and not check.fails
    return 0 if all_well else 1


def _add_try_arguments(parser: argparse.ArgumentParser) -> None:
    add_folder_argument(parser)
    parser.add_argument("--shop", required=True, help="key of the shop in shops.csv")
    parser.add_argument(
        "--customer", required=True, help="number of a customer with Swedish VAT, for the invoice"
    )


def _try_vat_code(chosen: argparse.Namespace) -> int:
    from fortnox.try_vat_code import try_codes_of  # noqa: PLC0415 - with it comes Airflow

    all_right = True
    for tried in try_codes_of(parse_folder(chosen).mappings, chosen.shop, chosen.customer):
        print(f"{'ok ' if tried.is_right else 'NOT'} {tried}", flush=True)
        all_right = all_right and tried.is_right
    return 0 if all_right else 1


def _add_report_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--shop", required=True, help="key of the shop in shops.csv")
    parser.add_argument("--day", default=None, help="accounting day, e.g. 2026-11-20")
    parser.add_argument(
        "--language", choices=LANGUAGES, default=None, help="instead of the shop's in shops.csv"
    )


def _report(chosen: argparse.Namespace) -> int:
    from fortnox.core.report_text import render_text  # noqa: PLC0415 - only this command needs it
    from fortnox.show_report import newest_report, reports_folder  # noqa: PLC0415

    summary = newest_report(reports_folder(), chosen.shop, chosen.day)
    print(render_text(summary, chosen_language(chosen.language, summary["shop"].get("language"))))
    return 0 if summary["verdict"] in ("reconciled", "held") else 1


#: All commands; a new one is a line here.
COMMANDS = (
    Command(
        "check-mappings",
        "Check the mapping files; all errors as file:row:column.",
        _add_check_arguments,
        _check_mappings,
    ),
    Command(
        "connect",
        "Walk to a tested Airflow connection: consent or key, test, store.",
        _add_connect_arguments,
        lambda chosen: cli_connect.run(chosen, _folder(chosen)),
    ),
    Command("pools", "The one-slot Airflow pool of each company.", _add_pools_arguments, _pools),
    Command(
        "preflight",
        "Check mappings, pools, connections and companies before money moves.",
        add_folder_argument,
        _preflight,
    ),
    Command(
        "try-vat-code",
        "Try the VAT codes of other countries on an unbooked invoice, which is cancelled.",
        _add_try_arguments,
        _try_vat_code,
    ),
    Command(
        "report",
        "Print the newest reconciliation report; exit 1 unless reconciled or held.",
        _add_report_arguments,
        _report,
    ),
    Command(
        "sandbox",
        "Serve a sandbox Fortnox and WooCommerce on this machine.",
        cli_sandbox.add_arguments,
        cli_sandbox.run,
    ),
)
