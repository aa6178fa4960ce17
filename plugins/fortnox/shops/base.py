"""The seam between a shop system and the rest: one Protocol, canonical values out.

An adapter owns everything that is peculiar to its shop system: signing, paging that loses nothing,
time zones, tax orientation, what counts as shipping. What it can't turn into money for certain it
puts into ``Order.problems``; the order is then held with that reason, and the others go on.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from fortnox.core.articles import ShopArticle, ShopRefusal, ShopUpdate
from fortnox.core.customer_values import CustomerWrite, ShopCustomer, Written
from fortnox.core.orders import Order, OrderHead, Refund
from fortnox.core.smoke import SmokeProduct
from fortnox.core.write_back import NoteWrite, OrderNote


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopIdentity:
    """What a shop says of itself; for preflight."""

    platform: str
    version: str
    currency: str
    #: IANA name or offset such as "+01:00", as the shop says it; empty when it does not.
    timezone: str
    prices_include_vat: bool
    #: Whether orders say when they were paid and delivered. If not, both are the order's own time
    #: and become known later than their day.
    tells_when_paid: bool = True
    #: Decimals of the shop's amounts; None when it does not say.
    price_decimals: int | None = None


class Shop(Protocol):
    """A web shop, read only.

    All methods raise ``FatalError`` for credentials and permissions and ``UnreachableError`` when
    the shop does not answer properly after the retries that are safe.
    """

    def check(self) -> ShopIdentity:
        """Prove the connection and the rights, cheaply."""
        ...

    def heads_created(self, start_utc: datetime, end_utc: datetime) -> Iterator[OrderHead]:
        """Heads of the orders created in ``[start_utc, end_utc)``, each once, every status."""
        ...

    def heads_modified(self, start_utc: datetime, end_utc: datetime) -> Iterator[OrderHead]:
        """Heads of the orders modified in ``[start_utc, end_utc)``, each once, every status."""
        ...

    def orders(self, order_ids: Iterable[str]) -> Iterator[Order]:
        """Whole orders by id, each once; ids that the shop no longer has are left out."""
        ...

    def refunds_created(self, start_utc: datetime, end_utc: datetime) -> Iterator[Refund]:
        """Refunds created in ``[start_utc, end_utc)``, each once."""
        ...

    def refunds_of(self, order_ids: Iterable[str]) -> Iterator[Refund]:
        """All refunds of these orders, whenever they were made, each once."""
        ...


class ArticleShop(Protocol):
    """The articles of a web shop, to read and to change. Products are never created or deleted.

    Errors as for :class:`Shop`.
    """

    def changed_articles(self, since: datetime | None) -> Iterator[ShopArticle]:
        """Articles that changed at or after a moment, each once; all of them for None.

        What lies in the shop's trash comes along as gone. Somewhat more than asked for is right,
        less is not.
        """
        ...

    def articles(self, wanted: Iterable[ShopUpdate]) -> Iterator[ShopArticle]:
        """The articles that these changes are about, as they are now."""
        ...

    def update_articles(self, updates: Iterable[ShopUpdate]) -> list[ShopRefusal]:
        """Write changes; returns those that the shop refused, each with its reason.

        A shop that can't add to its stock refuses a quantity with ``STOCK_MOVED`` when its stock is
        no longer ``stock_seen``.

        Raises:
            UnreachableError: Some may have been carried out: read :meth:`articles` first, then
                write what is still missing. ``stock_base`` tells which stock changes were made, or
                the stock itself where the shop can't keep it.
        """
        ...

    def has_taken(self, head: OrderHead) -> bool:
        """Whether an order's pieces have left the shop's stock, by its status."""
        ...


class CustomerShop(Protocol):
    """The customers' accounts of a web shop; errors as of :class:`Shop`."""

    def customers(self) -> Iterator[ShopCustomer]:
        """Every account, of any role, each once."""
        ...

    def customers_changed(self, start_utc: datetime, end_utc: datetime) -> Iterator[ShopCustomer]:
        """Accounts that the shop can tell as new or changed in ``[start_utc, end_utc)``.

        It may miss some, where the shop system has no such list; the daily whole reading finds
        them.
        """
        ...

    def customers_by_id(self, customer_ids: Iterable[str]) -> Iterator[ShopCustomer]:
        """Accounts by id, each once; ids that are gone are left out."""
        ...

    def write_customers(self, writes: Sequence[CustomerWrite]) -> Iterator[Written]:
        """Create and change accounts; each has its own fate, in the same order.

        Sent again after a lost answer, it ends the same: an e-mail has one account. Never sets a
        password, a role or a user name.
        """
        ...


class OrderNotes(Protocol):
    """What a shop's orders say of their documents; errors as of :class:`Shop`."""

    def order_notes(self, order_ids: Iterable[str]) -> Iterator[OrderNote]:
        """Orders by id, each once; ids that are gone are left out."""
        ...

    def write_order_notes(self, writes: Sequence[NoteWrite]) -> Iterator[OrderNote | None]:
        """Write, in the same order; the order afterwards, or None where the shop refuses."""
        ...


class MarkedOrders(Protocol):
    """Marked orders for the smoke test; errors as of :class:`Shop`."""

    def product(self) -> SmokeProduct | None:
        """Something that can be bought; None: there is nothing."""
        ...

    def make(self, product: SmokeProduct, payment_method: str) -> str:
        """A paid, marked order of one; returns its id."""
        ...

    def refund(self, order_id: str) -> None:
        """Give all of it back, line by line; no money moves."""
        ...

    def remove(self, order_id: str) -> None:
        """Delete it for good."""
        ...


@runtime_checkable
class TwoWayShop(Shop, Protocol):
    """A shop system of which more than orders is carried; each part writes only what is its own."""

    article_shop: ArticleShop
    accounts: CustomerShop
    notes: OrderNotes
