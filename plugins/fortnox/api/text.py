"""Text in the characters that Fortnox accepts.

Source: Fortnox's published character class for text fields. It has all letters, digits, space and
a list of signs, but no straight quotes, no ``< > | [ ] { } ~``, no em dash and no emoji; a text
with one of them refuses the whole document (2000359).
"""

import html
import re
import unicodedata

_SIGNS = frozenset(" –:.`´’,;^¤#%§£$€¢¥©™°&/()=+-*_!?²³®½@\\\u0308\u030a0123456789")
_BASIC_PLANE_END = 0xFFFF
_ENTITY = re.compile(r"&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);")
_SPACES = re.compile(r"\s+")

#: What keeps a composed sign from running into the number before it: 1¼ is not 11/4.
_APART = {"<fraction>": " ", "<super>": "^"}

#: Forbidden signs with a permitted neighbour that reads the same.
_REPLACEMENTS = str.maketrans(
    {
        **dict.fromkeys("'‘‚‛′ʼ", "’"),
        **dict.fromkeys('"“”„‟«»″', "’’"),
        **dict.fromkeys("—―", "–"),
        **dict.fromkeys("‐‑‒−~→•·¬", "-"),
        **dict.fromkeys("<[{‹", "("),
        **dict.fromkeys(">]}›", ")"),
        **dict.fromkeys("|÷⁄∕", "/"),
        "×": "x",
        "‰": " promille",
        "…": "...",
        "\u00a0": " ",
    }
)


def clean(text: str, max_length: int, *, multiline: bool = False) -> str:
    """The text in permitted characters, at most ``max_length`` of them.

    HTML entities are unescaped (shops send them), signs get their nearest permitted neighbour,
    emoji and the like fall away, runs of white space become one space. Cleaning twice changes
    nothing more.

    Args:
        text: Any text.
        max_length: Length limit of the Fortnox field.
        multiline: Keep line breaks (Comments, Remarks); else they become spaces.

    Returns:
        The text; ``"-"`` if there was content but none of it is permitted, ``""`` for blank text.

    Raises:
        ValueError: ``max_length`` is below 1.
    """
    if max_length < 1:
        raise ValueError("max_length must be at least 1")
    if not text.strip():
        return ""
    result = text
    # To the fixed point: unescaping and dropping signs can bring a new entity or pair together.
    while (after := _clean_once(result, multiline=multiline)) != result:
        result = after
    return result[:max_length].rstrip() or "-"


def _clean_once(text: str, *, multiline: bool) -> str:
    unescaped = _ENTITY.sub(lambda match: html.unescape(match.group()), text)
    composed = unicodedata.normalize("NFC", unescaped).translate(_REPLACEMENTS)
    lines = composed.splitlines() if multiline else [composed]
    cleaned = [_SPACES.sub(" ", "".join(map(_permitted, line))).strip() for line in lines]
    return "\n".join(cleaned).strip()


def _permitted(char: str) -> str:
    """The character itself, what it is made of (``¼``, ``①``), or nothing."""
    if _is_permitted(char):
        return char
    if char.isspace():
        return " "
    parts = unicodedata.normalize("NFKD", char).translate(_REPLACEMENTS)
    plain = "".join(part for part in parts if _is_permitted(part))
    return _APART.get(unicodedata.decomposition(char).partition(" ")[0], "") + plain


def _is_permitted(char: str) -> bool:
    if char in _SIGNS:
        return True
    # Letters beyond the basic plane are refused by many databases behind such a class.
    return unicodedata.category(char).startswith("L") and ord(char) <= _BASIC_PLANE_END
