"""When a day's report may be made: the morning after, spread so that not all shops call at once."""

import hashlib
from datetime import UTC, date, datetime, timedelta

from fortnox.core.mapping import ShopRow

_SPREAD_S = 20 * 60


def settle_moment(day: date, shop: ShopRow) -> datetime:
    """``settle_at`` local time on the day after, plus up to 20 minutes by a hash of the shop.

    A ``settle_at`` of midnight means at once, without the spread (rules of the scheduler 8).
    """
    local = datetime.combine(day + timedelta(days=1), shop.settle_at, tzinfo=shop.zone)
    moment = local.astimezone(UTC)
    if shop.settle_at.hour == 0 and shop.settle_at.minute == 0:
        return moment
    digest = hashlib.sha256(shop.shop.encode()).digest()
    return moment + timedelta(seconds=int.from_bytes(digest[:4]) % _SPREAD_S)
