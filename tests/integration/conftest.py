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
def runner(sandbox: World, tmp_path: Path, airflow_database: None) -> DayRunner:
    """Runs days of the demo shop in a new world."""
    mappings = tmp_path / "mappings"
    shutil.copytree(ROOT / "include" / "mappings", mappings)
    return DayRunner(world=sandbox, folder=tmp_path, mappings=mappings, _count=[0])


@pytest.fixture
def steps(sandbox: World, tmp_path: Path) -> StepRunner:
    """The same without Airflow, for what is not about Airflow: articles, stock, customers."""
    mappings = tmp_path / "mappings"
    shutil.copytree(ROOT / "include" / "mappings", mappings)
    return StepRunner(world=sandbox, folder=tmp_path, mappings=mappings, _count=[0])
