"""Starts the demo's processes as one group, restarts what dies, and stops everything.

The supervisor is an object in the process that shows the demo; it works whenever :meth:`tick` is
called, which every wait of the demo does. If that process is killed, the kernel ends the children
(where it can); what is left over is found by the next start (:mod:`fortnox.demo.processes`).
"""

import os
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fortnox.demo import processes
from fortnox.demo.errors import DemoError

_GRACE_S = 10.0
_RESTARTS_ALLOWED = 5
_RESTART_WINDOW_S = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A process to keep alive.

    ``rank`` orders the stop: the highest rank goes first (Airflow before the sandbox, the
    database last). ``user_id`` is the user to run as, None for oneself.
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str]
    log: Path
    cwd: Path
    rank: int = 0
    stop_signal: int = signal.SIGTERM
    user_id: int | None = None


@dataclass(slots=True)
class _Running:
    child: Child
    popen: subprocess.Popen[bytes]
    starts: deque[float] = field(default_factory=deque)


class Supervisor:
    """One process group.

    Args:
        folder: Holds the pid file ``pids.json``; its path is the mark of all processes.
        clock: Seconds that only grow.
    """

    def __init__(self, folder: Path, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._pid_file = folder / "pids.json"
        self.mark = str(folder.resolve())
        self._clock = clock
        self._running: dict[str, _Running] = {}
        self.restarts: list[str] = []

    def end_orphans(self) -> int:
        """Ends what a killed demo of the same folder left behind; says how many there were."""
        left = dict.fromkeys([*processes.load(self._pid_file), *processes.marked(self.mark)])
        count = processes.end(left, grace_s=_GRACE_S)
        self._pid_file.unlink(missing_ok=True)
        return count

    def start(self, child: Child) -> None:
        """Starts a child and keeps it alive from now on."""
        running = _Running(child, self._spawn(child))
        running.starts.append(self._clock())
        self._running[child.name] = running
        self._save()

    def pid(self, name: str) -> int:
        """The pid of a child right now."""
        return self._running[name].popen.pid

    def tick(self) -> None:
        """Restarts children that died.

        Raises:
            DemoError: A child dies again and again; names its log.
        """
        for running in self._running.values():
            if running.popen.poll() is None:
                continue
            self._check_restarts(running)
            # A killed scheduler's workers would write on beside those of the new one.
            processes.end(processes.marked(self.mark, running.child.name), grace_s=1.0)
            running.popen = self._spawn(running.child)
            running.starts.append(self._clock())
            self.restarts.append(running.child.name)
            self._save()

    def restart(self, child: Child) -> None:
        """Stops one child and starts it again, perhaps with another environment."""
        running = self._running.pop(child.name, None)
        if running is not None:
            self._stop([running])
            processes.end(processes.marked(self.mark, child.name), grace_s=1.0)
        self.start(child)

    def stop(self) -> None:
        """Stops all children, the highest rank first, and then every descendant left over."""
        ranks = sorted({running.child.rank for running in self._running.values()}, reverse=True)
        for rank in ranks:
            self._stop([r for r in self._running.values() if r.child.rank == rank])
        processes.end(processes.marked(self.mark), grace_s=2.0)
        self._running.clear()
        self._pid_file.unlink(missing_ok=True)

    def _spawn(self, child: Child) -> subprocess.Popen[bytes]:
        as_other = child.user_id is not None
        with child.log.open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - our own arguments, no shell
                child.argv,
                env={
                    **child.env,
                    processes.MARK: self.mark,
                    processes.CHILD_MARK: child.name,
                    # Airflow renames its processes, which else overwrites these marks.
                    "SPT_NOENV": "1",
                },
                cwd=child.cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=self._group(),
                user=child.user_id,
                group=child.user_id,
                extra_groups=[] if as_other else None,
                # Safe: the demo has no other thread. After the change of user, which clears it.
                preexec_fn=processes.die_with_parent(child.stop_signal),  # noqa: PLW1509
            )

    def _group(self) -> int:
        """The process group of the children that live, 0 (a new one) for the first."""
        for running in self._running.values():
            if running.popen.poll() is None:
                try:
                    return os.getpgid(running.popen.pid)
                except ProcessLookupError:
                    continue
        return 0

    def _check_restarts(self, running: _Running) -> None:
        oldest_that_counts = self._clock() - _RESTART_WINDOW_S
        while running.starts and running.starts[0] < oldest_that_counts:
            running.starts.popleft()
        if len(running.starts) > _RESTARTS_ALLOWED:
            raise DemoError(
                f"{running.child.name} stops again and again. Its log: {running.child.log}"
            )

    def _save(self) -> None:
        found = [processes.identify(running.popen.pid) for running in self._running.values()]
        processes.save(self._pid_file, [process for process in found if process is not None])

    def _stop(self, stopping: list[_Running]) -> None:
        for running in stopping:
            if running.popen.poll() is None:
                running.popen.send_signal(running.child.stop_signal)
        deadline = time.monotonic() + _GRACE_S
        for running in stopping:
            try:
                running.popen.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                running.popen.kill()
                running.popen.wait()
