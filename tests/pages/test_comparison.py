"""Departments beside one another, and the backlog, as pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from data_sources.records import AccountReference, Post
from db.engine import open_engine
from db.schema import departments
from pages.components.text import LANGUAGES, text
from tests.builders import ListConnector, a_question, an_answer, kst
from tests.pages.conftest import Open, filled

VAGUE = "여기 좀 봐 주세요"


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Eight departments of forty questions each: one answers five of them in a day, one 38, the others 20."""
    found: list[Post] = [a_question("cut-off", "감사합니다", created_at=kst("2026-03-20 09:00"))]
    for place in range(8):
        account = AccountReference(handle=f"d{place}", department=f"부서{place}")
        for number in range(40):
            post_id = f"{place} {number}"
            found.append(a_question(post_id, VAGUE, created_at=kst("2026-03-02 09:00"), addressed_to=account))
            if number < {0: 5, 1: 38}.get(place, 20):
                found.append(an_answer(f"a {post_id}", to=post_id, account=account, created_at=kst("2026-03-02 11:00")))
    return filled(tmp_path / "compared.db", ListConnector(found))


def _said(open_app: Open, url: str, **params: str) -> list[str]:
    app = open_app(url, "departments", view="compared", period="all", **params)
    assert not app.exception
    assert not app.error
    return [each.value for each in app.text]


def test_the_page_names_who_lies_outside_and_says_how_many_would_by_chance(open_app: Open, url: str) -> None:
    said = _said(open_app, url, lang="ko")
    assert text("departments.funnel.by_chance", "ko", judged="8", by_chance="0.4", outside="2") in said
    assert "기대보다 뚜렷이 높음(99.8% 한계 밖): 부서1" in said
    assert "기대보다 뚜렷이 낮음(99.8% 한계 밖): 부서0" in said
    assert "시 전체 비율과 구별되지 않음: 6곳" in said
    assert text("departments.funnel.plain", "ko") not in said  # they do differ by more than chance


def _code(url: str, name: str) -> str:
    engine = open_engine(url, readonly=True)
    with engine.connect() as connection:
        code = connection.scalar(select(departments.c.code).where(departments.c.name_ko == name))
    engine.dispose()
    assert code is not None
    return code


def test_a_department_one_filters_by_is_told_in_words_and_the_others_stay(open_app: Open, url: str) -> None:
    said = _said(open_app, url, department=_code(url, "부서3"), lang="en")
    [told] = [each for each in said if each.startswith("부서3")]
    assert "20 of 40 questions answered in time, 50.0%" in told
    assert told.endswith("Not distinguishable from the city's rate")
    assert any(each.startswith("8 departments have at least 20 questions") for each in said)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_target_and_mix_are_in_the_address(open_app: Open, url: str, lang: str) -> None:
    app = open_app(url, "departments", view="compared", period="all", target="3_working_hours", mix="1", lang=lang)
    assert app.selectbox(key=f"target-{lang}").value == "3_working_hours"
    assert app.toggle(key=f"mix-{lang}").value is True
    assert text("departments.funnel.adjusted", lang) in [each.value for each in app.caption]
    app.toggle(key=f"mix-{lang}").set_value(False).run()
    assert "mix" not in app.query_params
    app.selectbox(key=f"target-{lang}").set_value("24_hours").run()
    assert "target" not in app.query_params
    assert not app.exception


def test_clicking_a_dot_chooses_the_department(open_app: Open, url: str) -> None:
    app = open_app(url, "departments", view="compared", period="all")
    chart = "chart-departments.funnel-0"
    app.session_state[chart] = {"selection": {"points": [{"customdata": "unknown"}]}}
    app.run()
    assert "department" not in app.query_params
    code = _code(url, "부서0")
    app.session_state[chart] = {"selection": {"points": [{"customdata": code}]}}
    app.run()
    assert app.query_params["department"] == code
    assert app.query_params["view"] == "compared"


def test_a_period_too_young_for_the_target_says_so(open_app: Open, tmp_path: Path) -> None:
    posts = [a_question("q", VAGUE), a_question("cut-off", "감사합니다", created_at=kst("2026-03-02 10:00"))]
    app = open_app(filled(tmp_path / "young.db", ListConnector(posts)), "departments", view="compared", lang="en")
    assert not app.exception
    assert text("departments.funnel.empty", "en") in [each.value for each in app.caption]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_backlog_is_a_view_with_its_oldest_questions(open_app: Open, url: str, lang: str) -> None:
    app = open_app(url, "response", view="backlog", period="all", lang=lang)
    assert not app.exception
    assert not app.error
    titles = [each.value for each in app.header]
    assert titles == [text(f"response.{name}.title", lang) for name in ("weeks", "ages", "chance", "oldest")]
    assert len([each for each in app.text if each.value == VAGUE]) == 20
    assert len(app.get("plotly_chart")) == 3


def test_the_oldest_list_shows_no_risk_post_and_no_text_its_platform_withholds(open_app: Open, tmp_path: Path) -> None:
    risk, secret = "너무 힘들어서 죽고 싶어요. 어떻게 해야 하나요?", "가로등이 꺼졌어요 언제 고치나요?"
    posts = [a_question("risk", risk), a_question("live", secret, platform="x")]
    url = filled(tmp_path / "live.db", ListConnector(posts, origin="live"))
    app = open_app(url, "response", view="backlog")
    assert not app.exception
    shown = [str(each.value) for each in (*app.text, *app.markdown, *app.caption)]
    assert [each for each in shown if risk in each or secret in each] == []
    assert text("posts.text_withheld", "ko") in [each.value for each in app.caption]
