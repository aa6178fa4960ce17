"""`make demo`: sandbox, Airflow, one accounting day, and its report.

``DEMO_DAY`` chooses the day, ``KEEP=0`` ends after the report and ``KEEP=1`` stays up without a
terminal, ``AIRFLOW_PORT``, ``FORTNOX_PORT`` and ``WOOCOMMERCE_PORT`` choose ports;
``DEMO_TEXTALK=1`` adds a second shop and its day.
"""

import fcntl
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fortnox.core import names
from fortnox.core.report_text import render_text
from fortnox.demo import second_shop, verdict
from fortnox.demo import stack as stacks
from fortnox.demo.day import DayRun, run_day, run_preflight
from fortnox.demo.errors import DemoError
from fortnox.demo.progress import Progress
from fortnox.demo.settings import PASSWORD, USERNAME
from fortnox.demo.stack import Stack
from fortnox.demo.supervisor import Supervisor

_INTERRUPTED = 130
_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(variables: Mapping[str, str] | None = None) -> int:
    """Runs the demo; its last line says how it went.

    Args:
        variables: The environment variables to heed; ``os.environ`` if None.

    Returns:
        0 when the day reconciled, 1 when not, 130 when interrupted before that.
    """
    progress = Progress(sys.stdout)
    for number in _STOPPING:
        signal.signal(number, signal.default_int_handler)
    try:
        root = stacks.package_root()
        with only_demo(root / ".demo"):
            summary = _run(root, os.environ if variables is None else variables, progress)
        ending, code = verdict.last_line(summary), verdict.exit_code(summary)
    except DemoError as error:
        ending, code = f"not reconciled: {error}", 1
    except KeyboardInterrupt:
        ending, code = "not reconciled: interrupted", _INTERRUPTED
    _print(ending)
    return code


def clean() -> int:
    """Ends what a killed demo left running, and removes all that demos keep.

    Returns:
        0, or 1 when a demo runs.
    """
    try:
        root = stacks.package_root()
        with only_demo(root / ".demo"):
            Supervisor(root / ".demo").end_orphans()
            stacks.forget(stacks.layout_of(root, root / ".demo"))
    except DemoError as error:
        _print(str(error))
        return 1
    return 0


def _run(root: Path, variables: Mapping[str, str], progress: Progress) -> Mapping[str, Any]:
    layout = stacks.layout_of(root, root / ".demo")
    supervisor = Supervisor(layout.folder)
    if supervisor.end_orphans():
        progress.say("Stopped what an earlier demo left behind")
    try:
        stack = stacks.start(root, layout, supervisor, variables=variables, progress=progress)
        api = stack.airflow.api
        run_preflight(api, progress)
        if second_shop.is_wanted(variables):
            daily = names.daily_dag_id(second_shop.SHOP)
            _show(run_day(api, stack.day, progress, dag_id=daily), api.base_url, progress)
        run = run_day(api, stack.day, progress)
        _show(run, api.base_url, progress)
        _print(f"Login:  {USERNAME} / {PASSWORD}", "")
        if _stays(variables):
            _stay(supervisor, stack, verdict.last_line(run.summary))
        return run.summary
    finally:
        with _uninterrupted():
            progress.say("Stopping")
            supervisor.stop()


def _show(run: DayRun, base_url: str, progress: Progress) -> None:
    progress.say(f"The run ended: {run.state}")
    _print("", render_text(run.summary), "", f"Report: {run.report_url(base_url)}")


@contextmanager
def only_demo(folder: Path) -> Iterator[None]:
    """Holds the demo folder for this process; a dead process loses it by itself.

    Raises:
        DemoError: Another demo runs in it.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "lock").open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise DemoError(f"A demo already runs in {folder}; stop it first (Ctrl-C).") from error
        yield


def _stays(variables: Mapping[str, str]) -> bool:
    wish = variables.get("KEEP", "")
    return wish != "0" and (bool(wish) or sys.stdout.isatty())


def _stay(supervisor: Supervisor, stack: Stack, line: str) -> None:
    """Until Ctrl-C."""
    _print(
        f"Fortnox sandbox: {stack.fortnox_url}/3",
        f"Shop sandbox:    {stack.woocommerce_url}",
        line,
        "Ctrl-C stops everything.",
    )
    try:
        while True:
            supervisor.tick()
            time.sleep(0.5)
    except KeyboardInterrupt:
        return


def _print(*lines: str) -> None:
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """A second Ctrl-C must not leave processes behind; stopping is bounded in time."""
    before = [signal.signal(number, signal.SIG_IGN) for number in _STOPPING]
    try:
        yield
    finally:
        for number, handler in zip(_STOPPING, before, strict=True):
            signal.signal(number, handler)
