"""Textalk's JSON-RPC, called patiently: one POST per call, token in the query string, retries.

The token belongs into the address, as the API wants it: so no address, and no exception that may
hold one, gets out of here. What reads, and what sets a value that ends the same however often it is
set, is repeated; what may not is called once (:meth:`TextalkClient.call_once`).
"""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests
import simplejson

from fortnox.core.errors import FatalError, UnknownOutcomeError
from fortnox.shops.http import (
    HEADERS,
    HTTP_OK,
    TIMEOUT_S,
    TOO_MUCH_STATUSES,
    TRANSIENT_STATUSES,
    Failure,
    describe_body,
    meaning,
    parse_json,
)
from fortnox.shops.patience import Patience
from fortnox.shops.textalk.errors import TRANSIENT_CODES, TokenError, classify

#: The main address in the API's documentation; a shop's own domain answers as well.
DEFAULT_ADDRESS = "https://shop.textalk.se"
_API = "/backend/jsonrpc/v1/"
_LOGIN = "Admin.login"
_HEADERS = {**HEADERS, "Content-Type": "application/json"}
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """The way in: an API key as ``secret``, or a user and the password as ``secret``."""

    webshop: str
    username: str = ""
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Result:
    """What a call gave; wrapped, since a result may be anything, null included."""

    value: Any


class TextalkClient:
    """Calls methods of one shop.

    Args:
        address: Of the API's host; empty = Textalk's main address.
        access: Which shop, and the way in.
        session: For a proxy, other certificates, or a test.
        patience: How long to try.
        on_secret: Told of each token that a login gives, so that logs can mask it.

    Raises:
        FatalError: The address is none or would carry the key in the clear, or a part is missing.
    """

    def __init__(
        self,
        address: str,
        access: Access,
        *,
        session: requests.Session,
        patience: Patience,
        on_secret: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.endpoint = endpoint(address or DEFAULT_ADDRESS)
        if not access.secret or not access.webshop.isdecimal():
            raise FatalError(
                "The shop's connection lacks the API key or the shop's number.",
                remedy="Set the connection's password to the API key and its extra webshop to the "
                "shop's number.",
            )
        self._access = access
        self._session = session
        self._patience = patience
        self._on_secret = on_secret
        self._token = "" if access.username else access.secret
        self._ids = itertools.count(1)

    def __repr__(self) -> str:
        return f"TextalkClient({self.endpoint!r}, webshop={self._access.webshop})"

    def call(self, method: str, *params: Any) -> Any:
        """The result of a method that may be repeated; numbers with a point are ``Decimal``.

        Raises:
            FatalError: Key, rights, shop; ``QueryError``, ``NoMethodError``, ``NotFoundError`` and
                ``RefusedError`` among them.
            UnreachableError: No proper answer in all tries.
        """
        return self._patience.ask(lambda: self._with_token(method, params), method).value

    def call_once(self, method: str, *params: Any) -> Any:
        """The result of a method that must not be called twice.

        Raises:
            FatalError: As :meth:`call`.
            UnknownOutcomeError: No proper answer; it may have been carried out.
        """
        outcome = self._with_token(method, params)
        if isinstance(outcome, Failure):
            raise UnknownOutcomeError(
                f"The shop gave no proper answer to {method}: {outcome.seen}.",
                remedy="Look in the shop whether it was carried out.",
            )
        return outcome.value

    def _with_token(self, method: str, params: tuple[Any, ...]) -> _Result | Failure:
        """One try; a login's token lives for a day, and is renewed when the shop says so."""
        refused = None if self._token else self._login()
        if refused is not None:
            return refused
        outcome = self._once(method, params, self._token)
        if isinstance(outcome, TokenError) and self._access.username:
            outcome = self._login() or self._once(method, params, self._token)
        if isinstance(outcome, FatalError):
            raise outcome
        return outcome

    def _login(self) -> Failure | None:
        outcome = self._once(_LOGIN, (self._access.username, self._access.secret), "")
        if isinstance(outcome, Failure):
            return outcome
        if isinstance(outcome, FatalError) or not isinstance(outcome.value, str):
            raise FatalError(
                "The shop refuses the user name or the password.",
                remedy="Correct the connection's login and password, or use an API key instead.",
            )
        self._token = outcome.value
        self._on_secret(self._token)
        return None

    def _once(
        self, method: str, params: tuple[Any, ...], token: str
    ) -> _Result | Failure | FatalError:
        context = {"webshop": self._access.webshop, **({"auth": token} if token else {})}
        body = {"jsonrpc": "2.0", "id": next(self._ids), "method": method, "params": list(params)}
        try:
            response = self._session.post(
                self.endpoint,
                params=context,
                data=simplejson.dumps(body, use_decimal=True).encode(),
                headers=_HEADERS,
                timeout=TIMEOUT_S,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            return meaning(error)
        return self._outcome(method, response)

    def _outcome(self, method: str, response: requests.Response) -> _Result | Failure | FatalError:
        status = response.status_code
        if status in TRANSIENT_STATUSES:
            return Failure(
                seen=f"HTTP {status}",
                retry_after_s=self._patience.retry_after_s(response.headers.get("Retry-After", "")),
                too_much=status in TOO_MUCH_STATUSES,
            )
        text = response.content.decode("utf-8-sig", errors="replace")
        envelope = parse_json(text)
        error = envelope.get("error") if isinstance(envelope, Mapping) else None
        # An error's HTTP status is not documented; its code is what counts.
        if isinstance(error, Mapping):
            if error.get("code") in TRANSIENT_CODES:
                return Failure(seen=f"error {error['code']}")
            return classify(method, error)
        seen = describe_body(text, response.headers.get("Content-Type", ""))
        if status != HTTP_OK:
            return FatalError(
                f"The shop's host answers HTTP {status} with {seen}.",
                remedy="Check that the connection's host is the API's address "
                f"({DEFAULT_ADDRESS}) or the shop's own domain.",
                http_status=status,
            )
        if not isinstance(envelope, Mapping) or "result" not in envelope:
            return Failure(seen=f"HTTP 200 with {seen}")
        return _Result(value=envelope["result"])


def endpoint(address: str) -> str:
    """The API's address below a host's; a key travels in the clear on the machine itself only.

    Raises:
        FatalError: It is no https address.
    """
    parts = urlsplit(address.strip())
    try:
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)):
        raise FatalError(
            "The shop's address is not an https address; the API key stands in it.",
            remedy=f"Leave the connection's host empty ({DEFAULT_ADDRESS}), or write the shop's "
            "own domain with https://.",
        )
    name = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{name}{f':{port}' if port else ''}{_API}"
