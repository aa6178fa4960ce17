"""Accounting cases, those beside the project and our own: booked to the öre, or not at all."""

import copy
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.acceptance import suite
from tests.acceptance.case_mappings import Case
from tests.acceptance.runner import run_case

CASES: list[Case] = [case for path in suite.case_files([]) for case in suite.read_cases(path)]
OWN: dict[str, Case] = {
    case["id"]: case for path in suite.OWN_CASES.glob("*.json") for case in suite.read_cases(path)
}


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in CASES])
def test_case(case: Case):
    """A sale on a wrong account, or VAT off by an öre, would be found by the auditor, not by us."""
    result = run_case(case)
    assert result.outcome != "FAILED", str(result)


@pytest.mark.parametrize("number", range(7))
def test_a_posting_that_is_an_ore_off_fails(number: int):
    """A suite that forgives an öre, or an account, proves nothing."""
    case: Any = copy.deepcopy(OWN["OWN-04"])
    posting = case["expected_postings"][number]
    side = "debit" if posting["credit"] == "0.00" else "credit"
    posting[side] = str(Decimal(posting[side]) + Decimal("0.01"))
    result = run_case(case)
    assert result.outcome == "FAILED"
    assert "INV is not booked" in result.reason
    assert "booked instead" in result.reason


def test_a_missing_voucher_one_too_many_and_a_wrong_total_fail():
    """A payment that was never booked, or booked twice, would pass unseen."""
    wanting: Any = copy.deepcopy(OWN["OWN-01"])
    wanting["expected_postings"] += [
        {**posting, "voucher": "INV2"} for posting in wanting["expected_postings"]
    ]
    assert "INV2 is not booked" in run_case(wanting).reason
    besides: Any = copy.deepcopy(OWN["OWN-01"])
    besides["expected_postings"] = []
    assert "booked instead: 1510 100.94" in run_case(besides).reason
    other: Any = copy.deepcopy(OWN["OWN-01"])
    other["totals"]["to_pay"] = "100.95"
    assert "the documents' total is 100.94, wanted 100.95" in run_case(other).reason


def test_what_is_held_is_held_for_the_right_reason():
    """An order left unbooked by a mistake of ours would count as held."""
    case = {**OWN["OWN-12"], "held": "no_vat_rate"}
    assert "not held as no_vat_rate" in run_case(case).reason


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"document": "barter"}, 'carries no "barter" out'),
        ({"document": "voucher"}, 'carries no "voucher of something else" out'),
        ({"order": {}}, "the case can't be read"),
    ],
)
def test_an_unknown_case_fails_and_says_why(changed: dict[str, Any], reason: str):
    """A case that the suite can't run must not count as passed, nor stop the others."""
    result = run_case({**OWN["OWN-01"], **changed})
    assert result.outcome == "FAILED"
    assert reason in result.reason


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder without the project's own cases."""
    monkeypatch.setattr(suite, "OWN_CASES", tmp_path / "own")
    return tmp_path


def test_the_suite_counts_and_ends_as_its_worst_case(alone: Path, capsys: pytest.CaptureFixture):
    """A pipeline that asks `make acceptance` would go on after a failure."""
    good, odd = OWN["OWN-01"], {**OWN["OWN-01"], "id": "OWN-X", "document": "barter"}
    decided = {**OWN["OWN-01"], "id": "OWN-Y", "tags": ["loss"]}
    file = alone / "cases.json"
    file.write_text(json.dumps([good, decided]))
    assert suite.main([str(file)]) == 0
    file.write_text(json.dumps({"cases": [good, odd, decided]}))
    assert suite.main([str(file)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "OWN-01 passed"
    assert lines[-1] == "1 passed, 1 failed, 1 out of scope"


@pytest.mark.parametrize("content", [None, "{", "{}", "[1]"])
def test_a_file_that_holds_no_cases_is_an_error(
    alone: Path, content: str | None, capsys: pytest.CaptureFixture
):
    """A misspelt file name would end as "0 failed"."""
    file = alone / "cases.json"
    if content is not None:
        file.write_text(content)
    assert suite.main([str(file)]) == 2
    assert "cases.json" in capsys.readouterr().err


def test_no_case_at_all_is_a_failure(alone: Path):
    """An empty suite proves nothing."""
    file = alone / "cases.json"
    file.write_text("[]")
    assert suite.main([str(file)]) == 1
