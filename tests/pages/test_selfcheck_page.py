"""The page of the self-check: what was checked, when, and whether both ways agree, in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import update

from db.__main__ import main
from db.engine import open_engine
from db.metrics import METRICS
from db.schema import class_counts
from db.selfcheck import SUMS
from pages.components.text import LANGUAGES, text
from tests.builders import ListConnector, a_question, an_answer
from tests.pages.conftest import Open, filled


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = filled(tmp_path / "check.db", ListConnector([a_question("q1"), an_answer("a1"), a_question("q2")]))
    monkeypatch.setenv("MINWON_DB_URL", url)
    return url


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_a_check_the_command_is_said(open_app: Open, url: str, lang: str) -> None:
    app = open_app(url, "selfcheck", lang=lang)
    assert not app.exception
    assert [each.value for each in app.header] == [text("selfcheck.never.title", lang)]
    assert [each.value for each in app.code] == ["python -m db selfcheck"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_green_check_is_said_in_words_with_its_days(open_app: Open, url: str, lang: str) -> None:
    assert main(["selfcheck"]) == 0
    app = open_app(url, "selfcheck", lang=lang)
    assert not app.exception
    total = len(METRICS) + len(SUMS)
    assert [each.value for each in app.success] == [text("selfcheck.green", lang, n=total)]
    assert any("2025-12-03 – 2026-03-02" in each.value for each in app.caption)
    metrics, sums = (each.value for each in app.dataframe)
    assert (len(metrics), len(sums)) == (len(METRICS), len(SUMS))
    result = metrics[text("column.check_result", lang)]
    assert set(result) == {text("check_result.green", lang)}
    by_name = metrics.set_index(text("column.check", lang))
    name = METRICS["answered_share"].name_ko if lang == "ko" else METRICS["answered_share"].name_en
    assert by_name.loc[name, text("column.recomputed_value", lang)] == "50.0%"
    assert text("selfcheck.older", lang) not in [each.value for each in app.caption]


def test_a_red_check_says_which_number_and_that_none_may_be_cited(open_app: Open, url: str) -> None:
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.execute(update(class_counts).values(post_class="ad"))
    engine.dispose()
    assert main(["selfcheck"]) == 1
    app = open_app(url, "selfcheck", lang="en")
    [error] = app.error
    assert error.value.endswith("Do not cite these numbers until the cause is found.")
    metrics = app.dataframe[0].value
    red = metrics.loc[metrics["Result"] == "✖ differs", "What is checked"].tolist()
    assert red == ["Hidden posts", "Share of hidden posts"]


def test_a_store_that_changed_since_says_so(open_app: Open, url: str) -> None:
    assert main(["selfcheck"]) == 0
    from data_sources.loader import load

    engine = open_engine(url)
    load(ListConnector([a_question("q3")], source="list:more"), engine)
    engine.dispose()
    app = open_app(url, "selfcheck", lang="en")
    assert text("selfcheck.older", "en") in [each.value for each in app.caption]
