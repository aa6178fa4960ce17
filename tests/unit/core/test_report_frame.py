"""The frame of every report: its verdict, its pages, its lengths."""

import pytest

from fortnox.core.report_frame import PAGE_ROWS, details_of, in_pages, verdict_of


@pytest.mark.parametrize(
    ("broken", "differences", "held", "verdict"),
    [
        (["no ledger"], ["a difference"], ["a refund"], "not_delivered"),
        ([], ["a difference"], ["a refund"], "differs"),
        ([], -1, [], "differs"),
        ([], [], ["a refund"], "held"),
        ([], 0, [], "reconciled"),
    ],
)
def test_the_worst_that_is_true_is_the_verdict(broken, differences, held, verdict):
    """A green verdict over a difference would be believed."""
    assert verdict_of(broken=broken, differences=differences, held=held) == verdict


@pytest.mark.parametrize("rows", [0, 1, PAGE_ROWS, PAGE_ROWS + 1, 3 * PAGE_ROWS])
def test_every_row_is_on_one_of_the_pages_that_are_announced(rows):
    """The page would stop before the last orders, or ask for a page that is not there."""
    pages = in_pages([{"order_id": str(number)} for number in range(rows)])
    told = details_of(rows)
    assert told["rows"] == sum(map(len, pages)) == rows
    assert told["pages"] == len(pages)
    assert [row["order_id"] for page in pages for row in page] == [str(n) for n in range(rows)]
