"""Earlier definitions of the KPIs: still computable, from the rows, and told apart; and a KPI by week. Both engines."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import pytest
from statsmodels.duration.survfunc import SurvfuncRight

from db.__main__ import main
from db.metrics import METRICS, UnknownMetric, metric
from db.metrics.weeks import MAX_WEEKS, metric_weeks
from db.records import KST, PostFilter
from tests.builders import a_question, an_answer, kst
from tests.conftest import Store

MARCH = PostFilter(dt.date(2026, 3, 1), dt.date(2026, 3, 31))
VAGUE = "여기 좀 봐 주세요"
EARLIER = [(row.id, revision.version) for row in METRICS.values() for revision in row.earlier]


def _asked(store: Store, waits_h: list[float], waiting: int) -> None:
    first = kst("2026-03-02 09:00")
    found = []
    for number, hours in enumerate(waits_h):
        found += [
            a_question(f"q{number}", VAGUE, created_at=first),
            an_answer(f"a{number}", to=f"q{number}", created_at=first + dt.timedelta(hours=hours)),
        ]
    found += [
        a_question(f"w{number}", VAGUE, created_at=first + dt.timedelta(hours=number)) for number in range(waiting)
    ]
    store.add(*found, a_question("end", "감사합니다", created_at=kst("2026-03-31 12:00")))


def test_every_changed_definition_has_its_earlier_versions_without_a_gap() -> None:
    assert EARLIER
    for row in METRICS.values():
        versions = [*(revision.version for revision in row.earlier), row.version]
        assert versions == list(range(1, row.version + 1))
        followed_by = [*row.earlier, row][1:]
        assert [each.valid_until for each in row.earlier] == [each.valid_from for each in followed_by]


@pytest.mark.parametrize(("name", "version"), EARLIER)
def test_an_earlier_version_is_computed_and_says_which_it_is(store: Store, name: str, version: int) -> None:
    _asked(store, [1.0, 2.5, 30.25, 100.0] * 5, waiting=1)
    before, now = metric(store.engine, name, MARCH, version), metric(store.engine, name, MARCH)
    assert (before.version, now.version) == (version, METRICS[name].version)
    assert before.n == now.n > 0
    assert before.value is not None
    # Neither definition is far from the other: a step of the histogram, or a day of those that wait.
    assert before.value == pytest.approx(now.value, rel=0.011, abs=1)


def test_the_first_median_is_that_of_each_time_itself(store: Store) -> None:
    waits = [0.37, 1.11, 2.53, 7.77, 30.25, 31.5, 100.0]
    _asked(store, waits, waiting=2)
    found = metric(store.engine, "median_response_hours", MARCH, version=1)
    left = [
        (dt.datetime(2026, 3, 31, 12, tzinfo=KST) - kst("2026-03-02 09:00")).total_seconds() / 3600 - n for n in (0, 1)
    ]
    expected = SurvfuncRight([*waits, *left], [1] * len(waits) + [0, 0]).quantile(0.5)
    assert found.value == pytest.approx(expected, abs=1e-9)


def test_the_first_backlog_counts_to_the_second(store: Store) -> None:
    store.add(
        a_question("exactly", VAGUE, created_at=kst("2026-03-20 12:00")),
        a_question("a second less", VAGUE, created_at=kst("2026-03-20 12:00") + dt.timedelta(seconds=1)),
        a_question("answered later", VAGUE, created_at=kst("2026-03-10 12:00")),
        an_answer("a", to="answered later", created_at=kst("2026-03-28 12:00")),
        a_question("end", "감사합니다", created_at=kst("2026-03-27 12:00")),
    )
    until = replace(MARCH, end=dt.date(2026, 3, 26))
    # At midnight after the 26th: of the three that wait one has done so for a week.
    assert (
        metric(store.engine, "unanswered_over_7_days", until, 1).value,
        metric(store.engine, "unanswered_over_7_days", until, 1).n,
    ) == (1, 3)
    # The data end on the 28th at noon: all but the answered one wait, both for more than a week.
    assert metric(store.engine, "unanswered_over_7_days", MARCH, 1).value == 2


def test_a_version_that_never_was_is_told(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _asked(store, [1.0], waiting=0)
    with pytest.raises(UnknownMetric, match="questions has no version 7; there are: 1"):
        metric(store.engine, "questions", MARCH, 7)
    monkeypatch.setenv("MINWON_DB_URL", store.engine.url.render_as_string(hide_password=False))
    period = ["--from", "2026-03-01", "--to", "2026-03-31"]
    assert main(["metric", "median_response_hours", *period, "--version", "9"]) == 2
    assert capsys.readouterr().err == "db: median_response_hours has no version 9; there are: 1, 2\n"
    assert main(["metric", "median_response_hours", *period, "--version", "1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["version"] == 1


def test_weeks_are_those_of_the_data_and_each_is_the_kpi_of_its_days(store: Store) -> None:
    days = ("2026-03-04", "2026-03-05", "2026-03-09", "2026-03-10", "2026-03-11", "2026-03-24")
    store.add(*(a_question(day, VAGUE, created_at=kst(f"{day} 09:00")) for day in days))
    found = metric_weeks(store.engine, "questions", MARCH)
    assert found["week"].dt.date.tolist() == [dt.date(2026, 3, day) for day in (2, 9, 16, 23)]
    assert found["value"].tolist() == [2, 3, 0, 1]
    assert found["whole"].tolist() == [False, True, True, False]
    for row in found.itertuples():
        first = row.week.date()
        of_days = replace(
            MARCH, start=max(first, dt.date(2026, 3, 4)), end=min(first + dt.timedelta(days=6), dt.date(2026, 3, 24))
        )
        assert metric(store.engine, "questions", of_days).value == row.value


def test_no_more_than_the_newest_weeks_of_a_year_are_computed(store: Store) -> None:
    store.add(*(a_question(f"{year}", VAGUE, created_at=kst(f"{year}-06-01 09:00")) for year in (2022, 2026)))
    found = metric_weeks(store.engine, "questions", PostFilter(dt.date(2020, 1, 1), dt.date(2026, 12, 31)))
    assert len(found) == MAX_WEEKS
    assert found["week"].iloc[-1].date() == dt.date(2026, 6, 1)
    assert metric_weeks(store.engine, "questions", PostFilter(dt.date(2019, 1, 1), dt.date(2019, 1, 31))).empty
