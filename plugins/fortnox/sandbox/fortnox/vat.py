"""The company's VAT codes: which percent and which VAT account a row or an account means.

VAT is booked on the account of the rate's code, not on the sales account's (Fortnox support); a
row that names a VATCode is booked by that code, percent and account both.
"""

from decimal import Decimal

from fortnox.sandbox.fortnox.chart import VatCode
from fortnox.sandbox.fortnox.errors import VAT_UNKNOWN, ApiError
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.wire import Json, Number, number


def find_code(store: Store, code: object) -> VatCode | None:
    """The VAT code of a name, or None."""
    return next((one for one in store.company.vat_codes if one.code == code), None)


def code_of_rate(store: Store, rate_pct: Decimal | int) -> VatCode:
    """The code that a percent alone stands for: the company's first of that percent.

    Raises:
        ApiError: Nobody has set up that percent.
    """
    for one in store.company.vat_codes:
        if one.rate_pct == rate_pct:
            return one
    raise ApiError(VAT_UNKNOWN)


def rate_of_account(store: Store, account: Json | None) -> Number:
    """Percent that an account's VAT code stands for; 0 without account or code."""
    found = None if account is None else find_code(store, account["VATCode"])
    return 0 if found is None else number(found.rate_pct)


def vat_account_of(store: Store, rate_pct: Decimal | int, code: str | None) -> int:
    """Output VAT account of a row, 0 = none.

    Raises:
        ApiError: No such code or percent.
    """
    if not code:
        return code_of_rate(store, rate_pct).account
    found = find_code(store, code)
    if found is None:
        raise ApiError(VAT_UNKNOWN)
    return found.account
