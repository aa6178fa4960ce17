"""Rows about shops: who they are, whose books they go into, what runs when."""

from collections.abc import Mapping
from datetime import date, time
from typing import Annotated, ClassVar, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationInfo, field_validator

from fortnox.core.mapping.base import SHOP_KEY, MappingRow, OptionalDate
from fortnox.core.mapping.cells import (
    cell,
    complaint,
    matching,
    one_of,
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
from fortnox.core.mapping.cron import parse_schedule
from fortnox.core.mapping.payout_rows import SERIES

#: Shop system -> the status of an order that was called off; one that is paid is refunded instead.
CANCELLED_STATUS: Mapping[str, str] = {"woocommerce": "cancelled", "textalk": "discarded"}
#: Shop system -> the order statuses that count as sales where shops.csv names none.
PLATFORM_STATUSES: Mapping[str, tuple[str, ...]] = {
    "woocommerce": ("processing", "completed", "refunded"),
    "textalk": ("paid", "sent"),
}
_ConnId = Annotated[str, matching(r"[A-Za-z0-9_.-]{1,200}", "write an Airflow connection id")]


class ShopRow(MappingRow):
    """One shop, and the one Fortnox company that its sales are booked in (shops.csv).

    Sources: rules of the books 1 (reference_key), 14 (cut-over), 15-17 (dates, closed periods);
    rules of the scheduler 8 (settle_at) and 11 (approval).
    """

    file: ClassVar[str] = "shops.csv"
    key_fields: ClassVar[tuple[str, ...]] = ("shop",)

    shop: Annotated[
        str, matching(SHOP_KEY, "write 1 to 40 of a-z, 0-9, _ and -, a different key for each shop")
    ] = Field(description="a short key of a-z, 0-9, _ and -")
    name: str = Field(description="the shop's name for people")
    reference_key: Annotated[
        str, matching(r"[a-z0-9-]{1,20}", "write 1 to 20 of a-z, 0-9 and -")
    ] = Field(description="1 to 20 of a-z, 0-9 and -; never change it afterwards")
    platform: Annotated[Literal["woocommerce", "textalk"], one_of(*PLATFORM_STATUSES)] = Field(
        description="woocommerce or textalk"
    )
    shop_conn_id: _ConnId = Field(description="the Airflow connection to the shop")
    fortnox_conn_id: _ConnId = Field(description="the Airflow connection to Fortnox")
    organisation_number: Annotated[str, cell(parse_organisation_number)] = Field(
        description="the company's organisation number, e.g. 559000-0005"
    )
    database_number: Annotated[int | None, whole_number(1, 10**12)] = Field(
        default=None, description="Fortnox's DatabaseNumber, or empty"
    )
    timezone: Annotated[str, cell(parse_timezone)] = Field(
        description="the company's IANA time zone, e.g. Europe/Stockholm"
    )
    start_date: Annotated[date, cell(parse_date)] = Field(
        description="the first document date that is booked, e.g. 2026-01-01"
    )
    adopt: Annotated[Literal["none"], one_of("none")] = "none"
    statuses: Annotated[tuple[str, ...], cell(parse_statuses)] = Field(
        default=(), validate_default=True
    )
    look_back_days: Annotated[int, whole_number(1, 400)] = 60
    settle_at: Annotated[time, cell(parse_clock)] = time(4, 30)
    books_closed_through: OptionalDate = None
    late_policy: Annotated[Literal["hold", "first_open_day"], one_of("hold", "first_open_day")] = (
        "hold"
    )
    rounding_tolerance_ore: Annotated[int, whole_number(0, 100)] = 5
    row_articles: Annotated[Literal["text", "number"], one_of("text", "number")] = "text"
    discount_rows: Annotated[Literal["net", "row", "article"], one_of("net", "row", "article")] = (
        "net"
    )
    service_lines: Annotated[Literal["by_virtual", "goods"], one_of("by_virtual", "goods")] = (
        "by_virtual"
    )
    #: Money given back with no lines: split over the order's rates by value, or left to a person.
    refund_amount_only: Annotated[Literal["split", "hold"], one_of("split", "hold")] = "hold"
    #: Refunds of sales from before ``start_date``: another system booked those (rule 14).
    refunds_before_start: Annotated[
        Literal["hold", "approve", "book"], one_of("hold", "approve", "book")
    ] = "hold"
    #: Orders edited or called off after their invoice was booked (rules of the books 1 and 2).
    correct_booked: Annotated[
        Literal["report", "approve", "credit_and_rebook"],
        one_of("report", "approve", "credit_and_rebook"),
    ] = "report"
    #: Settles an unpaid invoice against its credit invoice; None: the two are left open.
    set_off_account: Annotated[int | None, whole_number(1000, 9999)] = None
    #: How another country's VAT is sent: by the accounts.csv row's VATCode, or on rows of its own.
    oss_rows: Annotated[Literal["split", "vat_code"], one_of("split", "vat_code")] = "split"
    #: Sales without VAT that are booked on the shop's word alone: EU business, Swedish reverse.
    accept_shop_zero: Annotated[tuple[str, ...], some_of("+", "eu", "se")] = ()
    currency_rate: Annotated[
        Literal["fortnox", "shop", "csv"], one_of("fortnox", "shop", "csv")
    ] = "fortnox"
    approve_documents_over: Annotated[int | None, whole_number(0, 10**9)] = None
    #: Column ``approve_total_over``, in kronor; None: never asked for.
    approve_total_over_ore: Annotated[int | None, cell(parse_kronor)] = Field(
        default=None, validation_alias="approve_total_over"
    )
    #: A manual series of the shop's own, for day vouchers and payouts (rule 12); empty: none.
    voucher_series: Annotated[str, matching(SERIES, "write the series' code")] = ""
    voucher_quiet_minutes: Annotated[int, whole_number(0, 24 * 60)] = 30
    #: ``tested``: a company on the cash method is booked, as its test company has proven (rule 18).
    cash_method: Annotated[Literal["hold", "tested"], one_of("hold", "tested")] = "hold"
    #: ``strict``: what is paid before the day of delivery is an advance until then (rule 18).
    advances: Annotated[Literal["off", "strict"], one_of("off", "strict")] = "off"
    #: Payments of these days only, both included: what is booked otherwise already stays so.
    advances_from: OptionalDate = None
    advances_until: OptionalDate = None
    advances_account: Annotated[int, whole_number(1000, 9999)] = 2420
    #: The price list in Fortnox that articles are priced in; A is the standard one.
    price_list: Annotated[str, matching(r"[^\s/]{1,100}", "write the price list's code")] = "A"
    #: Import: only articles that Fortnox marks as web shop articles.
    only_web_articles: Annotated[bool, cell(parse_yes_no)] = False
    #: Articles and stock: a run that would change more, in percent of all articles, asks a person.
    max_article_changes_pct: Annotated[int, whole_number(0, 100)] = 20
    #: The same for the first run, which knows nothing of what was before: by number.
    first_run_max_articles: Annotated[int, whole_number(0, 10**6)] = 100
    #: What of private persons goes into their cards: all, or name, e-mail and country only.
    private_data: Annotated[Literal["full", "minimal"], one_of("full", "minimal")] = "full"
    #: Own DocumentNumbers of sales: this plus the order's id (rule 27); None: Fortnox's series.
    document_numbers_from: Annotated[int | None, whole_number(10**8, 2 * 10**9)] = None
    #: The document's number and status, as meta of the shop's order.
    write_back: Annotated[Literal["none", "meta"], one_of("none", "meta")] = "none"
    #: The status that an order gets when its document is paid in Fortnox; empty: none.
    paid_status: Annotated[
        str, matching(r"(?!wc-)[a-z0-9_-]{1,20}", "write the shop's own word, e.g. completed")
    ] = Field(default="", validate_default=True)
    #: Of reports and messages; empty: that of the reader's browser.
    language: Annotated[Literal["", "en", "nb", "sv"], one_of("en", "nb", "sv")] = ""
    #: By this local hour yesterday must be proven; None: nobody watches.
    reconciled_by: Annotated[time | None, cell(parse_clock)] = Field(
        default=None, validate_default=True
    )
    #: Whom to tell: ``mail:<address>`` or ``slack:<connection>``, each by Airflow's notifier.
    notify: Annotated[tuple[str, ...], cell(parse_channels)] = ()
    notify_when: Annotated[Literal["trouble", "always"], one_of("trouble", "always")] = "trouble"
    #: How far back the weekly sweep compares both sides.
    sweep_days: Annotated[int, whole_number(1, 400)] = 35
    enabled: Annotated[bool, cell(parse_yes_no)] = True

    @field_validator("statuses", mode="before")
    @classmethod
    def _statuses_of_the_platform(cls, value: object, info: ValidationInfo) -> object:
        # Without a platform the row is refused for that; any statuses will do.
        return value or PLATFORM_STATUSES.get(info.data.get("platform", ""), ())

    @field_validator("advances")
    @classmethod
    def _advances_can_be_told(cls, value: str, info: ValidationInfo) -> str:
        if value == "off":
            return value
        if info.data.get("platform", "woocommerce") != "woocommerce":
            raise complaint(
                f'"{value}" needs the day of delivery, which {info.data["platform"]} does not tell',
                "write off",
            )
        if not info.data.get("voucher_series", "any"):
            raise complaint(
                f'"{value}" needs a voucher_series', "write the series there, or off here"
            )
        if info.data.get("cash_method") == "tested":
            raise complaint(
                f'"{value}" does not go with cash_method "tested": under the cash method a '
                "payment is the sale",
                "write off",
            )
        return value

    @field_validator("document_numbers_from")
    @classmethod
    def _ranges_are_whole(cls, value: int | None) -> int | None:
        if value is not None and value % 10**8:
            raise complaint(
                f'"{value}" is in the middle of a range', "write a multiple of 100000000"
            )
        return value

    @field_validator("paid_status")
    @classmethod
    def _paid_status_is_written_back(cls, value: str, info: ValidationInfo) -> str:
        if value and info.data.get("write_back", "meta") != "meta":
            raise complaint(
                f'"{value}" needs write_back "meta"', "write meta there, or leave empty"
            )
        if value and info.data.get("platform") == "textalk":
            raise complaint(f'"{value}" is no status that a textalk order can get', "leave empty")
        return value

    @field_validator("reconciled_by")
    @classmethod
    def _reconciled_after_it_began(cls, value: time | None, info: ValidationInfo) -> time | None:
        settle_at = info.data.get("settle_at", time(0))
        if value is not None and value <= settle_at:
            raise complaint(
                f'"{value:%H:%M}" is not after settle_at ({settle_at:%H:%M})',
                "write a later time; the day's run begins up to 20 minutes after settle_at",
            )
        return value

    @property
    def zone(self) -> ZoneInfo:
        """The time zone whose days are this shop's accounting days."""
        return ZoneInfo(self.timezone)


class EventRow(MappingRow):
    """What flows between a shop and Fortnox, which way and when (events.csv)."""

    file: ClassVar[str] = "events.csv"
    key_fields: ClassVar[tuple[str, ...]] = ("shop", "resource")

    resource: Annotated[
        Literal["orders", "articles", "customers", "stock", "payouts"],
        one_of("orders", "articles", "customers", "stock", "payouts"),
    ] = Field(description="orders, articles, customers, stock or payouts")
    direction: Annotated[Literal["export", "import", "off"], one_of("export", "import", "off")] = (
        Field(description="export, import or off")
    )
    schedule: Annotated[str, cell(parse_schedule)] = Field(
        default="",
        validate_default=True,
        description="hourly, daily, daily 10:10 or five cron fields",
    )

    @field_validator("schedule", mode="before")
    @classmethod
    def _only_off_needs_no_schedule(cls, value: object, info: ValidationInfo) -> object:
        if value == "" and info.data.get("direction", "off") != "off":
            raise complaint("is empty", "write hourly, daily, daily 10:10 or five cron fields")
        return value
