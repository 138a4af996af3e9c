"""What was to be expected, and what stands behind the series, on the pages."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from data_sources.connectors.demo import DemoConnector
from pages.components.text import LANGUAGES, text
from tests.pages.conftest import Open, filled

UNTIL = dt.date(2026, 11, 1)


@pytest.fixture(scope="module")
def long_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store with 2,400 invented posts over 300 days."""
    connector = DemoConnector(posts=2_400, days=300, until=UNTIL)
    return filled(tmp_path_factory.mktemp("long") / "long.db", connector)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_surprise_is_said_in_numbers(open_app: Open, long_url: str, lang: str) -> None:
    app = open_app(long_url, lang=lang, period="30")
    assert not app.exception
    said = [each.value for each in app.text]
    start = text("expectation.days", lang, n="30", outside="{}", chance="2").split("{}")[0]
    assert any(each.startswith(start) for each in said)
    week = {"ko": "2026-10-19부터 7일", "en": "7 days from 2026-10-19"}[lang]  # the data ends on a Saturday
    assert any(each.startswith(week) for each in said)
    assert text("overview.week.title", lang) in [each.value for each in app.header]


def test_without_eight_weeks_before_nothing_is_said(open_app: Open, tmp_path: Path) -> None:
    url = filled(tmp_path / "short.db", DemoConnector(posts=300, days=60, until=UNTIL))
    app = open_app(url, period="30", lang="en")
    assert not app.exception
    assert not [each.value for each in app.text if "expected" in each.value]
    assert text("overview.week.title", "en") not in [each.value for each in app.header]


def test_the_same_accounts_are_a_choice_in_the_address(open_app: Open, long_url: str) -> None:
    app = open_app(long_url, "platforms", lang="en", period="30")
    headers = [each.value for each in app.header]
    assert text("platforms.authors.title", "en") not in headers
    app.toggle(key="accounts-en").set_value(True).run()
    assert app.query_params["accounts"] == "same"
    app.toggle(key="authors-en").set_value(True).run()
    assert app.query_params["authors"] == "shown"
    assert not app.exception
    assert text("platforms.authors.title", "en") in [each.value for each in app.header]
    values = {each.label: each.value for each in app.metric}
    assert 0 < float(values[text("platforms.hhi.posts", "en")]) <= 1
