"""WooCommerce's REST API, read patiently: retries, smaller answers, and errors by consequence.

All requests are GETs, so all may be repeated; 400, 401, 403 and 404 are not, they would not change.
"""

import json
import logging
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any

import requests

from fortnox.core.errors import FatalError
from fortnox.shops.woocommerce.errors import (
    TOO_MUCH_STATUSES,
    TRANSIENT_STATUSES,
    classify,
    describe_body,
    transient,
)
from fortnox.shops.woocommerce.listing import Batch
from fortnox.shops.woocommerce.transport import Failure, Key, Transport, site_url

logger = logging.getLogger(__name__)

#: Where WooCommerce's routes begin, from the site's root.
API = "/wp-json/wc/v3"

_HTTP_OK = 200
_MOST_PER_PAGE = 100
_LEAST_PER_PAGE = 10
_MOST_TRIES = 8
PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """A JSON answer, and of a list the total that the shop says."""

    data: Any
    total: int | None


class WooCommerceClient:
    """Reads a shop's REST API.

    Args:
        base_url: The shop's address, with its path if it has one.
        key: Consumer key, ``ck_...``.
        secret: Consumer secret, ``cs_...``.
        session: For a proxy, other certificates, or a test.
        clock: Seconds since 1970.
        sleep: Waits so many seconds between tries.
        jitter: A number in ``[0, 1)``, so that several runs don't come back at once.
        patience_s: How long to wait between tries, all together; 0 = one try.

    Raises:
        FatalError: The address is none, or the key or the secret is missing.
    """

    def __init__(
        self,
        base_url: str,
        key: str,
        secret: str,
        *,
        session: requests.Session | None = None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self.site = site_url(base_url)
        pair = Key(key=key.strip(), secret=secret.strip())
        if not pair.key or not pair.secret:
            raise FatalError(
                "The shop's connection has no consumer key or no consumer secret.",
                remedy="Set the connection's login to the key (ck_...), "
                "its password to the secret (cs_...).",
            )
        self._transport = Transport(
            self.site, pair, session=session or requests.Session(), clock=clock
        )
        self._clock = clock
        self._sleep = sleep
        self._jitter = jitter
        self._patience_s = patience_s
        #: Items asked for at a time; less after the shop was too slow for more.
        self.per_page = _MOST_PER_PAGE

    def __repr__(self) -> str:
        return f"WooCommerceClient({self.site!r})"

    def get(self, path: str, params: Mapping[str, str] | None = None) -> Mapping[str, Any]:
        """One JSON object; numbers with a point are ``Decimal``.

        Args:
            path: From the site's root, such as ``/wp-json/wc/v3/system_status``.
            params: Query parameters; lists as commas (WooCommerce signs arrays by index).

        Raises:
            FatalError: Key, rights, address; ``RightsError`` and ``NotFoundError`` among them.
            UnreachableError: No proper answer within about a minute of tries.
        """
        data: Mapping[str, Any] = self._read(path, params or {}, dict).data
        return data

    def list(self, path: str, params: Mapping[str, str]) -> Batch:
        """One page of a list, as many items as the shop manages at a time (100 at first).

        Raises:
            FatalError: As :meth:`get`, and when a proxy strips the total from a full page.
            UnreachableError: As :meth:`get`.
        """
        answer = self._read(path, {"dp": "2", **params}, list)
        total = answer.total
        if total is None and len(answer.data) >= self.per_page:
            raise FatalError(
                "The shop's lists come without their total (header X-WP-Total).",
                remedy="Let the header X-WP-Total through in the shop's proxy or CDN.",
            )
        return Batch(
            items=[item for item in answer.data if isinstance(item, Mapping)],
            total=len(answer.data) if total is None else total,
            per_page=self.per_page,
        )

    def _read(self, path: str, params: Mapping[str, str], wanted: type) -> _Answer:
        """Tries until the shop answers properly, for about a minute of waiting."""
        waited_s, backoff_s, tries = 0.0, 1.0, 0
        while True:
            size = {"per_page": str(self.per_page)} if wanted is list else {}
            outcome = self._try(path, {**params, **size}, wanted)
            if isinstance(outcome, _Answer):
                return outcome
            tries += 1
            if outcome.too_much and wanted is list:
                self.per_page = max(_LEAST_PER_PAGE, self.per_page // 2)
            pause_s = max(backoff_s * (1.0 + 0.5 * self._jitter()), outcome.retry_after_s)
            if tries == _MOST_TRIES or waited_s + pause_s > self._patience_s:
                raise transient(path, outcome.seen, tries)
            logger.warning("Shop: %s on %s, next try in %.0f s", outcome.seen, path, pause_s)
            self._sleep(pause_s)
            waited_s += pause_s
            backoff_s *= 2

    def _try(self, path: str, params: Mapping[str, str], wanted: type) -> _Answer | Failure:
        response = self._transport.send(path, params)
        if isinstance(response, Failure):
            return response
        status = response.status_code
        content_type = response.headers.get("Content-Type", "")
        body = response.content.decode("utf-8-sig", errors="replace")
        if status in TRANSIENT_STATUSES:
            return Failure(
                seen=f"HTTP {status}",
                retry_after_s=self._retry_after_s(response.headers.get("Retry-After", "")),
                too_much=status in TOO_MUCH_STATUSES,
            )
        if status != _HTTP_OK:
            raise classify(
                status,
                body,
                path=path,
                content_type=content_type,
                location=response.headers.get("Location", ""),
                is_https=self.site.startswith("https:"),
            )
        data = _parse(body)
        if not isinstance(data, wanted):
            return Failure(seen=f"HTTP 200 with {describe_body(body, content_type)}")
        total = response.headers.get("X-WP-Total", "")
        return _Answer(data=data, total=int(total) if total.isdecimal() else None)

    def _retry_after_s(self, header: str) -> float:
        """Seconds that the shop asks to wait: a number or a date; 0 when it says nothing."""
        if header.strip().isdecimal():
            return float(header)
        try:
            until = parsedate_to_datetime(header)
        except ValueError:
            return 0.0
        now = datetime.fromtimestamp(self._clock(), UTC)
        aware = until if until.tzinfo else until.replace(tzinfo=UTC)
        return max(0.0, (aware - now).total_seconds())


def _parse(body: str) -> object:
    """The JSON of a body; None when it is none, or has a number that is not one (NaN)."""
    try:
        data: object = json.loads(body, parse_float=Decimal, parse_constant=_refuse)
    except ValueError:
        return None
    return data


def _refuse(constant: str) -> None:
    raise ValueError(f"not JSON: {constant}")
