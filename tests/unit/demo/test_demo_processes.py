"""Which processes are ours."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fortnox.demo import processes
from fortnox.demo.processes import Process


def test_a_pid_that_was_used_again_is_another_process() -> None:
    """The next demo would kill a stranger's process."""
    mine = processes.identify(os.getpid())
    assert mine is not None
    assert processes.alive(mine)
    assert not processes.alive(Process(mine.pid, "long ago"))
    assert processes.end([Process(mine.pid, "long ago")], grace_s=0.1) == 0


def test_ps_and_proc_agree_that_a_process_lives() -> None:
    """Without /proc (macOS) no orphan would be found."""
    assert processes._ps_start(os.getpid())
    assert not processes._ps_start(2**22 + 1)


def test_a_process_that_ignores_the_request_is_killed() -> None:
    """A hanging Airflow would keep its port for ever."""
    code = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "print('ready', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as stubborn:
        assert stubborn.stdout is not None
        stubborn.stdout.readline()
        process = processes.identify(stubborn.pid)
        assert process is not None
        assert processes.end([process], grace_s=0.3) == 1
        assert stubborn.wait(10) == -signal.SIGKILL


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc")
def test_the_mark_finds_only_the_demo_s_own_processes() -> None:
    """Another demo on the machine would be stopped."""
    env = {**os.environ, processes.MARK: "/a", processes.CHILD_MARK: "one"}
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], env=env) as child:
        deadline = time.monotonic() + 5
        while not processes.marked("/a") and time.monotonic() < deadline:
            time.sleep(0.02)  # until exec has put the environment in place
        try:
            assert [process.pid for process in processes.marked("/a")] == [child.pid]
            assert [process.pid for process in processes.marked("/a", "one")] == [child.pid]
            assert processes.marked("/a", "two") == []
            assert processes.marked("/") == []
        finally:
            child.kill()


@pytest.mark.parametrize("text", ["", "{}", "[1]", '[{"pid": "x"}]'])
def test_a_broken_pid_file_names_nobody(tmp_path: Path, text: str) -> None:
    """A demo killed while writing would break the next one."""
    path = tmp_path / "pids.json"
    path.write_text(text, encoding="utf-8")
    assert processes.load(path) == []


def test_the_pid_file_is_read_back(tmp_path: Path) -> None:
    """The next demo would not find the processes of a killed one."""
    path = tmp_path / "pids.json"
    processes.save(path, [Process(7, "123"), Process(8, "Sat Nov 21 02:00:00 2026")])
    assert processes.load(path) == [Process(7, "123"), Process(8, "Sat Nov 21 02:00:00 2026")]
