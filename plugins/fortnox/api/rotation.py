"""Access tokens from a refresh token that rotates (authorization code flow).

Every refresh kills the refresh token that it used. The new one is therefore stored before the
access token is used, and who loses a race for it takes what the winner stored.
"""

import hashlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

import requests

from fortnox.api.auth import MARGIN_S, mask_nothing
from fortnox.api.token_endpoint import TokenEndpoint
from fortnox.core.errors import FatalError

#: A process that won the race for a refresh token may need so long to store the new one.
_WINNER_STORES_S = 2.0
_ACCESS_LIFE = timedelta(hours=1)
_REFRESH_LIFE = timedelta(days=45)
_WARN_AFTER = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredToken:
    """What must outlive a process in the authorization code flow.

    ``expires_at_s`` is in seconds since 1970. ``seed`` tells, as a hash, with which consent the
    chain began, so that a new consent replaces an old chain.
    """

    refresh_token: str = field(repr=False)
    access_token: str = field(default="", repr=False)
    expires_at_s: int = 0
    seed: str = ""


def expiry_warning(stored: StoredToken | None, now: datetime) -> str:
    """A sentence when a chain was not renewed for a month; empty otherwise.

    Fortnox's refresh tokens live 45 days. The time of the renewal is taken from the end of the
    access token that came with it.
    """
    if stored is None:
        return ""
    renewed = datetime.fromtimestamp(stored.expires_at_s, UTC) - _ACCESS_LIFE
    unused = now - renewed
    if unused < _WARN_AFTER:
        return ""
    left = (_REFRESH_LIFE - unused).days
    when = f"expires in {left} days" if left > 0 else "has probably expired"
    return (
        f"the refresh token was last renewed {unused.days} days ago and {when}: let a DAG of this "
        "company run, which renews it; once it has expired only a new consent helps"
    )


class TokenStore(Protocol):
    """Where the rotating token is kept between processes."""

    def load(self) -> StoredToken | None:
        """The newest token, or None if nothing was stored yet."""
        ...

    def save(self, token: StoredToken) -> None:
        """Store durably: returns only when it is stored, raises otherwise."""
        ...


class RefreshingToken:
    """The authorization code flow after the consent: each refresh gives a new refresh token.

    Meant for one process per company at a time (the company's pool). Should another process get
    in between all the same, its stored token is used.

    Args:
        token_url: Fortnox's token endpoint.
        client_id: From Fortnox's developer portal.
        client_secret: From Fortnox's developer portal.
        store: Keeps the newest token.
        seed: The refresh token of the consent, from the connection.
        session: For connections.
        clock: Seconds since 1970.
        sleep: Waits so many seconds.
        mask: Called with every new token before it is used.
    """

    def __init__(
        self,
        token_url: str,
        client_id: str,
        client_secret: str,
        *,
        store: TokenStore,
        seed: str = "",
        session: requests.Session | None = None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        mask: Callable[[str], None] = mask_nothing,
    ) -> None:
        self._endpoint = TokenEndpoint(
            token_url,
            client_id,
            client_secret,
            session=session,
            clock=clock,
            sleep=sleep,
            mask=mask,
        )
        self._store = store
        self._seed = seed
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._current: StoredToken | None = None
        self._refused: set[str] = set()
        self._scopes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "RefreshingToken()"

    @property
    def scopes(self) -> tuple[str, ...]:
        """Scopes of the last token that this process fetched."""
        return self._scopes

    def token(self) -> str:
        """The newest access token; refreshed, and the rotation stored, when it is used up.

        Raises:
            FatalError: The refresh token is used, expired or revoked.
            UnreachableError: The token endpoint does not answer.
        """
        with self._lock:
            if self._current is None or not self._is_usable(self._current):
                self._current = self._renew()
            return self._current.access_token

    def invalidate(self, used: str) -> None:
        """Never give this access token out again."""
        with self._lock:
            self._refused.add(used)

    def _renew(self) -> StoredToken:
        tried: list[str] = []
        while True:
            stored = self._store.load()
            if stored is not None and self._is_usable(stored):
                return stored
            refresh_token = next((t for t in self._candidates(stored) if t not in tried), None)
            if refresh_token is None:
                raise FatalError(
                    "Fortnox does not accept the refresh token: used, expired or revoked.",
                    remedy="Consent again: python -m fortnox connect fortnox --connection ... "
                    "--with-refresh-token --replace; or without that flag, once for all.",
                )
            tried.append(refresh_token)
            renewed = self._refresh(refresh_token)
            if renewed is not None:
                return renewed
            self._sleep(_WINNER_STORES_S)

    def _refresh(self, refresh_token: str) -> StoredToken | None:
        grant = self._endpoint.grant(
            {"grant_type": "refresh_token", "refresh_token": refresh_token}
        )
        if grant is None:
            return None
        renewed = StoredToken(
            refresh_token=grant.refresh_token or refresh_token,
            access_token=grant.access_token,
            expires_at_s=int(self._clock()) + grant.expires_in_s,
            seed=_fingerprint(self._seed),
        )
        # Before the access token is used: if this process dies now, the chain goes on.
        self._store.save(renewed)
        self._scopes = grant.scopes
        return renewed

    def _candidates(self, stored: StoredToken | None) -> list[str]:
        """Refresh tokens worth trying, the likeliest first."""
        if stored is None:
            return [self._seed] if self._seed else []
        if self._is_other_consent(stored):
            return [self._seed, stored.refresh_token]
        return [stored.refresh_token]

    def _is_usable(self, stored: StoredToken) -> bool:
        return (
            stored.access_token != ""
            and stored.access_token not in self._refused
            and stored.expires_at_s - MARGIN_S > self._clock()
            and not self._is_other_consent(stored)
        )

    def _is_other_consent(self, stored: StoredToken) -> bool:
        return self._seed != "" and stored.seed != _fingerprint(self._seed)


def _fingerprint(seed: str) -> str:
    return hashlib.sha256(seed.encode()).hexdigest()[:16] if seed else ""
