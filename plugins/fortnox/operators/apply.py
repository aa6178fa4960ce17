"""Task ``apply``, mapped over the plan's chunks: the only task that writes to Fortnox."""

from typing import Any

from airflow.sdk import Context

from fortnox.operators.base import ChunkOperator


class FortnoxApplyOperator(ChunkOperator):
    """Takes a fresh snapshot, drops what is there already, performs the rest, verifies each.

    Runs in the company's one-slot pool and under the company's lease; before every write the
    lease and the task's supervisor are checked (rules of the scheduler 1).
    """

    def work(self, context: Context) -> Any:
        """What was done: counts, and a pointer to what was held."""
        from fortnox.steps.apply import apply_chunk  # noqa: PLC0415 - as in extract

        return apply_chunk(context, self.run, self.planned, self.chunk)
