"""What questions speak of. Documents are counted, never tokens: a word said five times is one question."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Engine, case, func, select

from db.conditions import asked_questions
from db.frames import DISTINCTIVE_TERMS, TERM_GROUPS, TERM_TREND, TERMS
from db.intervals import wilson
from db.queries.extent import data_extent
from db.records import PostFilter
from db.schema import post_terms, posts, questions, terms
from db.schema import term_groups as term_groups_table

MIN_AUTHORS = 5  # fewer could point at a person (DESIGN.md section 4)
BASELINE_DAYS = 365  # a year before the period, so that every season is in it
DAILY_LIMIT_DAYS = 92  # beyond a quarter, days are too thin a bucket for a term
# Weight of the prior, in questions: below this many a term must differ a lot to be called distinctive.
PRIOR_QUESTIONS = 500


def top_terms(engine: Engine, where: PostFilter, limit: int = 30) -> pd.DataFrame:
    """Return the terms most questions contain. Columns TERMS.

    Terms of fewer than MIN_AUTHORS authors are left out (a post without a known author counts as one),
    and so is what stands in risk posts only.
    """
    with engine.connect() as connection:
        total = _question_count(connection, where)
        counts = list(_term_counts(connection, where, at_least=MIN_AUTHORS).items())
        kept: list[tuple[str, int, int]] = []
        # Authors are counted for a few terms at a time; one busy author may fill the first of them.
        while counts and len(kept) < limit:
            some, counts = dict(counts[: 3 * limit]), counts[3 * limit :]
            kept += [row for row in _with_authors(connection, where, some) if row[2] >= MIN_AUTHORS]
    kept = kept[:limit]
    if not kept:
        return TERMS.frame()
    frame = pd.DataFrame(kept, columns=["term", "questions", "authors"])
    frame["share"] = frame["questions"] / total
    frame["low"], frame["high"] = wilson(frame["questions"], [total] * len(frame))
    return TERMS.cast(frame)


def distinctive_terms(engine: Engine, where: PostFilter, limit: int = 60) -> pd.DataFrame:
    """Return the terms that set the period apart from the year before it. Columns DISTINCTIVE_TERMS.

    Weighted log-odds with an informative Dirichlet prior (Monroe, Colaresi, Quinn 2008), over documents:
    the prior is the term's share in both periods together. Empty where there is no year before.
    """
    before = replace(
        where, start=where.start - dt.timedelta(days=BASELINE_DAYS), end=where.start - dt.timedelta(days=1)
    )
    with engine.connect() as connection:
        total = _question_count(connection, where)
        baseline_total = _question_count(connection, before)
        if not total or not baseline_total:
            return DISTINCTIVE_TERMS.frame()
        counts = _term_counts(connection, where, at_least=MIN_AUTHORS)
        baseline = _term_counts(connection, before)
        ids = np.array(list(counts), dtype=np.int64)
        here = np.array(list(counts.values()), dtype=float)
        there = np.array([baseline.get(id_, 0) for id_ in counts], dtype=float)
        z = log_odds_z(here, total, there, baseline_total)
        order = [index for index in np.argsort(-z, kind="stable") if z[index] > 0]
        rows: list[tuple[str, int, int, float, float, float]] = []
        while order and len(rows) < limit:
            some, order = order[: 2 * limit], order[2 * limit :]
            named = _with_authors(connection, where, {int(ids[i]): int(here[i]) for i in some})
            rows += [
                (term, count, int(there[i]), here[i] / total, there[i] / baseline_total, float(z[i]))
                for i, (term, count, authors) in zip(some, named, strict=True)
                if authors >= MIN_AUTHORS
            ]
    return DISTINCTIVE_TERMS.frame(rows[:limit])


def log_odds_z(here: np.ndarray, total: int, there: np.ndarray, baseline_total: int) -> np.ndarray:
    """Return the z-score of each term's log-odds against the baseline, from document counts."""
    prior = PRIOR_QUESTIONS * (here + there) / (total + baseline_total)
    # A term of every question has no odds: its z is NaN, larger than nothing.
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = np.log((here + prior) / (total + PRIOR_QUESTIONS - here - prior))
        baseline_odds = np.log((there + prior) / (baseline_total + PRIOR_QUESTIONS - there - prior))
        return (odds - baseline_odds) / np.sqrt(1 / (here + prior) + 1 / (there + prior))


def term_groups(engine: Engine) -> pd.DataFrame:
    """Return the groups of terms that mean one thing, in their order. Columns TERM_GROUPS."""
    with engine.connect() as connection:
        rows = connection.execute(
            select(term_groups_table).order_by(term_groups_table.c.position, term_groups_table.c.term)
        ).all()
    groups: dict[str, tuple[list[str], bool]] = {}
    for row in rows:
        groups.setdefault(row.name, ([], row.is_hot))[0].append(row.term)
    return TERM_GROUPS.frame([(name, ", ".join(members), is_hot) for name, (members, is_hot) in groups.items()])


def term_trend(engine: Engine, where: PostFilter, names: Sequence[str]) -> pd.DataFrame:
    """Return the share of questions that contain each term or term group. Columns TERM_TREND.

    Buckets are days, weeks from Monday where the period is longer than DAILY_LIMIT_DAYS. A bucket with
    no question has no share. Risk posts are counted here: a count shows nobody.
    """
    weekly = (where.end - where.start).days + 1 > DAILY_LIMIT_DAYS
    with engine.connect() as connection:
        daily_total: dict[dt.date, int] = dict(
            connection.execute(
                select(questions.c.asked_day, func.count())
                .where(*asked_questions(where))
                .group_by(questions.c.asked_day)
            ).all()
        )
        daily = {name: _daily_counts(connection, where, members) for name, members in _members(connection, names)}
    extent = data_extent(engine, where.synthetic)
    if extent.first_day is None or extent.last_day is None or not daily:
        return TERM_TREND.frame()
    # Beyond the data there is nothing to divide, so no bucket either: a gap, not a zero.
    first, last = max(where.start, extent.first_day), min(where.end, extent.last_day)
    if first > last:
        return TERM_TREND.frame()
    days = pd.date_range(first, last, freq="D", unit="ns")
    bucket = days - pd.to_timedelta(days.day_of_week, unit="D") if weekly else days
    frames = []
    for name, counts in daily.items():
        frame = pd.DataFrame(
            {
                "bucket": bucket,
                "questions": [counts.get(day.date(), 0) for day in days],
                "total": [daily_total.get(day.date(), 0) for day in days],
                "days": 1,
            }
        )
        frame = frame.groupby("bucket", as_index=False).sum()
        frames.append(frame.assign(term=name, whole=frame["days"] == (7 if weekly else 1)))
    result = pd.concat(frames, ignore_index=True)
    result["share"] = (result["questions"] / result["total"]).where(result["total"] > 0)
    result["low"], result["high"] = wilson(result["questions"], result["total"])
    return TERM_TREND.cast(result)


def _members(connection: Connection, names: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Return each name with the terms it stands for: a group's members, or the term alone."""
    table = term_groups_table
    rows = connection.execute(select(table.c.name, table.c.term).where(table.c.name.in_(list(names)))).all()
    return [(name, [row.term for row in rows if row.name == name] or [name]) for name in dict.fromkeys(names)]


def _daily_counts(connection: Connection, where: PostFilter, members: Sequence[str]) -> Mapping[dt.date, int]:
    wanted = select(terms.c.id).where(terms.c.term.in_(list(members)))
    rows = connection.execute(
        select(questions.c.asked_day, func.count(questions.c.post_id.distinct()))
        .join(post_terms, post_terms.c.post_id == questions.c.post_id)
        .where(post_terms.c.term_id.in_(wanted), *asked_questions(where))
        .group_by(questions.c.asked_day)
    )
    return dict(rows.all())


def _question_count(connection: Connection, where: PostFilter) -> int:
    return connection.scalar(select(func.count()).select_from(questions).where(*asked_questions(where))) or 0


def _term_counts(connection: Connection, where: PostFilter, at_least: int = 1) -> dict[int, int]:
    """Return questions by term id, most first."""
    count = func.count()
    statement = (
        select(post_terms.c.term_id, count)
        .join(questions, questions.c.post_id == post_terms.c.post_id)
        .where(questions.c.is_risk.is_(False), *asked_questions(where))
        .group_by(post_terms.c.term_id)
        .having(count >= at_least)
        .order_by(count.desc(), post_terms.c.term_id)
    )
    return dict(connection.execute(statement).all())


def _with_authors(connection: Connection, where: PostFilter, counts: Mapping[int, int]) -> list[tuple[str, int, int]]:
    """Return (term, questions, authors) for each term id of ``counts``, in its order."""
    known = func.count(posts.c.author_key.distinct())
    unknown = func.sum(case((posts.c.author_key.is_(None), 1), else_=0))
    rows = connection.execute(
        select(terms.c.id, terms.c.term, known, unknown)
        .join(post_terms, post_terms.c.term_id == terms.c.id)
        .join(questions, questions.c.post_id == post_terms.c.post_id)
        .join(posts, posts.c.id == post_terms.c.post_id)
        .where(terms.c.id.in_(list(counts)), questions.c.is_risk.is_(False), *asked_questions(where))
        .group_by(terms.c.id, terms.c.term)
    )
    found = {id_: (term, known + unknown) for id_, term, known, unknown in rows}
    return [(found[id_][0], count, found[id_][1]) for id_, count in counts.items()]
