"""What the proof of a day costs per document, each size in a process of its own.

``python -m tests.bench.reconcile N`` is such a process.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator

from tests.bench.figures import Figure, at_most, peak_mb, spaced
from tests.bench.proven_day import prove, read_day

#: Documents, and the most rounds of that size.
SIZES = {10_000: 5, 100_000: 1}
#: As for transform and plan: a thousandth of what writing the document costs.
_LIMIT_US = 1_000


def measure(rounds: int) -> Iterator[Figure]:
    """Microseconds of CPU time per document, its row of the report included, and memory."""
    for size, most in SIZES.items():
        runs = [_run(size) for _ in range(min(rounds, most))]
        each = [1e6 * run["prove"] / size for run in runs]
        name = f"proof and report of {spaced(size)} documents and their vouchers"
        yield at_most(name, "µs a document", each, _LIMIT_US)
        yield Figure(
            name=f"memory at the peak of a process that holds {spaced(size)} documents",
            unit="MB",
            values=tuple(run["peak_mb"] for run in runs),
            limit="",
        )


def _run(size: int) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.reconcile", str(size)]
    found: dict[str, float] = json.loads(subprocess.check_output(command))
    return found


def main(size: int) -> None:
    """Measure one size and print it."""
    day = read_day(size)
    began = time.process_time()
    proof = prove(day)
    proven = time.process_time() - began
    assert proof.summary["verdict"] == "reconciled"
    assert proof.summary["totals_ore"]["ledger"] == proof.summary["totals_ore"]["shop"]
    print(json.dumps({"prove": proven, "peak_mb": peak_mb()}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
