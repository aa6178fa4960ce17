"""The pages' languages: complete texts, the reader's form of amounts, and whose choice counts."""

import io
import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from ui_airflow_tables import ClientOf, Database

import fortnox.ui
from fortnox.core.report_language import LANGUAGES
from fortnox.ui.download import to_xlsx
from fortnox.ui.languages import ReaderLanguage
from fortnox.ui.rows import RowFilter, found_rows

STATIC = Path(fortnox.ui.__file__).parent / "static"
DAG, RUN = "fortnox_orders_daily__demo", "r"
needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")

#: Prints what a script of the pages, told to speak each language in turn, answers.
_HARNESS = """
globalThis.React = { useEffect: () => {}, useState: (first) => [first, () => {}] };
const { T, LANGUAGES, speak } = await import("./texts.js");
const { dayText, formatOre, rateText, timeText, words } = await import("./values.js");
const shape = (value) =>
  Object.fromEntries(
    Object.entries(value).map(([key, text]) => [
      key,
      Array.isArray(text) ? text.length : typeof text === "object" ? shape(text) : typeof text,
    ]),
  );
const said = {};
for (const language of Object.keys(LANGUAGES)) {
  speak(language);
  said[language] = {
    shape: shape(T),
    amounts: [formatOre(123456), formatOre(-5), formatOre(9007199254740991), formatOre(null)],
    day: dayText("2026-11-05"),
    time: timeText("2026-11-05T03:04:00+00:00").slice(0, 17),
    rates: [rateText("SE", "25"), rateText("FI", "25.5")],
    words: [words("held"), words("brand_new")],
    title: T.reconciledHeld(3),
  };
}
console.log(JSON.stringify(said));
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What each language says."""
    folder = tmp_path_factory.mktemp("static")
    for script in STATIC.glob("*.js"):
        (folder / script.name).write_bytes(script.read_bytes())
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "harness.mjs").write_text(_HARNESS)
    done = subprocess.run(
        ["node", str(folder / "harness.mjs")],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        cwd=folder,
        env={"TZ": "UTC", "PATH": str(Path(str(shutil.which("node"))).parent)},
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@needs_node
def test_every_text_is_there_in_every_language(said: dict[str, Any]) -> None:
    """A page would say "undefined", or fail where a text with a number is asked for."""
    assert set(said) == set(LANGUAGES)
    shapes = [said[language]["shape"] for language in LANGUAGES]
    assert all(shape == shapes[0] for shape in shapes)


def test_every_text_is_used() -> None:
    """Translators would work on texts that no page shows."""
    scripts = [path for path in STATIC.glob("*.js") if not path.name.startswith("texts_")]
    code = "\n".join(path.read_text(encoding="utf-8") for path in scripts)
    names = re.findall(r"^  (\w+):", (STATIC / "texts_en.js").read_text("utf-8"), re.MULTILINE)
    assert not [name for name in names if f"T.{name}" not in code]


@needs_node
def test_amounts_dates_and_rates_are_in_the_readers_form(said: dict[str, Any]) -> None:
    """A Norwegian would read 1 234.56 as twelve hundred of something else."""
    nbsp = "\u00a0"
    swedish, norwegian, english = said["sv"], said["nb"], said["en"]
    whole = nbsp.join(["90", "071", "992", "547", "409"])
    assert english["amounts"] == [f"1{nbsp}234.56", "-0.05", f"{whole}.91", "–"]
    assert swedish["amounts"] == [f"1{nbsp}234,56", "−0,05", f"{whole},91", "–"]
    assert norwegian["amounts"] == swedish["amounts"]
    assert [english["day"], swedish["day"], norwegian["day"]] == [
        "2026-11-05",
        "2026-11-05",
        "05.11.2026",
    ]
    assert norwegian["time"] == "05.11.2026, 03:04"
    assert [english["rates"], swedish["rates"]] == [["25 %", "FI 25.5 %"], ["25 %", "FI 25,5 %"]]


@needs_node
def test_codes_are_said_in_words(said: dict[str, Any]) -> None:
    """A state would stand on a Swedish page in English; a new one still has words."""
    assert said["sv"]["words"] == ["Väntar", "Brand new"]
    assert said["sv"]["title"] == "Avstämd, 3 väntar på åtgärd"
    assert said["nb"]["title"] == "Avstemt, 3 venter på tiltak"


@pytest.mark.parametrize(
    ("chosen", "of_shop", "browser", "language"),
    [
        ("nb", "sv", "en", "nb"),
        ("", "sv", "nb-NO", "sv"),
        ("", "", "nb-NO,en;q=0.5", "nb"),
        ("", None, "", "en"),
        ("xx", "", "de", "en"),
    ],
)
def test_the_readers_choice_outranks_the_shops_and_the_browsers(
    chosen: str, of_shop: str | None, browser: str, language: str
) -> None:
    """Somebody would choose Norwegian and go on reading Swedish."""
    shop = {} if of_shop is None else {"language": of_shop}
    assert ReaderLanguage(chosen, browser).of_shop({"shop": shop}) == language


def test_routes_answer_in_the_readers_language(
    client_of: ClientOf, database: Database, summary: dict[str, Any]
) -> None:
    """The page would be Swedish around English causes."""
    database.run(DAG, RUN)
    headline = "Reconciled, 1 held, difference 0.00 SEK"
    shop = {**summary["shop"], "language": "sv"}
    database.xcom(DAG, RUN, {**summary, "shop": shop, "headline": headline})
    viewer = client_of("VIEWER")
    of_shop = viewer.get(f"/api/runs/{DAG}/{RUN}").json()
    assert of_shop["language"] == "sv"
    assert of_shop["headline"] == "Avstämd, 1 väntar på åtgärd, differens 0,00 SEK"
    chosen = viewer.get(f"/api/runs/{DAG}/{RUN}", params={"lang": "nb"}).json()
    assert chosen["headline"].startswith("Avstemt, 1 venter på tiltak")
    gone = viewer.get(f"/api/runs/{DAG}/x", headers={"Accept-Language": "nb"}).json()
    assert gone["detail"] == "Det finnes ingen slik kjøring."


def test_rows_are_found_by_the_words_that_the_reader_sees() -> None:
    """Typing a word of the Swedish reason would find nothing."""
    row = {"order_number": "7", "state": "held", "reason": "not in Fortnox"}
    wanted = RowFilter(text="finns inte")
    assert found_rows([row], wanted, "sv") == [row]
    assert found_rows([row], wanted, "en") == []
    assert found_rows([row], RowFilter(text="not in"), "sv") == [row]


def test_workbooks_are_in_the_readers_language() -> None:
    """The accountant's file would be English; the one for machines always is."""
    row = {"order_number": "7", "state": "only_in_shop", "remedy": "Run the day again."}
    with zipfile.ZipFile(io.BytesIO(to_xlsx([row], "demo", "sv"))) as book:
        texts = book.read("xl/sharedStrings.xml").decode()
    for text in ("Beställning", "Åtgärd", "Endast i butiken", "Kör dagen igen."):
        assert f">{text}<" in texts
