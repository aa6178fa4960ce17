"""Apply on a company on the cash method, over HTTP, whatever Fortnox turns out to do there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from tests.acceptance.books import Books, books
from tests.support.builders import DAY, buyer, day_window, line, mappings, order, shop_row
from tests.support.once import OF_CASH_METHOD

from fortnox.api.apply import Outcome, apply_invoices
from fortnox.core.documents import Invoice
from fortnox.core.errors import PipelineError
from fortnox.core.transform import transform
from fortnox.sandbox.faults import FaultRule
from fortnox.sandbox.fortnox.unknowns import UNKNOWNS

SHOP = shop_row(cash_method="tested")
SALE = {1686: 12500, 3001: -10000, 2611: -2500}
ANSWERS: list[dict[str, Any]] = [
    {},
    *(
        {one.name: answer}
        for one in UNKNOWNS
        for answer in one.others
        if one.name in OF_CASH_METHOD
    ),
]
TYPES = (
    "shop,payment_method,document_type,document_date,bookkeep,terms_of_payment,payment,"
    "mode_of_payment,payment_account\n*,*,invoice,paid,yes,0,book,,1686\n"
)


def sale() -> tuple[Invoice, ...]:
    found = transform(
        [order(line(), buyer=buyer(email="ada@example.com"))],
        (),
        shop=SHOP,
        mappings=mappings(document_types=TYPES),
        window=day_window(DAY),
    )
    assert found.held == ()
    return found.invoices


@contextmanager
def cash_books(**switches: Any) -> Iterator[Books]:
    with books(accounting_method="CASH", **switches) as company:
        yield company


def apply(company: Books, invoices: tuple[Invoice, ...]) -> Outcome:
    client = company.world.client()
    return apply_invoices(client, SHOP, invoices, sleep=lambda _: None)


def posted(company: Books) -> list[dict[int, int]]:
    return [dict(rows) for rows in company.vouchers().values()]


def written(company: Books) -> int:
    log = company.world.control("requests")
    return sum(one["method"] != "GET" and one["path"].startswith("/3/") for one in log["requests"])


@pytest.mark.parametrize("switches", ANSWERS, ids=str)
def test_a_paid_sale_is_posted_once_by_its_payment(switches: dict[str, Any]):
    """The sale would be posted twice, or not at all, if Fortnox answers otherwise than we think."""
    with cash_books(**switches) as company:
        first = apply(company, sale())
        assert (first.held, first.created, first.booked, first.paid) == ([], 1, 0, 1)
        assert posted(company) == [SALE]
        before = written(company)
        assert apply(company, sale()).unchanged == 1
        assert (posted(company), written(company)) == ([SALE], before)


def test_paid_later_the_payment_follows():
    """An invoice that is sent and then paid would stay out of the books."""
    (invoice,) = sale()
    with cash_books() as company:
        apply(company, (replace(invoice, payment=None),))
        assert posted(company) == []
        (document,) = company.live_documents().values()
        assert document.sent
        assert apply(company, (invoice,)).paid == 1
        assert posted(company) == [SALE]


@pytest.mark.parametrize(
    "path",
    [r"/3/invoices$", r"/3/invoices/\d+/externalprint", r"/3/invoicepayments"],
)
@pytest.mark.parametrize("kind", ["drop_after", "status_before"])
def test_whatever_answer_is_lost_the_sale_stands_once(path: str, kind: str):
    """A crash between sending and paying would leave the sale unposted or post it twice."""
    with cash_books() as company:
        assert company.world.faults is not None
        company.world.faults.add(FaultRule(method="*", path=path, kind=kind, status=503))
        for _ in range(3):
            try:
                apply(company, sale())
            except PipelineError:
                continue
        assert posted(company) == [SALE]
        assert len(company.live_documents()) == 1
