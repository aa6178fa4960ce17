"""Task ``preflight``: everything that can be checked before money moves, once an hour.

The orders DAGs ask what decides a run (:func:`run_checks`); the preflight DAG and the command line
ask everything (:func:`all_checks`). One list of :class:`fortnox.core.checks.Check` either way.
"""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypedDict

from airflow.sdk import Context
from airflow.sdk.exceptions import AirflowNotFoundException

from fortnox.api.client import FortnoxClient
from fortnox.api.private_file import write_private
from fortnox.api.snapshot import active_currencies
from fortnox.core.checks import Check, Severity, failed_check, preflight_report, worst_first
from fortnox.core.currency import BOOKS
from fortnox.core.errors import FatalError, PipelineError
from fortnox.core.mapping import Mappings, ShopRow
from fortnox.core.names import REPORT_KEY
from fortnox.hooks.fortnox import FortnoxHook
from fortnox.shops.base import ShopIdentity
from fortnox.steps.company_checks import (
    company_closed_check,
    mapping_checks,
    thorough_checks,
    token_check,
)
from fortnox.steps.connections import fortnox_hook, shop_client, shop_hook
from fortnox.steps.host_checks import pace_checks, staging_checks
from fortnox.steps.run import load_mappings
from fortnox.steps.shop_checks import settings_checks, shop_clock, shop_connection
from fortnox.steps.staging import local_folder, staging_base
from fortnox.steps.watch import channel_checks

log = logging.getLogger(__name__)

_CACHE_AGE = timedelta(hours=1)
_LISTED = 20
_NO_CONNECTION = "Airflow has no such connection; add it, or correct shops.csv"


class Preflight(TypedDict):
    """The task's XCom: what is worth a look; ``cached`` when it was checked within the hour."""

    findings: list[str]
    cached: bool
    checked_at: str


def preflight(context: Context, shop_key: str, *, strict: bool) -> Preflight:
    """Check, or return what was found within the hour.

    Raises:
        FatalError: Nothing can be booked until a person acts; if ``strict``, any finding that
            would hold a document.
    """
    mappings = load_mappings(str(context["dag"].fileloc))
    shop = mappings.shop(shop_key)
    cache = local_folder(staging_base(), shop.fortnox_conn_id) / f"preflight-{shop.shop}.json"
    now = datetime.now(UTC)
    known = None if strict else _cached(cache, mappings.fingerprint, now)
    if known is not None:
        return {"findings": known["findings"], "cached": True, "checked_at": known["at"]}
    checks = list(
        _strict(context, mappings, shop, now) if strict else run_checks(mappings, shop, now)
    )
    findings = [check.sentence for check in worst_first(checks) if check.fails]
    for finding in findings:
        log.warning("%s", finding)
    _refuse(checks, findings, strict=strict)
    _store(cache, mappings.fingerprint, now, findings)
    return {"findings": findings[:_LISTED], "cached": False, "checked_at": now.isoformat()}


def _refuse(checks: list[Check], findings: list[str], *, strict: bool) -> None:
    fatal = [check for check in checks if check.severity is Severity.FATAL]
    if fatal and not strict:
        raise FatalError(f"{fatal[0].seen}.", remedy=fatal[0].remedy)
    if findings and strict:
        listed = "; ".join(findings[:_LISTED])
        raise FatalError(f"{len(findings)} findings: {listed}")


def _strict(context: Context, mappings: Mappings, shop: ShopRow, now: datetime) -> list[Check]:
    """All checks; the page of the run shows them, whatever becomes of the task."""
    checks = list(all_checks(mappings, shop, now, in_pool=True))
    made_at = now.isoformat(timespec="seconds")
    report = preflight_report(checks, shop=shop.shop, name=shop.name, made_at=made_at)
    context["ti"].xcom_push(key=REPORT_KEY, value=report)
    return checks


def run_checks(mappings: Mappings, shop: ShopRow, now: datetime) -> Iterator[Check]:
    """What decides a run, in few requests.

    Raises:
        FatalError: Credentials, rights, or another company.
        UnreachableError: One side does not answer.
    """
    yield from staging_checks(shop.fortnox_conn_id)
    hook = fortnox_hook(shop.fortnox_conn_id)
    # Before the guard, whose request renews the token.
    yield from token_check(hook, now)
    hook.guard(shop.organisation_number, shop.database_number)
    client = hook.client()
    yield from _books(mappings, shop, client, now)
    yield from _settings(mappings, shop, client, shop_client(shop).check(), now)


def all_checks(
    mappings: Mappings, shop: ShopRow, now: datetime, *, in_pool: bool
) -> Iterator[Check]:
    """Everything, one line each; what can't be asked is a line too, never an error.

    Args:
        mappings: All valid rows.
        shop: The shop.
        now: The time.
        in_pool: The caller holds the company's pool, so that a refresh token may be used up.
    """
    yield from staging_checks(shop.fortnox_conn_id)
    yield from pace_checks()
    yield from channel_checks(shop)
    identity = ShopIdentity(
        platform=shop.platform, version="", currency="", timezone="", prices_include_vat=True
    )
    reached = _shop(shop)
    yield reached
    if reached.severity is Severity.OK:
        try:
            identity = shop_client(shop).check()
        except PipelineError as error:
            yield failed_check("shop settings", error)
        yield from shop_clock(shop_hook(shop), now)
    hook = fortnox_hook(shop.fortnox_conn_id)
    company = list(_company(shop, hook, now, in_pool=in_pool))
    yield from company
    if any(check.severity is Severity.FATAL for check in company):
        return
    if hook.uses_refresh_token and not in_pool:
        return
    try:
        yield from _books(mappings, shop, hook.client(), now)
        if identity.version:
            yield from _settings(mappings, shop, hook.client(), identity, now)
    except PipelineError as error:
        yield failed_check("books", error)
    yield from thorough_checks(mappings, shop, hook, now, currency=identity.currency)


def _shop(shop: ShopRow) -> Check:
    try:
        return shop_connection(shop_hook(shop))
    except AirflowNotFoundException:
        return _not_there(shop.shop_conn_id)


def _company(shop: ShopRow, hook: FortnoxHook, now: datetime, *, in_pool: bool) -> Iterator[Check]:
    """The connection, then whether it belongs to the company that shops.csv names."""
    what = f"connection {hook.fortnox_conn_id}"
    try:
        yield from token_check(hook, now)
        if not (in_pool and hook.uses_refresh_token):
            is_well, seen = hook.test_connection()
            bad = Severity.WARNING if hook.uses_refresh_token else Severity.FATAL
            yield Check(what=what, severity=Severity.OK if is_well else bad, seen=seen)
            if not is_well:
                return
        company = hook.guard(shop.organisation_number, shop.database_number)
    except AirflowNotFoundException:
        yield _not_there(hook.fortnox_conn_id)
    except PipelineError as error:
        yield failed_check("company", error)
    else:
        seen = f"{company.organisation_number}, database {company.database_number}"
        yield Check(what="company", seen=seen)


def _not_there(conn_id: str) -> Check:
    return Check(what=f"connection {conn_id}", severity=Severity.FATAL, seen=_NO_CONNECTION)


def _books(
    mappings: Mappings, shop: ShopRow, client: FortnoxClient, now: datetime
) -> Iterator[Check]:
    today = now.astimezone(shop.zone).date()
    yield company_closed_check(shop, client, today=today)
    yield from mapping_checks(mappings, shop, client, today=today)


def _settings(
    mappings: Mappings,
    shop: ShopRow,
    client: FortnoxClient,
    identity: ShopIdentity,
    now: datetime,
) -> Iterator[Check]:
    active = {BOOKS} if identity.currency in ("", BOOKS) else active_currencies(client)
    event = mappings.event(shop.shop, "orders")
    yield from settings_checks(identity, shop, now, currencies=active, event=event)


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
