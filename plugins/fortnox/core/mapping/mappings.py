"""All valid mapping rows of a folder, and the look-ups: the most specific row wins.

Order of specificity, outermost first: a shop before ``*``; then the payment method, the market or
the purpose named before ``*``; then the VAT rate or the kind of buyer named before ``*``. Dates
choose among rows that say the same thing; they never make a row more specific.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from fortnox.core.errors import FatalError
from fortnox.core.mapping.article_rows import ArticleFieldRow
from fortnox.core.mapping.base import DatedRow, MappingRow
from fortnox.core.mapping.cells import ANY
from fortnox.core.mapping.delivery_rows import DeliveryMethodRow
from fortnox.core.mapping.document_rows import (
    NO_PAYMENT_METHOD,
    AccountRow,
    CustomerPolicyRow,
    DocumentTypeRow,
    SpecialArticleRow,
)
from fortnox.core.mapping.evidence_rows import CurrencyRateRow, VatEvidenceRow
from fortnox.core.mapping.payout_rows import PayoutRow
from fortnox.core.mapping.shop_rows import EventRow, ShopRow
from fortnox.core.mapping.untaxed_rows import FoundIn, UntaxedAmountRow
from fortnox.core.vat_check import VatCheck

#: The row type of each file; every one that is not ``optional`` must be there.
ROW_TYPES: dict[str, type[MappingRow]] = {
    row_type.file: row_type
    for row_type in (
        ShopRow,
        EventRow,
        DocumentTypeRow,
        AccountRow,
        SpecialArticleRow,
        UntaxedAmountRow,
        CustomerPolicyRow,
        PayoutRow,
        VatEvidenceRow,
        CurrencyRateRow,
        DeliveryMethodRow,
        ArticleFieldRow,
    )
}

#: BAS accounts of Swedish output VAT by rate, where accounts.csv names none.
_BAS_VAT_ACCOUNTS = {Decimal(25): 2611, Decimal(12): 2621, Decimal(6): 2631}
#: No central bank is closed for longer than this (Christmas, Easter).
_RATE_AGE_DAYS = 7
_SWEDEN = "SE"

T = TypeVar("T")
RowT = TypeVar("RowT", bound=MappingRow)
DatedRowT = TypeVar("DatedRowT", bound=DatedRow)
_Key = tuple[object, ...]


@dataclass(frozen=True, kw_only=True)
class Mappings:
    """Rows that are valid and say different things; made by ``parse_mappings``.

    Attributes:
        rows: All rows, of all files, in any order.
        broken_shops: Shops that an error costs; ``*`` among them means every shop.
    """

    rows: tuple[MappingRow, ...]
    broken_shops: frozenset[str] = frozenset()
    #: Answers by what was asked: a day's sales ask the same few questions over and over.
    _memo: dict[_Key, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    _vat_memo: dict[str, dict[Decimal, int]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @cached_property
    def shops(self) -> tuple[ShopRow, ...]:
        """All valid rows of shops.csv by key, also switched-off ones and those with errors."""
        return tuple(sorted(self._of(ShopRow), key=lambda row: row.shop))

    def usable_shops(self) -> tuple[ShopRow, ...]:
        """Shops that are enabled and that no error costs, by key."""
        return tuple(row for row in self.shops if row.enabled and not self._is_broken(row.shop))

    def shop(self, key: str) -> ShopRow:
        """The shop of this key.

        Raises:
            FatalError: There is none, or an error in the mapping files costs it.
        """
        found = self._unique(ShopRow, ((key,),))
        remedy = "Run: python -m fortnox check-mappings"
        if self._is_broken(key):
            raise FatalError(f"The mapping files have errors for shop {key}.", remedy=remedy)
        if found is None:
            raise FatalError(f"shops.csv has no shop {key}.", remedy=remedy)
        return found

    def event(self, shop: str, resource: str) -> EventRow | None:
        """What flows for the resource, by which schedule; None: nothing was said, so nothing."""
        return self._unique(EventRow, ((shop, resource), (ANY, resource)))

    def shops_exporting(self, resource: str) -> tuple[ShopRow, ...]:
        """Usable shops whose resource flows from the shop to Fortnox, by key."""
        events = ((row, self.event(row.shop, resource)) for row in self.usable_shops())
        return tuple(row for row, event in events if event and event.direction == "export")

    def document_type(self, shop: str, payment_method: str, on: date) -> DocumentTypeRow | None:
        """The document for a payment method on a day; None: nobody decided, hold the order.

        An empty payment method is looked up as ``(none)``.
        """
        method = payment_method or NO_PAYMENT_METHOD
        keys = ((owner, name) for owner in (shop, ANY) for name in (method, ANY))
        asked = (DocumentTypeRow.file, shop, method, on)
        return self.remembered(asked, lambda: self._covering(DocumentTypeRow, keys, on))

    def account(
        self, shop: str, kind: str, markets: tuple[str, ...], rate_pct: Decimal, on: date
    ) -> AccountRow | None:
        """The account for a line on a day; None: nobody decided, hold the order.

        Args:
            shop: Key of the shop.
            kind: A ``LineKind``.
            markets: From the most specific one, e.g. ``("DE", "EU_OSS")``.
            rate_pct: VAT rate in percent.
            on: The accounting date.
        """
        keys = (
            (owner, kind, market, rate)
            for owner in (shop, ANY)
            for market in (*markets, ANY)
            for rate in (rate_pct, None)
        )
        asked = (AccountRow.file, shop, kind, markets, rate_pct, on)
        return self.remembered(asked, lambda: self._covering(AccountRow, keys, on))

    def vat_account(self, shop: str, rate_pct: Decimal) -> int | None:
        """Where Swedish VAT of a rate lands; None: neither accounts.csv nor BAS says.

        Fortnox books VAT by its rate, whatever row it is of: so one account per rate, by the most
        specific row, of two periods the later one. Rows of other countries don't speak of it.
        """
        if shop not in self._vat_memo:
            domestic = [
                row for row in self.rows_of(AccountRow, shop) if row.market in (_SWEDEN, ANY)
            ]
            domestic.sort(
                key=lambda row: (
                    row.shop == shop,
                    row.market == _SWEDEN,
                    row.valid_from or date.min,
                )
            )
            self._vat_memo[shop] = _BAS_VAT_ACCOUNTS | {
                row.vat_rate_pct: row.vat_account
                for row in domestic
                if row.vat_account is not None and row.vat_rate_pct
            }
        return self._vat_memo[shop].get(rate_pct)

    def vat_checks(self, shop: str, vat_number: str) -> list[VatCheck]:
        """What vat_evidence.csv says of a VAT number (country in front, no spaces)."""
        return [
            VatCheck(
                checked_on=row.checked_at,
                is_valid=row.result == "valid",
                consultation_number=row.consultation_number,
            )
            for row in self._evidence.get(vat_number, ())
            if row.shop in (shop, ANY)
        ]

    def exchange_rate(self, shop: str, currency: str, on: date) -> Decimal | None:
        """SEK for one unit by currency_rates.csv: the day's rate, else the latest before it.

        Central banks publish none on weekends and holidays, so a rate serves for seven days.
        """
        for age in range(_RATE_AGE_DAYS + 1):
            day = on - timedelta(days=age)
            row = self._unique(CurrencyRateRow, ((owner, currency, day) for owner in (shop, ANY)))
            if row is not None:
                return row.rate
        return None

    def special_article(self, shop: str, purpose: str) -> SpecialArticleRow | None:
        """The article for rows of this purpose; None: nobody decided."""
        return self._unique(SpecialArticleRow, ((shop, purpose), (ANY, purpose)))

    def untaxed_amount(self, shop: str, found_in: FoundIn, name: str) -> UntaxedAmountRow | None:
        """What an amount without VAT is, by its name; None: nobody decided.

        The shop's own rows before those of ``*``, then the longest text that the name contains.
        """
        rows = self.rows_of(UntaxedAmountRow, shop)
        fitting = [row for row in rows if row.found_in == found_in and row.fits(name)]
        return max(fitting, key=lambda row: (row.shop == shop, len(row.text)), default=None)

    def delivery_method(self, shop: str, shipping_method: str) -> DeliveryMethodRow | None:
        """The codes of a shipping method; None: nothing is said about the delivery.

        ``flat_rate:3`` before ``flat_rate``, since zones have instances of a method.
        """
        if not shipping_method:
            return None
        methods = dict.fromkeys((shipping_method, shipping_method.partition(":")[0], ANY))
        keys = ((owner, method) for owner in (shop, ANY) for method in methods)
        return self._unique(DeliveryMethodRow, keys)

    def customer_policy(self, shop: str, market: str, buyer_kind: str) -> CustomerPolicyRow | None:
        """How such a buyer becomes a customer; None: nobody decided, hold the order."""
        keys = (
            (owner, where, kind)
            for owner in (shop, ANY)
            for where in (market, ANY)
            for kind in (buyer_kind, ANY)
        )
        asked = (CustomerPolicyRow.file, shop, market, buyer_kind)
        return self.remembered(asked, lambda: self._unique(CustomerPolicyRow, keys))

    def payout(self, shop: str, provider: str, on: date) -> PayoutRow | None:
        """The accounts of a provider's payouts on a day; None: nobody decided, hold the payout."""
        return self._covering(PayoutRow, ((shop, provider), (ANY, provider)), on)

    def article_fields(self, shop: str, owner: str) -> frozenset[str]:
        """The fields of articles that this side owns, ``shop`` or ``fortnox``."""
        rows = sorted(self.rows_of(ArticleFieldRow, shop), key=lambda row: row.shop == shop)
        owners = {row.field: row.owner for row in rows}
        return frozenset(name for name, said in owners.items() if said == owner)

    @cached_property
    def fingerprint(self) -> str:
        """12 hex digits of what the rows say: not their order, place, spelling or comments."""
        return hashlib.sha256("\n".join(self._canonical()).encode()).hexdigest()[:12]

    def to_json(self) -> str:
        """All of it as text, for the copy that a run stages (rules of the scheduler 21)."""
        rows = [{"file": row.file, "row": row.row, **row.said} for row in self.rows]
        copy = {"rows": rows, "broken_shops": sorted(self.broken_shops)}
        return json.dumps(copy, default=_as_text)

    @classmethod
    def from_json(cls, text: str) -> "Mappings":
        """The inverse of :meth:`to_json`."""
        data = json.loads(text)
        rows = tuple(ROW_TYPES[row.pop("file")].restored(row) for row in data["rows"])
        return cls(rows=rows, broken_shops=frozenset(data["broken_shops"]))

    def rows_of(self, row_type: type[RowT], shop: str) -> tuple[RowT, ...]:
        """The rows of a file that can concern a shop: its own and those of ``*``, in file order."""
        rows = (row for row in self._of(row_type) if row.shop in (shop, ANY))
        return tuple(sorted(rows, key=lambda row: row.row))

    def _is_broken(self, shop: str) -> bool:
        return not self.broken_shops.isdisjoint((shop, ANY))

    def _of(self, row_type: type[RowT]) -> tuple[RowT, ...]:
        return tuple(row for row in self.rows if isinstance(row, row_type))

    @cached_property
    def _evidence(self) -> dict[str, list[VatEvidenceRow]]:
        by_number: dict[str, list[VatEvidenceRow]] = {}
        for row in self._of(VatEvidenceRow):
            by_number.setdefault(row.vat_number, []).append(row)
        return by_number

    @cached_property
    def _index(self) -> dict[str, dict[_Key, list[MappingRow]]]:
        index: dict[str, dict[_Key, list[MappingRow]]] = {file: {} for file in ROW_TYPES}
        for row in self.rows:
            index[row.file].setdefault(row.key, []).append(row)
        return index

    def remembered(self, asked: _Key, find: Callable[[], T]) -> T:
        """What the rows answer to a question, found when it is asked for the first time.

        Args:
            asked: The question: its name and all that the answer depends on beside the rows.
            find: Finds the answer.
        """
        try:
            found: T = self._memo[asked]
        except KeyError:
            found = self._memo[asked] = find()
        return found

    def _unique(self, row_type: type[RowT], keys: Iterable[_Key]) -> RowT | None:
        of_file = self._index[row_type.file]
        for key in keys:
            for row in of_file.get(key, ()):
                if isinstance(row, row_type):
                    return row
        return None

    def _covering(
        self, row_type: type[DatedRowT], keys: Iterable[_Key], on: date
    ) -> DatedRowT | None:
        of_file = self._index[row_type.file]
        for key in keys:
            for row in of_file.get(key, ()):
                if isinstance(row, row_type) and row.covers(on):
                    return row
        return None

    def _canonical(self) -> list[str]:
        return sorted(f"{row.file} {_compact(row.said)}" for row in self.rows)


def _compact(said: Mapping[str, object]) -> str:
    return json.dumps(said, default=_as_text, ensure_ascii=False, separators=(",", ":"))


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, date | time) else str(value)
