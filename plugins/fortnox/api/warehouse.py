"""Whether Fortnox's warehouse module keeps a company's stock; then no quantity can be written."""

import logging
from typing import Protocol

from fortnox.api.wire import JsonObject
from fortnox.core.errors import PipelineError

log = logging.getLogger(__name__)

#: Documented: "Check if current tenant has activated Fortnox Warehouse".
_TENANT = "/api/warehouse/tenants-v4"


class Services(Protocol):
    """What is needed of :class:`fortnox.api.client.FortnoxClient`."""

    def get_service(self, path: str) -> JsonObject:
        """One object of a service beside ``/3``."""
        ...


def warehouse_is_on(client: Services) -> bool | None:
    """Ask the company; None: it does not say.

    The question needs the scope ``warehouse``, which not every company can grant: only those with a
    licence for the module. Without an answer the first quantity that is written shows it.
    """
    try:
        told = client.get_service(_TENANT).get("activated")
    except PipelineError as error:
        log.info("Whether the warehouse module is on is not told: %s", error)
        return None
    return told if isinstance(told, bool) else None
