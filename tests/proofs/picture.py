"""``make picture``: the README's picture of the report, from a demo of its own."""

import sys

from tests.e2e.browser import chromium_missing, screenshot
from tests.support.end_to_end import end_to_end, stop_cleanly

from fortnox.demo.stack import Sales, package_root

PICTURE = package_root() / "docs" / "images" / "report.png"
#: Pixels; high enough for the whole report of the day.
SIZE = (1280, 1640)


def main() -> int:
    """Runs the demo's day and takes the picture; 1 without Chromium."""
    if missing := chromium_missing():
        print(missing)
        return 1
    stop_cleanly()
    with end_to_end(Sales()) as embedded:
        run = embedded.run_day(embedded.day)
        screenshot(run.report_url(embedded.base_url), PICTURE, size=SIZE)
    print(PICTURE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
