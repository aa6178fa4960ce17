"""The address of a consent, and what comes back from it."""

from urllib.parse import parse_qs, urlsplit

import pytest

from fortnox.api.consent import Consent
from fortnox.core.errors import FatalError

BACK = "http://127.0.0.1:8765/fortnox"


def consent(*, with_refresh_token: bool = False) -> Consent:
    """A question with a known state."""
    return Consent(
        auth_url="https://apps.fortnox.se/oauth-v1/auth",
        client_id="app",
        redirect_uri=BACK,
        scopes=("invoice", "customer"),
        state="s3cret-state",
        with_refresh_token=with_refresh_token,
    )


def test_the_address_asks_for_a_service_account_and_spaces_scopes_as_fortnox_wants() -> None:
    """Fortnox would show an error page, or tie the consent to the person who gave it."""
    url = consent().url
    assert "scope=invoice%20customer" in url
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    assert asked == {
        "client_id": "app",
        "redirect_uri": BACK,
        "scope": "invoice customer",
        "state": "s3cret-state",
        "response_type": "code",
        "account_type": "service",
    }


def test_with_a_refresh_token_offline_access_is_asked_for() -> None:
    """No refresh token would come, and the connection would die after an hour."""
    assert "access_type=offline" in consent(with_refresh_token=True).url
    assert "account_type" not in consent(with_refresh_token=True).url


def test_the_code_is_taken_from_the_answer_to_this_question() -> None:
    """The walk would end without a connection."""
    assert consent().code_of(f"{BACK}?code=abc&state=s3cret-state") == "abc"


@pytest.mark.parametrize(
    ("back", "told"),
    [
        ("?code=abc&state=another", "does not answer this question"),
        ("?code=abc", "does not answer this question"),
        ("", "does not answer this question"),
        ("?code=å&state=å", "does not answer this question"),
        ("?state=s3cret-state", "holds no code"),
        ("?error=access_denied&state=s3cret-state", "choose to approve"),
        ("?error=invalid_scope&state=s3cret-state", "Tick the scopes"),
        ("?error=error_missing_license&state=s3cret-state", "Integration licence"),
        ("?error=something&state=s3cret-state", "Begin again"),
    ],
)
def test_anything_else_is_refused_with_what_to_do(back: str, told: str) -> None:
    """Somebody else's code would connect the shop to somebody else's company."""
    with pytest.raises(FatalError) as caught:
        consent().code_of(f"{BACK}{back}")
    assert told in str(caught.value)
    assert "abc" not in str(caught.value)


def test_the_state_is_not_shown() -> None:
    """A log would hold what proves the answer."""
    assert "s3cret" not in repr(consent())
