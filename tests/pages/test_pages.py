"""Every page in both languages, from app.py, over small stores."""

from __future__ import annotations

import ast
import datetime as dt
from pathlib import Path

import pytest

from data_sources.connectors.demo import DemoConnector
from db import queries
from db.engine import open_engine
from db.records import PostFilter, SearchRequest
from pages.components.navigation import PAGES, PageRow
from pages.components.text import LANGUAGES, strings, text
from tests.builders import ListConnector, a_question, an_answer, kst
from tests.pages.conftest import ROOT, Open, filled

MAX_PAGE_LINES = 120
MARCH = PostFilter(dt.date(2026, 3, 1), dt.date(2026, 3, 31))
HOSTILE = (
    '# <img src="https://evil.example/a.png"> ![x](https://evil.example/b.png) [link](https://evil.example) =cmd()'
)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.id)
def test_page_opens_without_an_exception(open_app: Open, demo_url: str, row: PageRow, lang: str) -> None:
    app = open_app(demo_url, row.id, lang=lang)
    assert not app.exception
    assert not app.error
    assert app.title[0].value == text(f"{row.id}.title", lang)
    assert [each.value for each in app.info] == [text("page.synthetic", lang)]


@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.id)
def test_page_file_is_thin(row: PageRow) -> None:
    source = (ROOT / row.script).read_text(encoding="utf-8")
    tree = ast.parse(source)
    assert len(source.splitlines()) <= MAX_PAGE_LINES
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda)]
    modules = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    modules += [name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names]
    assert {module for module in modules if not module.startswith("pages.components")} <= {"streamlit", "db.records"}


def test_the_url_decides_the_filters_and_the_widgets_say_so(open_app: Open, demo_url: str) -> None:
    app = open_app(demo_url, period="30", department=["water"], platform="x", **{"class": "question"})
    assert app.selectbox(key="period-ko").value == "30"
    assert app.multiselect(key="class-ko").value == ["question"]
    assert not app.exception


def test_a_filter_writes_its_code_to_the_url_and_changes_the_numbers(open_app: Open, demo_url: str) -> None:
    app = open_app(demo_url, period="all", lang="en")
    before = app.metric[0].value
    app.multiselect(key="class-en").set_value(["praise"]).run()
    assert app.query_params["class"] == "praise"
    assert app.metric[0].value != before
    app.multiselect(key="class-en").set_value([]).run()
    assert "class" not in app.query_params
    assert app.metric[0].value == before


def test_the_default_period_is_not_written_to_the_url(open_app: Open, demo_url: str) -> None:
    app = open_app(demo_url)
    app.selectbox(key="period-ko").set_value("7").run()
    assert app.query_params["period"] == "7"
    app.selectbox(key="period-ko").set_value("90").run()
    assert "period" not in app.query_params


def test_custom_dates_begin_with_the_days_on_screen_and_are_written_as_dates(open_app: Open, demo_url: str) -> None:
    app = open_app(demo_url)
    app.selectbox(key="period-ko").set_value("custom").run()
    assert (app.query_params["start"], app.query_params["end"]) == ("2026-08-03", "2026-10-31")
    app.date_input(key="start-ko").set_value(dt.date(2026, 10, 1)).run()
    assert (app.query_params["start"], app.query_params["end"]) == ("2026-10-01", "2026-10-31")
    app.date_input(key="end-ko").set_value(dt.date(2026, 9, 1)).run()
    assert (app.query_params["start"], app.query_params["end"]) == ("2026-09-01", "2026-09-01")


def test_values_the_url_cannot_mean_are_named_and_shown_nowhere(open_app: Open, demo_url: str) -> None:
    app = open_app(
        demo_url, period="evil", start="2026-02-31", department="<script>", platform="![x](y)", data="q", term="x" * 99
    )
    assert not app.exception
    notice = [each.value for each in app.caption if "무시" in each.value]
    assert notice == ["주소(URL)에서 알 수 없는 값은 무시했습니다: 시작일, 기간, 자료, 담당 부서, 플랫폼"]


def test_a_period_without_posts_says_which_filter_removed_them_and_resets(open_app: Open, demo_url: str) -> None:
    app = open_app(demo_url, start="2019-01-01", end="2019-12-31")
    assert not app.exception
    assert any("2019-01-01 – 2019-12-31" in each.value for each in app.markdown)
    app.button[0].click().run()
    assert "start" not in app.query_params
    assert app.metric[0].label == "수집한 글"


def test_filters_and_language_follow_the_visitor_to_another_page(open_app: Open, demo_url: str) -> None:
    app = open_app(demo_url, period="30", lang="en")
    app.query_params.clear()  # what a click in the menu does
    app.switch_page("pages/response/page.py").run()
    assert app.title[0].value == "Response times"
    assert app.query_params["period"] == "30"
    assert app.query_params["lang"] == "en"


def test_korean_is_the_default_and_english_is_one_click_away(open_app: Open, demo_url: str) -> None:
    app = open_app(demo_url)
    assert app.title[0].value == "한눈에 보기"
    app.segmented_control(key="language-ko").set_value("en").run()
    assert app.title[0].value == "At a glance"
    assert app.query_params["lang"] == "en"


@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.id)
def test_an_empty_store_says_what_to_run(open_app: Open, tmp_path: Path, row: PageRow) -> None:
    app = open_app(filled(tmp_path / "empty.db"), row.id)
    assert not app.exception
    if row.id != "methods":  # its definitions need no data
        assert "data_sources demo" in app.code[0].value
        assert "data_sources import-file" in app.code[0].value


@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.id)
def test_a_store_that_cannot_be_read_is_one_calm_sentence(open_app: Open, tmp_path: Path, row: PageRow) -> None:
    app = open_app(f"sqlite:///{tmp_path / 'none' / 'none.db'}", row.id)
    assert not app.exception
    assert [each.value for each in app.error] == [text("error.store", "ko")]


def real_and_invented(tmp_path: Path) -> str:
    posts = [
        a_question("q1", HOSTILE, created_at=kst("2026-03-02 09:00"), url="javascript:alert(1)"),
        an_answer("a1", "q1", HOSTILE),
        a_question("q2", "아리수에서 냄새가 나요 언제 고치나요?", created_at=kst("2026-03-03 09:00")),
    ]
    demo = DemoConnector(posts=60, days=30, until=dt.date(2026, 3, 31))
    return filled(tmp_path / "both.db", ListConnector(posts), demo)


def test_real_posts_come_first_and_the_invented_ones_are_a_choice(open_app: Open, tmp_path: Path) -> None:
    app = open_app(real_and_invented(tmp_path))
    assert (app.metric[0].value, list(app.info)) == ("2", [])
    app.segmented_control(key="data-ko").set_value("synthetic").run()
    assert app.query_params["data"] == "synthetic"
    assert [each.value for each in app.info] == [text("page.synthetic", "ko")]
    assert app.metric[0].value != "2"


def test_hostile_words_go_through_safe_elements_only(open_app: Open, tmp_path: Path) -> None:
    url = real_and_invented(tmp_path)
    app = open_app(url, "search", q="cmd")
    shown = [each.value for each in app.text if "evil" in each.value]
    assert shown == [HOSTILE.replace("cmd", "【cmd】"), HOSTILE]  # the city's answer was not searched
    unsafe = (*app.markdown, *app.caption, *app.title, *app.header, *app.info, *app.link_button)
    assert [each.value for each in unsafe if "evil" in str(each.value)] == []
    assert list(app.link_button) == []


def test_search_finds_and_says_how_many(open_app: Open, tmp_path: Path) -> None:
    app = open_app(real_and_invented(tmp_path), "search", q="아리수", lang="en")
    assert any("냄새가" in each.value for each in app.text)
    assert [each.value for each in app.caption if "of" in each.value and "posts" in each.value][-1] == "1 of 1 posts"


def test_more_shows_the_next_posts(open_app: Open, demo_url: str) -> None:
    app = open_app(demo_url, "search", period="all")
    first = [each.value for each in app.caption if "가운데" in each.value][-1]
    assert first.endswith("가운데 20건")
    app.button(key="more-search_results").click().run()
    assert [each.value for each in app.caption if "가운데" in each.value][-1].endswith("가운데 40건")


def test_clicking_a_department_sets_the_filter(open_app: Open, demo_url: str) -> None:
    app = open_app(demo_url, "departments", period="all")
    app.session_state["chart-departments.volume-0"] = {"selection": {"points": [{"customdata": "unassigned"}]}}
    app.run()
    assert app.query_params["department"] == "unassigned"
    assert app.multiselect(key="department-ko").value == ["unassigned"]


def test_terms_typed_into_the_url_are_compared(open_app: Open, demo_url: str) -> None:
    app = open_app(demo_url, "issues", period="all", term=["아리수", "버스"])
    assert app.multiselect(key="terms-ko").value == ["아리수", "버스"]
    app.multiselect(key="terms-ko").set_value(["지하철"]).run()
    assert app.query_params["term"] == "지하철"


def test_the_hot_groups_are_compared_unasked(open_app: Open, demo_url: str) -> None:
    app = open_app(demo_url, "issues", period="all")
    assert set(app.multiselect(key="terms-ko").value) <= {"아리수", "지하철", "정신보건"}
    assert app.multiselect(key="terms-ko").value


@pytest.mark.parametrize("view", ["receiving", "districts"])
def test_the_other_views_of_the_departments_are_drawn(open_app: Open, demo_url: str, view: str) -> None:
    app = open_app(demo_url, "departments", period="all", view=view, lang="en")
    assert not app.exception
    assert [each.value for each in app.header] == [strings("en")[f"departments.{view}.title"]]


def test_the_districts_say_of_how_many_questions_they_speak(open_app: Open, tmp_path: Path) -> None:
    texts = ["선릉역 앞 가로등이 꺼졌어요", "잠실동 가로등이 꺼졌어요", "신사동 가로등이 꺼졌어요"]
    questions = [a_question(f"q{number}", text) for number, text in enumerate(texts)]
    url = filled(tmp_path / "districts.db", ListConnector(questions))
    app = open_app(url, "departments", view="districts", lang="en")
    told = text("departments.districts.named", "en", asked="3", named="2", others="1")
    assert told in [each.value for each in app.caption]


def test_where_no_question_names_a_district_the_page_says_so(open_app: Open, tmp_path: Path) -> None:
    url = filled(tmp_path / "nowhere.db", ListConnector([a_question("q")]))
    app = open_app(url, "departments", view="districts")
    assert not app.exception
    assert text("departments.districts.empty", "ko") in [each.value for each in app.caption]


@pytest.mark.parametrize(
    ("lang", "query"), [("ko", "자치구:강남구 분류:질문"), ("en", "district:Gangnam-gu class:question")]
)
def test_clicking_a_district_opens_the_search_for_its_questions(
    open_app: Open, tmp_path: Path, lang: str, query: str
) -> None:
    questions = [a_question("here", "선릉역 앞 가로등이 꺼졌어요"), a_question("there", "잠실동 가로등이 꺼졌어요")]
    url = filled(tmp_path / "clicked.db", ListConnector(questions))
    app = open_app(url, "departments", view="districts", lang=lang)
    app.session_state["chart-departments.districts-0"] = {"selection": {"points": [{"customdata": "11680"}]}}
    app.run()
    assert app.query_params["q"] == query
    page = queries.search(open_engine(url, readonly=True), SearchRequest(MARCH, query))
    assert page.results["platform_post_id"].tolist() == ["here"]


@pytest.mark.parametrize("page_id", ["overview", "response"])
def test_data_without_answers_show_a_dash_and_not_zero(open_app: Open, tmp_path: Path, page_id: str) -> None:
    questions = [
        a_question(f"q{n}", created_at=kst(f"2026-03-0{n} 09:00"), answers_collected=False) for n in range(1, 6)
    ]
    app = open_app(filled(tmp_path / "unanswered.db", ListConnector(questions)), page_id, lang="en")
    assert not app.exception
    shown = {each.label: each.value for each in app.metric}
    assert shown["Answered within 24 hours"] == "–"
    assert shown["Unanswered for over 7 days"] == "–"
    assert text("kpi.no_answers", "en") in [each.value for each in app.caption]
