"""The company's half of the preflight: what Fortnox says, read with few requests."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime

from fortnox.api.client import FortnoxClient
from fortnox.api.company_facts import newest_invoices, scope_checks, seen_roundings
from fortnox.api.snapshot import closed_through, financial_years
from fortnox.check_mappings import check_against_fortnox
from fortnox.core.actions import FinancialYear
from fortnox.core.checks import Check, Severity, failed_check
from fortnox.core.company_checks import (
    clock_check,
    closed_check,
    rounding_check,
    wanted_scopes,
    year_checks,
)
from fortnox.core.errors import PipelineError
from fortnox.core.mapping import DocumentTypeRow, Mappings, ShopRow
from fortnox.core.own_numbers import number_check
from fortnox.hooks.fortnox import FortnoxHook
from fortnox.steps.register_checks import register_checks


def mapping_checks(
    mappings: Mappings, shop: ShopRow, client: FortnoxClient, *, today: date
) -> Iterator[Check]:
    """What the rows name and Fortnox does not have, or not active."""
    found = check_against_fortnox(mappings, shop, client, today=today)
    for error in found:
        yield Check(what="mapping", severity=Severity.WARNING, seen=str(error))
    if not found:
        yield Check(
            what="mapping",
            seen="accounts with their VAT codes, articles, customers, modes and terms are there",
        )


def token_check(hook: FortnoxHook, now: datetime) -> Iterator[Check]:
    """A refresh token that nears its end; to be asked before anything renews it."""
    warning = hook.token_warning(now)
    if warning:
        what = f"connection {hook.fortnox_conn_id}"
        yield Check(what=what, severity=Severity.WARNING, seen=warning)


def thorough_checks(
    mappings: Mappings, shop: ShopRow, hook: FortnoxHook, now: datetime, *, currency: str
) -> Iterator[Check]:
    """Everything that a run does not ask each hour; one part that fails is a line, not the end."""
    client = hook.client()
    today = now.astimezone(shop.zone).date()
    years: list[FinancialYear] = []

    def of_years() -> Iterator[Check]:
        years.extend(financial_years(client))
        yield from year_checks(years, shop, closed_through(client), today=today)

    parts: list[tuple[str, Callable[[], Iterable[Check]]]] = [
        ("scopes", lambda: scope_checks(client, wanted_scopes(mappings, shop, currency=currency))),
        ("financial years", of_years),
        ("articles and stock", lambda: register_checks(mappings, shop, client)),
        ("whole kronor", lambda: _rounding(mappings, shop, client)),
        ("own document numbers", lambda: _numbers(shop, client)),
        ("clock", lambda: _clock(hook, now)),
    ]
    for what, part in parts:
        try:
            yield from part()
        except PipelineError as error:
            yield failed_check(what, error)


def company_closed_check(shop: ShopRow, client: FortnoxClient, *, today: date) -> Check:
    """Closed periods, by Fortnox and by shops.csv."""
    return closed_check(closed_through(client), shop, today=today)


def _rounding(mappings: Mappings, shop: ShopRow, client: FortnoxClient) -> Iterator[Check]:
    rows = mappings.rows_of(DocumentTypeRow, shop.shop)
    has_cash_invoices = any(row.document_type == "cash_invoice" for row in rows)
    yield rounding_check(seen_roundings(client), has_cash_invoices=has_cash_invoices)


def _numbers(shop: ShopRow, client: FortnoxClient) -> Iterator[Check]:
    if shop.document_numbers_from is not None:
        yield number_check(shop, newest_invoices(client))


def _clock(hook: FortnoxHook, now: datetime) -> Iterator[Check]:
    found = clock_check("Fortnox", hook.server_time(), now)
    if found is not None:
        yield found
