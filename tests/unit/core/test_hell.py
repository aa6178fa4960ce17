"""Input from hell: whatever a shop, a file or a person writes, there is a named reason or a row.

Texts hold markup, formulas, lone surrogates, control characters and bidirectional overrides;
numbers are absent, huge or words; fields are of other types than documented.
"""

import csv
import io
import json
import tracemalloc
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.builders import buyer, day_window, line, mapping_files, mappings, order, shop_row
from tests.support.day_vouchers import day_sales, one_group
from tests.support.payouts import (
    KLARNA,
    OWN,
    PAYPAL_ACTIVITY,
    PAYPAL_STL,
    STRIPE,
    SWISH,
    TODAY,
    ZONE,
)

from fortnox.api.invoices import customer_body, invoice_body
from fortnox.api.wire import encode
from fortnox.core.day_voucher import order_list
from fortnox.core.errors import PipelineError
from fortnox.core.mapping import parse_mappings
from fortnox.core.orders import Address
from fortnox.core.settlement import ReportFile, read_reports
from fortnox.core.transform import transform
from fortnox.shops.woocommerce.buyer import MetaKeys
from fortnox.shops.woocommerce.convert import order_from_json

NASTY = (
    "<script>alert(1)</script>",
    "=HYPERLINK(0;1)",
    "../../etc/passwd",
    "\ud800lone",
    "\x00\x07\x1b[31m",
    "\u202eright to left",
    "a" * 5000,
    '"; DROP TABLE orders; --',
    "{{ conn.fortnox_demo.password }}",
    "%s%n{0}",
    "\N{PILE OF POO}",
    "",
)
TEXTS = st.one_of(
    st.sampled_from(NASTY), st.text(st.characters(exclude_categories=()), max_size=50)
)
MAPPINGS = mappings()


@given(name=TEXTS, product=TEXTS, sku=TEXTS, number=TEXTS, street=TEXTS)
def test_any_text_makes_a_body_that_can_be_sent(
    name: str, product: str, sku: str, number: str, street: str
):
    """A name that can't be encoded would end the whole day's apply in the middle."""
    who = buyer(name=name, billing=Address(name=name, address1=street, city=street, country="SE"))
    found = transform(
        [order(line(name=product, sku=sku), number=number, buyer=who)],
        (),
        shop=shop_row(),
        mappings=MAPPINGS,
        window=day_window(),
    )
    assert len(found.invoices) + len(found.held) == 1
    for invoice in found.invoices:
        encode({"Invoice": invoice_body(invoice, "1")}).decode("utf-8")
        encode({"Customer": customer_body(invoice.customer)}).decode("utf-8")


@given(name=TEXTS, product=TEXTS)
def test_one_bad_order_never_stops_the_others(name: str, product: str):
    """The rest of the day is booked, whatever one order says."""
    bad = order(line(name=product), order_id="1", number=name, buyer=buyer(name=name))
    good = order(order_id="2")
    found = transform([bad, good], (), shop=shop_row(), mappings=MAPPINGS, window=day_window())
    assert "demo:2" in {invoice.reference for invoice in found.invoices}


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)
ORDER: dict[str, Any] = {
    "id": 7,
    "number": "7",
    "status": "processing",
    "currency": "SEK",
    "total": "50.00",
    "total_tax": "10.00",
    "payment_method": "stripe",
    "date_created_gmt": "2026-05-04T08:59:09",
    "date_modified_gmt": "2026-05-04T20:20:29",
    "date_paid_gmt": "2026-05-04T09:00:21",
    "date_completed_gmt": None,
    "customer_id": 3,
    "billing": {"first_name": "A", "country": "SE", "email": "a@example.com"},
    "line_items": [
        {
            "id": 11,
            "name": "Mugg",
            "product_id": 5,
            "variation_id": 0,
            "quantity": 2,
            "total": "40.00",
            "total_tax": "10.00",
            "taxes": [{"id": 1, "total": "10.00", "subtotal": "10.00"}],
            "sku": "M-1",
        }
    ],
    "tax_lines": [{"rate_id": 1, "rate_code": "SE-MOMS 25%-1", "rate_percent": 25}],
    "shipping_lines": [],
    "fee_lines": [],
    "coupon_lines": [],
    "refunds": [],
    "meta_data": [],
}


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(field=st.sampled_from(sorted(ORDER)), value=JSON_VALUES)
def test_a_field_of_another_type_is_a_problem_or_a_named_error(field: str, value: Any):
    """A plugin that fills a field otherwise than WooCommerce documents ends no run by a crash."""
    _read({**ORDER, field: value})


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(field=st.sampled_from(sorted(ORDER["line_items"][0])), value=JSON_VALUES)
def test_a_line_of_another_type_is_a_problem_or_a_named_error(field: str, value: Any):
    """The same for a line of the order."""
    _read({**ORDER, "line_items": [{**ORDER["line_items"][0], field: value}]})


def _read(data: dict[str, Any]) -> None:
    """From the shop's JSON to the wanted documents."""
    try:
        made = order_from_json(data, {}, MetaKeys())
    except PipelineError:
        return
    transform([made], (), shop=shop_row(), mappings=MAPPINGS, window=day_window())


@given(
    name=st.sampled_from(sorted(mapping_files())),
    content=st.binary(max_size=300) | TEXTS.map(lambda text: text.encode("utf-8", "replace")),
)
def test_any_mapping_file_gives_findings_and_no_crash(name: str, content: bytes):
    """A file saved by the wrong program must say what is wrong, not take all DAGs away."""
    parsed = parse_mappings({**mapping_files(), name: content})
    assert parsed.errors or name in {"events.csv", "payouts.csv", "untaxed_amounts.csv"} or content


@given(where=st.integers(0, 2000), junk=st.binary(min_size=1, max_size=8))
def test_a_damaged_mapping_file_gives_findings_and_no_crash(where: int, junk: bytes):
    """A byte too many in shops.csv is told with file and row."""
    whole = mapping_files()["shops.csv"]
    parse_mappings({**mapping_files(), "shops.csv": whole[:where] + junk + whole[where:]})


JUNK = st.sampled_from(
    [b"", b";", b'"', b"\x00", b"\xff", b"1e400", b"NaN", b"-", b"9" * 50, b"\n", b"99999999-99-99"]
)


@given(
    report=st.sampled_from((STRIPE, KLARNA, SWISH, PAYPAL_STL, PAYPAL_ACTIVITY, OWN)),
    where=st.integers(0, 1500),
    cut=st.integers(0, 12),
    junk=JUNK | st.binary(max_size=20),
)
def test_a_damaged_settlement_report_gives_payouts_or_a_reason(
    report: str, where: int, cut: int, junk: bytes
):
    """One broken download would keep every other payout of the shop out of the books."""
    whole = report.encode()
    content = whole[:where] + junk + whole[where + cut :]
    files = [ReportFile(name=name, content=content, provider="") for name in ("a.csv", "b.csv")]
    found = read_reports(files, ZONE, TODAY)
    assert all(isinstance(one.net_ore, int) for one in found.payouts)
    assert all(one.reason for one in found.unreadable)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_of_an_exported_list_is_a_formula(text: str):
    """An accountant opens the order list in Excel: a shop's text must not run there."""
    (sale,) = day_sales(order(payment_method="stripe"))
    sale = replace(sale, order_number=text, payment_method=text, order_id=text)
    content = order_list(one_group(sale)).decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(content)) for cell in row]
    assert text in {cell.removeprefix("'") for cell in cells}
    assert [cell for cell in cells if cell[:1] in tuple("=+@\t\r")] == []


def test_notes_of_ten_megabytes_stay_out_of_memory_and_documents():
    """A buyer who pastes a novel must not make the worker run out of memory."""
    data = {**ORDER, "customer_note": "x" * 10_000_000}
    text = json.dumps(data)
    tracemalloc.start()
    parsed = json.loads(text)
    made = order_from_json(parsed, {}, MetaKeys())
    del parsed
    found = transform([made], (), shop=shop_row(), mappings=MAPPINGS, window=day_window())
    kept_bytes, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(found.invoices) + len(found.held) == 1
    assert kept_bytes < 5_000_000
