"""Text in Fortnox's permitted characters."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fortnox.api.text import clean

# Fortnox's published class, with \p{L} spelled out by category below.
SIGNS = re.compile(r"[’\\\u0308\u030a0-9 –:.`´,;^¤#%§£$€¢¥©™°&/()=+\-*_!?²³®½@\u00a0\n\r]")


def is_permitted(char: str) -> bool:
    """The published rule, apart from the code under test."""
    return bool(SIGNS.fullmatch(char)) or unicodedata.category(char)[0] == "L"


@given(text=st.text(max_size=60), max_length=st.integers(1, 50), multiline=st.booleans())
def test_the_result_is_always_permitted_and_short_enough(
    text: str, max_length: int, multiline: bool
) -> None:
    """One odd sign in a product name would refuse the whole invoice (2000359)."""
    result = clean(text, max_length, multiline=multiline)

    assert len(result) <= max_length
    assert all(is_permitted(char) for char in result), result
    assert bool(result) == bool(text.strip())


@given(
    text=st.text(alphabet=st.sampled_from("aå;&#x3lmpgt\"'<>\u200b\u0308 \n—×"), max_size=40),
    max_length=st.integers(1, 50),
    multiline=st.booleans(),
)
def test_cleaning_twice_changes_nothing(text: str, max_length: int, multiline: bool) -> None:
    """A second run would see a difference in a document that nobody has edited."""
    once = clean(text, max_length, multiline=multiline)

    assert clean(once, max_length, multiline=multiline) == once


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tröja ”Åre” – röd", "Tröja ’’Åre’’ – röd"),
        ("Pelle's kaffe", "Pelle’s kaffe"),
        ("Skruv 3×20 mm — 100 st", "Skruv 3x20 mm – 100 st"),
        ("Rock &amp; Roll &lt;3", "Rock & Roll (3"),
        ("Dubbelt &amp;amp; kodat", "Dubbelt & kodat"),
        ("Kaffe ☕🎉 250 g", "Kaffe 250 g"),
        ("[REA] {ny} <b>Mugg</b> | blå ~", "(REA) (ny) (b)Mugg(/b) / blå -"),
        ("A\u030are a\u0308r", "Åre är"),
        ("två\nrader\t här", "två rader här"),
        ("1¼ liter… ①", "1 1/4 liter... 1"),
        ("Ljus 10⁵ lm, H₂O", "Ljus 10^5 lm, H2O"),
        ("𝓣𝓻öja 𠀀", "Tröja"),
        ("5‰ salt", "5 promille salt"),
        ("Salt & peppar; grov", "Salt & peppar; grov"),
        ("Ærø Œuvre Łódź Ελλάς", "Ærø Œuvre Łódź Ελλάς"),
    ],
)
def test_signs_become_what_reads_the_same(text: str, expected: str) -> None:
    """The accountant would not recognise the product on the invoice."""
    assert clean(text, 80) == expected


def test_content_without_one_permitted_sign_becomes_a_dash() -> None:
    """An empty row description is refused where an emoji-only name was meant."""
    assert clean("🎁🎁", 50) == "-"


def test_blank_stays_blank() -> None:
    """An empty optional field would be filled with a dash."""
    assert clean(" \n ", 50) == ""


def test_line_breaks_stay_where_they_are_wanted() -> None:
    """A comment of several lines would become one."""
    assert clean("rad 1\r\nrad  2\n", 50, multiline=True) == "rad 1\nrad 2"


def test_a_length_of_nothing_is_refused() -> None:
    """A wrong constant would silently empty a field."""
    with pytest.raises(ValueError, match="max_length"):
        clean("a", 0)
