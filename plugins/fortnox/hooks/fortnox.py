"""An Airflow connection becomes a Fortnox client."""

import functools
import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from airflow.providers.http.hooks.http import HttpHook
from airflow.sdk.log import mask_secret
from requests.adapters import HTTPAdapter

from fortnox.api.auth import ClientCredentials, TokenSource
from fortnox.api.client import FortnoxClient
from fortnox.api.lanes import LANES
from fortnox.api.rotation import RefreshingToken, expiry_warning
from fortnox.core.company_checks import NEEDED_SCOPES
from fortnox.core.errors import FatalError, PipelineError
from fortnox.hooks.encryption import refuse_plain_http
from fortnox.hooks.pace import company_pacer
from fortnox.hooks.server_clock import told_time
from fortnox.hooks.token_store import VariableTokenStore

BASE_URL = "https://api.fortnox.se/3"
TOKEN_URL = "https://apps.fortnox.se/oauth-v1/token"  # noqa: S105

_CLIENT_CREDENTIALS = "client_credentials"
_AUTHORIZATION_CODE = "authorization_code"
_REQUESTS_PER_5S = 24
_ORGANISATION_NUMBER_DIGITS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """The company behind a connection, as Fortnox says it."""

    name: str
    #: As Fortnox writes it, ``NNNNNN-NNNN``.
    organisation_number: str
    #: One organisation number can have two databases; this one is unique.
    database_number: int


class FortnoxHook(HttpHook):
    """Talks to the company of one connection of type ``fortnox``.

    Connection: host (default Fortnox's own), login = client id, password = client secret, extra:
    ``tenant_id``, ``flow`` (``client_credentials`` | ``authorization_code``), ``refresh_token``
    (of the consent), ``token_url``, ``requests_per_5s``, ``allow_http``, ``test_company``.

    Args:
        fortnox_conn_id: The connection.
    """

    conn_name_attr = "fortnox_conn_id"
    default_conn_name = "fortnox_default"
    conn_type = "fortnox"
    hook_name = "Fortnox"
    default_host = BASE_URL

    def __init__(self, fortnox_conn_id: str = default_conn_name, **kwargs: Any) -> None:
        super().__init__(http_conn_id=fortnox_conn_id, **kwargs)
        self.fortnox_conn_id = fortnox_conn_id

    def get_conn(
        self, headers: dict[Any, Any] | None = None, extra_options: dict[str, Any] | None = None
    ) -> requests.Session:
        """A session with keep-alive; without the base class's habit of sending extra as headers.

        ``extra`` holds the refresh token, and the password is no Basic password. Of the options
        only ``proxies`` and ``verify`` (a CA bundle) count.
        """
        self.base_url = self._secure_base_url()
        options = {**self._extra, **(extra_options or {})}
        session = self._configure_session_from_mount_adapters(requests.Session())
        session.headers.update(headers or {})
        session.proxies.update(options.get("proxies") or {})
        session.verify = options.get("verify", True)
        for adapter in session.adapters.values():
            if isinstance(adapter, HTTPAdapter):
                # A connection per lane, or each request beyond the tenth would shake hands anew.
                adapter.init_poolmanager(LANES, LANES)
        return session

    def client(self, before_write: Callable[[], None] | None = None) -> FortnoxClient:
        """A client that shares pace, token and connections with all others of this hook.

        Args:
            before_write: Called immediately before every request that acts.

        Raises:
            FatalError: The connection lacks something.
        """
        session, tokens = self._session, self._tokens
        return FortnoxClient(
            base_url=self.base_url,
            tokens=tokens,
            pacer=company_pacer(
                self.base_url,
                str(self._connection.login),
                str(self._extra.get("tenant_id") or self.fortnox_conn_id),
                int(self._extra.get("requests_per_5s") or _REQUESTS_PER_5S),
            ),
            session=session,
            before_write=before_write or _nothing,
            lanes=LANES,
        )

    def company(self) -> Company:
        """Which company this connection writes to."""
        data = self.client().get("companyinformation", "CompanyInformation")
        return Company(
            name=str(data.get("CompanyName") or ""),
            organisation_number=str(data.get("OrganizationNumber") or ""),
            database_number=int(data.get("DatabaseNumber") or 0),
        )

    def guard(self, organisation_number: str, database_number: int | None = None) -> Company:
        """Refuse any company but the one that shops.csv names, and an app that lacks scopes.

        Args:
            organisation_number: Of shops.csv, in any usual spelling.
            database_number: Of shops.csv; only needed where one number has two databases.

        Raises:
            FatalError: The connection belongs to another company, or its app may not read or write
                what orders need.
        """
        company = self.company()
        wanted = normalised_organisation_number(organisation_number)
        if not wanted or wanted != normalised_organisation_number(company.organisation_number):
            raise FatalError(
                f"The connection {self.fortnox_conn_id} belongs to organisation number "
                f"{company.organisation_number}, but shops.csv names {organisation_number}.",
                remedy="Correct fortnox_conn_id or organisation_number in shops.csv.",
            )
        if database_number is not None and database_number != company.database_number:
            raise FatalError(
                f"The connection {self.fortnox_conn_id} belongs to database "
                f"{company.database_number}, but shops.csv names {database_number}.",
                remedy="Correct fortnox_conn_id or database_number in shops.csv.",
            )
        self._refuse_missing_scopes()
        return company

    @property
    def uses_refresh_token(self) -> bool:
        """The authorization code flow: each use takes a token that only works once."""
        return self._flow == _AUTHORIZATION_CODE

    def server_time(self) -> datetime | None:
        """Fortnox's clock in UTC, to the second; None when it does not tell."""
        return told_time(self._session, self._secure_base_url())

    @property
    def is_test_company(self) -> bool:
        """The connection says so (extra ``test_company``), or its Fortnox is on this machine."""
        host = urlsplit(self._secure_base_url()).hostname or ""
        return _is_loopback(host) or self._extra.get("test_company") is True

    def test_connection(self) -> tuple[bool, str]:
        """For the form's button: which company answers, or why none does, and what to do."""
        if self.uses_refresh_token:
            return False, (
                "Not tested: a test would use up the one-time refresh token outside the company's "
                "pool. Run the preflight DAG, or change to client_credentials."
            )
        try:
            company = self.company()
        except PipelineError as error:
            return False, str(error)
        return not self._missing_scopes(), (
            f"{company.name}, organisation number {company.organisation_number}, "
            f"database {company.database_number}.{self._scope_note()}"
        )

    def token_warning(self, now: datetime) -> str:
        """What to know of a refresh token that was not renewed for long; asks Fortnox nothing."""
        if not self.uses_refresh_token:
            return ""
        return expiry_warning(VariableTokenStore(self.fortnox_conn_id).load(), now)

    def _secure_base_url(self) -> str:
        """The host as a URL; https unless something else is written out."""
        host = str(self._connection.host or self.default_host)
        parts = urlsplit(host if "://" in host else f"https://{host}")
        if self._connection.port and not parts.port:
            parts = parts._replace(netloc=f"{parts.netloc}:{self._connection.port}")
        url = urlunsplit(parts)
        refuse_plain_http(url, self.fortnox_conn_id, self._extra)
        return url

    def _scope_note(self) -> str:
        granted, missing = self._tokens.scopes, self._missing_scopes()
        if missing:
            return f" Missing scopes: {', '.join(missing)}; add them to the app and consent again."
        return f" Scopes: {', '.join(sorted(granted))}." if granted else ""

    def _missing_scopes(self) -> list[str]:
        """Needed and not granted; none as long as the token does not say what it may do."""
        granted = self._tokens.scopes
        return [scope for scope in NEEDED_SCOPES if granted and scope not in granted]

    def _refuse_missing_scopes(self) -> None:
        """At the guard: else the first invoice of a night would be the one to find out."""
        missing = self._missing_scopes()
        if missing:
            raise FatalError(
                f"The connection {self.fortnox_conn_id} lacks scopes: {', '.join(missing)}.",
                remedy="Add them to the app in Fortnox's developer portal and consent again.",
            )

    @functools.cached_property
    def _connection(self) -> Any:
        return self.get_connection(self.fortnox_conn_id)

    @functools.cached_property
    def _session(self) -> requests.Session:
        return self.get_conn()

    @property
    def _extra(self) -> dict[str, Any]:
        extra: dict[str, Any] = self._connection.extra_dejson
        return extra

    @property
    def _flow(self) -> str:
        return str(self._extra.get("flow") or _CLIENT_CREDENTIALS)

    @functools.cached_property
    def _tokens(self) -> TokenSource:
        client_id, client_secret = self._connection.login, self._connection.password
        if not client_id or not client_secret:
            raise self._incomplete("client id (login) or client secret (password)")
        mask_secret(client_secret)
        url = str(self._extra.get("token_url") or TOKEN_URL)
        refuse_plain_http(url, self.fortnox_conn_id, self._extra)
        if self._flow == _CLIENT_CREDENTIALS:
            if not self._extra.get("tenant_id"):
                raise self._incomplete("tenant_id in extra")
            return ClientCredentials(
                url,
                client_id,
                client_secret,
                str(self._extra["tenant_id"]),
                session=self._session,
                mask=mask_secret,
            )
        if self._flow == _AUTHORIZATION_CODE:
            seed = str(self._extra.get("refresh_token") or "")
            if seed:
                mask_secret(seed)
            store = VariableTokenStore(self.fortnox_conn_id)
            return RefreshingToken(
                url,
                client_id,
                client_secret,
                store=store,
                seed=seed,
                session=self._session,
                mask=mask_secret,
            )
        raise self._incomplete(f"a flow that is {_CLIENT_CREDENTIALS} or {_AUTHORIZATION_CODE}")

    def _incomplete(self, what: str) -> FatalError:
        return FatalError(
            f"The connection {self.fortnox_conn_id} has no {what}.",
            remedy="Complete it under Admin, Connections.",
        )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def normalised_organisation_number(text: str) -> str:
    """Ten digits, without hyphen or century; empty if it is not an organisation number."""
    digits = re.sub(r"\D", "", text)
    if len(digits) == _ORGANISATION_NUMBER_DIGITS + 2:
        digits = digits[2:]
    return digits if len(digits) == _ORGANISATION_NUMBER_DIGITS else ""


def _nothing() -> None:
    """No check before a write."""
