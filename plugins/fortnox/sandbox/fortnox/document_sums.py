"""Totals of a document and the fields that follow from them."""

from decimal import Decimal

from fortnox.sandbox.fortnox.document_kinds import RULES, Kind
from fortnox.sandbox.fortnox.document_rows import line_of
from fortnox.sandbox.fortnox.documents import Line, Totals, totals, vat_of
from fortnox.sandbox.fortnox.ledger import account_of, predefined, year_of
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.vat import rate_of_account, vat_account_of
from fortnox.sandbox.fortnox.wire import Json, kronor, number, to_ore

#: Customers that are billed without VAT, freight and fees included.
_WITHOUT_VAT = ("SEREVERSEDVAT", "EUREVERSEDVAT", "EXPORT")
_FEES = (
    ("Freight", "FREIGHT", "FreightVAT"),
    ("AdministrationFee", "ADMFEE", "AdministrationFeeVAT"),
)


def fee_lines(store: Store, data: Json, year_id: int) -> dict[str, Line]:
    """Freight and administration fee as lines on their predefined accounts."""
    lines = {}
    for name, role, _ in _FEES:
        amount_ore = to_ore(data[name] or 0)
        if amount_ore:
            account = predefined(store, role)
            rate_pct = rate_of_account(store, account_of(store, year_id, account))
            if data[RULES]["vat_type"] in _WITHOUT_VAT:
                rate_pct = 0
            lines[name] = Line(
                account=account,
                rate_pct=rate_pct,
                vat_account=vat_account_of(store, rate_pct, None),
                total_ore=amount_ore,
                cost_center=data["CostCenter"],
                project=data["Project"],
            )
    return lines


def sums(store: Store, kind: Kind, data: Json, year_id: int) -> Totals:
    """Totals of a document by the rules that it was made under."""
    lines = [line_of(store, row, data, kind.counted) for row in data[kind.rows]]
    lines += fee_lines(store, data, year_id).values()
    return totals(
        [line for line in lines if line.total_ore or line.discount_ore],
        vat_included=data["VATIncluded"],
        vat_rounding=data[RULES]["vat_rounding"],
        krona_rounding=data[RULES]["krona_rounding"],
    )


def calculated(store: Store, kind: Kind, data: Json, year_id: int) -> Json:
    """The document with all its computed fields."""
    result = sums(store, kind, data, year_id)
    sign = 1 if store.switches.roundoff_sign == "added" else -1
    computed = {
        "ContributionPercent": 100 if result.net_ore else 0,
        "ContributionValue": kronor(result.net_ore),
        "Gross": kronor(result.gross_ore),
        "HouseWork": data["TaxReductionType"] != "none",
        "Net": kronor(result.net_ore),
        "RoundOff": kronor(sign * result.round_off_ore),
        "Total": kronor(result.total_ore),
        "TotalToPay": kronor(result.total_ore),
        "TotalVAT": kronor(result.vat_ore),
        **_fee_fields(store, data, year_id),
    }
    if kind.is_ledger_document:
        is_credit = result.total_ore < 0 or data["CreditInvoiceReference"] != "0"
        year = year_of(store, data[kind.day]) or {}
        computed["AccountingMethod"] = year["AccountingMethod"]
        computed["Balance"] = kronor(result.total_ore)
        computed["Credit"] = "true" if is_credit else "false"
    return {**data, **computed}


def _fee_fields(store: Store, data: Json, year_id: int) -> Json:
    fields: Json = {}
    lines = fee_lines(store, data, year_id)
    for name, _, vat_name in _FEES:
        line = lines.get(name)
        vat_ore = 0
        if line is not None:
            vat_ore = vat_of(line.total_ore, line.rate_pct, vat_included=data["VATIncluded"])
        fields[vat_name] = kronor(vat_ore)
        fields[name] = number(Decimal(data[name] or 0))
    return fields
