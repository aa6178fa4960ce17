"""A day that is not over must not be booked, whoever asks for it."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from tests.support.builders import STANDARD

from fortnox.core.errors import FatalError
from fortnox.operators.open_day import FortnoxOpenDayOperator


@pytest.mark.parametrize("key", ["2026-05-06", "2026-05-07", "2062-05-05"])
def test_a_day_that_is_not_over_is_refused(
    key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slip in the trigger form would else wait for years, or until the run's timeout."""
    monkeypatch.setenv("FORTNOX_STAGING", str(tmp_path))
    monkeypatch.setenv("FORTNOX_MAPPINGS_DIR", str(STANDARD))
    context: Any = {
        "dag": SimpleNamespace(dag_id="daily", fileloc=str(STANDARD.parents[1] / "dags" / "x.py")),
        "dag_run": SimpleNamespace(partition_key=key),
        "params": {"day": None},
        "run_id": "manual__1",
        "ti": SimpleNamespace(xcom_push=lambda **_: None),
    }
    afternoon = datetime(2026, 5, 6, 14, 0, tzinfo=UTC)
    with (
        time_machine.travel(afternoon, tick=False),
        pytest.raises(FatalError, match=rf"The accounting day {key} is not over\."),
    ):
        FortnoxOpenDayOperator(task_id="settle", shop="demo").execute(context)
