"""Links and pictures of posts: only web addresses get a button, only our own files are drawn."""

from __future__ import annotations

import pytest

from db.dialects.base import SearchPart, SearchQuery
from pages.components.posts import ROOT, local_picture, marked, safe_link


@pytest.mark.parametrize("url", ["https://x.com/a/status/1", "http://example.org/?q=아"])
def test_web_addresses_get_a_button(url: str) -> None:
    assert safe_link(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JavaScript:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)", "data:text/html,x",
        "ftp://example.org", "//example.org", "https://", "http:///x", "https://[bad", "https://a b.org", "", None, 3,
        "https://example.org/" + "a" * 2000,
    ],
)  # fmt: skip
def test_anything_else_gets_none(url: object) -> None:
    assert safe_link(url) is None


def test_demo_pictures_are_drawn() -> None:
    picture = next((ROOT / "static" / "demo").glob("*.png"))
    assert local_picture(f"static/demo/{picture.name}") == picture


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/static/demo/park.png", "static/demo/../../var/hash_key", "static/demo/../favicon.png",
        "/static/demo/park.png", "static/demo/none.png", "static/fonts/LICENSE.txt", "static/demo/park.png\n", None,
    ],
)  # fmt: skip
def test_no_other_address_is_drawn(url: object) -> None:
    assert local_picture(url) is None


def test_words_that_were_found_are_marked_and_nothing_else_changes() -> None:
    query = SearchQuery((SearchPart(("수도",)), SearchPart(("요금",))), (SearchPart(("너무",)),))
    assert marked("수도 요금이 *너무* <b>비싸요</b>", query) == "【수도】 【요금】이 *너무* <b>비싸요</b>"
    assert marked("수도요금", query) == "【수도요금】"
    assert marked("없음", SearchQuery()) == "없음"
