"""The report as plain text, for terminals and logs; amounts in kronor, right-aligned."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fortnox.core.money import format_ore
from fortnox.core.report_language import amount_text, translate, translated

_LISTED = 20
#: Header -> field of ``currencies``; each row in its own currency, but the last column.
_CURRENCY_COLUMNS = {
    "shop": "shop_ore",
    "documents": "documents_ore",
    "held": "held_ore",
    "booked SEK": "booked_sek_ore",
}
#: Count -> what is said of it.
_DONE = {
    "created": "{} created",
    "booked": "{} booked",
    "updated": "{} updated",
    "unchanged": "{} unchanged",
}
_WIDTH = 78


def render_text(summary: Mapping[str, Any], language: str = "en") -> str:
    """Verdict, totals, VAT, accounts, and what differs or is held.

    Args:
        summary: A report of schema ``fortnox.reconciliation/1``.
        language: One of :data:`fortnox.core.report_language.LANGUAGES`.
    """
    return _Text(translated(summary, language), language).render()


@dataclass(frozen=True, slots=True)
class _Text:
    """A report whose sentences are in the language already; the rest is said here."""

    summary: Mapping[str, Any]
    language: str

    def render(self) -> str:
        summary = self.summary
        label = summary["window"]["day"] or summary["window"]["label"]
        accounts = ("account", "expected", "ledger", "difference")
        blocks = [
            _rule(f"{summary['shop']['name']} · {label} · {summary['company']['name']}"),
            summary["headline"],
            "",
            *(self.counts() if "kind" in summary else self.totals()),
            *self.section("Currencies", ("currency", *_CURRENCY_COLUMNS), self.currencies()),
            *self.section("VAT", ("rate", "shop", "ledger", "rounding"), self.vat()),
            *self.section("Accounts", accounts, self.accounts()),
            *self.listed("Differs", summary["differences"], "difference_ore", "cause"),
            *self.listed("Held", summary["held"], "amount_ore", "reason"),
            *[f"{self.say('Note')}: {note}" for note in summary["notes"]],
            f"\n  {self.work()}",
            "─" * _WIDTH,
        ]
        return "\n".join(blocks)

    def say(self, text: str) -> str:
        return translate(text, self.language)

    def amount(self, ore: int | None) -> str:
        if ore is None:
            return "-"
        text = format_ore(ore)
        return text if self.language == "en" else amount_text(text)

    def amounts(self, row: Mapping[str, Any], *keys: str) -> tuple[str, ...]:
        return tuple(self.amount(row[key]) for key in keys)

    def counts(self) -> Iterable[str]:
        """Articles and stock: nothing in them is money."""
        for name, count in self.summary["counts"].items():
            yield f"  {self.say(name.replace('_', ' ')):<20}{count:>10}"

    def totals(self) -> Iterable[str]:
        totals, currency = self.summary["totals_ore"], self.summary["currency"]
        for name in ("Shop", "Documents", "Held", "Ledger", "Difference"):
            ore = totals[name.lower()]
            yield f"  {self.say(name):<12}{self.amount(ore):>16} {currency}"

    def currencies(self) -> list[tuple[str, ...]]:
        return [
            (row["currency"], *self.amounts(row, *_CURRENCY_COLUMNS.values()))
            for row in self.summary["currencies"]
        ]

    def vat(self) -> list[tuple[str, ...]]:
        return [
            (
                f"{row['country']} {row['rate_pct']} %",
                *self.amounts(row, "shop_ore", "ledger_ore", "rounding_ore"),
            )
            for row in self.summary["vat"]
        ]

    def accounts(self) -> list[tuple[str, ...]]:
        return [
            (
                f"{row['account']} {row['name']}"[:30],
                *self.amounts(row, "expected_ore", "ledger_ore", "difference_ore"),
            )
            for row in self.summary["accounts"]
        ]

    def section(
        self, title: str, header: Sequence[str], rows: Sequence[Sequence[str]]
    ) -> Iterable[str]:
        if not rows:
            return
        yield ""
        yield f"  {self.say(title):<30}" + "".join(f"{self.say(cell):>15}" for cell in header[1:])
        for row in rows:
            yield f"  {row[0]:<30}" + "".join(f"{cell:>15}" for cell in row[1:])

    def listed(
        self, title: str, rows: Sequence[Mapping[str, Any]], amount_key: str, text_key: str
    ) -> Iterable[str]:
        if not rows:
            return
        yield ""
        yield f"  {self.say(title)}"
        for row in rows[:_LISTED]:
            amount = f"{self.amount(row[amount_key])} {row.get('currency', '')}".strip()
            yield f"  {row['order_number']:<10}{amount:>14}  {row[text_key]}"
            yield f"  {'':<26}{row['remedy']}"
        if len(rows) > _LISTED:
            yield "  " + self.say(f"and {len(rows) - _LISTED} more")

    def work(self) -> str:
        counts, requests = self.summary["counts"], self.summary["requests"]
        done = [text.format(counts[word]) for word, text in _DONE.items() if word in counts]
        return self.say(
            f"{', '.join(done)}; {requests['reads']} reads and {requests['writes']} writes "
            f"to Fortnox, apply {requests['seconds']} s"
        )


def _rule(title: str) -> str:
    return f"── {title} ".ljust(_WIDTH, "─")
