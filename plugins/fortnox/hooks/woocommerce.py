"""An Airflow connection becomes a WooCommerce shop."""

from typing import Any

from fortnox.hooks.encryption import refuse_plain_http
from fortnox.hooks.shop import ShopHook, shop_address, words
from fortnox.shops.woocommerce import PATIENCE_S, MetaKeys, WooCommerceShop


class WooCommerceHook(ShopHook):
    """Reads the shop of one connection of type ``woocommerce``.

    Connection: host = the shop's address, with its path if it has one (``https://shop.example``;
    plain http only to this machine or with ``allow_http``, then signed by OAuth), login = consumer
    key, password = consumer secret. Extra, all optional: ``organisation_number_keys`` and
    ``vat_number_keys`` (the checkout's meta keys, a list or a comma text), ``verify`` (path of a CA
    bundle), ``proxies``.

    Args:
        woocommerce_conn_id: The connection.
    """

    conn_name_attr = "woocommerce_conn_id"
    default_conn_name = "woocommerce_default"
    conn_type = "woocommerce"
    hook_name = "WooCommerce"

    def __init__(self, woocommerce_conn_id: str = default_conn_name, **kwargs: Any) -> None:
        super().__init__(woocommerce_conn_id, **kwargs)

    def shop(self, *, patience_s: float = PATIENCE_S) -> WooCommerceShop:
        """The shop; it keeps what it read of the catalogue.

        Args:
            patience_s: How long to wait between tries of one request, all together.

        Raises:
            FatalError: The connection lacks its host, key or secret, or would not be encrypted.
        """
        key, secret = self.credentials()
        address = shop_address(self.connection)
        refuse_plain_http(address, self.http_conn_id, self.extra)
        return WooCommerceShop(
            address,
            key,
            secret,
            session=self.get_conn(),
            patience_s=patience_s,
            meta_keys=_meta_keys(self.extra),
        )


def _meta_keys(extra: dict[str, Any]) -> MetaKeys:
    known = MetaKeys()
    return MetaKeys(
        organisation_number=words(extra, "organisation_number_keys") or known.organisation_number,
        vat_number=words(extra, "vat_number_keys") or known.vat_number,
    )
