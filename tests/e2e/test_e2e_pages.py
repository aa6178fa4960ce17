"""The pages in a real browser: report, plan, calendar and overview, by eye, by key and by file.

All on the Airflow that the other end-to-end modules use, with one day of its own.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from browser import SignedIn, barriers, open_report
from playwright.sync_api import Page, Route

from fortnox.demo.day import DAILY, DayRun

pytestmark = pytest.mark.timeout(900)
PHONE = (390, 844)


@pytest.fixture
def day_run(twice: Any) -> DayRun:
    """The newest run of the day: a page shows that one."""
    run: DayRun = twice.second
    return run


@pytest.fixture
def page(browser: SignedIn) -> Iterator[Page]:
    """Signed in as the administrator."""
    with browser.page() as opened:
        yield opened


def calendar_url(embedded: Any) -> str:
    return f"{embedded.base_url}/dags/{DAILY}/plugin/accounting-days"


def open_page(page: Page, url: str) -> None:
    page.goto(url)
    page.wait_for_selector(".fortnox-report h2")
    page.wait_for_load_state("networkidle")


def test_a_figure_leads_to_its_orders_and_their_file(
    embedded: Any, day_run: DayRun, page: Page
) -> None:
    """From freight in the bridge to the orders with freight, and into a spreadsheet."""
    open_report(page, day_run.report_url(embedded.base_url))
    line = next(
        line
        for section in day_run.summary["bridge"]
        for line in section["lines"]
        if line["key"].startswith("net:shipping")
    )
    page.click("button[aria-label^='Show the orders of: Freight']")
    page.wait_for_selector(f"text={line['orders']} of ")
    rows = page.locator("#fortnox-orders tbody tr")
    assert rows.count() == line["orders"]
    assert barriers(page) == []
    with page.expect_download() as caught:
        page.click("text=Download CSV")
    content = caught.value.path().read_text(encoding="utf-8-sig")
    assert len(content.splitlines()) == line["orders"] + 1
    assert caught.value.suggested_filename == f"demo-{embedded.day}.csv"


def test_orders_are_found_by_their_number(embedded: Any, day_run: DayRun, page: Page) -> None:
    """Somebody calls about an order: it is found by typing its number."""
    open_report(page, day_run.report_url(embedded.base_url))
    number = page.locator("#fortnox-orders tbody th").first.inner_text()
    page.fill("#fortnox-orders input[type=search]", number)
    page.wait_for_selector("#fortnox-orders [role=status]")
    assert number in page.inner_text("#fortnox-orders tbody")


def test_the_plan_stands_beside_what_was_done(embedded: Any, day_run: DayRun, page: Page) -> None:
    """What was planned and what was done, each document with its reason."""
    open_report(page, day_run.report_url(embedded.base_url))
    page.click("text=Show what is planned")
    page.wait_for_selector("text=What the plan does to each document")
    assert "Forecast:" in page.inner_text(".fortnox-report")


def test_a_day_is_run_again_from_the_calendar(embedded: Any, day_run: DayRun, page: Page) -> None:
    """Choose the held day, see the command, start it: Airflow's own API makes the run."""
    before = {run["dag_run_id"] for run in embedded.api.runs(DAILY)}
    open_page(page, calendar_url(embedded))
    button = page.locator(f"button.day[aria-label^='{embedded.day}']")
    button.focus()
    page.keyboard.press("Enter")
    assert button.get_attribute("aria-pressed") == "true"
    assert barriers(page) == []
    assert f'"day": "{embedded.day}"' in page.inner_text(".fortnox-report pre")
    page.click("text=Start now")
    page.wait_for_selector("text=Started: 1 day.")
    made = [run for run in embedded.api.runs(DAILY) if run["dag_run_id"] not in before]
    assert [run["partition_key"] for run in made] == [str(embedded.day)]
    embedded.api.wait_run(DAILY, made[0]["dag_run_id"], timeout_s=240)


def test_a_paused_dag_is_refused_with_the_reason(
    embedded: Any, day_run: DayRun, page: Page
) -> None:
    """Runs of a paused DAG would wait for ever without a word."""
    embedded.api.call("PATCH", f"dags/{DAILY}", json={"is_paused": True})
    try:
        open_page(page, calendar_url(embedded))
        page.click(f"button.day[aria-label^='{embedded.day}']")
        assert "This DAG is paused" in page.inner_text(".fortnox-report [role=alert]")
        assert page.locator("button:has-text('Start now')").is_disabled()
    finally:
        embedded.api.unpause(DAILY)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_all_shops_are_one_click_from_their_days(
    theme: str, embedded: Any, day_run: DayRun, browser: SignedIn
) -> None:
    """The page looks like Airflow in both modes, and its links stay within the UI."""
    with browser.page(theme=theme) as page:
        open_page(page, f"{embedded.base_url}/plugin/fortnox")
        # The root's: the body itself may be transparent.
        background = page.evaluate(
            "(() => { const seen = (e) => getComputedStyle(e).backgroundColor;"
            "return [document.body, document.documentElement].map(seen)"
            ".find((colour) => !colour.endsWith(' 0)')) ?? 'white'; })()"
        )
        text = page.evaluate("getComputedStyle(document.querySelector('.fortnox-report')).color")
        assert (light_of(page, background) > light_of(page, text)) is (theme == "light")
        assert barriers(page) == []
        page.evaluate("window.same = true")
        page.click(".fortnox-report th a")
        page.wait_for_selector(f"button.day[aria-label^='{embedded.day}']")
        assert page.evaluate("window.same") is True
        assert barriers(page) == []


def test_the_report_fits_a_phone_in_the_dark_and_in_swedish(
    embedded: Any, day_run: DayRun, browser: SignedIn
) -> None:
    """Tables scroll within themselves; a language that was chosen is there the next time."""
    with browser.page(size=PHONE, theme="dark", alone=True) as page:
        open_report(page, day_run.report_url(embedded.base_url))
        page.select_option(".fortnox-report .language select", "sv")
        page.wait_for_selector("text=Från butiken till huvudboken")
        page.reload()
        page.wait_for_selector("text=Från butiken till huvudboken")
        assert barriers(page) == []
        inner, place = page.evaluate(
            "(() => { const e = document.querySelector('.fortnox-report');"
            "return [e.scrollWidth, e.clientWidth]; })()"
        )
        assert inner <= place


def test_a_consent_is_asked_for_given_and_stored(embedded: Any, page: Page) -> None:
    """From the page to Fortnox and back, by the administrator's own browser."""
    before = embedded.api.call("GET", "connections/fortnox_demo")
    page.goto(f"{embedded.base_url}/plugin/fortnox-connect")
    page.click("button[aria-label='Choose: fortnox_demo']")
    assert barriers(page) == []
    page.click("text=Ask for the consent in Fortnox")
    page.click("text=Godkänn")
    page.wait_for_selector(".fortnox-report .verdict.success")
    assert "code=" not in page.url
    page.click("text=Store tenant id 1000001")
    page.wait_for_selector("text=Stored in fortnox_demo.")
    after = embedded.api.call("GET", "connections/fortnox_demo")
    stored = json.loads(after["extra"])
    assert (stored["tenant_id"], stored["flow"]) == ("1000001", "client_credentials")
    assert {**json.loads(before["extra"]), **stored} == stored
    assert after["login"] == before["login"]


def test_somebody_without_the_right_sees_a_sentence(
    embedded: Any, day_run: DayRun, page: Page
) -> None:
    """A refusal is told in words, and no figure is on the page."""
    refused = {"status": 403, "body": json.dumps({"detail": "Forbidden"})}
    page.route("**/fortnox/api/**", lambda route: route.fulfill(**refused))
    page.goto(day_run.report_url(embedded.base_url))
    page.wait_for_selector(".fortnox-report h1")
    assert "You may not read this DAG's reports." in page.inner_text(".fortnox-report")


def test_the_verdict_of_ten_thousand_orders_waits_for_none_of_them(
    embedded: Any, day_run: DayRun, page: Page
) -> None:
    """Whoever opens the largest day in the morning sees its verdict at once, the rows after it."""
    rows = [
        {"order_id": str(n), "order_number": str(n), "state": "booked", "shop_ore": n}
        for n in range(500)
    ]
    details = {"rows": 10_000, "pages": 20, "page_rows": 500}
    asked: list[Route] = []
    page.route("**/orders?**", lambda route: asked.append(route))  # noqa: PLW0108 - no builtin
    page.route(
        "**/fortnox/api/runs/*/*",
        lambda route: route.fulfill(json={**day_run.summary, "details": details}),
    )
    page.goto(day_run.report_url(embedded.base_url))
    page.wait_for_selector(".fortnox-report h1")
    assert page.locator("#fortnox-orders tbody tr").count() == 0
    while not asked:
        page.wait_for_timeout(50)
    asked[0].fulfill(json={"rows": rows, "note": "", "found": 10_000, "pages": 20})
    page.wait_for_selector("#fortnox-orders tbody tr")
    assert page.locator("#fortnox-orders tbody tr").count() == len(rows)


def light_of(page: Page, colour: str) -> int:
    """How light a colour is, however the style sheet writes it (rgb, oklab)."""
    light: int = page.evaluate(
        "colour => { const pen = document.createElement('canvas').getContext('2d');"
        "pen.fillStyle = colour; pen.fillRect(0, 0, 1, 1);"
        "return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3).reduce((a, b) => a + b); }",
        colour,
    )
    return light
