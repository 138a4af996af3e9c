"""The URL is read strictly: known codes, real dates in range, nothing else."""

from __future__ import annotations

import datetime as dt

import pytest

from pages.components.selection import (
    MAX_TERM_LENGTH,
    Selection,
    default_period,
    parse,
    parse_query,
    parse_terms,
)

FIRST, LAST, TODAY = dt.date(2018, 1, 1), dt.date(2019, 12, 31), dt.date(2026, 11, 22)


def parsed(**params: str | list[str]) -> Selection:
    return parse(
        {name: [value] if isinstance(value, str) else value for name, value in params.items()},
        first_day=FIRST,
        last_day=LAST,
        today=TODAY,
        departments=("metro", "water", "unassigned"),
        platforms=("x", "blog"),
        origins=("real", "synthetic"),
        synthetic=False,
    )


def test_without_parameters_the_last_90_days_of_the_data_are_shown() -> None:
    selection = parsed()
    assert (selection.where.start, selection.where.end) == (dt.date(2019, 10, 3), dt.date(2019, 12, 31))
    assert (selection.period, selection.ignored) == ("90", ())


def test_short_data_shows_30_days_so_that_something_is_left_to_compare_with() -> None:
    assert default_period(dt.date(2026, 1, 1), dt.date(2026, 3, 31)) == "30"
    assert default_period(dt.date(2026, 1, 1), dt.date(2026, 6, 29)) == "90"  # 180 days


@pytest.mark.parametrize(
    ("period", "start"), [("7", dt.date(2019, 12, 25)), ("365", dt.date(2019, 1, 1)), ("all", FIRST)]
)
def test_presets_end_at_the_last_day_of_data(period: str, start: dt.date) -> None:
    assert (parsed(period=period).where.start, parsed(period=period).where.end) == (start, LAST)


def test_a_hand_written_year_is_taken() -> None:
    selection = parsed(start="2019-01-01", end="2019-12-31")
    assert (selection.where.start, selection.where.end) == (dt.date(2019, 1, 1), dt.date(2019, 12, 31))
    assert (selection.period, selection.ignored) == ("custom", ())


def test_one_date_alone_is_completed_by_the_edge_of_the_data() -> None:
    assert parsed(start="2019-06-01").where.end == LAST
    assert parsed(end="2018-06-01").where.start == FIRST


@pytest.mark.parametrize(
    "bad", ["2019-02-30", "2019-1-1", "yesterday", "1999-01-01", "2030-01-01", "", "2019-01-01T00:00", "٢٠١٩-01-01"]
)
def test_a_date_that_means_nothing_is_named_and_left_out(bad: str) -> None:
    selection = parsed(start=bad)
    assert selection.ignored == ("start",)
    assert selection.period == "90"


def test_dates_in_the_wrong_order_are_left_out() -> None:
    selection = parsed(start="2019-12-01", end="2019-01-01")
    assert selection.ignored == ("start", "end")
    assert selection.period == "90"


def test_known_codes_are_kept_in_the_order_of_the_options_and_unknown_ones_named() -> None:
    selection = parsed(department=["water", "metro", "'; DROP TABLE posts"], platform="x", **{"class": "question"})
    assert selection.where.departments == ("metro", "water")
    assert selection.where.platforms == ("x",)
    assert selection.where.classes == ("question",)
    assert selection.ignored == ("department",)


def test_codes_written_with_commas_are_taken() -> None:
    assert parsed(platform="x,blog").where.platforms == ("x", "blog")


def test_unknown_period_and_data_are_named() -> None:
    assert parsed(period="1000000", data="secret").ignored == ("period", "data")


def test_terms_are_trimmed_counted_once_and_limited() -> None:
    assert parse_terms([" 아리수 ", "아리수", "a\x00b", "", "가" * (MAX_TERM_LENGTH + 1), "수도  요금"]) == (
        "아리수",
        "수도 요금",
    )
    assert len(parse_terms([str(number) for number in range(9)])) == 5


def test_query_is_one_printable_line_of_at_most_200_characters() -> None:
    assert parse_query(["ignored", ' 아리수\n"수도 요금"\x00 ']) == '아리수 "수도 요금"'
    assert len(parse_query(["가" * 500])) == 200
    assert parse_query([]) == ""
