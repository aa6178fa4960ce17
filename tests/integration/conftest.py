"""Worlds and Airflow runs for integration tests."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.airflow_runs import ROOT, DayRunner
from tests.support.step_runs import StepRunner
from tests.support.worlds import World, world


@pytest.fixture
def sandbox() -> Iterator[World]:
    """A sandbox shop and a sandbox Fortnox, new for each test."""
    with world() as made:
        yield made


@pytest.fixture(scope="session")
def airflow_database() -> None:
    """Airflow's metadata database, made once for the test run."""
    from airflow.utils.db import initdb

    initdb()


@pytest.fixture
def mappings(tmp_path: Path) -> Path:
    """A copy of the mapping files that come with the package."""
    return Path(shutil.copytree(ROOT / "include" / "mappings", tmp_path / "mappings"))


@pytest.fixture
def runner(sandbox: World, tmp_path: Path, mappings: Path, airflow_database: None) -> DayRunner:
    """Runs of the demo shop in a new world by Airflow; a second for each task."""
    return DayRunner(world=sandbox, folder=tmp_path, mappings=mappings, _count=[0])


@pytest.fixture
def steps(sandbox: World, tmp_path: Path, mappings: Path) -> StepRunner:
    """The same in the same world without Airflow, for what is not about Airflow."""
    return StepRunner(world=sandbox, folder=tmp_path, mappings=mappings, _count=[0])
