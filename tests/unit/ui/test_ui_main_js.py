"""The tab's script, run by node with a stand-in for React where node is installed."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

import fortnox.ui
from fortnox.core.checks import Check, Severity, preflight_report

STATIC = Path(fortnox.ui.__file__).parent / "static"
SCRIPTS = sorted(STATIC.glob("*.js"))
NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="node is not installed")

# Renders the tab to JSON. The answers of the api-server are given in the order of the requests.
_HARNESS = """
const answers = JSON.parse(process.argv[2]);
globalThis.React = {
  Fragment: "fragment",
  createElement: (type, props, ...children) => ({ type, props: props ?? {}, children }),
  useState: (initial) => [initial === null ? (answers.shift() ?? null) : initial, () => {}],
  useEffect: () => {},
};
const module = await import(process.argv[3]);
const { formatOre } = await import(new URL("values.js", process.argv[3]));
function render(node) {
  if (node === null || node === undefined || typeof node === "boolean") return [];
  if (Array.isArray(node)) return node.flatMap(render);
  if (typeof node !== "object") return [String(node)];
  if (typeof node.type === "function") {
    const children = node.children.length > 1 ? node.children : node.children[0];
    return render(node.type({ ...node.props, children }));
  }
  return [{ tag: node.type, props: node.props, children: node.children.flatMap(render) }];
}
const tree = render(React.createElement(module.default, { dagId: "d", runId: "r" }));
const amounts = [0, 5, -5, 100, 123456, -123456789, 9007199254740991, null, 1.5];
const money = amounts.map(formatOre);
console.log(JSON.stringify({ tree, money }));
"""


@pytest.fixture
def run_script(tmp_path: Path) -> Any:
    """Renders the tab with given answers."""

    def run(*answers: tuple[str, int, Any]) -> dict[str, Any]:
        for script in SCRIPTS:
            (tmp_path / script.name).write_bytes(script.read_bytes())
        (tmp_path / "package.json").write_text('{"type": "module"}')
        module = tmp_path / "main.js"
        (tmp_path / "harness.mjs").write_text(_HARNESS)
        given = [{"path": path, "status": status, "body": body} for path, status, body in answers]
        done = subprocess.run(
            [str(NODE), str(tmp_path / "harness.mjs"), json.dumps(given), module.as_uri()],
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        rendered: dict[str, Any] = json.loads(done.stdout)
        return rendered

    return run


def _nodes(nodes: list[Any]) -> list[dict[str, Any]]:
    found = []
    for node in nodes:
        if isinstance(node, dict):
            found += [node, *_nodes(node["children"])]
    return found


def _texts(nodes: list[Any]) -> list[str]:
    """Every piece of text, without the style sheet and the languages to choose from."""
    found = []
    for node in nodes:
        if isinstance(node, str):
            found.append(node)
        elif node["tag"] != "style" and node["props"].get("className") != "language":
            found += _texts(node["children"])
    return found


@pytest.mark.parametrize(
    "danger",
    [
        "innerHTML",
        "outerHTML",
        "insertAdjacent",
        "document.write",
        "eval(",
        "Function(",
        "iframe",
        "http:",
        "https:",
        "parseFloat",
        "toFixed",
    ],
)
def test_script_has_no_way_to_run_markup_or_reach_out(danger: str) -> None:
    """A shop's texts can't become code, nothing is loaded from elsewhere, money is no float."""
    for script in SCRIPTS:
        assert danger not in script.read_text(encoding="utf-8"), script.name


@needs_node
def test_hostile_texts_stay_texts(run_script: Any, summary: dict[str, Any]) -> None:
    """An order named like a script is shown as it is written."""
    tree = run_script(("runs/d/r", 200, summary))["tree"]
    texts = _texts(tree)
    assert "<img src=x onerror=alert(2)>" in texts
    assert "A note with <b>markup</b>." in texts
    assert any("<script>alert(1)</script>" in text for text in texts)
    assert not [n for n in _nodes(tree) if n["tag"] in ("script", "img", "b", "iframe")]
    # The only links are the downloads and the DAG's days: nothing in a report becomes an address.
    links = [n for n in _nodes(tree) if n["tag"] == "a"]
    assert {n["props"]["href"].rpartition("/")[2] for n in links} == {
        "orders.csv?lang=en",
        "orders.xlsx?lang=en",
        "accounting-days",
    }
    assert not [n for n in _nodes(tree) if "dangerouslySetInnerHTML" in n["props"]]


@needs_node
def test_verdict_comes_first_in_words(run_script: Any, summary: dict[str, Any]) -> None:
    """One glance tells it, without colours too."""
    tree = run_script(("runs/d/r", 200, summary))["tree"]
    assert _texts(tree)[:3] == ["≠", "Differs by 12.50 SEK", summary["headline"]]


@needs_node
@pytest.mark.parametrize(
    ("verdict", "title"),
    [
        ("reconciled", "Reconciled"),
        ("held", "Reconciled, 1 held"),
        ("not_delivered", "Not delivered"),
        ("something_new", "Something new"),
    ],
)
def test_each_verdict_has_words(
    verdict: str, title: str, run_script: Any, summary: dict[str, Any]
) -> None:
    """No verdict leaves the head of the page empty, not even one of a later version."""
    tree = run_script(("runs/d/r", 200, summary | {"verdict": verdict}))["tree"]
    assert title in _texts(tree)[:2]


@needs_node
def test_amounts_are_exact(run_script: Any) -> None:
    """Kronor and öre are cut apart without a float's error, up to the largest safe integer."""
    nbsp = "\u00a0"
    assert run_script()["money"] == [
        "0.00",
        "0.05",
        "-0.05",
        "1.00",
        f"1{nbsp}234.56",
        f"-1{nbsp}234{nbsp}567.89",
        nbsp.join(["90", "071", "992", "547", "409.91"]),
        "–",
        "–",
    ]


@needs_node
def test_every_part_of_the_report_is_on_the_page(run_script: Any, summary: dict[str, Any]) -> None:
    """Nothing that the run found out is left off."""
    rows = [
        {
            "order_id": "7",
            "order_number": "7",
            "state": "unbooked",
            "shop_ore": 1_250,
            "document_number": "17",
            "document_ore": 1_250,
            "voucher": "B 12",
            "difference_ore": 0,
            "reason": "",
        }
    ]
    orders = ("runs/d/r/orders?page=0", 200, {"rows": rows, "note": "", "pages": 1})
    tree = run_script(("runs/d/r", 200, summary), orders)["tree"]
    texts = set(_texts(tree))
    expected = {
        "123\u00a0456.50",
        "Payment method swish is not mapped.",
        "Add it to document_types.csv.",
        "Run the day again.",
        "25 %",
        "3001",
        "Försäljning 25 %",
        "-100.00",
        "B 12",
        "Unbooked",
    }
    assert expected <= texts
    tables = [node for node in _nodes(tree) if node["tag"] == "table"]
    assert len(tables) == 6
    for table in tables:
        inner = _nodes(table["children"])
        assert inner[0]["tag"] == "caption"
        assert all(n["props"].get("scope") in ("col", "row") for n in inner if n["tag"] == "th")


@needs_node
def test_empty_day_says_so(run_script: Any, summary: dict[str, Any]) -> None:
    """A day without orders is a page with words, not with empty tables."""
    empty = {"differences": [], "held": [], "vat": [], "accounts": [], "steps": [], "notes": []}
    details = {"rows": 0, "pages": 0, "page_rows": 500}
    body = summary | empty | {"verdict": "reconciled", "details": details}
    tree = run_script(("runs/d/r", 200, body))["tree"]
    assert "Nothing in this window." in _texts(tree)
    assert not [node for node in _nodes(tree) if node["tag"] == "table"]


@needs_node
def test_report_of_another_version_still_opens(run_script: Any) -> None:
    """A summary that lacks parts costs those parts, not the page."""
    tree = run_script(("runs/d/r", 200, {"verdict": "reconciled"}))["tree"]
    assert "Reconciled" in _texts(tree)


@needs_node
def test_rows_that_are_gone_leave_the_summary(run_script: Any, summary: dict[str, Any]) -> None:
    """After the retention time the page shows the figures and a sentence."""
    gone = ("runs/d/r/orders?page=0", 200, {"rows": [], "note": "No longer stored."})
    texts = _texts(run_script(("runs/d/r", 200, summary), gone)["tree"])
    assert "No longer stored." in texts
    assert "Differs by 12.50 SEK" in texts


@needs_node
@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [
        (401, {"detail": "Not authenticated"}, "You are not signed in any more."),
        (403, {"detail": "Forbidden"}, "You may not read this DAG's reports."),
        (404, None, "There is no report for this run."),
        (500, None, "Airflow answered with an error (500)."),
        (0, None, "Airflow can't be reached."),
    ],
)
def test_errors_are_sentences(status: int, body: Any, sentence: str, run_script: Any) -> None:
    """Whatever goes wrong, the reader learns what to do."""
    texts = _texts(run_script(("runs/d/r", status, body))["tree"])
    assert any(text.startswith(sentence) for text in texts)


@needs_node
def test_waiting_run_shows_why_and_how_far(run_script: Any) -> None:
    """A run without a report shows the reason, the cure and its tasks."""
    body = {
        "detail": "No report yet: the run waits. Pool fortnox_x is missing.",
        "remedy": "Run: python -m fortnox pools --create",
        "run_state": "running",
        "tasks": [
            {"task_id": "apply", "state": "scheduled", "count": 3},
            {"task_id": "reconcile", "state": "none", "count": 1},
        ],
        "missing_pools": ["fortnox_x"],
    }
    texts = _texts(run_script(("runs/d/r", 404, body))["tree"])
    assert texts[:2] == [body["detail"], body["remedy"]]
    assert {"apply (3)", "Scheduled", "reconcile", "Not started"} <= set(texts)


@needs_node
def test_loading_is_announced(run_script: Any) -> None:
    """Until the answer comes the page says that it loads, to a screen reader too."""
    tree = run_script()["tree"]
    (status,) = [node for node in _nodes(tree) if node["props"].get("role") == "status"]
    assert status["children"] == ["Loading the report…"]


@needs_node
def test_waiting_run_shows_its_plan(run_script: Any) -> None:
    """Who has to approve sees what would happen, with reasons and what changes."""
    waits = {"detail": "No report yet.", "remedy": "", "run_state": "running", "has_plan": True}
    plan = {
        "plan": {
            "counts": {"create": 2, "credit": 1, "change": 1},
            "requests": 40,
            "minutes": 1,
            "approval_reasons": ["3 new invoices, more than 2"],
            "details": {"rows": 1, "pages": 1},
        },
        "rows": [
            {
                "order_number": "77",
                "action": "change",
                "amount_ore": 12_500,
                "document_number": "17",
                "reason": "the order was edited",
                "remedy": "",
                "changes": [{"field": "Total", "before": "99.00", "after": "125.00"}],
            }
        ],
        "note": "",
    }
    answers = ("runs/d/r", 404, waits), ("runs/d/r/plan?page=0", 200, plan)
    texts = set(_texts(run_script(*answers)["tree"]))
    assert {"3 new invoices, more than 2", "Total: 99.00 → 125.00", "Change", "77"} <= texts
    assert "Forecast: 40 requests, about 1 min." in texts


@needs_node
def test_an_order_that_differs_is_not_told_again_as_held(
    run_script: Any, summary: dict[str, Any]
) -> None:
    """An edited order, long booked, would stand under "Not booked" as well."""
    held = {**summary["held"][0], "order_id": "7", "reason": "edited after it was booked"}
    tree = run_script(("runs/d/r", 200, summary | {"held": [*summary["held"], held]}))["tree"]
    assert "edited after it was booked" not in _texts(tree)
    assert "Payment method swish is not mapped." in _texts(tree)


@needs_node
def test_dry_run_shows_no_figures(run_script: Any, summary: dict[str, Any]) -> None:
    """Nothing was compared, so nothing may look like a result."""
    texts = _texts(run_script(("runs/d/r", 200, summary | {"verdict": "dry_run"}))["tree"])
    assert "Dry run: nothing was written" in texts
    assert "Totals" not in texts


@needs_node
def test_figures_of_the_bridge_are_buttons_with_names(
    run_script: Any, summary: dict[str, Any]
) -> None:
    """A screen reader says which figure it is and what choosing it does."""
    lines = [{"key": "net:shipping:SE:25", "amount_ore": 3_920, "orders": 2}]
    bridge = [{"section": "contents", "total_ore": 3_920, "lines": lines}]
    tree = run_script(("runs/d/r", 200, summary | {"bridge": bridge}))["tree"]
    labels = [node["props"].get("aria-label") for node in _nodes(tree) if node["tag"] == "button"]
    assert "Show the orders of: Freight, 25 %, without VAT, 39.20" in labels


@needs_node
def test_the_preflights_list_is_shown_worst_first(run_script: Any) -> None:
    """The morning's red preflight would show a log and no list of what to mend."""
    checks = [
        Check(what="company", seen="559000-0005"),
        Check(what="pools", severity=Severity.FATAL, seen="missing: x", remedy="create them"),
    ]
    report = preflight_report(checks, shop="demo", name="Demo", made_at="2026-11-21T03:45:00+00:00")
    texts = _texts(run_script(("runs/d/r", 200, report))["tree"])

    assert texts[:2] == ["✕", "Not ready: nothing is posted"]
    assert texts.index("missing: x") < texts.index("559000-0005")
    assert "Fatal" in texts
    assert "create them" in texts


@needs_node
@pytest.mark.parametrize("kind", ["articles", "stock", "customers"])
def test_registers_show_counts_and_whom_they_are_about(run_script: Any, kind: str) -> None:
    """The page of a customers or articles run would show amounts of 0, or rows without a name."""
    row = {"customer_id": "17", "customer_number": "demo-17", "state": "update", "reason": "City"}
    if kind != "customers":
        row = {"order_id": "17", "order_number": "demo-17", "state": "held", "reason": "City"}
    report = {
        "kind": kind,
        "verdict": "held",
        "direction": "import",
        "counts": {"shop": 3, "created": 1, "left_out": 2, "held": 1},
        "held": [row | {"remedy": "Ring the customer."}],
        "differences": ["card demo-18: not to be seen"] if kind == "customers" else [],
        "changes": [row] if kind == "customers" else [],
        "details": {"rows": 0 if kind == "customers" else 1},
        "steps": [{"step": "apply", "state": "success"}],
        "notes": ["A note."],
    }
    page = {"rows": [row], "note": "", "pages": 1}
    tree = run_script(("runs/d/r", 200, report), ("runs/d/r/orders?page=0", 200, page))["tree"]
    told = _texts(tree)
    for text in ("Left out", "From Fortnox to the shop.", "demo-17", "17", "City", "A note."):
        assert text in told, text
    assert ("card demo-18: not to be seen" in told) is (kind == "customers")
    assert not {"0.00", "–"} & set(told)
    assert "Ring the customer." in told


@needs_node
def test_smoke_test_shows_its_checks(run_script: Any) -> None:
    """Somebody would see a question mark and no check."""
    checks = [
        {"what": "total", "passed": True, "seen": "125.00 in both"},
        {"what": "stock", "passed": False, "seen": "3 and 4"},
        {"what": "price", "passed": None, "seen": "no article"},
    ]
    report = {"kind": "smoke", "verdict": "failed", "checks": checks, "shop": {"name": "Demo"}}
    told = _texts(run_script(("runs/d/r", 200, report))["tree"])
    assert told[:2] == ["✕", "The smoke test failed"]
    assert {"✓ passed", "✕ failed", "– does not apply", "3 and 4"} <= set(told)


@needs_node
def test_payouts_are_called_payouts_and_lead_to_no_order(
    run_script: Any, summary: dict[str, Any]
) -> None:
    """A payout's number would open whatever order has it."""
    balance = {"account": 1686, "providers": ["klarna"], "opening_ore": 0, "closing_ore": 4_200}
    links = {"order": "https://shop.example/{id}", "document": "https://fortnox.example/{id}"}
    report = summary | {"clearing": [balance], "links": links}
    tree = run_script(("runs/d/r", 200, report))["tree"]
    assert {"Payouts", "Payout", "1686 klarna", "42.00"} <= set(_texts(tree))
    hrefs = [node["props"]["href"] for node in _nodes(tree) if node["tag"] == "a"]
    assert not [href for href in hrefs if "example" in href]
