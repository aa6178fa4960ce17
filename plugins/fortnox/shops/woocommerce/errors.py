"""What an answer of the shop that is not the wanted one means for the caller. Pure.

Nothing of an address's query (it is signed), of a body's data or of a header gets into a text:
only the status, WordPress' error code, the kind of content and an HTML page's title.
"""

import json
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from fortnox.core.errors import FatalError, PipelineError
from fortnox.shops.http import describe_body

_NOT_FOUND = 404
_REDIRECTS = range(300, 400)
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,80}")
_KEYS_PAGE = "WooCommerce > Settings > Advanced > REST API"
_SITE_ADDRESS = (
    "exactly the shop's Site Address (WordPress > Settings > General): "
    "https or http, www or not, port"
)


class RightsError(FatalError):
    """The key works, or can't be seen by the shop, and may not read this."""


class NotFoundError(FatalError):
    """The shop has no such address; ``code`` is WordPress' own (``rest_no_route``), or empty."""

    def __init__(self, message: str, *, remedy: str, code: str) -> None:
        super().__init__(message, remedy=remedy, http_status=404)
        self.code = code


def error_code(body: str) -> str:
    """WordPress' error code in a body; empty when it is none."""
    try:
        data = json.loads(body)
    except ValueError:
        return ""
    code = data.get("code") if isinstance(data, Mapping) else None
    return code if isinstance(code, str) and _CODE.fullmatch(code) else ""


def classify(
    status: int, body: str, *, path: str, content_type: str, location: str, is_https: bool
) -> PipelineError:
    """The error for an answer that must not be tried again.

    Args:
        status: HTTP status, not 2xx and not transient.
        body: The body as text.
        path: Path that was asked for, without a query.
        content_type: The header.
        location: Where a redirect points.
        is_https: Whether the shop was asked over https.
    """
    code = error_code(body)
    if status in _REDIRECTS:
        return _redirected(status, location, is_https=is_https)
    if status in {401, 403} and code:
        return _refused(status, code, body, path, is_https=is_https)
    if status in {401, 403}:
        return FatalError(
            f"The shop's host refuses {path} with HTTP {status} before WooCommerce sees it: "
            f"{describe_body(body, content_type)}.",
            remedy="Let this machine through in the shop's firewall or security plugin, "
            "or lift the password in front of the site for /wp-json/.",
            http_status=status,
        )
    if status == _NOT_FOUND:
        return _not_found(path, code, body, content_type)
    return FatalError(
        f"The shop refused {path} with HTTP {status} {code or describe_body(body, content_type)}.",
        remedy="Check that the shop runs a supported version of WooCommerce (5.8 or newer).",
        http_status=status,
    )


def _redirected(status: int, location: str, *, is_https: bool) -> FatalError:
    target = urlsplit(location)
    site = f"{target.scheme}://{target.netloc.rpartition('@')[2]}"
    if not is_https and target.scheme == "https":
        remedy = f"Change the connection's host to {site}."
    elif target.netloc:
        remedy = f"Change the connection's host to the address that the shop itself uses: {site}."
    else:
        remedy = "Change the connection's host to the shop's own address, without a page's path."
    return FatalError(
        f"The shop redirects (HTTP {status}); a signed request can't follow.",
        remedy=remedy,
        http_status=status,
    )


def _refused(status: int, code: str, body: str, path: str, *, is_https: bool) -> FatalError:
    known = _known_refusal(body)
    if known:
        return FatalError(known[0], remedy=known[1], http_status=status)
    if code == "woocommerce_rest_authentication_error":
        return FatalError(
            "The shop refuses the key.",
            remedy=f"Make a new key with read permission under {_KEYS_PAGE}.",
            http_status=status,
        )
    hint = (
        "If they are right, the Authorization header or the https is lost between the proxy and "
        "PHP (X-Forwarded-Proto)."
        if is_https
        else ""
    )
    return RightsError(
        f"The key may not read {path} (HTTP {status} {code}).",
        remedy=f"Check the consumer key, and under {_KEYS_PAGE} that its user is an administrator "
        f"or shop manager. {hint}".strip(),
        http_status=status,
    )


def _known_refusal(body: str) -> tuple[str, str] | None:
    """WooCommerce's own texts for what its one error code stands for."""
    new_key = f"Make a new key with read permission under {_KEYS_PAGE}."
    texts = {
        "Consumer secret is invalid": ("The consumer secret is wrong.", new_key),
        "Consumer key is invalid": ("The shop does not know the consumer key.", new_key),
        "does not have read permissions": (
            "The key may not read.",
            f"Give the key the permission Read (or Read/Write) under {_KEYS_PAGE}.",
        ),
        "does not have write permissions": (
            "The key may not write.",
            f"Give the key the permission Read/Write under {_KEYS_PAGE}.",
        ),
        "Invalid timestamp": (
            "The shop's clock and this machine's differ by more than 15 minutes.",
            "Set the clocks (NTP).",
        ),
        "Invalid nonce": (
            "The shop has seen this request before: something between us sends it twice.",
            "Look for a proxy that repeats requests.",
        ),
        "Invalid signature": (
            "The shop does not accept the signature.",
            f"Check the consumer secret, and that the connection's host is {_SITE_ADDRESS}.",
        ),
    }
    return next((meaning for text, meaning in texts.items() if text in body), None)


def _not_found(path: str, code: str, body: str, content_type: str) -> NotFoundError:
    if code:
        return NotFoundError(
            f"The shop has no {path} ({code}).",
            remedy="Check that WooCommerce is active in the shop and 5.8 or newer.",
            code=code,
        )
    return NotFoundError(
        f"There is no WordPress REST API at the shop's address: {path} answers HTTP 404 with "
        f"{describe_body(body, content_type)}.",
        remedy="Check the connection's host (the site's address, with its path if it has one), and "
        "that permalinks are not set to Plain (WordPress > Settings > Permalinks).",
        code="",
    )
