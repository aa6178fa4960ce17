"""A full or vanished disk: nothing half is left, nothing old is lost, and the reason is told."""

import errno
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fortnox.api.intents import Intent, IntentStore
from fortnox.api.private_file import write_private
from fortnox.core.errors import UnreachableError

#: Of Linux: whatever is written to it meets a full disk.
FULL = Path("/dev/full")
needs_a_full_disk = pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files can be made, as long as nothing is in them."""
    open_file = os.open

    def made_on_a_full_disk(path: Path, flags: int, mode: int = 0o777) -> int:
        os.close(open_file(path, flags, mode))
        return open_file(FULL, os.O_WRONLY)

    monkeypatch.setattr("fortnox.api.private_file.os.open", made_on_a_full_disk)


@needs_a_full_disk
def test_a_disk_that_fills_up_leaves_the_old_file_and_no_part_of_the_new(
    tmp_path: Path, full_disk: None
) -> None:
    """Half a plan could be booked; leftovers of each retry would keep the disk full."""
    path = tmp_path / "plan.json"
    path.write_bytes(b"old")
    with pytest.raises(UnreachableError, match=r"No space left on device\. Free space") as caught:
        write_private(path, b"x" * 100_000)
    assert isinstance(caught.value.__cause__, OSError)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("number", [errno.EIO, errno.EROFS, errno.ESTALE, errno.EDQUOT])
def test_a_disk_that_is_away_is_tried_again(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A network folder that hung for a minute would fail the day for good."""

    def away(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("fortnox.api.private_file.os.open", away)
    with pytest.raises(UnreachableError, match=os.strerror(number)):
        write_private(tmp_path / "company" / "x.json", b"x")


def test_a_folder_that_became_a_file_is_told(tmp_path: Path) -> None:
    """A staging area that can't be entered would end in a traceback of the operating system."""
    (tmp_path / "company").write_bytes(b"")
    with pytest.raises(UnreachableError, match="can't be written: "):
        write_private(tmp_path / "company" / "x.json", b"x")


def test_an_intent_that_cannot_be_kept_leaves_what_was_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The trace of a voucher that may still be carried out would be lost, and it made again."""
    at = datetime(2026, 5, 5, 4, 30, tzinfo=UTC)
    store = IntentStore(tmp_path)
    first = store.write(Intent(mark="[demo:1]", at=at, content="a"))

    def no_space(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("fortnox.api.private_file.os.fsync", no_space)
    with pytest.raises(UnreachableError):
        store.uploaded(first, "file-1")
    assert store.read("[demo:1]") == first
