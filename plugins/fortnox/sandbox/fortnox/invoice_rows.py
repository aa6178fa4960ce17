"""Rows of an invoice: what a row takes from its article, its account and the customer.

Source of the update rules: facts observed by integrators and repeated in Fortnox's OpenAPI texts
(rows matched by RowId, else by position, inheriting what was not sent).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from fortnox.sandbox.fortnox.article_fields import ACCOUNT_BY_VAT_TYPE
from fortnox.sandbox.fortnox.chart import RATE_CODES, VAT_CODES, rate_of
from fortnox.sandbox.fortnox.documents import Line, line_total, vat_of
from fortnox.sandbox.fortnox.errors import (
    ARTICLE_INACTIVE,
    BAD_STRUCTURE,
    BAD_VALUE,
    COST_CENTER_UNKNOWN,
    ROW_ACCOUNT_UNKNOWN,
    ROW_ARTICLE_UNKNOWN,
    ROW_EMPTY,
    TOO_MANY_ROWS,
    UNIT_UNKNOWN,
    VALUE_IS_NULL,
    VAT_UNKNOWN,
    ApiError,
)
from fortnox.sandbox.fortnox.fields import API_BLANK, Field, read, texts
from fortnox.sandbox.fortnox.ledger import account_of, predefined
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.wire import (
    Json,
    hundredths,
    kronor,
    number,
    quantity_text,
    to_ore,
)

_HOUSEWORK = (
    "CONSTRUCTION ELECTRICITY GLASSMETALWORK GROUNDDRAINAGEWORK MASONRY PAINTINGWALLPAPERING HVAC "
    "MAJORAPPLIANCEREPAIR MOVINGSERVICES ITSERVICES CLEANING TEXTILECLOTHING SNOWPLOWING "
    "GARDENING BABYSITTING OTHERCARE OTHERCOSTS SOLARCELLS STORAGESELFPRODUCEDELECTRICITY "
    "CHARGINGSTATIONELECTRICVEHICLE HOMEMAINTENANCE FURNISHING TRANSPORTATIONSERVICES "
    "WASHINGANDCAREOFCLOTHING"
)
_FIELDS = {
    "AccountNumber": Field("int"),
    "DeliveredQuantity": Field("number"),
    "Description": Field("text", 255),
    "Discount": Field("number"),
    "DiscountType": Field("text", choices=("AMOUNT", "PERCENT")),
    "HouseWork": Field("bool"),
    "HouseWorkHoursToReport": Field("int"),
    "HouseWorkType": Field("text", choices=tuple(_HOUSEWORK.split())),
    "Price": Field("number"),
    "RowId": Field("int"),
    "VAT": Field("int"),
    **texts("ArticleNumber", "CostCenter", "Project", "StockPointCode", "Unit", "VATCode"),
}
_MAX_ROWS = 500
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
    year_id: int
    vat_type: str
    vat_included: bool
    default_discount: Decimal = Decimal(0)


def resolve_rows(context: Context, sent: Sequence[object], old: Sequence[Json]) -> list[Json]:
    """The document's rows after a POST (no old rows) or a PUT.

    Raises:
        ApiError: A row that Fortnox refuses; the document is then unchanged.
    """
    if len(sent) > _MAX_ROWS:
        raise ApiError(TOO_MANY_ROWS)
    rows = []
    for row in sent:
        if not isinstance(row, dict):
            raise ApiError(BAD_STRUCTURE)
        rows.append(read(_FIELDS, row))
    by_id = {row["RowId"]: row for row in old}
    use_ids = any(row.get("RowId") for row in rows)
    resolved = []
    for position, row in enumerate(rows):
        before = old[position] if position < len(old) else None
        if use_ids:
            before = by_id.get(row.get("RowId"))
            if row.get("RowId") and before is None:
                raise ApiError(BAD_VALUE, name="RowId")
        resolved.append(_resolve(context, row, before))
    return resolved


def _resolve(context: Context, sent: dict[str, Any], before: Json | None) -> Json:
    values = _merged(sent, before)
    article = _article(context.store, values)
    quantity = hundredths(Decimal(values.get("DeliveredQuantity") or 0))
    price = hundredths(Decimal(values.get("Price") or 0))
    text = values.get("Description") or (article or {}).get("Description") or ""
    if quantity and not text and article is None:
        raise ApiError(ROW_EMPTY)
    account_number = _account(context, values, article, price=price)
    rate_pct, code = _vat(context, values, account_number)
    discount = values.get("Discount")
    discount = context.default_discount if discount is None else Decimal(discount)
    kind = values.get("DiscountType") or "PERCENT"
    total_ore, _ = line_total(quantity, price, discount, kind)
    net_ore = _without_vat(total_ore, rate_pct, included=context.vat_included)
    net_price_ore = _without_vat(to_ore(price), rate_pct, included=context.vat_included)
    # A negative price times nothing is a negative zero in Fortnox (recording 4.21).
    contribution = "-0" if price < 0 and not net_ore else str(kronor(net_ore))
    return {
        "AccountNumber": account_number,
        "ArticleNumber": values.get("ArticleNumber") or "",
        "ContributionPercent": "100" if net_ore else "0",
        "ContributionValue": contribution,
        "Cost": 0,
        "CostCenter": _cost_center(context.store, values),
        "DeliveredQuantity": quantity_text(quantity),
        "Description": text.replace("\r", "").replace("\n", " "),
        "Discount": number(discount),
        "DiscountType": kind,
        "HouseWork": bool(values.get("HouseWork")),
        "HouseWorkHoursToReport": values.get("HouseWorkHoursToReport"),
        "HouseWorkType": values.get("HouseWorkType"),
        "Price": number(price),
        "PriceExcludingVAT": kronor(net_price_ore),
        "Project": values.get("Project") or "",
        "RowId": context.store.next_number("row"),
        "StockPointCode": values.get("StockPointCode"),
        "Total": kronor(total_ore),
        "TotalExcludingVAT": kronor(net_ore),
        "Unit": _unit(context.store, sent, values, article),
        "VAT": rate_pct,
        "VATCode": code,
    }


def _without_vat(amount_ore: int, rate_pct: int, *, included: bool) -> int:
    return amount_ore - vat_of(amount_ore, rate_pct, vat_included=True) if included else amount_ore


def _merged(sent: dict[str, Any], before: Json | None) -> dict[str, Any]:
    """Old values, overlaid with what was sent; null and API_BLANK clear, "" keeps."""
    values = {} if before is None else {name: before[name] for name in _FIELDS if name in before}
    for name, value in sent.items():
        if value is None or value == API_BLANK:
            values.pop(name, None)
        elif value != "":
            values[name] = value
    return values


def _article(store: Store, values: dict[str, Any]) -> Json | None:
    key = values.get("ArticleNumber")
    if not key:
        return None
    article = store.table("articles").get(key)
    if article is None:
        raise ApiError(ROW_ARTICLE_UNKNOWN)
    if not article["Active"]:
        raise ApiError(ARTICLE_INACTIVE)
    return article


def _account(
    context: Context, values: dict[str, Any], article: Json | None, *, price: Decimal
) -> int:
    """The row's sales account; 0 for a row that is only text."""
    given = int(values.get("AccountNumber") or 0)
    by_vat_type = article is not None and context.store.switches.row_account == "vat_type"
    if given and not by_vat_type:
        chosen = given
    elif article is not None:
        chosen = int(article[ACCOUNT_BY_VAT_TYPE[context.vat_type]] or 0)
    elif "AccountNumber" in values or not (price or values.get("DeliveredQuantity")):
        return 0
    else:
        chosen = predefined(context.store, _SALES_BY_VAT_TYPE[context.vat_type])
    if chosen and account_of(context.store, context.year_id, chosen) is None:
        raise ApiError(ROW_ACCOUNT_UNKNOWN)
    return chosen


def _vat(context: Context, values: dict[str, Any], account_number: int) -> tuple[int, str | None]:
    """Percent and VATCode of a row: the code wins, then the percent, then the account's code."""
    code = values.get("VATCode")
    if code:
        if code not in VAT_CODES:
            raise ApiError(VAT_UNKNOWN)
        return VAT_CODES[code].rate_pct, str(code)
    if values.get("VAT") is not None:
        if values["VAT"] not in RATE_CODES:
            raise ApiError(VAT_UNKNOWN)
        return int(values["VAT"]), None
    account = account_of(context.store, context.year_id, account_number)
    return (0 if account is None else rate_of(account["VATCode"] or "")), None


def _unit(store: Store, sent: dict[str, Any], values: dict[str, Any], article: Json | None) -> str:
    if "Unit" in sent and sent["Unit"] is None:
        raise ApiError(VALUE_IS_NULL)
    unit = values.get("Unit") or (article or {}).get("Unit") or ""
    if unit and unit not in store.table("units"):
        raise ApiError(UNIT_UNKNOWN)
    return str(unit)


def _cost_center(store: Store, values: dict[str, Any]) -> str:
    code = values.get("CostCenter") or ""
    if code and code not in store.company.cost_centers:
        raise ApiError(COST_CENTER_UNKNOWN)
    return str(code)


def vat_account(row: Json) -> int:
    """Output VAT account of a row: that of its code, else of its rate's code."""
    return VAT_CODES[row["VATCode"] or RATE_CODES[int(row["VAT"])]].account


def line_of(row: Json) -> Line:
    """A resolved row as the arithmetic sees it."""
    total_ore, discount_ore = line_total(
        Decimal(row["DeliveredQuantity"]),
        Decimal(row["Price"]),
        Decimal(row["Discount"]),
        row["DiscountType"],
    )
    return Line(
        account=int(row["AccountNumber"]),
        rate_pct=int(row["VAT"]),
        vat_account=vat_account(row),
        total_ore=total_ore,
        discount_ore=discount_ore,
    )
