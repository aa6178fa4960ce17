"""What came of one document: told, counted, and never in the way of the others."""

import logging

import pytest
from tests.support.once import TODAY

from fortnox.api.outcome import Outcome, attempt
from fortnox.core.documents import Held
from fortnox.core.errors import FatalError, LeaseTakenError, UnknownOutcomeError, UnreachableError

INVOICE = TODAY[0]


def _raises(error: Exception) -> object:
    raise error


@pytest.mark.parametrize(
    "error", [KeyError("Ada"), ValueError("ada@example.com"), ZeroDivisionError(), TypeError("Ada")]
)
def test_an_error_that_nobody_foresaw_holds_its_document(
    error: Exception, caplog: pytest.LogCaptureFixture
):
    """A thousand other orders would wait for one odd value; and it may be a buyer's name."""
    with caplog.at_level(logging.DEBUG):
        came = attempt(lambda: _raises(error), INVOICE, "17")
    assert isinstance(came, Held)
    assert (came.code, came.order_id) == ("unforeseen", INVOICE.order_id)
    assert f"{type(error).__name__} at test_outcome.py:" in came.reason
    assert "ada" not in (came.reason + caplog.text).lower()


@pytest.mark.parametrize("error", [UnknownOutcomeError("no answer"), UnreachableError("500")])
def test_a_document_without_an_answer_asks_for_a_new_try(error: UnreachableError):
    """The others go on; then the run is tried again, and says how many are left."""
    outcome = Outcome()
    assert outcome.take(attempt(lambda: _raises(error), INVOICE)) is None
    with pytest.raises(UnreachableError, match="no good answer about 1 documents"):
        outcome.raise_unanswered()


def test_three_documents_without_an_answer_stop_the_run():
    """Each costs a minute of trying: an outage must not be tried out a thousand times."""
    outcome = Outcome()
    for _ in range(2):
        outcome.take(UnreachableError("500"))
    with pytest.raises(UnreachableError):
        outcome.take(UnreachableError("500"))


@pytest.mark.parametrize("error", [FatalError("no rights"), LeaseTakenError("another run")])
def test_what_concerns_all_documents_stops_them_all(error: Exception):
    """Without rights, or with another run at work, no further request may be sent."""
    with pytest.raises(type(error)):
        attempt(lambda: _raises(error), INVOICE)
