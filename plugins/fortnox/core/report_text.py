"""The report as plain text, for terminals and logs; amounts in kronor, right-aligned."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fortnox.core.money import format_ore

_LISTED = 20
#: Header -> field of ``currencies``; each row in its own currency, but the last column.
_CURRENCY_COLUMNS = {
    "shop": "shop_ore",
    "documents": "documents_ore",
    "held": "held_ore",
    "booked SEK": "booked_sek_ore",
}
_WIDTH = 78


def render_text(summary: Mapping[str, Any]) -> str:
    """Verdict, totals, VAT, accounts, and what differs or is held.

    Args:
        summary: A report of schema ``fortnox.reconciliation/1``.
    """
    label = summary["window"]["day"] or summary["window"]["label"]
    blocks = [
        _rule(f"{summary['shop']['name']} · {label} · {summary['company']['name']}"),
        summary["headline"],
        "",
        *(_counts(summary) if "kind" in summary else _totals(summary)),
        *_section("Currencies", ("currency", *_CURRENCY_COLUMNS), _currencies(summary)),
        *_section("VAT", ("rate", "shop", "ledger", "rounding"), _vat(summary)),
        *_section("Accounts", ("account", "expected", "ledger", "difference"), _accounts(summary)),
        *_list("Differs", summary["differences"], "difference_ore", "cause"),
        *_list("Held", summary["held"], "amount_ore", "reason"),
        *[f"Note: {note}" for note in summary["notes"]],
        _work(summary),
        "─" * _WIDTH,
    ]
    return "\n".join(blocks)


def _rule(title: str) -> str:
    return f"── {title} ".ljust(_WIDTH, "─")


def _counts(summary: Mapping[str, Any]) -> Iterable[str]:
    """Articles and stock: nothing in them is money."""
    for name, count in summary["counts"].items():
        yield f"  {name.replace('_', ' '):<20}{count:>10}"


def _totals(summary: Mapping[str, Any]) -> Iterable[str]:
    totals, currency = summary["totals_ore"], summary["currency"]
    for name, key in (
        ("Shop", "shop"),
        ("Documents", "documents"),
        ("Held", "held"),
        ("Ledger", "ledger"),
        ("Difference", "difference"),
    ):
        ore = totals[key]
        yield f"  {name:<12}{'-' if ore is None else format_ore(ore):>16} {currency}"


def _currencies(summary: Mapping[str, Any]) -> list[tuple[str, ...]]:
    return [
        (
            row["currency"],
            *(
                "-" if row[key] is None else format_ore(row[key])
                for key in _CURRENCY_COLUMNS.values()
            ),
        )
        for row in summary["currencies"]
    ]


def _vat(summary: Mapping[str, Any]) -> list[tuple[str, ...]]:
    return [
        (
            f"{row['country']} {row['rate_pct']} %",
            *_amounts(row, "shop_ore", "ledger_ore", "rounding_ore"),
        )
        for row in summary["vat"]
    ]


def _accounts(summary: Mapping[str, Any]) -> list[tuple[str, ...]]:
    return [
        (
            f"{row['account']} {row['name']}"[:30],
            *_amounts(row, "expected_ore", "ledger_ore", "difference_ore"),
        )
        for row in summary["accounts"]
    ]


def _amounts(row: Mapping[str, Any], *keys: str) -> tuple[str, ...]:
    return tuple(format_ore(row[key]) for key in keys)


def _section(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterable[str]:
    if not rows:
        return
    yield ""
    yield f"  {title:<30}" + "".join(f"{cell:>15}" for cell in header[1:])
    for row in rows:
        yield f"  {row[0]:<30}" + "".join(f"{cell:>15}" for cell in row[1:])


def _list(
    title: str, rows: Sequence[Mapping[str, Any]], amount_key: str, text_key: str
) -> Iterable[str]:
    if not rows:
        return
    yield ""
    yield f"  {title}"
    for row in rows[:_LISTED]:
        currency = row.get("currency", "")
        amount = f"{format_ore(row[amount_key])} {currency}".strip()
        yield f"  {row['order_number']:<10}{amount:>14}  {row[text_key]}"
        yield f"  {'':<26}{row['remedy']}"
    if len(rows) > _LISTED:
        yield f"  and {len(rows) - _LISTED} more"


def _work(summary: Mapping[str, Any]) -> str:
    counts, requests = summary["counts"], summary["requests"]
    words = ("created", "booked", "updated", "unchanged")
    made = ", ".join(f"{counts[word]} {word}" for word in words if word in counts)
    return (
        f"\n  {made}; {requests['reads']} reads and {requests['writes']} "
        f"writes to Fortnox, apply {requests['seconds']} s"
    )
