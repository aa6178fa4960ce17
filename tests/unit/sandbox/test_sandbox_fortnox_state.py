"""State: restart, determinism, lists that lag, and no answer 500 that nobody asked for."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sandbox_fortnox_calls import NOW, Books, RefusedError, row

from fortnox.sandbox.fortnox import auth
from fortnox.sandbox.fortnox.app import ROUTER, create_app
from fortnox.sandbox.fortnox.company import Company, default_company
from fortnox.sandbox.fortnox.customer_fields import FIELDS as CUSTOMER_FIELDS
from fortnox.sandbox.fortnox.documents import luhn_digit
from fortnox.sandbox.fortnox.invoice_header import FIELDS as INVOICE_FIELDS
from fortnox.sandbox.fortnox.row_fields import INVOICE_ROW_FIELDS as ROW_FIELDS
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.unknowns import Switches


def test_the_state_survives_a_restart(tmp_path: Path) -> None:
    """A demo that restarts its sandbox finds its books, counters and locked period again."""
    path = tmp_path / "fortnox.jsonl"
    first = create_app(state_file=path).state.control
    first.act("POST", "customers", {"Customer": {"Name": "A"}})
    first.act("POST", "customers", {"Customer": {"Name": "B"}})
    first.act("DELETE", "customers/2")
    first.store.set_setting("locked_through", "2026-01-31")
    with path.open("a", encoding="utf-8") as file:
        file.write('["customers","3",{"torn')
    second = create_app(state_file=path).state.control
    assert [c["Name"] for c in second.state()["customers"]] == ["A"]
    assert second.state()["locked_period"] == "2026-01-31"
    made = second.act("POST", "customers", {"Customer": {"Name": "C"}})
    assert made.body["Customer"]["CustomerNumber"] == "3"
    third = create_app(state_file=path).state.control
    assert [c["Name"] for c in third.state()["customers"]] == ["A", "C"]


def test_secrets_are_not_in_the_state_nor_in_a_repr(tmp_path: Path) -> None:
    """A state file that is passed around holds no token and no client secret."""
    assert default_company().client_secret not in repr(default_company())
    path = tmp_path / "fortnox.jsonl"
    app = create_app(state_file=path)

    token = auth.issue_refresh_token(app.state.fortnox)
    assert token not in path.read_text(encoding="utf-8")


def test_the_same_input_gives_the_same_books() -> None:
    """Two runs of a test or a demo can be compared document by document."""

    def run() -> dict:
        books = Books()
        books.booked(row("125", 25), row("10.60", 6, 3003), VATIncluded=True)
        state = books.control.state()
        return {name: state[name] for name in ("customers", "invoices", "vouchers")}

    assert run() == run()


def test_lists_lag_but_single_reads_do_not() -> None:
    """With list_lag_s, a list right after a write shows the old world, a GET the new one."""
    seconds = [0.0]
    app = create_app(switches=Switches(list_lag_s=2.0))
    store: Store = app.state.fortnox
    store.monotonic = lambda: seconds[0]
    store.clock.fix(NOW)
    control = app.state.control
    seconds[0] = 10.0
    control.act("POST", "customers", {"Customer": {"Name": "A"}})
    assert control.act("GET", "customers").body["Customers"] == []
    assert control.act("GET", "customers/1").body["Customer"]["Name"] == "A"
    seconds[0] = 12.5
    control.act("PUT", "customers/1", {"Customer": {"Name": "B"}})
    assert control.act("GET", "customers").body["Customers"][0]["Name"] == "A"
    seconds[0] = 15.0
    assert control.act("GET", "customers").body["Customers"][0]["Name"] == "B"


def test_the_companys_number_is_a_valid_one() -> None:
    """shops.csv checks the organisation number's check digit."""
    digits = default_company().organisation_number.replace("-", "")
    assert luhn_digit(digits[:-1]) == digits[-1]
    assert Company().tenant_id == str(Company().database_number)


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-999, max_value=999),
    st.text(max_size=12),
    st.sampled_from(
        ["", "API_BLANK", "1", "0", "3001", "EUR", "SE", "2026-02-30", "2026-11-20", "true", "30"]
    ),
    st.lists(st.just({}), max_size=2),
    st.dictionaries(st.sampled_from(["Id", "Invoice", "EmailBody", "x"]), st.text(max_size=3)),
)


def _objects(fields: dict, **fixed: st.SearchStrategy) -> st.SearchStrategy:
    names = st.sampled_from(sorted(fields))
    return st.builds(
        lambda some, more: {**some, **more},
        st.dictionaries(names, VALUES, max_size=6),
        st.fixed_dictionaries({}, optional=fixed),
    )


INVOICES = _objects(
    INVOICE_FIELDS,
    CustomerNumber=st.just("1"),
    InvoiceRows=st.lists(_objects(ROW_FIELDS), max_size=3),
)
PLACES = st.sampled_from(
    [
        ("POST", "invoices", "Invoice"),
        ("PUT", "invoices/1", "Invoice"),
        ("POST", "customers", "Customer"),
        ("PUT", "customers/1", "Customer"),
        ("POST", "articles", "Article"),
        ("PUT", "articles/1", "Article"),
        ("POST", "vouchers", "Voucher"),
        ("POST", "accounts", "Account"),
        ("PUT", "accounts/3001", "Account"),
        ("POST", "invoicepayments", "InvoicePayment"),
        ("PUT", "invoicepayments/1", "InvoicePayment"),
        ("POST", "units", "Unit"),
        ("PUT", "units/st", "Unit"),
        ("POST", "currencies", "Currency"),
        ("POST", "modesofpayments", "ModeOfPayment"),
        ("POST", "voucherseries", "VoucherSeries"),
        ("PUT", "predefinedaccounts/SALES", "PreDefinedAccount"),
    ]
)
ANY_FIELDS = dict.fromkeys(
    [
        "Account",
        "AccountNumber",
        "Active",
        "Amount",
        "AmountCurrency",
        "ArticleNumber",
        "BalanceBroughtForward",
        "BuyRate",
        "Code",
        "CurrencyRate",
        "CurrencyUnit",
        "CustomerNumber",
        "Description",
        "Housework",
        "Number",
        "InvoiceNumber",
        "Manual",
        "ModeOfPayment",
        "ModeOfPaymentAccount",
        "Name",
        "PaymentDate",
        "PurchasePrice",
        "QuantityInStock",
        "SalesAccount",
        "SalesPrice",
        "TransactionDate",
        "Unit",
        "VoucherRows",
        "VoucherSeries",
        "WriteOffs",
        "Year",
    ]
)


@pytest.fixture(scope="module")
def busy() -> Books:
    """A company with one of each, so that updates find something."""
    books = Books()
    books.call("POST", "articles", {"Article": {"Description": "A"}})
    number = books.booked(row("10", 25))["DocumentNumber"]
    books.call("POST", "invoicepayments", {"InvoicePayment": {"InvoiceNumber": int(number)}})
    books.invoice(row("10", 25))
    return books


@settings(max_examples=250, deadline=None)
@given(place=PLACES, body=st.one_of(INVOICES, _objects(CUSTOMER_FIELDS), _objects(ANY_FIELDS)))
def test_no_body_makes_a_server_error(busy: Books, place: tuple, body: dict) -> None:
    """Whatever is sent, the answer is a document or a refusal that a client can read."""
    method, path, envelope = place
    made = busy.control.act(method, path, {envelope: body})
    assert made.status in (200, 201, 400, 404), made
    assert made.status < 300 or "ErrorInformation" in made.body


@settings(max_examples=60, deadline=None)
@given(
    path=st.sampled_from(
        ["invoices", "customers", "articles", "vouchers", "accounts", "invoicepayments", "sie/4"]
    ),
    query=st.dictionaries(
        st.sampled_from(
            [
                "page",
                "limit",
                "offset",
                "sortby",
                "sortorder",
                "lastmodified",
                "filter",
                "fromdate",
                "todate",
                "financialyear",
                "accountnumberfrom",
                "label",
                "sent",
                "credit",
                "financialyeardate",
            ]
        ),
        st.one_of(st.text(max_size=4), st.sampled_from(["1", "-1", "0", "2026-11-20", "true"])),
        max_size=4,
    ),
)
def test_no_query_makes_a_server_error(busy: Books, path: str, query: dict) -> None:
    """Odd parameters are refused or ignored, never a crash."""
    made = busy.control.act("GET", path, query=query)
    assert made.status in (200, 400, 404)


def test_unknown_resources_are_not_found() -> None:
    """A path that doesn't exist must not look like an empty list."""
    with pytest.raises(RefusedError) as refused:
        Books().get("absencetransactions")
    assert refused.value.status == 404
    with pytest.raises(RefusedError) as method:
        Books().call("DELETE", "me/1/2")
    assert method.value.status == 404
    assert ROUTER.find("GET", "invoices")[0].scope == "invoice"
