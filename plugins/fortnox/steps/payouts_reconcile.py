"""Task ``reconcile`` of the payouts DAG: vouchers, ledger and clearing accounts, read once more."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from airflow.sdk import Context
from airflow.sdk.exceptions import AirflowFailException

from fortnox.api.client import FortnoxClient
from fortnox.api.finder import find_by_reference
from fortnox.api.snapshot import financial_years
from fortnox.core.actions import FinancialYear
from fortnox.core.documents import Held, ListedInvoice
from fortnox.core.names import REPORT_KEY
from fortnox.core.payout_match import (
    ClearingBalance,
    Settled,
    clearing_balance,
    order_references,
    unmatched_lines,
)
from fortnox.core.payout_plan import WantedPayout, wanted_payouts
from fortnox.core.payout_report import make_payout_report, payout_pages
from fortnox.core.payout_state import PayoutFindings, PayoutState
from fortnox.core.references import order_of_sale
from fortnox.core.report_frame import Summary
from fortnox.core.vouchers import ListedVoucher
from fortnox.steps.connections import fortnox_hook
from fortnox.steps.day_vouchers import has_day_vouchers
from fortnox.steps.ledger import account_year, ledger_amounts
from fortnox.steps.payouts import known_vouchers, load_collected
from fortnox.steps.progress import Progress, read_progress
from fortnox.steps.reconcile import FAILED
from fortnox.steps.report_store import store_report
from fortnox.steps.run import Run, pull

log = logging.getLogger(__name__)

#: Reasons that are gone when the voucher stands after all.
_ANSWERED_BY_VOUCHER = ("voucher_no_answer", "voucher_quiet")

Known = Mapping[str, tuple[ListedVoucher, ...]]


def prove_payouts(context: Context) -> dict[str, Any]:
    """Read, compare, push, and colour the run.

    Raises:
        AirflowFailException: A payout or a clearing account differs, or could not be proven.
    """
    run, reports = load_collected(context, pull(context, "extract"))
    progress = read_progress(context, run)
    wanted = wanted_payouts(reports, run.mappings, run.shop)
    summary = _report(run, wanted.wanted, progress, wanted.notes)
    context["ti"].xcom_push(key=REPORT_KEY, value=summary)
    log.info("%s", summary["headline"])
    if summary["verdict"] in FAILED:
        raise AirflowFailException(summary["headline"])
    return {"verdict": summary["verdict"], "headline": summary["headline"]}


def _report(
    run: Run, wanted: Sequence[WantedPayout], progress: Progress, notes: Sequence[str]
) -> Summary:
    hook = fortnox_hook(run.shop.fortnox_conn_id)
    company = hook.company()
    client = hook.client()
    years = financial_years(client)
    known = known_vouchers(client, wanted, years)
    states, names = _states(client, run, wanted, known, progress.held)
    booked = {one.wanted.payout.payout_id for one in states if one.vouchers}
    findings = PayoutFindings(
        states=states,
        held=[
            item
            for item in progress.held
            if item.code not in _ANSWERED_BY_VOUCHER or item.order_id not in booked
        ],
        unmatched=unmatched_lines(
            (one.payout for one in wanted),
            _documents(client, run, wanted),
            run.shop.reference_key,
            summed_up=has_day_vouchers(run) or run.shop.advances == "strict",
        ),
        clearing=list(_balances(client, run, states, known, years)),
        account_names=names,
        broken=progress.broken,
        notes=[*progress.notes, *notes],
    )
    summary = make_payout_report(
        findings,
        shop=run.shop,
        window=run.window,
        company_name=company.name,
        made_at=datetime.now(UTC),
        work=progress.work(client.usage.reads),
    )
    store_report(run, summary, payout_pages(states))
    return summary


def _states(
    client: FortnoxClient,
    run: Run,
    wanted: Sequence[WantedPayout],
    known: Known,
    held: Sequence[Held],
) -> tuple[list[PayoutState], Mapping[int, str]]:
    """Each payout with its vouchers and what the ledger holds of them."""
    reasons = {item.order_id: item for item in held}
    keys = [voucher.key for one in wanted for voucher in known.get(one.voucher.mark, ())]
    amounts, names = ledger_amounts(client, run.shop.fortnox_conn_id, keys)
    states = []
    for one in wanted:
        vouchers = known.get(one.voucher.mark, ())
        states.append(
            PayoutState(
                wanted=one,
                vouchers=vouchers,
                ledger=amounts.get(vouchers[0].key) if vouchers else None,
                held=reasons.get(one.payout.payout_id),
            )
        )
    return states, names


def _documents(
    client: FortnoxClient, run: Run, wanted: Sequence[WantedPayout]
) -> dict[str, list[ListedInvoice]]:
    """Documents of the orders that the sale lines name, by order id."""
    key = run.shop.reference_key
    orders = order_references(one.payout for one in wanted)
    documents: dict[str, list[ListedInvoice]] = {}
    for document in find_by_reference(client, key, orders).documents:
        documents.setdefault(order_of_sale(key, document.reference) or "", []).append(document)
    return documents


def _balances(
    client: FortnoxClient,
    run: Run,
    states: Sequence[PayoutState],
    known: Known,
    years: Sequence[FinancialYear],
) -> Iterator[ClearingBalance]:
    """Each clearing account of the booked payouts, over the newest year that has some."""
    booked = [one for one in states if one.vouchers]
    marks = {voucher.key: voucher.marks for found in known.values() for voucher in found}
    prefix = f"{run.shop.reference_key}:payout:"
    for account in sorted({one.wanted.row.clearing_account for one in booked}):
        mine = [one for one in booked if one.wanted.row.clearing_account == account]
        providers = {one.wanted.payout.provider for one in mine}
        year = max(one.vouchers[0].year for one in mine)
        if year not in {each.year_id for each in years}:
            continue
        settled: dict[tuple[str, int], Settled | None] = {
            key[1:]: None
            for key, its_marks in marks.items()
            if key[0] == year
            and any(mark.startswith(f"{prefix}{p}:") for mark in its_marks for p in providers)
        }
        settled.update(
            {
                one.vouchers[0].key[1:]: _settled(one.wanted)
                for one in mine
                if one.vouchers[0].year == year
            }
        )
        read = account_year(client, run.shop.fortnox_conn_id, year, account, set(settled))
        yield clearing_balance(
            account,
            providers,
            opening_ore=read.opening_ore,
            amounts=read.amounts,
            ours=settled,
        )


def _settled(wanted: WantedPayout) -> Settled:
    """What the voucher takes from clearing; fees of a supplier invoice are paid on their own."""
    in_voucher = wanted.row.fee_as == "voucher"
    return Settled(
        paid_out_ore=wanted.payout.net_ore,
        fees_ore=wanted.payout.fees_ore if in_voucher else 0,
    )
