"""Consent as a browser meets it, and what licences and a withdrawn consent do to a client."""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from fortnox.sandbox.fortnox.app import create_app
from fortnox.sandbox.fortnox.company import Company
from fortnox.sandbox.fortnox.control import Control
from fortnox.sandbox.server import start

CLIENT = ("sandbox-client", "sandbox-secret-0000")
BACK = "http://127.0.0.1/back"
ASKED = {
    "client_id": "sandbox-client",
    "redirect_uri": BACK,
    "scope": "invoice customer",
    "state": 's<1>"',
    "access_type": "offline",
    "response_type": "code",
}


class Browser:
    """A person with a browser, and the client's own calls to the token endpoint."""

    def __init__(self, url: str, control: Control) -> None:
        self.url, self.control = url, control

    def ask(self, **changed: str) -> requests.Response:
        """Open the address that the client sends the person to."""
        params = {name: value for name, value in {**ASKED, **changed}.items() if value}
        return requests.get(
            self.url + "/oauth-v1/auth", params=params, allow_redirects=False, timeout=5
        )

    def press(self, page: str, button: str) -> dict[str, str]:
        """Press a button of the page; returns what the client is told."""
        fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page)
        form = {name: unescape(value) for name, value in fields} | {"answer": button}
        answer = requests.post(
            self.url + "/oauth-v1/auth", data=form, allow_redirects=False, timeout=5
        )
        assert answer.status_code == 302
        return told(answer)

    def token(self, headers: dict[str, str] | None = None, **form: str) -> requests.Response:
        """The token endpoint."""
        return requests.post(
            self.url + "/oauth-v1/token", data=form, auth=CLIENT, headers=headers, timeout=5
        )


def told(answer: requests.Response) -> dict[str, str]:
    """What a redirect tells the client."""
    location = urlsplit(answer.headers["Location"])
    assert f"{location.scheme}://{location.netloc}{location.path}" == BACK
    return {name: values[0] for name, values in parse_qs(location.query).items()}


@pytest.fixture
def browser() -> Iterator[Browser]:
    """A browser before a new company."""
    yield from _served(Company())


def _served(company: Company) -> Iterator[Browser]:
    app = create_app(company)
    with start(app) as server:
        yield Browser(server.url, app.state.control)


def test_a_person_approves_and_the_code_works_once(browser: Browser) -> None:
    """Page, button, back with the state unchanged, and one exchange."""
    page = browser.ask()
    assert (page.status_code, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "Sandbox Handel AB" in page.text
    assert ASKED["state"] not in page.text
    answer = browser.press(page.text, "approve")
    assert answer["state"] == ASKED["state"]
    form = {"grant_type": "authorization_code", "code": answer["code"], "redirect_uri": BACK}
    assert browser.token(**{**form, "redirect_uri": BACK + "/else"}).status_code == 400
    page = browser.ask()
    form["code"] = browser.press(page.text, "approve")["code"]
    granted = browser.token(**form).json()
    assert (granted["scope"], bool(granted["refresh_token"])) == ("invoice customer", True)
    assert browser.token(**form).json()["error"] == "invalid_grant"


def test_a_person_says_no(browser: Browser) -> None:
    """No code, and the client is told."""
    answer = browser.press(browser.ask().text, "deny")
    assert answer == {"error": "access_denied", "state": ASKED["state"]}


def test_without_offline_there_is_no_refresh_token(browser: Browser) -> None:
    """access_type=offline is what makes a connection last."""
    code = browser.press(browser.ask(access_type="").text, "approve")["code"]
    granted = browser.token(grant_type="authorization_code", code=code, redirect_uri=BACK)
    assert "refresh_token" not in granted.json()


def test_a_client_without_a_browser_may_have_its_code_at_once(browser: Browser) -> None:
    """For tests of other programs: the switch answers for the person."""
    browser.control.set_switches(consent="at_once")
    assert told(browser.ask())["code"]


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"scope": "invoice gold"}, "invalid_scope"),
        ({"scope": ""}, "invalid_scope"),
        ({"state": ""}, "invalid_request"),
        ({"response_type": "token"}, "invalid_request"),
        ({"account_type": "person"}, "invalid_request"),
    ],
)
def test_a_bad_question_goes_back_with_its_error(
    browser: Browser, changed: dict[str, str], error: str
) -> None:
    """A mistake of the client is told to the client, never asked of the person."""
    assert told(browser.ask(**changed))["error"] == error


@pytest.mark.parametrize(
    "changed", [{"client_id": "who"}, {"redirect_uri": "javascript:alert(1)"}, {"redirect_uri": ""}]
)
def test_without_a_known_client_nobody_is_sent_anywhere(
    browser: Browser, changed: dict[str, str]
) -> None:
    """An error page, not an open redirect."""
    page = browser.ask(**changed)
    assert (page.status_code, "invalid" in page.text) == (400, True)
    forged = requests.post(browser.url + "/oauth-v1/auth", data={"answer": "approve"}, timeout=5)
    assert forged.status_code == 400


def test_the_registered_address_is_the_only_one() -> None:
    """With an address registered, another is refused and none means that one."""
    for browser in _served(Company(redirect_uri=BACK)):
        assert browser.ask(redirect_uri="https://else.example/").status_code == 400
        assert "code" in browser.press(browser.ask(redirect_uri="").text, "approve")


def test_a_missing_licence_shows_at_consent_and_at_the_call() -> None:
    """error_missing_license to the browser; 2001101 where a licence went later."""
    for browser in _served(Company(unlicensed_scopes=("invoice",))):
        assert told(browser.ask())["error"] == "error_missing_license"
        tenant = {"TenantId": "1000001"}
        granted = browser.token(tenant, grant_type="client_credentials").json()
        headers = {"Authorization": f"Bearer {granted['access_token']}"}
        refused = requests.get(browser.url + "/3/invoices", headers=headers, timeout=5)
        assert refused.json()["ErrorInformation"]["code"] == 2001101
        allowed = requests.get(browser.url + "/3/customers", headers=headers, timeout=5)
        assert allowed.status_code == 200


def test_no_api_licence_closes_everything() -> None:
    """2001103 "Api-licens saknas." on any resource."""
    for browser in _served(Company(has_api_licence=False)):
        tenant = {"TenantId": "1000001"}
        granted = browser.token(tenant, grant_type="client_credentials").json()
        headers = {"Authorization": f"Bearer {granted['access_token']}"}
        refused = requests.get(browser.url + "/3/customers", headers=headers, timeout=5)
        assert refused.json()["ErrorInformation"]["code"] == 2001103


def test_a_withdrawn_consent_ends_every_token(browser: Browser) -> None:
    """The customer removes the integration: tokens die, and only a new consent helps."""
    tenant = {"TenantId": "1000001"}
    granted = browser.token(tenant, grant_type="client_credentials").json()
    headers = {"Authorization": f"Bearer {granted['access_token']}"}
    requests.delete(browser.url + "/_sandbox/consent", timeout=5)
    assert requests.get(browser.url + "/3/me", headers=headers, timeout=5).status_code == 401
    refused = browser.token(tenant, grant_type="client_credentials")
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
    browser.press(browser.ask(account_type="service").text, "approve")
    assert browser.token(tenant, grant_type="client_credentials").status_code == 200


def test_the_tenant_must_be_named(browser: Browser) -> None:
    """Client credentials without TenantId are no request."""
    refused = browser.token(grant_type="client_credentials")
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_request")


def test_a_revoked_refresh_token_is_void(browser: Browser) -> None:
    """Revoking answers true even for a random token, and ends a real one."""
    code = browser.press(browser.ask().text, "approve")["code"]
    granted = browser.token(grant_type="authorization_code", code=code, redirect_uri=BACK).json()
    for token in ("random", granted["refresh_token"]):
        form = {"token_type_hint": "refresh_token", "token": token}
        revoked = requests.post(browser.url + "/oauth-v1/revoke", data=form, auth=CLIENT, timeout=5)
        assert revoked.json() == {"revoked": True}
    again = browser.token(grant_type="refresh_token", refresh_token=granted["refresh_token"])
    assert again.json()["error"] == "invalid_grant"
