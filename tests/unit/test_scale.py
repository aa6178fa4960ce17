"""The parts of ``make scale`` that decide: its shops, and how it counts."""

from datetime import date
from pathlib import Path

import pytest
from tests.scale.proof import fullest_window, shares_pct
from tests.scale.shops import Shop, set_start_date, write_mappings

from fortnox.core.mapping import parse_mappings
from fortnox.mapping_files import read_folder

STANDARD = Path(__file__).resolve().parents[2] / "include" / "mappings"
URL = "http://127.0.0.1:1"


def test_each_shop_has_a_company_of_its_own(tmp_path: Path) -> None:
    """Shops that share a company would share its pool and its rate: nothing would be proven."""
    shops = [Shop(number=n, fortnox_url=URL, woocommerce_url=URL) for n in range(1, 8)]

    write_mappings(STANDARD, tmp_path, shops, date(2026, 11, 20))
    set_start_date(tmp_path, date(2026, 11, 1))

    parsed = parse_mappings(read_folder(tmp_path))
    assert not parsed.errors
    rows = parsed.mappings.shops
    assert len({row.fortnox_conn_id for row in rows}) == len({row.database_number for row in rows})
    assert [row.shop for row in rows] == [shop.key for shop in shops]
    assert {row.start_date for row in rows} == {date(2026, 11, 1)}
    for row, shop in zip(rows, shops, strict=True):
        assert f"AIRFLOW_CONN_{row.fortnox_conn_id.upper()}" in shop.connections
        assert f"AIRFLOW_CONN_{row.shop_conn_id.upper()}" in shop.connections


def test_the_fullest_window_is_open_at_its_end() -> None:
    """A request exactly 5 s after another one is not in its window at Fortnox either."""
    assert fullest_window([0, 1, 4.99, 5.0, 5.5, 20]) == 4
    assert fullest_window([0, 5, 10]) == 1


def test_pauses_between_two_applies_cost_no_rate() -> None:
    """The share would say how long Airflow took, not how well an apply uses the rate."""
    burst = [n * 0.2 for n in range(26)]
    later = [1000 + moment for moment in burst]

    assert shares_pct([*burst, *later]) == pytest.approx([100, 100])
    assert shares_pct([0, 0.1, 0.2]) == []
