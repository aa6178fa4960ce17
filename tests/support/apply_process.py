"""One apply as a process of its own, under the company's lease: ``apply_process.py URL FOLDER``.

``hold`` as third argument takes the lease, says so and waits to be killed.
"""

import os
import sys
import time
from pathlib import Path

from tests.support.builders import shop_row
from tests.support.once import TODAY, at_url

from fortnox.api.apply import apply_invoices
from fortnox.api.lease import company_lease


def main(url: str, folder: str, mode: str = "") -> None:
    with company_lease(Path(folder), holder=f"run of process {os.getpid()}", wait_s=0.2) as lease:
        if mode == "hold":
            print("holding", flush=True)
            time.sleep(60)
        client = at_url(url).client(before_write=lease.check)
        apply_invoices(client, shop_row(), TODAY, sleep=lambda _: None)


if __name__ == "__main__":
    main(*sys.argv[1:])
