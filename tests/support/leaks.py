"""Whether anything that a run leaves behind holds a secret, or says who bought."""

import base64
import json
import sqlite3
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tests.support.captured import all_files
from tests.support.worlds import CLIENT_ID, CLIENT_SECRET, World

from fortnox.sandbox.woocommerce import DEFAULT_KEY, DEFAULT_SECRET

_BASIC = ((CLIENT_ID, CLIENT_SECRET), (DEFAULT_KEY, DEFAULT_SECRET))
SECRETS = (
    *(CLIENT_SECRET, DEFAULT_KEY, DEFAULT_SECRET),
    *(base64.b64encode(f"{name}:{secret}".encode()).decode() for name, secret in _BASIC),
)
#: What tells of a person; a country, a town or a first name alone does not.
_TELLING = ("email", "phone", "address_1", "address_2", "postcode", "company")


def leaks(world: World, folder: Path, printed: str) -> list[str]:
    """What was found where it must not be, each with the place.

    Args:
        world: Whose buyers and secrets are looked for.
        folder: Of the run: ``reports`` may be read by many, ``staging`` by its owner only.
        printed: What the run printed and logged.
    """
    words = [*SECRETS, *sorted(set(_people(world)))]
    places = {
        "log": printed,
        "database": _database(),
        "reports": all_files(folder / "reports"),
    }
    assert len(words) > 50
    assert all(places.values())
    found = [
        f"{word!r} in the {place}"
        for place, text in places.items()
        for word in words
        if any(form in text for form in _forms(word))
    ]
    return [*found, *_open_files(folder / "staging")]


def _people(world: World) -> Iterator[str]:
    """Everything in the shop that tells of a buyer."""
    data = world.woocommerce.data
    for item in (*data.orders.values(), *data.customers.values()):
        values = [item.get("customer_ip_address"), item.get("customer_note")]
        for part in ("billing", "shipping"):
            address: dict[str, Any] = item.get(part) or {}
            values += [address.get(name) for name in _TELLING]
            values.append(f"{address.get('first_name', '')} {address.get('last_name', '')}".strip())
        # A word of four letters is found everywhere.
        yield from (str(value) for value in values if value and len(value) > 4)


def _forms(word: str) -> Iterable[str]:
    """As it is, and as JSON writes it."""
    return (word, json.dumps(word)[1:-1])


def _database() -> str:
    """All of Airflow's tables: XComs, rendered templates, audit log, runs, events, notes."""
    from airflow import settings

    assert settings.engine is not None
    path = str(settings.engine.url.database)
    with sqlite3.connect(path) as connection:
        return "\n".join(connection.iterdump())


def _open_files(staging: Path) -> Iterator[str]:
    """Staged files that others than their owner may read."""
    files = [path for path in staging.rglob("*") if path.is_file()]
    assert files
    for path in files:
        modes = stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)
        if modes != (0o600, 0o700):
            yield f"{path.relative_to(staging)} is open: {modes[0]:o} in {modes[1]:o}"
