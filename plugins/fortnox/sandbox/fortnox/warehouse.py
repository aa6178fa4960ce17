"""The one question to the warehouse module that is answered: whether it is on.

The newer services beside ``/3`` answer plain objects, and refuse with id, error and message.
"""

from fortnox.sandbox.fortnox.auth import require_scope
from fortnox.sandbox.fortnox.errors import ApiError
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.wire import Answer

SCOPE = "warehouse"
_FORBIDDEN = 403


def tenant(store: Store, scopes: list[str]) -> Answer:
    """``GET /api/warehouse/tenants-v4``: documented; how it refuses is inferred."""
    try:
        require_scope(store, scopes, SCOPE)
    except ApiError as error:
        refused = {"id": "0", "error": "forbidden", "message": str(error)}
        return Answer(status=_FORBIDDEN, body=refused)
    number = store.company.database_number
    return Answer(body={"activated": store.company.has_warehouse, "tenantId": number})
