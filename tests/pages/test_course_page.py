"""A KPI week by week, and the earlier definition over it on request."""

from __future__ import annotations

import pytest

from db.metrics import METRICS
from db.metrics.weeks import BY_WEEK
from pages.components.text import LANGUAGES, text
from tests.pages.conftest import Open


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_kpi_can_be_chosen_and_says_since_when_it_is_defined_so(open_app: Open, demo_url: str, lang: str) -> None:
    app = open_app(demo_url, "response", view="course", period="90", lang=lang)
    assert not app.exception
    assert text("response.course.title", lang) in [each.value for each in app.header]
    [choice] = [each for each in app.selectbox if each.label == text("response.course.label", lang)]
    assert len(choice.options) == len(BY_WEEK)
    choice.set_value("median_response_hours").run()
    assert not app.exception
    assert app.query_params["kpi"] == "median_response_hours"
    [revision] = METRICS["median_response_hours"].earlier
    said = text("response.course.changed", lang, version=2, day=revision.valid_until.isoformat(),
                change=getattr(revision, f"change_{lang}"))  # fmt: skip
    assert said in [each.value for each in app.text]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_earlier_definition_is_drawn_for_who_asks(open_app: Open, demo_url: str, lang: str) -> None:
    app = open_app(demo_url, "response", view="course", kpi="unanswered_over_7_days", period="90", lang=lang)
    assert text("response.course_earlier.title", lang) not in [each.value for each in app.header]
    [switch] = [each for each in app.toggle if each.label == text("response.earlier.label", lang)]
    switch.set_value(True).run()
    assert not app.exception
    assert app.query_params["earlier"] == "shown"
    assert text("response.course_earlier.title", lang) in [each.value for each in app.header]


def test_a_kpi_nobody_knows_is_the_first(open_app: Open, demo_url: str) -> None:
    app = open_app(demo_url, "response", view="course", kpi="no_such_kpi")
    assert not app.exception
    assert app.selectbox(key="kpi-ko").value == BY_WEEK[0]
