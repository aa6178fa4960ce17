"""The shop's registers: one table of JSON objects per resource, in memory and, if wanted, SQLite.

A table writes down what was assigned or deleted since the last save, so that a change costs the
same in a shop of ten and of a hundred thousand orders. An object that is changed in place must be
assigned again.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import simplejson

from fortnox.sandbox.seed.model import Json, ShopData
from fortnox.sandbox.woocommerce.defaults import (
    order_from_seed,
    product_from_seed,
    variation_from_seed,
)

_Key = int | str


class Table(dict[_Key, Json]):
    """Objects of one kind by id; remembers which were assigned or deleted."""

    def __init__(self, items: Mapping[_Key, Json] | None = None) -> None:
        super().__init__(items or {})
        self.changed: set[_Key] = set(self)

    def __setitem__(self, key: _Key, item: Json) -> None:
        super().__setitem__(key, item)
        self.changed.add(key)

    def __delitem__(self, key: _Key) -> None:
        super().__delitem__(key)
        self.changed.add(key)


@dataclass(kw_only=True)
class Registers:
    """Everything that a shop holds.

    Attributes:
        shop: One object, ``shop``: its title and time zone.
        counters: The highest id used so far: ``post`` (orders, refunds, products, coupons),
            ``item`` (lines of orders), ``meta``, ``user``, ``other``; ids are never used twice.
        unrounded: Id of an order's line -> its amounts beyond the öre.
        settings: By ``<group>/<id>``.
        methods: Shipping methods; each names its zone in ``zone_id``.
        notes: Each names its order in ``order_id``.
    """

    shop: Table = field(default_factory=Table)
    counters: Table = field(default_factory=Table)
    orders: Table = field(default_factory=Table)
    refunds: Table = field(default_factory=Table)
    unrounded: Table = field(default_factory=Table)
    notes: Table = field(default_factory=Table)
    products: Table = field(default_factory=Table)
    variations: Table = field(default_factory=Table)
    categories: Table = field(default_factory=Table)
    attributes: Table = field(default_factory=Table)
    customers: Table = field(default_factory=Table)
    taxes: Table = field(default_factory=Table)
    tax_classes: Table = field(default_factory=Table)
    settings: Table = field(default_factory=Table)
    gateways: Table = field(default_factory=Table)
    zones: Table = field(default_factory=Table)
    methods: Table = field(default_factory=Table)
    webhooks: Table = field(default_factory=Table)

    @property
    def title(self) -> str:
        """The shop's name."""
        return str(self.shop["shop"]["title"])

    @property
    def timezone(self) -> str:
        """IANA name of the shop's time zone."""
        return str(self.shop["shop"]["timezone"])

    def tables(self) -> dict[str, Table]:
        """Every table by its name."""
        return {member.name: getattr(self, member.name) for member in fields(self)}

    def next_id(self, counter: str) -> int:
        """A new id."""
        value = int(self.counters.get(counter, {"value": 0})["value"]) + 1
        self.counters[counter] = {"value": value}
        return value


def from_seed(seed: ShopData) -> Registers:
    """A shop's registers as a seed or recorded answers describe them; the seed is copied."""
    values = {member.name: getattr(seed, member.name) for member in fields(seed)}
    values["unrounded"] = {key: asdict(kept) for key, kept in seed.unrounded.items()}
    given = simplejson.loads(_dumps(values), use_decimal=True)
    registers = Registers(
        shop=Table({"shop": {"title": given["title"], "timezone": given["timezone"]}}),
        orders=_by_id(order_from_seed(order) for order in given["orders"]),
        refunds=_by_id(given["refunds"]),
        unrounded=Table({int(key): kept for key, kept in given["unrounded"].items()}),
        products=_by_id(product_from_seed(product) for product in given["products"]),
        variations=_by_id(variation_from_seed(variation) for variation in given["variations"]),
        settings=Table(
            {
                f"{group}/{item['id']}": item | {"group_id": group}
                for group, items in given["settings"].items()
                for item in items
            }
        ),
        **{
            name: _by_id(given[name])
            for name in ("customers", "taxes", "gateways", "categories", "attributes", "zones",
                         "methods")
        },
        tax_classes=Table({item["slug"]: item for item in given["tax_classes"]}),
    )  # fmt: skip
    _count(registers)
    return registers


def _by_id(items: Iterable[Json]) -> Table:
    return Table({item["id"]: item for item in items})


def _count(registers: Registers) -> None:
    """Set the counters above every id that is in use."""
    posts = [*registers.orders, *registers.refunds, *registers.products, *registers.variations]
    documents = [*registers.orders.values(), *registers.refunds.values()]
    names = ("line_items", "tax_lines", "shipping_lines", "fee_lines", "coupon_lines")
    lines = [line for item in documents for name in names for line in item.get(name, ())]
    metas = [
        meta.get("id") or 0
        for item in [*documents, *lines, *registers.products.values(),
                     *registers.variations.values(), *registers.customers.values()]
        for meta in item.get("meta_data", ())
    ]  # fmt: skip
    others = [
        key
        for table in (registers.taxes, registers.categories, registers.attributes, registers.zones,
                      registers.methods, registers.webhooks, registers.notes)
        for key in table
    ]  # fmt: skip
    for name, used in (
        ("post", posts), ("item", [line["id"] for line in lines]), ("meta", metas),
        ("user", list(registers.customers)), ("other", others),
    ):  # fmt: skip
        registers.counters[name] = {"value": max((int(key) for key in used), default=0)}


class ShopFile:
    """The registers in a SQLite file; what was saved survives a killed process."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path, check_same_thread=False)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=NORMAL")
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS kept"
            " (kind TEXT, key TEXT, body TEXT, PRIMARY KEY (kind, key)) WITHOUT ROWID"
        )

    def read(self) -> Registers | None:
        """What was kept, None if the file is new."""
        rows = self._database.execute("SELECT kind, key, body FROM kept").fetchall()
        if not rows:
            return None
        registers = Registers()
        tables = registers.tables()
        for kind, key, body in rows:
            number = int(key) if key.isdigit() else key
            dict.__setitem__(tables[kind], number, simplejson.loads(body, use_decimal=True))
        return registers

    def save(self, registers: Registers, *, anew: bool = False) -> None:
        """Keep what changed since the last time; ``anew`` forgets what was kept before."""
        with self._database:
            if anew:
                self._database.execute("DELETE FROM kept")
            for kind, table in registers.tables().items():
                gone = [(kind, str(key)) for key in table.changed if key not in table]
                there = [
                    (kind, str(key), _dumps(table[key])) for key in table.changed if key in table
                ]
                self._database.executemany("DELETE FROM kept WHERE kind = ? AND key = ?", gone)
                self._database.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", there)
                table.changed.clear()

    def close(self) -> None:
        """Give the file back."""
        self._database.close()


def _dumps(value: Any) -> str:
    return str(simplejson.dumps(value, use_decimal=True))
