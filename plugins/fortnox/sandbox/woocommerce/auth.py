"""Authentication as ``WC_REST_Authentication`` does it: Basic over TLS, OAuth 1.0a everywhere.

Seen on WooCommerce 11: Basic over plain http is not even looked at (401 as without a key), an
unknown key on Basic is anonymous, a wrong secret is told; OAuth tells everything, takes a nonce
once, and a timestamp within 15 minutes. A read key that writes gets 401, not 403.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from fortnox.sandbox.woocommerce.errors import WpError, unauthenticated
from fortnox.sandbox.woocommerce.params import Query

#: The key of a sandbox shop; public by design, the sandbox listens on loopback only.
DEFAULT_KEY = "ck_5a9db0c1e2f3a4b5c6d7e8f90123456789abcdef"
DEFAULT_SECRET = "cs_fedcba9876543210f9e8d7c6b5a4f3e2d1c0b9a5"  # noqa: S105 - the sandbox's own

_WINDOW_S = 15 * 60
_OAUTH_PARAMETERS = (
    "oauth_consumer_key",
    "oauth_timestamp",
    "oauth_nonce",
    "oauth_signature",
    "oauth_signature_method",
)
_DIGESTS = {"HMAC-SHA1": hashlib.sha1, "HMAC-SHA256": hashlib.sha256}
_READS = ("GET", "HEAD")


@dataclass(frozen=True, kw_only=True)
class ApiKey:
    """A REST key and what its owner may do.

    Attributes:
        key: ``ck_`` and 40 hex digits.
        secret: ``cs_`` and 40 hex digits.
        permissions: ``read``, ``write`` or ``read_write``.
        denied: First parts of addresses (``orders``, ``system_status``, ...) that the key's
            owner has no rights to; ``*`` is everything.
    """

    key: str = DEFAULT_KEY
    secret: str = field(default=DEFAULT_SECRET, repr=False)
    permissions: str = "read_write"
    denied: tuple[str, ...] = ()

    def may(self, resource: str) -> bool:
        """Whether the key's owner has rights to a resource."""
        return not {"*", resource} & set(self.denied)


@dataclass(frozen=True, kw_only=True)
class Call:
    """A request, as far as authentication looks at it.

    ``url`` is the address without the query as the shop knows itself (home URL and path).
    """

    method: str
    url: str
    tls: bool
    query: Query
    authorization: str


class Authenticator:
    """Finds the key of a request; remembers nonces."""

    def __init__(self, keys: Mapping[str, ApiKey], clock_s: Callable[[], float]) -> None:
        self._keys = keys
        self._clock_s = clock_s
        self._nonces: dict[str, dict[str, int]] = {}

    def key_of(self, call: Call) -> ApiKey | None:
        """The request's key; None for an anonymous request.

        Raises:
            WpError: Wrong credentials, or a key without the permission that the method needs.
        """
        key = self._basic(call) if call.tls else None
        key = key or self._oauth(call)
        if key is not None:
            need = "read" if call.method in _READS else "write"
            if need not in key.permissions.split("_"):
                raise unauthenticated(f"The API key provided does not have {need} permissions.")
        return key

    def _basic(self, call: Call) -> ApiKey | None:
        name, secret = call.query.text("consumer_key"), call.query.text("consumer_secret")
        if not (name and secret):
            name, secret = _basic_header(call.authorization)
        key = self._keys.get(name)
        if key is None or not secret:
            return None
        if not hmac.compare_digest(key.secret.encode(), secret.encode()):
            raise unauthenticated("Consumer secret is invalid.")
        return key

    def _oauth(self, call: Call) -> ApiKey | None:
        given = call.query.flat() | _oauth_header(call.authorization)
        missing = [name for name in _OAUTH_PARAMETERS if not given.get(name)]
        if len(missing) == len(_OAUTH_PARAMETERS):
            return None
        if missing:
            text = f"Missing OAuth parameter{'s' if len(missing) > 1 else ''} {', '.join(missing)}"
            raise WpError("woocommerce_rest_authentication_missing_parameter", text, 401)
        key = self._keys.get(given["oauth_consumer_key"])
        if key is None:
            raise unauthenticated("Consumer key is invalid.")
        _check_signature(call, given, key)
        self._check_nonce(key, given["oauth_timestamp"], given["oauth_nonce"])
        return key

    def _check_nonce(self, key: ApiKey, timestamp: str, nonce: str) -> None:
        now_s = int(self._clock_s())
        sent_s = int(timestamp) if timestamp.isdigit() else 0
        if abs(now_s - sent_s) > _WINDOW_S:
            raise unauthenticated("Invalid timestamp.")
        seen = self._nonces.setdefault(key.key, {})
        if nonce in seen:
            raise unauthenticated("Invalid nonce - nonce has already been used.")
        seen[nonce] = sent_s
        for old in [text for text, at_s in seen.items() if at_s < now_s - _WINDOW_S]:
            del seen[old]


def _check_signature(call: Call, given: dict[str, str], key: ApiKey) -> None:
    digest = _DIGESTS.get(given["oauth_signature_method"])
    if digest is None:
        raise unauthenticated("Invalid signature - signature method is invalid.")
    pairs = sorted(
        (_encode(name), _encode(value))
        for name, value in given.items()
        if name != "oauth_signature"
    )
    text = "&".join(f"{name}={value}" for name, value in pairs)
    base = "&".join((call.method, _encode(call.url), _encode(text)))
    expected = hmac.new(f"{key.secret}&".encode(), base.encode(), digest).digest()
    signature = base64.b64encode(expected).decode()
    if not hmac.compare_digest(signature.encode(), given["oauth_signature"].encode()):
        raise unauthenticated("Invalid signature - provided signature does not match.")


def _encode(text: str) -> str:
    """RFC 3986."""
    return quote(text, safe="~")


def _basic_header(header: str) -> tuple[str, str]:
    scheme, _, coded = header.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        name, _, secret = base64.b64decode(coded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return name, secret


def _oauth_header(header: str) -> dict[str, str]:
    scheme, _, rest = header.partition(" ")
    if scheme.lower() != "oauth":
        return {}
    pairs = (part.strip().partition("=") for part in rest.split(","))
    return {
        name: unquote(value.strip('"'))
        for name, _, value in pairs
        if name in _OAUTH_PARAMETERS or name == "oauth_version"
    }
