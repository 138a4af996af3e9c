"""Every time format, to the exact second in UTC."""

from __future__ import annotations

import datetime as dt

import pytest

from data_sources.base import UsageError
from data_sources.connectors.files.rejects import UnusableRow
from data_sources.connectors.files.times import TimeReader

NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


def _utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("text", "expected", "precision"),
    [
        ("2024-03-01T12:30:00Z", _utc(2024, 3, 1, 12, 30), "second"),
        ("2024-03-01T12:30:00+09:00", _utc(2024, 3, 1, 3, 30), "second"),
        ("2024-03-01T12:30:00", _utc(2024, 3, 1, 3, 30), "second"),
        ("2024-03-01T12:30", _utc(2024, 3, 1, 3, 30), "second"),
        ("2024-03-01 12:30:00", _utc(2024, 3, 1, 3, 30), "second"),
        ("2024-03-01 12:30:00.0", _utc(2024, 3, 1, 3, 30), "second"),
        ("2024-03-01 12:30:00.25", _utc(2024, 3, 1, 3, 30, 0, 250_000), "second"),
        ("2024-03-01 08:00:00-0430", _utc(2024, 3, 1, 12, 30), "second"),
        ("2024.03.01", _utc(2024, 2, 29, 15), "day"),
        ("2024.3.1", _utc(2024, 2, 29, 15), "day"),
        ("2024. 3. 1.", _utc(2024, 2, 29, 15), "day"),
        ("2024. 3. 1. 오후 3:05", _utc(2024, 3, 1, 6, 5), "second"),
        ("2024. 3. 1. 오전 12:05", _utc(2024, 2, 29, 15, 5), "second"),
        ("2024년 3월 1일", _utc(2024, 2, 29, 15), "day"),
        ("2024/03/01", _utc(2024, 2, 29, 15), "day"),
        ("20240301", _utc(2024, 2, 29, 15), "day"),
        ("20240301123000", _utc(2024, 3, 1, 3, 30), "second"),
        ("20240301T123000Z", _utc(2024, 3, 1, 12, 30), "second"),
        ("Tue Oct 31 22:10:47 +0000 2017", _utc(2017, 10, 31, 22, 10, 47), "second"),
        ("1709296200", _utc(2024, 3, 1, 12, 30), "second"),
        ("1709296200.0", _utc(2024, 3, 1, 12, 30), "second"),
        ("1709296200250", _utc(2024, 3, 1, 12, 30, 0, 250_000), "second"),
        ("  2024-03-01  ", _utc(2024, 2, 29, 15), "day"),
    ],
)
def test_read_knows_the_common_formats(text, expected, precision):
    assert TimeReader(now=NOW).read(text) == (expected, precision)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "time.missing"),
        ("   ", "time.missing"),
        ("어제", "time.unreadable"),
        ("2024-02-30", "time.unreadable"),
        ("2024-03-01 25:00", "time.unreadable"),
        ("2024-03-01 12:30:00+99:00", "time.unreadable"),
        ("Tue Foo 31 22:10:47 +0000 2017", "time.unreadable"),
        ("1989-12-31", "time.implausible"),
        ("0001-01-01T00:00:00+09:00", "time.implausible"),
        ("9999-12-31T23:59:59-09:00", "time.implausible"),
        ("2026-03-03T00:00:01Z", "time.implausible"),
    ],
)
def test_read_says_why_a_time_is_refused(text, reason):
    with pytest.raises(UnusableRow) as refusal:
        TimeReader(now=NOW).read(text)
    assert refusal.value.reason == reason
    assert "어제" not in refusal.value.detail


def test_read_accepts_two_days_into_the_future():
    assert TimeReader(now=NOW).read("2026-03-03T00:00:00Z")[0] == _utc(2026, 3, 3)


def test_a_naive_time_is_in_the_zone_asked_for():
    reader = TimeReader(timezone="America/New_York", now=NOW)
    assert reader.read("2024-07-01 00:00:00")[0] == _utc(2024, 7, 1, 4)
    assert reader.read("2024-01-01 00:00:00")[0] == _utc(2024, 1, 1, 5)


def test_a_shift_by_days_keeps_local_midnight_over_a_change_of_the_clock():
    reader = TimeReader(timezone="America/New_York", now=NOW)
    assert reader.read("2024-04-01", shift=-dt.timedelta(days=30))[0] == _utc(2024, 3, 2, 5)


def test_a_date_format_is_the_only_one_tried():
    reader = TimeReader("%d/%m/%Y", now=NOW)
    assert reader.read("01/03/2024") == (_utc(2024, 2, 29, 15), "day")
    with pytest.raises(UnusableRow):
        reader.read("2024-03-01")


def test_a_date_format_with_hours_has_the_precision_of_seconds():
    assert TimeReader("%d/%m/%Y %H:%M", now=NOW).read("01/03/2024 09:00") == (_utc(2024, 3, 1), "second")


@pytest.mark.parametrize("zone", ["Asia/Seul", "", "../etc/passwd", "Asia"])
def test_an_unknown_zone_is_a_wrong_usage(zone):
    with pytest.raises(UsageError, match="no time zone"):
        TimeReader(timezone=zone)


@pytest.mark.parametrize("date_format", ["%Q", "YYYY-MM-DD", "%H:%M", "%"])
def test_a_format_that_names_no_day_is_a_wrong_usage(date_format):
    with pytest.raises(UsageError, match="--date-format"):
        TimeReader(date_format)
