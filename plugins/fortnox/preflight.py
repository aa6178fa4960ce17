"""Everything that can be checked from a command line before money moves."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from fortnox.check_mappings import check_against_fortnox
from fortnox.core.errors import PipelineError
from fortnox.core.mapping import Mappings, ParsedMappings, ShopRow
from fortnox.pools import (
    CREATE_COMMAND,
    AirflowCommand,
    airflow_command,
    missing_pools,
    wanted_pools,
)

if TYPE_CHECKING:
    from fortnox.hooks.fortnox import FortnoxHook
    from fortnox.hooks.shop import ShopHook


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the preflight: what was looked at, whether it is well, and what was seen."""

    what: str
    is_well: bool
    seen: str


def preflight(
    parsed: ParsedMappings, *, today: date, airflow: AirflowCommand = airflow_command
) -> Iterator[Check]:
    """Check mappings, pools and, for each usable shop, both connections and the company."""
    errors = parsed.errors
    seen = f"{len(errors)} errors, e.g. {errors[0]}" if errors else "no errors"
    yield Check("mapping files", is_well=not errors, seen=seen)
    use_stored_connections()
    shops = parsed.mappings.usable_shops()
    yield _pools(shops, airflow)
    for shop in shops:
        yield from check_shop(parsed.mappings, shop, today=today)


def check_shop(mappings: Mappings, shop: ShopRow, *, today: date) -> Iterator[Check]:
    """Both connections, the company guard, and the mapping rows against Fortnox."""
    use_stored_connections()
    # Imported here: Airflow's hooks take seconds, which the other commands need not pay.
    from fortnox.hooks.fortnox import FortnoxHook  # noqa: PLC0415
    from fortnox.steps.connections import shop_hook  # noqa: PLC0415

    yield _connection(shop, shop_hook(shop))
    hook = FortnoxHook(fortnox_conn_id=shop.fortnox_conn_id)
    fortnox = _connection(shop, hook)
    yield fortnox
    if fortnox.is_well:
        yield from _company(mappings, shop, hook, today)


def _connection(shop: ShopRow, hook: "FortnoxHook | ShopHook") -> Check:
    from airflow.sdk.exceptions import AirflowNotFoundException  # noqa: PLC0415 - as above

    what = f"{shop.shop}: connection {hook.http_conn_id}"
    try:
        is_well, seen = hook.test_connection()
    except AirflowNotFoundException:
        seen = "Airflow has no such connection; add it, or correct shops.csv"
        return Check(what, is_well=False, seen=seen)
    return Check(what, is_well=is_well, seen=seen)


def _company(
    mappings: Mappings, shop: ShopRow, hook: "FortnoxHook", today: date
) -> Iterator[Check]:
    what = f"{shop.shop}: company"
    try:
        hook.guard(shop.organisation_number, shop.database_number)
        found = check_against_fortnox(mappings, shop, hook.client(), today=today)
    except PipelineError as error:
        yield Check(what, is_well=False, seen=str(error))
        return
    yield Check(what, is_well=True, seen=shop.organisation_number)
    for wrong in found:
        yield Check(f"{shop.shop}: mapping", is_well=False, seen=str(wrong))
    if not found:
        yield Check(f"{shop.shop}: mapping", is_well=True, seen="all that it names is in Fortnox")


def use_stored_connections() -> None:
    """Let hooks find the connections stored in Airflow's database.

    Outside a task they look into the environment only, unless told so; ``airflow connections
    test`` does the same.
    """
    os.environ.setdefault("_AIRFLOW_PROCESS_CONTEXT", "server")


def _pools(shops: tuple[ShopRow, ...], airflow: AirflowCommand) -> Check:
    try:
        missing = missing_pools(wanted_pools(shops), airflow)
    except PipelineError as error:
        return Check("pools", is_well=False, seen=str(error))
    seen = f"missing: {', '.join(missing)}; run: {CREATE_COMMAND}" if missing else "all there"
    return Check("pools", is_well=not missing, seen=seen)
