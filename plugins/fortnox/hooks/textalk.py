"""An Airflow connection becomes a Textalk Webshop (Abicart)."""

from typing import Any
from urllib.parse import quote

from airflow.sdk.log import mask_secret

from fortnox.core.errors import FatalError
from fortnox.hooks.shop import ShopHook, shop_address, words
from fortnox.shops.base import Shop
from fortnox.shops.patience import PATIENCE_S, Patience
from fortnox.shops.textalk import Access, TextalkSettings, TextalkShop

_EU_VAT = ("", "origin", "destination")


class TextalkHook(ShopHook):
    """Reads the shop of one connection of type ``textalk``.

    Connection: host = empty, or the shop's own domain with https; password = API key (login empty),
    or login and password of a user. Extra: ``webshop`` (the shop's number). Optional:
    ``paid_statuses`` (default ``paid``), ``service_articles`` (article numbers, with ``*``; both a
    list or a comma text), ``eu_vat`` (``origin`` or ``destination``), ``verify``, ``proxies``.

    Args:
        textalk_conn_id: The connection.
    """

    conn_name_attr = "textalk_conn_id"
    default_conn_name = "textalk_default"
    conn_type = "textalk"
    hook_name = "Textalk Webshop (Abicart)"

    def __init__(self, textalk_conn_id: str = default_conn_name, **kwargs: Any) -> None:
        super().__init__(textalk_conn_id, **kwargs)

    def shop(self, *, patience_s: float = PATIENCE_S) -> TextalkShop:
        """The shop; it keeps a login's token, and what it found out about filters.

        Args:
            patience_s: How long to wait between tries of one call, all together.

        Raises:
            FatalError: The connection lacks the key or the shop's number, or has a wrong word.
        """
        username, secret = self.credentials()
        _mask(secret)
        access = Access(
            webshop=str(self.extra.get("webshop") or "").strip(), username=username, secret=secret
        )
        return TextalkShop(
            shop_address(self.connection),
            access,
            settings=_settings(self.extra),
            session=self.get_conn(),
            patience=Patience(patience_s=patience_s),
            on_secret=_mask,
        )

    def describe(self, shop: Shop) -> str:
        """As for every shop, and the payment methods: their numbers go into the mapping."""
        told = super().describe(shop)
        if not isinstance(shop, TextalkShop):
            return told
        methods = ", ".join(f"{uid} = {name}" for uid, name in shop.payment_methods().items())
        return f"{told} Payment methods: {methods or 'none'}."


def _mask(secret: str) -> None:
    """Both spellings: the address of a request holds the encoded one."""
    if secret:
        mask_secret(secret)
        mask_secret(quote(secret, safe=""))


def _settings(extra: dict[str, Any]) -> TextalkSettings:
    eu_vat = str(extra.get("eu_vat") or "")
    if eu_vat not in _EU_VAT:
        raise FatalError(
            "The connection's extra eu_vat is not a word that is known here.",
            remedy="Write origin or destination, or leave it out.",
        )
    return TextalkSettings(
        paid_statuses=words(extra, "paid_statuses") or TextalkSettings().paid_statuses,
        service_articles=words(extra, "service_articles"),
        eu_vat=eu_vat,  # type: ignore[arg-type] # one of _EU_VAT
    )
