"""Numbers, shares and durations as people read them."""

from __future__ import annotations

import datetime as dt

import pytest

from pages.components import formats


@pytest.mark.parametrize(
    ("hours", "ko", "en"),
    [(0.5, "30분", "30 min"), (1, "1.0시간", "1.0 h"), (47.9, "47.9시간", "47.9 h"), (48, "2.0일", "2.0 days")],
)
def test_hours_are_shown_in_the_unit_people_use(hours: float, ko: str, en: str) -> None:
    assert (formats.hours(hours, "ko"), formats.hours(hours, "en")) == (ko, en)


def test_missing_values_are_a_dash_and_not_zero() -> None:
    assert [formats.number(None), formats.share(float("nan")), formats.hours(None, "ko")] == ["–"] * 3


def test_percentage_points_have_a_sign_and_the_unit_of_the_language() -> None:
    assert [formats.points(0.0123, lang) for lang in ("ko", "en")] == ["+1.2%p", "+1.2 pp"]
    assert formats.points(-0.2, "en") == "-20.0 pp"
    assert formats.points(float("nan"), "ko") == "–"


def test_measured_follows_the_unit_of_the_metric() -> None:
    assert formats.measured(0.3394, "fraction", "ko") == "33.9%"
    assert formats.measured(12345, "posts", "ko") == "12,345"
    assert formats.measured(65, "hours", "en") == "2.7 days"


def test_moments_are_korea_standard_time() -> None:
    moment = dt.datetime(2026, 3, 1, 15, 30, tzinfo=dt.UTC)
    assert formats.moment(moment) == "2026-03-02 00:30"
    assert formats.moment(moment, day_only=True) == "2026-03-02"
