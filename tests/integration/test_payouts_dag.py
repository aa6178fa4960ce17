"""The payouts DAG: dropped reports to vouchers, ledger and balance."""

from typing import Any

from tests.support.airflow_runs import DayRunner
from tests.support.payouts import KLARNA, OWN, STRIPE
from tests.support.step_runs import StepRunner

from fortnox.sandbox.faults import FaultRule


def drop(runner: DayRunner, name: str, text: str) -> None:
    """Put a report where the shop's owner would."""
    path = runner.dropped / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


def vouchers(runner: DayRunner) -> list[dict[str, Any]]:
    """The payout vouchers in Fortnox."""
    table = runner.world.fortnox.table("vouchers").values()
    return [one for one in table if ":payout:" in one["Description"]]


def amounts(voucher: dict[str, Any]) -> dict[int, Any]:
    return {row["Account"]: row["Debit"] - row["Credit"] for row in voucher["VoucherRows"]}


def test_payouts_are_booked_once_and_proven(runner: DayRunner, steps: StepRunner) -> None:
    """The bank's money would be missing in the books, or stand there twice."""
    drop(runner, "stripe-may.csv", STRIPE)
    drop(runner, "klarna/5501234567.csv", KLARNA)
    first = runner.run_payouts()
    assert first.state == "success", first.tasks
    assert first.report["counts"]["created"] == 2
    assert first.report["totals_ore"]["difference"] == 0
    assert first.report["totals_ore"]["ledger"] == first.report["totals_ore"]["shop"] == 591_250
    assert [amounts(one) for one in vouchers(runner)] == [
        {1930: 3475, 6570: 100, 2641: 25, 1686: -3600},
        {1930: 2437.5, 6570: 62.5, 1686: -2500},
    ]
    before = runner.writes()
    second = steps.run_payouts()
    assert second.state == "success"
    assert runner.writes() == before
    assert second.report["counts"]["created"] == 0
    assert second.report["totals_ore"] == first.report["totals_ore"]


def test_each_voucher_has_its_lines_as_a_file(steps: StepRunner) -> None:
    """A voucher without its underlying document is none (BFL 5 kap. 6 §)."""
    drop(steps, "stripe.csv", STRIPE)
    steps.run_payouts()
    (connection,) = steps.world.fortnox.table("voucherfileconnections").values()
    (voucher,) = vouchers(steps)
    assert connection["VoucherNumber"] == str(voucher["VoucherNumber"])
    file = steps.world.fortnox.table("files").get(connection["FileId"])
    assert file["Name"].startswith("demo.payout.stripe.po_1A_")


def test_balance_of_the_clearing_account_is_in_the_report(steps: StepRunner) -> None:
    """Nobody would see that money is left with the provider."""
    drop(steps, "stripe.csv", STRIPE)
    (balance,) = steps.run_payouts().report["clearing"]
    assert balance["account"] == 1686
    assert (balance["payouts_ore"], balance["fees_ore"]) == (243_750, 6_250)
    assert balance["closing_ore"] == balance["ledger_ore"] == -250_000
    assert balance["difference_ore"] == 0


def test_lines_without_a_sale_are_listed(steps: StepRunner) -> None:
    """A sale that was settled and never booked would stay unseen."""
    drop(steps, "stripe.csv", STRIPE)
    report = steps.run_payouts().report
    assert report["verdict"] == "held"
    codes = {row["code"] for row in report["held"]}
    assert codes == {"payout_line_unmatched"}
    assert report["counts"]["unmatched_lines"] == 2


def test_what_is_not_certain_is_held_and_the_rest_goes_on(steps: StepRunner) -> None:
    """One broken download must not keep the other payouts out."""
    drop(steps, "broken.csv", "a,b\n1,2\n")
    drop(steps, "svea.csv", OWN)
    drop(steps, "stripe.csv", STRIPE)
    run = steps.run_payouts()
    assert run.state == "success"
    assert run.report["counts"]["created"] == 1
    codes = {row["code"] for row in run.report["held"]}
    assert {"payout_report_unreadable", "unmapped_provider"} <= codes
    assert run.report["totals_ore"]["held"] == 238_750


def test_an_empty_folder_is_green(steps: StepRunner) -> None:
    """A shop without reports must not look broken each morning."""
    run = steps.run_payouts()
    assert run.state == "success"
    assert run.report["verdict"] == "reconciled"


def test_an_answer_that_is_lost_is_looked_for_before_anything_is_sent_again(
    steps: StepRunner,
) -> None:
    """A voucher can't be cancelled: sent twice, it stands twice."""
    drop(steps, "stripe.csv", STRIPE)
    steps.world.faults.add(FaultRule(method="POST", path=r"/3/vouchers\?", kind="drop_after"))
    first = steps.run_payouts()
    assert len(vouchers(steps)) == 1
    assert first.report["counts"]["documents"] == 1
    second = steps.run_payouts()
    assert len(vouchers(steps)) == 1
    assert second.report["totals_ore"]["difference"] == 0
    assert len(steps.world.fortnox.table("voucherfileconnections").values()) == 1


def test_a_doubled_voucher_is_found_and_its_reversal_proposed(steps: StepRunner) -> None:
    """A late request is carried out hours later: here the promise is to find it."""
    drop(steps, "stripe.csv", STRIPE)
    steps.run_payouts()
    (voucher,) = vouchers(steps)
    body = {
        "VoucherSeries": "A",
        "TransactionDate": voucher["TransactionDate"],
        "Description": voucher["Description"],
        "VoucherRows": [
            {"Account": row["Account"], "Debit": row["Debit"], "Credit": row["Credit"]}
            for row in voucher["VoucherRows"]
        ],
    }
    steps.world.client().create("vouchers", "Voucher", body, financialyear=voucher["Year"])
    run = steps.run_payouts()
    assert run.state == "failed"
    assert run.report["verdict"] == "differs"
    row = run.report["differences"][0]
    assert row["difference_ore"] == 243_750
    assert "all carry this payout" in row["cause"]
    assert row["remedy"] == f"Reverse voucher A {voucher['VoucherNumber'] + 1} in Fortnox."


def with_supplier_invoices(steps: StepRunner) -> None:
    """Stripe is supplier 7; a mode of payment leads to its clearing account."""
    path = steps.mappings / "payouts.csv"
    text = path.read_text(encoding="utf-8")
    row = "*,stripe,1686,1930,6570,exempt,reverse_charge,2641,4535,2645,2614,,voucher,,,"
    assert row in text
    path.write_text(text.replace(row, row.replace("voucher,,,", "supplier_invoice,7,,")))
    client = steps.world.client()
    client.create("suppliers", "Supplier", {"SupplierNumber": "7", "Name": "Stripe"})


def test_fees_as_a_supplier_invoice_bookkept_and_paid(steps: StepRunner) -> None:
    """Shop owners who want the provider in the supplier ledger would book it by hand."""
    with_supplier_invoices(steps)
    drop(steps, "stripe.csv", STRIPE)
    first = steps.run_payouts()
    assert first.state == "success"
    (voucher,) = vouchers(steps)
    assert amounts(voucher) == {1930: 2437.5, 1686: -2437.5}
    (invoice,) = steps.world.fortnox.table("supplierinvoices").values()
    assert (invoice["InvoiceNumber"], invoice["Total"]) == ("po_1A", "62.5")
    assert invoice["Booked"]
    assert invoice["Balance"] == "0"
    (balance,) = first.report["clearing"]
    assert balance["ledger_ore"] == -250_000
    assert balance["difference_ore"] == 0
    before = steps.writes()
    assert steps.run_payouts().state == "success"
    assert steps.writes() == before


def test_a_supplier_invoice_that_failed_is_settled_by_the_next_run(steps: StepRunner) -> None:
    """The voucher stands, and the fee would be missing for ever."""
    with_supplier_invoices(steps)
    drop(steps, "stripe.csv", STRIPE)
    steps.world.faults.add(
        FaultRule(method="POST", path="/3/supplierinvoices", kind="status_before", status=503)
    )
    first = steps.run_payouts()
    assert "payout_fee_invoice" in {row["code"] for row in first.report["held"]}
    assert steps.run_payouts().state == "success"
    (invoice,) = steps.world.fortnox.table("supplierinvoices").values()
    assert invoice["Balance"] == "0"
    assert len(vouchers(steps)) == 1


def test_a_persons_draft_is_neither_booked_nor_deleted(steps: StepRunner) -> None:
    """Somebody began a part payment by hand; what we did not make is not ours to touch."""
    with_supplier_invoices(steps)
    drop(steps, "stripe.csv", STRIPE)
    steps.world.faults.add(
        FaultRule(
            method="POST", path="/3/supplierinvoicepayments", kind="status_before", status=503
        )
    )
    assert "payout_fee_invoice" in {row["code"] for row in steps.run_payouts().report["held"]}
    (invoice,) = steps.world.fortnox.table("supplierinvoices").values()
    number = invoice["GivenNumber"]
    part = {"InvoiceNumber": number, "Amount": 1, "PaymentDate": invoice["InvoiceDate"]}
    steps.world.control(
        "act",
        method="POST",
        path="supplierinvoicepayments",
        body={"SupplierInvoicePayment": {**part, "ModeOfPayment": "BG"}},
    )

    assert steps.run_payouts().state == "success"

    (invoice,) = steps.world.fortnox.table("supplierinvoices").values()
    assert invoice["Balance"] == "0"
    by_hand, ours = steps.world.fortnox.table("supplierinvoicepayments").values()
    assert (by_hand["Booked"], ours["Booked"]) == (False, True)
