"""Every sentence of a report has its translation, and its values come through whole."""

import ast
import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import fortnox
from fortnox.core.errors import FatalError
from fortnox.core.money import format_ore
from fortnox.core.report_language import (
    LANGUAGES,
    amount_text,
    catalogue_keys,
    chosen_language,
    translate,
    translated,
)

PACKAGE = Path(fortnox.__file__).parent
OTHERS = [language for language in LANGUAGES if language != "en"]
PLACEHOLDER = re.compile(r"\{\w*\}")

#: What of the package makes sentences that a report shows.
SPEAKING = [
    *(PACKAGE / "core").glob("*.py"),
    *(PACKAGE / "core" / "settlement").glob("*.py"),
    *(PACKAGE / "shops").glob("*/*convert.py"),
    *(PACKAGE / "shops" / "woocommerce").glob("[fv]*.py"),
    *(PACKAGE / "shops" / "textalk" / f"{name}.py" for name in ("fields", "lines", "payments")),
    *(
        PACKAGE / "api" / f"{name}.py"
        for name in ("apply", "booker", "creator", "document_run", "errors", "voucher_writer")
    ),
    *(PACKAGE / "steps").glob("*.py"),
    *(PACKAGE / "ui" / f"{name}.py" for name in ("details", "run_routes", "waiting")),
]
#: These speak to somebody else: the terminal, the log, Fortnox, the reader of a CSV file's error.
SILENT = {
    "smoke.py", "eu_rates.py", "references.py", "sie.py", "paypal.py",
    "report_language.py", "documents.py", "territories.py", "preflight.py", "connections.py",
    "discounts.py", "window.py", "extract.py", "vat_code_trial.py",
}  # fmt: skip
#: What Fortnox's documents say, and other texts that no report shows.
WRITTEN_ELSEWHERE = re.compile(
    r"[åäö]|%[sd.]|Kreditfaktura|Utbetalning|Tillägg|^Moms|moms enligt rapport|^Refund of order|"
    r"try \{\}$|\(\{\} st\)$|no answer to a (customer|create)|looking (it|the reference) up|"
    r"was answered with|the scope|smoke test|VAT number validated|^attachment|is larger than|"
    r"^, the whole shop$|^\{\} \{\} \{\} \{\}|^Unionsintern|no customer card$|Mark \| None$|"
    r"^Återbetalning|^A gift card$"
)
ENOUGH_WORDS = 3
#: Errors that end a step, and where steps are made.
STOPPING = ("FatalError", "UnreachableError", "LeaseTakenError", "UnknownOutcomeError")
STEPS = ("core", "api", "shops", "hooks", "steps", "operators")
#: What only the command line says, and values in quotes.
AT_THE_COMMAND_LINE = re.compile(r"test invoice|^Try again: nothing|^pip install|^\{\} ")


class Texts(ast.NodeVisitor):
    """All texts of a module as templates, values as ``{}``."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if isinstance(node.op, ast.Add) and (text := _text(node)) is not None:
            self.found.append(text)
        self.generic_visit(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        self.found.append(_text(node) or "")
        for value in node.values:
            if isinstance(value, ast.FormattedValue):
                self.visit(value.value)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self.found.append(node.value)


class Stops(Texts):
    """What the errors say that stop a step: the report names the step and quotes its error."""

    def visit_Constant(self, node: ast.Constant) -> None:
        """Only within an error."""

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """Only within an error."""

    def visit_BinOp(self, node: ast.BinOp) -> None:
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        if ast.unparse(node.func) in STOPPING:
            said = Texts()
            for value in [*node.args, *(keyword.value for keyword in node.keywords)]:
                said.visit(value)
            self.found += said.found
        self.generic_visit(node)


class Sentences(Texts):
    """Those for readers of reports: not what is logged, nor Python's own errors."""

    def visit_Raise(self, node: ast.Raise) -> None:
        """What holds a document; for what stops a step see ``Stops``."""
        if node.exc and ast.unparse(node.exc).startswith("DocumentError"):
            self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        if not (isinstance(node.targets[0], ast.Name) and node.targets[0].id == "message"):
            self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        if not ast.unparse(node.func).startswith(("_log.", "re.")):
            self.generic_visit(node)


def _text(node: ast.expr) -> str | None:
    """A template, ``None`` for what is no text."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(v.value if isinstance(v, ast.Constant) else "{}" for v in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _text(node.left), _text(node.right)
        if left is None and right is None:
            return None
        return f"{'{}' if left is None else left}{'{}' if right is None else right}"
    return None


def texts_of(paths: Iterable[Path], reader: Texts) -> list[str]:
    for path in paths:
        reader.visit(ast.parse(path.read_text(encoding="utf-8")))
    return reader.found


@cache
def sentences() -> set[str]:
    spoken = texts_of((path for path in SPEAKING if path.name not in SILENT), Sentences())
    return {text for text in spoken if is_sentence(text)}


@cache
def everything_said() -> set[str]:
    """All texts of the package, and the words that are made of its codes."""
    paths = (path for path in PACKAGE.rglob("*.py") if "sandbox" not in path.parts)
    said = set(texts_of(paths, Texts()))
    said |= {text.replace("_", " ") for text in said}
    return said | {text.capitalize() for text in said}


def is_sentence(text: str) -> bool:
    words = PLACEHOLDER.sub("X", text).split()
    has_words = re.search(r"[a-z]{2}", PLACEHOLDER.sub("", text))
    return len(words) >= ENOUGH_WORDS and bool(has_words) and not WRITTEN_ELSEWHERE.search(text)


def bare(template: str) -> str:
    """A template without the names of its values, and without what is joined on behind."""
    return PLACEHOLDER.sub("{}", template)


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_is_translated(language: str) -> None:
    """A Swedish report would suddenly go on in English."""
    known = {bare(key) for key in catalogue_keys(language)}
    wanted = set(sentences())
    # A sentence may go on in another string, or be a list of parts.
    wanted -= {text for text in wanted if f"{text}{{}}" in known}
    wanted -= {text for text in wanted if {"{}", *text.split(", ")} <= known | {"{}"}}
    missing = sorted(wanted - known)
    assert not missing, json.dumps(dict.fromkeys(missing, ""), indent=0, ensure_ascii=False)


@pytest.mark.parametrize("language", OTHERS)
def test_what_stops_a_step_is_translated(language: str) -> None:
    """A red day would say in English what its reader has to do."""
    paths = [path for name in STEPS for path in (PACKAGE / name).rglob("*.py")]
    said = {text for text in texts_of(paths, Stops()) if is_sentence(text)}
    known = {bare(key) for key in catalogue_keys(language)}
    missing = sorted(
        text
        for text in said - known
        if f"{text}{{}}" not in known and not AT_THE_COMMAND_LINE.search(text)
    )
    assert not missing, json.dumps(dict.fromkeys(missing, ""), indent=0, ensure_ascii=False)


def test_a_quoted_error_keeps_what_fortnox_said() -> None:
    """The cause in the reader's language, Fortnox's own words as they are, the remedy again."""
    said = translate(
        "Not proven: step extract failed: The shop refuses the key. Make a new key with read "
        "permission under WooCommerce, Settings.",
        "sv",
    )
    assert "Butiken avvisar nyckeln. Skapa en ny nyckel med läsrätt under WooCommerce" in said
    told = str(
        FatalError(
            "Fortnox has no price list B.",
            vendor_code=2000,
            vendor_message="Kan inte hitta prislistan.",
            remedy="Create it in Fortnox, or change price_list in shops.csv.",
        )
    )
    assert translate(told, "sv") == (
        "Fortnox har ingen prislista B. [Fortnox 2000: Kan inte hitta prislistan.] "
        "Skapa den i Fortnox, eller ändra price_list i shops.csv."
    )


@pytest.mark.parametrize("language", OTHERS)
def test_no_translation_is_left_over(language: str) -> None:
    """Translators would work on sentences that nobody says any more."""
    said = everything_said()
    # Some are the first half of a sentence, whose other half is joined on behind.
    halves = {f"{text}{{}}" for text in said}
    left = {key for key in catalogue_keys(language) if bare(key) not in said | halves}
    assert not sorted(left)


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_values_of_its_sentence(language: str) -> None:
    """An amount or a number would be lost in translation."""
    for key in catalogue_keys(language):
        names = sorted(set(PLACEHOLDER.findall(key)))
        sentence = key
        for number, name in enumerate(names, start=1):
            sentence = sentence.replace(name, f"{number}7.50" if "amount" in name else f"Q{number}")
        said = translate(sentence, language)
        assert "{" not in said
        for number, name in enumerate(names, start=1):
            assert (f"{number}7,50" if "amount" in name else f"Q{number}") in said, key


def test_languages_have_the_same_sentences() -> None:
    """A reader of one language would get what another has not."""
    first, *rest = (catalogue_keys(language) for language in OTHERS)
    assert all(keys == first for keys in rest)


@pytest.mark.parametrize(
    ("sentence", "swedish", "norwegian"),
    [
        (
            'payment method "swish" has no row in document_types.csv',
            'betalningssättet "swish" har ingen rad i document_types.csv',
            'betalingsmåten "swish" har ingen rad i document_types.csv',
        ),
        (
            "Reconciled, 3 held, difference -1234.56 SEK",
            "Avstämd, 3 väntar på åtgärd, differens −1\u00a0234,56 SEK",
            "Avstemt, 3 venter på tiltak, differanse −1\u00a0234,56 SEK",
        ),
        (
            "Not proven: step plan failed: no such host",
            "Ej avstämd: steget plan misslyckades: no such host",
            "Ikke avstemt: trinnet plan feilet: no such host",
        ),
        (
            "voucher B 7 differs from the order: account 3001 by -1.00, account 2611 by 1",
            "verifikation B 7 avviker från beställningen: konto 3001 med −1,00, konto 2611 med 1",
            "bilag B 7 avviker fra ordren: konto 3001 med −1,00, konto 2611 med 1",
        ),
    ],
)
def test_sentences_as_an_accountant_says_them(sentence: str, swedish: str, norwegian: str) -> None:
    """The cause would be right and still not understood."""
    assert (translate(sentence, "sv"), translate(sentence, "nb")) == (swedish, norwegian)
    assert translate(sentence, "en") == sentence


def test_what_no_catalogue_knows_stays_as_it_is() -> None:
    """Fortnox's own words would be garbled, or a new sentence lost."""
    unknown = "Fortnox says: kontot är spärrat; a brand new sentence"
    assert translate(unknown, "sv") == unknown


def test_only_sentences_are_translated() -> None:
    """A shop called Booked, or a state that a machine reads, would change its name."""
    report = {
        "verdict": "held",
        "shop": {"name": "not in Fortnox"},
        "held": [
            {"order_number": "refund", "reason": "not in Fortnox", "remedy": "Book it by hand."}
        ],
        "notes": ["Run the day again."],
    }
    said = translated(report, "sv")
    assert said["shop"] == report["shop"]
    assert said["held"][0] == {
        "order_number": "refund",
        "reason": "finns inte i Fortnox",
        "remedy": "Bokför för hand.",
    }
    assert said["notes"] == ["Kör dagen igen."]
    assert translated(report, "en") == report


@given(st.integers(-(10**13), 10**13))
def test_amounts_keep_their_oren(ore: int) -> None:
    """An amount would be another one in Swedish."""
    shown = amount_text(format_ore(ore))
    assert int(re.sub(r"[,\u00a0]", "", shown).replace("−", "-")) == ore


@pytest.mark.parametrize(
    ("wishes", "language"),
    [
        ((), "en"),
        (("", None, "de-DE,de;q=0.9"), "en"),
        (("sv",), "sv"),
        (("", "sv-FI,en;q=0.5"), "sv"),
        (("nn-NO,en;q=0.5",), "nb"),
        (("nb", "sv"), "nb"),
        (("xx", "sv"), "sv"),
    ],
)
def test_the_first_wish_that_can_be_met_counts(
    wishes: tuple[str | None, ...], language: str
) -> None:
    """A choice of the reader's own would lose against the browser's."""
    assert chosen_language(*wishes) == language
