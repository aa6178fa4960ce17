"""A day that is brought in again and again, with a fault at one request after another."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from tests.support.once import (
    TIMEOUT_S,
    TODAY,
    Books,
    Company,
    a_company,
    api_requests,
    books,
    fault,
    restore,
    run,
    run_until_done,
    saved_state,
)

from fortnox.core.documents import Invoice
from fortnox.core.errors import PipelineError

AT_ONCE: dict[str, dict[str, Any]] = {
    "refuse_before": {},
    "drop_after": {},
    "status_before": {"status": 500},
    "status_after": {"status": 500},
    "rate_limited": {"retry_after": 1},
    "rate_limited without Retry-After": {},
    "slow": {"seconds": TIMEOUT_S + 0.05},
    "html": {},
    "garbage": {},
    "hang": {},
    "truncated": {},
    "token_expired": {},
}
#: Carried out when the run, and the one after it, are long over.
LATE_S = 0.45
LATE: dict[str, dict[str, Any]] = {
    "act_later": {"seconds": LATE_S},
    "drop_then_act": {"seconds": LATE_S},
}


@dataclass(frozen=True, kw_only=True)
class Day:
    """A company before the day, and the books and requests of a day without faults."""

    company: Company
    wanted: Sequence[Invoice]
    before: dict[str, dict[str, Any]]
    right: Books
    methods: tuple[str, ...]

    @property
    def writing(self) -> list[int]:
        """Which requests write, counted from 1."""
        return [n for n, method in enumerate(self.methods, start=1) if method != "GET"]

    def again(self) -> None:
        """Everything as it was before the day."""
        restore(self.company, self.before)

    def assert_right(self, what: str) -> None:
        """The books are those of the day without faults."""
        found = books(self.company)
        assert found.documents == self.right.documents, what
        assert found == self.right, what
        assert found.unbooked == 0, what


@contextmanager
def a_day(
    *,
    known: bool = True,
    wanted: Sequence[Invoice] = TODAY,
    earlier: Sequence[Invoice] = (),
    **switches: Any,
) -> Iterator[Day]:
    """A day that went well, ready to be tried again; ``earlier`` stands in Fortnox before it."""
    with a_company(known=known, **switches) as company:
        if earlier:
            run(company, earlier)
        company.faults.forget_requests()
        before = saved_state(company)
        run(company, wanted)
        yield Day(
            company=company,
            wanted=wanted,
            before=before,
            right=books(company),
            methods=tuple(one.method for one in api_requests(company)),
        )


def booked_twice(company: Company) -> list[str]:
    """References that more than one booked document carries."""
    booked = [
        one["ExternalInvoiceReference1"]
        for one in company.fortnox.table("invoices").values()
        if one["Booked"]
    ]
    return [reference for reference in booked if booked.count(reference) > 1]


def faulty_run(day: Day) -> None:
    """The run that meets the fault; whatever it raises is a kind that the scheduler retries."""
    with suppress(PipelineError):
        run(day.company, day.wanted)
    assert booked_twice(day.company) == []


def fail_once(day: Day, kind: str, nth: int) -> None:
    """A run with one fault, the next run, and the books."""
    day.again()
    fault(day.company, nth, kind.split(maxsplit=1)[0], **AT_ONCE[kind])
    faulty_run(day)
    # A slow answer is carried out before the next run; later ones have a test of their own.
    time.sleep(0.1 if kind == "slow" else 0)
    run(day.company, day.wanted)
    day.assert_right(f"{kind} at request {nth} of {len(day.methods)}")


def act_late(day: Day, kind: str, nth: int) -> None:
    """A write that is carried out after the next run, the run after that, and the books."""
    day.again()
    began = time.monotonic()
    fault(day.company, nth, kind, **LATE[kind])
    faulty_run(day)
    run_until_done(day.company, day.wanted)
    time.sleep(max(0.0, began + LATE_S + 0.25 - time.monotonic()))
    assert booked_twice(day.company) == []
    run(day.company, day.wanted)
    day.assert_right(f"{kind} at request {nth}")
