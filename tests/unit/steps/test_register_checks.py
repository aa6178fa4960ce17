"""Preflight of articles and stock: what would hold them all is told before the first run."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.support.builders import mapping_files, shop_row

from fortnox.core.article_cache import VERSION, ArticleCache
from fortnox.core.checks import Severity
from fortnox.core.errors import FatalError
from fortnox.core.mapping import Mappings, parse_mappings
from fortnox.steps.article_cache import store_cache
from fortnox.steps.register_checks import register_checks

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Fortnox:
    """A company with one price list besides the standard one."""

    #: What it says of its warehouse module; None: the app may not ask.
    warehouse: bool | None = None

    def get_service(self, path: str) -> dict[str, Any]:
        assert path.startswith("/api/warehouse/")
        if self.warehouse is None:
            raise FatalError("refused")
        return {"activated": self.warehouse, "tenantId": 1}

    def find(self, path: str, envelope: str) -> dict[str, str] | None:
        del envelope
        return {"Code": "WEBB"} if path == "pricelists/WEBB" else None


def flowing(**directions: str) -> Mappings:
    """The standard mappings with these resources on."""
    rows = [f"*,{name},{direction},hourly" for name, direction in directions.items()]
    events = "\n".join(["shop,resource,direction,schedule", "*,orders,export,hourly", *rows])
    return parse_mappings(mapping_files(events=f"{events}\n")).mappings


def told(
    mappings: Mappings, *, warehouse: bool | None = None, **columns: Any
) -> dict[str, Severity]:
    """What is looked at, and what became of it."""
    fortnox: Any = Fortnox(warehouse)
    found = register_checks(mappings, shop_row(**columns), fortnox)
    return {check.what: check.severity for check in found}


@pytest.mark.parametrize(
    ("code", "severity"),
    [("A", Severity.OK), ("WEBB", Severity.OK), ("WEB", Severity.WARNING)],
)
def test_a_price_list_that_is_not_there_is_told(code: str, severity: Severity) -> None:
    """The first run would stop in the night."""
    assert told(flowing(articles="export"), price_list=code) == {f"price list {code}": severity}


def test_what_does_not_flow_is_not_asked_about() -> None:
    """Preflight would be red for a price list that nobody uses."""
    assert told(flowing(articles="off", stock="off"), price_list="WEB") == {}


def test_the_warehouse_module_is_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every night all quantities would be held, and preflight say that all is well."""
    monkeypatch.setenv("FORTNOX_STAGING", str(tmp_path))
    mappings = flowing(stock="export")
    assert told(mappings) == {"warehouse module": Severity.OK}
    cache = ArticleCache(
        version=VERSION, read_at=NOW, full_at=NOW, price_list="A", shop=(), fortnox=(),
        warehouse=True,
    )  # fmt: skip
    store_cache(shop_row(), "stock", cache)
    assert told(mappings) == {"warehouse module": Severity.WARNING}
    assert told(flowing(stock="import")) == {}
    assert told(mappings, warehouse=False) == {"warehouse module": Severity.OK}
    store_cache(shop_row(), "stock", replace(cache, warehouse=False))
    assert told(mappings) == {"warehouse module": Severity.OK}
    assert told(mappings, warehouse=True) == {"warehouse module": Severity.WARNING}
