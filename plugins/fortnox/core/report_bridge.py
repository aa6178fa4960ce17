"""The bridge from the shop's gross to the ledger, made of the parts of each order. Pure.

Every order has parts: a key (``sales``, ``net:shipping:SE:25``, ``money:1580``) and an amount. A
line of the bridge is the sum of one key over all orders, so whoever opens a line finds the orders
that make it up, and they add up to it to the öre. Within a section the lines are its total.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from fortnox.core.currency import BOOKS
from fortnox.core.documents import Invoice, VatRate
from fortnox.core.reconcile_ledger import BaseAccounts, LedgerLevel
from fortnox.core.reconciled import OrderRow, State
from fortnox.core.references import is_refund
from fortnox.core.verify import ROUND_OFF_LIMIT_ORE

#: Key -> öre; the parts of one order.
Parts = Mapping[str, int]

#: From the sales to the documents, in this order.
_TO_DOCUMENTS = ("sales", "refunds", "held", "missing", "differs")
#: What the documents are made of, after net amounts and VAT.
_CONTENTS_REST = ("in_day_vouchers", "otherwise_posted", "not_compared")
#: Where the money is, after the accounts that it was paid to.
_MONEY_REST = ("open", "elsewhere", "round_off")
_KINDS = (
    "goods", "article", "service", "shipping", "fee", "discount", "gift_card", "store_credit",
    "rounding", "other",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgeSource:
    """What the parts are taken from: wanted documents by reference, and the ledger's vouchers."""

    invoices: Mapping[str, Invoice] = field(default_factory=dict)
    ledger: LedgerLevel | None = None
    base: BaseAccounts = field(default_factory=BaseAccounts)


def order_parts(row: OrderRow, source: BridgeSource) -> dict[str, int]:
    """The parts of one order, refund or surplus document; without those of 0 öre.

    All in SEK. An order in another currency has those of its accounts only: its amounts are in no
    sum of the report.
    """
    parts: Counter[str] = Counter()
    # Orders and offers count on their own and have no voucher: not that of invoice 17 for order 17.
    posted = row.document is not None and row.document.voucher_number is not None
    number = row.document.document_number if row.document and posted else ""
    voucher = source.ledger.vouchers.get(number) if source.ledger else None
    invoice = source.invoices.get(row.reference)
    _accounts(voucher, source.ledger.payments.get(number) if source.ledger else None, parts)
    if row.currency == BOOKS:
        _to_document(row, parts)
        _documents(row, invoice, voucher, source, parts)
    return {key: ore for key, ore in parts.items() if ore}


def _documents(
    row: OrderRow,
    invoice: Invoice | None,
    voucher: Mapping[int, int] | None,
    source: BridgeSource,
    parts: Counter[str],
) -> None:
    """Sections ``contents`` and ``money``, as far as the document could be compared."""
    if row.document is None:
        parts["in_day_vouchers"] = row.document_ore or 0
    elif voucher is None or invoice is None:
        parts["not_compared"] = row.document_ore or 0
    else:
        _contents(row, invoice, parts)
        _money(row, invoice, voucher, source, parts)


def _to_document(row: OrderRow, parts: Counter[str]) -> None:
    parts["refunds" if is_refund(row.reference) else "sales"] = row.shop_ore
    rest = (row.document_ore or 0) - row.shop_ore
    if row.state is State.HELD and row.document is None:
        parts["held"] = rest
    elif row.state is State.MISSING:
        parts["missing"] = rest
    else:
        parts["differs"] = rest


def _contents(row: OrderRow, invoice: Invoice, parts: Counter[str]) -> None:
    """Net per kind and rate, VAT per rate, as the shop has them; the rest is posted otherwise."""
    rest = row.document_ore or 0
    for line in invoice.rows:
        kind = line.kind if line.kind in _KINDS else "other"
        rate, total_ore = _rate_key(line.vat.rate), line.total_ore
        parts[f"net:{kind}:{rate}"] += total_ore - line.shop_vat_ore
        parts[f"vat:{rate}"] += line.shop_vat_ore
        rest -= total_ore
    parts["otherwise_posted"] = rest


def _money(
    row: OrderRow,
    invoice: Invoice,
    voucher: Mapping[int, int],
    source: BridgeSource,
    parts: Counter[str],
) -> None:
    """Where the money is: on the payment's account, in cash, or still open."""
    claim = source.base.claim(invoice)
    number = row.document.document_number if row.document else ""
    paid = (source.ledger.payments if source.ledger else {}).get(number, {})
    claimed_ore = voucher.get(claim, 0)
    if claim == source.base.receivable:
        parts["open"] = claimed_ore + paid.get(claim, 0)
    else:
        parts[f"money:{claim}"] += claimed_ore
    for account, ore in paid.items():
        if account != claim:
            parts[f"money:{account}"] += ore
    rest = (row.document_ore or 0) - claimed_ore
    # More than Fortnox rounds off: a second document of the sale, or a voucher of another amount.
    parts["round_off" if abs(rest) <= ROUND_OFF_LIMIT_ORE else "elsewhere"] = rest


def _accounts(
    voucher: Mapping[int, int] | None, paid: Mapping[int, int] | None, parts: Counter[str]
) -> None:
    for posted in (voucher or {}, paid or {}):
        for account, ore in posted.items():
            parts[f"account:{account}"] += ore


def _rate_key(rate: VatRate) -> str:
    """``SE:25``, ``FI:25.5``; ``:0`` without VAT."""
    return f"{rate.country}:{rate.rate_pct.normalize():f}"


def make_bridge(parts_of_orders: Sequence[Parts]) -> list[dict[str, Any]]:
    """The sections: ``documents`` (from the sales to them), ``contents``, ``money``."""
    sums: Counter[str] = Counter()
    orders: Counter[str] = Counter()
    for parts in parts_of_orders:
        sums.update(parts)
        orders.update(parts.keys())
    contents = [
        *sorted((key for key in sums if key.startswith("net:")), key=_by_kind),
        *sorted((key for key in sums if key.startswith("vat:")), key=_by_kind),
        *_CONTENTS_REST,
    ]
    money = [
        *sorted(key for key in sums if key.startswith("money:")),
        "open",
        "elsewhere",
        "round_off",
    ]
    sections = {"documents": _TO_DOCUMENTS, "contents": contents, "money": money}
    made = [
        _section(name, [key for key in keys if orders[key]], sums, orders)
        for name, keys in sections.items()
    ]
    return [section for section in made if section["lines"]]


def _section(
    name: str, keys: Sequence[str], sums: Mapping[str, int], orders: Mapping[str, int]
) -> dict[str, Any]:
    lines = [{"key": key, "amount_ore": sums[key], "orders": orders[key]} for key in keys]
    total_ore = sum(sums[key] for key in keys)
    return {"section": name, "total_ore": total_ore, "lines": lines}


def _by_kind(key: str) -> tuple[int, bool, str, Decimal]:
    """Kinds in the order of :data:`_KINDS`; Sweden first, the highest VAT rate first."""
    *kind, country, rate = key.split(":")[1:]
    return _KINDS.index(kind[0]) if kind else 0, country not in ("SE", ""), country, -Decimal(rate)
