"""Small honest values for tests: a Swedish shop on the standard mappings, one order at a time."""

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

from fortnox.core.mapping import Mappings, ShopRow, parse_mappings
from fortnox.core.orders import (
    Address,
    Buyer,
    BuyerKind,
    LineKind,
    Order,
    OrderHead,
    OrderLine,
)
from fortnox.core.window import Window, accounting_day_window
from fortnox.mapping_files import read_folder

STANDARD = Path(__file__).resolve().parents[2] / "include" / "mappings"
PAID_AT = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
DAY = date(2026, 5, 4)


def mapping_files(**replaced: str) -> dict[str, bytes]:
    """The standard mapping files; ``shops="..."`` replaces the text of shops.csv."""
    files = read_folder(STANDARD)
    files.update({f"{name}.csv": text.encode() for name, text in replaced.items()})
    return files


@cache
def mappings(**replaced: str) -> Mappings:
    """The standard mappings, parsed; they must be without errors."""
    parsed = parse_mappings(mapping_files(**replaced))
    assert parsed.errors == ()
    return parsed.mappings


def shop_row(**changed: object) -> ShopRow:
    """The demo shop's row."""
    return mappings().shop("demo").replaced(**changed)


def line(
    gross: str = "125.00",
    rate: str | None = "25",
    *,
    vat: str | None = None,
    quantity: str = "1",
    kind: LineKind = LineKind.GOODS,
    name: str = "Mugg",
    sku: str = "MUGG",
    line_id: str = "1",
    country: str = "SE",
) -> OrderLine:
    """A line by its gross amount; VAT as the rate gives it unless said otherwise."""
    gross_ore = int(Decimal(gross) * 100)
    if vat is not None:
        vat_ore = int(Decimal(vat) * 100)
    else:
        pct = Decimal(rate or 0)
        vat_ore = int(
            (Decimal(gross_ore) * pct / (100 + pct)).quantize(Decimal(1), "ROUND_HALF_UP")
        )
    return OrderLine(
        line_id=line_id,
        kind=kind,
        name=name,
        quantity=Decimal(quantity),
        net_ore=gross_ore - vat_ore,
        vat_ore=vat_ore,
        sku=sku,
        vat_rate_pct=None if rate is None else Decimal(rate),
        vat_country=country if rate is not None else "",
    )


def head(order_id: str = "1001", total_ore: int = 12500, **changed: object) -> OrderHead:
    """A paid and processing order of 4 May 2026."""
    values: dict[str, object] = {
        "order_id": order_id,
        "number": order_id,
        "status": "processing",
        "currency": "SEK",
        "total_ore": total_ore,
        "payment_method": "stripe",
        "created_utc": PAID_AT,
        "modified_utc": PAID_AT,
        "paid_utc": PAID_AT,
        "delivered_utc": None,
    }
    values.update(changed)
    return OrderHead(**values)  # type: ignore[arg-type]


def buyer(country: str = "SE", **changed: object) -> Buyer:
    """A private guest with an e-mail address."""
    address = Address(
        name="Test Testsson", address1="Gatan 1", postcode="11122", city="Orten", country=country
    )
    values: dict[str, object] = {
        "name": "Test Testsson",
        "email": "test@example.com",
        "billing": address,
        "delivery": address,
        "kind": BuyerKind.PRIVATE,
    }
    values.update(changed)
    return Buyer(**values)  # type: ignore[arg-type]


def order(*lines: OrderLine, total_ore: int | None = None, **changed: object) -> Order:
    """An order whose total is the sum of its lines unless said otherwise."""
    rows = lines or (line(),)
    total = sum(row.gross_ore for row in rows) if total_ore is None else total_ore
    of_order = {
        key: changed.pop(key)
        for key in ("buyer", "problems", "total_vat_ore", "refunded_ore")
        if key in changed
    }
    values: dict[str, object] = {
        "head": head(total_ore=total, **changed),
        "buyer": buyer(),
        "lines": tuple(rows),
        "total_vat_ore": sum(row.vat_ore for row in rows),
    }
    values.update(of_order)
    return Order(**values)  # type: ignore[arg-type]


def day_window(day: date = DAY) -> Window:
    """The Stockholm day."""
    return accounting_day_window(day, shop_row().zone)
