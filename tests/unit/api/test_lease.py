"""One writer per company, by a lock of the operating system; processes: test_once_processes.py."""

import errno
import fcntl
import os
import stat
from contextlib import suppress
from pathlib import Path

import pytest

from fortnox.api.lease import company_lease
from fortnox.core.errors import DocumentError, FatalError, LeaseTakenError


def test_the_next_one_gets_it_after_it_was_given_back(tmp_path: Path):
    """Runs follow each other without waiting, also after one that failed."""
    with suppress(DocumentError), company_lease(tmp_path, holder="first", wait_s=0):
        raise DocumentError("refused")
    with company_lease(tmp_path, holder="second", wait_s=0) as lease:
        lease.check()


def test_who_waits_too_long_is_told_who_holds_it(tmp_path: Path):
    """The message names run and process, so that somebody can find and end it."""
    moments = iter([0.0, 1.0, 61.0])
    slept: list[float] = []
    with (
        company_lease(tmp_path, holder="orders_daily 2026-05-04 try 1"),
        pytest.raises(LeaseTakenError, match=rf"2026-05-04 try 1 \(process {os.getpid()}\)"),
        company_lease(
            tmp_path, holder="other", monotonic=lambda: next(moments), sleep=slept.append
        ),
    ):
        pass
    assert len(slept) == 1


def test_two_companies_do_not_wait_for_each_other(tmp_path: Path):
    """The lease is the company's: 200 shops must not queue behind one."""
    with (
        company_lease(tmp_path / "a", holder="a", wait_s=0),
        company_lease(tmp_path / "b", holder="b", wait_s=0) as lease,
    ):
        lease.check()


@pytest.mark.parametrize("what", ["removed", "replaced"])
def test_a_lease_file_that_is_gone_stops_the_writer(tmp_path: Path, what: str):
    """Somebody cleans the staging folder: another run could lock a new file, so we stop."""
    with company_lease(tmp_path, holder="first", wait_s=0) as lease:
        (tmp_path / "lease.json").unlink()
        if what == "replaced":
            (tmp_path / "lease.json").write_text("{}")
        with pytest.raises(LeaseTakenError, match="removed or replaced"):
            lease.check()


def test_a_writer_whose_supervisor_is_gone_stops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """An orphan has a new parent: the task was given up on, and another try may be writing."""
    with company_lease(tmp_path, holder="first", wait_s=0) as lease:
        monkeypatch.setattr(os, "getppid", lambda: 1)
        with pytest.raises(LeaseTakenError, match="supervises this task is gone"):
            lease.check()


def test_a_file_system_without_locks_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Without locks two writers could not be kept apart: an error, not a hope."""

    def no_locks(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", no_locks)
    with (
        pytest.raises(FatalError, match="can't lock files"),
        company_lease(tmp_path, holder="first", wait_s=0),
    ):
        pass


def test_a_torn_lease_file_names_nobody(tmp_path: Path):
    """A holder killed while it signed must not turn into a crash of the next one."""
    with company_lease(tmp_path, holder="first", wait_s=0):
        (tmp_path / "lease.json").write_text('{"holder": "fi')
        with (
            pytest.raises(LeaseTakenError, match="unknown"),
            company_lease(tmp_path, holder="second", wait_s=0),
        ):
            pass


def test_the_file_is_for_its_owner_only(tmp_path: Path):
    """The company's folder holds personal data in staging."""
    with company_lease(tmp_path / "company", holder="first", wait_s=0):
        assert stat.S_IMODE((tmp_path / "company").stat().st_mode) == 0o700
        assert stat.S_IMODE((tmp_path / "company" / "lease.json").stat().st_mode) == 0o600
