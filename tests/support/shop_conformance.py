"""What every shop adapter promises (``shops/base.py``), as tests that each shop system inherits.

A system is a sandbox shop over real HTTP and the adapter that reads it; its own test module says
how to start it and how things happen in it.
"""

import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol

import pytest

from fortnox.core.errors import FatalError, PipelineError, UnreachableError
from fortnox.sandbox.faults import FaultRule
from fortnox.sandbox.seed import generate
from fortnox.shops.base import Shop

SALES = generate(end_day=date(2026, 7, 20), days=14, orders_per_day=16)
START, END = datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 7, 25, tzinfo=UTC)
BULK_SECOND = datetime(2026, 7, 23, 4, 5, 6, tzinfo=UTC)
#: Two seconds around the bulk edit, and moments that are no whole seconds.
CUTS = (
    START,
    datetime(2026, 7, 9, 12, 0, 0, 500_000, tzinfo=UTC),
    datetime(2026, 7, 15, 22, 0, tzinfo=UTC),
    BULK_SECOND,
    BULK_SECOND + timedelta(microseconds=1),
    BULK_SECOND + timedelta(seconds=1),
    END,
)


@dataclass(frozen=True, slots=True)
class Truth:
    """An order as the shop's own memory has it."""

    created: datetime
    modified: datetime
    total_ore: int
    currency: str


class System(Protocol):
    """A served sandbox shop with the means to make things happen in it."""

    #: Texts that may stand in no message: the key and its parts.
    secrets: tuple[str, ...]

    def shop(self, *, key_works: bool = True) -> Shop:
        """A new adapter that does not sleep."""
        ...

    def truth(self) -> dict[str, Truth]:
        """Every order that is a sale or was one, whatever its status."""
        ...

    def touch(self, order_id: str, moment: datetime) -> None:
        """The order was modified at that moment, and nothing else about it changed."""
        ...

    def drift(self, after_lists: int, action: str, order_id: str) -> None:
        """``add`` an order or ``touch`` one right after the n-th order list from now."""
        ...

    def fault(self, rule: FaultRule) -> None:
        """Let requests fail."""
        ...

    def personal_data(self) -> tuple[str, ...]:
        """Texts of buyers that may stand in no message."""
        ...


class ShopConformance:
    """Inherit and give a fixture ``system``, anew for each test."""

    def test_every_order_once(self, system: System) -> None:
        """An order would be missing from its day, or be there twice."""
        truth = system.truth()
        created = [head.order_id for head in system.shop().heads_created(START, END)]
        modified = [head.order_id for head in system.shop().heads_modified(START, END)]
        assert sorted(created) == sorted(truth)
        assert sorted(modified) == sorted(truth)

    def test_heads_say_what_the_shop_holds(self, system: System) -> None:
        """A day's total would be another one than the shop's, by an öre or a currency."""
        truth = system.truth()
        heads = list(system.shop().heads_created(START, END))
        assert {
            head.order_id: Truth(head.created_utc, head.modified_utc, head.total_ore, head.currency)
            for head in heads
        } == truth
        assert {head.currency for head in heads} == {"SEK", "EUR"}
        times = [t for head in heads for t in (head.created_utc, head.paid_utc, head.delivered_utc)]
        assert {moment.tzinfo for moment in times if moment} == {UTC}

    def test_windows_join_without_gap_or_overlap(self, system: System) -> None:
        """An order on the edge of two runs would be booked by neither."""
        for order_id in list(system.truth())[:40]:
            system.touch(order_id, BULK_SECOND)
        whole = sorted(head.order_id for head in system.shop().heads_modified(START, END))
        pieces = [
            head.order_id
            for start, end in itertools.pairwise(CUTS)
            for head in system.shop().heads_modified(start, end)
        ]
        assert sorted(pieces) == whole == sorted(system.truth())
        at = BULK_SECOND + timedelta(microseconds=1)
        assert list(system.shop().heads_modified(at, BULK_SECOND + timedelta(seconds=1))) == []

    def test_more_in_one_second_than_an_answer_holds(self, system: System) -> None:
        """A bulk edit: what is beyond an answer's length would be lost."""
        ids = sorted(system.truth())[:215]
        for order_id in ids:
            system.touch(order_id, BULK_SECOND)
        second = timedelta(seconds=1)
        found = system.shop().heads_modified(BULK_SECOND - second, BULK_SECOND + second)
        assert sorted(head.order_id for head in found) == ids

    @pytest.mark.parametrize("action", ["add", "touch"])
    @pytest.mark.parametrize("after_lists", [1, 2, 3])
    def test_what_happens_meanwhile_pushes_nothing_out(
        self, system: System, action: str, after_lists: int
    ) -> None:
        """An order made or edited while a list is read would push another one out."""
        before = system.truth()
        touched = sorted(before)[3]
        system.drift(after_lists, action, touched)
        found = [head.order_id for head in system.shop().heads_modified(START, END)]
        assert len(found) == len(set(found))
        assert set(before) - set(found) <= {touched}

    def test_whole_orders_are_exact(self, system: System) -> None:
        """Lines that are not the total would be booked with a rounding row, or held."""
        truth = system.truth()
        orders = list(system.shop().orders(truth))
        assert sorted(order.head.order_id for order in orders) == sorted(truth)
        certain = [order for order in orders if not order.problems]
        assert len(certain) > 0.9 * len(orders)
        for order in certain:
            cards = sum(amount.amount_ore for amount in order.unlisted)
            assert sum(line.gross_ore for line in order.lines) - cards == order.head.total_ore
            assert abs(sum(line.vat_ore for line in order.lines) - order.total_vat_ore) <= len(
                order.lines
            )
            assert order.head.total_ore == truth[order.head.order_id].total_ore
        assert {order.buyer.kind for order in orders} == {"private", "company"}
        assert {line.vat_rate_pct for order in orders for line in order.lines} >= {25, 12, 6, 0}

    def test_orders_by_id_each_once_and_missing_ones_left_out(self, system: System) -> None:
        """A deleted order would stop a run, or one that is asked for twice be booked twice."""
        first, second = sorted(system.truth())[:2]
        found = list(system.shop().orders([first, "999999999", second, first]))
        assert sorted(order.head.order_id for order in found) == [first, second]
        assert list(system.shop().orders([])) == []

    def test_dates_do_not_move_with_an_edit(self, system: System) -> None:
        """A booked sale would look as if it had moved to another day."""
        order_id = next(
            head.order_id
            for head in system.shop().heads_created(START, END)
            if head.paid_utc and head.delivered_utc
        )
        (before,) = system.shop().orders([order_id])
        system.touch(order_id, BULK_SECOND)
        (after,) = system.shop().orders([order_id])
        assert after.head.modified_utc == BULK_SECOND
        for name in ("created_utc", "paid_utc", "delivered_utc"):
            assert getattr(after.head, name) == getattr(before.head, name)
        assert after.lines == before.lines

    def test_refunds_each_once(self, system: System) -> None:
        """Money given back would be told twice, or on no day."""
        whole = [refund.refund_id for refund in system.shop().refunds_created(START, END)]
        pieces = [
            refund.refund_id
            for start, end in itertools.pairwise(CUTS)
            for refund in system.shop().refunds_created(start, end)
        ]
        assert len(set(whole)) == len(whole)
        assert sorted(pieces) == sorted(whole)

    def test_reading_changes_nothing(self, system: System) -> None:
        """A reader that touches orders would start itself again, for ever."""
        before = system.truth()
        shop = system.shop()
        identity = shop.check()
        list(shop.orders(list(before)[:5]))
        assert identity.currency == "SEK"
        assert identity.prices_include_vat
        assert system.truth() == before

    @pytest.mark.parametrize(
        "trouble",
        [
            {"kind": "status_before", "status": 503},
            {"kind": "rate_limited", "retry_after": 2},
            {"kind": "html"},
            {"kind": "truncated"},
            {"kind": "refuse_before"},
        ],
        ids=lambda trouble: trouble["kind"],
    )
    def test_a_passing_trouble_loses_nothing(self, system: System, trouble: dict[str, Any]) -> None:
        """A hiccup of the shop's host would end the night's run, or cut its list short."""
        system.fault(FaultRule(nth=2, times=2, **trouble))
        found = [head.order_id for head in system.shop().heads_created(START, END)]
        assert sorted(found) == sorted(system.truth())

    @pytest.mark.parametrize("kind", ["status_before", "html", "truncated", "drop_after"])
    def test_a_lasting_trouble_is_told_without_secrets(self, system: System, kind: Any) -> None:
        """The log would hold the key, or a buyer's address."""
        system.fault(FaultRule(kind=kind, times=0, body="Eva Ek eva@example.com"))
        with pytest.raises(UnreachableError) as caught:
            list(system.shop().heads_created(START, END))
        _assert_discreet(caught.value, system)

    def test_a_wrong_key_is_told_with_its_remedy(self, system: System) -> None:
        """The owner would not know what to correct; and the log would hold the key."""
        shop = system.shop(key_works=False)
        with pytest.raises(FatalError) as caught:
            shop.check()
        assert caught.value.remedy
        _assert_discreet(caught.value, system)
        assert not any(secret in repr(shop) for secret in system.secrets)


def _assert_discreet(error: PipelineError, system: System) -> None:
    told = f"{error!s} {error!r} {error.__cause__!r} {error.__context__!r}"
    for secret in (*system.secrets, *system.personal_data(), "eva@example.com"):
        assert secret not in told
