"""Reports in the reader's language.

The English sentence is what is stored, and what every machine reads; as in gettext it is also the
key of its translation. A catalogue (``languages/<code>.json``) pairs templates::

    "booked as invoice {number}, paid": "bokförd som faktura {number}, betald"

A sentence is recognised by its template, and its values go into the translation as they are, with
these exceptions by the name of the placeholder:

- ``amount...``: kronor, in the language's form (``1 234,50``);
- ``reason...``, ``cause...``, ``where...``: a sentence, or a part of one, of its own;
- ``list...``: several of them, joined by ``, `` or ``; ``;
- any other value that is itself a key without placeholders, such as ``invoice``.

So reports that were made before a language was chosen, or added, are translated too, and a
sentence that no catalogue knows stays English. Fortnox's own texts are never translated.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

#: Of the reports; the first is what they are written in.
LANGUAGES = ("en", "nb", "sv")
_FOLDER = Path(__file__).with_name("languages")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_SENTENCES = ("reason", "cause", "where")
_LIST_MARKS = ("; ", ", ")
#: Ends what Fortnox said, quoted in an error.
_QUOTE_END = "] "
_SENTENCE_ENDS = (". ", "; ", _QUOTE_END)
_BREAK = re.compile(r"[.\]] [A-Z\[]")
_NO_BREAK_SPACE = "\u00a0"
_AMOUNT = re.compile(r"(-?)(\d+)\.(\d\d)((?: [A-Z]{3})?)")
#: Keys of a report, a plan or a page whose values are sentences, or lists of them.
_SPOKEN = frozenset(
    {
        "headline", "cause", "remedy", "reason", "detail", "note", "market", "what", "seen",
        "notes", "approval_reasons",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Entry:
    """A template, ready to recognise its sentences; ``prefix`` is tried first, being cheap.

    One that ``joins`` values without a word of its own fits any sentences with a comma in them.
    """

    prefix: str
    pattern: re.Pattern[str]
    translation: str
    joins: bool


def chosen_language(*wishes: str | None) -> str:
    """The first wish that is a language of the reports, else English.

    Args:
        wishes: Codes, or lists of them as a browser sends them in Accept-Language
            (``nn,nb;q=0.9,en;q=0.8``, the dearest first).
    """
    for wish in wishes:
        for part in (wish or "").split(","):
            code = part.partition(";")[0].strip().lower().partition("-")[0]
            # "no" is what some browsers call bokmål; who reads nynorsk reads bokmål before English.
            code = "nb" if code in ("no", "nn") else code
            if code in LANGUAGES:
                return code
    return LANGUAGES[0]


def translated(value: Any, language: str) -> Any:
    """A report, a plan, rows or any part of them with its sentences in a language.

    Args:
        value: JSON types; it is not changed.
        language: One of :data:`LANGUAGES`.
    """
    if language == LANGUAGES[0]:
        return value
    if isinstance(value, Mapping):
        return {
            key: _spoken(part, language) if key in _SPOKEN else translated(part, language)
            for key, part in value.items()
        }
    if isinstance(value, list | tuple):
        return [translated(part, language) for part in value]
    return value


def _spoken(value: Any, language: str) -> Any:
    if isinstance(value, str):
        return translate(value, language)
    if isinstance(value, list | tuple):
        return [_spoken(part, language) for part in value]
    return translated(value, language)


@lru_cache(maxsize=4096)
def translate(sentence: str, language: str) -> str:
    """A sentence in a language; English if the language has none for it."""
    if language == LANGUAGES[0] or not sentence:
        return sentence
    found = _translated(sentence, language)
    if found is not None:
        return found
    # Several in one field, such as what happened and what to do: each for itself.
    for end in _SENTENCE_ENDS:
        first, mark, rest = sentence.partition(end)
        if mark:
            return f"{translate(first + end.rstrip(), language)} {translate(rest, language)}"
    return sentence


def _translated(sentence: str, language: str) -> str | None:
    literals, entries = _catalogue(language)
    if sentence in literals:
        return literals[sentence]
    are_several = any(end in sentence for end in (". ", _QUOTE_END))
    for entry in entries:
        if not sentence.startswith(entry.prefix) or (entry.joins and are_several):
            continue
        found = entry.pattern.fullmatch(sentence)
        said = found.groupdict() if found else {}
        if found and not any(_swallows(name, text) for name, text in said.items()):
            return entry.translation.format_map(
                {name: _value(name, text, language) for name, text in said.items()}
            )
    return None


def _swallows(name: str, text: str) -> bool:
    """A value that reaches into a further sentence: the sentence ends before it."""
    return not name.startswith((*_SENTENCES, "list")) and bool(_BREAK.search(text))


def _value(name: str, text: str, language: str) -> str:
    if name.startswith("amount"):
        return amount_text(text)
    if name.startswith(_SENTENCES):
        return translate(text, language)
    if name.startswith("list"):
        mark = next((mark for mark in _LIST_MARKS if mark in text), "; ")
        return mark.join(translate(part, language) for part in text.split(mark))
    literals, _ = _catalogue(language)
    return literals.get(text, text)


def amount_text(text: str) -> str:
    """``-1234.50`` or ``-1234.50 SEK`` as Swedes and Norwegians write it; other texts stay."""
    found = _AMOUNT.fullmatch(text)
    if not found:
        return text
    sign, whole, cents, currency = found.groups()
    grouped = f"{int(whole):,}".replace(",", _NO_BREAK_SPACE)
    return f"{'−' if sign else ''}{grouped},{cents}{currency}"


def catalogue_keys(language: str) -> set[str]:
    """The English templates that a language has a translation for."""
    return set(_read(language))


@cache
def _catalogue(language: str) -> tuple[Mapping[str, str], tuple[_Entry, ...]]:
    """Sentences without values, and templates: what says most of its own words comes first."""
    pairs = _read(language)
    literals = {key: text for key, text in pairs.items() if not _PLACEHOLDER.search(key)}
    templates = sorted(pairs.keys() - literals.keys(), key=_own_words, reverse=True)
    return literals, tuple(_entry(key, pairs[key]) for key in templates)


def _own_words(template: str) -> tuple[int, str]:
    return len(_PLACEHOLDER.sub("", template)), template


def _entry(template: str, translation: str) -> _Entry:
    pieces = _PLACEHOLDER.split(template)
    texts, names = pieces[::2], pieces[1::2]
    pattern = re.escape(texts[0]) + "".join(
        f"{_group(name, names[:number])}{re.escape(text)}"
        for number, (name, text) in enumerate(zip(names, texts[1:], strict=True))
    )
    joins = not any(character.isalpha() for character in "".join(texts))
    return _Entry(texts[0], re.compile(pattern, re.DOTALL), translation, joins)


def _group(name: str, before: Iterable[str]) -> str:
    """A value that stands twice in a sentence is the same both times."""
    return f"(?P={name})" if name in before else f"(?P<{name}>.*?)"


def _read(language: str) -> dict[str, str]:
    pairs: dict[str, str] = json.loads((_FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    return pairs
