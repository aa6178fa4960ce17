"""What the hooks of all shop systems share: address, session, the form's test button."""

import functools
from abc import ABC, abstractmethod
from datetime import datetime
from typing import Any

import requests
from airflow.providers.http.hooks.http import HttpHook
from airflow.sdk.log import mask_secret

from fortnox.core.errors import PipelineError
from fortnox.hooks.encryption import refuse_plain_http
from fortnox.hooks.server_clock import told_time
from fortnox.shops.base import Shop
from fortnox.shops.patience import PATIENCE_S


class ShopHook(HttpHook, ABC):
    """Reads the shop of one connection; a subclass says which shop system and how to make it.

    Extra, all optional: ``verify`` (path of a CA bundle), ``proxies``.

    Args:
        shop_conn_id: The connection.
    """

    def __init__(self, shop_conn_id: str, **kwargs: Any) -> None:
        super().__init__(http_conn_id=shop_conn_id, **kwargs)

    def get_conn(
        self, headers: dict[Any, Any] | None = None, extra_options: dict[str, Any] | None = None
    ) -> requests.Session:
        """A session without the base class's habits: no Basic over http, extra is no header."""
        options = {**self.extra, **(extra_options or {})}
        session = requests.Session()
        session.headers.update(headers or {})
        session.proxies.update(options.get("proxies") or {})
        session.verify = options.get("verify", True)
        return session

    @abstractmethod
    def shop(self, *, patience_s: float = PATIENCE_S) -> Shop:
        """The shop; use one for a whole run.

        Args:
            patience_s: How long to wait between tries of one request, all together.

        Raises:
            FatalError: The connection lacks something.
        """

    def test_connection(self) -> tuple[bool, str]:
        """For the form's button: what the shop says of itself, or what is wrong and the remedy."""
        try:
            # The form waits: one try each.
            return True, self.describe(self.shop(patience_s=0))
        except PipelineError as error:
            return False, str(error)

    def server_time(self) -> datetime | None:
        """The shop's clock in UTC, to the second; None when it does not tell.

        Raises:
            FatalError: The shop's address would not be encrypted.
        """
        address = shop_address(self.connection)
        if not address:
            return None
        refuse_plain_http(address, self.http_conn_id, self.extra)
        return told_time(self.get_conn(), address)

    def describe(self, shop: Shop) -> str:
        """What a shop says of itself, after its connection and rights were proven.

        Raises:
            PipelineError: They could not be.
        """
        identity = shop.check()
        prices = "including" if identity.prices_include_vat else "excluding"
        return (
            f"{identity.platform} {identity.version}, {identity.currency}, prices {prices} VAT, "
            f"time zone {identity.timezone or 'not told'}."
        )

    @functools.cached_property
    def connection(self) -> Any:
        """The Airflow connection."""
        return self.get_connection(self.http_conn_id)

    @property
    def extra(self) -> dict[str, Any]:
        """The connection's extra."""
        extra: dict[str, Any] = self.connection.extra_dejson
        return extra

    def credentials(self) -> tuple[str, str]:
        """Login and password, masked in logs from now on."""
        login, password = str(self.connection.login or ""), str(self.connection.password or "")
        for confidential in filter(None, (login, password)):
            mask_secret(confidential)
        return login, password


def shop_address(connection: Any) -> str:
    """The shop's address, however the connection was written: as a form, an URI or JSON.

    Airflow splits an URI into schema, host and port; the form keeps the address whole in host.
    """
    host = str(connection.host or "").strip().rstrip("/")
    if not host:
        return ""
    own_schema, _, rest = host.rpartition("://")
    schema = own_schema or (connection.schema if connection.schema == "http" else "https")
    name, slash, path = rest.partition("/")
    port = f":{connection.port}" if connection.port and ":" not in name else ""
    return f"{schema}://{name}{port}{slash}{path}"


def words(extra: dict[str, Any], name: str) -> tuple[str, ...]:
    """A list or a comma text of a connection's extra; empty for none."""
    value = extra.get(name) or ()
    parts = value.split(",") if isinstance(value, str) else value
    return tuple(str(part).strip() for part in parts if str(part).strip())
