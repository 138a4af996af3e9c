"""Every query of the pages against the same number worked out from the rows, by other means, under random filters."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sqlalchemy import Engine, select

from data_sources.connectors.demo import DemoConnector
from data_sources.loader import load
from db import queries
from db.districts import NAMES_A_DISTRICT
from db.metrics import metric
from db.queries.keywords import BASELINE_DAYS, MIN_AUTHORS, log_odds_z
from db.records import AGE_BANDS, HIDDEN_CLASSES, POST_CLASSES, RESPONSE_HOURS_EDGES, UNASSIGNED, PostFilter
from db.schema import accounts, departments, posts, questions, terms
from db.writes.changes import remove_posts
from tests.conftest import NewStore

LAST_DAY = dt.date(2026, 10, 31)
DAYS = 430
SEEDS = range(8)


@dataclass(frozen=True)
class Rows:
    """The store, and its rows in memory."""

    engine: Engine
    posts: pd.DataFrame
    questions: pd.DataFrame
    said: pd.DataFrame


@pytest.fixture(scope="module")
def rows(shared_stores: NewStore) -> Rows:
    """2,000 invented posts, thirty of the questions removed."""
    engine = shared_stores().engine
    load(DemoConnector(posts=2000, days=DAYS, until=LAST_DAY + dt.timedelta(days=1)), engine)
    with engine.begin() as connection:
        some = connection.scalars(select(questions.c.post_id).order_by(questions.c.post_id)).all()[::40]
        asked = select(questions.c.asked_at).where(questions.c.post_id == some[0])
        remove_posts(connection, some, connection.scalars(asked).one() + dt.timedelta(days=200))
    return _read(engine)


def _read(engine: Engine) -> Rows:
    with engine.connect() as connection:
        post = pd.DataFrame(connection.execute(select(posts)).mappings().all())
        question = pd.DataFrame(connection.execute(select(questions)).mappings().all())
        code = dict(connection.execute(select(departments.c.id, departments.c.code)).all())
        term = pd.DataFrame(connection.execute(select(terms)).mappings().all()).set_index("id")
        owner = dict(connection.execute(select(accounts.c.id, accounts.c.department_id)).all())
    question["department"] = question["department_id"].map(code).fillna(UNASSIGNED)
    question = question.merge(
        post[["id", "removed_at", "author_key", "term_ids"]], left_on="post_id", right_on="id"
    ).drop(columns="id")
    post["department"] = post["id"].map(question.set_index("post_id")["department"])
    post["account_department"] = post["account_id"].map(owner).map(code)
    said = question[["post_id", "asked_day", "is_risk", "author_key", "department", "platform_id"]].assign(
        term_id=[list(np.frombuffer(ids or b"", "<i4")) for ids in question["term_ids"]]
    )
    said = said.explode("term_id").dropna(subset="term_id")
    said["term"] = said["term_id"].map(term["term"])
    said["is_group"] = said["term_id"].map(term["is_group"]).astype(bool)
    said["author"] = said["author_key"].where(said["author_key"].notna(), said["post_id"])
    return Rows(engine, post, question, said)


def _filter(seed: int, *, narrow: bool | None = None) -> PostFilter:
    """Return a random filter; ``narrow`` asks for one with or without departments and platforms."""
    chance = random.Random(seed)
    first = LAST_DAY - dt.timedelta(days=DAYS + 10)
    start = first + dt.timedelta(days=chance.randrange(DAYS))
    end = start + dt.timedelta(days=chance.choice((0, 6, 30, 93, 200, 500)))
    some_departments = tuple(chance.sample(("roads", "subway", "bike", "water", UNASSIGNED), 3))
    some_platforms = tuple(chance.sample(("x", "facebook", "blog"), 2))
    some_classes = tuple(chance.sample(POST_CLASSES, 4))
    return PostFilter(
        start,
        end,
        departments=some_departments if (narrow is None and seed % 3 == 0) or (narrow and seed % 2) else (),
        platforms=some_platforms if (narrow is None and seed % 4 == 1) or (narrow and seed % 3 != 1) else (),
        classes=some_classes if narrow is None and seed % 5 == 2 else (),
        synthetic=True,
    )


def _citizens(rows: Rows, where: PostFilter) -> pd.DataFrame:
    chosen = rows.posts[rows.posts["is_inbound"] & rows.posts["created_day"].between(where.start, where.end)]
    if where.platforms:
        chosen = chosen[chosen["platform_id"].isin(where.platforms)]
    if where.classes:
        chosen = chosen[chosen["post_class"].isin(where.classes)]
    return chosen[chosen["department"].isin(where.departments)] if where.departments else chosen


def _asked(frame: pd.DataFrame, where: PostFilter, *, any_start: bool = False) -> pd.DataFrame:
    chosen = frame[frame["asked_day"] <= where.end]
    if not any_start:
        chosen = chosen[chosen["asked_day"] >= where.start]
    if where.platforms:
        chosen = chosen[chosen["platform_id"].isin(where.platforms)]
    if where.departments:
        chosen = chosen[chosen["department"].isin(where.departments)]
    return chosen if not where.classes or "question" in where.classes else chosen.iloc[:0]


def _hours(rows: Rows, where: PostFilter) -> tuple[np.ndarray, np.ndarray]:
    """Return the waits that ended in an answer, and how long the others were observed."""
    as_of = rows.posts["created_at"].max()
    asked = _asked(rows.questions, where)
    asked = asked[asked["answers_collected"] & ~asked["is_day_only"]]
    answered = asked[asked["first_answer_seconds"].notna()]
    others = asked[asked["first_answer_post_id"].isna()]
    until = others["removed_at"].fillna(as_of)
    seen = (pd.to_datetime(until, utc=True) - pd.to_datetime(others["asked_at"], utc=True)).dt.total_seconds()
    return (
        answered["first_answer_seconds"].to_numpy(float).clip(min=0) / 3600,
        seen.to_numpy(float).clip(min=0) / 3600,
    )


def test_the_store_is_fit_for_a_comparison(rows: Rows) -> None:
    assert len(rows.questions) > 800
    assert rows.questions["removed_at"].notna().sum() > 15
    assert (rows.questions["first_answer_post_id"].isna()).sum() > 100
    assert rows.questions["department"].nunique() > 10
    assert rows.posts["platform_id"].nunique() >= 3
    assert sum(len(_citizens(rows, _filter(seed))) > 50 for seed in SEEDS) >= 3


def test_extent_and_choices(rows: Rows) -> None:
    extent = queries.data_extent(rows.engine, synthetic=True)
    citizens = rows.posts[rows.posts["is_inbound"]]
    assert (extent.first_day, extent.last_day) == (citizens["created_day"].min(), citizens["created_day"].max())
    assert (extent.posts, extent.as_of) == (len(citizens), rows.posts["created_at"].max())
    options = queries.filter_options(rows.engine, synthetic=True)
    assert {option.code for option in options.departments} == set(rows.questions["department"])
    assert {option.code for option in options.platforms} == set(citizens["platform_id"])


@pytest.mark.parametrize("seed", SEEDS)
def test_counts_of_posts(rows: Rows, seed: int) -> None:
    where = _filter(seed)
    chosen = _citizens(rows, where)
    daily = queries.posts_by_day(rows.engine, where)
    assert len(daily) == (where.end - where.start).days + 1
    by_day = chosen.groupby(pd.to_datetime(chosen["created_day"]))["post_class"]
    for column, counted in (
        ("posts", by_day.size()),
        ("questions", by_day.apply(lambda group: (group == "question").sum())),
        ("hidden", by_day.apply(lambda group: group.isin(HIDDEN_CLASSES).sum())),
    ):
        seen = daily.set_index("day")[column]
        assert seen[seen > 0].to_dict() == {day: count for day, count in counted.items() if count}, column
    written = rows.posts[~rows.posts["is_inbound"] & rows.posts["created_day"].between(where.start, where.end)]
    if where.platforms:
        written = written[written["platform_id"].isin(where.platforms)]
    if where.departments:
        written = written[written["account_department"].isin(where.departments)]
    assert daily["answers"].sum() == len(written)
    seen = queries.classes(rows.engine, where).set_index("post_class")["posts"].to_dict()
    assert seen == chosen["post_class"].value_counts().to_dict()
    reasons = queries.class_reasons(rows.engine, where)
    assert {(row.post_class, row.reason): row.posts for row in reasons.itertuples()} == chosen.groupby(
        ["post_class", "reason"]
    ).size().to_dict()
    hidden = chosen[chosen["post_class"].isin(HIDDEN_CLASSES)]
    seen = queries.hidden_reasons(rows.engine, where)
    assert (
        seen.groupby(["post_class", "reason"])["posts"].sum().to_dict()
        == hidden.groupby(["post_class", "reason"]).size().to_dict()
    )
    assert metric(rows.engine, "hidden_posts", where).value == len(hidden)
    receiving = queries.receiving_volume(rows.engine, where)
    assert sorted(receiving["posts"]) == sorted(chosen["receiving_account_id"].fillna(0).value_counts())
    assert receiving["posts"].sum() == len(chosen)
    assert metric(rows.engine, "collected_posts", where).n == len(chosen)
    totals = queries.platform_totals(rows.engine, where).set_index("platform")["posts"]
    assert totals[totals > 0].to_dict() == chosen["platform_id"].value_counts().to_dict()
    weeks = queries.platform_weeks(rows.engine, where)
    monday = pd.to_datetime(chosen["created_day"]).dt.to_period("W-SUN").dt.start_time
    counted = chosen.groupby([monday, "platform_id"]).size().to_dict()
    assert {(row.week, row.platform): row.posts for row in weeks.itertuples() if row.posts} == counted


def test_accounts(rows: Rows) -> None:
    seen = queries.accounts(rows.engine, synthetic=True)
    citizens = rows.posts[rows.posts["is_inbound"]]
    assert seen["received"].sum() == citizens["receiving_account_id"].notna().sum()
    assert sorted(seen.loc[seen["answers"] > 0, "answers"]) == sorted(rows.posts["account_id"].value_counts())
    newest = rows.posts.dropna(subset="account_id").groupby("account_id")["created_at"].max()
    assert sorted(seen["last_post"].dropna()) == sorted(pd.to_datetime(newest, utc=True))


@pytest.mark.parametrize("seed", SEEDS)
def test_counts_of_questions(rows: Rows, seed: int) -> None:
    where = _filter(seed)
    asked = _asked(rows.questions, where)
    volume = queries.department_volume(rows.engine, where).set_index("department")
    assert volume["questions"].to_dict() == asked["department"].value_counts().to_dict()
    answerable = asked[asked["answers_collected"]]
    answered = answerable[answerable["first_answer_post_id"].notna()]
    assert volume["answered"].sum() == len(answered)
    assert volume["by_rule"].sum() == (asked["department_source"] == "rule").sum()
    coverage = queries.response_coverage(rows.engine, where)
    hours, seen = _hours(rows, where)
    assert coverage == queries.ResponseCoverage(
        questions=len(asked),
        answerable=len(answerable),
        timed=len(hours) + len(seen),
        day_only=len(answerable) - len(hours) - len(seen),
        answered=len(answered),
        unanswered=(answerable["first_answer_post_id"].isna() & answerable["removed_at"].isna()).sum(),
        removed=(answerable["first_answer_post_id"].isna() & answerable["removed_at"].notna()).sum(),
    )
    assert metric(rows.engine, "questions", where).n == len(asked)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_waited_at_the_end_of_a_day(rows: Rows, seed: int) -> None:
    where = _filter(seed)
    end = min(where.end, LAST_DAY)
    asked = _asked(rows.questions, where, any_start=True)
    asked = asked[asked["answers_collected"] & (asked["asked_day"] <= end)]
    closed = pd.concat([pd.to_datetime(asked[name], utc=True) for name in ("first_answer_at", "removed_at")], axis=1)
    closed_day = closed.min(axis=1).dt.tz_convert("Asia/Seoul").dt.tz_localize(None).dt.normalize()
    still = asked[closed_day.isna() | (closed_day > pd.Timestamp(end))]
    ages = (pd.Timestamp(end) - pd.to_datetime(still["asked_day"])).dt.days
    expected = {}
    for (band, lower, upper), department in itertools.product(AGE_BANDS, still["department"].unique()):
        inside = (still["department"] == department) & (ages >= lower) & (ages < (upper or 10**6))
        if inside.any():
            expected[band, department] = int(inside.sum())
    found = queries.unanswered_ages(rows.engine, where)
    assert {(row.band, row.department): row.questions for row in found.itertuples()} == expected
    assert metric(rows.engine, "unanswered_over_7_days", where).value == (ages >= 7).sum()


@pytest.mark.parametrize("seed", SEEDS)
def test_response_times(rows: Rows, seed: int) -> None:
    where = _filter(seed)
    hours, seen = _hours(rows, where)
    bars = queries.response_histogram(rows.engine, where)
    edges = np.array([-1, *RESPONSE_HOURS_EDGES[1:], np.inf])
    assert bars["questions"].tolist() == [
        ((hours > low) & (hours <= high)).sum() for low, high in itertools.pairwise(edges)
    ]
    curve = queries.response_curve(rows.engine, where)
    if not len(hours) + len(seen):
        assert curve.empty
        return
    exact = stats.ecdf(stats.CensoredData(uncensored=hours, right=seen)).cdf
    shares = curve.set_index("hours")["answered_share"]
    for quoted in (1, 3, 6, 12, 24, 48, 72, 168, 720):
        if quoted in shares.index and quoted <= max([*hours, *seen]):
            # Exact but for a few who left in the bucket in which others were answered.
            assert shares[quoted] == pytest.approx(float(exact.evaluate(quoted)), abs=2e-3)
            if not (seen <= quoted).any():
                assert shares[quoted] == pytest.approx(float(exact.evaluate(quoted)), abs=1e-12)
    for name, part in (("median_response_hours", 0.5), ("p90_response_hours", 0.9)):
        reached = exact.quantiles[exact.probabilities >= part - 1e-9]
        value = metric(rows.engine, name, where).value
        assert (value is None) == (not len(reached))
        if value is not None:
            # Where the curve rests at the very share, a neighbour's rounding decides; look at both of its ends.
            assert any(value == pytest.approx(hour, rel=0.011) for hour in reached[:2])


@pytest.mark.parametrize("seed", SEEDS)
def test_percentiles_of_departments_and_weeks(rows: Rows, seed: int) -> None:
    where = _filter(seed)
    found = queries.response_percentiles(rows.engine, where)
    asked = _asked(rows.questions, where)
    timed = asked[
        asked["answers_collected"]
        & ~asked["is_day_only"]
        & (asked["first_answer_seconds"].notna() | asked["first_answer_post_id"].isna())
    ]
    mondays = pd.to_datetime(timed["asked_day"]).dt.to_period("W-SUN").dt.start_time
    cells = timed.groupby([mondays, "department"]).size().to_dict()
    assert {(row.week, row.department): row.questions for row in found.itertuples()} == cells
    for row in found.itertuples():
        start, end = row.week.date(), row.week.date() + dt.timedelta(days=6)
        cell = PostFilter(
            max(start, where.start), min(end, where.end), (row.department,), where.platforms, where.classes, True
        )
        hours, seen = _hours(rows, cell)
        assert row.answered == len(hours)
        exact = stats.ecdf(stats.CensoredData(uncensored=hours, right=seen)).cdf
        assert np.isnan(row.within_24h_share) == (len(seen) > 0 and max([*hours, *seen]) < 24)
        if not np.isnan(row.within_24h_share):
            assert row.within_24h_share == pytest.approx(float(exact.evaluate(24)), abs=1e-9)
        for value, part in ((row.median_hours, 0.5), (row.p90_hours, 0.9)):
            reached = exact.quantiles[exact.probabilities >= part - 1e-9]
            assert np.isnan(value) == (not len(reached))
            if len(reached):
                assert value == pytest.approx(reached[0], rel=0.011)


def _cell(day: dt.date, where: PostFilter) -> dt.date:
    """Return the Monday of a week that lies within the period, else the day itself."""
    monday = day - dt.timedelta(days=day.weekday())
    return monday if where.start <= monday and monday + dt.timedelta(days=6) <= where.end else day


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_words(rows: Rows, seed: int, narrow: bool) -> None:
    where = _filter(seed, narrow=narrow)
    total = len(_asked(rows.questions, where))
    listed = _asked(rows.said, where)
    listed = listed[~listed["is_risk"] & ~listed["is_group"]]
    counts = listed.groupby("term")["post_id"].nunique()
    cells = listed["asked_day"].map(lambda day: where if where.departments or where.platforms else _cell(day, where))
    authors = listed.assign(cell=cells.map(str)).groupby(["term", "cell"])["author"].nunique().groupby("term").max()
    enough = {term for term, number in authors.items() if number >= MIN_AUTHORS}
    top = queries.top_terms(rows.engine, where, limit=10_000)
    assert dict(zip(top["term"], top["questions"], strict=True)) == {term: counts[term] for term in enough}
    assert top["authors"].tolist() == [authors[term] for term in top["term"]]
    assert top["share"].tolist() == [counts[term] / total for term in top["term"]]
    assert queries.top_terms(rows.engine, where, limit=3)["term"].tolist() == top["term"].tolist()[:3]
    before = PostFilter(
        where.start - dt.timedelta(days=BASELINE_DAYS), where.start - dt.timedelta(days=1),
        where.departments, where.platforms, synthetic=True,
    )  # fmt: skip
    baseline_total = len(_asked(rows.questions, before))
    earlier = _asked(rows.said, before)
    there = earlier[~earlier["is_risk"] & ~earlier["is_group"]].groupby("term")["post_id"].nunique()
    found = queries.distinctive_terms(rows.engine, where, limit=10_000)
    if not total or not baseline_total:
        assert found.empty
        return
    expected = {}
    for term in enough:
        z = log_odds_z(np.array([float(counts[term])]), total, np.array([float(there.get(term, 0))]), baseline_total)[0]
        if z > 0:
            expected[term] = pytest.approx(z)
    assert dict(zip(found["term"], found["z"], strict=True)) == expected


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_districts(rows: Rows, seed: int, narrow: bool) -> None:
    where = _filter(seed, narrow=narrow)
    said = _asked(rows.said, where)
    named = said[~said["is_risk"] & (said["term_id"] < NAMES_A_DISTRICT)]
    by_code = named.assign(code=(NAMES_A_DISTRICT - named["term_id"]).astype(str)).groupby("code")["post_id"].nunique()
    volume = queries.district_volume(rows.engine, where)
    counted = volume[volume["questions"] > 0].set_index("district")["questions"]
    assert counted.to_dict() == by_code.to_dict()
    if not volume.empty:
        assert set(volume["named"]) == {named["post_id"].nunique()}
        assert set(volume["asked"]) == {len(_asked(rows.questions, where))}


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_trends(rows: Rows, seed: int, narrow: bool) -> None:
    where = _filter(seed, narrow=narrow)
    frequent = rows.said["term"].value_counts().index[:3].tolist()
    groups = set(queries.term_groups(rows.engine)["name"])
    trend = queries.term_trend(rows.engine, where, [*frequent, "아리수", "nobody says this"])
    weekly = (where.end - where.start).days + 1 > 92
    asked, said = _asked(rows.questions, where), _asked(rows.said, where)

    def bucket(days: pd.Series) -> pd.Series:
        stamps = pd.to_datetime(days)
        return stamps.dt.to_period("W-SUN").dt.start_time if weekly else stamps

    totals = bucket(asked["asked_day"]).value_counts().to_dict()
    for term in {*frequent, "아리수"}:
        own = said[(said["term"] == term) & (said["is_group"] == (term in groups))]
        lines = trend[trend["term"] == term].set_index("bucket")
        assert lines.loc[lines["total"] > 0, "total"].to_dict() == totals
        counted = bucket(own.drop_duplicates("post_id")["asked_day"]).value_counts().to_dict()
        assert lines.loc[lines["questions"] > 0, "questions"].to_dict() == counted, term
    assert trend.loc[trend["term"] == "nobody says this", "questions"].sum() == 0
