"""OAuth 1.0a one-legged signing, as WooCommerce verifies it. Pure.

Rules (WooCommerce's REST authentication): HMAC-SHA256 over ``METHOD&url&sorted parameters``, every
key and value percent-encoded by RFC 3986, the key is ``secret&`` (there is no token). The shop
refuses timestamps older than 15 minutes and a nonce that it has seen, so each attempt is signed
anew. ``oauth_version`` is left out: WooCommerce would sign it too, but does not ask for it.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import quote


def _encode(text: str) -> str:
    return quote(text, safe="-._~")


def signature(method: str, url: str, params: Mapping[str, str], secret: str) -> str:
    """The base64 HMAC-SHA256 of a request.

    Args:
        method: HTTP method, upper case.
        url: Address without a query, as the shop itself writes it (scheme, host, port, path).
        params: Every query parameter, the ``oauth_*`` ones included, not the signature.
        secret: The consumer secret.
    """
    pairs = sorted((_encode(name), _encode(value)) for name, value in params.items())
    joined = "&".join(f"{name}={value}" for name, value in pairs)
    base = "&".join((method, _encode(url), _encode(joined)))
    digest = hmac.new(f"{secret}&".encode(), base.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def signed(
    method: str,
    url: str,
    params: Mapping[str, str],
    *,
    key: str,
    secret: str,
    timestamp_s: int,
    nonce: str,
) -> dict[str, str]:
    """The query parameters of a signed request: ``params`` plus the ``oauth_*`` ones.

    Args:
        method: HTTP method, upper case.
        url: Address without a query.
        params: The request's own query parameters.
        key: The consumer key.
        secret: The consumer secret; it is not among the answered parameters.
        timestamp_s: Seconds since 1970.
        nonce: Text used once.
    """
    unsigned = {
        **params,
        "oauth_consumer_key": key,
        "oauth_nonce": nonce,
        "oauth_signature_method": "HMAC-SHA256",
        "oauth_timestamp": str(timestamp_s),
    }
    return {**unsigned, "oauth_signature": signature(method, url, unsigned, secret)}
