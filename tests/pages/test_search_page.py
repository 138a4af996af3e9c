"""The search page: what is wrong with a query, facets, the order of results, marks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from db.records import POST_CLASSES
from db.search.language import CLASS_WORDS
from pages.components.text import LANGUAGES, text
from tests.builders import ListConnector, a_question
from tests.pages.conftest import Open, filled


def test_a_query_nobody_understands_is_answered_with_what_is_wrong(open_app: Open, demo_url: str) -> None:
    app = open_app(demo_url, "search", q="![x](http://evil.example) 색:[빨강](http://evil.example)")
    assert [each.value for each in app.warning] == [text("search.problem.unknown_field", "ko")]
    assert [each.value for each in app.text] == ["색:[빨강](http://evil.example)"]
    assert [each for each in app.button if str(each.key).startswith("more")] == []


def test_every_problem_of_a_query_is_put_into_words() -> None:
    codes = ("unknown_field", "unknown_value", "no_value", "bad_date", "dates_reversed", "too_many", "signs_only")
    for lang in LANGUAGES:
        assert all(text(f"search.problem.{code}", lang) for code in codes)


def test_class_names_on_screen_may_be_typed_into_a_query() -> None:
    for lang in LANGUAGES:
        for code in POST_CLASSES:
            assert text(f"class.{code}", lang).casefold() in CLASS_WORDS[code]


def test_a_facet_narrows_the_result(open_app: Open, demo_url: str) -> None:
    app = open_app(demo_url, "search", period="all")
    labels = [each.label for each in app.selectbox if str(each.key).startswith("facet-")]
    assert (
        labels
        == [text(f"search.facet.{name}", "ko") for name in ("platform", "department", "class", "answered", "year")][
            : len(labels)
        ]
    )
    _facet(app, "platform").set_value("x").run()
    assert app.query_params["platform"] == "x"
    assert not [each for each in app.selectbox if str(each.key).startswith("facet-platform")]
    _facet(app, "answered").set_value("no").run()
    assert app.query_params["q"] == "답변:없음"
    assert app.text_input(key="query-ko").value == "답변:없음"
    assert not list(app.warning)


def _facet(app: AppTest, name: str) -> Any:
    return next(each for each in app.selectbox if str(each.key).startswith(f"facet-{name}-"))


def test_the_best_first_are_asked_for_in_the_address(open_app: Open, demo_url: str) -> None:
    app = open_app(demo_url, "search", period="all", q="지하철")
    app.segmented_control(key="sort-ko").set_value("best").run()
    assert app.query_params["sort"] == "best"
    assert any("【지하철】" in each.value for each in app.text)
    assert text("posts.marks", "ko") in [each.value for each in app.caption]
    app.segmented_control(key="sort-ko").set_value("newest").run()
    assert "sort" not in app.query_params


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_source_without_answers_is_not_said_to_have_left_a_question_unanswered(
    open_app: Open, tmp_path: Path, lang: str
) -> None:
    asked = [
        a_question("board", "가로등이 꺼졌어요", answers_collected=False),
        a_question("open", "보도블록이 깨졌어요"),
    ]
    url = filled(tmp_path / "answers.db", ListConnector(asked))
    said = [each.value for each in open_app(url, "search", period="all", lang=lang).caption]
    assert said.count(text("posts.answers_not_collected", lang)) == 1
    assert said.count(text("posts.unanswered", lang)) == 1
