"""Real processes: one is killed in the middle, two want the same company, a parent dies."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.support.once import (
    Books,
    Company,
    a_company,
    api_requests,
    books,
    fault,
    restore,
    run,
    saved_state,
    wait_for,
    writes,
)

from fortnox.api.lease import company_lease
from fortnox.core.errors import LeaseTakenError

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "tests" / "support" / "apply_process.py"
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": f"{ROOT / 'plugins'}{os.pathsep}{ROOT}",
    "PYTHONUNBUFFERED": "1",
}
#: Ends its child's parent: the child goes on as an orphan, as after a killed supervisor.
PARENT = (
    "import subprocess, sys, time\n"
    "child = subprocess.Popen([sys.executable, *sys.argv[1:]])\n"
    "print(child.pid, flush=True)\n"
    "time.sleep(60)\n"
)


@contextmanager
def process(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A Python process that is certainly gone afterwards."""
    started = subprocess.Popen(
        [sys.executable, *arguments],
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield started
    finally:
        started.kill()
        started.communicate()


@pytest.fixture(scope="module")
def company() -> Iterator[Company]:
    """One company for all, brought back by each test."""
    with a_company() as made:
        yield made


def the_right_books(company: Company) -> tuple[dict[str, dict[str, Any]], Books]:
    """The company before the day, and its books after a day without faults."""
    before = saved_state(company)
    run(company)
    right = books(company)
    restore(company, before)
    return before, right


def matched(company: Company) -> int:
    """How many requests the one rule has seen."""
    (rule,) = company.faults.rules()
    return int(str(rule["matched"]))


@pytest.mark.parametrize(
    ("nth", "fault_values"),
    [
        pytest.param(9, {"kind": "act_later", "seconds": 0.2}, id="in a create"),
        pytest.param(11, {"kind": "rate_limited", "retry_after": 60}, id="before a create"),
        pytest.param(18, {"kind": "act_later", "seconds": 0.2}, id="in a bookkeep"),
    ],
)
def test_a_killed_process_leaves_nothing_that_the_next_run_cannot_finish(
    company: Company, tmp_path: Path, nth: int, fault_values: dict[str, Any]
):
    """SIGKILL among the writes, the request in flight carried out or not: the next run is right."""
    before, right = the_right_books(company)
    fault(company, nth, **fault_values)
    with process(str(SCRIPT), company.fortnox_url, str(tmp_path)) as killed:
        wait_for(lambda: matched(company) >= nth, 20)
        killed.send_signal(signal.SIGKILL)
        killed.wait(10)
    wait_for(lambda: api_requests(company)[-1].fault == fault_values["kind"])
    assert books(company) != right
    company.faults.clear()
    with process(str(SCRIPT), company.fortnox_url, str(tmp_path)) as next_run:
        assert next_run.wait(30) == 0, next_run.communicate()[1]
    assert books(company) == right
    restore(company, before)


def test_a_second_process_is_kept_out_and_told_who_holds_the_company(
    company: Company, tmp_path: Path
):
    """Two tries of one task at a time: the second one writes nothing and names the first."""
    company.faults.forget_requests()
    with process(str(SCRIPT), company.fortnox_url, str(tmp_path), "hold") as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "holding\n"
        with process(str(SCRIPT), company.fortnox_url, str(tmp_path)) as second:
            _, errors = second.communicate(timeout=30)
            assert second.returncode != 0
            assert f"run of process {holder.pid}" in errors
        assert api_requests(company) == []
        holder.send_signal(signal.SIGKILL)
        holder.wait(10)
        with company_lease(tmp_path, holder="next", wait_s=0):
            pass


def test_an_orphan_keeps_the_lease_and_stops_before_its_next_write(
    company: Company, tmp_path: Path
):
    """A killed supervisor leaves its task running: it must not write beside the next try."""
    before, _ = the_right_books(company)
    fault(company, 9, "act_later", seconds=1.0)
    with process("-c", PARENT, str(SCRIPT), company.fortnox_url, str(tmp_path)) as parent:
        assert parent.stdout is not None
        orphan = int(parent.stdout.readline())
        wait_for(lambda: matched(company) >= 9, 20)
        parent.send_signal(signal.SIGKILL)
        parent.wait(10)
        with (
            pytest.raises(LeaseTakenError, match=f"process {orphan}"),
            company_lease(tmp_path, holder="next", wait_s=0),
        ):
            pass
        with company_lease(tmp_path, holder="next", wait_s=20):
            done = writes(company)
    assert len(done) == 3
    run(company)
    restore(company, before)
