"""Rows of a document: what a row takes from its article, its account and the customer.

Source of the update rules: facts observed by integrators and repeated in Fortnox's OpenAPI texts
(rows matched by RowId, else by position, inheriting what was not sent).
"""

from collections.abc import Sequence
from decimal import Decimal

from fortnox.sandbox.fortnox import housework
from fortnox.sandbox.fortnox.documents import Line, line_total, vat_of
from fortnox.sandbox.fortnox.errors import (
    AMOUNT_TOO_LARGE,
    BAD_STRUCTURE,
    BAD_VALUE,
    ROW_EMPTY,
    TOO_MANY_ROWS,
    ApiError,
)
from fortnox.sandbox.fortnox.fields import API_BLANK, Fields, read
from fortnox.sandbox.fortnox.ledger import require_cost_center
from fortnox.sandbox.fortnox.row_sources import (
    Context,
    row_account,
    row_article,
    row_unit,
    row_vat,
)
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.vat import vat_account_of
from fortnox.sandbox.fortnox.wire import (
    Json,
    Number,
    hundredths,
    kronor,
    number,
    quantity_text,
    to_ore,
)

_QUANTITIES = ("DeliveredQuantity", "OrderedQuantity", "Quantity")
_MOST_HOURS = 999
_MAX_ROWS = 500
_LARGEST_ORE = 10**17
#: Never inherited by a row that takes another's place in an update.
_COMPUTED = (
    "ContributionPercent",
    "ContributionValue",
    "Cost",
    "PriceExcludingVAT",
    "ReservedQuantity",
    "RowId",
    "Total",
    "TotalExcludingVAT",
)


def read_rows(fields: Fields, sent: Sequence[object]) -> list[Json]:
    """Check the rows of a request body.

    Raises:
        ApiError: Too many, not objects, or a field that does not fit.
    """
    if len(sent) > _MAX_ROWS:
        raise ApiError(TOO_MANY_ROWS)
    if not all(isinstance(row, dict) for row in sent):
        raise ApiError(BAD_STRUCTURE)
    return [read(fields, row) for row in sent]


def resolve_rows(context: Context, rows: Sequence[Json], old: Sequence[Json]) -> list[Json]:
    """The document's rows after a POST (no old rows) or a PUT.

    Args:
        context: The document.
        rows: Checked rows of the request.
        old: The rows that the document has.

    Raises:
        ApiError: A row that Fortnox refuses; the document is then unchanged.
    """
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


def _resolve(context: Context, sent: Json, before: Json | None) -> Json:
    values = _merged(sent, before)
    article = row_article(context.store, values)
    quantities = {name: hundredths(Decimal(values.get(name) or 0)) for name in _QUANTITIES}
    quantity = quantities[context.counted]
    price = _price(values, article)
    text = values.get("Description") or (article or {}).get("Description") or ""
    if any(quantities.values()) and not text and article is None:
        raise ApiError(ROW_EMPTY)
    account_number = row_account(context, values, article, needed=bool(price or quantity))
    rate_pct, code = row_vat(context, values, article, account_number)
    row = {
        **_housework(context, values),
        **_amounts(context, values, quantity, price, rate_pct),
        **{name: quantity_text(value) for name, value in quantities.items()},
        "AccountNumber": account_number,
        "ArticleNumber": values.get("ArticleNumber") or "",
        "Cost": 0,
        "CostCenter": require_cost_center(context.store, str(values.get("CostCenter") or "")),
        "Description": text.replace("\r", "").replace("\n", " "),
        "Project": values.get("Project") or "",
        "ReservedQuantity": "0",
        "RowId": context.store.next_number("row"),
        "StockPointCode": values.get("StockPointCode"),
        "StockPointId": values.get("StockPointId"),
        "Unit": row_unit(context.store, sent, values, article),
        "VAT": rate_pct,
        "VATCode": code,
    }
    shown = {name: row[name] for name in context.row_keys}
    return {**shown, "VATCode": code} if code else shown


def _price(values: Json, article: Json | None) -> Decimal:
    """The row's price, else the article's [inferred: only rows with a price were recorded]."""
    price = values.get("Price")
    if price is None and article is not None:
        price = article["SalesPrice"]
    return hundredths(Decimal(price or 0))


def _amounts(
    context: Context, values: Json, quantity: Decimal, price: Decimal, rate_pct: Number
) -> Json:
    discount = values.get("Discount")
    discount = context.default_discount if discount is None else Decimal(discount)
    kind = values.get("DiscountType") or "PERCENT"
    total_ore, _ = line_total(quantity, price, discount, kind)
    if abs(total_ore) > _LARGEST_ORE:
        raise ApiError(AMOUNT_TOO_LARGE)
    net_ore = _without_vat(total_ore, rate_pct, included=context.vat_included)
    net_price_ore = _without_vat(to_ore(price), rate_pct, included=context.vat_included)
    # A negative price times nothing is a negative zero in Fortnox (recording 4.21).
    contribution = "-0" if price < 0 and not net_ore else str(kronor(net_ore))
    return {
        "ContributionPercent": "100" if net_ore else "0",
        "ContributionValue": contribution,
        "Discount": number(discount),
        "DiscountType": kind,
        "Price": number(price),
        "PriceExcludingVAT": kronor(net_price_ore),
        "Total": kronor(total_ore),
        "TotalExcludingVAT": kronor(net_ore),
    }


def _housework(context: Context, values: Json) -> Json:
    is_housework, work = bool(values.get("HouseWork")), values.get("HouseWorkType")
    hours = values.get("HouseWorkHoursToReport")
    if hours is not None and not 0 <= hours <= _MOST_HOURS:
        raise ApiError(BAD_VALUE, name="HouseWorkHoursToReport")
    housework.check(context.reduction, is_housework=is_housework, work=work)
    return {"HouseWork": is_housework, "HouseWorkHoursToReport": hours, "HouseWorkType": work}


def _without_vat(amount_ore: int, rate_pct: Number, *, included: bool) -> int:
    return amount_ore - vat_of(amount_ore, rate_pct, vat_included=True) if included else amount_ore


def _merged(sent: Json, before: Json | None) -> Json:
    """Old values, overlaid with what was sent; null and API_BLANK clear, "" keeps."""
    values = {k: v for k, v in (before or {}).items() if v is not None and k not in _COMPUTED}
    for name, value in sent.items():
        if value is None or value == API_BLANK:
            values.pop(name, None)
        elif value != "":
            values[name] = value
    return values


def line_of(store: Store, row: Json, header: Json, counted: str) -> Line:
    """A resolved row as the arithmetic sees it.

    Args:
        store: The company.
        row: The row.
        header: Its document; the cost centre and project that a row lacks are the document's.
        counted: The row's field that is multiplied with the price.
    """
    total_ore, discount_ore = line_total(
        Decimal(row[counted]),
        Decimal(row["Price"]),
        Decimal(row["Discount"]),
        row["DiscountType"],
    )
    return Line(
        account=int(row["AccountNumber"]),
        rate_pct=row["VAT"],
        vat_account=vat_account_of(store, row["VAT"], row.get("VATCode")),
        total_ore=total_ore,
        discount_ore=discount_ore,
        cost_center=row["CostCenter"] or header["CostCenter"],
        project=row["Project"] or header["Project"],
    )
