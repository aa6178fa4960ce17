"""Rows about shops: who they are, whose books they go into, what runs when."""

from collections.abc import Mapping
from datetime import date, time
from typing import ClassVar, Literal
from zoneinfo import ZoneInfo

from fortnox.core.mapping.base import SHOP_KEY, MappingRow
from fortnox.core.mapping.cells import (
    CellError,
    matching,
    parse_channels,
    parse_clock,
    parse_date,
    parse_kronor,
    parse_organisation_number,
    parse_statuses,
    parse_timezone,
    parse_yes_no,
    some_of,
    whole_number,
)
from fortnox.core.mapping.columns import Said, column
from fortnox.core.mapping.cron import parse_schedule
from fortnox.core.mapping.payout_rows import SERIES

#: Shop system -> the status of an order that was called off; one that is paid is refunded instead.
CANCELLED_STATUS: Mapping[str, str] = {"woocommerce": "cancelled", "textalk": "discarded"}
#: Shop system -> the order statuses that count as sales where shops.csv names none.
PLATFORM_STATUSES: Mapping[str, tuple[str, ...]] = {
    "woocommerce": ("processing", "completed", "refunded"),
    "textalk": ("paid", "sent"),
}
_conn_id = matching(r"[A-Za-z0-9_.-]{1,200}", "write an Airflow connection id")


def _statuses_of_the_platform(value: object, said: Said) -> object:
    # Without a platform the row is refused for that; any statuses will do.
    return value or PLATFORM_STATUSES.get(said.get("platform", ""), ())


def _advances_can_be_told(value: str, said: Said) -> str:
    if value == "off":
        return value
    if said.get("platform", "woocommerce") != "woocommerce":
        raise CellError(
            f'"{value}" needs the day of delivery, which {said["platform"]} does not tell',
            "write off",
        )
    if not said.get("voucher_series", "any"):
        raise CellError(f'"{value}" needs a voucher_series', "write the series there, or off here")
    if said.get("cash_method") == "tested":
        raise CellError(
            f'"{value}" does not go with cash_method "tested": under the cash method a '
            "payment is the sale",
            "write off",
        )
    return value


def _parse_range(text: str) -> int:
    value = whole_number(10**8, 2 * 10**9)(text)
    if value % 10**8:
        raise CellError(f'"{value}" is in the middle of a range', "write a multiple of 100000000")
    return value


def _paid_status_is_written_back(value: str, said: Said) -> str:
    if value and said.get("write_back", "meta") != "meta":
        raise CellError(f'"{value}" needs write_back "meta"', "write meta there, or leave empty")
    if value and said.get("platform") == "textalk":
        raise CellError(f'"{value}" is no status that a textalk order can get', "leave empty")
    return value


def _reconciled_after_it_began(value: time | None, said: Said) -> time | None:
    settle_at = said.get("settle_at", time(0))
    if value is not None and value <= settle_at:
        raise CellError(
            f'"{value:%H:%M}" is not after settle_at ({settle_at:%H:%M})',
            "write a later time; the day's run begins up to 20 minutes after settle_at",
        )
    return value


class ShopRow(MappingRow):
    """One shop, and the one Fortnox company that its sales are booked in (shops.csv).

    Sources: rules of the books 1 (reference_key), 14 (cut-over), 15-17 (dates, closed periods);
    rules of the scheduler 8 (settle_at) and 11 (approval).
    """

    file: ClassVar[str] = "shops.csv"
    key_fields: ClassVar[tuple[str, ...]] = ("shop",)

    shop: str = column(
        matching(SHOP_KEY, "write 1 to 40 of a-z, 0-9, _ and -, a different key for each shop"),
        says="a short key of a-z, 0-9, _ and -",
    )
    name: str = column(says="the shop's name for people")
    reference_key: str = column(
        matching(r"[a-z0-9-]{1,20}", "write 1 to 20 of a-z, 0-9 and -"),
        says="1 to 20 of a-z, 0-9 and -; never change it afterwards",
    )
    platform: Literal["woocommerce", "textalk"]
    shop_conn_id: str = column(_conn_id, says="the Airflow connection to the shop")
    fortnox_conn_id: str = column(_conn_id, says="the Airflow connection to Fortnox")
    organisation_number: str = column(
        parse_organisation_number, says="the company's organisation number, e.g. 559000-0005"
    )
    database_number: int | None = column(whole_number(1, 10**12), default=None)
    timezone: str = column(
        parse_timezone, says="the company's IANA time zone, e.g. Europe/Stockholm"
    )
    start_date: date = column(
        parse_date, says="the first document date that is booked, e.g. 2026-01-01"
    )
    adopt: Literal["none"] = "none"
    statuses: tuple[str, ...] = column(parse_statuses, default=(), check=_statuses_of_the_platform)
    look_back_days: int = column(whole_number(1, 400), default=60)
    settle_at: time = column(parse_clock, default=time(4, 30))
    books_closed_through: date | None = column(parse_date, default=None)
    late_policy: Literal["hold", "first_open_day"] = "hold"
    rounding_tolerance_ore: int = column(whole_number(0, 100), default=5)
    row_articles: Literal["text", "number"] = "text"
    discount_rows: Literal["net", "row", "article"] = "net"
    service_lines: Literal["by_virtual", "goods"] = "by_virtual"
    #: Money given back with no lines: split over the order's rates by value, or left to a person.
    refund_amount_only: Literal["split", "hold"] = "hold"
    #: Refunds of sales from before ``start_date``: another system booked those (rule 14).
    refunds_before_start: Literal["hold", "approve", "book"] = "hold"
    #: Orders edited or called off after their invoice was booked (rules of the books 1 and 2).
    correct_booked: Literal["report", "approve", "credit_and_rebook"] = "report"
    #: Settles an unpaid invoice against its credit invoice; None: the two are left open.
    set_off_account: int | None = column(whole_number(1000, 9999), default=None)
    #: How another country's VAT is sent: by the accounts.csv row's VATCode, or on rows of its own.
    oss_rows: Literal["split", "vat_code"] = "split"
    #: Sales without VAT that are booked on the shop's word alone: EU business, Swedish reverse.
    accept_shop_zero: tuple[str, ...] = column(some_of("+", "eu", "se"), default=())
    currency_rate: Literal["fortnox", "shop", "csv"] = "fortnox"
    approve_documents_over: int | None = column(whole_number(0, 10**9), default=None)
    #: Column ``approve_total_over``, in kronor; None: never asked for.
    approve_total_over_ore: int | None = column(
        parse_kronor, default=None, header="approve_total_over"
    )
    #: A manual series of the shop's own, for day vouchers and payouts (rule 12); empty: none.
    voucher_series: str = column(matching(SERIES, "write the series' code"), default="")
    voucher_quiet_minutes: int = column(whole_number(0, 24 * 60), default=30)
    #: ``tested``: a company on the cash method is booked, as its test company has proven (rule 18).
    cash_method: Literal["hold", "tested"] = "hold"
    #: ``strict``: what is paid before the day of delivery is an advance until then (rule 18).
    advances: Literal["off", "strict"] = column(default="off", check=_advances_can_be_told)
    #: Payments of these days only, both included: what is booked otherwise already stays so.
    advances_from: date | None = column(parse_date, default=None)
    advances_until: date | None = column(parse_date, default=None)
    advances_account: int = column(whole_number(1000, 9999), default=2420)
    #: The price list in Fortnox that articles are priced in; A is the standard one.
    price_list: str = column(matching(r"[^\s/]{1,100}", "write the price list's code"), default="A")
    #: Import: only articles that Fortnox marks as web shop articles.
    only_web_articles: bool = column(parse_yes_no, default=False)
    #: Articles and stock: a run that would change more, in percent of all articles, asks a person.
    max_article_changes_pct: int = column(whole_number(0, 100), default=20)
    #: The same for the first run, which knows nothing of what was before: by number.
    first_run_max_articles: int = column(whole_number(0, 10**6), default=100)
    #: What of private persons goes into their cards: all, or name, e-mail and country only.
    private_data: Literal["full", "minimal"] = "full"
    #: Own DocumentNumbers of sales: this plus the order's id (rule 27); None: Fortnox's series.
    document_numbers_from: int | None = column(_parse_range, default=None)
    #: The document's number and status, as meta of the shop's order.
    write_back: Literal["none", "meta"] = "none"
    #: The status that an order gets when its document is paid in Fortnox; empty: none.
    paid_status: str = column(
        matching(r"(?!wc-)[a-z0-9_-]{1,20}", "write the shop's own word, e.g. completed"),
        default="",
        check=_paid_status_is_written_back,
    )
    #: Of reports and messages; empty: that of the reader's browser.
    language: Literal["", "en", "nb", "sv"] = ""
    #: By this local hour yesterday must be proven; None: nobody watches.
    reconciled_by: time | None = column(parse_clock, default=None, check=_reconciled_after_it_began)
    #: Whom to tell: ``mail:<address>`` or ``slack:<connection>``, each by Airflow's notifier.
    notify: tuple[str, ...] = column(parse_channels, default=())
    notify_when: Literal["trouble", "always"] = "trouble"
    #: How far back the weekly sweep compares both sides.
    sweep_days: int = column(whole_number(1, 400), default=35)
    enabled: bool = column(parse_yes_no, default=True)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone whose days are this shop's accounting days."""
        return ZoneInfo(self.timezone)


def _only_off_needs_no_schedule(value: object, said: Said) -> object:
    if value == "" and said.get("direction", "off") != "off":
        raise CellError("is empty", "write hourly, daily, daily 10:10 or five cron fields")
    return value


class EventRow(MappingRow):
    """What flows between a shop and Fortnox, which way and when (events.csv)."""

    file: ClassVar[str] = "events.csv"
    key_fields: ClassVar[tuple[str, ...]] = ("shop", "resource")

    resource: Literal["orders", "articles", "customers", "stock", "payouts"]
    direction: Literal["export", "import", "off"]
    schedule: str = column(parse_schedule, default="", check=_only_off_needs_no_schedule)
