"""The demo's day, its ports and its copy of the mappings."""

import csv
import socket
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from fortnox.demo.errors import DemoError
from fortnox.demo.world import (
    LOOPBACK,
    Ports,
    World,
    choose_ports,
    demo_day,
    listens,
    set_columns,
    write_mappings,
)

PORTS = Ports(airflow=1, fortnox=2, woocommerce=3)


@pytest.mark.parametrize(
    ("now_utc", "day"),
    [
        (datetime(2026, 11, 21, 12, tzinfo=UTC), date(2026, 11, 20)),
        # 00:10 in Stockholm on the 21st: the 20th is not settled yet.
        (datetime(2026, 11, 20, 23, 10, tzinfo=UTC), date(2026, 11, 19)),
        (datetime(2026, 11, 20, 23, 30, tzinfo=UTC), date(2026, 11, 20)),
        # Summer time: 00:40 on the 2nd is 22:40 UTC on the 1st.
        (datetime(2026, 7, 1, 22, 40, tzinfo=UTC), date(2026, 7, 1)),
    ],
)
def test_the_demo_shows_the_last_settled_day_of_stockholm(now_utc: datetime, day: date) -> None:
    """A demo started at night would wait for a day that is not over, or show an empty one."""
    assert demo_day(now_utc) == day


def test_a_port_that_is_asked_for_and_taken_is_refused() -> None:
    """The user would look at somebody else's server."""
    with socket.socket() as other:
        other.bind((LOOPBACK, 0))
        other.listen()
        taken = other.getsockname()[1]
        with pytest.raises(DemoError, match=f"AIRFLOW_PORT={taken} is not a free port"):
            choose_ports({"AIRFLOW_PORT": str(taken)}, None)


@pytest.mark.parametrize("wish", ["http", "99999", "-1"])
def test_a_port_that_is_none_is_refused(wish: str) -> None:
    """A typing error would end in a traceback."""
    with pytest.raises(DemoError, match="FORTNOX_PORT"):
        choose_ports({"FORTNOX_PORT": wish}, None)


def test_one_port_for_two_servers_is_refused() -> None:
    """The second server would die again and again."""
    free = str(choose_ports({}, None).airflow)
    with pytest.raises(DemoError, match="one port"):
        choose_ports({"AIRFLOW_PORT": free, "FORTNOX_PORT": free}, None)


def test_ports_of_the_last_start_are_used_again() -> None:
    """A bookmark of the UI, and the connections of runs under way, would point nowhere."""
    last = choose_ports({}, None)
    assert choose_ports({}, last) == last


def test_listens_tells_an_open_port_from_a_closed_one() -> None:
    """The demo would start before the sandbox answers."""
    with socket.socket() as server:
        server.bind((LOOPBACK, 0))
        port = server.getsockname()[1]
        assert not listens(port)
        server.listen()
        assert listens(port)


def test_a_world_survives_its_file(tmp_path: Path) -> None:
    """A second demo would throw the first one's books away."""
    here = World(day="2026-11-20", version="0.1.0", ports=PORTS, database="postgresql")
    here.save(tmp_path / "world.json")
    assert World.load(tmp_path / "world.json") == here


@pytest.mark.parametrize("text", ["", "[]", '{"day": "2026-11-20"}', '{"ports": 1}'])
def test_a_broken_world_file_is_no_world(tmp_path: Path, text: str) -> None:
    """A demo killed while writing would break the next one."""
    path = tmp_path / "world.json"
    path.write_text(text, encoding="utf-8")
    assert World.load(path) is None


def test_another_day_or_version_is_another_world() -> None:
    """Yesterday's orders would be looked for in the shop of the day before."""
    here = World(day="2026-11-20", version="0.1.0", ports=PORTS)
    assert here.same_as(World(day="2026-11-20", version="0.1.0", ports=PORTS, database="x"))
    assert not here.same_as(World(day="2026-11-21", version="0.1.0", ports=PORTS))
    assert not here.same_as(World(day="2026-11-20", version="0.2.0", ports=PORTS))


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_columns_are_set_and_the_rest_stays(delimiter: str) -> None:
    """The demo's shop would begin in the past and catch up on hundreds of days."""
    rows = [["shop", "name", "start_date"], ["demo", f'A "B" {delimiter} C', "2025-01-01"]]
    text = "# note\n" + "\n".join(
        delimiter.join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in rows
    )
    changed = set_columns(text, {"start_date": "2026-11-20", "absent": "x"})
    lines = changed.splitlines()
    assert lines[0] == "# note"
    assert list(csv.reader(lines[1:], delimiter=delimiter)) == [
        rows[0],
        ["demo", f'A "B" {delimiter} C', "2026-11-20"],
    ]


def test_only_the_shops_file_is_changed_in_the_copy(tmp_path: Path) -> None:
    """The demo would not show the mappings that the package ships."""
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    (source / "shops.csv").write_text("shop,start_date\ndemo,2025-01-01\n", encoding="utf-8")
    (source / "accounts.csv").write_text("shop,start_date\n*,2025-01-01\n", encoding="utf-8")
    (source / "README.md").write_text("no", encoding="utf-8")
    write_mappings(source, target, date(2026, 11, 20))
    assert {path.name: path.read_text(encoding="utf-8") for path in target.iterdir()} == {
        "shops.csv": "shop,start_date\ndemo,2026-11-20\n",
        "accounts.csv": "shop,start_date\n*,2025-01-01\n",
    }
