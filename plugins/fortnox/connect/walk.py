"""The walk to a Fortnox consent in the browser: what is asked, and what the answer is worth.

The connection is in Airflow already, with client id and secret, made by its own form or API. The
service account's consent gives nothing secret: the company's number is all that is left to store,
and the browser stores it by Airflow's own API (rules of the scheduler 18).
"""

import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from airflow.configuration import conf
from airflow.models.connection import Connection
from sqlalchemy import select
from sqlalchemy.orm import Session

from fortnox.api.auth import ClientCredentials
from fortnox.api.client import FortnoxClient
from fortnox.api.company_facts import scope_checks
from fortnox.api.consent import Consent, exchange
from fortnox.api.limiter import Pacer
from fortnox.connect.company import (
    AUTH_URL,
    company_of,
    granted_client,
    least_scopes,
    oauth_address,
    refuse_other_company,
)
from fortnox.core.company_checks import SCOPE_PURPOSES
from fortnox.core.errors import FatalError
from fortnox.core.mapping import Mappings, ShopRow, parse_mappings
from fortnox.hooks.encryption import refuse_plain_http
from fortnox.hooks.fortnox import BASE_URL, TOKEN_URL
from fortnox.mapping_files import mappings_folder, read_folder

CONN_TYPE = "fortnox"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A connection that somebody needs, and where it is; nothing secret."""

    connection_id: str
    #: ``stored``, ``environment`` (Airflow's API can't change it) or ``missing``.
    kept_in: str
    has_tenant: bool
    organisation_numbers: tuple[str, ...]
    shops: tuple[str, ...]
    #: ``scope``, and ``what`` it is for.
    scopes: tuple[dict[str, str], ...]


def read_mappings() -> Mappings:
    """The mapping files as the DAG files find them; rows that are broken are left out."""
    dags = Path(conf.get_mandatory_value("core", "dags_folder")).resolve()
    folder = mappings_folder(dags.parent / "include" / "mappings")
    return parse_mappings(read_folder(folder)).mappings


def places(session: Session, mappings: Mappings, may_see: Callable[[str], bool]) -> list[Place]:
    """The Fortnox connections that shops.csv names, and those that Airflow has besides.

    Args:
        session: Of Airflow's database.
        mappings: The mapping files.
        may_see: Whether the reader may know of a shop, by its key.
    """
    stored = {
        row.conn_id: row
        for row in session.scalars(select(Connection).where(Connection.conn_type == CONN_TYPE))
    }
    named = dict.fromkeys(shop.fortnox_conn_id for shop in mappings.shops)
    return [
        _place(conn_id, stored.get(conn_id), mappings, may_see)
        for conn_id in sorted({*named, *stored})
    ]


def _place(
    conn_id: str, row: Connection | None, mappings: Mappings, may_see: Callable[[str], bool]
) -> Place:
    shops = shops_of(conn_id, mappings)
    kept_in = "stored" if row is not None else "missing"
    if f"AIRFLOW_CONN_{conn_id.upper()}" in os.environ:
        kept_in = "environment"
    return Place(
        connection_id=conn_id,
        kept_in=kept_in,
        has_tenant=bool(row is not None and row.extra_dejson.get("tenant_id")),
        organisation_numbers=tuple(dict.fromkeys(shop.organisation_number for shop in shops)),
        shops=tuple(shop.name for shop in shops if may_see(shop.shop)),
        scopes=tuple(
            {"scope": one, "what": SCOPE_PURPOSES[one]} for one in least_scopes(mappings, shops)
        ),
    )


def shops_of(conn_id: str, mappings: Mappings) -> list[ShopRow]:
    """The rows of shops.csv that book by a connection."""
    return [shop for shop in mappings.shops if shop.fortnox_conn_id == conn_id]


def stored_connection(session: Session, conn_id: str) -> Connection:
    """The connection, ready to be asked about.

    Raises:
        FatalError: There is none, of another type, without keys, or hidden by the environment.
    """
    if f"AIRFLOW_CONN_{conn_id.upper()}" in os.environ:
        raise FatalError(
            f"The connection {conn_id} stands in the environment of Airflow's processes.",
            remedy="Write tenant_id into it yourself, or take it away and begin anew.",
        )
    row: Connection | None = session.scalar(select(Connection).where(Connection.conn_id == conn_id))
    if row is None or row.conn_type != CONN_TYPE or not row.login or not row.password:
        raise FatalError(
            f"There is no connection {conn_id} of type fortnox with client id and client secret.",
            remedy="Enter both first.",
        )
    refuse_plain_http(row.host or "", conn_id, row.extra_dejson)
    return row


def question(row: Connection, scopes: Sequence[str], redirect_uri: str, state: str = "") -> Consent:
    """What an administrator of the company is asked; a new ``state`` if none is given."""
    return Consent(
        auth_url=oauth_address(row.host or "", "auth", AUTH_URL),
        client_id=row.login or "",
        redirect_uri=redirect_uri,
        scopes=tuple(scopes),
        state=state or secrets.token_urlsafe(32),
    )


def answered(row: Connection, consent: Consent, code: str, mappings: Mappings) -> dict[str, Any]:
    """What the consent is worth: whose it is, and whether runs could work by it.

    Returns:
        ``company``, ``organisation_number``, ``tenant_id``, ``findings`` (sentences), and
        ``token_url``, empty for Fortnox itself: a sandbox gives tokens elsewhere.

    Raises:
        PipelineError: Not accepted, another company's, or runs could not get a token by it.
    """
    host, secret = row.host or "", row.password or ""
    token_url = str(row.extra_dejson.get("token_url") or oauth_address(host, "token", TOKEN_URL))
    grant = exchange(consent, code, token_url=token_url, client_secret=secret)
    company = company_of(granted_client(grant, host))
    refuse_other_company(company, shops_of(row.conn_id, mappings))
    tenant_id = str(company.database_number)
    tokens = ClientCredentials(token_url, consent.client_id, secret, tenant_id)
    client = FortnoxClient(base_url=host or BASE_URL, tokens=tokens, pacer=Pacer(per_window=24))
    found = [check.sentence for check in scope_checks(client, consent.scopes) if check.fails]
    return {
        "company": company.name,
        "organisation_number": company.organisation_number,
        "tenant_id": tenant_id,
        "token_url": token_url if host else "",
        "findings": found,
    }
