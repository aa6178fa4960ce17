"""Files between the tasks of one run: written once, checked when read, never named from outside.

Layout (rules of the scheduler 15)::

    <base>/<fortnox_conn_id>/<shop>/<window label>/<run hash>/<step>-<sha256[:12]>.parquet

The folder is computed from values with safe characters; a pointer in an XCom holds the step, the
hash and the row count, and no path. Files hold personal data: 0600 in 0700, erased after
``retention_days``.
"""

import hashlib
import io
import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Generic, TypedDict, TypeVar

import pandas as pd
from airflow.configuration import AIRFLOW_HOME
from airflow.sdk import ObjectStoragePath
from pydantic import TypeAdapter, ValidationError

from fortnox.api.private_file import write_private
from fortnox.core.errors import FatalError, UnreachableError
from fortnox.core.report_paths import report_folder

#: Environment variable that names the staging area: a folder, or an object storage URL.
BASE_VARIABLE = "FORTNOX_STAGING"
_HASH_LENGTH = 12
_RECORD = "record"

T = TypeVar("T")


class Pointer(TypedDict):
    """A staged file as it travels in an XCom."""

    step: str
    sha256: str
    rows: int


def staging_base() -> str:
    """The configured staging area, by default below Airflow's home."""
    return os.environ.get(BASE_VARIABLE, "").strip() or f"{AIRFLOW_HOME}/fortnox/staging"


def local_folder(base: str, *parts: str) -> Path:
    """A folder of the staging area as a local path, for locks.

    Raises:
        FatalError: The staging area is object storage, which has no locks that die with their
            holder, so two writers to one company could not be kept apart.
    """
    text = base.removeprefix("file://")
    if "://" in text:
        raise FatalError(
            f"The staging area {base} is object storage; this version keeps two writers to one "
            "company apart by a file lock.",
            remedy=f"Point {BASE_VARIABLE} to a folder that all workers of the company share.",
        )
    return Path(text, *parts)


class Records(Generic[T]):
    """How values of one type become a parquet file and values again.

    One column ``record`` holds each value as JSON, exact decimals as text; the columns beside it
    are for people who look into the file.
    """

    def __init__(self, record_type: type[T], columns: Sequence[str] = ()) -> None:
        self._type = record_type
        self._columns = tuple(columns)

    @cached_property
    def _adapter(self) -> TypeAdapter[T]:
        """Built once, when the first file is written or read."""
        return TypeAdapter(self._type)

    def to_bytes(self, values: Sequence[T]) -> bytes:
        """Parquet, snappy."""
        data: dict[str, list[object]] = {
            column: [getattr(value, column) for value in values] for column in self._columns
        }
        data[_RECORD] = [self._adapter.dump_json(value).decode() for value in values]
        buffer = io.BytesIO()
        pd.DataFrame(data).to_parquet(buffer, index=False)
        return buffer.getvalue()

    def from_bytes(self, content: bytes) -> list[T]:
        """The inverse of :meth:`to_bytes`."""
        frame = pd.read_parquet(io.BytesIO(content), columns=[_RECORD])
        try:
            return [self._adapter.validate_json(text) for text in frame[_RECORD]]
        except ValidationError:
            # Without a cause: it would quote the record, which holds a buyer.
            pass
        raise FatalError(
            "A staged file was written by another version of the package.",
            remedy="Run the day again from its first task.",
        )


class StagingArea:
    """The staging folder of one run.

    Args:
        base: A folder or an object storage URL.
        conn_id: The company's connection.
        shop: The shop's key.
        label: ``Window.label``.
        dag_id: The DAG.
        run_id: The run; anything, it goes in as a hash.
    """

    def __init__(
        self, *, base: str, conn_id: str, shop: str, label: str, dag_id: str, run_id: str
    ) -> None:
        root = base if "://" in base else f"file://{base}"
        relative = report_folder(conn_id, shop, label, dag_id, run_id)
        self._base = ObjectStoragePath(root)
        self._folder = self._base / relative

    def write(self, step: str, content: bytes, rows: int, *, suffix: str = "parquet") -> Pointer:
        """Stage a file under its hash; the same content twice is the same file."""
        digest = hashlib.sha256(content).hexdigest()
        write_atomically(self._folder, _name(step, digest, suffix), content)
        return {"step": step, "sha256": digest, "rows": rows}

    def read(self, pointer: Pointer, *, suffix: str = "parquet") -> bytes:
        """The staged bytes.

        Raises:
            FatalError: The file is gone (erased after its retention) or was changed.
            UnreachableError: The staging area does not answer, or is not there at all.
        """
        name = _name(pointer["step"], pointer["sha256"], suffix)
        try:
            content = (self._folder / name).read_bytes()
        except FileNotFoundError as error:
            if not self._base.exists():
                raise _away(f"there is no folder {self._base.path}") from error
            raise FatalError(
                f"The staged file {name} is gone.",
                remedy="Working files expire; run the day again from its first task.",
            ) from error
        except OSError as error:
            raise _away(error.strerror or type(error).__name__) from error
        if hashlib.sha256(content).hexdigest() != pointer["sha256"]:
            raise FatalError(f"The staged file {name} was changed after it was written.")
        return content

    def write_records(self, step: str, records: Records[T], values: Sequence[T]) -> Pointer:
        """Stage values."""
        return self.write(step, records.to_bytes(values), len(values))

    def read_records(self, pointer: Pointer, records: Records[T]) -> list[T]:
        """Staged values."""
        return records.from_bytes(self.read(pointer))


def write_atomically(folder: ObjectStoragePath, name: str, content: bytes) -> None:
    """A whole file or none, readable by its owner only; object stores write whole by themselves."""
    if folder.protocol != "file":
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
        return
    write_private(Path(folder.path) / name, content)


def _away(reason: str) -> UnreachableError:
    return UnreachableError(
        f"The staging area can't be read: {reason}.",
        remedy="Mount it on this worker as on the others; the task is tried again.",
    )


def _name(step: str, digest: str, suffix: str) -> str:
    return f"{step}-{digest[:_HASH_LENGTH]}.{suffix}"
