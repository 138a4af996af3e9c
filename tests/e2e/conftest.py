"""A browser and two served stores: one with invented posts, one with hostile ones."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from data_sources.loader import load
from data_sources.records import AccountReference, Attachment
from db.engine import open_engine
from db.migrate import upgrade
from tests.builders import ListConnector, a_question, an_answer, kst
from tests.e2e.serving import CHROMIUM, NO_BROWSER, chromium, fill_with_demo, serving, sqlite_url

POSTS, DAYS = 2_000, 200
EVIL = "https://evil.example"
HOSTILE_TEXTS = (
    f"![그림]({EVIL}/image.png) 고쳐 주세요 언제 되나요?",
    f"[눌러 보세요]({EVIL}/link) **굵게** :red[빨강] $x^2$ 언제 되나요?",
    f"<script>window.hacked = 1</script><img src='{EVIL}/tag.png' onerror='window.hacked = 1'> 언제 되나요?",
    f"# 제목\n\n<iframe src='{EVIL}/frame'></iframe><style>body{{display:none}}</style> 언제 되나요?",
    f'=HYPERLINK("{EVIL}/formula","누르세요") 언제 되나요?',
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies here as ``browser``; without Chromium it is skipped, or fails where REQUIRE_BROWSER is set."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))
            if CHROMIUM is None and not os.environ.get("REQUIRE_BROWSER"):
                item.add_marker(pytest.mark.skip(reason=NO_BROWSER))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The installed Chromium, without a display."""
    if CHROMIUM is None:
        pytest.fail(NO_BROWSER)
    with sync_playwright() as playwright, chromium(playwright) as started:
        yield started


@pytest.fixture(scope="session")
def demo_store(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a store with invented posts."""
    url = sqlite_url(tmp_path_factory.mktemp("e2e") / "demo.db")
    fill_with_demo(url, POSTS, DAYS)
    return url


@pytest.fixture(scope="session")
def demo(demo_store: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over the invented posts."""
    with serving(demo_store, tmp_path_factory.mktemp("e2e_log") / "streamlit.log") as address:
        yield address


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over posts, names and links that attack the reader."""
    folder = tmp_path_factory.mktemp("e2e_hostile")
    url = sqlite_url(folder / "hostile.db")
    engine = open_engine(url)
    upgrade(engine)
    posts = []
    for number, words in enumerate(HOSTILE_TEXTS):
        name = f"<img src={EVIL}/name{number}.png> ![x]({EVIL}/name{number}b.png) [y]({EVIL})"
        account = AccountReference(handle=f"![h]({EVIL}/handle{number}.png)", department=name[:200])
        photo = Attachment(key="p", kind="photo", url=f"{EVIL}/photo{number}.png", alt=f"![a]({EVIL}/alt.png)")
        posts += [
            a_question(
                f"q{number}",
                words,
                created_at=kst(f"2026-03-0{number + 1} 09:00"),
                addressed_to=account,
                attachments=(photo,),
                url="javascript:window.hacked=1",
                topic=name[:100],
            ),
            an_answer(
                f"a{number}", f"q{number}", words, created_at=kst(f"2026-03-0{number + 1} 12:00"), account=account
            ),
        ]
    load(ListConnector(posts), engine)
    engine.dispose()
    with serving(url, folder / "streamlit.log") as address:
        yield address


@pytest.fixture(scope="session")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One browser profile, so that Streamlit's scripts are loaded once."""
    with browser.new_context(viewport={"width": 1366, "height": 900}, locale="ko-KR", accept_downloads=True) as opened:
        yield opened


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """An empty tab."""
    tab = context.new_page()
    yield tab
    tab.close()
