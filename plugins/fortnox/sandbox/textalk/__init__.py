"""A Textalk Webshop (Abicart) to try on: JSON-RPC 2.0 over HTTP POST, as its documents say.

Start with :func:`create_app`; what the shop has sold comes from ``fortnox.sandbox.seed``. What the
documentation leaves open is a switch (``Switches``) with the answer that is hardest on a client.
"""

from fortnox.sandbox.textalk.app import create_app
from fortnox.sandbox.textalk.store import Drift, Store
from fortnox.sandbox.textalk.switches import (
    DEFAULT_PASSWORD,
    DEFAULT_TOKEN,
    DEFAULT_USERNAME,
    WEBSHOP,
    Switches,
)

__all__ = [
    "DEFAULT_PASSWORD",
    "DEFAULT_TOKEN",
    "DEFAULT_USERNAME",
    "WEBSHOP",
    "Drift",
    "Store",
    "Switches",
    "create_app",
]
