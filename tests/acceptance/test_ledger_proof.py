"""The ledger's proof neither cries wolf over honest rounding nor sleeps over a wrong posting."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from tests.acceptance.books import Books, Postings, books
from tests.support.builders import day_window, line, mapping_files, mappings, order, shop_row

from fortnox.core.documents import Invoice, ListedInvoice, VatRate
from fortnox.core.mapping import Mappings
from fortnox.core.orders import LineKind, Order
from fortnox.core.reconcile_ledger import (
    Amounts,
    BaseAccounts,
    LedgerLevel,
    reconcile_ledger,
    voucher_key,
)
from fortnox.core.transform import transform

MAPPINGS, SHOP = mappings(), shop_row()
#: What nobody outside Fortnox knows: where it rounds VAT, and whether the company rounds kronor.
COMPANIES: list[dict[str, Any]] = [
    {"vat_rounding": vat, "krona_rounding": krona}
    for vat in ("rate", "row")
    for krona in (False, True)
]
KINDS = (LineKind.GOODS, LineKind.SERVICE, LineKind.SHIPPING)


def honest_order(random: Random, order_id: int) -> Order:
    """Up to 30 lines over three rates; each line's VAT rounded half down, as WooCommerce does."""
    lines = []
    for number in range(random.randint(1, 30)):
        gross_ore, rate = random.randint(1, 60_000), random.choice([25, 25, 12, 6])
        vat = (Decimal(gross_ore) * rate / (100 + rate)).quantize(Decimal(1), "ROUND_HALF_DOWN")
        lines.append(
            line(
                str(Decimal(gross_ore) / 100),
                str(rate),
                vat=str(vat / 100),
                kind=random.choice(KINDS),
                line_id=str(number),
                quantity=str(random.randint(1, 12)),
            )
        )
    return order(*lines, order_id=str(order_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """A company's invoices, and what its ledger holds of each."""

    pairs: list[tuple[Invoice, ListedInvoice]]
    amounts: Amounts

    def level(self, amounts: Amounts | None = None) -> LedgerLevel:
        return reconcile_ledger(
            self.pairs,
            self.amounts if amounts is None else amounts,
            base=BaseAccounts(),
        )


def book_honest_orders(ledger: Books) -> Booked:
    random = Random(20261121)  # noqa: S311 - made-up orders, the same in each run
    orders = [honest_order(random, 1000 + number) for number in range(25)]
    wanted = transform(orders, (), shop=SHOP, mappings=MAPPINGS, window=day_window())
    assert wanted.held == ()
    assert ledger.book(wanted.invoices).held == []
    documents = ledger.documents([invoice.order_id for invoice in wanted.invoices])
    pairs = [(invoice, documents[invoice.order_id][0]) for invoice in wanted.invoices]
    postings = ledger.postings(document for _, document in pairs)
    amounts = {
        key: postings[document.document_number]
        for _, document in pairs
        if (key := voucher_key(document)) is not None
    }
    return Booked(pairs=pairs, amounts=amounts)


@pytest.mark.parametrize("company", COMPANIES, ids=lambda c: "-".join(map(str, c.values())))
def test_honest_rounding_is_no_finding(company: dict[str, Any]):
    """A red day over öre that nobody can change teaches people to look away."""
    with books(**company) as ledger:
        booked = book_honest_orders(ledger)
    level = booked.level()
    assert level.findings == ()
    for invoice, document in booked.pairs:
        assert level.gross_ore[document.document_number] == invoice.total_ore
    shop_vat = {row.rate.rate_pct: row.shop_ore for row in level.vat}
    for rate, ore in shop_vat.items():
        assert ore == sum(
            invoice.shop_vat_by_rate().get(VatRate("SE", rate), 0) for invoice, _ in booked.pairs
        )


@pytest.fixture(scope="module")
def booked() -> Iterator[Booked]:
    with books() as ledger:
        yield book_honest_orders(ledger)


def moved(found: Postings, source: int, target: int, ore: int) -> Postings:
    return {
        **found,
        source: found.get(source, 0) - ore,
        target: found.get(target, 0) + ore,
    }


@pytest.mark.parametrize(
    ("source", "target", "ore"),
    [
        # An öre on an account that the order has nothing to do with.
        (3001, 3105, -1),
        (2611, 2614, -1),
        (1510, 1511, 1),
        # More VAT than rounding explains: an öre above a row each.
        (3001, 2611, 40),
        # The receivable: to the öre, unless it stands on the rounding account, up to half a krona.
        (1510, 3001, 1),
        (1510, 3740, 51),
    ],
)
def test_a_wrong_posting_is_found(booked: Booked, source: int, target: int, ore: int):
    """Somebody changed the voucher, or Fortnox took another account: the document is named."""
    document = booked.pairs[0][1]
    key = voucher_key(document)
    assert key is not None
    changed = {**booked.amounts, key: moved(booked.amounts[key], source, target, ore)}
    findings = booked.level(changed).findings
    assert [finding.document for finding in findings] == [document]
    assert str(document.voucher_number) in findings[0].cause
    assert findings[0].difference_ore


def test_an_ore_on_every_order_is_shown_in_the_vat(booked: Booked):
    """Within each order's tolerance, and yet money: the sum per rate must show it."""
    before = {row.rate.rate_pct: row.ledger_ore for row in booked.level().vat}
    changed = {key: moved(found, 2611, 3001, 1) for key, found in booked.amounts.items()}
    after = {row.rate.rate_pct: row.ledger_ore for row in booked.level(changed).vat}
    assert after[25] - before[25] == len(booked.pairs)
    assert (after[12], after[6]) == (before[12], before[6])


def with_accounts(*rows: str) -> Mappings:
    text = mapping_files()["accounts.csv"].decode()
    return mappings(accounts=text + "".join(f"{row}\n" for row in rows))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], 2611),
        (["demo,goods,SE,25,3001,MP1,2610,,"], 2610),
        # Another country's VAT is no Swedish VAT, at 25 % (Denmark) or cut to it (Finland 25.5).
        (["*,goods,DK,25,3106,,2671,,"], 2611),
        (["*,goods,FI,25.5,3107,,2672,,"], 2611),
        (["demo,goods,DK,25,3106,,2671,,"], 2611),
        # The shop's own row before everybody's.
        (["demo,goods,SE,25,3001,MP1,2610,,", "*,goods,DK,25,3106,,2671,,"], 2610),
    ],
)
def test_swedish_vat_account(rows: list[str], expected: int):
    """A row for OSS must not turn all Swedish sales of its rate into differences."""
    assert with_accounts(*rows).vat_account("demo", Decimal(25)) == expected
