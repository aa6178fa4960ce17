"""Task ``transform``: canonical orders x mappings -> wanted invoices, and what is held."""

from typing import Any, TypedDict

from airflow.sdk import BaseOperator, Context

from fortnox.core.documents import Held, Invoice
from fortnox.core.transform import transform
from fortnox.operators.extract import ORDERS, REFUNDS
from fortnox.operators.run import load_run
from fortnox.operators.staging import Pointer, Records

INVOICES = Records(Invoice, ("order_id", "reference", "total_ore"))
HELD = Records(Held, ("order_id", "code", "amount_ore"))


class Transformed(TypedDict):
    """The task's XCom."""

    invoices: Pointer
    held: Pointer
    nothing_to_book: int


class FortnoxTransformOperator(BaseOperator):
    """Calls nobody: files in, files out.

    Args:
        run: The first task's XCom.
        extracted: The XCom of ``extract``.
    """

    ui_color = "#fef7e0"
    template_fields = ("run", "extracted")

    def __init__(self, *, run: Any, extracted: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.run = run
        self.extracted = extracted

    def execute(self, context: Context) -> Transformed:
        """Read the staged orders, decide, stage the outcome."""
        run = load_run(context, self.run)
        wanted = transform(
            run.staging.read_records(self.extracted["orders"], ORDERS),
            run.staging.read_records(self.extracted["refunds"], REFUNDS),
            shop=run.shop,
            mappings=run.mappings,
            window=run.window,
        )
        self.log.info("%d invoices wanted, %d held", len(wanted.invoices), len(wanted.held))
        return {
            "invoices": run.staging.write_records("invoices", INVOICES, wanted.invoices),
            "held": run.staging.write_records("held", HELD, wanted.held),
            "nothing_to_book": wanted.nothing_to_book,
        }
