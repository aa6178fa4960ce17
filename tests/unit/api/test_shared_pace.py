"""One pace over several hosts by a real Redis, and a careful one without it."""

import json
import logging
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from fortnox.api.limiter import Pacer
from fortnox.api.pace import Starts
from fortnox.api.shared_pace import (
    MemoryLostError,
    RedisMemory,
    SharedPacer,
    answers,
    connected,
    shared_pacer,
)
from fortnox.core.errors import FatalError

NOBODY = "redis://:secret-word@127.0.0.1:1/0"


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    """A Redis of this test's own, on a socket: its path is short, unlike pytest's folders."""
    server = shutil.which("redis-server")
    if server is None:
        pytest.skip("redis-server is not installed")
    with tempfile.TemporaryDirectory(prefix="fnx-") as folder:
        path = Path(folder) / "redis.sock"
        command = [server, "--port", "0", "--unixsocket", str(path), "--save", ""]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
            try:
                url = f"unix://{path}"
                _wait_for(url)
                yield url
            finally:
                process.terminate()


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + 60
    while not answers(url):
        assert time.monotonic() < deadline, "redis-server did not start"
        time.sleep(0.02)


def test_hosts_that_share_a_redis_keep_one_pace(redis_url: str) -> None:
    """With two slots in the pool a company's two tasks would together get 429s."""
    made: list[float] = []

    def host() -> None:
        pacer = Pacer(24, 0.5, memory=RedisMemory(connected(redis_url), "one-pace"))
        for _ in range(10):
            pacer.wait()
            made.append(time.monotonic())

    hosts = [Thread(target=host) for _ in range(3)]
    for one in hosts:
        one.start()
    for one in hosts:
        one.join()

    assert len(made) == 30
    # Each by itself would need a third of it; a thread that is woken late takes some away.
    assert max(made) - min(made) >= 0.6 * 29 * 0.5 / 24


def test_no_change_of_another_host_is_lost(redis_url: str) -> None:
    """Two hosts that change the memory at once would be given the same turn."""
    slots: list[float] = []

    def host() -> None:
        memory = RedisMemory(connected(redis_url), "no-change-lost")
        slots.extend(memory.change(_take) for _ in range(40))

    hosts = [Thread(target=host) for _ in range(4)]
    for one in hosts:
        one.start()
    for one in hosts:
        one.join()

    assert sorted(slots) == [float(n) for n in range(160)]


def _take(starts: Starts, _now_s: float) -> tuple[Starts, float]:
    slot = starts.next_slot_s or 0.0
    return Starts(next_slot_s=slot + 1), slot


@pytest.mark.parametrize("kept", ["nonsense", "[1]", '{"next_slot_s": 99999999999.0}'])
def test_what_is_none_of_ours_counts_as_nothing(redis_url: str, kept: str) -> None:
    """A Redis whose clock was set back, or a foreign key, would let everybody wait for years."""
    client = connected(redis_url)
    client.set("foreign", kept)

    seen = RedisMemory(client, "foreign").change(lambda starts, _: (starts, starts))

    assert seen == Starts()
    assert json.loads(str(client.get("foreign"), "ascii"))["resume_s"] == 0.0
    assert 0 < client.pttl("foreign") <= 600_000


def test_without_redis_requests_go_on_at_a_quarter_of_the_rate(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The night's books would stand still for a Redis; its password would stand in the log."""
    slept_s: list[float] = []
    now_s = [0.0]

    def sleep(seconds: float) -> None:
        slept_s.append(seconds)
        now_s[0] += seconds

    alone = Pacer(per_window=6, clock=lambda: now_s[0], sleep=sleep)
    shared = Pacer(memory=RedisMemory(connected(NOBODY), "company"))
    pacer = SharedPacer(shared, alone, clock=lambda: now_s[0])

    with caplog.at_level(logging.WARNING):
        waited_s = [pacer.wait() for _ in range(3)]

    assert waited_s == pytest.approx([5 / 6] * 3)
    assert len(caplog.records) == 1
    assert "secret-word" not in caplog.text


def test_a_redis_that_comes_back_is_used_again() -> None:
    """One lost packet would slow a first sync of days to a quarter until its end."""
    now_s, lost = [0.0], [True]

    class Shared:
        def __init__(self) -> None:
            self.turns, self.held_s = 0, 0.0

        def wait(self) -> float:
            if lost[0]:
                raise MemoryLostError("ConnectionError")
            self.turns += 1
            return 0.0

        def hold_back(self, seconds: float) -> None:
            self.held_s = seconds

    shared = Shared()
    alone = Pacer(clock=lambda: now_s[0], sleep=lambda _: None)
    pacer = SharedPacer(shared, alone, clock=lambda: now_s[0])
    pacer.wait()
    lost[0] = False
    pacer.hold_back(7.0)
    assert (shared.turns, shared.held_s) == (0, 0.0)

    now_s[0] = 31.0
    pacer.wait()
    pacer.hold_back(8.0)

    assert (shared.turns, shared.held_s) == (1, 8.0)


def test_an_address_that_is_none_is_told_without_its_password() -> None:
    """A typing error would put the password into the log of every task."""
    with pytest.raises(FatalError) as refused:
        shared_pacer("http://:secret-word@redis", "company", 24)

    assert "secret-word" not in str(refused.value)
    assert "redis://" in refused.value.remedy


def test_whether_redis_answers_is_asked(redis_url: str) -> None:
    """Preflight would be silent about a shared pace that nobody keeps."""
    assert answers(redis_url)
    assert not answers(NOBODY)
