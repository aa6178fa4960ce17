"""Many shops, each with a company of its own: their sandboxes, mapping files and connections."""

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fortnox.core.names import daily_dag_id
from fortnox.demo import world
from fortnox.demo.settings import Layout
from fortnox.demo.supervisor import Child
from fortnox.sandbox.fortnox.company import default_company
from fortnox.sandbox.woocommerce import DEFAULT_KEY, DEFAULT_SECRET

_PER_PROCESS = 5
_FIRST_DATABASE = 1_000_001
_RANK_SANDBOX = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A web shop and the Fortnox company that its sales go into."""

    number: int
    fortnox_url: str
    woocommerce_url: str

    @property
    def key(self) -> str:
        """In the mapping files."""
        return f"s{self.number:03}"

    @property
    def daily(self) -> str:
        """Its daily DAG."""
        return daily_dag_id(self.key)

    @property
    def connections(self) -> dict[str, str]:
        """Its two connections as environment variables."""
        company = default_company()
        fortnox = {
            "conn_type": "fortnox",
            "host": f"{self.fortnox_url}/3",
            "login": company.client_id,
            "password": company.client_secret,
            "extra": {
                "tenant_id": str(database_number(self.number)),
                "token_url": f"{self.fortnox_url}/oauth-v1/token",
            },
        }
        woocommerce = {
            "conn_type": "woocommerce",
            "host": self.woocommerce_url,
            "login": DEFAULT_KEY,
            "password": DEFAULT_SECRET,
        }
        key = self.key.upper()
        return {
            f"AIRFLOW_CONN_FORTNOX_{key}": json.dumps(fortnox),
            f"AIRFLOW_CONN_WOOCOMMERCE_{key}": json.dumps(woocommerce),
        }


def database_number(number: int) -> int:
    """The company of a shop: one legal person with a Fortnox for each."""
    return _FIRST_DATABASE + number


def children(layout: Layout, *, shops: int, day: date, days: int, orders: int) -> list[Child]:
    """The sandboxes' processes, several shops in each; they say their addresses in files."""
    layout.sandbox.mkdir(mode=0o700, parents=True, exist_ok=True)
    return [
        Child(
            name=f"sandbox-{first}",
            argv=(
                *(sys.executable, "-m", "tests.scale.serve", str(address_file(layout, first))),
                *("--first", str(first), "--count", str(min(_PER_PROCESS, shops - first + 1))),
                *("--end-day", day.isoformat(), "--days", str(days), "--orders", str(orders)),
            ),
            env=dict(os.environ),
            log=layout.logs / f"sandbox-{first}.log",
            cwd=Path(__file__).resolve().parents[2],
            rank=_RANK_SANDBOX,
        )
        for first in range(1, shops + 1, _PER_PROCESS)
    ]


def address_file(layout: Layout, first: int) -> Path:
    """Where a process of sandboxes says its addresses."""
    return layout.sandbox / f"from-{first}.json"


def served(layout: Layout) -> list[Shop]:
    """The shops that are served by now."""
    rows = [
        row
        for path in layout.sandbox.glob("from-*.json")
        for row in json.loads(path.read_text(encoding="utf-8"))
    ]
    return sorted((Shop(**row) for row in rows), key=lambda shop: shop.number)


def write_mappings(source: Path, target: Path, shops: Sequence[Shop], start_date: date) -> None:
    """The standard mappings, with a row in shops.csv for each shop."""
    world.write_mappings(source, target, start_date)
    path = target / "shops.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    header, first = (line for line in lines if line.strip() and not line.startswith("#"))
    rows = [
        world.set_columns(
            f"{header}\n{first}\n",
            {
                "shop": shop.key,
                "name": f"Shop {shop.number}",
                "reference_key": shop.key,
                "shop_conn_id": f"woocommerce_{shop.key}",
                "fortnox_conn_id": f"fortnox_{shop.key}",
                "database_number": str(database_number(shop.number)),
            },
        ).splitlines()[1]
        for shop in shops
    ]
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")


def set_start_date(mappings: Path, start_date: date) -> None:
    """All shops begin on another day; Airflow reads the file again within some ten seconds."""
    path = mappings / "shops.csv"
    changed = world.set_columns(
        path.read_text(encoding="utf-8"), {"start_date": start_date.isoformat()}
    )
    path.write_text(changed, encoding="utf-8")
