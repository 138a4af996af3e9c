"""Every number on the overview and response pages is what ``python -m db metric`` prints.

The pages are drawn, every line with a digit in it is taken off them, and each must be made of what the command printed for the same
filter, by the words of the string tables. What has a command of its own, or is no measurement, stands in ELSEWHERE with its reason.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from db.__main__ import main
from db.engine import open_engine
from db.metrics import METRICS
from db.queries import load_id
from db.records import PostFilter
from db.transactions import writing
from db.writes import find_posts, remove_posts
from pages.components import cached, formats
from pages.components.text import LANGUAGES, strings, text
from tests.builders import ListConnector, a_question, an_answer, kst
from tests.pages.conftest import Open, filled

START, END = dt.date(2026, 8, 3), dt.date(2026, 10, 31)
KPIS = {
    "overview": ("collected_posts", "questions", "answered_within_24h_share", "unanswered_over_7_days"),
    "response": ("answered_within_24h_share", "median_response_hours", "p90_response_hours", "unanswered_over_7_days"),
}
# Lines that no KPI stands behind: a pattern, and why.
ELSEWHERE = {
    r"^\*?\*?[^|]*\d{4}-\d\d-\d\d \d\d:\d\d \(": "the data cut-off, a moment, and all posts up to it: `db metric collected_posts` without a period",
    r"expected|예상|band|띠": "the expectation band and incidents: `db freeze volume_expectation`, `db incident`",
    r"1년|year": "an empty chart that says what it would be compared with",
    r"\(%\)|log-odds|로그": "captions that explain a chart: its numbers are those of its table, frozen by `db freeze`",
}
Printed = dict[str, dict[str, Any]]
Command = Callable[..., Printed]


@pytest.fixture
def by_command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """What the command prints of every row of METRICS, by id."""

    def run(url: str, start: dt.date = START, end: dt.date = END) -> Printed:
        monkeypatch.setenv("MINWON_DB_URL", url)
        printed: Printed = {}
        for name in METRICS:
            capsys.readouterr()
            assert main(["metric", name, "--from", start.isoformat(), "--to", end.isoformat(), "--json"]) == 0
            printed[name] = json.loads(capsys.readouterr().out)
        return printed

    return run


@pytest.fixture(scope="module")
def mixed_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store in which every count is a number of its own: days only, sources without answers, removals, all classes."""
    found = []
    for number in range(60):
        asked = kst("2026-08-10 09:00") + dt.timedelta(days=number, minutes=number)
        found.append(a_question(f"q{number}", f"가로등 {number}번이 꺼졌어요. 언제 고쳐지나요?", created_at=asked))
        if number % 3:
            found.append(an_answer(f"a{number}", to=f"q{number}", created_at=asked + dt.timedelta(hours=number)))
    found += [
        a_question(
            f"d{n}", "가로등이 꺼졌어요. 언제 고쳐지나요?", created_at=kst("2026-09-01 00:00"), created_precision="day"
        )
        for n in range(7)
    ]
    found += [
        a_question(
            f"b{n}",
            f"{n}번 보도블록이 깨졌어요. 언제 고쳐지나요?",
            created_at=kst("2026-09-02 09:00"),
            answers_collected=False,
        )
        for n in range(5)
    ]
    found += [a_question(f"p{n}", "덕분에 해결됐어요 감사합니다", created_at=kst("2026-09-03 09:00")) for n in range(3)]
    found += [
        a_question(
            f"s{n}",
            "무담보 당일 대출 상담 010-1234-5678 바로가기 http://loan.example/abc",
            created_at=kst("2026-09-04 09:00"),
            author=f"s{n}",
        )
        for n in range(2)
    ]
    url = filled(tmp_path_factory.mktemp("mixed") / "mixed.db", ListConnector(found))
    with writing(open_engine(url)) as connection:
        gone = find_posts(connection, "blog", ["q3", "q6", "q9", "q12"])
        assert remove_posts(connection, sorted(gone.values()), dt.datetime(2026, 10, 20, tzinfo=dt.UTC)) == 4
    return url


def _lines(app: AppTest) -> list[str]:
    kinds = (app.metric, app.caption, app.text, app.info, app.warning)
    return [line for kind in kinds for line in (str(each.value) for each in kind) if re.search(r"\d", line)]


def _cards(printed: Printed, names: tuple[str, ...], lang: str) -> set[str]:
    """Return what the cards of some KPIs must show."""
    lines: set[str] = set()
    for name in names:
        found, unit = printed[name], METRICS[name].unit
        n = formats.number(found["n"])
        low, high = (formats.measured(found[end], unit, lang) for end in ("low", "high"))
        if unit in formats.DURATIONS and found["value"] is None:
            lines.add(text("kpi.not_reached_note", lang, n=n))
            continue
        lines.add(formats.measured(found["value"], unit, lang))
        if found["low"] is not None and found["high"] is not None:
            lines.add(text("kpi.interval", lang, low=low, high=high, n=n))
        elif found["low"] is not None:
            lines.add(text("kpi.open_interval", lang, low=low, n=n))
        else:
            own = f"kpi.note.{name}"
            lines.add(text(own if own in strings(lang) else "kpi.count", lang, n=n))
    return lines


def _sentences(printed: Printed, lang: str) -> set[str]:
    """Return the sentences that counts stand in, made of what the command printed."""
    count = {name: formats.number(found["value"]) for name, found in printed.items()}
    return {
        text("kpi.classes", lang, question=count["questions"], opinion=count["opinion_posts"], praise=count["praise_posts"],
             hidden=count["hidden_posts"], rest=count["other_posts"]),
        text("response.coverage", lang, questions=count["questions"], answerable=count["answerable_questions"],
             timed=count["timed_questions"], day_only=count["day_only_questions"], no_answers=count["unanswerable_questions"],
             answered=count["answered_questions"], unanswered=count["unanswered_questions"]),
        text("response.removed", lang, removed=count["removed_questions"]),
    }  # fmt: skip


def _unexplained(app: AppTest, page_id: str, printed: Printed, lang: str) -> list[str]:
    made = _cards(printed, KPIS[page_id], lang) | _sentences(printed, lang)
    return [
        line for line in _lines(app) if line not in made and not any(re.search(pattern, line) for pattern in ELSEWHERE)
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page_id", KPIS)
@pytest.mark.parametrize("store", ["demo_url", "mixed_url"])
def test_every_number_on_the_page_is_what_the_command_prints(
    request: pytest.FixtureRequest, open_app: Open, by_command: Command, store: str, page_id: str, lang: str
) -> None:
    url = request.getfixturevalue(store)
    printed = by_command(url)
    app = open_app(url, page_id, start=START.isoformat(), end=END.isoformat(), lang=lang)
    lines = _lines(app)
    assert _unexplained(app, page_id, printed, lang) == []
    noted = {
        text("kpi.count", lang, n=formats.number(printed["collected_posts"]["n"]))
    }  # the classes stand there instead
    assert set(lines) >= {line for line in _cards(printed, KPIS[page_id], lang) - noted if re.search(r"\d", line)}
    shown = {"overview": "kpi.classes", "response": "response.coverage"}[page_id]
    assert any(line.startswith(strings(lang)[shown].partition("{")[0]) for line in lines)


def test_the_mixed_store_tells_every_count_from_every_other(mixed_url: str, by_command: Command) -> None:
    counted = ("questions", "answerable_questions", "timed_questions", "day_only_questions", "unanswerable_questions",
               "answered_questions", "unanswered_questions", "removed_questions", "praise_posts", "hidden_posts")  # fmt: skip
    printed = by_command(mixed_url)
    values = [printed[name]["value"] for name in counted]
    assert len(set(values)) == len(values)
    assert 0 not in values


@pytest.mark.parametrize("name", ["answered", "removed", "day_only"])
def test_a_number_that_the_command_does_not_print_is_found(
    mixed_url: str, open_app: Open, by_command: Command, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    real = cached.response_coverage

    def wrong(*arguments: Any) -> Any:
        coverage = real(*arguments)
        return dataclasses.replace(coverage, **{name: getattr(coverage, name) + 1})

    printed = by_command(mixed_url)
    monkeypatch.setattr(cached, "response_coverage", wrong)
    app = open_app(mixed_url, "response", start=START.isoformat(), end=END.isoformat(), lang="en")
    assert len(_unexplained(app, "response", printed, "en")) == 1


def test_pages_and_command_say_the_same_of_every_kpi(mixed_url: str, by_command: Command) -> None:
    """Whatever page shows it: all of them ask ``cached.metric``, with the filter of their address."""
    load = load_id(open_engine(mixed_url))
    for name, printed in by_command(mixed_url).items():
        shown = cached.metric(name, PostFilter(START, END), load)
        found = {"value": shown.value, "low": shown.low, "high": shown.high, "n": shown.n, "version": shown.version}
        assert found == {key: printed[key] for key in found}, name
