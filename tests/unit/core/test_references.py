"""The identity that a document carries: grammar, hash, and few list calls to find it."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from fortnox.core.references import (
    DayReference,
    content_hash,
    guest_token,
    order_of_sale,
    range_prefixes,
    sale_reference,
)

IDS = st.sets(st.integers(1, 9_999_999).map(str), max_size=200)


def test_grammar():
    """Refunds, versions and other shops' documents must not be taken for the sale."""
    assert sale_reference("demo", "17") == "demo:17"
    assert order_of_sale("demo", "demo:17") == "17"
    for other in ("demo:17:r:5", "xdemo:17", "demo", "demo:", "", "17"):
        assert order_of_sale("demo", other) is None


def test_day_reference_round_trip():
    """The day and the hash must be readable from Fortnox's field, which holds 80 characters."""
    reference = DayReference(key="a" * 20, day=date(2026, 11, 20), content_hash="0123456789ab")
    assert DayReference.parse(str(reference)) == reference
    assert len(str(reference)) <= 80
    for foreign in ("", "PO 4711", "demo:2026-11-20", "demo:yesterday:0123456789ab"):
        assert DayReference.parse(foreign) is None


def test_hash_ignores_the_order_of_keys():
    """The same content must give the same hash in every run."""
    assert content_hash({"a": 1, "b": [2]}) == content_hash({"b": [2], "a": 1})
    assert content_hash({"a": 1}) != content_hash({"a": 2})


def test_guest_token_hides_and_normalises():
    """One guest is one customer, however the address was typed, and the address is not in it."""
    assert guest_token(" Anna@Example.com") == guest_token("anna@example.com ")
    assert "anna" not in guest_token("anna@example.com")


@given(IDS)
def test_prefixes_cover_every_id(ids):
    """An order that no prefix covers would be taken for missing and booked twice."""
    prefixes = range_prefixes(ids)
    assert all(any(order_id.startswith(prefix) for prefix in prefixes) for order_id in ids)
    assert len(prefixes) <= max(len(ids), 0)
    assert "" not in prefixes


def test_a_day_of_dense_ids_is_one_list():
    """500 orders of a day must not cost 500 look-ups."""
    assert range_prefixes(str(number) for number in range(41_000, 41_500)) == ["41"]


def test_ids_that_are_not_numbers():
    """Another shop system's order ids may be text; each is looked up exactly."""
    assert range_prefixes(["ab-1", "ab-2"]) == ["ab-1", "ab-2"]
