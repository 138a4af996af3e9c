"""The view of the city's replies: what is no answer, both waits, the rules."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from pages.components.text import LANGUAGES, text
from tests.builders import ListConnector, a_question, an_answer, kst
from tests.pages.conftest import Open, filled

TEXTS = ("가로등을 교체했습니다.", "120 다산콜로 문의해 주시기 바랍니다.", "문의가 정상적으로 접수되었습니다.")


@pytest.fixture
def store(tmp_path: Path) -> str:
    found = []
    for number in range(30):
        asked = kst("2026-03-02 09:00") + dt.timedelta(hours=number)
        found += [
            a_question(f"q{number}", f"가로등 {number}번이 꺼졌어요. 언제 고쳐지나요?", created_at=asked),
            an_answer(f"a{number}", to=f"q{number}", text=TEXTS[number % 3], created_at=asked + dt.timedelta(hours=2)),
        ]
    # One had no reply at all; the data go on for longer than a day, so that a day can be spoken of.
    found.append(a_question("alone", "보도블록이 깨졌어요. 언제 고쳐지나요?", created_at=kst("2026-03-02 09:00")))
    found.append(a_question("end", "감사합니다", created_at=kst("2026-03-12 09:00")))
    return filled(tmp_path / "replies.db", ListConnector(found))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_view_says_what_is_no_answer_and_shows_both_waits(open_app: Open, store: str, lang: str) -> None:
    app = open_app(store, "response", view="replies", period="all", lang=lang)
    assert not app.exception
    sentence = text("response.replies.sentence", lang, none="20", n="30", share="66.7%")
    assert sentence in [each.value for each in app.text]
    shown = [each.value for each in app.metric]
    assert {"96.8%", "32.3%"} <= set(shown)  # any reply, an answer
    headers = [each.value for each in app.header]
    for card in ("reply_curves", "reply_kinds", "replies_by_department", "reply_rules"):
        assert text(f"response.{card}.title", lang) in headers
    rules = next(each.value.columns for each in app.dataframe if text("column.example", lang) in each.value.columns)
    assert text("column.post_class", lang) not in rules  # a reply has none


def test_a_reply_that_is_no_answer_is_named_where_posts_are_listed(open_app: Open, store: str) -> None:
    app = open_app(store, "search", period="all", lang="en")
    said = [each.value for each in app.markdown]
    assert any(text("reason.answer.hand_off", "en") in each for each in said)
    assert any(text("posts.answer", "en") in each for each in said)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_replies_it_says_so(open_app: Open, tmp_path: Path, lang: str) -> None:
    url = filled(tmp_path / "none.db", ListConnector([a_question("q1")]))
    app = open_app(url, "response", view="replies", period="all", lang=lang)
    assert not app.exception
    assert text("response.reply_kinds.empty", lang) in [each.value for each in app.caption]
