"""Which pace the requests to a company keep: this process's own, or one shared over Redis."""

import functools
import hashlib
import os
from urllib.parse import urlsplit

from airflow.sdk.log import mask_secret

from fortnox.api.limiter import Pacer, Pacing
from fortnox.api.shared_pace import shared_pacer

#: Where the shared pace is kept; without it each process keeps its own.
REDIS_VARIABLE = "FORTNOX_PACE_REDIS_URL"


def redis_url() -> str:
    """The Redis of the shared pace, its password masked in logs; empty if none is named."""
    url = os.environ.get(REDIS_VARIABLE, "").strip()
    if url and (password := urlsplit(url).password):
        mask_secret(password)
    return url


def company_pacer(base_url: str, client_id: str, tenant: str, requests_per_5s: int) -> Pacing:
    """One pace per client id and company: Fortnox counts that way.

    Raises:
        FatalError: A Redis is named, and the package ``redis`` is missing.
    """
    return _pacer(base_url, client_id, tenant, requests_per_5s, redis_url())


@functools.cache
def _pacer(
    base_url: str, client_id: str, tenant: str, requests_per_5s: int, shared_in: str
) -> Pacing:
    """Kept for the process, so that all its clients share it."""
    if not shared_in:
        return Pacer(per_window=requests_per_5s)
    company = hashlib.sha256(f"{base_url}\n{client_id}\n{tenant}".encode()).hexdigest()[:16]
    return shared_pacer(shared_in, f"fortnox:pace:{company}", requests_per_5s)
