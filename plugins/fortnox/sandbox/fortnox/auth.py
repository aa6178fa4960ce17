"""The token endpoint and the access tokens (facts recorded: bodies, status, odd content types)."""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import parse_qsl

from fortnox.sandbox.fortnox.errors import SCOPE_MISSING, ApiError
from fortnox.sandbox.fortnox.register_errors import NO_ACTIVE_LICENCE, NO_API_LICENCE
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.wire import Answer, Json

#: Setting: the service account's consent, which client_credentials need; "withdrawn" = none.
CONSENT = "service_consent"
_WITHDRAWN = "withdrawn"
_CODE_LIFE = timedelta(minutes=10)
_REFRESH_LIFE = timedelta(days=45)
_NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


def token(store: Store, headers: Mapping[str, str], body: bytes) -> Answer:
    """``POST /oauth-v1/token``.

    Args:
        store: The company.
        headers: Request headers, names in lower case.
        body: The form, url-encoded.
    """
    if not _client_is_known(store, headers.get("authorization", "")):
        return _refusal(
            401, "invalid_client", "The client credentials are invalid", "text/plain;charset=UTF-8"
        )
    form = dict(parse_qsl(body.decode("utf-8", "replace")))
    grant = form.get("grant_type", "")
    if grant == "client_credentials":
        return _client_credentials(store, headers.get("tenantid", ""), form)
    if grant == "refresh_token":
        return _refresh(store, form.get("refresh_token", ""))
    if grant == "authorization_code":
        return _exchange(store, form)
    return _refusal(400, "unsupported_grant_type", "The grant type is not supported")


def revoke(store: Store, headers: Mapping[str, str], body: bytes) -> Answer:
    """``POST /oauth-v1/revoke``: answers true even for a random token."""
    if not _client_is_known(store, headers.get("authorization", "")):
        return _refusal(
            401, "invalid_client", "The client credentials are invalid", "text/plain;charset=UTF-8"
        )
    form = dict(parse_qsl(body.decode("utf-8", "replace")))
    store.table("tokens").delete("refresh:" + _digest(form.get("token", "")))
    return Answer(body={"revoked": True})


def issue_code(
    store: Store, scopes: list[str], *, redirect_uri: str = "", offline: bool = True
) -> str:
    """An authorization code as after a consent: 10 minutes, one use."""
    code = secrets.token_urlsafe(24)
    store.table("tokens").put(
        "code:" + _digest(code),
        {
            "scopes": scopes,
            "redirect_uri": redirect_uri,
            "offline": offline,
            "until": (store.clock.now() + _CODE_LIFE).isoformat(),
        },
    )
    return code


def issue_refresh_token(store: Store, scopes: list[str] | None = None) -> str:
    """A refresh token as after a consent; one use, 45 days."""
    value = secrets.token_hex(20)
    store.table("tokens").put(
        "refresh:" + _digest(value),
        {
            "scopes": list(store.company.scopes) if scopes is None else scopes,
            "until": (store.clock.now() + _REFRESH_LIFE).isoformat(),
        },
    )
    return value


def scopes_of(store: Store, authorization: str) -> list[str] | None:
    """Scopes of a valid ``Bearer`` header; None for anything else."""
    kind, _, value = authorization.partition(" ")
    found = store.table("tokens").get("access:" + _digest(value))
    if kind.lower() != "bearer" or found is None:
        return None
    if store.clock.now() >= datetime.fromisoformat(found["until"]):
        store.table("tokens").delete("access:" + _digest(value))
        return None
    return list(found["scopes"])


def require_scope(store: Store, scopes: list[str], wanted: str) -> None:
    """Refuse a call whose token lacks the resource's scope, or whose company lacks a licence.

    Raises:
        ApiError: 2000663, as 400 or 403 by the switch; 2001103 or 2001101 for licences.
    """
    if not store.company.has_api_licence:
        raise ApiError(NO_API_LICENCE)
    if wanted in store.company.unlicensed_scopes:
        raise ApiError(NO_ACTIVE_LICENCE)
    if wanted and wanted not in scopes:
        raise ApiError(SCOPE_MISSING, status=store.switches.scope_error_status)


def withdraw_consent(store: Store) -> None:
    """The customer takes the consent back: all tokens are void, and no new ones are given."""
    tokens = store.table("tokens")
    for key, _, _ in tokens.items():
        tokens.delete(key)
    store.set_setting(CONSENT, _WITHDRAWN)


def expire(store: Store, authorization: str) -> None:
    """Make the access token of a request void; for the ``token_expired`` fault."""
    store.table("tokens").delete("access:" + _digest(authorization.partition(" ")[2]))


def _client_is_known(store: Store, authorization: str) -> bool:
    kind, _, value = authorization.partition(" ")
    try:
        given = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return False
    wanted = f"{store.company.client_id}:{store.company.client_secret}".encode()
    return kind.lower() == "basic" and hmac.compare_digest(given, wanted)


def _client_credentials(store: Store, tenant: str, form: Mapping[str, str]) -> Answer:
    if not tenant:
        return _refusal(400, "invalid_request", "The TenantId header is missing")
    if tenant != store.company.tenant_id or store.setting(CONSENT) == _WITHDRAWN:
        return _refusal(400, "invalid_grant", "The tenant has not consented to this client")
    asked = form.get("scope", "").split()
    if not set(asked) <= set(store.company.scopes):
        return _refusal(400, "invalid_scope", "The requested scope is invalid")
    return _granted(store, asked or list(store.company.scopes), refresh=False)


def _refresh(store: Store, value: str) -> Answer:
    key = "refresh:" + _digest(value)
    found = store.table("tokens").get(key)
    if found is None or store.clock.now() >= datetime.fromisoformat(found["until"]):
        return _refusal(400, "invalid_grant", "Invalid refresh token", "text/html; charset=UTF-8")
    store.table("tokens").delete(key)
    return _granted(store, list(found["scopes"]), refresh=True)


def _exchange(store: Store, form: Mapping[str, str]) -> Answer:
    key = "code:" + _digest(form.get("code", ""))
    found = store.table("tokens").get(key)
    store.table("tokens").delete(key)
    if (
        found is None
        or store.clock.now() >= datetime.fromisoformat(found["until"])
        or (found["redirect_uri"] and form.get("redirect_uri") != found["redirect_uri"])
    ):
        return _refusal(400, "invalid_grant", "Invalid authorization code")
    return _granted(store, list(found["scopes"]), refresh=bool(found["offline"]))


def _granted(store: Store, scopes: list[str], *, refresh: bool) -> Answer:
    life = timedelta(seconds=store.switches.token_lifetime_s)
    until = store.clock.now() + life
    value = _jwt(store, scopes, until)
    _forget_expired(store)
    store.table("tokens").put(
        "access:" + _digest(value), {"scopes": scopes, "until": until.isoformat()}
    )
    body: Json = {
        "access_token": value,
        "expires_in": store.switches.token_lifetime_s,
        "token_type": "bearer",
        "scope": " ".join(scopes),
    }
    if refresh:
        body["refresh_token"] = issue_refresh_token(store, scopes)
    return Answer(body=body, headers=dict(_NO_STORE))


def _forget_expired(store: Store) -> None:
    now = store.clock.now()
    tokens = store.table("tokens")
    for key, data, _ in tokens.items():
        if datetime.fromisoformat(data["until"]) <= now:
            tokens.delete(key)


def _jwt(store: Store, scopes: list[str], until: datetime) -> str:
    """A token of the real one's shape: a signed JWT that clients treat as opaque."""
    company = store.company
    claims = {
        "userId": 1,
        "tenantId": company.database_number,
        "clientId": company.client_id,
        "scopes": scopes,
        "scope": scopes,
        "authsource": "INTERNAL",
        "iss": "https://api.fortnox.se/oauth2",
        "aud": company.client_id,
        "sub": f"1@{company.database_number}",
        "exp": int(until.timestamp()),
        "iat": int(store.clock.now().timestamp()),
        "token_type": "bearer",
        "jti": secrets.token_hex(20),
    }
    signed = ".".join(_base64url(json.dumps(part).encode()) for part in ({"alg": "HS256"}, claims))
    signature = hmac.new(company.client_secret.encode(), signed.encode(), hashlib.sha256)
    return f"{signed}.{_base64url(signature.digest())}"


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _digest(value: str) -> str:
    """Tokens are kept as digests, so that a state dump holds none."""
    return hashlib.sha256(value.encode()).hexdigest()


def _refusal(status: int, error: str, text: str, content_type: str = "application/json") -> Answer:
    return Answer(
        status=status,
        body={"error": error, "error_description": text},
        headers=dict(_NO_STORE),
        content_type=content_type,
    )
