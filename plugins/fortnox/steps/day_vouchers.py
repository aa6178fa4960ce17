"""Day vouchers in the orders DAG: planned with the invoices, written last, proven with them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from fortnox.api.client import FortnoxClient
from fortnox.api.intents import IntentStore
from fortnox.api.snapshot import closed_through, financial_years
from fortnox.api.voucher_writer import NotWritten, VoucherWriter
from fortnox.api.vouchers import list_series, voucher_rows
from fortnox.core.advance_plan import AdvanceMark
from fortnox.core.day_voucher import (
    DayGroup,
    DaySale,
    day_groups,
    doubled,
    is_settled,
    next_voucher,
    of_group,
)
from fortnox.core.day_voucher_proof import GroupProof, held_closed_period, held_too_early
from fortnox.core.documents import Held
from fortnox.core.mapping import DocumentTypeRow
from fortnox.core.money import format_ore
from fortnox.core.vouchers import ListedVoucher, Voucher, by_mark
from fortnox.core.window import WindowKind
from fortnox.steps.ledger import ledger_amounts
from fortnox.steps.run import Run
from fortnox.steps.staging import Pointer, Records

DAY_SALES = Records(DaySale, ("order_id", "group"))
VOUCHERS = Records(Voucher, ("mark",))
#: Name of the piece of the plan that holds vouchers instead of invoices.
CHUNK = "day-vouchers"

Known = dict[str, tuple[ListedVoucher, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPlan:
    """Vouchers to write, what waits, and what a person is asked.

    ``unfinished`` stand in Fortnox already; an earlier run did not come to connect their file.
    """

    vouchers: tuple[Voucher, ...] = ()
    unfinished: tuple[Voucher, ...] = ()
    held: tuple[Held, ...] = ()
    approval_reasons: tuple[str, ...] = ()

    def __add__(self, other: "DayPlan") -> "DayPlan":
        return DayPlan(
            vouchers=(*self.vouchers, *other.vouchers),
            unfinished=(*self.unfinished, *other.unfinished),
            held=(*self.held, *other.held),
            approval_reasons=(*self.approval_reasons, *other.approval_reasons),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DayWritten:
    """What became of the planned vouchers."""

    created: int
    unchanged: int
    held: tuple[Held, ...]


def uses_day_vouchers(run: Run) -> bool:
    """Whether the run is a day's, and some payment method of the shop goes into day vouchers."""
    return (
        run.window.kind is WindowKind.ACCOUNTING_DAY
        and bool(run.shop.voucher_series)
        and has_day_vouchers(run)
    )


def has_day_vouchers(run: Run) -> bool:
    """Whether some payment method of the shop goes into day vouchers."""
    rows = run.mappings.rows_of(DocumentTypeRow, run.shop.shop)
    return any(row.document_type == "day_voucher" for row in rows)


def known_vouchers(client: FortnoxClient, run: Run) -> Known:
    """Mark -> vouchers of the shop's series, from the day's financial year on.

    The date of a late voucher has moved, so the series is read in whole, never a day (rule 3).
    """
    day = _day(run)
    return vouchers_since(client, run, day)


def vouchers_since(client: FortnoxClient, run: Run, day: date) -> Known:
    """The same, from the financial year of a day on."""
    years = [year for year in financial_years(client) if year.to_date >= day]
    return by_mark(list_series(client, run.shop.voucher_series, years))


def plan_day_vouchers(
    client: FortnoxClient, run: Run, sales: Sequence[DaySale], company_folder: Path
) -> DayPlan:
    """What the day's vouchers lack. Reads Fortnox, writes nothing."""
    if not uses_day_vouchers(run):
        return DayPlan()
    known = known_vouchers(client, run)
    groups = _groups(run, sales, known)
    if not is_settled(run.window, datetime.now(UTC)):
        return DayPlan(held=tuple(held_too_early(group) for group in groups if group.sales))
    vouchers: list[Voucher] = []
    unfinished: list[Voucher] = []
    held: list[Held] = []
    reasons: list[str] = []
    closed = _closed(client, run)
    intents = IntentStore(company_folder)
    for group in groups:
        existing = of_group(group, known)
        if doubled(existing, group):
            # Not supplemented: reconcile proposes the reversal, which makes it right.
            continue
        found = [row for voucher in existing for row in voucher_rows(client, voucher)]
        voucher = next_voucher(group, existing, found, _open_day(group, closed))
        if voucher is None:
            unfinished.extend(_unfinished(group, existing, intents))
            continue
        if closed is not None and group.day <= closed and run.shop.late_policy == "hold":
            held.append(held_closed_period(group, closed))
            continue
        vouchers.append(voucher)
        reasons.extend(_reasons(group, voucher, supplements=bool(existing)))
    return DayPlan(
        vouchers=tuple(vouchers),
        unfinished=tuple(unfinished),
        held=tuple(held),
        approval_reasons=tuple(reasons),
    )


def write_day_vouchers(
    client: FortnoxClient,
    run: Run,
    vouchers: Sequence[Voucher],
    company_folder: Path,
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> DayWritten:
    """Write the approved vouchers; the company's lease is held by the caller."""
    writer = VoucherWriter(
        client,
        IntentStore(company_folder),
        financial_years(client),
        quiet=timedelta(minutes=run.shop.voucher_quiet_minutes),
        now=now,
    )
    # An advance of an earlier year may stand there already.
    first = min(one.day for one in vouchers)
    written = writer.write(vouchers, vouchers_since(client, run, min(first, _day(run))))
    return DayWritten(
        created=len(written.created),
        unchanged=len(written.unchanged),
        held=tuple(_not_written(item, run) for item in written.not_written),
    )


def prove_day_vouchers(
    client: FortnoxClient, run: Run, sales: Sequence[DaySale]
) -> tuple[GroupProof, ...]:
    """Each group of the day with its vouchers and what the ledger holds of them."""
    if not uses_day_vouchers(run):
        return ()
    known = known_vouchers(client, run)
    groups = _groups(run, sales, known)
    keys = [voucher.key for group in groups for voucher in of_group(group, known)]
    amounts, _ = ledger_amounts(client, run.shop.fortnox_conn_id, keys)
    proofs = []
    for group in groups:
        existing = of_group(group, known)
        sums: dict[int, int] = {}
        for voucher in existing:
            for account, ore in amounts.get(voucher.key, {}).items():
                sums[account] = sums.get(account, 0) + ore
        proofs.append(GroupProof(group=group, vouchers=existing, ledger=sums))
    return tuple(proofs)


def _groups(run: Run, sales: Sequence[DaySale], known: Known) -> list[DayGroup]:
    """Groups of the day's sales, and those that have a voucher of the day and no sale any more."""
    groups = day_groups(sales, run.shop)
    prefixes = {group.prefix for group in groups}
    day = _day(run)
    start = f"{run.shop.reference_key}:{day.isoformat()}:"
    for mark in known:
        parts = mark.removeprefix(start).split(":")
        if not mark.startswith(start) or len(parts) != 3:  # noqa: PLR2004 - currency, group, number
            continue
        group = DayGroup(shop=run.shop, day=day, currency=parts[0], group=parts[1], sales=())
        if group.prefix not in prefixes:
            prefixes.add(group.prefix)
            groups.append(group)
    return groups


def _unfinished(
    group: DayGroup, existing: Iterable[ListedVoucher], intents: IntentStore
) -> Iterator[Voucher]:
    """Vouchers whose intent was kept: it goes when the file is connected (rule 12)."""
    whole = next_voucher(group, (), (), group.day)
    marks = sorted(mark for voucher in existing for mark in voucher.marks)
    for mark in marks:
        if whole is not None and mark.startswith(group.prefix) and intents.read(mark):
            yield replace(whole, mark=mark)


def _day(run: Run) -> date:
    if run.window.day is None:
        raise ValueError("day vouchers are a daily run's")
    return run.window.day


def _closed(client: FortnoxClient, run: Run) -> date | None:
    closed = (closed_through(client), run.shop.books_closed_through)
    return max(filter(None, closed), default=None)


def _open_day(group: DayGroup, closed: date | None) -> date:
    return group.day if closed is None or group.day > closed else closed + timedelta(days=1)


def _reasons(group: DayGroup, voucher: Voucher, *, supplements: bool) -> Iterable[str]:
    if supplements:
        ore = sum(one for one in voucher.sums.values() if one > 0)
        yield f"a supplement of {format_ore(ore)} to the day voucher {group.prefix.rstrip(':')}"
    if voucher.day != group.day:
        yield f"the day voucher of {group.day} is dated {voucher.day}, the first open day"


def _not_written(item: NotWritten, run: Run) -> Held:
    held = Held(
        kind="document",
        order_id=item.voucher.mark,
        order_number=item.voucher.mark,
        amount_ore=sum(one for one in item.voucher.sums.values() if one > 0),
        code=item.code,
        reason=item.reason,
        remedy=item.remedy,
        day=run.window.day,
    )
    told = AdvanceMark.parse(run.shop.reference_key, item.voucher.mark)
    if told is None:
        return held
    return replace(
        held,
        kind="refund" if told.refund_id else "order",
        order_id=told.order_id,
        order_number=told.order_id,
        amount_ore=-held.amount_ore if told.refund_id else held.amount_ore,
        refund_id=told.refund_id,
    )


def read_sales(run: Run, pointer: Pointer | None) -> list[DaySale]:
    """The staged day sales of the transform."""
    return run.staging.read_records(pointer, DAY_SALES) if pointer else []
