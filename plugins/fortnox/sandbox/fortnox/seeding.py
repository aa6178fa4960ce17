"""Many documents at once, the same ones for the same number: for load, paging and staging."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from fortnox.sandbox.fortnox.wire import Answer, Json

#: Sales account and rate of a row.
_SALES = ((3001, 25), (3002, 12), (3003, 6))
_DAYS = 28
_MOST = 50_000

Act = Callable[[str, str, Json | None], Answer]


class Seeded(NamedTuple):
    """How many were made."""

    customers: int
    invoices: int
    booked: int


def seed(act: Act, *, customers: int, invoices: int, first_day: date, number: int) -> Seeded:
    """Make customers and invoices over four weeks; three of four invoices are bookkept.

    Args:
        act: Performs a call below ``/3``.
        customers: How many to make.
        invoices: How many to make, shared out among these customers.
        first_day: Date of the first invoices.
        number: The same number makes the same documents.

    Raises:
        ValueError: Too many or less than none, or Fortnox refuses one.
    """
    if not (0 <= customers <= _MOST and 0 <= invoices <= _MOST) or (invoices and not customers):
        msg = f"0 to {_MOST} of each, and invoices need customers"
        raise ValueError(msg)
    chance = Random(number)  # noqa: S311 - not for secrets
    names = [
        str(_made(act("POST", "customers", _customer(n)), "Customer")["CustomerNumber"])
        for n in range(1, customers + 1)
    ]
    booked = 0
    for n in range(invoices):
        body = _invoice(chance, chance.choice(names), first_day + timedelta(days=n % _DAYS))
        document = _made(act("POST", "invoices", body), "Invoice")["DocumentNumber"]
        if n % 4:
            _made(act("PUT", f"invoices/{document}/bookkeep", None), "Invoice")
            booked += 1
    return Seeded(customers, invoices, booked)


def _made(answer: Answer, envelope: str) -> Json:
    body = answer.body
    if not isinstance(body, dict) or envelope not in body:
        msg = f"refused: {body!r}"
        raise ValueError(msg)
    return dict(body[envelope])


def _customer(n: int) -> Json:
    return {"Customer": {"Name": f"Kund {n}", "Email": f"kund{n}@example.com", "Type": "PRIVATE"}}


def _invoice(chance: Random, customer: str, day: date) -> Json:
    rows = []
    for account, rate_pct in chance.sample(_SALES, chance.randint(1, len(_SALES))):
        rows.append(
            {
                "AccountNumber": account,
                "DeliveredQuantity": chance.randint(1, 4),
                "Description": "Vara",
                "Price": f"{chance.randint(100, 99_999) / 100:.2f}",
                "VAT": rate_pct,
            }
        )
    return {
        "Invoice": {
            "CustomerNumber": customer,
            "InvoiceDate": day.isoformat(),
            "InvoiceRows": rows,
            "VATIncluded": True,
        }
    }
