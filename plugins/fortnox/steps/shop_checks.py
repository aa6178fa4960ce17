"""The shop's half of the preflight: is it there, and do its own settings fit?"""

from collections.abc import Collection, Iterator
from datetime import datetime

from fortnox.core.checks import Check, Severity
from fortnox.core.company_checks import clock_check
from fortnox.core.errors import PipelineError
from fortnox.core.mapping import EventRow, ShopRow
from fortnox.hooks.shop import ShopHook
from fortnox.shops.base import ShopIdentity

_ORE_DECIMALS = 2


def shop_findings(
    identity: ShopIdentity,
    shop: ShopRow,
    now: datetime,
    *,
    currencies: Collection[str],
    is_daily_only: bool = False,
) -> Iterator[Check]:
    """What in the shop's own settings will surprise (rules of the books 15).

    Args:
        identity: What the shop says of itself.
        shop: Its row.
        now: Decides between summer and winter time.
        currencies: Codes that are active in Fortnox.
        is_daily_only: Nothing runs between the daily runs.
    """
    if is_daily_only and not identity.tells_when_paid:
        yield _warning(
            "dates of payment",
            f"{identity.platform} tells that an order is paid and not when, so its sale belongs to "
            "the day of the order, and what is paid later is missed by that day's run",
            "set the schedule in events.csv to hourly",
        )
    if identity.currency and identity.currency not in currencies:
        yield _warning(
            "currency",
            f"the shop sells in {identity.currency}, which is not a currency in Fortnox: orders in "
            "it will be held",
            "add the currency in Fortnox",
        )
    if identity.timezone and not _same_clock(identity.timezone, shop, now):
        yield _warning(
            "time zone",
            f"the shop's clock is {identity.timezone}, the company's {shop.timezone}: the shop's "
            "own day reports cut the day elsewhere",
            "set the shop's time zone to the company's",
        )
    decimals = identity.price_decimals
    if decimals is not None and decimals < _ORE_DECIMALS:
        yield _warning(
            "decimals",
            f"the shop counts with {decimals} decimals: its VAT is rounded to more than an öre per "
            "row, and such orders will be held",
            "set the number of decimals to 2 in the shop",
        )
    if not identity.prices_include_vat:
        yield Check(
            what="shop prices",
            severity=Severity.ADVICE,
            seen="kept excluding VAT: a consumer's price may end up an öre beside what it shows",
            remedy="keep prices including VAT if the shop sells to consumers",
        )


def settings_checks(
    identity: ShopIdentity,
    shop: ShopRow,
    now: datetime,
    *,
    currencies: Collection[str],
    event: EventRow | None,
) -> Iterator[Check]:
    """The findings about a shop's settings, or one line that they fit."""
    is_daily = event is not None and event.schedule == "daily"
    found = list(shop_findings(identity, shop, now, currencies=currencies, is_daily_only=is_daily))
    yield from found
    if not found:
        yield Check(what="shop settings", seen="time zone, currency, prices and decimals fit")


def shop_connection(hook: ShopHook) -> Check:
    """Whether the shop answers, and what it says of itself."""
    is_well, seen = hook.test_connection()
    severity = Severity.OK if is_well else Severity.FATAL
    return Check(what=f"connection {hook.http_conn_id}", severity=severity, seen=seen)


def shop_clock(hook: ShopHook, now: datetime) -> Iterator[Check]:
    """The shop's clock against ours: hourly windows are cut by ours (rules of the scheduler 7)."""
    try:
        found = clock_check("the shop", hook.server_time(), now)
    except PipelineError:
        return
    if found is not None:
        yield found


def _warning(what: str, seen: str, remedy: str) -> Check:
    return Check(what=what, severity=Severity.WARNING, seen=seen, remedy=remedy)


def _same_clock(zone: str, shop: ShopRow, now: datetime) -> bool:
    if zone == shop.timezone:
        return True
    offset = now.astimezone(shop.zone).strftime("%z")
    return zone.replace(":", "") == offset
