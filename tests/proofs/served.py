"""An Airflow whose supervisor is another process, so that a proof may kill any part of it."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.proofs import serve
from tests.support.end_to_end import control

from fortnox.demo import stack as stacks
from fortnox.demo.airflow_api import AirflowApi
from fortnox.demo.settings import PASSWORD, USERNAME, Layout
from fortnox.demo.supervisor import Supervisor
from fortnox.demo.world import World


@dataclass(slots=True, kw_only=True)
class Served:
    """One world: a shop, a Fortnox and an Airflow that catches up on all days of the shop."""

    layout: Layout
    day: date
    days: int
    orders_per_day: int
    process: subprocess.Popen[str]

    @property
    def all_days(self) -> list[date]:
        """The days with sales, the first one first."""
        return [self.day - timedelta(days=back) for back in reversed(range(self.days))]

    @property
    def mark(self) -> str:
        """What all its processes carry in their environment."""
        return str(self.layout.folder.resolve())

    @property
    def world(self) -> World:
        """Its ports; they may change when it is started again."""
        found = World.load(self.layout.folder / "world.json")
        assert found is not None
        return found

    @property
    def api(self) -> AirflowApi:
        """Airflow's REST API."""
        return AirflowApi(f"http://127.0.0.1:{self.world.ports.airflow}", USERNAME, PASSWORD)

    def books(self) -> Any:
        """All that stands in the sandbox's Fortnox."""
        return control(f"http://127.0.0.1:{self.world.ports.fortnox}", "GET", "state")

    def start_again(self) -> None:
        """After its supervisor was killed: what a person does who types the command again."""
        self.process = _started(
            self.layout.folder, self.day, self.days, self.orders_per_day, sys.executable
        )


@contextmanager
def served(
    day: date, *, days: int, orders_per_day: int, python: str = sys.executable
) -> Iterator[Served]:
    """Starts a world of its own, by the Python of an environment, and removes it."""
    folder = Path(tempfile.mkdtemp(prefix="fnx-proof-"))
    layout = stacks.layout_of(stacks.package_root(), folder)
    made: Served | None = None
    try:
        made = Served(
            layout=layout,
            day=day,
            days=days,
            orders_per_day=orders_per_day,
            process=_started(folder, day, days, orders_per_day, python),
        )
        yield made
    finally:
        if made is not None:
            made.process.terminate()
            made.process.wait()
        Supervisor(folder).end_orphans()
        stacks.forget(layout)
        shutil.rmtree(folder, ignore_errors=True)


def _started(
    folder: Path, day: date, days: int, orders_per_day: int, python: str
) -> subprocess.Popen[str]:
    command = [python, "-m", serve.__name__, str(folder)]
    numbers = ["--days", str(days), "--orders-per-day", str(orders_per_day)]
    process = subprocess.Popen(
        [*command, *numbers],
        env={**os.environ, "DEMO_DAY": day.isoformat()},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    # Progress goes to the terminal; here stands one word.
    for line in process.stdout:
        if line.strip() == serve.READY:
            return process
    raise AssertionError("the Airflow of the proof did not start")
