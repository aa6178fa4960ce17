"""Tasks of the payouts DAG: read the dropped reports, plan, write the vouchers."""

import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypedDict

from airflow.configuration import AIRFLOW_HOME
from airflow.sdk import Context

from fortnox.api.client import FortnoxClient
from fortnox.api.intents import IntentStore
from fortnox.api.snapshot import closed_through, financial_years
from fortnox.api.supplier_invoices import all_settled, fee_invoices, settle_fee_invoice
from fortnox.api.voucher_writer import VouchersWritten, VoucherWriter
from fortnox.api.vouchers import list_days, list_series
from fortnox.api.wire import JsonObject
from fortnox.core.actions import FinancialYear
from fortnox.core.documents import Held
from fortnox.core.errors import DocumentError, FatalError, UnknownOutcomeError
from fortnox.core.mapping import ShopRow
from fortnox.core.payout_invoice import fee_invoice, held_fee_invoice
from fortnox.core.payout_plan import (
    PayoutPlan,
    WantedPayout,
    WantedPayouts,
    plan_payouts,
    wanted_payouts,
)
from fortnox.core.payout_voucher import held_payout
from fortnox.core.payouts import SettlementReports
from fortnox.core.settlement import ReportFile, read_reports
from fortnox.core.vouchers import ListedVoucher, Voucher, by_mark
from fortnox.core.window import modified_window
from fortnox.steps.apply import Applied, check_plan
from fortnox.steps.connections import fortnox_hook
from fortnox.steps.day_vouchers import VOUCHERS
from fortnox.steps.plan import Planned
from fortnox.steps.run import Run, RunDict, load_mappings, load_run, open_run
from fortnox.steps.staging import Pointer, Records, local_folder, staging_base
from fortnox.steps.transform import HELD
from fortnox.steps.writing import holder_of, writing_to

log = logging.getLogger(__name__)

#: Environment variable that names the folder into which settlement reports are dropped.
PAYOUTS_VARIABLE = "FORTNOX_PAYOUTS_DIR"
REPORTS = Records(SettlementReports)
#: Larger files are no settlement reports, and would fill the worker's memory.
_LARGEST_FILE = 50 * 1024 * 1024
_SUFFIXES = (".csv", ".txt")
#: Inbox, voucher, connection (the request floor), and what is asked once.
_REQUESTS_EACH, _REQUESTS_ONCE = 3, 7
#: After so long Fortnox's lists show a write.
_LISTS_LAG_S = 2.0


class Collected(TypedDict):
    """The first task's XCom: the run, and what the folder holds."""

    run: RunDict
    reports: Pointer
    files: int


def payouts_folder(shop: str) -> Path:
    """Where a shop's settlement reports are dropped: a folder of its own below the base."""
    base = os.environ.get(PAYOUTS_VARIABLE, "").strip() or f"{AIRFLOW_HOME}/fortnox/payouts"
    return Path(base, shop)


def collect_payouts(context: Context, shop_key: str) -> Collected:
    """Read every report in the shop's folder; open the run. Calls nobody."""
    mappings = load_mappings(str(context["dag"].fileloc))
    shop = mappings.shop(shop_key)
    now = datetime.now(UTC)
    files = list(dropped_files(payouts_folder(shop.shop)))
    reports = read_reports(files, shop.zone, now.astimezone(shop.zone).date())
    log.info("%d files, %d payouts", len(files), len(reports.payouts))
    run = open_run(
        context,
        shop=shop,
        mappings=mappings,
        window=modified_window(_first_moment(reports, now), now),
        opened_at=now,
    )
    staging = load_run(context, run).staging
    return {
        "run": run,
        "reports": staging.write_records("payouts", REPORTS, [reports]),
        "files": len(files),
    }


def dropped_files(folder: Path) -> Iterator[ReportFile]:
    """CSV files of the folder; those of a subfolder are of the provider that it is named for.

    Nothing is moved or deleted: what is booked is known from Fortnox. A subfolder whose name
    begins with ``_`` or a dot is not looked into.
    """
    for path in sorted([*folder.glob("*"), *folder.glob("[!_.]*/*")]):
        if not path.is_file() or path.suffix.lower() not in _SUFFIXES:
            continue
        if path.stat().st_size > _LARGEST_FILE:
            log.warning("%s is larger than a settlement report; left alone", path.name)
            continue
        provider = path.parent.name.lower() if path.parent != folder else ""
        yield ReportFile(name=path.name, content=path.read_bytes(), provider=provider)


def plan_vouchers(context: Context, collected: Collected) -> Planned:
    """Compare the reports with what Fortnox has. Reads Fortnox, writes nothing."""
    run, reports = load_collected(context, collected)
    wanted = wanted_payouts(reports, run.mappings, run.shop)
    client = fortnox_hook(run.shop.fortnox_conn_id).client()
    known = known_vouchers(client, wanted.wanted, financial_years(client))
    plan = plan_payouts(wanted.wanted, known, _closed(client, run.shop), run.shop)
    folder = local_folder(staging_base(), run.shop.fortnox_conn_id)
    unfinished = unfinished_vouchers(client, wanted.wanted, known, folder)
    log.info("%d to make, %d there already", len(plan.create), plan.unchanged)
    return _planned(plan, unfinished, wanted, run, client.usage.reads)


def apply_vouchers(
    context: Context, collected: Collected, planned: Planned, chunk: Pointer
) -> Applied:
    """Write the approved vouchers, under the company's lease and behind the company guard."""
    run, reports = load_collected(context, collected)
    check_plan(planned, run, datetime.now(UTC))
    vouchers = run.staging.read_records(chunk, VOUCHERS)
    wanted = wanted_payouts(reports, run.mappings, run.shop).wanted
    started = time.monotonic()
    with writing_to(run.shop, holder=holder_of(context, run)) as writing:
        written, held = write_payouts(writing.client, run.shop, vouchers, wanted, writing.folder)
    return {
        "created": len(written.created),
        "booked": len(written.created),
        "paid": 0,
        "unchanged": len(written.unchanged),
        "surplus_cancelled": 0,
        "held": run.staging.write_records(f"{chunk['step']}-held", HELD, held),
        "reads": writing.client.usage.reads,
        "writes": writing.client.usage.writes,
        "milliseconds": int((time.monotonic() - started) * 1000),
    }


def write_payouts(
    client: FortnoxClient,
    shop: ShopRow,
    vouchers: Sequence[Voucher],
    wanted: Sequence[WantedPayout],
    folder: Path,
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    sleep: Callable[[float], None] = time.sleep,
) -> tuple[VouchersWritten, list[Held]]:
    """The vouchers, then the fees of those that stand; ``folder`` is the company's, for intents."""
    years = financial_years(client)
    quiet = timedelta(minutes=shop.voucher_quiet_minutes)
    writer = VoucherWriter(client, IntentStore(folder), years, quiet=quiet, now=now)
    written = writer.write(vouchers, known_vouchers(client, wanted, years))
    standing = {**written.created, **written.unchanged}
    held = [*held_vouchers(written, wanted), *settle_fees(client, wanted, standing, sleep)]
    return written, held


def settle_fees(
    client: FortnoxClient,
    wanted: Iterable[WantedPayout],
    vouchers: Mapping[str, ListedVoucher],
    sleep: Callable[[float], None],
) -> Iterator[Held]:
    """Fees that become supplier invoices, of payouts whose voucher stands; yields what is held."""
    for one in wanted:
        listed = vouchers.get(one.voucher.mark)
        invoice = fee_invoice(one.payout, one.row, listed.day) if listed else None
        if invoice is None:
            continue
        try:
            settle_fee_invoice(client, invoice, pause=lambda: sleep(_LISTS_LAG_S))
        except (DocumentError, UnknownOutcomeError) as error:
            yield held_fee_invoice(one.payout, error)


def unfinished_vouchers(
    client: FortnoxClient,
    wanted: Sequence[WantedPayout],
    known: Mapping[str, object],
    folder: Path,
) -> list[Voucher]:
    """Vouchers that stand, and lack their file or the supplier invoice of their fees.

    The intent of a voucher goes when its file is connected (rule 12); ``folder`` is the company's.
    """
    intents = IntentStore(folder)
    standing = [one for one in wanted if one.voucher.mark in known]
    without_file = [one.voucher for one in standing if intents.read(one.voucher.mark)]
    without_invoice = _without_fee_invoice(client, standing)
    return [*{one.mark: one for one in (*without_file, *without_invoice)}.values()]


def _without_fee_invoice(
    client: FortnoxClient, standing: Iterable[WantedPayout]
) -> Iterator[Voucher]:
    """Those whose fees were not made a paid supplier invoice yet."""
    found: dict[str, dict[str, list[JsonObject]]] = {}
    for one in standing:
        invoice = fee_invoice(one.payout, one.row, one.payout.day)
        if invoice is None:
            continue
        supplier = invoice.supplier_number
        if supplier not in found:
            found[supplier] = fee_invoices(client, supplier)
        if not all_settled(found[supplier].get(invoice.invoice_number, [])):
            yield one.voucher


def load_collected(context: Context, collected: Collected | None) -> tuple[Run, SettlementReports]:
    """The run and the reports as they were read by its first task."""
    if collected is None:
        raise FatalError(
            "The run's first task read no reports.", remedy="See its log; then clear the run."
        )
    run = load_run(context, collected["run"])
    (reports,) = run.staging.read_records(collected["reports"], REPORTS)
    return run, reports


def known_vouchers(
    client: FortnoxClient, wanted: Iterable[WantedPayout], years: Iterable[FinancialYear]
) -> dict[str, tuple[ListedVoucher, ...]]:
    """Mark -> vouchers: all of our series since the oldest payout, and of the payouts' days.

    A date may have moved to an open day, so the series is read in whole; the days are read in
    every series, in case payouts.csv named another one then.
    """
    items = list(wanted)
    if not items:
        return {}
    first = min(one.payout.day for one in items)
    last = max(one.payout.day for one in items)
    found: list[ListedVoucher] = []
    reached = [year for year in years if year.to_date >= first]
    for series in sorted({one.voucher.series for one in items}):
        found.extend(list_series(client, series, reached))
    for year in reached:
        if year.from_date <= last:
            found.extend(
                list_days(client, year, max(first, year.from_date), min(last, year.to_date))
            )
    return by_mark(found)


def held_vouchers(written: VouchersWritten, wanted: Iterable[WantedPayout]) -> Iterator[Held]:
    """Vouchers that were not made, as held payouts."""
    payouts = {one.voucher.mark: one.payout for one in wanted}
    for item in written.not_written:
        yield held_payout(payouts[item.voucher.mark], item.code, item.reason, item.remedy)


def _first_moment(reports: SettlementReports, now: datetime) -> datetime:
    """The window is for people: it begins with the oldest payout of the folder."""
    first = min((payout.day for payout in reports.payouts), default=now.date())
    return min(datetime.combine(first, datetime.min.time(), tzinfo=UTC), now - timedelta(days=1))


def _closed(client: FortnoxClient, shop: ShopRow) -> date | None:
    closed = (closed_through(client), shop.books_closed_through)
    return max(filter(None, closed), default=None)


def _planned(
    plan: PayoutPlan,
    unfinished: Sequence[Voucher],
    wanted: WantedPayouts,
    run: Run,
    reads: int,
) -> Planned:
    net_ore = {one.voucher.mark: one.payout.net_ore for one in wanted.wanted}
    work = [*plan.create, *unfinished]
    chunks = [run.staging.write_records("chunk-0", VOUCHERS, work)] if work else []
    return {
        "chunks": chunks,
        "held": run.staging.write_records("plan-held", HELD, [*wanted.held, *plan.held]),
        "create": len(plan.create),
        "book": 0,
        "unchanged": plan.unchanged,
        "surplus": 0,
        "requests": _REQUESTS_ONCE + _REQUESTS_EACH * len(work) if work else 0,
        "total_ore": sum(net_ore[voucher.mark] for voucher in plan.create),
        "approval_reasons": list(plan.approval_reasons),
        "made_at": datetime.now(UTC).isoformat(),
        "fingerprint": run.fingerprint,
        "reads": reads,
        "notes": [],
    }
