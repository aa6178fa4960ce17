"""Which voucher an event of an advance lacks, and why one is held."""

from dataclasses import replace
from datetime import date

import pytest
from tests.support.advances import (
    DELIVERED,
    PAID,
    STRICT,
    events,
    given_back,
    listed,
    sold,
    vouchers,
    wanted,
)

from fortnox.core.advance_plan import AdvanceMark, decide_advance
from fortnox.core.advances import AdvanceEvent
from fortnox.core.documents import Held
from fortnox.core.vouchers import Voucher


def payment_voucher() -> Voucher:
    (voucher,) = vouchers(events(PAID, sold()))
    return voucher


def test_vouchers_name_their_order_and_follow_the_payment():
    """The accountant could not tell which order a line of 2420 is about."""
    first, second = vouchers(wanted(DELIVERED, sold()).advances)
    assert first.description == "(demo:1001:a) Förskott order 1001"
    assert second.description == "(demo:1001:d) Leverans order 1001, förskott 2026-05-28"
    assert (first.after, second.after) == ("", "demo:1001:a")
    assert (first.series, first.day, second.day) == ("B", PAID, DELIVERED)


def test_the_file_of_a_voucher_has_its_rows_and_no_buyer():
    """The voucher would have no document behind it (BFL), or a buyer's name in it."""
    attachment = payment_voucher().attachment
    assert attachment is not None
    assert attachment.content.decode("utf-8-sig").splitlines() == [
        "order_id,order_number,refund_id,account,vat_rate,net,vat",
        "1001,1001,,3001,SE 25 %,1000.00,250.00",
    ]


def test_what_stands_is_left_alone_whatever_its_day():
    """A second run, or one after the period was closed, would book it again."""
    (event,) = events(PAID, sold())
    late = replace(listed(payment_voucher()), day=date(2026, 6, 1))
    content = replace(payment_voucher(), day=late.day).content
    assert decide_advance(event, [listed(payment_voucher())], None, STRICT) is None
    assert decide_advance(event, [replace(late, content=content)], PAID, STRICT) is None


def test_an_order_edited_after_its_voucher_is_held():
    """The voucher can't be changed, and the report would not say that it is wrong."""
    (event,) = events(PAID, sold())
    other = replace(listed(payment_voucher()), content="0" * 12)
    held = decide_advance(event, [other], None, STRICT)
    assert isinstance(held, Held)
    assert held.code == "changed_after_export"


def test_comments_that_somebody_rewrote_prove_no_edit():
    """A person's note in the voucher would hold the order for ever."""
    (event,) = events(PAID, sold())
    assert (
        decide_advance(event, [replace(listed(payment_voucher()), content="")], None, STRICT)
        is None
    )


def test_a_closed_period_holds_or_is_dated_the_first_open_day():
    """A filed VAT period would change without a word."""
    (event,) = events(PAID, sold())
    held = decide_advance(event, (), PAID, STRICT)
    assert isinstance(held, Held)
    assert held.code == "period_closed"
    late = decide_advance(
        event, (), date(2026, 5, 31), STRICT.replaced(late_policy="first_open_day")
    )
    assert isinstance(late, Voucher)
    assert late.day == date(2026, 6, 1)
    assert late.text.endswith(", affärshändelse 2026-05-28")


def test_a_refund_is_held_as_a_refund():
    """The report would count it as a sale, with the wrong sign."""
    order = sold(refunded_ore=25000)
    refund = given_back(order, "250.00", date(2026, 5, 30))
    (event,) = events(date(2026, 5, 30), order, refunds=[refund])
    held = decide_advance(event, (), date(2026, 5, 31), STRICT)
    assert isinstance(held, Held)
    assert (held.kind, held.refund_id, held.amount_ore) == ("refund", "7", -25000)


@pytest.mark.parametrize(
    ("mark", "told"),
    [
        ("demo:1001:a", AdvanceMark(order_id="1001", event=AdvanceEvent.PAID)),
        ("demo:1001:d", AdvanceMark(order_id="1001", event=AdvanceEvent.DELIVERED)),
        (
            "demo:1001:r:7",
            AdvanceMark(order_id="1001", event=AdvanceEvent.REFUNDED, refund_id="7"),
        ),
        ("demo:1001:r", None),
        ("demo:1001:a:7", None),
        ("other:1001:a", None),
        ("demo:2026-05-28:SEK:day:1", None),
        ("payout", None),
    ],
)
def test_marks_tell_their_event_and_others_do_not(mark: str, told: AdvanceMark | None):
    """Another shop's voucher, or a day's, would be taken for an order's."""
    assert AdvanceMark.parse("demo", mark) == told
