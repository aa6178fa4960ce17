"""The documentation says what is there: commands, columns, fields, codes, files and links."""

import argparse
import ast
import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.support.builders import day_window, head, mappings, order, shop_row
from tests.support.builders import line as order_line

from fortnox import cli
from fortnox.api.errors import required_scope
from fortnox.core.documents import Invoice, ListedInvoice
from fortnox.core.mapping import ROW_TYPES
from fortnox.core.reconcile import reconcile_orders
from fortnox.core.reconcile_ledger import BaseAccounts, reconcile_ledger
from fortnox.core.reconciled import Evidence
from fortnox.core.report import Findings, detail_pages, make_report
from fortnox.core.report_bridge import BridgeSource
from fortnox.core.report_frame import LISTED_ROWS, PAGE_ROWS, Work
from fortnox.core.transform import transform

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "plugins" / "fortnox"
README = ROOT / "README.md"
REPORT = ROOT / "docs" / "report.md"
CONNECTIONS = ROOT / "docs" / "connections.md"
ARCHITECTURE = ROOT / "docs" / "architecture.md"
MAPPINGS = ROOT / "include" / "mappings" / "README.md"
PAGES = sorted(
    [
        README,
        ROOT / "CONTRIBUTING.md",
        ROOT / "CHANGELOG.md",
        MAPPINGS,
        *(ROOT / "docs").rglob("*.md"),
    ]
)

CODE = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^ *```\w*\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FORTNOX_VARIABLE = re.compile(r"(?<![A-Z_])FORTNOX_[A-Z_]+\b")


def all_text() -> str:
    """All pages in one text."""
    return "\n".join(page.read_text(encoding="utf-8") for page in PAGES)


def section(page: Path, title: str) -> str:
    """The text below a heading, up to the next one of any level."""
    text = page.read_text(encoding="utf-8")
    found = re.search(rf"^#+ {re.escape(title)}\n(.*?)(?=^#+ |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"{page.name} has no section {title}"
    return found[1]


def first_cells(text: str) -> list[str]:
    """The code words in the first cell of each row of the tables in a text."""
    rows = [row for line in text.splitlines() if (row := line.strip()).startswith("|")]
    return [word for row in rows for word in CODE.findall(row.split("|")[1])]


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    text = page.read_text(encoding="utf-8")
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


# ------------------------------------------------------------------ commands


def make_targets() -> set[str]:
    """The targets that `make help` shows."""
    return set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))


def test_every_make_target_is_in_the_documentation_and_exists() -> None:
    """A newcomer would type a command that make does not know, or never hear of one."""
    listed = set(first_cells(section(ROOT / "CONTRIBUTING.md", "Set up"))) - {"make"}
    assert listed == make_targets()
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", all_text(), re.MULTILINE))
    assert {"demo", "test"} <= named <= make_targets()


def test_every_subcommand_is_in_the_readme_and_exists() -> None:
    """Somebody on call would miss a command, or try one that is gone."""
    rows = first_cells(section(README, "Commands"))
    words = {row.split()[0] for row in rows if row[0].islower()} - {"python"}
    assert words == {command.name for command in cli.COMMANDS}


def test_every_option_of_a_subcommand_is_in_the_readme_and_exists() -> None:
    """An option in the table would be refused, or one that helps would be missed."""
    table = section(README, "Commands")
    for command in cli.COMMANDS:
        parser = argparse.ArgumentParser(add_help=False)
        command.add_arguments(parser)
        options = {text for action in parser._actions for text in action.option_strings}
        row = next(line for line in table.splitlines() if line.startswith(f"| `{command.name}"))
        assert set(re.findall(r"--[a-z-]+", row)) == options, command.name


def command_lines() -> Iterator[str]:
    """Every `python -m fortnox ...` in a fenced block or as code within a line."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        lines = [line.strip() for block in FENCE.findall(text) for line in block.splitlines()]
        for line in [*lines, *CODE.findall(text)]:
            if line.startswith("python -m fortnox "):
                yield line


def test_every_command_line_is_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command copied from the documentation would end in a usage error."""
    ran: list[str] = []
    recorded = tuple(
        cli.Command(c.name, c.help, c.add_arguments, lambda _, name=c.name: ran.append(name) or 0)
        for c in cli.COMMANDS
    )
    monkeypatch.setattr(cli, "COMMANDS", recorded)
    lines = list(command_lines())
    for line in lines:
        assert cli.main(shlex.split(line, comments=True)[3:]) == 0, line
    assert len(ran) == len(lines) > 5


def test_the_demos_last_line_has_the_form_that_the_readme_shows() -> None:
    """A script that reads the demo's last line would be written for another one."""
    from fortnox.demo.verdict import last_line

    shown = next(line for line in README.read_text().splitlines() if line.startswith("reconciled:"))
    numbers = [int(number) for number in re.findall(r"(\d+) [a-z]", shown)]
    counts = dict(zip(("orders", "documents", "held"), numbers, strict=True))
    summary = {"verdict": "reconciled", "counts": counts, "totals_ore": {"difference": 0}}
    assert last_line(summary) == shown


# ------------------------------------------------------------------ settings, DAGs, connections


def test_every_environment_variable_is_in_the_readme_and_exists() -> None:
    """A setting would do nothing, or stay unknown."""
    sources = (path for path in PACKAGE.rglob("*.py") if "demo" not in path.parts)
    texts = [path.read_text(encoding="utf-8") for path in sources]
    quoted = {name for text in texts for name in re.findall(r'"(FORTNOX_[A-Z_]+)"', text)}
    assert set(first_cells(section(README, "Settings"))) == quoted
    assert set(FORTNOX_VARIABLE.findall(all_text())) <= quoted | {"FORTNOX_PORT"}
    assert 'f"{name.upper()}_PORT"' in (PACKAGE / "demo" / "world.py").read_text()


def test_every_dag_is_in_the_readme_and_exists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reader would look for a DAG that is not there."""
    from airflow.dag_processing.dagbag import DagBag

    shutil.copytree(MAPPINGS.parent, tmp_path, dirs_exist_ok=True)
    events = tmp_path / "events.csv"
    text = events.read_text(encoding="utf-8")
    for resource in ("articles", "stock"):
        text = text.replace(f"*,{resource},off,", f"*,{resource},export,hourly")
    events.write_text(text, encoding="utf-8")
    monkeypatch.setenv("FORTNOX_MAPPINGS_DIR", str(tmp_path))

    bag = DagBag(dag_folder=str(ROOT / "dags"))
    assert bag.import_errors == {}
    listed = first_cells(section(README, "Schedule and backfill"))
    assert {name.replace("<shop>", "demo") for name in listed} == set(bag.dags)


def test_every_field_of_a_connections_form_is_in_the_documentation() -> None:
    """Somebody who fills in the form would have to guess what a field wants."""
    from fortnox.provider_info import get_provider_info

    text = CONNECTIONS.read_text(encoding="utf-8")
    for connection in get_provider_info()["connection-types"]:
        assert f"(`{connection['connection-type']}`)" in text
        for field in connection["conn-fields"]:
            assert f"`{field}`" in text, field


def test_every_scope_that_fortnox_wants_is_in_the_documentation() -> None:
    """The app would be made without a scope, and preflight would fail on a real company."""
    from fortnox.hooks.fortnox import NEEDED_SCOPES

    listed = first_cells(CONNECTIONS.read_text(encoding="utf-8"))
    sources = "\n".join(
        path.read_text(encoding="utf-8")
        for path in PACKAGE.rglob("*.py")
        if "sandbox" not in path.parts and "demo" not in path.parts
    )
    asked = re.findall(
        r'(?:\.(?:get|find|list|create|update|action|get_bytes)\(\s*f?|= \()"([a-z]+)[/"]', sources
    )
    wanted = {scope for path in asked if (scope := required_scope(path))}
    assert {"bookkeeping", "customer", "invoice", "settings"} <= wanted
    assert {*NEEDED_SCOPES, *wanted} <= set(listed)
    consent = re.search(r"&scope=([^&]+)", CONNECTIONS.read_text(encoding="utf-8"))
    assert consent
    assert set(consent[1].split("%20")) == set(NEEDED_SCOPES)


# ------------------------------------------------------------------ mapping files


@pytest.mark.parametrize("file", sorted(ROW_TYPES))
def test_every_column_of_a_mapping_file_is_explained_and_exists(file: str) -> None:
    """An accountant would meet a column without a word on it, or write one that is refused."""
    text = MAPPINGS.read_text(encoding="utf-8")
    table = re.search(
        rf"^## {re.escape(file)}.*?\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL
    )
    assert table
    explained = first_cells(table[1])
    assert explained == list(ROW_TYPES[file].columns())
    row = next(
        line for line in README.read_text().splitlines() if line.startswith(f"   | `{file}`")
    )
    assert CODE.findall(row.split("|")[3]) == explained


# ------------------------------------------------------------------ the report


def paths_of(value: Any, path: str = "") -> Iterator[str]:
    """``a.b`` and ``list[].c`` of every leaf in a JSON value."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from paths_of(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        assert value, f"{path} is empty: its fields are not seen"
        for item in value:
            yield from paths_of(item, f"{path}[]")
    else:
        yield path


def listed(invoice: Invoice, **changed: Any) -> ListedInvoice:
    """The invoice as Fortnox lists it, booked on voucher B 7."""
    values: dict[str, Any] = {
        "document_number": "17",
        "reference": invoice.reference,
        "day_reference": invoice.day_reference,
        "total_ore": invoice.total_ore,
        "balance_ore": invoice.total_ore,
        "currency": "SEK",
        "invoice_date": invoice.invoice_date,
        "booked": True,
        "cancelled": False,
        "voucher_series": "B",
        "voucher_number": 7,
        "voucher_year": 1,
    }
    return ListedInvoice(**{**values, **changed})


def full_report() -> tuple[dict[str, Any], list[list[dict[str, Any]]]]:
    """A day with a booked, a missing and a held order in euros: no list of the report is empty."""
    booked, missing = order(order_id="1", number="1"), order(order_id="2", number="2")
    held = order(order_line("125.00", None), order_id="3", number="3", currency="EUR")
    rows, shop, window = mappings(), shop_row(), day_window()
    wanted = transform((booked, missing, held), (), shop=shop, mappings=rows, window=window)
    invoice = wanted.invoices[0]
    document = listed(invoice)
    amounts = {(1, "B", 7): {1510: 12500, 2611: -2500, 3001: -10000}}
    ledger = reconcile_ledger([(invoice, document)], amounts, base=BaseAccounts())
    level = reconcile_orders(
        Evidence(
            shop=shop,
            mappings=rows,
            window=window,
            heads=[
                *(head(order_id=number, number=number) for number in "12"),
                head(order_id="3", number="3", currency="EUR"),
            ],
            documents=[document],
            held=wanted.held,
            invoices={one.order_id: one for one in wanted.invoices},
            gross_ore=ledger.gross_ore,
        )
    )
    invoices = {one.reference: one for one in wanted.invoices}
    bridge = BridgeSource(invoices=invoices, ledger=ledger)
    findings = Findings(
        orders=level, ledger=ledger, held=wanted.held, notes=["a note"], bridge=bridge
    )
    summary = make_report(
        findings,
        shop=shop,
        window=window,
        company_name="Sandbox Handel AB",
        made_at=datetime(2026, 5, 5, 3, 0, tzinfo=UTC),
        work=Work(steps={"extract": "success"}),
    )
    return summary, detail_pages(level, bridge)


def test_every_field_of_the_summary_is_explained_and_exists() -> None:
    """Who reads the report by a program would miss a field, or wait for one that never comes."""
    summary, _ = full_report()
    assert set(first_cells(section(REPORT, "Summary"))) == set(paths_of(summary))


def test_every_field_of_a_detail_row_is_explained_and_exists() -> None:
    """As for the summary."""
    _, pages = full_report()
    rows = [row for row in pages[0] if row["parts"]]  # none in another currency than the books'
    assert set(first_cells(section(REPORT, "Detail rows"))) == set(paths_of({"rows": rows}))


def test_the_summary_holds_the_types_that_are_promised() -> None:
    """A fraction of an öre would reach whoever adds the figures up."""
    summary, pages = full_report()

    def refuse(text: str) -> None:
        raise AssertionError(f"{text} is a fraction")

    json.loads(json.dumps([summary, pages]), parse_float=refuse)
    for line in section(REPORT, "Summary").splitlines():
        if not line.startswith("| `"):
            continue
        path, kind = CODE.findall(line)[0], line.split("|")[2].strip()
        value: Any = summary
        for part in path.split("."):
            name = part.removesuffix("[]")
            value = value[name][0] if part.endswith("[]") else value[name]
        expected = str if kind.startswith("text") else int
        assert isinstance(value, expected) or (value is None and "null" in kind), path


def test_the_numbers_in_the_report_page_are_those_of_the_code() -> None:
    """The reader would think that a list is complete when it was cut."""
    text = REPORT.read_text(encoding="utf-8")
    assert f"show the {LISTED_ROWS} largest" in text
    assert f"{PAGE_ROWS} a file" in text


def held_codes() -> set[str]:
    """Every code that the source gives to a problem or to something held."""
    found: set[str] = set()
    paths = (path for part in ("core", "shops", "api") for path in (PACKAGE / part).rglob("*.py"))
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                found.update(_codes_of_call(node))
    return found


def _codes_of_call(call: ast.Call) -> Iterator[str]:
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    values = [keyword.value for keyword in call.keywords if keyword.arg == "code"]
    if name.lstrip("_").startswith(("held", "problem")):
        values.extend(call.args[:2])
    for value in values:
        parts = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
        for part in parts:
            if isinstance(part, ast.Constant) and re.fullmatch(r"[a-z_]{4,}", str(part.value)):
                yield str(part.value)


def test_every_held_code_is_explained_and_exists() -> None:
    """Somebody would find a code in a report and nothing about it, or a remedy for none."""
    explained = first_cells(section(REPORT, "Held codes"))
    of_fortnox = {"fortnox_<code>", "fortnox_refused"}
    assert len(held_codes()) > 30
    assert set(explained) - of_fortnox == held_codes()
    assert len(explained) == len(set(explained))


# ------------------------------------------------------------------ links, files, figures


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    """The reader would click into nothing."""
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if target.startswith("https://"):
            continue
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        assert file.exists(), target
        if anchor:
            assert anchor in anchors(file), target


def test_every_source_file_that_is_named_exists() -> None:
    """The map of the architecture would point to files that were renamed."""
    for name in CODE.findall(ARCHITECTURE.read_text(encoding="utf-8")):
        if re.fullmatch(r"(?:core|api|shops|operators|steps|plugins)/[\w/.]+", name):
            base = ROOT if name.startswith("plugins/") else PACKAGE
            assert (base / name).exists(), name


def test_the_measurement_in_the_architecture_runs() -> None:
    """Who wants to check a stated figure would get an error instead."""
    text = ARCHITECTURE.read_text(encoding="utf-8")
    script = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    assert script
    code = script[1].replace("100_000", "20")
    assert "ORDERS = 20\n" in code
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'plugins'}", "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "20 to create, 0 held" in done.stdout


def test_the_documentation_names_no_place_of_one_machine() -> None:
    """A path of somebody's machine, or a date that is past, would stand in front of every user."""
    text = all_text()
    assert not re.search(r"(?:^|[\s`\"'(])/(?:home|root|tmp|work|Users|srv)/", text)
    assert "TODO" not in text
    assert date.fromisoformat("2026-11-20").isoformat() in text  # the day of all examples


def test_the_picture_of_the_report_is_a_small_png() -> None:
    """The page that newcomers open first would be slow, or show a broken image."""
    picture = ROOT / "docs" / "images" / "report.png"
    content = picture.read_bytes()
    assert content.startswith(b"\x89PNG")
    assert len(content) < 300_000


def test_every_test_says_what_would_break() -> None:
    """A red test would not tell who meets it what it protects."""
    silent = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and not ast.get_docstring(node)
    ]
    assert silent == []
