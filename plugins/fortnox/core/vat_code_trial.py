"""Does a VAT code of accounts.csv make the VAT that its row is for? Pure.

Fortnox says nowhere what a row of another country's VAT becomes (rules of the books 24), so it is
tried on an unbooked invoice that is cancelled at once.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from fortnox.core.documents import FortnoxRow
from fortnox.core.mapping import AccountRow, Mappings, ShopRow
from fortnox.core.money import format_ore, vat_of_gross
from fortnox.core.territories import EU_COUNTRIES

#: What each row of the trial costs, VAT included: enough to tell 25.5 from 25 and 26.
TRIAL_ORE = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One account with its code, and the rate that they must make; ``where`` is file and line."""

    where: str
    market: str
    rate_pct: Decimal
    account: int
    code: str

    def __str__(self) -> str:
        return f"{self.where} {self.market} {self.rate_pct:f} %, {self.code} on {self.account}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What Fortnox made of a trial; ``is_right`` only if its VAT is exact."""

    trial: Trial
    is_right: bool
    seen: str

    def __str__(self) -> str:
        return f"{self.trial}: {self.seen}"


def trials_of(mappings: Mappings, shop: ShopRow) -> list[Trial]:
    """Rows of another EU country's VAT that name a code and one rate; each code once per account.

    A row for any country or any rate has no one code.
    """
    found: dict[tuple[int, str, Decimal], Trial] = {}
    for row in mappings.rows_of(AccountRow, shop.shop):
        if _is_tried(row) and row.vat_rate_pct is not None:
            trial = Trial(
                where=row.where,
                market=row.market,
                rate_pct=row.vat_rate_pct,
                account=row.sales_account,
                code=row.vat_code,
            )
            found.setdefault((trial.account, trial.code, trial.rate_pct), trial)
    return list(found.values())


def _is_tried(row: AccountRow) -> bool:
    return bool(row.vat_code) and row.market in EU_COUNTRIES - {"SE"}


def judged(trials: Iterable[Trial], rows: Iterable[FortnoxRow]) -> Iterator[Tried]:
    """Each trial with the row that Fortnox made of it, in the same order."""
    for trial, row in zip(trials, rows, strict=True):
        wanted_ore = vat_of_gross(TRIAL_ORE, trial.rate_pct)
        found_ore = row.total_ore - row.total_excl_vat_ore
        right = (row.account_number, row.total_ore, found_ore) == (
            trial.account,
            TRIAL_ORE,
            wanted_ore,
        )
        seen = f"VAT {format_ore(found_ore)} of {format_ore(row.total_ore)}"
        if not right:
            seen += f" on account {row.account_number}, wanted {format_ore(wanted_ore)} of "
            seen += f"{format_ore(TRIAL_ORE)} on {trial.account}"
        yield Tried(trial=trial, is_right=right, seen=seen)
