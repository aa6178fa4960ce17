"""Consent to an app: the address that a person opens, and the code that comes back (OAuth 2).

The ``state`` binds the answer to this one question: a code that somebody else slipped in is refused
before it is exchanged.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit

import requests

from fortnox.api.token_endpoint import Grant, TokenEndpoint
from fortnox.core.errors import FatalError

#: What Fortnox says instead of giving a code -> what to do about it.
_REMEDIES: Mapping[str, str] = {
    "access_denied": "Begin again, and choose to approve.",
    "error_missing_license": "The company needs Fortnox's Integration licence and the modules "
    "behind the scopes.",
    "invalid_scope": "Tick the scopes for the app in Fortnox's developer portal.",
    "invalid_request": "Check client id and redirect URI against Fortnox's developer portal.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One question to an administrator of the company.

    Attributes:
        auth_url: Fortnox's page.
        client_id: Of the app.
        redirect_uri: As registered for the app.
        scopes: The least that is needed.
        state: Random, new for each question.
        with_refresh_token: Ask for a refresh token, instead of a service account's consent.
    """

    auth_url: str
    client_id: str
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str = field(repr=False)
    with_refresh_token: bool = False

    @property
    def url(self) -> str:
        """The address that the administrator opens."""
        kind = (
            {"access_type": "offline"} if self.with_refresh_token else {"account_type": "service"}
        )
        values = {
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": " ".join(self.scopes),
            "state": self.state,
            "response_type": "code",
            **kind,
        }
        # %20 between scopes, as Fortnox asks; "+" is not understood everywhere.
        query = urlencode(values).replace("+", "%20")
        return f"{self.auth_url}?{query}"

    def code_of(self, redirected_to: str) -> str:
        """The code in the address that the browser was sent back to.

        Raises:
            FatalError: Refused, not ours (state), or no such address.
        """
        told = {name: values[0] for name, values in parse_qs(urlsplit(redirected_to).query).items()}
        if not hmac.compare_digest(told.get("state", "").encode(), self.state.encode()):
            raise FatalError(
                "The address that came back does not answer this question (state).",
                remedy="Begin again, and paste the whole address of the page that you end on.",
            )
        error = told.get("error", "")
        if error:
            raise FatalError(
                f"Fortnox gave no consent ({error[:60]}).",
                remedy=_REMEDIES.get(error, "Begin again."),
            )
        if not told.get("code"):
            raise FatalError(
                "The address that came back holds no code.",
                remedy="Paste the whole address of the page that you end on.",
            )
        return told["code"]


def exchange(
    consent: Consent,
    code: str,
    *,
    token_url: str,
    client_secret: str,
    session: requests.Session | None = None,
) -> Grant:
    """The tokens for a code: it lives ten minutes and works once.

    Raises:
        FatalError: Code or client is not accepted.
        UnreachableError: The token endpoint does not answer.
    """
    endpoint = TokenEndpoint(token_url, consent.client_id, client_secret, session=session)
    grant = endpoint.grant(
        {"grant_type": "authorization_code", "code": code, "redirect_uri": consent.redirect_uri}
    )
    if grant is None:
        raise FatalError(
            "Fortnox does not accept the code: too old, used, or of another redirect URI.",
            remedy="Begin again; a code lives ten minutes and works once.",
        )
    return grant


class GivenToken:
    """An access token at hand, which nobody can renew: for the minutes of a walk."""

    def __init__(self, grant: Grant) -> None:
        self._grant = grant

    def __repr__(self) -> str:
        return "GivenToken()"

    @property
    def scopes(self) -> tuple[str, ...]:
        """What the token may do."""
        return self._grant.scopes

    def token(self) -> str:
        """The token."""
        return self._grant.access_token

    def invalidate(self, used: str) -> None:
        """Nothing can be done: the request fails, and the walk with it."""
