"""WooCommerce's REST API, asked patiently: retries, smaller answers, and errors by consequence.

GETs may be repeated, and so may writes that end the same when they are sent twice (:meth:`write`);
what may not (:meth:`write_once`) is sent once. 400, 401, 403 and 404 would not change.
"""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import requests

from fortnox.core.errors import FatalError, UnknownOutcomeError
from fortnox.shops.http import (
    HTTP_OK,
    TOO_MUCH_STATUSES,
    TRANSIENT_STATUSES,
    Failure,
    describe_body,
    parse_json,
)
from fortnox.shops.listing import Batch
from fortnox.shops.patience import PATIENCE_S, Patience
from fortnox.shops.woocommerce.errors import classify
from fortnox.shops.woocommerce.transport import Key, Transport, Write, site_url

#: Where WooCommerce's routes begin, from the site's root.
API = "/wp-json/wc/v3"

_CREATED = 201
_MOST_PER_PAGE = 100
_LEAST_PER_PAGE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """A JSON answer, and of a list the total that the shop says."""

    data: Any
    total: int | None


class WooCommerceClient:
    """A shop's REST API.

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
        self._patience = Patience(clock=clock, sleep=sleep, jitter=jitter, patience_s=patience_s)
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

    def write(self, path: str, write: Write) -> Mapping[str, Any]:
        """A write that ends the same however often it is sent: a PUT, or a batch that says what is.

        Raises:
            FatalError: As :meth:`get`; also what the shop refuses of the body.
            UnreachableError: As :meth:`get`; it may have been carried out.
        """
        data: Mapping[str, Any] = self._read(path, write.params, dict, write).data
        return data

    def write_once(self, path: str, write: Write) -> Mapping[str, Any]:
        """A write that must not be sent twice, such as a POST of something that has no key.

        Raises:
            FatalError: As :meth:`write`.
            UnknownOutcomeError: No proper answer; it may have been carried out.
        """
        outcome = self._try(path, write.params, dict, write)
        if isinstance(outcome, Failure):
            raise UnknownOutcomeError(
                f"The shop gave no proper answer to a {write.method} on {path}: {outcome.seen}.",
                remedy="Look in the shop whether it was carried out.",
            )
        data: Mapping[str, Any] = outcome.data
        return data

    def _read(
        self, path: str, params: Mapping[str, str], wanted: type, write: Write | None = None
    ) -> _Answer:
        """Tries until the shop answers properly, for about a minute of waiting."""

        def attempt() -> _Answer | Failure:
            size = {"per_page": str(self.per_page)} if wanted is list else {}
            return self._try(path, {**params, **size}, wanted, write)

        def ask_for_less(failure: Failure) -> None:
            if failure.too_much and wanted is list:
                self.per_page = max(_LEAST_PER_PAGE, self.per_page // 2)

        return self._patience.ask(attempt, path, ask_for_less)

    def _try(
        self, path: str, params: Mapping[str, str], wanted: type, write: Write | None = None
    ) -> _Answer | Failure:
        response = self._transport.send(path, params, write)
        if isinstance(response, Failure):
            return response
        status = response.status_code
        content_type = response.headers.get("Content-Type", "")
        body = response.content.decode("utf-8-sig", errors="replace")
        if status in TRANSIENT_STATUSES:
            return Failure(
                seen=f"HTTP {status}",
                retry_after_s=self._patience.retry_after_s(response.headers.get("Retry-After", "")),
                too_much=status in TOO_MUCH_STATUSES,
            )
        if status not in {HTTP_OK, _CREATED}:
            raise classify(
                status,
                body,
                path=path,
                content_type=content_type,
                location=response.headers.get("Location", ""),
                is_https=self.site.startswith("https:"),
            )
        data = parse_json(body)
        if not isinstance(data, wanted):
            return Failure(seen=f"HTTP 200 with {describe_body(body, content_type)}")
        total = response.headers.get("X-WP-Total", "")
        return _Answer(data=data, total=int(total) if total.isdecimal() else None)
