"""Two copies of the package are refused in words, never silently half used."""

import sys
from pathlib import Path

import pytest

import fortnox
from fortnox.ui.installation import package_folders, refuse_second_copy
from fortnox.ui.plugin import FortnoxPlugin


def _copy(folder: Path) -> Path:
    package = folder / "fortnox"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    return package


def test_one_copy_reached_by_many_paths_is_one(tmp_path: Path) -> None:
    """A linked plugins folder, listed twice on the path, is not taken for a second copy."""
    package = _copy(tmp_path / "plugins")
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "plugins")
    search_path = [str(tmp_path / "plugins"), str(link), str(tmp_path / "nothing"), ""]
    assert package_folders(search_path, str(link / "fortnox/__init__.py")) == [package.resolve()]


def test_imported_copy_counts_even_if_not_on_the_path(tmp_path: Path) -> None:
    """An editable install by an import hook is on no path and still a copy."""
    one, two = _copy(tmp_path / "wheel"), _copy(tmp_path / "plugins")
    found = package_folders([str(tmp_path / "plugins")], str(one / "__init__.py"))
    assert found == [one.resolve(), two.resolve()]


def test_this_environment_is_fine() -> None:
    """The check lets a proper installation pass."""
    refuse_second_copy()


def test_wheel_beside_copied_folder_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stale copy can't win in silence: both places are named, with what to do."""
    stale = _copy(tmp_path / "site-packages")
    monkeypatch.setattr(sys, "path", [*sys.path, str(stale.parent)])
    with pytest.raises(ImportError, match="installed twice") as caught:
        FortnoxPlugin.on_load()
    assert str(stale.resolve()) in str(caught.value)
    assert str(Path(fortnox.__file__).parent) in str(caught.value)
    assert "Keep one" in str(caught.value)
