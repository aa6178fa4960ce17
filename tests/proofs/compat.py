"""``make compat``: the tests on every Python, Airflow and edge of the dependencies that we permit.

Each cell gets an environment of its own, below ``.compat``. What is printed also replaces the
table of docs/compatibility.md, unless only some cells were asked for.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_PAGE = ROOT / "docs" / "compatibility.md"
_BEGIN, _END = "<!-- made by make compat: begin -->", "<!-- made by make compat: end -->"
_TESTS = ("tests/unit", "tests/integration/test_daily_dag.py")
_EDITABLE = ("-e", ".[demo,dev]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """An environment: a Python, and how its packages are chosen.

    Attributes:
        name: For the command line and the folder.
        python: Version.
        packages: In words.
        install: Arguments of ``uv pip install``.
        may_fail: Not supported yet; looked at so that we know early.
    """

    name: str
    python: str
    packages: str
    install: tuple[str, ...]
    may_fail: bool = False


_LOCKED = ("--require-hashes", "-r", "requirements.lock")
CELLS = (
    Cell(name="3.11", python="3.11", packages="as locked", install=_LOCKED),
    Cell(name="3.12", python="3.12", packages="as locked", install=_LOCKED),
    Cell(name="3.13", python="3.13", packages="as locked", install=_LOCKED),
    Cell(
        name="lowest",
        python="3.11",
        packages="lowest permitted, Airflow 3.3.0",
        install=("--resolution", "lowest-direct", *_EDITABLE),
    ),
    Cell(
        name="newest",
        python="3.13",
        packages="newest permitted",
        install=("--upgrade", *_EDITABLE),
    ),
    Cell(
        name="3.4",
        python="3.13",
        packages="newest pre-release of Airflow 3.4",
        install=("--prerelease", "allow", "apache-airflow>=3.4.0a0,<3.5"),
        may_fail=True,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of a cell; ``said`` is the last line of what failed, or of the tests."""

    cell: Cell
    airflow: str
    passed: bool
    said: str
    seconds: float

    @property
    def row(self) -> str:
        """As a line of a Markdown table."""
        verdict = "passed" if self.passed else "**failed**"
        if not self.passed and self.cell.may_fail:
            verdict = "failed, as it may"
        return (
            f"| {self.cell.python} | {self.cell.packages} | {self.airflow} | {verdict} "
            f"| {self.said.replace('|', '/')} |"
        )


def main() -> int:
    """1 if a cell failed that must not."""
    chosen = _arguments()
    cells = [cell for cell in CELLS if not chosen.only or cell.name in chosen.only]
    results = []
    for cell in cells:
        print(f"{cell.name}: Python {cell.python}, {cell.packages}", flush=True)
        results.append(_try(cell, chosen.tests or _TESTS))
        print(results[-1].row, flush=True)
    text = _table(results)
    print(text)
    if not chosen.only:
        _replace(text)
    return int(any(not one.passed and not one.cell.may_fail for one in results))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.proofs.compat", description=__doc__)
    names = [cell.name for cell in CELLS]
    parser.add_argument("--only", nargs="*", choices=names, help="and leave the page as it is")
    parser.add_argument("--tests", nargs="*", help="paths for pytest instead of the usual ones")
    return parser.parse_args()


def _try(cell: Cell, tests: Sequence[str]) -> Result:
    began = time.monotonic()
    folder = ROOT / ".compat" / cell.name
    python = folder / "bin" / "python"
    shutil.rmtree(folder, ignore_errors=True)
    uv = str(Path(sys.executable).with_name("uv"))
    to_environment = (uv, "pip", "install", "-q", "--python", str(python))
    steps: list[tuple[str, ...]] = [
        (uv, "venv", "-q", "--python", cell.python, str(folder)),
        (*to_environment, *cell.install),
    ]
    if cell.install is _LOCKED:
        steps.append((*to_environment, "--no-deps", "-e", "."))
    if cell.may_fail:
        # Our own bounds say no to it, so we come without them; the tests' packages come first.
        steps.insert(1, (*to_environment, *_EDITABLE))
        steps.append((*to_environment, "--no-deps", "-e", "."))
    options = ("-q", "-m", "not slow", "-p", "no:cacheprovider", "--no-header")
    steps.append((str(python), "-m", "pytest", *options, *tests))
    passed, said = True, ""
    for step in steps:
        passed, said = _run(step)
        if not passed:
            break
    seconds = time.monotonic() - began
    return Result(cell=cell, airflow=_airflow(python), passed=passed, said=said, seconds=seconds)


def _run(command: Sequence[str]) -> tuple[bool, str]:
    """Whether it went well, and the last line that it said."""
    own = ("PYTHONPATH", "VIRTUAL_ENV")
    environment = {name: value for name, value in os.environ.items() if name not in own}
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        print(done.stdout[-4000:], flush=True)
    lines = done.stdout.strip().splitlines()
    return done.returncode == 0, lines[-1].strip() if lines else ""


def _airflow(python: Path) -> str:
    """The version that came to be installed; empty when none was."""
    code = "from importlib.metadata import version; print(version('apache-airflow'))"
    if not python.exists():
        return ""
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def _table(results: Sequence[Result]) -> str:
    lines = [
        f"Tried {datetime.now(UTC):%Y-%m-%d}: `{' '.join(_TESTS)}`.",
        "",
        "| Python | packages | Airflow | | |",
        "|---|---|---|---|---|",
        *(result.row for result in results),
    ]
    return "\n".join(lines)


def _replace(text: str) -> None:
    before, _, rest = _PAGE.read_text(encoding="utf-8").partition(_BEGIN)
    _, _, after = rest.partition(_END)
    _PAGE.write_text(f"{before}{_BEGIN}\n{text}\n{_END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
