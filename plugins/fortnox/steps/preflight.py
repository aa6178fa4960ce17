"""Task ``preflight``: everything that can be checked before money moves, once an hour."""

import json
import logging
import os
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypedDict

from airflow.configuration import conf
from airflow.sdk import Context

from fortnox.api.private_file import write_private
from fortnox.api.snapshot import active_currencies, closed_through
from fortnox.check_mappings import check_against_fortnox
from fortnox.core.currency import BOOKS
from fortnox.core.errors import FatalError
from fortnox.core.mapping import EventRow, Mappings, ShopRow
from fortnox.shops.base import ShopIdentity
from fortnox.steps.connections import fortnox_hook, shop_client
from fortnox.steps.run import load_mappings
from fortnox.steps.staging import BASE_VARIABLE, local_folder, staging_base

log = logging.getLogger(__name__)

_CACHE_AGE = timedelta(hours=1)
_LISTED = 20
_SINGLE_HOST_EXECUTORS = ("LocalExecutor", "SequentialExecutor")


class Preflight(TypedDict):
    """The task's XCom: what is worth a look; ``cached`` when it was checked within the hour."""

    findings: list[str]
    cached: bool
    checked_at: str


def preflight(context: Context, shop_key: str, *, strict: bool) -> Preflight:
    """Check, or return what was found within the hour.

    Raises:
        FatalError: Nothing can be booked until a person acts; if ``strict``, any finding.
    """
    mappings = load_mappings(str(context["dag"].fileloc))
    shop = mappings.shop(shop_key)
    cache = local_folder(staging_base(), shop.fortnox_conn_id) / f"preflight-{shop.shop}.json"
    now = datetime.now(UTC)
    known = None if strict else _cached(cache, mappings.fingerprint, now)
    if known is not None:
        return {"findings": known["findings"], "cached": True, "checked_at": known["at"]}
    findings = list(check(mappings, shop, now))
    for finding in findings:
        log.warning("%s", finding)
    if strict and findings:
        listed = "; ".join(findings[:_LISTED])
        raise FatalError(f"{len(findings)} findings: {listed}")
    _store(cache, mappings.fingerprint, now, findings)
    return {"findings": findings[:_LISTED], "cached": False, "checked_at": now.isoformat()}


def check(mappings: Mappings, shop: ShopRow, now: datetime) -> Iterator[str]:
    """All findings about a shop and its company.

    Raises:
        FatalError: Credentials, rights, or another company.
        UnreachableError: One side does not answer.
    """
    hook = fortnox_hook(shop.fortnox_conn_id)
    # Before the guard, whose request renews the token.
    token_warning = hook.token_warning(now)
    if token_warning:
        yield f"connection {shop.fortnox_conn_id}: {token_warning}"
    hook.guard(shop.organisation_number, shop.database_number)
    client = hook.client()
    closed = closed_through(client)
    if closed is not None and closed >= now.date():
        yield f"Fortnox has locked everything through {closed}: every sale will be held"
    today = now.astimezone(shop.zone).date()
    for error in check_against_fortnox(mappings, shop, client, today=today):
        yield str(error)
    event = mappings.event(shop.shop, "orders")
    identity = shop_client(shop).check()
    active = {BOOKS} if identity.currency in ("", BOOKS) else active_currencies(client)
    yield from shop_findings(identity, shop, now, currencies=active, is_daily_only=_is_daily(event))
    executor = conf.get("core", "executor")
    if BASE_VARIABLE not in os.environ and not executor.endswith(_SINGLE_HOST_EXECUTORS):
        yield (
            f"{executor} may run tasks on several hosts, and the staging area is a local folder: "
            f"set {BASE_VARIABLE} to a folder that all of them share"
        )


def shop_findings(
    identity: ShopIdentity,
    shop: ShopRow,
    now: datetime,
    *,
    currencies: Collection[str],
    is_daily_only: bool = False,
) -> Iterator[str]:
    """What in the shop's own settings will surprise (rules of the books 15).

    Args:
        identity: What the shop says of itself.
        shop: Its row.
        now: Decides between summer and winter time.
        currencies: Codes that are active in Fortnox.
        is_daily_only: Nothing runs between the daily runs.
    """
    if is_daily_only and not identity.tells_when_paid:
        yield (
            f"{identity.platform} tells that an order is paid and not when, so its sale belongs to "
            "the day of the order, and what is paid later is missed by that day's run: set the "
            "schedule in events.csv to hourly"
        )
    if identity.currency and identity.currency not in currencies:
        yield (
            f"the shop sells in {identity.currency}, which is not a currency in Fortnox: orders in "
            "it will be held"
        )
    if identity.timezone and not _same_clock(identity.timezone, shop, now):
        yield (
            f"the shop's clock is {identity.timezone}, the company's {shop.timezone}: the shop's "
            "own day reports cut the day elsewhere"
        )


def _is_daily(event: EventRow | None) -> bool:
    return event is not None and event.schedule == "daily"


def _same_clock(zone: str, shop: ShopRow, now: datetime) -> bool:
    if zone == shop.timezone:
        return True
    offset = now.astimezone(shop.zone).strftime("%z")
    return zone.replace(":", "") == offset


def _cached(path: Path, fingerprint: str, now: datetime) -> dict[str, Any] | None:
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        age = now - datetime.fromisoformat(data["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    fresh = data.get("fingerprint") == fingerprint and timedelta(0) <= age < _CACHE_AGE
    return data if fresh else None


def _store(path: Path, fingerprint: str, now: datetime, findings: list[str]) -> None:
    data = {"at": now.isoformat(), "fingerprint": fingerprint, "findings": findings[:_LISTED]}
    write_private(path, json.dumps(data).encode())
