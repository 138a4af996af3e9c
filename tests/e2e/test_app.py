"""The app in a real browser: what AppTest cannot see."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from pages.components.navigation import PAGES, PageRow
from pages.components.text import text
from tests.e2e.conftest import EVIL, HOSTILE_TEXTS
from tests.e2e.serving import serving, settle

PHONE: ViewportSize = {"width": 390, "height": 844}
# The page scrolls inside a container, so the window is not the only thing that could scroll sideways.
_SIDEWAYS = """() => [document.scrollingElement, document.querySelector('[data-testid="stMain"]')]
    .map(element => element.scrollWidth - element.clientWidth)"""


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    settle(page)
    return page


def address_of(page_id: str) -> str:
    return "" if page_id == PAGES[0].id else page_id


def title(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def choose(page: Page, key: str, option: str) -> None:
    page.locator(f".st-key-{key}").get_by_role("combobox").click()
    page.get_by_role("option", name=option, exact=True).click()
    page.keyboard.press("Escape")
    settle(page)


def first_kpi(page: Page) -> int:
    return int(page.get_by_test_id("stMetricValue").first.inner_text().replace(",", ""))


def click_first_bar(page: Page, card: str) -> None:
    bar = page.locator(f".st-key-{card} .barlayer .point path").first
    bar.scroll_into_view_if_needed()
    box = bar.bounding_box()
    assert box is not None, f"no bar in {card}"
    # Plotly lays a transparent layer over its bars: the click goes to the place, not to the element.
    page.mouse.move(box["x"] + box["width"] / 3, box["y"] + box["height"] / 2)
    page.mouse.click(box["x"] + box["width"] / 3, box["y"] + box["height"] / 2)


def test_deep_link_as_the_first_visit_of_a_cold_server(browser: Browser, demo_store: str, tmp_path: Path) -> None:
    with serving(demo_store, tmp_path / "streamlit.log") as address, browser.new_context() as context:
        page = opened(context.new_page(), f"{address}/response?lang=en&period=30")
        assert title(page) == "Response times"
        assert page.get_by_role("dialog").count() == 0
        assert page.get_by_text("Page not found").count() == 0
        assert query(page) == {"lang": ["en"], "period": ["30"]}


def test_the_shell_speaks_the_language_and_loads_the_font(page: Page, demo: str) -> None:
    opened(page, f"{demo}/")
    assert page.locator("html").get_attribute("lang") == "ko"
    assert page.evaluate("document.fonts.check('16px \"Pretendard Variable\"', '민원창')") is True
    assert page.title() == "한눈에 보기 · 민원창"


def test_overview_by_its_name_is_the_start_page(page: Page, demo: str) -> None:
    opened(page, f"{demo}/overview?period=7")
    assert title(page) == "한눈에 보기"
    assert query(page) == {"period": ["7"]}


def test_a_filter_changes_the_url_and_the_kpi_and_follows_to_the_next_page(page: Page, demo: str) -> None:
    opened(page, f"{demo}/")
    before = first_kpi(page)
    choose(page, "class-ko", "칭찬")
    assert query(page) == {"class": ["praise"]}
    assert 0 < first_kpi(page) < before
    page.get_by_role("link", name="플랫폼").first.click()
    settle(page)
    assert title(page) == "플랫폼"
    assert query(page) == {"class": ["praise"]}


def test_the_language_is_one_click_away(page: Page, demo: str) -> None:
    opened(page, f"{demo}/departments")
    page.get_by_text("English", exact=True).click()
    settle(page)
    assert title(page) == "Departments"
    assert query(page) == {"lang": ["en"]}


def test_clicking_a_keyword_opens_it_under_issues(page: Page, demo: str) -> None:
    opened(page, f"{demo}/?period=all")
    click_first_bar(page, "card-overview-top")
    page.wait_for_url(re.compile("/issues"))
    settle(page)
    assert title(page) == "이슈"
    assert len(query(page)["term"]) == 1
    assert query(page)["period"] == ["all"]
    term = query(page)["term"][0]
    assert page.locator(".st-key-terms-ko").get_by_text(term, exact=True).count() >= 1
    page.go_back()
    settle(page)
    assert title(page) == "한눈에 보기"  # and the click is not repeated


def test_clicking_a_department_filters_by_it(page: Page, demo: str) -> None:
    opened(page, f"{demo}/departments?period=all")
    click_first_bar(page, "card-departments-volume")
    page.wait_for_url(re.compile("department="))
    settle(page)
    assert len(query(page)["department"]) == 1
    assert page.locator(".st-key-department-ko").get_by_role("button", name="Remove").count() == 1


def test_the_download_holds_what_is_on_screen(page: Page, demo: str) -> None:
    opened(page, f"{demo}/?lang=en&period=30")
    with page.expect_download() as waiting:
        page.locator(".st-key-csv-overview-volume button").click()
    raw = waiting.value.path().read_bytes()
    assert waiting.value.suggested_filename.startswith("minwon_overview_volume_20")
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
    assert len(rows) == 30
    assert sum(int(row["Posts"]) for row in rows) == first_kpi(page)


def test_a_chart_opens_as_a_table(page: Page, demo: str) -> None:
    opened(page, f"{demo}/")
    card = page.locator(".st-key-card-overview-volume")
    assert card.get_by_test_id("stDataFrame").count() == 0
    card.get_by_text("표로 보기").click()
    settle(page)
    assert card.get_by_test_id("stDataFrame").count() == 1


def test_search_from_the_box_to_the_url_and_back(page: Page, demo: str) -> None:
    opened(page, f"{demo}/search?period=all")
    box = page.locator(".st-key-query-ko input")
    box.fill("지하철")
    box.press("Enter")
    page.wait_for_url(re.compile("q="))
    settle(page)
    assert query(page)["q"] == ["지하철"]
    found = page.get_by_test_id("stText").all_inner_texts()
    assert any("지하철" in words for words in found)
    shared = opened(page, page.url)
    assert shared.locator(".st-key-query-ko input").input_value() == "지하철"


@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.id)
def test_nothing_scrolls_sideways_on_a_phone(page: Page, demo: str, row: PageRow) -> None:
    page.set_viewport_size(PHONE)
    opened(page, f"{demo}/{address_of(row.id)}?lang=en")
    assert title(page) == text(f"{row.id}.title", "en")
    assert page.evaluate(_SIDEWAYS) == [0, 0]


@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.id)
def test_hostile_posts_reach_nobody_and_break_no_policy(page: Page, hostile: str, row: PageRow) -> None:
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    opened(page, f"{hostile}/{address_of(row.id)}?period=all")
    for fold in page.get_by_text("표로 보기").all():
        fold.click()
        settle(page)
    own = (hostile, hostile.replace("http", "ws"), "data:", "blob:")
    assert [url for url in asked if not url.startswith(own)] == []
    assert [line for line in said if "Content Security Policy" in line or "Refused" in line] == []
    assert page.evaluate("window.hacked") is None
    assert page.locator("img[src*='evil']").count() == 0
    assert page.locator("a[href^='javascript']").count() == 0
    # The only way out is a button of ours with a fixed label, to a photo somebody attached.
    labels = {link.inner_text().split("\n")[-1] for link in page.locator(f"a[href*='{EVIL}']").all()}
    assert labels <= {text("posts.attachment.photo", "ko")}


def test_hostile_words_are_shown_as_they_are(page: Page, hostile: str) -> None:
    opened(page, f"{hostile}/search?period=all")
    shown = page.get_by_test_id("stText").all_inner_texts()
    assert [words for words in HOSTILE_TEXTS[:3] if words not in shown] == []


def test_no_page_of_the_demo_asks_another_server(page: Page, demo: str) -> None:
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    for row in PAGES:
        opened(page, f"{demo}/{address_of(row.id)}")
    own = (demo, demo.replace("http", "ws"), "data:", "blob:")
    assert [url for url in asked if not url.startswith(own)] == []
    assert [line for line in said if "Content Security Policy" in line] == []


def test_health_and_headers(page: Page, demo: str) -> None:
    answer = page.request.get(f"{demo}/health")
    told = answer.json()
    assert (answer.status, told) == (
        200,
        {"status": "ok", "store": "reachable", "load_id": told["load_id"], "sources": []},
    )
    assert told["load_id"] > 0
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert page.request.get(f"{demo}/_stcore/metrics").status == 404
