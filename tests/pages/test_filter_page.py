"""The page of the filter: what is hidden, the posts behind a reason, doubts, copies and rules."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from db import writes
from db.engine import open_engine
from db.transactions import writing
from nlp.filtering import RULES
from pages.components.audit import VIEWS
from pages.components.text import LANGUAGES, text
from tests.builders import ListConnector, a_question, kst
from tests.pages.conftest import Open, filled

DOUBTFUL = "박정희랑 전두환은 다 같은 사람들"
LOAN = "무담보 당일 대출 상담 카톡 문의 바로가기 http://loan.example/abc"
CAMPAIGN = "마을버스 노선을 없애지 말아 주세요. 어르신들은 이 버스가 아니면 다닐 수 없습니다."
NOW = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Two loans, one thanks, a campaign of three, three posts in doubt of which one is hidden and one kept."""
    found = [
        a_question("q1"),
        *(a_question(f"ad{number}", f"{LOAN} {number}", created_at=kst("2026-03-04 09:00")) for number in range(2)),
        a_question("thanks", "덕분에 감사합니다"),
        *(a_question(f"copy{number}", CAMPAIGN, created_at=kst(f"2026-03-0{number + 2} 10:00")) for number in range(3)),
        *(a_question(f"doubt{number}", f"{DOUBTFUL} {'가나다'[number]}") for number in range(3)),
    ]
    url = filled(tmp_path / "filter.db", ListConnector(found))
    engine = open_engine(url)
    with writing(engine) as connection:
        ids = writes.find_posts(connection, "blog", ["doubt0", "doubt1"])
        writes.judge_review(connection, ids["doubt0"], True, "a slogan", NOW)
        writes.judge_review(connection, ids["doubt1"], False, None, NOW)
    engine.dispose()
    return url


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_opens_by_its_address(open_app: Open, url: str, view: str, lang: str) -> None:
    app = open_app(url, "filter", view=view, lang=lang)
    assert not app.exception
    assert not app.error
    assert [each.value for each in app.header] != []
    assert [metric.value for metric in app.metric] == ["10", "3", "30.0%"]


def test_hidden_posts_are_counted_by_class_and_reason(open_app: Open, url: str) -> None:
    app = open_app(url, "filter", lang="en")
    assert [each.value for each in app.header] == [
        text(f"filter.{name}.title", "en") for name in ("classes", "reasons", "judged")
    ]
    assert len(app.get("plotly_chart")) == 2
    judged = app.dataframe[0].value
    assert judged[["Class", "Posts"]].values.tolist()[:2] == [["Question", 6], ["Advertisement", 2]]
    assert "a person found it to be political" in judged["Reason"].tolist()
    assert judged["Posts"].sum() == 10


def test_the_posts_of_a_reason_are_listed_and_the_address_chooses_it(open_app: Open, url: str) -> None:
    app = open_app(url, "filter", view="posts", lang="en")
    assert app.selectbox[1].options == [
        "loan offer (ad.loan)", "a person found it to be political (political.review)", "thanks (praise.thanks)"
    ]  # fmt: skip
    listed = [each.value for each in app.text]
    assert [each for each in listed if each.startswith("무담보")] == [f"{LOAN} 1", f"{LOAN} 0"]
    assert app.code[0].value == "reason:ad.loan"
    app.selectbox[1].set_value("praise.thanks").run()
    assert app.query_params["reason"] == "praise.thanks"
    assert "덕분에 감사합니다" in [each.value for each in app.text]
    app = open_app(url, "filter", view="posts", reason="![x](y)")
    assert (app.selectbox[1].value, bool(app.exception)) == ("ad.loan", False)


def test_the_queue_shows_who_waits_and_what_was_decided(open_app: Open, url: str) -> None:
    app = open_app(url, "filter", view="review", lang="en")
    listed = [each.value for each in app.text]
    assert f"{DOUBTFUL} 다" in listed
    assert f"{DOUBTFUL} 가" not in listed
    assert "Suspected: Political (rule political.name)" in listed
    assert "1 waiting · 1 hidden by a person · 1 left as they are" in [each.value for each in app.caption]
    decided = app.dataframe[0].value
    assert decided[["Post id", "Class", "Decision"]].values.tolist() == [
        ["doubt0", "Political", "hidden"], ["doubt1", "Question", "kept"]
    ]  # fmt: skip
    assert decided["Note"].tolist()[0] == "a slogan"


def test_copies_are_shown_with_their_authors_and_questions_without_them(open_app: Open, url: str) -> None:
    app = open_app(url, "filter", view="copies", lang="en")
    listed = [each.value for each in app.text]
    assert "6 questions in the period · 4 where copies of a text count once (2 repetitions)" in listed
    group = listed.index("3 posts · 3 authors · 3 questions · 2026-03-02 – 2026-03-04")
    assert listed[group + 1] == CAMPAIGN


def test_every_rule_is_shown_with_what_its_reason_judged(open_app: Open, url: str) -> None:
    app = open_app(url, "filter", view="rules", lang="en")
    table = app.dataframe[0].value
    assert table["Rule"].tolist() == [rule.id for rule in RULES]
    assert table["Must leave alone"].tolist() == [rule.counter_example for rule in RULES]
    by_rule = table.set_index("Rule")["Posts of the reason"]
    assert (by_rule["ad.loan"], by_rule["praise.thanks"], by_rule["spam.adult"]) == (2, 1, 0)


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_without_anything_says_so(open_app: Open, tmp_path: Path, view: str) -> None:
    url = filled(tmp_path / "one.db", ListConnector([a_question("q1")]))
    app = open_app(url, "filter", view=view, lang="en")
    assert not app.exception
    said = [each.value for each in app.caption]
    empty = {
        "hidden": ("classes", "reasons"),
        "posts": ("posts",),
        "review": ("review", "decided"),
        "copies": ("copies",),
    }
    assert [name for name in empty.get(view, ()) if text(f"filter.{name}.empty", "en") not in said] == []
