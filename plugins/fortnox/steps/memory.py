"""What is remembered of a company between runs, in its folder of the staging area.

Nothing here is needed to be right: whatever is lost is read anew (architecture, "exactly once").
"""

from fortnox.api.customer_cache import CustomerCache
from fortnox.steps.staging import local_folder, staging_base


def customer_cache(conn_id: str) -> CustomerCache:
    """The cards of the company behind a connection.

    Raises:
        FatalError: The staging area is object storage.
    """
    return CustomerCache(local_folder(staging_base(), conn_id) / "customers.json")
