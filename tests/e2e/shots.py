"""Pictures of every page, desktop and phone, Korean and English, with synthetic data only.

python -m tests.e2e.shots --out docs/shots
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from pages.components.navigation import PAGES
from pages.components.text import LANGUAGES
from tests.e2e.serving import CHROMIUM, chromium, fill_with_demo, serving, settle, sqlite_url

WIDTHS = {"desktop": 1366, "phone": 390}
POSTS, DAYS = 20_000, 180  # what `make run` loads
# The page scrolls inside a container, so the window must be as tall as the page; what is empty is cut off.
TALLEST = 9_000
COLOURS = 128  # of a palette PNG: a third of the size, no visible loss on flat colours


def main() -> int:
    """Write ``<page>_<language>_<device>.png`` for each page; return 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs/shots"))
    parser.add_argument("--pages", nargs="*", default=[row.id for row in PAGES])
    parser.add_argument("--store", help="URL of a store with synthetic posts; without it one is made")
    options = parser.parse_args()
    if CHROMIUM is None:
        parser.error("no Chromium found; install it, for example: apt-get install chromium")
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        url = options.store or sqlite_url(Path(folder) / "shots.db")
        if not options.store:
            fill_with_demo(url, POSTS, DAYS)
        with (
            serving(url, Path(folder) / "streamlit.log") as address,
            sync_playwright() as playwright,
            chromium(playwright) as browser,
        ):
            for page_id in options.pages:
                for lang in LANGUAGES:
                    for device, width in WIDTHS.items():
                        target = options.out / f"{page_id}_{lang}_{device}.png"
                        _shoot(browser, f"{address}/{page_id}?lang={lang}", width, target)
                        print(target)
    return 0


def _shoot(browser: Browser, url: str, width: int, target: Path) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, locale="ko-KR")
    page.goto(url)
    settle(page)
    height = page.evaluate(
        "() => { const main = document.querySelector('[data-testid=\"stMain\"]'); return main.scrollHeight; }"
    )
    page.set_viewport_size({"width": width, "height": min(int(height) + 80, TALLEST)})
    page.wait_for_timeout(1200)  # charts follow a new size with a delay
    settle(page)
    page.screenshot(path=target)
    page.close()
    picture = Image.open(target).convert("RGB").quantize(COLOURS)
    picture.save(target, optimize=True)


if __name__ == "__main__":
    raise SystemExit(main())
