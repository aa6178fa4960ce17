"""Tokens, keys and buyers' addresses travel encrypted, unless somebody decided otherwise."""

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from fortnox.core.errors import FatalError

_ALWAYS_ENCRYPTED = "fortnox.se"


def refuse_plain_http(url: str, conn_id: str, extra: Mapping[str, Any]) -> None:
    """Refuse plain http, but to this machine or with ``allow_http`` in the connection's extra.

    Raises:
        FatalError: With what to change.
    """
    parts = urlsplit(url)
    host = str(parts.hostname or "")
    if parts.scheme != "http" or _is_loopback(host):
        return
    at_fortnox = host == _ALWAYS_ENCRYPTED or host.endswith(f".{_ALWAYS_ENCRYPTED}")
    if at_fortnox or str(extra.get("allow_http") or "").lower() != "true":
        raise FatalError(
            f"The connection {conn_id} would send secrets and buyers' data without encryption.",
            remedy="Write its address with https."
            if at_fortnox
            else "Write its address with https; in a network of your own, "
            'set "allow_http": true in its extra.',
        )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
