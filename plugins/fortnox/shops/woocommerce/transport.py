"""One signed request to the shop, once: addresses, two ways to sign, what a broken try means.

Https: Basic; if the shop then sees nobody (a proxy dropped the header, or PHP does not know that
the request came by https), OAuth, which needs neither and whose errors say more. Http: OAuth in the
query, signed anew for each try. No exception of the HTTP library gets out, nor does one stay as
a cause: their texts hold the signed address.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit
from uuid import uuid4

import requests

from fortnox.core.errors import FatalError
from fortnox.shops.http import HEADERS, TIMEOUT_S, Failure, meaning
from fortnox.shops.woocommerce.errors import error_code
from fortnox.shops.woocommerce.oauth import signed

logger = logging.getLogger(__name__)

_DEFAULT_PORTS = {"http": 80, "https": 443}
_UNAUTHORIZED = 401


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """The consumer key and secret; never shown."""

    key: str
    secret: str

    def __repr__(self) -> str:
        return "Key(***)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """What makes a request a write; the body holds text, whole numbers and lists of them only."""

    method: Literal["POST", "PUT", "DELETE"]
    body: Mapping[str, Any]
    params: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Write({self.method})"


def site_url(address: str) -> str:
    """The shop's address as OAuth signs it: no default port, no API path, no slash at the end.

    Raises:
        FatalError: It is no http(s) address.
    """
    parts = urlsplit(address.strip())
    try:
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if parts.scheme not in _DEFAULT_PORTS or not host:
        raise FatalError(
            "The shop's address is not an http or https address.",
            remedy="Set the connection's host to the shop's address, as https://shop.example.",
        )
    host = f"[{host}]" if ":" in host else host
    colon_port = "" if port in {None, _DEFAULT_PORTS[parts.scheme]} else f":{port}"
    path = parts.path.split("/wp-json", 1)[0].rstrip("/")
    return f"{parts.scheme}://{host}{colon_port}{path}"


class Transport:
    """Sends a signed request.

    Args:
        site: As :func:`site_url` answers it.
        key: Consumer key and secret.
        session: The HTTP session.
        clock: Seconds since 1970, for OAuth's timestamps.
    """

    def __init__(
        self, site: str, key: Key, *, session: requests.Session, clock: Callable[[], float]
    ) -> None:
        self._site = site
        self._key = key
        self._session = session
        self._clock = clock
        self._use_oauth = site.startswith("http:")

    def send(
        self, path: str, params: Mapping[str, str], write: Write | None = None
    ) -> requests.Response | Failure:
        """The shop's answer, whatever it is, or why there was none.

        Raises:
            FatalError: The shop's certificate or address is wrong.
        """
        response = self._once(path, params, write, use_oauth=self._use_oauth)
        if self._use_oauth or not _looks_anonymous(response):
            return response
        # Refused before it acted, so a write may be sent again too.
        second = self._once(path, params, write, use_oauth=True)
        if isinstance(second, requests.Response) and second.ok:
            logger.warning(
                "The shop does not see the Authorization header (proxy, or https unknown to PHP): "
                "signing by OAuth instead"
            )
            self._use_oauth = True
        return second

    def _once(
        self, path: str, params: Mapping[str, str], write: Write | None, *, use_oauth: bool
    ) -> requests.Response | Failure:
        url = f"{self._site}{path}"
        method = write.method if write else "GET"
        query = dict(params)
        basic = None if use_oauth else (self._key.key, self._key.secret)
        if use_oauth:
            query = signed(
                method,
                url,
                params,
                key=self._key.key,
                secret=self._key.secret,
                timestamp_s=int(self._clock()),
                nonce=uuid4().hex,
            )
        try:
            return self._session.request(
                method,
                url,
                params=query,
                json=write.body if write else None,
                auth=basic,
                headers=HEADERS,
                timeout=TIMEOUT_S,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            outcome = meaning(error)
        if isinstance(outcome, FatalError):
            raise outcome
        return outcome


def _looks_anonymous(response: requests.Response | Failure) -> bool:
    """WooCommerce's answer to a key that it does not know or did not get: as if nobody asked."""
    if isinstance(response, Failure) or response.status_code != _UNAUTHORIZED:
        return False
    return error_code(response.text).startswith("woocommerce_rest_cannot")
