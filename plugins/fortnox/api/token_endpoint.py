"""Fortnox's token endpoint: one POST, its answer parsed whatever its content type says."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import requests

from fortnox.api.errors import parse_error
from fortnox.api.retries import Backoff
from fortnox.api.shapes import is_number
from fortnox.api.wire import JsonObject, NotJsonError, decode
from fortnox.core.errors import FatalError, UnreachableError

_DEFAULT_LIFE_S = 3600
_TIMEOUT_S = (5, 30)
_OK = 200
_TOO_MANY = 429
_SERVER_ERROR = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What the endpoint gave. ``refresh_token`` is empty in the client credentials flow."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_in_s: int
    scopes: tuple[str, ...]


class TokenEndpoint:
    """Asks for tokens, for up to a minute when the endpoint is ill.

    Repeating is safe: nothing is written, and where the answer to a refresh was lost its token
    is as dead without the repetition.

    Args:
        url: The endpoint.
        client_id: From Fortnox's developer portal.
        client_secret: From Fortnox's developer portal.
        session: For connections.
        clock: Seconds.
        sleep: Waits so many seconds.
        mask: Called with every new token before anything else sees it.
    """

    def __init__(
        self,
        url: str,
        client_id: str,
        client_secret: str,
        *,
        session: requests.Session | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        mask: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._url = url
        self._auth = (client_id, client_secret)
        self._session = session or requests.Session()
        self._clock = clock
        self._sleep = sleep
        self._mask = mask

    def __repr__(self) -> str:
        return f"TokenEndpoint({self._url!r})"

    def grant(
        self, form: Mapping[str, str], headers: Mapping[str, str] | None = None
    ) -> Grant | None:
        """One token, or None for ``invalid_grant``: only the caller knows what to advise.

        Raises:
            FatalError: The client is not accepted.
            UnreachableError: No proper answer within a minute.
        """
        backoff = Backoff(clock=self._clock, sleep=self._sleep)
        while True:
            answer, seen = self._post(form, headers or {})
            if answer is not None and not _is_ill(answer):
                return self._read(answer.status_code, answer.content)
            if not backoff.wait():
                raise UnreachableError(
                    f"Fortnox's token endpoint gives no token ({seen}).", remedy="Try again later."
                )

    def _post(
        self, form: Mapping[str, str], headers: Mapping[str, str]
    ) -> tuple[requests.Response | None, str]:
        try:
            answer = self._session.post(
                self._url,
                data=dict(form),
                headers={"Accept": "application/json", **headers},
                auth=self._auth,
                timeout=_TIMEOUT_S,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            # The class only: the text of a requests error can hold more than we may show.
            return None, type(error).__name__
        return answer, f"HTTP {answer.status_code}"

    def _read(self, http_status: int, body: bytes) -> Grant | None:
        data = _content(body)
        if http_status == _OK and _has_token(data):
            return self._masked(data)
        vendor = parse_error(body)
        reason = vendor.error if vendor and vendor.error else "no reason given"
        if reason == "invalid_grant":
            return None
        raise FatalError(
            f"Fortnox gives no token (HTTP {http_status}, {reason}).",
            remedy="Check client id, client secret and token_url in the connection.",
            http_status=http_status,
        )

    def _masked(self, data: JsonObject) -> Grant:
        access_token = str(data["access_token"])
        refresh_token = str(data.get("refresh_token") or "")
        for token in filter(None, (access_token, refresh_token)):
            self._mask(token)
        return Grant(
            access_token=access_token,
            refresh_token=refresh_token,
            expires_in_s=int(data["expires_in"])
            if is_number(data.get("expires_in"))
            else _DEFAULT_LIFE_S,
            scopes=tuple(str(data.get("scope") or "").split()),
        )


def _is_ill(answer: requests.Response) -> bool:
    """Overloaded, broken, or a page of somebody in between who says that all is well."""
    if answer.status_code >= _SERVER_ERROR or answer.status_code == _TOO_MANY:
        return True
    return (
        answer.status_code == _OK
        and not _has_token(_content(answer.content))
        and parse_error(answer.content) is None
    )


def _content(body: bytes) -> JsonObject:
    try:
        return decode(body)
    except NotJsonError:
        return {}


def _has_token(data: JsonObject) -> bool:
    token = data.get("access_token")
    # It becomes a header, which takes no other characters.
    return isinstance(token, str) and token.isascii() and token.isprintable() and bool(token)
