"""The Airflow connection that a walk ends in: tried out before it is stored, encrypted by Airflow.

Through Airflow's own model, as ``airflow connections add`` does, so that no secret stands in the
arguments of a process.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from airflow.models.connection import Connection
from airflow.utils.session import create_session
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from fortnox.core.errors import FatalError


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A connection to be; nothing of it is shown."""

    conn_id: str
    conn_type: str
    host: str = ""
    login: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False)


@contextmanager
def tried(made: Made) -> Iterator[None]:
    """Hooks of this process find the connection, although it is not stored yet.

    By an environment variable, as Airflow's own test button does it.
    """
    name = f"AIRFLOW_CONN_{made.conn_id.upper()}"
    before = os.environ.get(name)
    os.environ[name] = json.dumps(
        {
            "conn_type": made.conn_type,
            "host": made.host,
            "login": made.login,
            "password": made.password,
            "extra": dict(made.extra),
        }
    )
    try:
        yield
    finally:
        os.environ.pop(name)
        if before is not None:
            os.environ[name] = before


def refuse_taken(conn_id: str, conn_type: str, *, replace: bool) -> None:
    """Before anybody is asked anything: may a connection of this id be stored?

    Raises:
        FatalError: It is there already, of another type, or hidden by an environment variable.
    """
    if f"AIRFLOW_CONN_{conn_id.upper()}" in os.environ:
        raise FatalError(
            f"The environment variable AIRFLOW_CONN_{conn_id.upper()} would hide what is stored.",
            remedy="Unset it, or keep the connection there and do without this command.",
        )
    found = _find(conn_id)
    if found is None:
        return
    if found.conn_type != conn_type:
        raise FatalError(
            f"The connection {conn_id} is there and of type {found.conn_type}.",
            remedy="Choose another name with --connection.",
        )
    if not replace:
        raise FatalError(
            f"The connection {conn_id} is there already.",
            remedy="Say --replace to give it new keys; its other fields stay.",
        )


def store(made: Made) -> str:
    """Write it to Airflow's database; of one that is there the other extra fields stay.

    An extra field that is empty is taken away.

    Returns:
        A sentence that says so, and whether Airflow could encrypt it.

    Raises:
        FatalError: Airflow's database can't be written.
    """
    try:
        with create_session() as session:
            found = session.scalar(select(Connection).where(Connection.conn_id == made.conn_id))
            row = found or Connection(conn_id=made.conn_id, conn_type=made.conn_type)
            kept = row.extra_dejson if found else {}
            row.host, row.login = made.host or None, made.login
            row.set_password(made.password)
            extra = {**kept, **made.extra}
            row.set_extra(json.dumps({name: value for name, value in extra.items() if value != ""}))
            session.add(row)
            is_encrypted = row.is_encrypted
    except SQLAlchemyError as error:
        raise _no_database(error) from None
    if is_encrypted:
        return f"Stored as connection {made.conn_id}, encrypted."
    return (
        f"Stored as connection {made.conn_id}, NOT encrypted: this Airflow has no fernet key. Set "
        "AIRFLOW__CORE__FERNET_KEY, then run this again with --replace."
    )


def _find(conn_id: str) -> Connection | None:
    try:
        with create_session() as session:
            found = session.scalar(select(Connection).where(Connection.conn_id == conn_id))
            if found is not None:
                session.expunge(found)
            return found
    except SQLAlchemyError as error:
        raise _no_database(error) from None


def _no_database(error: SQLAlchemyError) -> FatalError:
    # The class only: its text quotes the statement, with what it would have stored.
    return FatalError(
        f"Airflow's database can't be used ({type(error).__name__}).",
        remedy="Run it in the environment of your Airflow (AIRFLOW_HOME, database).",
    )
