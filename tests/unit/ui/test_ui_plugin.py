"""The plugin as Airflow's own plugin manager sees it, from the folder and from a wheel."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from airflow.plugins_manager import _load_plugins_from_plugin_directory, is_valid_plugin

import fortnox
from fortnox.ui import plugin

PLUGINS_FOLDER = Path(fortnox.__file__).parents[1]


@pytest.fixture
def modules_as_before() -> Iterator[None]:
    """Airflow's loader and the entry point leave marks in ``sys.modules``."""
    names = ("fortnox_plugin", "fortnox.ui.wheel")
    before = {name: sys.modules.pop(name, None) for name in names}
    yield
    for name in names:
        sys.modules.pop(name, None)
        if (module := before[name]) is not None:
            sys.modules[name] = module


def _entry_point() -> object:
    from fortnox.ui.wheel import PLUGIN

    return PLUGIN


def test_folder_gives_the_plugin_once_and_loads_nothing_else(modules_as_before: None) -> None:
    """Airflow executes each ``.py`` of a plugins folder; our package must not be among them."""
    before = set(sys.modules)
    plugins, errors = _load_plugins_from_plugin_directory(str(PLUGINS_FOLDER))
    assert errors == {}
    assert [loaded.name for loaded in plugins] == ["fortnox"]
    assert {name for name in set(sys.modules) - before if "." not in name} == {"fortnox_plugin"}


def test_entry_point_is_passed_over_after_the_folder(modules_as_before: None) -> None:
    """With `pip install -e .` both ways exist; Airflow must not report a double plugin."""
    _load_plugins_from_plugin_directory(str(PLUGINS_FOLDER))
    assert not is_valid_plugin(_entry_point())


def test_entry_point_alone_gives_the_plugin(modules_as_before: None) -> None:
    """Installed as a wheel, with no plugins folder, the tab is there as well."""
    assert is_valid_plugin(_entry_point())
    assert _entry_point() is plugin.FortnoxPlugin


def test_tab_of_a_run() -> None:
    """The tab's address, name and script, as the README and the demo print them."""
    tab, *others = plugin.FortnoxPlugin.react_apps
    assert tab["destination"] == "dag_run"
    assert [other["destination"] for other in others] == ["dag", "nav", "nav"]
    assert tab["url_route"] == "reconciliation"
    assert tab["name"] == "Reconciliation"
    mounted = [app["url_prefix"] for app in plugin.FortnoxPlugin.fastapi_apps]
    assert mounted == ["/fortnox", "/fortnox-connect"]
    # Relative, so that it is found below a base path too.
    assert tab["bundle_url"] == "fortnox/static/main.js"
    static = Path(plugin.__file__).parent / "static"
    for app in plugin.FortnoxPlugin.react_apps:
        assert (static / app["bundle_url"].rpartition("/")[2]).is_file()


def test_tasks_do_not_pay_for_the_page() -> None:
    """Every task process loads plugins; the page's imports would cost each two seconds."""
    code = (
        "import sys; import fortnox.ui.plugin; "
        "heavy = ('fastapi', 'airflow.api_fastapi.core_api.security'); "
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip().splitlines()[-1] == "[]"
