"""The warehouse module: asked where the app may ask, and else not known."""

import pytest
import responses

from fortnox.api.client import FortnoxClient
from fortnox.api.limiter import Pacer
from fortnox.api.warehouse import warehouse_is_on

#: Beside ``/3``, on the same host.
TENANT = "https://fortnox.example/api/warehouse/tenants-v4"


class Tokens:
    """One token."""

    scopes: tuple[str, ...] = ()

    def token(self) -> str:
        return "t"

    def invalidate(self, token: str) -> None:
        del token


@responses.activate
@pytest.mark.parametrize(
    ("status", "body", "known"),
    [
        (200, '{"activated": true, "tenantId": 1}', True),
        (200, '{"activated": false, "tenantId": 1}', False),
        (200, '{"tenantId": 1}', None),
        (403, '{"id": "1", "error": "forbidden", "message": "no"}', None),
        (400, '{"ErrorInformation": {"error": 1, "message": "scope", "code": 2000663}}', None),
        (404, "<html>not here</html>", None),
        (502, "<html>Bad gateway</html>", None),
    ],
)
def test_the_module_is_known_only_where_fortnox_tells_it(
    status: int, body: str, known: bool | None
) -> None:
    """Stock would be sent into a warehouse, or none at all be sent for want of a scope."""
    responses.add("GET", TENANT, status=status, body=body)
    client = FortnoxClient(
        base_url="https://fortnox.example/3",
        tokens=Tokens(),
        pacer=Pacer(per_window=10_000),
        clock=iter(range(0, 10_000, 30)).__next__,
        sleep=lambda _: None,
    )
    assert warehouse_is_on(client) is known
