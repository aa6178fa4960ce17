"""Which operating-system processes belong to a demo, and how to end exactly those.

A process is known by its pid *and* its start time, since pids are used again. On Linux all
descendants are found as well, by a mark that every process of a demo carries in its environment:
Airflow's task processes leave the process group, so the group alone would miss them.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

MARK = "FORTNOX_DEMO_MARK"
CHILD_MARK = "FORTNOX_DEMO_CHILD"
_PROC = Path("/proc")
_POLL_S = 0.05
_START_TIME_FIELD = 19  # field 22 of proc(5) stat, counted behind the command's closing bracket


@dataclass(frozen=True, slots=True)
class Process:
    """One process, for as long as it lives."""

    pid: int
    started: str


def identify(pid: int) -> Process | None:
    """The process of this pid, None when there is none (or only a zombie)."""
    started = _linux_start(pid) if _PROC.joinpath("self").exists() else _ps_start(pid)
    return Process(pid, started) if started else None


def _linux_start(pid: int) -> str:
    try:
        fields = (_PROC / str(pid) / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] in "ZX" else fields[_START_TIME_FIELD]


def _ps_start(pid: int) -> str:
    done = subprocess.run(  # noqa: S603 - our own arguments, no shell
        ["ps", "-o", "stat=,lstart=", "-p", str(pid)],  # noqa: S607 - ps is where the system has it
        capture_output=True,
        text=True,
        check=False,
    )
    state, _, started = done.stdout.strip().partition(" ")
    return "" if state.startswith("Z") else started.strip()


def alive(process: Process) -> bool:
    """Whether it still runs, and is not another one with the same pid."""
    return identify(process.pid) == process


def marked(mark: str, child: str = "") -> list[Process]:
    """All processes but this one that carry the mark; empty where there is no ``/proc``.

    Args:
        mark: Of the demo.
        child: Only descendants of the child of this name.
    """
    wanted = {f"{MARK}={mark}".encode()}
    if child:
        wanted.add(f"{CHILD_MARK}={child}".encode())
    found = []
    for entry in _PROC.glob("[0-9]*/environ"):
        pid = int(entry.parent.name)
        if pid == os.getpid():
            continue
        try:
            belongs = wanted <= set(entry.read_bytes().split(b"\0"))
        except OSError:
            continue
        process = identify(pid) if belongs else None
        if process is not None:
            found.append(process)
    return found


def send(process: Process, signal_number: int) -> None:
    """Signals it, if it still lives."""
    if alive(process):
        try:
            os.kill(process.pid, signal_number)
        except ProcessLookupError:
            return


def end(processes: Iterable[Process], *, grace_s: float) -> int:
    """Asks every process to stop, and kills those that don't within the grace time.

    Returns:
        How many there were.
    """
    living = [process for process in processes if alive(process)]
    for process in living:
        send(process, signal.SIGTERM)
    if not wait_gone(living, grace_s):
        for process in living:
            send(process, signal.SIGKILL)
        wait_gone(living, grace_s)
    return len(living)


def wait_gone(processes: Iterable[Process], timeout_s: float) -> bool:
    """Whether all of them went within the time."""
    deadline = time.monotonic() + timeout_s
    waiting = list(processes)
    while waiting and time.monotonic() < deadline:
        waiting = [process for process in waiting if alive(process)]
        if waiting:
            time.sleep(_POLL_S)
    return not waiting


def save(path: Path, processes: Iterable[Process]) -> None:
    """Writes the pid file; the next start reads it if this one is killed."""
    rows = [{"pid": process.pid, "started": process.started} for process in processes]
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps(rows), encoding="utf-8")
    temporary.replace(path)


def load(path: Path) -> list[Process]:
    """The processes of the pid file; none when it is absent or broken."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return [Process(int(row["pid"]), str(row["started"])) for row in rows]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def die_with_parent(signal_number: int) -> Callable[[], None] | None:
    """For ``Popen(preexec_fn=...)``: the kernel sends the signal when our process dies.

    None where the kernel has no such thing (macOS): there the next start finds the orphans.
    """
    if not sys.platform.startswith("linux"):
        return None
    import ctypes  # noqa: PLC0415 - only where prctl(2) exists

    libc = ctypes.CDLL(None, use_errno=True)
    parent, set_death_signal = os.getpid(), 1

    def bind() -> None:
        libc.prctl(set_death_signal, signal_number)
        if os.getppid() != parent:  # it died between fork and prctl
            os._exit(1)

    return bind
