"""Whether two processes that share nothing, or only a Redis, keep one company's limit together.

Pool size 1: a process begins the moment another one ends, again and again, as tasks on two hosts
do. Pool size 2: two at once, with the pace in a Redis of their own.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.figures import Figure, UnavailableError, at_least, at_most
from tests.bench.rate import PERMITTED_PER_S, Seen
from tests.support.once import at_url

from fortnox.api.limiter import Pacer, Pacing
from fortnox.api.shared_pace import answers, shared_pacer
from fortnox.sandbox.fortnox.app import create_app
from fortnox.sandbox.server import start

_RATE = 24
_TOO_MANY = 429
_START_TIMEOUT_S = 10.0


def measure_one_after_another(requests: int) -> Iterator[Figure]:
    """Readings only: the limit does not tell them from writes.

    Args:
        requests: Of each process.
    """
    seen = Seen(create_app())
    with start(seen) as server:
        for _ in range(4):
            # A pacer of its own each time: what the one before used is not known.
            _read(server.url, requests, Pacer(per_window=_RATE))
    yield _refused("processes one after another, each with a pace of its own", seen)


def measure_at_once(requests: int) -> Iterator[Figure]:
    """The same by two processes at once.

    Args:
        requests: Of each process.

    Raises:
        UnavailableError: There is no Redis.
    """
    redis = shutil.which("redis-server")
    if redis is None:
        raise UnavailableError("redis-server is not installed")
    seen = Seen(create_app())
    with _redis(redis) as redis_url, start(seen) as server:
        command = [sys.executable, "-m", "tests.bench.two_hosts", server.url, redis_url]
        hosts = [subprocess.Popen([*command, str(requests)]) for _ in range(2)]
        if any(host.wait() for host in hosts):
            raise RuntimeError("a host failed")
    yield _refused("two processes at once, a pace shared over Redis", seen)
    times = sorted(at_s for at_s, *_ in seen.requests)
    # Only while both were there.
    times = times[len(times) // 4 : 3 * len(times) // 4]
    share = 100 * (len(times) - 1) / (times[-1] - times[0]) / PERMITTED_PER_S
    yield at_least("permitted rate that the two use together", "%", [share], 95)


def _refused(name: str, seen: Seen) -> Figure:
    refused = sum(status == _TOO_MANY for *_, status in seen.requests)
    return at_most(f"refused for the rate (429): {name}", "", [refused], 0)


def _read(url: str, requests: int, pacer: Pacing) -> None:
    client = at_url(url).client(pacer=pacer, sleep=time.sleep)
    for _ in range(requests):
        client.get("companyinformation", "CompanyInformation")


@contextmanager
def _redis(server: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="fnx-redis-") as folder:
        path = Path(folder) / "redis.sock"
        command = [server, "--port", "0", "--unixsocket", str(path), "--save", ""]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
            try:
                url = f"unix://{path}"
                deadline = time.monotonic() + _START_TIMEOUT_S
                while not answers(url) and time.monotonic() < deadline:
                    time.sleep(0.05)
                yield url
            finally:
                process.terminate()


if __name__ == "__main__":
    _read(sys.argv[1], int(sys.argv[3]), shared_pacer(sys.argv[2], "bench", _RATE))
