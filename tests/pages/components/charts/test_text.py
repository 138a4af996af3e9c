from __future__ import annotations

import math

import pytest

from pages.components.charts import text
from tests.pages.components.charts.conftest import HOSTILE


def test_plain_strips_markup_and_line_breaks() -> None:
    assert text.plain(HOSTILE) == 'a href="https://evil.example"민원/a lt;'
    assert text.plain("가\u202e나\r\n다\x00라") == "가 나 다 라"


def test_plain_bounds_the_length() -> None:
    assert text.plain("가" * 100) == "가" * 79 + "…"
    assert text.plain("가나다라", limit=3) == "가나…"


@pytest.mark.parametrize("nothing", [None, math.nan, ""])
def test_plain_of_nothing_is_empty(nothing: object) -> None:
    assert text.plain(nothing) == ""


def test_wrapped_breaks_at_spaces_then_cuts() -> None:
    assert text.wrapped("교통정책과") == "교통정책과"
    assert text.wrapped("소방재난본부 현장대응단") == "소방재난본부<br>현장대응단"
    assert text.wrapped("감사위원회 시민감사옴부즈만위원회") == "감사위원회<br>시민감사옴부즈만위…"
    assert text.wrapped("가" * 14) == "가" * 10 + "<br>" + "가" * 4


def test_numbers_without_a_value_are_a_dash_not_zero() -> None:
    assert (text.percent(math.nan), text.interval(math.nan, 0.5), text.count_or_dash(None)) == ("–", "–", "–")
    assert (text.percent(0.456), text.interval(0.1, 0.25), text.number(12345)) == ("45.6%", "10.0–25.0%", "12,345")
    assert text.percents([0.5, math.nan]) == [50.0, None]


def test_total_of_recovers_the_denominator() -> None:
    assert text.total_of(3, 3 / 7) == 7
    assert text.total_of(0, 0.0) is None
    assert text.total_of(0, math.nan) is None
