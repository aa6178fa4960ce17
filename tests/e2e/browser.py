"""Pictures of the real UI in the system's Chromium; for the end-to-end tests and the README."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import axe_playwright_python
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
_AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
# A browser that phones nobody: the tests may run without any network.
_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_PATIENCE_MS = 60_000


def chromium_missing() -> str:
    """Why a browser test has to be skipped; empty if it can run."""
    return "" if CHROMIUM.exists() else f"{CHROMIUM} is not installed"


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """A browser that is signed in to an Airflow, whose pages share what they have loaded."""

    browser: Browser
    context: BrowserContext

    @contextmanager
    def page(
        self, *, theme: str = "light", size: tuple[int, int] = (1280, 900), alone: bool = False
    ) -> Iterator[Page]:
        """A new page.

        Args:
            theme: ``light`` or ``dark``.
            size: Width and height of the window in pixels.
            alone: What it remembers (a language, say) is no other page's business.
        """
        context = self.context
        if alone:
            context = self.browser.new_context(storage_state=context.storage_state())
        page = context.new_page()
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.add_init_script(f"localStorage.setItem('theme', '{theme}')")
        page.set_default_timeout(_PATIENCE_MS)
        try:
            yield page
        finally:
            (context if alone else page).close()


@contextmanager
def signed_in(base_url: str, login: tuple[str, str] = ("admin", "admin")) -> Iterator[SignedIn]:
    """A browser that is signed in to the Airflow at ``base_url``.

    Args:
        base_url: Such as ``http://localhost:8080``.
        login: User name and password of the simple auth manager.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=_FLAGS)
        made = SignedIn(browser=browser, context=browser.new_context())
        with made.page() as page:
            page.goto(urljoin(base_url.rstrip("/") + "/", "auth/login"))
            page.fill("input[name=username]", login[0])
            page.fill("input[name=password]", login[1])
            page.click("button[type=submit]")
            page.wait_for_url(lambda url: "/auth/" not in url)
        yield made
        browser.close()


def open_report(page: Page, url: str) -> None:
    """Go to a run's tab and wait until it says something."""
    page.goto(url)
    page.wait_for_selector(".fortnox-report h1")
    page.wait_for_load_state("networkidle")


def barriers(page: Page) -> list[str]:
    """What axe finds serious or critical about our part of the page: for eyes, keys and readers."""
    page.add_script_tag(path=_AXE)
    found = page.evaluate("axe.run('.fortnox-report', { resultTypes: ['violations'] })")
    return [
        f"{one['id']}: {node['html'][:200]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def screenshot(
    url: str,
    path: str | Path,
    login: tuple[str, str] = ("admin", "admin"),
    *,
    theme: str = "light",
    size: tuple[int, int] = (1280, 900),
) -> str:
    """Sign in, open a run's tab, take a picture of the window.

    Args:
        url: ``<base>/dags/<dag id>/runs/<run id>/plugin/reconciliation``.
        path: The PNG file to write.
        login: User name and password.
        theme: ``light`` or ``dark``.
        size: Width and height of the window in pixels.

    Returns:
        The text of the tab, for the test to read.
    """
    with (
        signed_in(url.partition("/dags/")[0], login) as browser,
        browser.page(theme=theme, size=size) as page,
    ):
        open_report(page, url)
        page.screenshot(path=str(path))
        return page.inner_text(".fortnox-report")
