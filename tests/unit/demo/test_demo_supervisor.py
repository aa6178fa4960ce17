"""The supervisor with real processes."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fortnox.demo import processes
from fortnox.demo.errors import DemoError
from fortnox.demo.supervisor import Child, Supervisor

LINUX = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="needs /proc and prctl(2) of Linux"
)
SLEEP = "import time; time.sleep(60)"


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    """A supervisor that leaves nothing behind."""
    made = Supervisor(tmp_path)
    yield made
    made.stop()


def child(folder: Path, code: str, name: str = "one", rank: int = 0) -> Child:
    """A Python process."""
    return Child(
        name=name,
        argv=(sys.executable, "-c", code),
        env=dict(os.environ),
        log=folder / f"{name}.log",
        cwd=folder,
        rank=rank,
    )


def wait_for(true: Callable[[], object]) -> None:
    """At most ten seconds."""
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_dead_child_is_started_again(tmp_path: Path, supervisor: Supervisor) -> None:
    """A scheduler that died would leave the demo waiting for ever."""
    supervisor.start(child(tmp_path, SLEEP))
    first = supervisor.pid("one")
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: not processes.identify(first))
    supervisor.tick()
    assert supervisor.restarts == ["one"]
    assert supervisor.pid("one") != first


def test_a_child_that_dies_at_once_is_given_up_with_its_log(
    tmp_path: Path, supervisor: Supervisor
) -> None:
    """The demo would start it for ever and never say what is wrong."""
    supervisor.start(child(tmp_path, "raise SystemExit(3)"))

    def tick_for_long() -> None:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            supervisor.tick()
            time.sleep(0.02)

    with pytest.raises(DemoError) as caught:
        tick_for_long()
    assert str(tmp_path / "one.log") in str(caught.value)


def test_all_children_are_one_group(tmp_path: Path, supervisor: Supervisor) -> None:
    """A terminal could not stop them together."""
    supervisor.start(child(tmp_path, SLEEP, "one"))
    supervisor.start(child(tmp_path, SLEEP, "two"))
    groups = {os.getpgid(supervisor.pid(name)) for name in ("one", "two")}
    assert len(groups) == 1
    assert groups != {os.getpgid(0)}


def test_the_highest_rank_stops_first(tmp_path: Path, supervisor: Supervisor) -> None:
    """A database that went first would make Airflow hang at its end."""
    seen = tmp_path / "seen"
    code = textwrap.dedent(f"""
        import pathlib, signal, sys, time
        def stop(*_):
            with open({str(seen)!r}, "a") as out: out.write(sys.argv[1])
            sys.exit(0)
        signal.signal(signal.SIGTERM, stop)
        pathlib.Path(sys.argv[1]).touch()
        time.sleep(60)
    """)
    for name, rank in (("a", 0), ("b", 2), ("c", 1)):
        made = child(tmp_path, code, name, rank)
        supervisor.start(
            Child(
                name=name,
                argv=(*made.argv, name),
                env=made.env,
                log=made.log,
                cwd=tmp_path,
                rank=rank,
            )
        )
    wait_for(lambda: all((tmp_path / name).exists() for name in "abc"))
    supervisor.stop()
    assert seen.read_text(encoding="utf-8") == "bca"


@LINUX
def test_stopping_also_ends_grandchildren_in_groups_of_their_own(
    tmp_path: Path, supervisor: Supervisor
) -> None:
    """A task's process would write to Fortnox after the demo ended."""
    pid_file = tmp_path / "grandchild"
    code = textwrap.dedent(f"""
        import subprocess, sys, time, pathlib
        p = subprocess.Popen([sys.executable, "-c", {SLEEP!r}], start_new_session=True)
        pathlib.Path({str(pid_file)!r}).write_text(str(p.pid))
        time.sleep(60)
    """)
    supervisor.start(child(tmp_path, code))
    wait_for(lambda: pid_file.exists() and pid_file.read_text(encoding="ascii"))
    grandchild = int(pid_file.read_text(encoding="ascii"))
    assert processes.identify(grandchild)
    supervisor.stop()
    wait_for(lambda: not processes.identify(grandchild))


@LINUX
def test_children_die_with_a_killed_supervisor(tmp_path: Path) -> None:
    """`kill -9` of a demo would leave an Airflow running."""
    started = start_and_leave(tmp_path)
    wait_for(lambda: not processes.identify(started))


def test_orphans_are_found_by_the_next_start(
    tmp_path: Path, supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the kernel does not end them, the next demo would meet a second Airflow."""
    started = start_and_leave(tmp_path, survive=True)
    assert processes.identify(started)
    monkeypatch.setattr(processes, "marked", lambda *_: [])  # as on macOS: the pid file alone
    assert supervisor.end_orphans() == 1
    assert not processes.identify(started)
    assert supervisor.end_orphans() == 0


@LINUX
def test_orphans_are_found_without_a_pid_file(tmp_path: Path, supervisor: Supervisor) -> None:
    """A worker that left the group, or a lost file, would hide an Airflow that still runs."""
    started = start_and_leave(tmp_path, survive=True)
    (tmp_path / "pids.json").unlink()
    assert supervisor.end_orphans() == 1
    assert not processes.identify(started)


def start_and_leave(folder: Path, *, survive: bool = False) -> int:
    """The pid of a child whose supervisor was killed."""
    code = textwrap.dedent(f"""
        import os, pathlib, signal, sys
        from fortnox.demo import processes
        from fortnox.demo.supervisor import Child, Supervisor
        if {survive}:
            processes.die_with_parent = lambda number: None
        folder = pathlib.Path({str(folder)!r})
        supervisor = Supervisor(folder)
        supervisor.start(Child(name="one", argv=(sys.executable, "-c", {SLEEP!r}),
                               env=dict(os.environ), log=folder / "log", cwd=folder))
        print(supervisor.pid("one"), flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    """)
    plugins = Path(processes.__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(plugins)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    return int(done.stdout)
