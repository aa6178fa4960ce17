"""Fortnox's refusals, as what the caller can do about them. Bodies are recorded or documented."""

import json

import pytest

from fortnox.api import errors
from fortnox.api.errors import classify, parse_error, strip_values
from fortnox.core.errors import (
    DocumentError,
    FatalError,
    PipelineError,
    UnknownOutcomeError,
    UnreachableError,
)

LOWER = (
    b'{"ErrorInformation":{"error":1,"message":"Kundnummer 1 anv\\u00e4nds redan.","code":2000637}}'
)
CAPITAL = b'{"ErrorInformation":{"Error":1,"Message":"Kan inte hitta kunden.","Code":2000433}}'
HTML = b"<html><title>502 Bad Gateway</title></html>"


def information(code: int | str, message: str = "Fel.") -> bytes:
    """A 400 of Fortnox."""
    return json.dumps({"ErrorInformation": {"error": 1, "message": message, "code": code}}).encode()


@pytest.mark.parametrize(
    ("body", "code", "text"),
    [
        (LOWER, 2000637, "Kundnummer 1 används redan."),
        (CAPITAL, 2000433, "Kan inte hitta kunden."),
        (information("2000637"), 2000637, "Fel."),
        (b'{"message":"unauthorized"}', None, "unauthorized"),
        (
            b'{"error":"invalid_grant","error_description":"Invalid refresh token"}',
            None,
            "Invalid refresh token",
        ),
    ],
)
def test_every_shape_of_error_is_read(body: bytes, code: int | None, text: str) -> None:
    """The code that decides between "exists already" and "refused" would be overlooked."""
    found = parse_error(body)

    assert found is not None
    assert (found.code, found.text) == (code, text)


@pytest.mark.parametrize("body", [b"", HTML, b'{"Invoice":{"DocumentNumber":"1"}}'])
def test_what_is_no_error_is_none(body: bytes) -> None:
    """A good answer would be taken for a refusal."""
    assert parse_error(body) is None


@pytest.mark.parametrize(
    ("method", "status", "body", "kind"),
    [
        ("POST", 400, LOWER, DocumentError),
        ("GET", 404, CAPITAL, DocumentError),
        ("PUT", 409, b"{}", DocumentError),
        ("POST", 400, HTML, DocumentError),
        ("GET", 401, b'{"message":"unauthorized"}', FatalError),
        ("POST", 400, information(2000663), FatalError),
        ("POST", 403, information(2000663), FatalError),
        ("GET", 403, HTML, FatalError),
        ("GET", 400, information(2001101), FatalError),
        ("GET", 403, information(2001103), FatalError),
        ("GET", 403, information(2000310), FatalError),
        ("GET", 404, HTML, FatalError),
        ("GET", 302, b"", FatalError),
        ("POST", 429, b"{}", UnreachableError),
        ("GET", 500, information(1000003, "System exception"), UnreachableError),
        ("GET", 502, HTML, UnreachableError),
        ("POST", 500, information(1000003, "System exception"), UnknownOutcomeError),
        ("PUT", 503, HTML, UnknownOutcomeError),
        ("POST", 408, b"", UnknownOutcomeError),
        ("POST", 200, information(2000106), UnknownOutcomeError),
        ("GET", 200, information(2000106), DocumentError),
        ("POST", 400, information(1000029, "Internal error"), UnknownOutcomeError),
        ("GET", 400, information(1000029, "Internal error"), UnreachableError),
    ],
)
def test_an_answer_becomes_what_the_caller_can_do(
    method: str, status: int, body: bytes, kind: type[PipelineError]
) -> None:
    """A write of unknown outcome would be repeated, or a wrong key retried for hours."""
    assert type(classify(method, "invoices", status, body)) is kind


def test_a_missing_financial_year_holds_the_document_although_it_is_a_500() -> None:
    """The first sale of January would be looked up for ever instead of held with its reason."""
    body = information(1, "Räkenskapsår finns inte upplagt. För att kunna skapa en faktura ...")

    assert type(classify("POST", "invoices", 500, body)) is DocumentError


def test_an_inactive_account_comes_with_its_remedy() -> None:
    """Nobody has recorded its code; the accountant would see Swedish without advice."""
    error = classify(
        "PUT", "invoices/1/bookkeep", 400, information(1, 'Konto "3740" är inte aktivt.')
    )

    assert error.remedy.startswith("Activate the account")


def test_a_get_that_sends_counts_as_a_write() -> None:
    """An e-mail to a customer would be sent twice after a 500."""
    error = classify("GET", "invoices/17/email", 500, b"", acts=True)

    assert type(error) is UnknownOutcomeError


def test_a_missing_scope_is_named() -> None:
    """The administrator would have to guess which box to tick."""
    error = classify("POST", "customers", 400, information(2000663, "Har inte behörighet"))

    assert "scope 'customer'" in error.remedy
    assert error.vendor_code == 2000663


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            'Värdet innehåller ej tillåtna tecken. (Anna "Ankan" (privat) <3)',
            "Värdet innehåller ej tillåtna tecken.",
        ),
        ('Artikelnummer "Annas ring" används redan.', 'Artikelnummer "…" används redan.'),
        ('Konto "3740" är inte aktivt.', 'Konto "3740" är inte aktivt.'),
        (
            "Anna Andersson har låst perioden t.o.m. 2026-10-31.",
            "Någon har låst perioden t.o.m. 2026-10-31.",
        ),
        ("Ogiltig e-post anna@example.se angiven", "Ogiltig e-post … angiven"),
        ("Fel personnummer 19800101-1234", "Fel personnummer …"),
        ('Namnet "Anna (avhuggen', 'Namnet "…"'),
    ],
)
def test_values_that_fortnox_quotes_are_not_repeated(text: str, shown: str) -> None:
    """A customer's name or e-mail address would stand in a log that many can read."""
    assert strip_values(text) == strip_values(shown) == shown


def test_the_name_of_an_unknown_field_stays() -> None:
    """A developer could not tell which field Fortnox refuses."""
    body = information(errors.FIELD_UNKNOWN, "Felaktigt fältnamn (price)")

    assert "price" in str(classify("POST", "invoices", 400, body))


def test_what_is_wrong_and_what_to_do_stand_in_one_line() -> None:
    """The person on call would see a code without a sentence."""
    error = classify(
        "PUT",
        "invoices/17/bookkeep",
        400,
        information(errors.PERIOD_LOCKED, "Anna A har låst perioden t.o.m. 2026-10-31."),
    )

    assert str(error) == (
        "PUT invoices/17/bookkeep was answered with 400. [Fortnox 2000401: Någon har låst perioden "
        "t.o.m. 2026-10-31.] Unlock the period in Fortnox, or let late_policy date it on an open "
        "day."
    )
