"""All payouts x mappings -> wanted vouchers, and what is held. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fortnox.core.documents import Held
from fortnox.core.mapping import Mappings, PayoutRow, ShopRow
from fortnox.core.money import format_ore
from fortnox.core.payout_voucher import held_payout, on_open_day, payout_voucher
from fortnox.core.payouts import Payout, SettlementReports, Unreadable
from fortnox.core.vouchers import ListedVoucher, Voucher


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedPayout:
    """A payout that can be booked, with the accounts and the voucher that say how."""

    payout: Payout
    row: PayoutRow
    voucher: Voucher


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedPayouts:
    """What the reports ask for. ``notes`` are sentences for the report."""

    wanted: tuple[WantedPayout, ...]
    held: tuple[Held, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutPlan:
    """Vouchers to make, on open days, and what a person must say to it first."""

    create: tuple[Voucher, ...]
    held: tuple[Held, ...]
    unchanged: int
    approval_reasons: tuple[str, ...]


def wanted_payouts(reports: SettlementReports, mappings: Mappings, shop: ShopRow) -> WantedPayouts:
    """Decide each payout since the shop's start date; the first uncertain thing holds it."""
    wanted: list[WantedPayout] = []
    held: list[Held] = [held_report(one) for one in reports.unreadable]
    before = nothing = 0
    for payout in reports.payouts:
        if payout.day < shop.start_date:
            before += 1
            continue
        row = mappings.payout(shop.shop, payout.provider, payout.day)
        if row is None:
            held.append(_unmapped(payout, shop))
            continue
        voucher = payout_voucher(payout, row, shop)
        if isinstance(voucher, Held):
            held.append(voucher)
        elif voucher is None:
            nothing += 1
        else:
            wanted.append(WantedPayout(payout=payout, row=row, voucher=voucher))
    notes = [*reports.notes]
    if before:
        notes.append(f"{before} payouts lie before start_date {shop.start_date} of shops.csv.")
    if nothing:
        notes.append(f"{nothing} payouts of 0.00 without fees have nothing to book.")
    return WantedPayouts(wanted=tuple(wanted), held=tuple(held), notes=tuple(notes))


def plan_payouts(
    wanted: Sequence[WantedPayout],
    known: Mapping[str, Sequence[ListedVoucher]],
    closed_through: date | None,
    shop: ShopRow,
) -> PayoutPlan:
    """What is to be made, by what Fortnox has; closed is closed (rule 17)."""
    create: list[Voucher] = []
    held: list[Held] = []
    late = 0
    missing = [one for one in wanted if one.voucher.mark not in known]
    for one in missing:
        dated = on_open_day(one.voucher, closed_through, shop)
        if isinstance(dated, str):
            held.append(
                held_payout(
                    one.payout,
                    "period_closed",
                    dated,
                    "Ask the accountant; then open the period, or set late_policy to "
                    "first_open_day.",
                )
            )
            continue
        late += dated.day != one.payout.day
        create.append(dated)
    made = {voucher.mark for voucher in create}
    total = sum(one.payout.net_ore for one in missing if one.voucher.mark in made)
    return PayoutPlan(
        create=tuple(create),
        held=tuple(held),
        unchanged=len(wanted) - len(missing),
        approval_reasons=tuple(_approval_reasons(len(create), total, late, shop)),
    )


def held_report(unreadable: Unreadable) -> Held:
    """A report, or a payout in it, that can't be read for certain."""
    name = unreadable.payout_id or unreadable.source
    return Held(
        kind="document",
        order_id=name,
        order_number=name,
        amount_ore=0,
        code="payout_report_unreadable",
        reason=f"{unreadable.source}: {unreadable.reason}",
        remedy="Download the report once more as docs/payouts.md says, or take the file away.",
    )


def _unmapped(payout: Payout, shop: ShopRow) -> Held:
    return held_payout(
        payout,
        "unmapped_provider",
        f'provider "{payout.provider}" has no row in payouts.csv on {payout.day}',
        f"Add the row to payouts.csv (shop {shop.shop}), then run again.",
    )


def _approval_reasons(count: int, total_ore: int, late: int, shop: ShopRow) -> Iterable[str]:
    over = shop.approve_documents_over
    if over is not None and count > over:
        yield f"{count} new vouchers of payouts, more than {over}"
    if shop.approve_total_over_ore is not None and total_ore > shop.approve_total_over_ore:
        limit = format_ore(shop.approve_total_over_ore)
        yield f"{format_ore(total_ore)} in new vouchers of payouts, more than {limit}"
    if late:
        yield f"{late} vouchers of a closed period, dated the first open day"
