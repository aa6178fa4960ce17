"""Two days beside the orders': payouts with their fees as supplier invoices, and articles."""

from dataclasses import dataclass, field, replace
from decimal import Decimal

from tests.faults.days import SHOP, Desk
from tests.support.article_values import shop_article
from tests.support.builders import DAY, mappings
from tests.support.payouts import line, payout

from fortnox.api.articles import read_articles, read_details
from fortnox.api.snapshot import closed_through, financial_years
from fortnox.core.article_export import ExportRules, plan_export
from fortnox.core.article_match import match_articles
from fortnox.core.articles import ShopArticle
from fortnox.core.payout_plan import WantedPayout, plan_payouts, wanted_payouts
from fortnox.core.payouts import Payout, SettlementReports
from fortnox.steps.articles_apply import write_to_fortnox
from fortnox.steps.payouts import known_vouchers, unfinished_vouchers, write_payouts

_SUPPLIER, _CLEARING = "7", 1686
_MAPPINGS = mappings(
    payouts=(
        "shop,provider,clearing_account,bank_account,fee_account,fee_vat,service_fee_vat,"
        "vat_account,reverse_charge_account,reverse_vat_in_account,reverse_vat_out_account,"
        "voucher_series,fee_as,supplier_number,valid_from,valid_to\n"
        f"*,stripe,{_CLEARING},1930,6570,exempt,,,,,,A,supplier_invoice,{_SUPPLIER},,\n"
        f"*,klarna,{_CLEARING},1930,6570,exempt,,,,,,A,voucher,,,\n"
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutDay:
    """Two payouts of the day: one with its fee in the voucher, one with a supplier invoice."""

    name: str
    payouts: tuple[Payout, ...]

    def prepare(self, desk: Desk) -> None:
        """The provider as a supplier; a new company can pay it out of the clearing account."""
        supplier = {"SupplierNumber": _SUPPLIER, "Name": "Stripe"}
        desk.client.create("suppliers", "Supplier", supplier)

    def run(self, desk: Desk) -> None:
        """One run of the day, from plan to apply."""
        client, wanted = desk.client, self._wanted()
        known = known_vouchers(client, wanted, financial_years(client))
        plan = plan_payouts(wanted, known, closed_through(client), SHOP)
        work = [*plan.create, *unfinished_vouchers(client, wanted, known, desk.folder)]
        if work:
            write_payouts(client, SHOP, work, wanted, desk.folder, now=desk.now, sleep=desk.sleep)

    def doubled_vouchers(self, desk: Desk) -> int:
        """How many vouchers the day's reconcile proposes to reverse."""
        wanted = self._wanted()
        known = known_vouchers(desk.client, wanted, financial_years(desk.client))
        return sum(len(known.get(one.voucher.mark, ())) > 1 for one in wanted)

    def _wanted(self) -> tuple[WantedPayout, ...]:
        found = wanted_payouts(SettlementReports(payouts=self.payouts), _MAPPINGS, SHOP)
        assert found.held == ()
        return found.wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleDay:
    """Articles of the shop that are new, changed or gone since the day before."""

    name: str
    before: tuple[ShopArticle, ...]
    now: tuple[ShopArticle, ...]
    rules: ExportRules = field(
        default_factory=lambda: ExportRules(shop=SHOP, mappings=_MAPPINGS, day=DAY)
    )

    def prepare(self, desk: Desk) -> None:
        """Yesterday's run."""
        self._export(desk, self.before)

    def run(self, desk: Desk) -> None:
        """One run of the day, from plan to apply."""
        self._export(desk, self.now)

    def doubled_vouchers(self, desk: Desk) -> int:
        """Articles make none."""
        del desk
        return 0

    def _export(self, desk: Desk, articles: tuple[ShopArticle, ...]) -> None:
        moment = desk.now()
        known = read_articles(desk.client, SHOP.price_list, None, moment, moment)
        for number, details in read_details(desk.client, list(known)):
            known[number] = replace(known[number], details=details)
        actions, held = plan_export(match_articles(articles, known.values()), self.rules)
        assert held == []
        if actions:
            write_to_fortnox(desk.client, SHOP, actions)


def _payout(provider: str, payout_id: str, sold_ore: int, fee_ore: int) -> Payout:
    lines = (line(sold_ore), line(-fee_ore, "fee", "2"))
    return payout(*lines, provider=provider, payout_id=payout_id, day=DAY)


PAYOUTS = PayoutDay(
    name="payouts",
    payouts=(_payout("stripe", "po_1", 150_000, 3_750), _payout("klarna", "k_1", 99_900, 2_500)),
)
_MUG = shop_article(sku="MUGG", price=Decimal("125.00"))
_PLATE = shop_article(sku="FAT", product_id="8", name="Fat", price=Decimal("250.00"))
#: One is renamed, one costs more, one is new.
ARTICLES = ArticleDay(
    name="articles",
    before=(_MUG, _PLATE),
    now=(
        replace(_MUG, name="Stor mugg"),
        replace(_PLATE, price=Decimal("300.00")),
        shop_article(sku="KANNA", product_id="9", name="Kanna", price=Decimal("99.00")),
    ),
)
