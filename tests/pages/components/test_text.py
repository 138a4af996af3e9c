"""Strings: the same keys and the same values to fill in, in both languages."""

from __future__ import annotations

import re

import pytest

from db import frames
from db.funnel import VERDICTS
from db.records import ACCOUNT_STATUSES, AGE_BANDS, DEPARTMENT_SOURCES, POST_CLASSES, RESPONSE_TARGETS
from nlp.filter_rules import RULES
from pages.components import tables
from pages.components.navigation import PAGES, PageRow
from pages.components.text import LANGUAGES, UnknownString, strings, text, word


def test_both_languages_have_the_same_keys() -> None:
    assert sorted(strings("ko")) == sorted(strings("en"))


def test_both_languages_fill_in_the_same_values() -> None:
    for key, korean in strings("ko").items():
        assert set(re.findall(r"{(\w+)}", korean)) == set(re.findall(r"{(\w+)}", strings("en")[key])), key


def test_no_string_is_empty() -> None:
    assert [(lang, key) for lang in LANGUAGES for key, value in strings(lang).items() if not value.strip()] == []


def test_unknown_key_and_unknown_language_raise() -> None:
    with pytest.raises(UnknownString, match="nothing_such"):
        text("nothing_such", "ko")
    with pytest.raises(UnknownString, match="xx"):
        text("app.name", "xx")


def test_missing_value_raises() -> None:
    with pytest.raises(UnknownString, match="names"):
        text("empty.filters", "ko")


def test_word_of_an_unknown_code_is_the_code() -> None:
    assert word("class", "question", "ko") == "질문·민원"
    assert word("class", "novel", "ko") == "novel"


@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.id)
def test_each_page_has_a_title_and_a_question(row: PageRow) -> None:
    assert {f"{row.id}.title", f"{row.id}.question"} <= strings("ko").keys()


def test_each_code_of_the_store_has_a_word() -> None:
    codes = {
        "class": POST_CLASSES,
        "department_source": DEPARTMENT_SOURCES,
        "status": ACCOUNT_STATUSES,
        "band": [name for name, _, _ in AGE_BANDS],
        "verdict": VERDICTS,
        "target": tuple(RESPONSE_TARGETS),
        "reason": {rule.reason for rule in RULES},
    }
    assert [
        f"{part}.{code}" for part, each in codes.items() for code in each if f"{part}.{code}" not in strings("ko")
    ] == []


SHOWN = [
    frames.POSTS_BY_DAY, frames.CLASSES, frames.CLASS_REASONS, frames.DEPARTMENT_VOLUME, frames.RECEIVING_VOLUME,
    frames.DISTRICT_VOLUME,
    frames.PLATFORM_WEEKS, frames.PLATFORM_TOTALS, frames.PLATFORM_POLICIES, frames.ACCOUNTS, frames.TERMS,
    frames.DISTINCTIVE_TERMS, frames.TERM_TREND, frames.TERM_GROUPS, frames.RESPONSE_HISTOGRAM, frames.RESPONSE_CURVE,
    frames.UNANSWERED_AGES, frames.UNANSWERED_WEEKS, frames.EVER_ANSWERED, frames.DEPARTMENT_FUNNEL, frames.DEPARTMENT_TERMS,
    frames.STANDING_ISSUES, frames.LOAD_RUNS, frames.REJECT_REASONS,
    frames.COVERAGE, frames.EXPECTED_BY_ISSUE, frames.PLATFORM_AUTHORS, frames.SPEAKERS, frames.METRIC_WEEKS,
    frames.REPLY_KINDS, frames.REPLIES_BY_DEPARTMENT,
]  # fmt: skip


@pytest.mark.parametrize("schema", SHOWN, ids=lambda schema: schema.name)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_table_on_screen_has_headers_in_words(schema: frames.FrameSchema, lang: str) -> None:
    shown = tables.readable(schema.frame(), lang)
    assert len(set(shown.columns)) == len(shown.columns)
    assert not set(shown.columns) & {f"{name}_ko" for name in ("name", "department", "districts", "missing")}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_string_holds_a_tilde_of_which_two_would_cross_out_what_is_between_them(lang: str) -> None:
    assert {key: value for key, value in strings(lang).items() if "~" in value} == {}
