"""An embedded Airflow in a folder, alive until it is killed: ``python -m tests.proofs.serve``."""

import argparse
import os
import sys
import time
from pathlib import Path

from tests.support.end_to_end import stop_cleanly

from fortnox.demo import stack as stacks
from fortnox.demo.progress import Progress
from fortnox.demo.stack import Sales
from fortnox.demo.supervisor import Supervisor

READY = "ready"


def main() -> None:
    """Starts, or goes on after a kill, says so, and keeps the processes alive."""
    parser = argparse.ArgumentParser(prog="python -m tests.proofs.serve")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--days", type=int, required=True)
    parser.add_argument("--orders-per-day", type=int, required=True)
    chosen = parser.parse_args()
    stop_cleanly()
    root = stacks.package_root()
    supervisor = Supervisor(chosen.folder)
    supervisor.end_orphans()
    try:
        stacks.start(
            root,
            stacks.layout_of(root, chosen.folder),
            supervisor,
            variables=os.environ,
            progress=Progress(sys.stderr),
            sales=Sales(
                days=chosen.days, orders_per_day=chosen.orders_per_day, booked_days=chosen.days
            ),
        )
        print(READY, flush=True)
        while True:
            supervisor.tick()
            time.sleep(0.5)
    except KeyboardInterrupt:
        supervisor.stop()


if __name__ == "__main__":
    main()
