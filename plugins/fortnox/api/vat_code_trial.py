"""One unbooked invoice with a row for each VAT code, read and cancelled (rules of the books 24)."""

from collections.abc import Sequence

from fortnox.api.client import FortnoxClient
from fortnox.api.finder import find_exact
from fortnox.api.invoices import UNIT, JsonObject, parse_invoice, parse_listed
from fortnox.api.settler import cancel_surplus
from fortnox.core.errors import DocumentError, UnknownOutcomeError, UnreachableError
from fortnox.core.money import ore_to_decimal
from fortnox.core.vat_code_trial import TRIAL_ORE, Trial, Tried, judged

#: Of no shop, so that no run takes the invoice for a sale.
_REFERENCE = "vat-code-trial"


def try_vat_codes(
    client: FortnoxClient, trials: Sequence[Trial], customer_number: str
) -> list[Tried]:
    """What Fortnox makes of each account with its code.

    All on one invoice; only if Fortnox refuses that one, each on one of its own, so that the code
    that it refuses is named. Every invoice is cancelled and read back as cancelled.

    Args:
        client: Its ``before_write`` checks the company's lease.
        trials: Not empty.
        customer_number: A customer of the company with Swedish VAT.

    Raises:
        UnreachableError: No answer, or the invoice could not be cancelled; its reference is
            ``vat-code-trial``. Trying again is safe: nothing is ever booked.
        FatalError: Credentials, rights or company.
    """
    _cancel_left_over(client)
    try:
        return _tried(client, trials, customer_number)
    except DocumentError as error:
        if len(trials) == 1:
            return [_refused(trials[0], error)]
    return [tried for trial in trials for tried in try_vat_codes(client, [trial], customer_number)]


def _tried(client: FortnoxClient, trials: Sequence[Trial], customer_number: str) -> list[Tried]:
    try:
        answer = client.create("invoices", "Invoice", _body(trials, customer_number))
    except UnknownOutcomeError as error:
        _cancel_left_over(client)
        raise UnreachableError(
            "Fortnox gave no answer to the test invoice.", remedy="Try again: nothing is booked."
        ) from error
    cancel_surplus(client, parse_listed(answer))
    return list(judged(trials, parse_invoice(answer).rows))


def _cancel_left_over(client: FortnoxClient) -> None:
    """A trial that died before it had cancelled its invoice."""
    left = [one for one in find_exact(client, _REFERENCE) if not one.booked and not one.cancelled]
    for one in left:
        cancel_surplus(client, one)


def _body(trials: Sequence[Trial], customer_number: str) -> JsonObject:
    return {
        "CustomerNumber": customer_number,
        "VATIncluded": True,
        "Freight": 0,
        "AdministrationFee": 0,
        "ExternalInvoiceReference1": _REFERENCE,
        "Comments": "Prov av momskoder; makuleras.",
        "InvoiceRows": [
            {
                "AccountNumber": trial.account,
                "Description": f"Prov av momskod {trial.code}",
                "DeliveredQuantity": "1",
                "Price": ore_to_decimal(TRIAL_ORE),
                "VATCode": trial.code,
                "Unit": UNIT,
                "Discount": 0,
                "DiscountType": "PERCENT",
            }
            for trial in trials
        ],
    }


def _refused(trial: Trial, error: DocumentError) -> Tried:
    text = error.vendor_message or error.message
    return Tried(trial=trial, is_right=False, seen=f"Fortnox refuses: {text}")
