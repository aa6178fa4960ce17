"""Everything that a run shows: what it prints and logs, its XComs, and its report files."""

import gzip
import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path


class Printed:
    """What was printed and logged; complete after the ``with`` block."""

    def __init__(self) -> None:
        self.text = ""


@contextmanager
def printed() -> Iterator[Printed]:
    """Collect standard output, standard error and all log records of INFO and above.

    Airflow's task logs go to standard output in ``dag.test``, past pytest's ``caplog``.
    """
    output, records = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.StringIO()
    handler = logging.StreamHandler(records)
    handler.setLevel(logging.INFO)
    root = logging.getLogger()
    root.addHandler(handler)
    seen = Printed()
    try:
        with redirect_stdout(output), redirect_stderr(output):
            yield seen
    finally:
        root.removeHandler(handler)
        output.flush()
        # Not closed: Airflow's loggers may keep it and write to it once more.
        seen.text = output.buffer.getvalue().decode() + records.getvalue()  # type: ignore[attr-defined]


def all_xcoms(dag_id: str) -> str:
    """The XComs of all runs of a DAG, as one text."""
    from airflow.models.xcom import XComModel
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        found = session.scalars(select(XComModel.value).where(XComModel.dag_id == dag_id)).all()
    return json.dumps(found, ensure_ascii=False, default=str)


def all_files(folder: Path) -> str:
    """The contents of all files below a folder, unpacked, with their names."""
    texts = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            plain = gzip.decompress(content) if path.suffix == ".gz" else content
            texts.append(f"{path.relative_to(folder)}\n{plain.decode()}")
    return "\n".join(texts)
