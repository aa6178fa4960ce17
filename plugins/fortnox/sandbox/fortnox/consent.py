"""``/oauth-v1/auth``: a person consents, and the browser goes back with a code (facts 1.1).

As Fortnox: without a usable client or address to go back to there is an error page, everything
else goes back to the client with an ``error``. The page has two buttons; the switch ``consent``
skips it for clients without a browser.
"""

from collections.abc import Mapping
from html import escape
from urllib.parse import parse_qsl, urlencode

from fortnox.sandbox.fortnox.auth import CONSENT, issue_code
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.wire import Answer

_HTML = "text/html; charset=utf-8"
_CARRIED = ("client_id", "redirect_uri", "scope", "state", "access_type", "account_type")
_PAGE = """<!DOCTYPE html>
<html lang="sv"><head><meta charset="utf-8"><title>Sandbox Fortnox</title></head><body>
<h1>{company}</h1>
<p>{client} vill ha tillgång till: {scopes}</p>
<form method="post" action="/oauth-v1/auth">{hidden}
<button name="answer" value="approve">Godkänn</button>
<button name="answer" value="deny">Avbryt</button>
</form></body></html>"""


def ask(store: Store, query: Mapping[str, str]) -> Answer:
    """``GET /oauth-v1/auth``: the page with the question, or back with an error at once."""
    asked = {**query, "redirect_uri": query.get("redirect_uri") or store.company.redirect_uri}
    refused = _refused(store, asked)
    if refused is not None:
        return refused
    if store.switches.consent == "at_once":
        return _approved(store, asked)
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(asked.get(name, ""))}">'
        for name in _CARRIED
    )
    page = _PAGE.format(
        company=escape(store.company.name),
        client=escape(store.company.client_id),
        scopes=escape(asked["scope"]),
        hidden=hidden,
    )
    return Answer(body=page.encode(), content_type=_HTML)


def answer(store: Store, body: bytes) -> Answer:
    """``POST /oauth-v1/auth``: what the person chose on the page."""
    form = {"redirect_uri": "", **dict(parse_qsl(body.decode("utf-8", "replace")))}
    refused = _refused(store, {**form, "response_type": "code"})
    if refused is not None:
        return refused
    if form.get("answer") != "approve":
        return _back(form, error="access_denied")
    return _approved(store, form)


def _approved(store: Store, asked: Mapping[str, str]) -> Answer:
    if asked.get("account_type") == "service":
        store.set_setting(CONSENT, "given")
    code = issue_code(
        store,
        asked["scope"].split(),
        redirect_uri=asked["redirect_uri"],
        offline=asked.get("access_type") == "offline",
    )
    return _back(asked, code=code)


def _refused(store: Store, asked: Mapping[str, str]) -> Answer | None:
    company = store.company
    target = asked["redirect_uri"]
    registered = company.redirect_uri or target
    usable = target.startswith(("https://", "http://")) and target == registered
    if asked.get("client_id") != company.client_id or not usable:
        text = "Auth code or ClientID supplied is invalid"
        return Answer(status=400, body=text.encode(), content_type=_HTML)
    scopes = set(asked.get("scope", "").split())
    if not asked.get("state") or asked.get("response_type") != "code":
        return _back(asked, error="invalid_request")
    if asked.get("account_type", "") not in ("", "service"):
        return _back(asked, error="invalid_request")
    if not scopes or not scopes <= set(company.scopes):
        return _back(asked, error="invalid_scope")
    if not company.has_api_licence or scopes & set(company.unlicensed_scopes):
        return _back(asked, error="error_missing_license")
    return None


def _back(asked: Mapping[str, str], **told: str) -> Answer:
    target = asked["redirect_uri"]
    joiner = "&" if "?" in target else "?"
    query = urlencode({**told, "state": asked.get("state", "")})
    return Answer(status=302, headers={"Location": f"{target}{joiner}{query}"})
