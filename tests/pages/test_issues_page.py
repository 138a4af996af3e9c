"""The issues page: standing issues as cards, each with a page of its own, and what is never listed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from db.records import KST
from pages.components.text import LANGUAGES, text
from tests.builders import ListConnector, a_question, an_answer
from tests.pages.conftest import Open, filled

ISSUES = ("아리수", "지하철", "정신보건")
SENTENCES = {
    "아리수": "수돗물에서 녹물이 나와요",
    "지하철": "지하철 스크린도어가 안 닫혀요",
    "정신보건": "정신건강복지센터 상담 시간을 알고 싶어요",
    "": "보도블록이 깨졌어요",
}


@pytest.fixture
def store(tmp_path: Path) -> str:
    first = dt.datetime(2026, 1, 1, 9, tzinfo=KST)
    posts = [
        a_question(f"{day} {name}", f"{sentence} {day}번째입니다", created_at=first + dt.timedelta(days=day))
        for day in range(80)
        for name, sentence in SENTENCES.items()
        if day >= 50 or name != "아리수"  # tap water is new in the second half
    ]
    return filled(
        tmp_path / "issues.db",
        ListConnector([*posts, an_answer("a", "79 아리수", created_at=first + dt.timedelta(days=79, hours=2))]),
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_standing_issue_is_a_card_that_leads_to_its_page(open_app: Open, store: str, lang: str) -> None:
    app = open_app(store, "issues", period="30", lang=lang)
    assert not app.exception
    assert [each.value for each in app.subheader][:3] == [text(f"standing_issue.{name}", lang) for name in ISSUES]
    assert [each.value for each in app.metric][:3] == ["25.0%", "25.0%", "25.0%"]
    app.button(key="issue-지하철").click().run()
    assert app.query_params["issue"] == "지하철"
    assert text("standing_issue.지하철", lang) in [each.value for each in app.header]
    # It is a page of its own: the lists of all issues are not on it.
    assert text("issues.incidents.title", lang) not in [each.value for each in app.header]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_address_of_an_issue_shows_its_numbers_and_its_posts(open_app: Open, store: str, lang: str) -> None:
    app = open_app(store, "issues", period="30", issue="아리수", lang=lang)
    assert not app.exception
    shown = {each.label: each.value for each in app.metric}
    points = text("unit.points", lang, n="+25.0")
    assert shown == {
        text("issues.standing.questions", lang): "30",
        text("issues.standing.share", lang): "25.0%",
        text("issues.standing.change", lang): points,
        text("issues.standing.answered", lang): "3.3%",
    }
    assert any("녹물" in each.value for each in app.text)
    assert [each.value for each in app.header][-1] == text("issues.issue_posts.title", lang)
    app.button[0].click().run()  # back
    assert "issue" not in app.query_params


@pytest.mark.parametrize("lang", LANGUAGES)
def test_posts_on_mental_health_are_counted_and_never_listed(open_app: Open, store: str, lang: str) -> None:
    app = open_app(store, "issues", period="30", issue="정신보건", lang=lang)
    assert not app.exception
    assert [each.value for each in app.metric][:2] == ["30", "25.0%"]
    assert [each.value for each in app.info] == [text("issues.standing.sensitive", lang)]
    assert all(number in app.info[0].value for number in ("109", "1577-0199"))
    assert text("issues.issue_posts.title", lang) not in [each.value for each in app.header]
    assert [each.value for each in app.text if "상담" in each.value] == []


@pytest.mark.parametrize("term", ["정신보건", "우울증"])
def test_a_sensitive_term_lists_no_post_wherever_it_is_asked_for(open_app: Open, store: str, term: str) -> None:
    app = open_app(store, "issues", period="30", term=term)
    assert not app.exception
    assert [each.value for each in app.info] == [text("posts.sensitive", "ko")]
    assert [each.value for each in app.text if "상담" in each.value] == []


def test_an_issue_nobody_knows_is_said_and_the_page_is_the_usual_one(open_app: Open, store: str) -> None:
    app = open_app(store, "issues", issue="![x](https://evil.example)")
    assert text("issues.standing.unknown", "ko") in [each.value for each in app.caption]
    assert text("issues.standing.title", "ko") in [each.value for each in app.header]
    assert [each.value for each in app.caption if "evil" in each.value] == []


def test_a_period_with_nothing_before_it_is_compared_with_nothing(open_app: Open, store: str) -> None:
    app = open_app(store, "issues", period="all")
    said = [each.value for each in app.caption]
    assert said.count(text("issues.standing.no_before", "ko")) == len(ISSUES)


def test_a_department_is_set_apart_by_its_words(open_app: Open, store: str) -> None:
    app = open_app(store, "departments", period="all", view="words")
    assert not app.exception
    chosen = app.selectbox(key="departments.words-ko")
    chosen.set_value("subway").run()
    assert app.query_params["department"] == "subway"
    assert not app.exception
    assert [each.value for each in app.header] == [text("departments.words.title", "ko")]
    assert list(app.get("plotly_chart"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_who_is_speaking_is_told_on_request(open_app: Open, store: str, lang: str) -> None:
    app = open_app(store, "issues", period="30", issue="지하철", lang=lang)
    assert text("issues.speakers.title", lang) not in [each.value for each in app.header]
    [switch] = [each for each in app.toggle if each.label == text("issues.speakers_switch.label", lang)]
    switch.set_value(True).run()
    assert app.query_params["speakers"] == "shown"
    assert not app.exception
    assert text("issues.speakers.title", lang) in [each.value for each in app.header]
    said = next(each.value for each in app.text if "지하철" in each.value)
    assert said.startswith(text("issues.speakers.sentence", lang, term="지하철", questions="30", speakers="30",
                                loudest_authors="1", loudest_share="3.3%", copies="29", copy_share="96.7%")[:20])  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
def test_times_are_said_only_of_what_was_expected_at_least_once(open_app: Open, tmp_path: Path, lang: str) -> None:
    first = dt.datetime(2026, 1, 1, 9, tzinfo=KST)
    past = [a_question(f"p{day} {each}", f"보도블록 {day}-{each}번이 깨졌어요. 언제 고치나요?", created_at=first + dt.timedelta(days=day))
            for day in range(100) for each in range(4)]  # fmt: skip
    new = [a_question(f"n{each}", f"따릉이 {each}번 자전거를 반납하지 못해요. 왜 그런가요?", created_at=first + dt.timedelta(days=100))
           for each in range(9)]  # fmt: skip
    more = [a_question(f"m{each}", f"보도블록 {each}번 길이 또 깨졌어요. 언제 고치나요?", created_at=first + dt.timedelta(days=80))
            for each in range(60)]  # fmt: skip
    app = open_app(filled(tmp_path / "rare.db", ListConnector([*past, *new, *more])), "issues", period="30", lang=lang)
    assert not app.exception
    rare, times = {"ko": ("1건도 안 됩니다", "배**"), "en": ("fewer than one", "times**")}[lang]
    said = [each.value for each in app.markdown if rare in each.value or times in each.value]
    assert [(rare in each, times in each) for each in said] == [(True, False), (False, True)]
