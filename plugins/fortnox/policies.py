"""When Airflow tries a task again: by what the error says the caller can do.

The client has already repeated what is safe to repeat at once; a task's retry is for an outage
that lasts, and for another run that holds the company's lease. A wrong key or a difference in the
books does not go away by itself.
"""

from datetime import timedelta

from airflow.sdk import ExceptionRetryPolicy, RetryAction, RetryRule

from fortnox.core.errors import (
    DifferenceError,
    DocumentError,
    FatalError,
    LeaseTakenError,
    UnreachableError,
)

#: For tasks that call a shop or Fortnox, together with ``retries``. Whatever matches no rule (a
#: worker that died, a bug) follows the task's own ``retry_delay``.
RETRY_POLICY = ExceptionRetryPolicy(
    rules=[
        RetryRule(
            exception=[FatalError, DifferenceError, DocumentError],
            action=RetryAction.FAIL,
            reason="trying again can't help; read the message",
        ),
        RetryRule(
            exception=LeaseTakenError,
            action=RetryAction.RETRY,
            retry_delay=timedelta(seconds=30),
            reason="another run writes to this company",
        ),
        RetryRule(
            exception=UnreachableError,
            action=RetryAction.RETRY,
            retry_delay=timedelta(minutes=2),
            reason="the other side does not answer",
        ),
    ]
)
