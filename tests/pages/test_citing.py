"""Citing from the pages: a button on every chart and KPI, and an id that says whether the figure is the same."""

from __future__ import annotations

import ast
import datetime as dt
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import streamlit as st

from db import writes
from db.engine import open_engine
from db.figures import FIGURES, FigureQuery, Frozen, address, freeze
from db.metrics import METRICS
from db.metrics.weeks import BY_WEEK
from db.records import RESPONSE_TARGETS, PostFilter
from db.transactions import writing
from db.writes import keep_figure
from pages.components import citing
from pages.components.text import LANGUAGES, strings, text
from tests.builders import ListConnector, a_question, an_answer, kst
from tests.pages.conftest import ROOT, Open, filled

MARCH = PostFilter(dt.date(2026, 3, 1), dt.date(2026, 3, 31))
NOW = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)


@pytest.fixture
def url(tmp_path: Path) -> str:
    posts = [a_question(f"q{number}", created_at=kst(f"2026-03-0{number} 09:00")) for number in (1, 2, 3, 4)]
    return filled(tmp_path / "cite.db", ListConnector([*posts, an_answer("a1", to="q1")]))


def _keep(url: str, name: str) -> Frozen:
    engine = open_engine(url)
    frozen = freeze(engine, name, FigureQuery(MARCH))
    with writing(engine) as connection:
        keep_figure(connection, frozen.id, name, frozen.as_json(), NOW)
    engine.dispose()
    return frozen


def test_each_chart_of_the_pages_can_be_cited() -> None:
    drawn = set()
    for path in (ROOT / "pages").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = {ast.unparse(each.targets[0]): each.value for each in tree.body if isinstance(each, ast.Assign)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "cards.chart":
                key = node.args[2]
                drawn.add(ast.literal_eval(named[key.id] if isinstance(key, ast.Name) else key))
    assert len(drawn) > 20
    assert drawn - citing.CARDS.keys() == set()


def test_each_choice_of_a_card_leads_to_a_figure() -> None:
    of_accounts = [citing.same_accounts(same) for same in (False, True)]
    variants = {f"platforms.{name}": of_accounts for name in ("share", "totals", "small")}
    variants["departments.funnel"] = [
        citing.funnel(target, mix) for target in RESPONSE_TARGETS for mix in (False, True)
    ]
    variants["response.course"] = [f"_{name}" for name in BY_WEEK]
    named = [name + variant for key, name in citing.CARDS.items() for variant in variants.get(key, [""])]
    assert [name for name in named if name not in FIGURES] == []
    unused = FIGURES.keys() - set(named) - METRICS.keys()
    assert unused == {"volume_expectation"}  # on screen it is the band of posts_by_day


@pytest.mark.parametrize(
    ("page_id", "params", "name"),
    [
        ("platforms", {}, "platform_weeks"),
        ("platforms", {"accounts": "same"}, "platform_weeks_same_accounts"),
        ("response", {"view": "course", "kpi": "median_response_hours"}, "by_week_median_response_hours"),
        ("departments", {"view": "compared", "target": "3_days"}, "department_funnel_3_days"),
        ("departments", {"view": "compared", "mix": "1"}, "department_funnel_24_hours_adjusted"),
    ],
)
def test_what_is_cited_is_what_the_visitor_chose(
    open_app: Open, demo_url: str, monkeypatch: pytest.MonkeyPatch, page_id: str, params: dict[str, str], name: str
) -> None:
    monkeypatch.setattr(st, "popover", lambda *given, **named: _Open())
    app = open_app(demo_url, page_id, period="all", **params)
    assert not app.exception
    assert not app.error
    said = [each.value for each in app.code]
    assert any(f"&figure={name}&" in each for each in said)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_open_button_gives_the_id_the_command_line_gives(
    open_app: Open, url: str, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.setattr(st, "popover", lambda *given, **named: _Open())
    app = open_app(url, "overview", start="2026-03-01", end="2026-03-31", lang=lang)
    assert not app.exception
    engine = open_engine(url)
    said = [each.value for each in app.code]
    for name in ("posts_by_day", "questions", "answered_within_24h_share"):
        frozen = freeze(engine, name, FigureQuery(MARCH))
        assert frozen.id in said, name
        assert any(address(frozen) in each for each in said), name
    engine.dispose()


class _Open:
    """A popover as it is while it is open: AppTest cannot open one."""

    open = True

    def __enter__(self) -> None: ...

    def __exit__(self, *error: object) -> None: ...


def test_a_button_that_is_closed_reads_nothing(open_app: Open, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    labels = []

    class Closed(_Open):
        open = False

    def closed(label: str, **named: object) -> Closed:
        labels.append((label, named["on_change"]))
        return Closed()

    monkeypatch.setattr(st, "popover", closed)
    monkeypatch.setattr("db.figures.freeze", None)
    app = open_app(url, "overview", start="2026-03-01", end="2026-03-31", lang="en")
    assert not app.exception
    # Four KPIs, days, words and classes; a chart without anything to show has none.
    assert len(labels) >= 6
    assert {on_change for _, on_change in labels} == {"rerun"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_address_of_a_citation_says_that_it_is_the_same(open_app: Open, url: str, lang: str) -> None:
    engine = open_engine(url)
    frozen = freeze(engine, "questions", FigureQuery(MARCH))
    engine.dispose()
    params = parse_qs(urlsplit(address(frozen)).query)
    app = open_app(url, "methods", lang=lang, **params)
    assert not app.exception
    assert [each.value for each in app.success] == [text("methods.frozen.same", lang)]
    app = open_app(url, "methods", lang=lang, **{**params, "end": "2026-03-02"})
    assert [each.value for each in app.warning] == [text("methods.frozen.other", lang)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_kept_figure_says_what_has_changed(open_app: Open, url: str, lang: str) -> None:
    frozen = _keep(url, "answered_share")
    app = open_app(url, "methods", frozen=frozen.id, lang=lang)
    assert [each.value for each in app.success] == [text("methods.frozen.same", lang)]
    engine = open_engine(url)
    with writing(engine) as connection:
        writes.remove_posts(connection, list(writes.find_posts(connection, "blog", ["q4"]).values()), NOW)
    from data_sources.loader import load

    load(ListConnector([an_answer("a2", to="q2", created_at=kst("2026-03-02 13:00"))], source="list:late"), engine)
    engine.dispose()
    app = open_app(url, "methods", frozen=frozen.id[:16], lang=lang)
    assert [each.value for each in app.warning] == [text("methods.frozen.changed", lang)]
    said = [each.value for each in app.text if each.value.startswith("· ")]
    assert said == [
        "· " + text("frozen.change.removed", lang, n=1), "· " + text("frozen.change.late_answer", lang, n=1)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "said"),
    [("0" * 64, "unknown"), ("<b>", "no_id"), ("abc", "no_id"), ("0" * 65, "no_id")],
)
def test_an_id_that_means_nothing_is_said_calmly(open_app: Open, url: str, asked: str, said: str) -> None:
    app = open_app(url, "methods", frozen=asked, figure="![x](y)")
    assert not app.exception
    shown = [each.value for each in (*app.info, *app.caption)]
    assert text(f"methods.frozen.{said}", "ko") in shown


def test_a_figure_that_is_made_no_more_is_said(open_app: Open, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    frozen = _keep(url, "questions")
    monkeypatch.delitem(FIGURES, "questions")
    app = open_app(url, "methods", frozen=frozen.id)
    assert not app.exception
    assert text("methods.frozen.made_no_more", "ko") in [each.value for each in app.info]


def test_every_change_has_words() -> None:
    from db.figures import CHANGES

    for lang in LANGUAGES:
        words = {key.removeprefix("frozen.change.") for key in strings(lang) if key.startswith("frozen.change.")}
        assert words == CHANGES.keys()
