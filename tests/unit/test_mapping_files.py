"""Which folder counts, and which files in it."""

from pathlib import Path

import pytest

from fortnox.mapping_files import FOLDER_VARIABLE, mappings_folder, read_folder


def test_the_variable_wins_over_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A team's own folder outside the repository would not be read."""
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))

    assert mappings_folder(Path("x")) == tmp_path


@pytest.mark.parametrize("value", ["", None])
def test_the_default_counts_without_the_variable(
    value: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty variable would mean the current folder."""
    monkeypatch.delenv(FOLDER_VARIABLE, raising=False)
    if value is not None:
        monkeypatch.setenv(FOLDER_VARIABLE, value)

    assert mappings_folder(Path("x")) == Path("x")


def test_only_mapping_files_are_read(tmp_path: Path) -> None:
    """An example beside the real file would be read, or a big file into memory."""
    (tmp_path / "accounts.csv").write_bytes(b"a\r\n")
    (tmp_path / "accounts.old.csv").write_bytes(b"b")
    (tmp_path / "shops.csv").mkdir()

    assert read_folder(tmp_path) == {"accounts.csv": b"a\r\n"}
