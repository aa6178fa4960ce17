"""A day of a company on the cash method: sent, paid, and proven by the payments' vouchers."""

from datetime import timedelta

from tests.support.step_runs import StepRunner
from tests.support.worlds import END_DAY

DAY = END_DAY - timedelta(days=2)
#: Card sales are paid when they are made; bank transfers stay open.
TYPES = (
    "shop,payment_method,document_type,document_date,bookkeep,terms_of_payment,payment,"
    "mode_of_payment,payment_account\n"
    "*,bacs,invoice,paid,yes,30,none,,\n*,*,invoice,paid,yes,0,book,,1686\n"
)


def test_a_day_is_sent_paid_and_proven_by_its_payments(steps: StepRunner) -> None:
    """The proof would look for vouchers that such a company does not have."""
    years = steps.world.fortnox.table("financialyears")
    for year in list(years.values()):
        years.put(str(year["Id"]), {**year, "AccountingMethod": "CASH"})
    (steps.mappings / "document_types.csv").write_text(TYPES, encoding="utf-8")
    steps.set_shop(cash_method="tested")
    run = steps.run(DAY)
    assert (run.state, run.report["differences"]) == ("success", [])
    table = steps.world.fortnox.table
    invoices = list(table("invoices").values())
    assert invoices
    assert all(one["Sent"] and one["VoucherNumber"] is None for one in invoices)
    assert {one["ReferenceType"] for one in table("vouchers").values()} == {"INVOICEPAYMENT"}
    totals = run.report["totals_ore"]
    paid_ore = sum(round(one["Total"] * 100) for one in invoices if one["Balance"] == 0)
    assert (totals["difference"], totals["ledger"]) == (0, paid_ore)
    accounts = {row["account"]: row["difference_ore"] for row in run.report["accounts"]}
    assert 1686 in accounts
    assert 1510 not in accounts
    assert set(accounts.values()) == {0}
