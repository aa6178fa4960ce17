"""Which row counts: the most specific one, whatever the order of the file."""

from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support import builders
from tests.support.builders import STANDARD

from fortnox.core.errors import FatalError
from fortnox.core.mapping import (
    AccountRow,
    CurrencyRateRow,
    CustomerPolicyRow,
    DocumentTypeRow,
    EventRow,
    Mappings,
    ShopRow,
    SpecialArticleRow,
)
from fortnox.core.mapping.base import MappingRow

DAY = date(2026, 5, 4)
RATE = Decimal(25)


def account(shop: str, market: str, rate_pct: Decimal | None, number: int) -> AccountRow:
    """A row of goods for all time."""
    return AccountRow(
        shop=shop, kind="goods", market=market, vat_rate_pct=rate_pct, sales_account=number
    )


def method(shop: str, payment_method: str, terms: str) -> DocumentTypeRow:
    """An invoice dated by payment; the terms tell rows apart."""
    return DocumentTypeRow(
        shop=shop,
        payment_method=payment_method,
        document_type="invoice",
        document_date="paid",
        bookkeep=True,
        terms_of_payment=terms,
    )


def policy(
    shop: str, market: str, buyer_kind: Literal["private", "company", "*"], match: str
) -> CustomerPolicyRow:
    """A row that creates; the match key tells rows apart."""
    return CustomerPolicyRow(
        shop=shop,
        market=market,
        buyer_kind=buyer_kind,
        match=tuple(match.split("+")),
        when_missing="create",
    )


def shop_row(key: str, *, enabled: bool = True) -> ShopRow:
    """A shop of the sandbox company."""
    return ShopRow(
        shop=key,
        name=key,
        reference_key=key,
        platform="woocommerce",
        shop_conn_id=f"shop_{key}",
        fortnox_conn_id="fx",
        organisation_number="559000-0005",
        timezone="Europe/Stockholm",
        start_date=date(2026, 1, 1),
        enabled=enabled,
    )


#: From the most specific to the least: shop, then market, then rate.
ACCOUNTS_BY_RANK = (
    account("demo", "DE", RATE, 3001),
    account("demo", "DE", None, 3002),
    account("demo", "EU_CONSUMER", RATE, 3003),
    account("demo", "EU_CONSUMER", None, 3004),
    account("demo", "*", RATE, 3005),
    account("demo", "*", None, 3006),
    account("*", "DE", RATE, 3007),
    account("*", "DE", None, 3008),
    account("*", "EU_CONSUMER", RATE, 3009),
    account("*", "EU_CONSUMER", None, 3010),
    account("*", "*", RATE, 3011),
    account("*", "*", None, 3012),
)


@pytest.mark.parametrize("rank", range(len(ACCOUNTS_BY_RANK)))
def test_accounts_by_specificity(rank: int) -> None:
    """A sale would land on the general account although the user wrote a special one."""
    mappings = Mappings(rows=ACCOUNTS_BY_RANK[rank:])
    found = mappings.account("demo", "goods", ("DE", "EU_CONSUMER"), RATE, DAY)

    assert found == ACCOUNTS_BY_RANK[rank]


@given(st.permutations(ACCOUNTS_BY_RANK), st.integers(0, len(ACCOUNTS_BY_RANK)))
def test_the_order_of_rows_never_matters(rows: list[AccountRow], count: int) -> None:
    """Sorting the file in Excel would move sales to other accounts."""
    kept = rows[:count]
    mappings = Mappings(rows=tuple(kept))
    best = min(kept, key=ACCOUNTS_BY_RANK.index, default=None)

    assert mappings.account("demo", "goods", ("DE", "EU_CONSUMER"), RATE, DAY) == best
    assert mappings.fingerprint == Mappings(rows=tuple(reversed(kept))).fingerprint


def test_other_kinds_markets_rates_and_shops_are_not_found() -> None:
    """A line would be booked on an account that nobody chose for it."""
    mappings = Mappings(rows=(account("demo", "SE", RATE, 3001),))

    assert mappings.account("demo", "goods", ("SE",), Decimal("25.00"), DAY) is not None
    assert mappings.account("demo", "service", ("SE",), RATE, DAY) is None
    assert mappings.account("demo", "goods", ("DE", "EU_CONSUMER"), RATE, DAY) is None
    assert mappings.account("demo", "goods", ("SE",), Decimal("25.5"), DAY) is None
    assert mappings.account("other", "goods", ("SE",), RATE, DAY) is None


def test_dates_choose_among_rows_and_are_inclusive() -> None:
    """A sale on the day of a change would be booked by the old row, or by none."""
    old = account("*", "SE", RATE, 3001).replaced(valid_to=date(2026, 3, 31))
    new = account("*", "SE", RATE, 3051).replaced(valid_from=date(2026, 4, 2))
    mappings = Mappings(rows=(new, old))

    def on(day: int, month: int) -> AccountRow | None:
        return mappings.account("demo", "goods", ("SE",), RATE, date(2026, month, day))

    assert [on(31, 3), on(1, 4), on(2, 4)] == [old, None, new]


def test_an_expired_specific_row_gives_way_to_a_general_one() -> None:
    """A campaign's own account would hold all sales after its last day."""
    special = account("demo", "SE", RATE, 3051).replaced(valid_to=date(2026, 4, 30))
    general = account("*", "SE", RATE, 3001)

    assert Mappings(rows=(special, general)).account("demo", "goods", ("SE",), RATE, DAY) == general


METHODS_BY_RANK = (
    method("demo", "stripe", "1"),
    method("demo", "*", "2"),
    method("*", "stripe", "3"),
    method("*", "*", "4"),
)


@pytest.mark.parametrize("rank", range(len(METHODS_BY_RANK)))
def test_document_types_by_specificity(rank: int) -> None:
    """A payment method would get another shop's kind of document."""
    mappings = Mappings(rows=METHODS_BY_RANK[rank:])

    assert mappings.document_type("demo", "stripe", DAY) == METHODS_BY_RANK[rank]


def test_an_unmapped_payment_method_is_not_guessed() -> None:
    """An unknown method would be booked as if it were card."""
    mappings = Mappings(rows=(method("*", "stripe", "0"), method("*", "(none)", "1")))

    assert mappings.document_type("demo", "Stripe", DAY) is None
    nameless = mappings.document_type("demo", "", DAY)
    assert nameless is not None
    assert nameless.terms_of_payment == "1"


POLICIES_BY_RANK = (
    policy("demo", "SE", "private", "number"),
    policy("demo", "SE", "*", "email"),
    policy("demo", "*", "private", "organisation_number"),
    policy("demo", "*", "*", "number+email"),
    policy("*", "SE", "private", "email+number"),
    policy("*", "SE", "*", "number+organisation_number"),
    policy("*", "*", "private", "organisation_number+number"),
    policy("*", "*", "*", "email+organisation_number"),
)


@pytest.mark.parametrize("rank", range(len(POLICIES_BY_RANK)))
def test_customer_policies_by_specificity(rank: int) -> None:
    """Private buyers would be treated as companies say."""
    mappings = Mappings(rows=POLICIES_BY_RANK[rank:])

    assert mappings.customer_policy("demo", "SE", "private") == POLICIES_BY_RANK[rank]


def test_articles_and_events_of_a_shop_beat_those_of_all() -> None:
    """One shop could not be switched off, or have its own freight article."""
    own_article = SpecialArticleRow(shop="demo", purpose="shipping", article_number="F1")
    own_event = EventRow(shop="demo", resource="orders", direction="off")
    rows: tuple[MappingRow, ...] = (
        SpecialArticleRow(shop="*", purpose="shipping", article_number=""),
        own_article,
        EventRow(shop="*", resource="orders", direction="export", schedule="hourly"),
        own_event,
    )
    mappings = Mappings(rows=rows)

    assert mappings.special_article("demo", "shipping") == own_article
    assert mappings.special_article("demo", "fee") is None
    assert mappings.event("demo", "orders") == own_event
    assert mappings.event("demo", "stock") is None


def test_a_shop_that_is_off_or_broken_is_not_usable() -> None:
    """A switched-off shop would go on booking."""
    mappings = Mappings(
        rows=(shop_row("c"), shop_row("b", enabled=False), shop_row("a"), shop_row("d")),
        broken_shops=frozenset({"c"}),
    )

    assert [row.shop for row in mappings.usable_shops()] == ["a", "d"]
    assert replace(mappings, broken_shops=frozenset({"*"})).usable_shops() == ()


def test_only_shops_whose_orders_flow_to_fortnox_are_watched() -> None:
    """A shop whose orders are off would be told red each morning."""
    rows: tuple[MappingRow, ...] = (
        shop_row("a"),
        shop_row("b"),
        shop_row("c", enabled=False),
        EventRow(shop="*", resource="orders", direction="export", schedule="hourly"),
        EventRow(shop="b", resource="orders", direction="off"),
    )
    mappings = Mappings(rows=rows)

    assert [row.shop for row in mappings.shops_exporting("orders")] == ["a"]
    assert mappings.shops_exporting("stock") == ()


def test_an_unknown_shop_is_fatal_with_a_remedy() -> None:
    """A task of a removed shop would fail with a KeyError."""
    with pytest.raises(FatalError, match=r"no shop demo.*check-mappings"):
        Mappings(rows=()).shop("demo")


def test_a_staged_copy_says_the_same() -> None:
    """Apply would refuse the plan of the same run, or book it by other rules."""
    rows = (*ACCOUNTS_BY_RANK, *METHODS_BY_RANK, *POLICIES_BY_RANK, shop_row("demo"))
    mappings = Mappings(rows=rows, broken_shops=frozenset({"x"}))
    copy = Mappings.from_json(mappings.to_json())

    assert copy == mappings
    assert copy.fingerprint == mappings.fingerprint


@pytest.mark.parametrize("rate_pct", ["10", "20", "25,5", "0", "*"])
def test_a_staged_copy_holds_any_rate(rate_pct: str) -> None:
    """A company that sells to France (20 %) could not run: the second task refuses it."""
    file = (STANDARD / "accounts.csv").read_text(encoding="utf-8")
    mappings = builders.mappings(accounts=f'{file}demo,goods,FR,"{rate_pct}",3106,,\n')
    copy = Mappings.from_json(mappings.to_json())

    assert copy == mappings
    assert copy.fingerprint == mappings.fingerprint


def test_a_staged_copy_holds_dates_times_and_lists() -> None:
    """The copy would hold texts, which no rule compares with a day or an hour."""
    dated = account("*", "SE", RATE, 3001).replaced(valid_from=DAY)
    watched = shop_row("demo").replaced(reconciled_by=time(7, 30), notify=("mail:a@b.example",))
    rate = CurrencyRateRow(day=DAY, currency="JPY", rate=Decimal("1E+1"))
    mappings = Mappings(rows=(dated, watched, rate))

    assert Mappings.from_json(mappings.to_json()) == mappings


def test_a_row_is_frozen_and_knows_its_columns() -> None:
    """A shop's setting would change in the middle of a run, or a slip in a name go unnoticed."""
    row = account("*", "SE", RATE, 3001)

    with pytest.raises(AttributeError, match="frozen"):
        row.sales_account = 3002  # type: ignore[misc]
    with pytest.raises(TypeError, match="has no acount"):
        row.replaced(acount=3002)
    with pytest.raises(TypeError, match="needs currency, rate"):
        CurrencyRateRow(day=DAY)  # type: ignore[call-arg]
    assert hash(row) == hash(row.replaced())
    assert "sales_account=3001" in repr(row)


def test_the_fingerprint_changes_with_every_value() -> None:
    """A plan would be carried out after the accounts were changed under it."""
    base = account("*", "SE", RATE, 3001)
    others = (
        account("demo", "SE", RATE, 3001),
        account("*", "DE", RATE, 3001),
        account("*", "SE", None, 3001),
        account("*", "SE", RATE, 3002),
        base.replaced(valid_to=DAY),
    )
    prints = {Mappings(rows=(row,)).fingerprint for row in (base, *others)}

    assert len(prints) == len(others) + 1
    assert all(len(fingerprint) == 12 for fingerprint in prints)


def test_the_fingerprint_ignores_where_a_row_stands() -> None:
    """A comment added above the rows would make every open plan invalid."""
    row = account("*", "SE", RATE, 3001)
    moved = row.replaced(row=17)

    assert Mappings(rows=(row,)).fingerprint == Mappings(rows=(moved,)).fingerprint
