"""Files between tasks: whole or not there, private, checked, and never named from outside."""

import os
import stat
import traceback
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.builders import line, order

from fortnox.core.documents import Held
from fortnox.core.errors import FatalError, UnreachableError
from fortnox.core.orders import Order
from fortnox.steps.staging import Records, StagingArea, local_folder

ORDERS = Records(Order, ())


def area(folder: Path, **changed: str) -> StagingArea:
    """The staging folder of one run."""
    values = {
        "base": str(folder),
        "conn_id": "fortnox_demo",
        "shop": "demo",
        "label": "2026-05-04",
        "dag_id": "fortnox_orders_daily__demo",
        "run_id": "manual__1",
    }
    return StagingArea(**{**values, **changed})


def files(folder: Path) -> list[Path]:
    """All files below a folder."""
    return [path for path in folder.rglob("*") if path.is_file()]


def mode(path: Path) -> int:
    """Permission bits."""
    return stat.S_IMODE(path.stat().st_mode)


def test_orders_come_back_exactly(tmp_path: Path) -> None:
    """An öre or a tax rate would change between extract and transform."""
    staged = [order(line("0.01", "25"), line("99999.99", "12", quantity="0.333", line_id="2"))]
    pointer = area(tmp_path).write_records("orders", ORDERS, staged)

    assert pointer["rows"] == 1
    assert area(tmp_path).read_records(pointer, ORDERS) == staged


def test_a_file_of_another_version_is_refused_without_quoting_it(tmp_path: Path) -> None:
    """After an upgrade in the middle of a run a plan would be read as something else."""
    older = Records(Held)
    held = Held(
        kind="order",
        order_id="1",
        order_number="Ragnhild",
        amount_ore=1,
        code="x",
        reason="",
        remedy="",
    )
    pointer = area(tmp_path).write_records("orders", older, [held])

    with pytest.raises(FatalError, match=r"another version.*Run the day again") as caught:
        area(tmp_path).read_records(pointer, ORDERS)
    assert "Ragnhild" not in "".join(traceback.format_exception(caught.value))


def test_nothing_staged_reads_as_nothing(tmp_path: Path) -> None:
    """An empty day would fail in transform."""
    pointer = area(tmp_path).write_records("orders", ORDERS, [])

    assert area(tmp_path).read_records(pointer, ORDERS) == []


def test_only_the_owner_can_read_them(tmp_path: Path) -> None:
    """Every user of the machine could read the buyers' addresses."""
    before = os.umask(0)
    try:
        area(tmp_path).write_records("orders", ORDERS, [order()])
    finally:
        os.umask(before)

    [path] = files(tmp_path)
    assert mode(path) == 0o600
    # The folders above it hold no files of this area, only names of shops and days.
    assert mode(path.parent) == 0o700


def test_the_pointer_holds_no_path(tmp_path: Path) -> None:
    """Who can write an XCom could make a task read any file."""
    pointer = area(tmp_path).write("plan", b"x", 1)

    assert set(pointer) == {"step", "sha256", "rows"}
    assert str(tmp_path) not in str(pointer)


def test_a_file_that_is_gone_says_what_to_do(tmp_path: Path) -> None:
    """A run cleared after the retention would end in a traceback about a file name."""
    pointer = area(tmp_path).write("plan", b"x", 1)
    files(tmp_path)[0].unlink()

    with pytest.raises(FatalError, match=r"is gone\. Working files expire; run the day again"):
        area(tmp_path).read(pointer)


def test_a_staging_area_that_is_away_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mount that is gone for a minute would end the day with "run it from its first task"."""
    pointer = area(tmp_path / "base").write("plan", b"x", 1)

    (tmp_path / "base").rename(tmp_path / "unmounted")
    with pytest.raises(UnreachableError, match="can't be read: there is no folder"):
        area(tmp_path / "base").read(pointer)

    (tmp_path / "unmounted").rename(tmp_path / "base")
    [path] = files(tmp_path)
    path.unlink()
    path.mkdir()
    with pytest.raises(UnreachableError, match="can't be read: Is a directory"):
        area(tmp_path / "base").read(pointer)


@pytest.mark.parametrize("damage", [b"", b"other", b"x\n"])
def test_a_changed_file_is_refused(damage: bytes, tmp_path: Path) -> None:
    """A half-copied or edited plan would be booked."""
    pointer = area(tmp_path).write("plan", b"x", 1)
    files(tmp_path)[0].write_bytes(damage)

    with pytest.raises(FatalError, match="was changed after it was written"):
        area(tmp_path).read(pointer)


def test_a_failed_write_leaves_no_file_under_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk would leave half a file that the next task takes for a whole one."""

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("fortnox.steps.staging.os.fsync", full)
    with pytest.raises(UnreachableError, match=r"can't be written: No space left.*Free space"):
        area(tmp_path).write("plan", b"x", 1)

    assert files(tmp_path) == []


def test_the_file_is_on_disk_before_it_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a power failure the name would be there and the content not."""
    seen: list[list[str]] = []
    sync = os.fsync

    def noted(descriptor: int) -> None:
        sync(descriptor)
        seen.append([path.name for path in files(tmp_path) if not path.name.startswith(".")])

    monkeypatch.setattr("fortnox.steps.staging.os.fsync", noted)
    area(tmp_path).write("plan", b"x", 1)

    assert seen == [[]]
    assert [path.name[:5] for path in files(tmp_path)] == ["plan-"]


def test_the_same_content_twice_is_one_file(tmp_path: Path) -> None:
    """Every retry would leave another copy of the buyers' data."""
    first = area(tmp_path).write("plan", b"x", 1)
    second = area(tmp_path).write("plan", b"x", 1)

    assert first == second
    assert len(files(tmp_path)) == 1


def test_another_content_leaves_the_first_as_it_was(tmp_path: Path) -> None:
    """A task tried again would change what a later task has read already."""
    first = area(tmp_path).write("plan", b"x", 1)
    area(tmp_path).write("plan", b"y", 1)

    assert area(tmp_path).read(first) == b"x"


@given(
    run_id=st.one_of(
        st.text(max_size=60),
        st.sampled_from(["../../../etc/passwd", "/", "..", "a/b", "å ö\n", "\x00"]),
    )
)
def test_no_run_id_leads_out_of_the_company_folder(
    run_id: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A run id is anybody's text: ``../..`` in it would write over other companies' files."""
    folder = tmp_path_factory.mktemp("base")
    area(folder, run_id=run_id).write("plan", b"x", 1)

    [path] = files(folder)
    assert path.name.startswith("plan-")
    parts = path.relative_to(folder).parts
    assert parts[:3] == ("fortnox_demo", "demo", "2026-05-04")
    assert len(parts) == 5
    assert all(part.replace("-", "").replace("_", "").replace(".", "").isalnum() for part in parts)


def test_two_runs_of_a_day_do_not_share_a_folder(tmp_path: Path) -> None:
    """A manual run beside the scheduled one would read the other's plan."""
    pointer = area(tmp_path).write("plan", b"x", 1)

    with pytest.raises(FatalError, match="is gone"):
        area(tmp_path, run_id="manual__2").read(pointer)


@pytest.mark.parametrize("part", ["conn_id", "shop", "label"])
@pytest.mark.parametrize("text", ["", "..", "a/b", "a b", ".hidden", "å"])
def test_unsafe_parts_are_refused(part: str, text: str, tmp_path: Path) -> None:
    """A key with a slash in it would put one shop's files into another's folder."""
    with pytest.raises(ValueError, match="not safe as a folder name"):
        area(tmp_path, **{part: text})


def test_locks_need_a_folder() -> None:
    """Two writers to one company could not be kept apart on object storage."""
    with pytest.raises(FatalError, match=r"object storage.*FORTNOX_STAGING"):
        local_folder("s3://bucket/staging", "fortnox_demo")


def test_a_file_url_is_a_folder() -> None:
    """The usual way to write a base would be refused, or make a folder named "file:"."""
    assert local_folder("file:///data/staging", "fortnox_demo") == Path(
        "/data/staging/fortnox_demo"
    )


def test_a_file_url_and_its_path_are_the_same_area(tmp_path: Path) -> None:
    """One task would not find what another one staged."""
    pointer = area(tmp_path, base=f"file://{tmp_path}").write("plan", b"x", 1)

    assert area(tmp_path).read(pointer) == b"x"
