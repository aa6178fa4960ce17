"""What becomes of the events of advances, by which of their vouchers Fortnox has. Pure."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from fortnox.core.advances import Advance, AdvanceEvent
from fortnox.core.csv_cells import text_cell
from fortnox.core.documents import Held
from fortnox.core.mapping import ShopRow
from fortnox.core.money import format_ore
from fortnox.core.vouchers import LATE, Attachment, ListedVoucher, Voucher

_COLUMNS = ("order_id", "order_number", "refund_id", "account", "vat_rate", "net", "vat")


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvanceMark:
    """What a mark of ours says: which event of which order."""

    order_id: str
    event: AdvanceEvent
    refund_id: str = ""

    @classmethod
    def parse(cls, key: str, mark: str) -> "AdvanceMark | None":
        """The inverse of :attr:`Advance.mark`; None for any other mark."""
        parts = mark.split(":")
        if len(parts) not in {3, 4} or parts[0] != key or parts[2] not in set(AdvanceEvent):
            return None
        event = AdvanceEvent(parts[2])
        if (event is AdvanceEvent.REFUNDED) != (len(parts) == 4):  # noqa: PLR2004 - with refund id
            return None
        return cls(order_id=parts[1], event=event, refund_id="".join(parts[3:]))


def decide_advance(
    advance: Advance, standing: Sequence[ListedVoucher], closed: date | None, shop: ShopRow
) -> Voucher | Held | None:
    """The voucher that is missing; None when it stands, or the event has no posting.

    Args:
        advance: The event.
        standing: Fortnox's vouchers of its mark. Two of them are left to the proof.
        closed: The last closed day.
        shop: Row of shops.csv.
    """
    if not advance.voucher_rows:
        return None
    if standing:
        is_same = all(
            listed.content in {"", advance_voucher(advance, listed.day).content}
            for listed in standing
        )
        return None if is_same else _changed(advance, standing[0])
    if closed is None or advance.day > closed:
        return advance_voucher(advance, advance.day)
    if shop.late_policy == "hold":
        return held_advance(
            advance,
            "period_closed",
            f"{advance.day} lies in a period that is closed through {closed}",
            "Ask the accountant; then open the period, or set late_policy to first_open_day.",
        )
    return advance_voucher(advance, closed + timedelta(days=1))


def advance_voucher(advance: Advance, day: date) -> Voucher:
    """The event's voucher on a day: its own, or the first open one."""
    number = advance.order_number
    text = {
        AdvanceEvent.PAID: f"Förskott order {number}",
        AdvanceEvent.DELIVERED: f"Leverans order {number}, förskott {advance.paid_on}",
        AdvanceEvent.REFUNDED: f"Återbetalning {advance.refund_id} order {number}",
    }[advance.event]
    late = "" if day == advance.day else f"{LATE}{advance.day}"
    return Voucher(
        mark=advance.mark,
        series=advance.series,
        day=day,
        text=f"{text}{late}",
        rows=advance.voucher_rows,
        attachment=Attachment(suffix="csv", content=_row_list(advance)),
        after=advance.after,
    )


def held_advance(advance: Advance, code: str, reason: str, remedy: str) -> Held:
    """The event as held; a delivery by the revenue that it is about."""
    is_delivery = advance.event is AdvanceEvent.DELIVERED
    return Held(
        kind="refund" if advance.refund_id else "order",
        order_id=advance.order_id,
        order_number=advance.order_number,
        amount_ore=advance.revenue_ore if is_delivery else advance.amount_ore,
        code=code,
        reason=reason,
        remedy=remedy,
        day=advance.day,
        refund_id=advance.refund_id,
    )


def held_too_early(advance: Advance) -> Held:
    """Until the day has ended, the order may still be delivered on it."""
    return held_advance(
        advance,
        "day_not_settled",
        f"whether {advance.day} has an advance is known two hours after the day's end at the "
        "earliest",
        "Run the day again then.",
    )


def held_without_payment(advance: Advance) -> Held:
    """Its advance is held, or was never booked: there is no debt to take away."""
    return held_advance(
        advance,
        "advance_not_booked",
        f"the advance of {advance.paid_on} is not in the books",
        f"Mend what holds it in the report of {advance.paid_on}; then run this day again.",
    )


def _changed(advance: Advance, listed: ListedVoucher) -> Held:
    return held_advance(
        advance,
        "changed_after_export",
        f"the order was edited after it became voucher {listed}",
        f"Reverse voucher {listed} in Fortnox and book what the order is now by hand; or undo the "
        "edit in the shop.",
    )


def _row_list(advance: Advance) -> bytes:
    """The voucher's file: what it was made from, in kronor; no personal data (rule 28)."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for row in advance.rows:
        writer.writerow(
            (
                *(text_cell(advance.order_id), text_cell(advance.order_number)),
                *(text_cell(advance.refund_id), row.account, str(row.rate)),
                *(format_ore(row.net_ore), format_ore(row.vat_ore)),
            )
        )
    return text.getvalue().encode("utf-8-sig")


def sorted_events(advances: Sequence[Advance]) -> list[Advance]:
    """Payments first, for the others go on from them."""
    return sorted(
        {one.mark: one for one in advances}.values(),
        key=lambda one: (one.event is not AdvanceEvent.PAID, one.day, one.mark),
    )
