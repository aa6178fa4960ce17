"""Levels two and three of the proof for vouchers that we wrote ourselves. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from fortnox.core.documents import VatRate
from fortnox.core.reconcile_ledger import AccountSum, LedgerLevel, VatRow, swedish_first
from fortnox.core.vouchers import difference


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherProof:
    """What the vouchers of one thing should hold, and what the ledger holds of them, in öre."""

    #: Names it among the documents of the ledger level.
    name: str
    wanted: Mapping[int, int]
    ledger: Mapping[int, int]
    #: Rate, account and VAT, refunds taken off.
    vat: tuple[tuple[VatRate, int, int], ...]
    gross_ore: int

    @property
    def missing(self) -> dict[int, int]:
        """Account -> what the ledger lacks, debit positive."""
        return difference(self.wanted, self.ledger)


def with_vouchers(level: LedgerLevel, proofs: Iterable[VoucherProof]) -> LedgerLevel:
    """The level with the vouchers' accounts and VAT added."""
    expected: Counter[int] = Counter({row.account: row.expected_ore for row in level.accounts})
    found: Counter[int] = Counter({row.account: row.ledger_ore for row in level.accounts})
    shop_vat: Counter[VatRate] = Counter({row.rate: row.shop_ore for row in level.vat})
    ledger_vat: Counter[VatRate] = Counter({row.rate: row.ledger_ore for row in level.vat})
    gross = dict(level.gross_ore)
    for proof in proofs:
        expected.update(proof.wanted)
        found.update(proof.ledger)
        for rate, account, ore in proof.vat:
            shop_vat[rate] += ore
            # Output VAT stands in credit: what the account lacks is negative.
            ledger_vat[rate] += ore + proof.missing.get(account, 0)
        gross[proof.name] = proof.gross_ore
    return replace(
        level,
        vat=tuple(
            VatRow(rate=rate, shop_ore=shop_vat[rate], ledger_ore=ledger_vat[rate])
            for rate in sorted(shop_vat, key=swedish_first)
        ),
        accounts=tuple(
            AccountSum(account=a, expected_ore=expected[a], ledger_ore=found[a])
            for a in sorted(expected.keys() | found.keys())
        ),
        gross_ore=gross,
    )
