"""Requests per document, by the sandbox's log, beside what the rivals' code makes."""

from collections.abc import Iterator

from tests.bench.figures import Figure, at_most
from tests.support.request_counts import CountedCompany, delivered, sold, wanted

from fortnox.core.orders import Order

_FEW, _MANY = 5, 25
#: Payment method -> what it is, our floor for a new customer, what rivals' code makes.
_CASES = {
    "draft": ("invoice left unbooked, new customer", 2, "5 to 12 (known customer)"),
    "cash": ("cash invoice, booked, new customer", 3, ""),
    "paid": ("invoice, booked and paid, new customer", 5, "5 to 18"),
    "order_paid": ("order, invoiced, booked and paid, new customer", 7, "17 to 18"),
}


def measure() -> Iterator[Figure]:
    """Requests that ten documents more cost, each; and a second run over the same day."""
    for method, (what, floor, rivals) in _CASES.items():
        company = CountedCompany()
        spent = [
            company.apply(wanted(_orders(method, 1_000_000 + 1000 * count, count)))
            for count in (_FEW, _MANY)
        ]
        each = (spent[1].requests - spent[0].requests) / (_MANY - _FEW)
        said = f"floor {floor}" + (f"; rivals {rivals}" if rivals else "")
        yield at_most(f"requests: {what}", "each", [each], floor + 0.1, said)
    company = CountedCompany()
    day = wanted([sold(1_000_000 + n, "paid") for n in range(_MANY)])
    company.apply(day)
    again = company.apply(day)
    yield at_most("second run over the same day: writes", "", [again.writes], 0)
    yield at_most("second run over the same day: reads", "", [again.reads], 10)


def _orders(method: str, first: int, count: int) -> list[Order]:
    made = [sold(first + n, method) for n in range(count)]
    return [delivered(one) for one in made] if method.startswith("order_") else made
