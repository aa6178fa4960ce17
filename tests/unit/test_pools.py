"""The pool of each company, through Airflow's command line."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fortnox.core.errors import FatalError
from fortnox.core.mapping import ShopRow
from fortnox.pools import airflow_command, create_pools, missing_pools, wanted_pools


def shop(key: str, conn_id: str) -> ShopRow:
    """A shop booked through a connection."""
    return ShopRow(
        shop=key,
        name=key,
        reference_key=key,
        platform="woocommerce",
        shop_conn_id="woo",
        fortnox_conn_id=conn_id,
        organisation_number="559000-0005",
        timezone="Europe/Stockholm",
        start_date=date(2026, 1, 1),
    )


class Airflow:
    """An ``airflow pools`` that knows some pools and keeps what is imported."""

    def __init__(self, *names: str) -> None:
        self.names = names
        self.imported: dict[str, Any] = {}

    def __call__(self, arguments: Sequence[str]) -> str:
        """Answer like the real one, warning first."""
        if arguments[1] == "import":
            self.imported = json.loads(Path(arguments[2]).read_text(encoding="utf-8"))
            return ""
        pools = [{"pool": name, "slots": "1"} for name in self.names]
        return f"a warning of some provider\n{json.dumps(pools)}\n"


def test_one_pool_per_company() -> None:
    """Two shops of one company would write to it at the same time."""
    assert wanted_pools([shop("b", "acme"), shop("a", "acme"), shop("c", "fortnox_x")]) == {
        "fortnox_acme": "One at a time in Fortnox acme (shops a, b)",
        "fortnox_x": "One at a time in Fortnox fortnox_x (shops c)",
    }


def test_missing_pools_are_found() -> None:
    """A run would wait for ever, with no word of why."""
    airflow = Airflow("default_pool", "fortnox_b")

    assert missing_pools(["fortnox_a", "fortnox_b"], airflow) == ["fortnox_a"]


def test_only_missing_pools_are_created_with_one_slot() -> None:
    """Slots that somebody raised on purpose would fall back to one, or be two from the start."""
    airflow = Airflow("fortnox_b")

    assert create_pools({"fortnox_a": "A", "fortnox_b": "B"}, airflow) == ["fortnox_a"]
    assert airflow.imported == {
        "fortnox_a": {"slots": 1, "description": "A", "include_deferred": False}
    }


def test_nothing_is_imported_when_all_are_there() -> None:
    """Every demo would pay for one more start of Airflow."""
    airflow = Airflow("fortnox_a")

    assert create_pools({"fortnox_a": "A"}, airflow) == []
    assert airflow.imported == {}


def test_a_failing_airflow_is_named_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A traceback of another program would be all that the user sees."""
    monkeypatch.setattr("fortnox.pools.sys.executable", "/bin/false")

    with pytest.raises(FatalError, match=r"airflow pools list failed.*AIRFLOW_HOME"):
        airflow_command(["pools", "list"])
