"""The walk to a connection of type ``fortnox``: consent, company, rights, stored and tested."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

from fortnox.api.client import FortnoxClient
from fortnox.api.company_facts import scope_checks
from fortnox.api.consent import Consent, exchange
from fortnox.connect.company import (
    AUTH_URL,
    company_of,
    granted_client,
    least_scopes,
    oauth_address,
    refuse_other_company,
)
from fortnox.connect.listener import Listener, is_here
from fortnox.connect.store import Made, refuse_taken, store, tried
from fortnox.connect.talk import Talk
from fortnox.core.company_checks import SCOPE_PURPOSES
from fortnox.core.errors import FatalError
from fortnox.core.mapping import Mappings, ShopRow
from fortnox.hooks.encryption import refuse_plain_http
from fortnox.hooks.fortnox import TOKEN_URL, FortnoxHook

#: The address that the app is registered with, unless ``--redirect-uri`` says another.
REDIRECT_URI = "http://127.0.0.1:8765/fortnox"
_CONSENT_S = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What was asked for at the command line.

    Attributes:
        conn_id: The connection to make.
        host: Base URL of another Fortnox (a sandbox, ``http://127.0.0.1:8001/3``); "" = the real.
        redirect_uri: As registered for the app.
        tenant_id: The company's database number, where an administrator has consented already.
        with_refresh_token: The authorization code flow, for apps without a service account.
        open_browser: Open the page of the consent by itself.
        replace: The connection may be there already.
    """

    conn_id: str
    host: str = ""
    redirect_uri: str = REDIRECT_URI
    tenant_id: str = ""
    with_refresh_token: bool = False
    open_browser: bool = True
    replace: bool = False


def connect_fortnox(wish: Wish, mappings: Mappings, talk: Talk) -> None:
    """Ask, get the consent, look at the company, test, store.

    Raises:
        PipelineError: With what to do; nothing was stored.
    """
    refuse_taken(wish.conn_id, "fortnox", replace=wish.replace)
    refuse_plain_http(wish.host, wish.conn_id, {})
    shops = [shop for shop in mappings.shops if shop.fortnox_conn_id == wish.conn_id]
    scopes = least_scopes(mappings, shops)
    client_id = talk.need("Client id of the app")
    client_secret = talk.need("Client secret (not shown)", secret=True)
    made = Made(
        conn_id=wish.conn_id,
        conn_type="fortnox",
        host=wish.host,
        login=client_id,
        password=client_secret,
        extra={"token_url": oauth_address(wish.host, "token", TOKEN_URL)} if wish.host else {},
    )
    if wish.tenant_id:
        made = _service(made, wish.tenant_id)
    else:
        made = _consented(wish, made, scopes, shops, talk)
    if not wish.with_refresh_token:
        _test(made, shops, scopes, talk)
    talk.say(store(made))
    talk.say("Next: python -m fortnox pools --create; python -m fortnox preflight")


def _consented(
    wish: Wish, made: Made, scopes: tuple[str, ...], shops: Sequence[ShopRow], talk: Talk
) -> Made:
    consent = Consent(
        auth_url=oauth_address(wish.host, "auth", AUTH_URL),
        client_id=made.login,
        redirect_uri=wish.redirect_uri,
        scopes=scopes,
        state=secrets.token_urlsafe(32),
        with_refresh_token=wish.with_refresh_token,
    )
    talk.say("The app asks for these scopes, and no others (each is reading and writing):")
    for scope in scopes:
        talk.say(f"  {scope}: {SCOPE_PURPOSES[scope]}")
    code = consent.code_of(_redirected(consent, wish, talk))
    grant = exchange(
        consent,
        code,
        token_url=oauth_address(wish.host, "token", TOKEN_URL),
        client_secret=made.password,
    )
    client = granted_client(grant, wish.host)
    company = company_of(client)
    talk.say(
        f"Consent of {company.name}, organisation number {company.organisation_number}, "
        f"database {company.database_number}."
    )
    refuse_other_company(company, shops)
    if not wish.with_refresh_token:
        return _service(made, str(company.database_number))
    if not grant.refresh_token:
        raise FatalError(
            "Fortnox gave no refresh token.", remedy="Begin again without --with-refresh-token."
        )
    _say_rights(client, scopes, talk)
    return _with_extra(made, flow="authorization_code", refresh_token=grant.refresh_token)


def _redirected(consent: Consent, wish: Wish, talk: Talk) -> str:
    """Where the browser ended: caught on this machine, else pasted."""
    listener = Listener(wish.redirect_uri) if is_here(wish.redirect_uri) else None
    talk.say("A system administrator of the company opens this page and approves:")
    talk.say(f"  {consent.url}")
    if wish.open_browser:
        talk.open_page(consent.url)
    if listener is not None:
        talk.say(f"Waiting at {wish.redirect_uri} for the browser to come back ...")
        return listener.wait(_CONSENT_S)
    return talk.need("Address of the page that the browser ended on (not shown)", secret=True)


def _test(made: Made, shops: Sequence[ShopRow], scopes: tuple[str, ...], talk: Talk) -> None:
    """As runs will use it, before it is stored.

    Raises:
        FatalError: It does not work, or belongs to another company.
    """
    with tried(made):
        hook = FortnoxHook(made.conn_id)
        is_well, seen = hook.test_connection()
        if not is_well:
            raise FatalError(f"The connection does not work: {seen} Nothing was stored.")
        refuse_other_company(hook.company(), shops)
        talk.say(f"Tested: {seen}")
        _say_rights(hook.client(), scopes, talk)


def _say_rights(client: FortnoxClient, scopes: tuple[str, ...], talk: Talk) -> None:
    """What is missing is told and no reason not to store: a licence may come tomorrow."""
    for check in scope_checks(client, scopes):
        if check.fails:
            talk.say(f"{check.severity.value}: {check.what}: {check.sentence}")


def _service(made: Made, tenant_id: str) -> Made:
    """The flow with nothing to lose; a refresh token of before is taken away."""
    return _with_extra(made, tenant_id=tenant_id, flow="client_credentials", refresh_token="")


def _with_extra(made: Made, **extra: str) -> Made:
    return replace(made, extra={**made.extra, **extra})
