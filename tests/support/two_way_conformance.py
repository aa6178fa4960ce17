"""What a shop adapter promises of articles, customers and notes, as tests that each inherits.

The promises are those of ``ArticleShop``, ``CustomerShop`` and ``OrderNotes`` in ``shops/base.py``.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Protocol

from fortnox.core.articles import ShopArticle, ShopUpdate
from fortnox.core.customer_values import CustomerWrite, Written
from fortnox.core.documents import ListedInvoice
from fortnox.core.write_back import NUMBER_KEY, SaleDocument, note_write
from fortnox.shops.base import TwoWayShop

_GONE = "999999999"


@dataclass(frozen=True, slots=True)
class Goods:
    """What the shop's own memory says of something with a number."""

    price: Decimal
    #: None: not counted.
    stock: int | None


class TwoWaySystem(Protocol):
    """A served sandbox shop with the means to make things happen in its registers."""

    def shop(self) -> TwoWayShop:
        """A new adapter, as a new run makes one."""
        ...

    def truth(self) -> dict[str, object]:
        """Orders by id."""
        ...

    def goods(self) -> dict[str, Goods]:
        """Whatever is sold under a number of its own, by number."""
        ...

    def sold_number(self, *, is_variant: bool) -> str:
        """The number of something counted that was in an order."""
        ...

    def reprice(self, number: str, price: str) -> None:
        """Staff changes a price."""
        ...

    def sell(self, number: str, pieces: int) -> None:
        """An order takes pieces from the stock."""
        ...

    def emails(self) -> list[str]:
        """E-mail addresses of all accounts, each as often as it is there."""
        ...


class TwoWayConformance:
    """Inherit and give a fixture ``system``, anew for each test."""

    def test_every_article_once_with_price_and_stock(self, system: TwoWaySystem) -> None:
        """An article would be missing in Fortnox, made twice, or be sold at another price."""
        found = list(system.shop().article_shop.changed_articles(None))
        assert len({one.product_id for one in found}) == len(found)
        numbered = {one.sku: one for one in found if one.sku}
        truth = system.goods()
        assert numbered.keys() == truth.keys()
        for number, goods in truth.items():
            article = numbered[number]
            assert (article.price, article.problems) == (goods.price, ()), number
            assert article.stock == goods.stock, number
        assert {one.vat_rate_pct for one in found} == {25, 12, 6, 0}
        assert any(one.parent_id and one.name.endswith(" - S") for one in found)

    def test_only_what_changed_or_was_sold_is_read_again(self, system: TwoWaySystem) -> None:
        """Each hour would read the whole catalogue, or a sale's piece be sold twice."""
        since = datetime.now(UTC) - timedelta(seconds=2)
        plain, variant = (system.sold_number(is_variant=flag) for flag in (False, True))
        system.reprice(plain, "777.00")
        before = system.goods()[variant].stock
        system.sell(variant, 2)
        found = {one.sku: one for one in system.shop().article_shop.changed_articles(since)}
        assert found[plain].price == Decimal("777.00")
        assert found[variant].stock == before - 2

    def test_a_change_is_written_and_seen(self, system: TwoWaySystem) -> None:
        """The report would call written what the shop never took, or another field be lost."""
        number = system.sold_number(is_variant=False)
        before = self._article(system, number)
        update = ShopUpdate(
            product_id=before.product_id, number=number, name="Ny & tom", price=Decimal("123.45"),
            ean="7350000000013", weight_g=1250,
        )  # fmt: skip
        assert system.shop().article_shop.update_articles([update]) == []
        after = next(iter(system.shop().article_shop.articles([update])))
        wanted = replace(before, name="Ny & tom", price=Decimal("123.45"), ean="7350000000013",
                         weight_g=1250)  # fmt: skip
        assert after == wanted

    def test_no_sale_is_undone_by_a_change_of_stock(self, system: TwoWaySystem) -> None:
        """A piece that was sold while the run planned would be sold again."""
        for is_variant in (False, True):
            number = system.sold_number(is_variant=is_variant)
            article = self._article(system, number)
            seen = int(article.stock or 0)
            update = ShopUpdate(
                product_id=article.product_id, parent_id=article.parent_id, number=number,
                stock_change=5, stock_seen=Decimal(seen), stock_base=Decimal(seen + 5),
                stock_mark="plan",
            )  # fmt: skip
            system.sell(number, 1)
            refused = system.shop().article_shop.update_articles([update])
            now = system.goods()[number].stock
            assert now == (seen - 1 if refused else seen + 4)

    def test_stock_moves_by_the_change(self, system: TwoWaySystem) -> None:
        """The shop would never get what came in."""
        for is_variant in (False, True):
            number = system.sold_number(is_variant=is_variant)
            article = self._article(system, number)
            update = ShopUpdate(
                product_id=article.product_id, parent_id=article.parent_id, number=number,
                stock_change=5, stock_seen=article.stock, stock_base=Decimal(1), stock_mark="plan",
            )  # fmt: skip
            assert system.shop().article_shop.update_articles([update]) == []
            assert system.goods()[number].stock == (article.stock or 0) + 5

    def test_a_refused_article_costs_no_other(self, system: TwoWaySystem) -> None:
        """One deleted product would stop the prices of all others."""
        number = system.sold_number(is_variant=False)
        article = self._article(system, number)
        gone = ShopUpdate(product_id=_GONE, number="X", price=Decimal(1))
        good = ShopUpdate(product_id=article.product_id, number=number, price=Decimal("55.00"))
        shop = system.shop().article_shop
        assert [one.product_id for one in shop.update_articles([gone, good])] == [_GONE]
        assert self._article(system, number).price == 55
        assert list(shop.articles([gone])) == []

    def test_every_account_once(self, system: TwoWaySystem) -> None:
        """A customer would have no card, or two."""
        found = list(system.shop().accounts.customers())
        assert sorted(one.email for one in found) == sorted(system.emails())
        assert len({one.customer_id for one in found}) == len(found)
        assert {one.buyer.kind for one in found} == {"private", "company"}

    def test_an_account_is_made_once_and_read_as_written(self, system: TwoWaySystem) -> None:
        """A lost answer would make a second account, or a company get a person's name."""
        writes = [
            CustomerWrite(customer_id="", email="bo@example.com", is_company=False,
                          values={"Name": "Bo Ek", "ZipCode": "111 22", "CountryCode": "SE"}),
            CustomerWrite(customer_id="", email="ab@example.com", is_company=True,
                          values={"Name": "Bolaget AB", "City": "Orten"}),
        ]  # fmt: skip
        started = datetime.now(UTC) - timedelta(seconds=2)
        made = list(system.shop().accounts.write_customers(writes))
        assert [one.error for one in made] == ["", ""]
        again = list(system.shop().accounts.write_customers(writes))
        emails = system.emails()
        assert (emails.count("bo@example.com"), emails.count("ab@example.com")) == (1, 1)
        assert [(one.customer_id, one.error) for one in again] == [(i, "") for i in ids_of(made)]
        read = {
            one.customer_id: one for one in system.shop().accounts.customers_by_id(ids_of(made))
        }
        person, company = (read[customer_id] for customer_id in ids_of(made))
        assert (person.buyer.name, person.buyer.billing.country) == ("Bo Ek", "SE")
        assert (company.buyer.company, company.buyer.kind) == ("Bolaget AB", "company")
        changed = system.shop().accounts.customers_changed(started, datetime.now(UTC))
        assert set(ids_of(made)) <= {one.customer_id for one in changed}

    def test_only_what_is_written_changes(self, system: TwoWaySystem) -> None:
        """An address would be emptied because the phone changed."""
        before = next(
            one for one in system.shop().accounts.customers()
            if one.buyer.kind == "company" and one.is_buyer
        )  # fmt: skip
        write = CustomerWrite(customer_id=before.customer_id, email=before.email, is_company=True,
                              values={"Phone1": "08-1", "Name": "Nytt namn AB"})  # fmt: skip
        (written,) = system.shop().accounts.write_customers([write])
        assert written.error == ""
        (after,) = system.shop().accounts.customers_by_id([before.customer_id, _GONE])
        assert after.buyer == replace(before.buyer, phone="08-1", company="Nytt namn AB")

    def test_an_order_is_told_its_document_once(self, system: TwoWaySystem) -> None:
        """The shop's staff would not find the invoice, or each hour write all orders anew."""
        order_id = min(system.truth())
        invoice = ListedInvoice(
            document_number="901", reference=f"demo:{order_id}", day_reference="", booked=True,
            cancelled=False, currency="SEK", total_ore=100, balance_ore=0, voucher_series="",
            voucher_number=None, voucher_year=None, invoice_date=date(2026, 7, 20),
        )  # fmt: skip
        (before,) = system.shop().notes.order_notes([order_id, _GONE])
        document = SaleDocument(document=invoice)
        write = note_write(before, document, "")
        assert write is not None
        (after,) = system.shop().notes.write_order_notes([write])
        assert after is not None
        assert after.meta[NUMBER_KEY] == "901"
        assert after.content == before.content
        (read,) = system.shop().notes.order_notes([order_id])
        assert note_write(read, document, "") is None

    @staticmethod
    def _article(system: TwoWaySystem, number: str) -> ShopArticle:
        found = system.shop().article_shop.changed_articles(None)
        return next(one for one in found if one.sku == number)


def ids_of(written: Iterable[Written]) -> list[str]:
    """Accounts' ids, in order."""
    return [one.customer_id for one in written]
