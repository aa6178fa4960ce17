"""VAT codes tried in the sandbox: what is right, what is not, and nothing left behind."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from tests.support.once import Company, fault, quick_client

from fortnox.api.vat_code_trial import try_vat_codes
from fortnox.core.errors import UnreachableError
from fortnox.core.vat_code_trial import Trial
from fortnox.sandbox.fortnox.app import create_app
from fortnox.sandbox.fortnox.company import STANDARD_VAT_CODES, VatCode, default_company
from fortnox.sandbox.fortnox.unknowns import Switches
from fortnox.sandbox.server import start

FI = VatCode("FI255", Decimal("25.5"), 2670)
RO = VatCode("RO19", Decimal(19), 2670)


def trial(code: str, rate: str, market: str = "FI") -> Trial:
    return Trial(
        where="accounts.csv:9", market=market, rate_pct=Decimal(rate), account=3106, code=code
    )


@pytest.fixture
def company() -> Iterator[Company]:
    """A company that made a code for Finland, and one for Romania that is out of date."""
    own = replace(default_company(), vat_codes=(*STANDARD_VAT_CODES, FI, RO))
    app = create_app(own, switches=Switches(rate_limit=0))
    with start(app) as server:
        made = Company(
            fortnox_url=server.url,
            shop_url="",
            fortnox=app.state.fortnox,
            woocommerce=None,
            faults=app.state.faults,
            control_room=app.state.control,
        )
        made.by_hand("POST", "customers", {"Customer": {"CustomerNumber": "9", "Name": "Prov"}})
        yield made


def left_behind(company: Company) -> list[object]:
    return [one for one in company.fortnox.table("invoices").values() if not one["Cancelled"]]


def test_a_right_code_and_a_wrong_one_are_told_apart(company: Company):
    """Romania's new rate under its old code would be owed to Romania, and found years later."""
    right, wrong = try_vat_codes(
        quick_client(company), [trial("FI255", "25.5"), trial("RO19", "21", "RO")], "9"
    )
    assert (right.is_right, wrong.is_right) == (True, False)
    assert str(right) == "accounts.csv:9 FI 25.5 %, FI255 on 3106: VAT 203.19 of 1000.00"
    assert "VAT 159.66 of 1000.00 on account 3106, wanted 173.55" in wrong.seen
    assert len(company.fortnox.table("invoices").values()) == 1
    assert left_behind(company) == []


def test_a_code_that_fortnox_lacks_is_named_beside_those_that_it_has(company: Company):
    """One missing code must not hide what the others make."""
    found = try_vat_codes(
        quick_client(company), [trial("FI255", "25.5"), trial("DE19", "19", "DE")], "9"
    )
    assert [one.is_right for one in found] == [True, False]
    assert found[1].seen == "Fortnox refuses: Kunde inte hämta/hitta moms"
    assert left_behind(company) == []


def test_a_lost_answer_leaves_no_invoice_behind(company: Company):
    """The test must not stay in somebody's customer ledger."""
    fault(company, 1, "drop_after", method="POST", path="/3/invoices")
    with pytest.raises(UnreachableError):
        try_vat_codes(quick_client(company), [trial("FI255", "25.5")], "9")
    assert left_behind(company) == []
