"""An Airflow connection becomes a WooCommerce shop."""

import functools
from typing import Any

import requests
from airflow.providers.http.hooks.http import HttpHook
from airflow.sdk.log import mask_secret

from fortnox.core.errors import PipelineError
from fortnox.shops.woocommerce import PATIENCE_S, MetaKeys, WooCommerceShop


class WooCommerceHook(HttpHook):
    """Reads the shop of one connection of type ``woocommerce``.

    Connection: host = the shop's address, with its path if it has one (``https://shop.example``;
    over plain http requests are signed by OAuth), login = consumer key, password = consumer secret.
    Extra, all optional: ``organisation_number_keys`` and ``vat_number_keys`` (the checkout's meta
    keys, a list or a comma text), ``verify`` (path of a CA bundle), ``proxies``.

    Args:
        woocommerce_conn_id: The connection.
    """

    conn_name_attr = "woocommerce_conn_id"
    default_conn_name = "woocommerce_default"
    conn_type = "woocommerce"
    hook_name = "WooCommerce"

    def __init__(self, woocommerce_conn_id: str = default_conn_name, **kwargs: Any) -> None:
        super().__init__(http_conn_id=woocommerce_conn_id, **kwargs)
        self.woocommerce_conn_id = woocommerce_conn_id

    def get_conn(
        self, headers: dict[Any, Any] | None = None, extra_options: dict[str, Any] | None = None
    ) -> requests.Session:
        """A session without the base class's habits: no Basic over http, extra is no header."""
        options = {**self._extra, **(extra_options or {})}
        session = requests.Session()
        session.headers.update(headers or {})
        session.proxies.update(options.get("proxies") or {})
        session.verify = options.get("verify", True)
        return session

    def shop(self, *, patience_s: float = PATIENCE_S) -> WooCommerceShop:
        """The shop; use one for a whole run, it keeps what it read of the catalogue.

        Args:
            patience_s: How long to wait between tries of one request, all together.

        Raises:
            FatalError: The connection lacks its host, key or secret.
        """
        connection = self._connection
        key, secret = str(connection.login or ""), str(connection.password or "")
        for confidential in filter(None, (key, secret)):
            mask_secret(confidential)
        return WooCommerceShop(
            shop_address(connection),
            key,
            secret,
            session=self.get_conn(),
            patience_s=patience_s,
            meta_keys=_meta_keys(self._extra),
        )

    def test_connection(self) -> tuple[bool, str]:
        """For the form's button: what the shop says of itself, or what is wrong and the remedy."""
        try:
            # The form waits: one try each.
            identity = self.shop(patience_s=0).check()
        except PipelineError as error:
            return False, str(error)
        prices = "including" if identity.prices_include_vat else "excluding"
        return True, (
            f"{identity.platform} {identity.version}, {identity.currency}, prices {prices} VAT, "
            f"time zone {identity.timezone or 'not told'}."
        )

    @functools.cached_property
    def _connection(self) -> Any:
        return self.get_connection(self.woocommerce_conn_id)

    @property
    def _extra(self) -> dict[str, Any]:
        extra: dict[str, Any] = self._connection.extra_dejson
        return extra


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


def _meta_keys(extra: dict[str, Any]) -> MetaKeys:
    known = MetaKeys()
    return MetaKeys(
        organisation_number=_keys(extra, "organisation_number_keys") or known.organisation_number,
        vat_number=_keys(extra, "vat_number_keys") or known.vat_number,
    )


def _keys(extra: dict[str, Any], name: str) -> tuple[str, ...]:
    value = extra.get(name) or ()
    parts = value.split(",") if isinstance(value, str) else value
    return tuple(str(part).strip() for part in parts if str(part).strip())
