"""One Airflow home for the whole test run, chosen before anything imports Airflow."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"

# A machine that is busy elsewhere is no failure of the code under test.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")

_HOME = tempfile.mkdtemp(prefix="fortnox-tests-")
os.environ["AIRFLOW_HOME"] = _HOME
os.environ["AIRFLOW__CORE__DAGS_FOLDER"] = str(ROOT / "dags")
os.environ["AIRFLOW__CORE__PLUGINS_FOLDER"] = str(ROOT / "plugins")
os.environ["AIRFLOW__CORE__LOAD_EXAMPLES"] = "False"
os.environ["AIRFLOW__CORE__UNIT_TEST_MODE"] = "False"
os.environ["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] = f"sqlite:///{_HOME}/airflow.db"
os.environ["AIRFLOW__DATABASE__LOAD_DEFAULT_CONNECTIONS"] = "False"


def pytest_unconfigure() -> None:
    """Takes the Airflow home away; each test run makes one of its own."""
    shutil.rmtree(_HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Reference data that is not part of the project; tests on it skip where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the reference data beside the project is absent")
    return SHARED_DATA


@pytest.fixture(autouse=True)
def _secrets_of_one_test() -> Iterator[None]:
    """Airflow forgets each test's secrets after it.

    It compiles one pattern of all that it was told, anew for each, and every sandbox hands out
    tokens of its own: after a thousand tests one more would cost half a second.
    """
    yield
    for library in ("airflow.sdk._shared.secrets_masker", "airflow._shared.secrets_masker"):
        if library in sys.modules:
            sys.modules[library].reset_secrets_masker()
