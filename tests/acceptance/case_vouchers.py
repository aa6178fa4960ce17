"""The voucher kinds of the accounting cases: a payout's report, and vouchers written to Fortnox."""

import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.acceptance.case_mappings import Case
from tests.support.payouts import line, payout, payout_row

from fortnox.api.client import FortnoxClient
from fortnox.api.intents import IntentStore
from fortnox.api.snapshot import closed_through, financial_years
from fortnox.api.voucher_writer import VoucherWriter
from fortnox.api.vouchers import list_series
from fortnox.core.advance_plan import decide_advance, sorted_events
from fortnox.core.advances import Advance
from fortnox.core.day_voucher import DaySale, day_groups, next_voucher
from fortnox.core.documents import Held
from fortnox.core.mapping import PayoutRow, ShopRow
from fortnox.core.money import decimal_to_ore
from fortnox.core.payouts import FeeVat, Payout
from fortnox.core.vouchers import ListedVoucher, Voucher, by_mark

#: First word of a posting's role -> the column of payouts.csv that names its account.
_COLUMNS = {"bank": "bank_account", "clearing": "clearing_account", "fee": "fee_account"}


def payout_of(case: Case) -> Payout:
    """The settlement report of a case: sales, returns, the fee and its VAT."""
    data = case["order"]["payout"]
    gross = decimal_to_ore(data.get("gross") or data["sales"])
    fee, vat = decimal_to_ore(data["fee"]), decimal_to_ore(data.get("fee_vat", "0"))
    lines = [
        line(gross),
        line(-decimal_to_ore(data.get("returns", "0")), "refund", "2"),
        line(-fee, "fee", "3", vat_ore=-vat, vat=_fee_vat(case, vat)),
    ]
    return payout(
        *lines,
        payout_id=str(case["id"]),
        day=date.fromisoformat(case["order"]["order_date"]),
        net_ore=decimal_to_ore(data["net"]),
    )


def accounts_of(case: Case) -> PayoutRow:
    """The row of payouts.csv that an accountant with the case's chart would write."""
    named: dict[str, Any] = {}
    for posting in case["expected_postings"]:
        column = _COLUMNS.get(posting["role"].split(".")[0])
        if column:
            named[column] = int(posting["account"])
    if _is_reverse_charged(case) and "fee_account" in named:
        named["reverse_charge_account"] = named.pop("fee_account")
    return payout_row(**named)


def _fee_vat(case: Case, vat_ore: int) -> FeeVat | None:
    if vat_ore:
        return FeeVat.SWEDISH
    return FeeVat.REVERSE_CHARGE if _is_reverse_charged(case) else None


def _is_reverse_charged(case: Case) -> bool:
    return any(posting["account"] in ("2614", "2645") for posting in case["expected_postings"])


def write(client: FortnoxClient, vouchers: Iterable[Voucher], series: str = "") -> list[str]:
    """Write vouchers that Fortnox does not have; why those were not written that were not."""
    known = standing(client, series) if series else {}
    with tempfile.TemporaryDirectory() as folder:
        writer = VoucherWriter(
            client,
            IntentStore(Path(folder)),
            financial_years(client),
            quiet=timedelta(minutes=30),
        )
        return [item.reason for item in writer.write(list(vouchers), known).not_written]


def standing(client: FortnoxClient, series: str) -> dict[str, tuple[ListedVoucher, ...]]:
    """The vouchers of a series, by mark."""
    return by_mark(list_series(client, series, financial_years(client)))


def advance_vouchers(
    client: FortnoxClient, advances: Sequence[Advance], shop: ShopRow
) -> tuple[list[Voucher], list[Held]]:
    """The vouchers that the events of advances lack, and what is held of them."""
    if not advances:
        return [], []
    known = standing(client, shop.voucher_series)
    closed = closed_through(client)
    decided = [
        decide_advance(event, known.get(event.mark, ()), closed, shop)
        for event in sorted_events(advances)
    ]
    return (
        [one for one in decided if isinstance(one, Voucher)],
        [one for one in decided if isinstance(one, Held)],
    )


def day_vouchers(sales: Iterable[DaySale], shop: ShopRow) -> list[Voucher]:
    """The vouchers of a day's sales, of which Fortnox has none yet."""
    found = [next_voucher(group, (), (), group.day) for group in day_groups(sales, shop)]
    return [voucher for voucher in found if voucher is not None]
