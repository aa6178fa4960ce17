# ruff: noqa: E501 - the reports are as wide as their providers write them
"""Settlement reports as providers write them, and the accounts of their payouts."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from fortnox.core.mapping import PayoutRow
from fortnox.core.payouts import Payout, PayoutLine, PayoutLineKind, SettlementReports
from fortnox.core.settlement import ReportFile, read_reports

ZONE = ZoneInfo("Europe/Stockholm")
DAY = date(2026, 5, 19)
TODAY = date(2026, 11, 20)

STRIPE = """\
automatic_payout_id,automatic_payout_effective_at,balance_transaction_id,currency,gross,fee,net,reporting_category,description,payment_metadata[order_id]
po_1A,2026-05-19 00:00:00,txn_1,sek,1500.00,37.50,1462.50,charge,Demo shop - Order 1001,1001
po_1A,2026-05-19 00:00:00,txn_2,sek,1000.00,25.00,975.00,charge,Demo shop - Order 1002,
"""

KLARNA = """\
"total_sale_amount";"total_return_amount";"total_fee_amount";"total_tax_amount";"total_settlement_amount";"payment_reference";"settlement_currency";"payout_date";"merchant_settlement_type"
"4000.00";"400.00";"100.00";"25.00";"3475.00";"5501234567";"SEK";"2026-05-19T07:45:00Z";"NET"

"type";"capture_date";"sale_date";"order_id";"short_order_id";"capture_id";"merchant_reference1";"amount";"tax_amount";"detailed_type"
"SALE";"2026-05-17T08:00:00Z";"2026-05-16T08:00:00Z";"c504a9bb";"9875QW2";"cap-1";"1003";"4000.00";"";"PURCHASE"
"FEE";"2026-05-17T08:00:00Z";"2026-05-16T08:00:00Z";"c504a9bb";"9875QW2";"cap-1";"1003";"-100.00";"-25.00";"PURCHASE_FEE_PERCENTAGE"
"RETURN";"2026-05-18T08:00:00Z";"2026-05-16T08:00:00Z";"c504a9bc";"9875QW3";"";"0999";"-400.00";"";"PURCHASE_RETURN"
"""

SWISH = """\
* Swish-rapport Avser 2026-05-19 - 2026-05-19 Skapad 2026-05-20 12:39 CEST
Radnr,Clnr,Kontonr,Bokfdag,Transdag,Valutadag,Mottagarnr,Mottagarnamn,Avsändarnr,Avsändarnamn,Meddelande,Tid,Belopp,Orderreferens
1,83279,7644370772,2026-05-19,2026-05-18,2026-05-19,1234154241,Handel AB,+46700000001,Ragnhild Hemligsson,Hej,21:10,349.00,1004
2,83279,7644370772,2026-05-19,2026-05-19,2026-05-19,1234154241,Handel AB,+46700000002,Bo Hemligsson,,01:02,-49.00,
"""

PAYPAL_STL = """\
"RH","2026/05/20 05:00:00 +0200","A","SELLER",9
"CH","Transaction ID","Invoice ID","PayPal Reference ID","PayPal Reference ID Type","Transaction Event Code","Transaction Initiation Date","Transaction Completion Date","Transaction  Debit or Credit","Gross Transaction Amount","Gross Transaction Currency","Fee Debit or Credit","Fee Amount","Fee Currency"
"SB","8AB","1005","","","T0006","2026/05/18 15:00:00 -0700","2026/05/18 15:00:00 -0700","CR","50000","SEK","DR","1950","SEK"
"SB","8AC","","","","T0400","2026/05/19 11:00:00 +0200","2026/05/19 11:00:00 +0200","DR","40000","SEK","","","SEK"
"SF","1"
"""

PAYPAL_ACTIVITY = """\
"Date","Time","TimeZone","Name","Type","Status","Currency","Gross","Fee","Net","Transaction ID","Invoice Number"
"19/05/2026","10:00:00","CEST","Ragnhild","Express Checkout Payment","Completed","SEK","1 000,00","-37,50","962,50","9XA","1006"
"19/05/2026","12:00:00","CEST","","General Withdrawal","Completed","SEK","-900,00","0,00","-900,00","9XB",""
"19/05/2026","12:30:00","CEST","Ragnhild","Express Checkout Payment","Pending","SEK","10,00","0,00","10,00","9XC","1007"
"""

OWN = """\
provider;payout_id;payout_date;currency;type;amount;vat;vat_treatment;order;line_id;text
svea;S-77;2026-05-19;SEK;sale;2500,00;;;1008;1;
svea;S-77;2026-05-19;SEK;fee;-62,50;;exempt;;2;
svea;S-77;2026-05-19;SEK;service_fee;-40,00;;reverse_charge;;3;
svea;S-77;2026-05-19;SEK;service_fee;-8,00;-2,00;;;4;
svea;S-77;2026-05-19;SEK;payout;2387,50;;;;;
"""


def read(text: str, *, name: str = "report.csv", provider: str = "") -> SettlementReports:
    """One report, read on 20 November 2026."""
    file = ReportFile(name=name, content=text.encode(), provider=provider)
    return read_reports([file], ZONE, TODAY)


def one_payout(text: str, **changed: str) -> Payout:
    """The only payout of a report that is read without complaint."""
    reports = read(text, **changed)
    assert reports.unreadable == ()
    (payout,) = reports.payouts
    return payout


def payout(*lines: PayoutLine, **changed: Any) -> Payout:
    """A payout of Stripe that adds up unless told otherwise."""
    values: dict[str, Any] = {
        "provider": "stripe",
        "payout_id": "po_1",
        "day": DAY,
        "currency": "SEK",
        "net_ore": sum(line.amount_ore + line.vat_ore for line in lines),
        "lines": lines,
        "source": "report.csv",
    }
    return Payout(**{**values, **changed})


def line(ore: int, kind: str = "sale", line_id: str = "1", **changed: Any) -> PayoutLine:
    """A line by its amount in öre."""
    return PayoutLine(line_id=line_id, kind=PayoutLineKind(kind), amount_ore=ore, **changed)


def payout_row(**changed: Any) -> PayoutRow:
    """Accounts as the accounting cases have them: one clearing account for all providers."""
    values: dict[str, Any] = {
        "shop": "*",
        "provider": "stripe",
        "clearing_account": 1686,
        "bank_account": 1930,
        "fee_account": 6570,
        "fee_vat": "exempt",
    }
    return PayoutRow(**{**values, **changed})
