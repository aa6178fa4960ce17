"""Everything that can be checked from a command line before money moves."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from fortnox.core.checks import Check, Severity
from fortnox.core.errors import PipelineError
from fortnox.core.mapping import Mappings, ParsedMappings, ShopRow
from fortnox.pools import (
    CREATE_COMMAND,
    AirflowCommand,
    airflow_command,
    missing_pools,
    wanted_pools,
)


def preflight(
    parsed: ParsedMappings, *, now: datetime, airflow: AirflowCommand = airflow_command
) -> Iterator[Check]:
    """Check mappings, pools and, for each usable shop, both sides and the settings of both."""
    errors = parsed.errors
    yield Check(
        what="mapping files",
        severity=Severity.FATAL if errors else Severity.OK,
        seen=f"{len(errors)} errors, e.g. {errors[0]}" if errors else "no errors",
    )
    use_stored_connections()
    shops = parsed.mappings.usable_shops()
    yield _pools(shops, airflow)
    for shop in shops:
        yield from check_shop(parsed.mappings, shop, now=now)


def check_shop(mappings: Mappings, shop: ShopRow, *, now: datetime) -> Iterator[Check]:
    """The same list as the preflight DAG's, each line with the shop's key before it."""
    use_stored_connections()
    # Imported here: Airflow's hooks take seconds, which the other commands need not pay.
    from fortnox.steps.preflight import all_checks  # noqa: PLC0415

    for check in all_checks(mappings, shop, now, in_pool=False):
        yield replace(check, what=f"{shop.shop}: {check.what}")


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
        return Check(what="pools", severity=Severity.FATAL, seen=str(error))
    if missing:
        return Check(
            what="pools",
            severity=Severity.FATAL,
            seen=f"missing: {', '.join(missing)}",
            remedy=f"run: {CREATE_COMMAND}",
        )
    return Check(what="pools", seen="all there")
