"""Where a row gets what it does not say: article, account, VAT, unit (recordings, point 13)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from fortnox.sandbox.fortnox.article_fields import ACCOUNT_BY_VAT_TYPE
from fortnox.sandbox.fortnox.chart import STANDARD_VAT_CODES
from fortnox.sandbox.fortnox.errors import (
    ARTICLE_INACTIVE,
    ROW_ACCOUNT_UNKNOWN,
    ROW_ARTICLE_UNKNOWN,
    UNIT_UNKNOWN,
    VALUE_IS_NULL,
    VAT_UNKNOWN,
    ApiError,
)
from fortnox.sandbox.fortnox.ledger import account_of, predefined
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.vat import code_of_rate, find_code, rate_of_account
from fortnox.sandbox.fortnox.wire import Json, Number, number

_SALES_BY_VAT_TYPE = {
    "SEVAT": "SALES",
    "SEREVERSEDVAT": "SALESCONSTR2",
    "EUREVERSEDVAT": "SALESEUREV",
    "EUVAT": "SALESEUVAT",
    "EXPORT": "SALESEXPORT",
}


@dataclass(frozen=True, kw_only=True)
class Context:
    """What a row needs to know of its document."""

    store: Store
    row_keys: Sequence[str]
    counted: str
    reduction: str
    year_id: int
    vat_type: str
    vat_included: bool
    default_discount: Decimal = Decimal(0)


def row_article(store: Store, values: Json) -> Json | None:
    """The article that a row names, or None.

    Raises:
        ApiError: No such article, or it is not active.
    """
    key = values.get("ArticleNumber")
    if not key:
        return None
    article = store.table("articles").get(key)
    if article is None:
        raise ApiError(ROW_ARTICLE_UNKNOWN)
    if not article["Active"]:
        raise ApiError(ARTICLE_INACTIVE)
    return article


def row_account(context: Context, values: Json, article: Json | None, *, needed: bool) -> int:
    """The row's sales account; 0 for a row that is only text.

    The article's account for the customer's VATType wins over the predefined one; whether it also
    wins over the row's own is a switch.

    Raises:
        ApiError: The year's chart has no such account.
    """
    given = int(values.get("AccountNumber") or 0)
    by_vat_type = article is not None and context.store.switches.row_account == "vat_type"
    chosen = 0
    if given and not by_vat_type:
        chosen = given
    elif article is not None:
        chosen = int(article[ACCOUNT_BY_VAT_TYPE[context.vat_type]] or 0)
    if not chosen and needed and (article is not None or "AccountNumber" not in values):
        chosen = predefined(context.store, _SALES_BY_VAT_TYPE[context.vat_type])
    if chosen and account_of(context.store, context.year_id, chosen) is None:
        raise ApiError(ROW_ACCOUNT_UNKNOWN)
    return chosen


def row_vat(
    context: Context, values: Json, article: Json | None, account_number: int
) -> tuple[Number, str | None]:
    """Percent and VATCode of a row: code, percent, article (recordings, point 13), account.

    Raises:
        ApiError: The company has no such code or percent.
    """
    store, name = context.store, values.get("VATCode")
    if name:
        code = find_code(store, name)
        is_own = code not in STANDARD_VAT_CODES
        if code is None or (is_own and store.switches.oss_vat_code == "refuse"):
            raise ApiError(VAT_UNKNOWN)
        return number(code.rate_pct), code.code
    rate_pct = values.get("VAT")
    if rate_pct is None and article is not None and account_number == article["SalesAccount"]:
        rate_pct = article["VAT"]
    if rate_pct is not None:
        return number(code_of_rate(store, rate_pct).rate_pct), None
    return rate_of_account(store, account_of(store, context.year_id, account_number)), None


def row_unit(store: Store, sent: Json, values: Json, article: Json | None) -> str:
    """The row's unit, else its article's, else "".

    Raises:
        ApiError: Sent as null, or nobody has set it up.
    """
    if "Unit" in sent and sent["Unit"] is None:
        raise ApiError(VALUE_IS_NULL)
    unit = values.get("Unit") or (article or {}).get("Unit") or ""
    if unit and unit not in store.table("units"):
        raise ApiError(UNIT_UNKNOWN)
    return str(unit)
