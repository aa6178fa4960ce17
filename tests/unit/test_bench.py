"""``make bench`` on somebody else's machine: what can't be measured there costs nothing else."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.bench.figures import Figure, UnavailableError
from tests.bench.parts import Part, measure_parts


def figure(value: float) -> Figure:
    return Figure(name="time", unit="s", values=(value,), limit="")


def part(title: str, measure: Callable[[], Iterator[Figure]]) -> Part:
    return Part(title=title, minutes=1, measure=measure)


def measured(value: float) -> Callable[[], Iterator[Figure]]:
    return lambda: iter([figure(value)])


def failing(error: Exception) -> Callable[[], Iterator[Figure]]:
    def measure() -> Iterator[Figure]:
        yield figure(0)
        raise error

    return measure


@pytest.mark.parametrize(
    ("error", "exit_code"),
    [(UnavailableError("redis-server is not installed"), 0), (RuntimeError("a host failed"), 1)],
)
def test_a_part_that_fails_keeps_its_table_and_loses_no_other(
    error: Exception, exit_code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without Redis an hour of measuring would be lost, or an older table emptied."""
    page, data = tmp_path / "page.md", tmp_path / "data.json"
    page.write_text("a\n<!-- made by make bench: begin -->\n<!-- made by make bench: end -->\nz\n")
    assert measure_parts({"two": part("Two", measured(2))}, page, data) == 0
    parts = {
        "one": part("One", measured(1)),
        "two": part("Two", failing(error)),
        "three": part("Three", measured(3)),
    }
    assert measure_parts(parts, page, data) == exit_code
    kept = json.loads(data.read_text())
    assert {title: one["figures"][0]["median"] for title, one in kept.items()} == {
        "One": 1,
        "Two": 2,
        "Three": 3,
    }
    text = page.read_text()
    assert text.startswith("a\n")
    assert text.endswith("z\n")
    assert all(f"**{title}.**" in text for title in kept)
    assert f"Not measured: two ({error})" in capsys.readouterr().out


def test_it_says_first_how_long_it_takes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who starts it must know whether to wait for it."""
    page = tmp_path / "page.md"
    page.write_text("<!-- made by make bench: begin -->\n<!-- made by make bench: end -->\n")
    parts = {name: part(name, measured(1)) for name in ("one", "two")}
    measure_parts(parts, page, tmp_path / "data.json")
    assert capsys.readouterr().out.splitlines()[0].startswith("Measuring one, two: about 2 minutes")
