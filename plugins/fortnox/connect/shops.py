"""The walks to connections of type ``woocommerce`` and ``textalk``: key, test, stored."""

from fortnox.connect.store import Made, refuse_taken, store, tried
from fortnox.connect.talk import Talk
from fortnox.core.errors import FatalError
from fortnox.hooks.encryption import refuse_plain_http
from fortnox.hooks.shop import ShopHook
from fortnox.hooks.textalk import TextalkHook
from fortnox.hooks.woocommerce import WooCommerceHook

_KEYS = "wp-admin/admin.php?page=wc-settings&tab=advanced&section=keys&create-key=1"


def connect_woocommerce(conn_id: str, host: str, talk: Talk, *, replace: bool) -> None:
    """Ask for the shop's address and key, test, store.

    Raises:
        PipelineError: With what to do; nothing was stored.
    """
    refuse_taken(conn_id, "woocommerce", replace=replace)
    address = (host or talk.need("Address of the shop (https://shop.example)")).rstrip("/")
    refuse_plain_http(address, conn_id, {})
    talk.say("Make a key in the shop, by a user who may see orders, with the permission Read")
    talk.say("(Read/Write only for import of customers, write-back and the smoke test):")
    talk.say(f"  {address}/{_KEYS}")
    made = Made(
        conn_id=conn_id,
        conn_type="woocommerce",
        host=address,
        login=talk.need("Consumer key (ck_..., not shown)", secret=True),
        password=talk.need("Consumer secret (cs_..., not shown)", secret=True),
    )
    _finish(made, WooCommerceHook(conn_id), talk)


def connect_textalk(conn_id: str, host: str, talk: Talk, *, replace: bool) -> None:
    """Ask for the shop's number and key, test, store.

    Raises:
        PipelineError: With what to do; nothing was stored.
    """
    refuse_taken(conn_id, "textalk", replace=replace)
    refuse_plain_http(host, conn_id, {})
    talk.say("Make an API key in the shop: Settings, External connections, API keys.")
    made = Made(
        conn_id=conn_id,
        conn_type="textalk",
        host=host,
        password=talk.need("API key (not shown)", secret=True),
        extra={"webshop": talk.need("The shop's number at Textalk")},
    )
    _finish(made, TextalkHook(conn_id), talk)


def _finish(made: Made, hook: ShopHook, talk: Talk) -> None:
    with tried(made):
        is_well, seen = hook.test_connection()
    if not is_well:
        raise FatalError(f"The connection does not work: {seen} Nothing was stored.")
    talk.say(f"Tested: {seen}")
    talk.say(store(made))
    talk.say(
        f"Next: name it in shops.csv (shop_conn_id {made.conn_id}); python -m fortnox preflight"
    )
