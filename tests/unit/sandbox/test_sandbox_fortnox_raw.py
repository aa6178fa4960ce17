"""Raw requests over HTTP: whatever the bytes, the method or the headers, an answer comes back."""

from functools import cache

from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from fortnox.sandbox.fortnox.app import create_app
from fortnox.sandbox.fortnox.unknowns import Switches

PATHS = (
    *("/3/inbox", "/3/archive?path=x", "/3/invoices", "/3/suppliers/1", "/3/prices/A/1/5"),
    *("/3/sie/4", "/3/nothing", "/3/", "/3", "/api/warehouse/tenants-v4", "/oauth-v1/token"),
    *("/oauth-v1/revoke", "/oauth-v1/auth", "/oauth-v1/auth?redirect_uri=x", "/", "/3/%2e%2e/me"),
    *("/3/invoices?limit=%00", "/3/customers?page=99999999999999999999", "/3/units/%C3%A5"),
)
KINDS = (
    *("application/json", "application/json; charset=latin-1", "text/xml", "", "multipart/x"),
    *("multipart/form-data", "multipart/form-data; boundary=b", "multipart/form-data; boundary="),
    "application/x-www-form-urlencoded",
)
BODIES = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(
        [
            b"",
            b"null",
            b"[]",
            b'{"Invoice":null}',
            b'{"Invoice":{"CustomerNumber":1e999}}',
            b"[" * 5000,
            b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nx\r\n--b--',
            b'--b\r\nContent-Disposition: form-data; name="file"; filename=""\r\n\r\n\r\n--b--',
            b"grant_type=refresh_token&refresh_token=%ff",
            b"grant_type=authorization_code&code=x&code=y",
            b"client_id=sandbox-client&redirect_uri=http://x&answer=approve",
        ]
    ),
)


@cache
def _client() -> TestClient:
    """A client with a token, which raises what the application does not catch."""
    app = create_app(switches=Switches(rate_limit=0))
    client = TestClient(app, follow_redirects=False)
    granted = client.post(
        "/oauth-v1/token",
        data={"grant_type": "client_credentials"},
        auth=("sandbox-client", "sandbox-secret-0000"),
        headers={"TenantId": "1000001"},
    )
    client.headers["Authorization"] = f"Bearer {granted.json()['access_token']}"
    return client


@settings(max_examples=150)
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"]),
    path=st.sampled_from(PATHS),
    kind=st.sampled_from(KINDS),
    body=BODIES,
)
def test_no_bytes_make_a_server_error(method: str, path: str, kind: str, body: bytes) -> None:
    """A broken proxy or a half-written client gets a refusal, never a stack trace."""
    headers = {"Content-Type": kind} if kind else {}
    answer = _client().request(method, path, content=body, headers=headers)
    assert answer.status_code < 500
