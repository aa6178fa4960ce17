"""Access tokens for Fortnox by client credentials: the default, as there is nothing to lose.

The flow with a refresh token stands in :mod:`fortnox.api.rotation`.
"""

import threading
import time
from collections.abc import Callable
from typing import Protocol

import requests

from fortnox.api.token_endpoint import Grant, TokenEndpoint
from fortnox.core.errors import FatalError

#: A token is replaced so long before it expires: a write must not meet its end on the way.
MARGIN_S = 60


def mask_nothing(_token: str) -> None:
    """For tests and scripts, whose logs nobody keeps."""


class TokenSource(Protocol):
    """Gives access tokens. Safe for several threads."""

    @property
    def scopes(self) -> tuple[str, ...]:
        """Scopes of the last token that was fetched; empty when unknown."""
        ...

    def token(self) -> str:
        """A token that should be valid now.

        Raises:
            FatalError: Keys or consent are not accepted.
            UnreachableError: The token endpoint does not answer.
        """
        ...

    def invalidate(self, used: str) -> None:
        """Fortnox refused ``used``: do not give it out again."""
        ...


class ClientCredentials:
    """The flow without a refresh token: a new access token whenever one is needed.

    Args:
        token_url: Fortnox's token endpoint.
        client_id: From Fortnox's developer portal.
        client_secret: From Fortnox's developer portal.
        tenant_id: The company's database number, sent as ``TenantId``.
        session: For connections.
        clock: Monotonic seconds.
        sleep: Waits so many seconds.
        mask: Called with every new token before it is used.
    """

    def __init__(
        self,
        token_url: str,
        client_id: str,
        client_secret: str,
        tenant_id: str,
        *,
        session: requests.Session | None = None,
        clock: Callable[[], float] = time.monotonic,
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
        self._tenant_id = tenant_id
        self._clock = clock
        self._lock = threading.Lock()
        self._grant: Grant | None = None
        self._renew_at_s = 0.0

    def __repr__(self) -> str:
        return f"ClientCredentials(tenant_id={self._tenant_id!r})"

    @property
    def scopes(self) -> tuple[str, ...]:
        """Scopes of the last token; empty before the first one."""
        return self._grant.scopes if self._grant else ()

    def token(self) -> str:
        """The cached token, or a new one shortly before that one expires.

        Raises:
            FatalError: The client or its consent for this company is not accepted.
            UnreachableError: The token endpoint does not answer.
        """
        with self._lock:
            now = self._clock()
            if self._grant is None or now >= self._renew_at_s:
                self._grant = self._fetch()
                self._renew_at_s = now + self._grant.expires_in_s - MARGIN_S
            return self._grant.access_token

    def invalidate(self, used: str) -> None:
        """Forget the token, unless another thread has replaced it already."""
        with self._lock:
            if self._grant is not None and self._grant.access_token == used:
                self._grant = None

    def _fetch(self) -> Grant:
        grant = self._endpoint.grant(
            {"grant_type": "client_credentials"}, {"TenantId": self._tenant_id}
        )
        if grant is None:
            raise FatalError(
                f"Fortnox has no consent for tenant {self._tenant_id}.",
                remedy="Check tenant_id in the connection, and let an administrator of the company "
                "consent again: python -m fortnox connect fortnox --connection ... --replace.",
            )
        return grant
