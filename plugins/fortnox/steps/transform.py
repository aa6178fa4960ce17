"""Task ``transform``: canonical orders x mappings -> wanted invoices, and what is held."""

import logging
from typing import TypedDict

from airflow.sdk import Context

from fortnox.core.documents import Held, Invoice
from fortnox.core.transform import transform
from fortnox.steps.advances import ADVANCES
from fortnox.steps.day_vouchers import DAY_SALES
from fortnox.steps.extract import ORDERS, REFUNDS, Extracted
from fortnox.steps.run import RunDict, load_run
from fortnox.steps.staging import Pointer, Records

log = logging.getLogger(__name__)

INVOICES = Records(Invoice, ("order_id", "reference", "total_ore"))
HELD = Records(Held, ("order_id", "code", "amount_ore"))


class Transformed(TypedDict):
    """The task's XCom."""

    invoices: Pointer
    held: Pointer
    nothing_to_book: int
    day_sales: Pointer
    advances: Pointer
    #: As extracted.
    called_off: Pointer


def transform_orders(context: Context, run_dict: RunDict, extracted: Extracted) -> Transformed:
    """Read the staged orders, decide, stage the outcome. Calls nobody."""
    run = load_run(context, run_dict)
    wanted = transform(
        run.staging.read_records(extracted["orders"], ORDERS),
        run.staging.read_records(extracted["refunds"], REFUNDS),
        shop=run.shop,
        mappings=run.mappings,
        window=run.window,
        earlier_refunds=run.staging.read_records(extracted["earlier_refunds"], REFUNDS),
    )
    log.info("%d invoices wanted, %d held", len(wanted.invoices), len(wanted.held))
    return {
        "invoices": run.staging.write_records("invoices", INVOICES, wanted.invoices),
        "held": run.staging.write_records("held", HELD, wanted.held),
        "nothing_to_book": wanted.nothing_to_book,
        "day_sales": run.staging.write_records("day-sales", DAY_SALES, wanted.day_sales),
        "advances": run.staging.write_records("advances", ADVANCES, wanted.advances),
        "called_off": extracted["called_off"],
    }
