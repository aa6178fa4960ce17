"""The one door to a company's books: its lease, and a client that is proven to be at the company.

Rules of the scheduler 1: the pool alone lets two processes write. Rules of the books 1: never into
another company's books.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from airflow.sdk import Context

from fortnox.api.client import FortnoxClient
from fortnox.api.lease import Lease, company_lease
from fortnox.core.mapping import ShopRow
from fortnox.steps.connections import fortnox_hook
from fortnox.steps.run import Run
from fortnox.steps.staging import local_folder, staging_base


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """What a writer works with; ``client`` asks ``lease`` before each write."""

    client: FortnoxClient
    lease: Lease
    #: The company's own folder, for intents.
    folder: Path


@contextmanager
def writing_to(shop: ShopRow, *, holder: str) -> Iterator[Writing]:
    """Hold the company's lease, behind its guard.

    Args:
        shop: Row of shops.csv.
        holder: Who it is, for the message that others get meanwhile.

    Raises:
        FatalError: The connection leads to another company than shops.csv names.
        UnreachableError: Fortnox does not answer, or another run writes.
    """
    folder = local_folder(staging_base(), shop.fortnox_conn_id)
    with company_lease(folder, holder=holder) as lease:
        hook = fortnox_hook(shop.fortnox_conn_id)
        hook.guard(shop.organisation_number, shop.database_number)
        yield Writing(client=hook.client(before_write=lease.check), lease=lease, folder=folder)


def holder_of(context: Context, run: Run) -> str:
    """A task's try, as the lease names it."""
    return f"{run.dag_id} {run.run_id} try {context['ti'].try_number}"
