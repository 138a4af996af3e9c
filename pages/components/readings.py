"""Choices read off tables that are on screen anyway."""

from __future__ import annotations

from typing import Any

import pandas as pd

from db.records import HIDDEN_CLASSES, NO_ANSWER, SENSITIVE_WORDS, TEMPLATE, MetricValue


def hot_groups(groups: pd.DataFrame) -> tuple[str, ...]:
    """Return the names of the standing hot issues of a TERM_GROUPS table, in its order."""
    return tuple(str(name) for name in groups.loc[groups["is_hot"], "name"])


def words_of(groups: pd.DataFrame, name: str) -> tuple[str, ...]:
    """Return the words of one group of a TERM_GROUPS table."""
    return tuple(word for words in groups.loc[groups["name"] == name, "terms"] for word in str(words).split(", "))


def is_sensitive(term: str) -> bool:
    """Say whether posts with this word or on this group are counted and never listed."""
    return any(word in term for word in SENSITIVE_WORDS)


def shares_over_time(trend: pd.DataFrame, term: str) -> list[float]:
    """Return the shares of one term of a TERM_TREND in percent, one for each bucket that has questions."""
    shares = trend.loc[trend["term"] == term, "share"].dropna()
    return [float(share) for share in (shares * 100).round(2)]


def present_terms(trend: pd.DataFrame, wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of ``wanted`` that at least one question of a TERM_TREND contains, in the order given."""
    counts = trend.groupby("term")["questions"].sum()
    return tuple(term for term in wanted if counts.get(term, 0) > 0)


def first_terms(terms: pd.DataFrame, limit: int) -> tuple[str, ...]:
    """Return the first ``limit`` terms of a TERMS table."""
    return tuple(str(term) for term in terms["term"].head(limit))


def all_terms(*columns: pd.Series) -> tuple[str, ...]:
    """Return the terms of several columns, each once, in order of appearance."""
    return tuple(dict.fromkeys(str(term) for column in columns for term in column))


def accounts_with_status(accounts: pd.DataFrame, status: str) -> pd.DataFrame:
    """Return the rows of an ACCOUNTS table in one state, without the columns that state leaves empty."""
    unused = {
        "connected": ["missing_ko", "missing_en"],
        "pending": ["connected_from", "received", "answers", "last_post", "last_fetch", "gap_hours"],
    }
    rows = accounts[accounts["status"] == status]
    return rows.drop(columns=["status", *unused.get(status, [])]).reset_index(drop=True)


def connected(accounts: pd.DataFrame) -> tuple[int, int]:
    """Return how many accounts of an ACCOUNTS table are connected, and how many these are with those still to connect."""
    counts = accounts["status"].value_counts()
    number = int(counts.get("connected", 0))
    return number, number + int(counts.get("pending", 0))


def known_days(daily: pd.DataFrame, coverage: pd.DataFrame) -> pd.DataFrame:
    """Return a POSTS_BY_DAY table whose days are in the data where the COVERAGE of its period knows of them, and whole."""
    return daily.assign(in_data=coverage["in_data"], whole=coverage["whole"])


def known_weeks(weeks: pd.DataFrame, coverage: pd.DataFrame) -> pd.DataFrame:
    """Return a PLATFORM_WEEKS table whose weeks are whole where the COVERAGE of its period knows all of their days."""
    monday = coverage["day"] - pd.to_timedelta(coverage["day"].dt.day_of_week, unit="D")
    days = coverage["whole"].groupby(monday).sum()
    return weeks.assign(whole=weeks["whole"] & (weeks["week"].map(days).fillna(0) == 7))


def missing_days(coverage: pd.DataFrame) -> int:
    """Return how many days of a COVERAGE table are gaps: unknown days between known ones."""
    known = coverage.index[coverage["in_data"]]
    return int((~coverage["in_data"].loc[known.min() : known.max()]).sum()) if len(known) else 0


def outside(expectation: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a VOLUME_EXPECTATION table outside their band, the furthest in widths of the band first."""
    rows = expectation[expectation["comparable"]]
    beyond = (rows["expected_low"] - rows["questions"]).clip(lower=0) + (
        rows["questions"] - rows["expected_high"]
    ).clip(lower=0)
    widths = beyond / (rows["expected_high"] - rows["expected_low"]).clip(lower=1)
    return rows[beyond > 0].iloc[(-widths[beyond > 0]).argsort(kind="stable")]


def with_expectation(daily: pd.DataFrame, expectation: pd.DataFrame) -> pd.DataFrame:
    """Return a POSTS_BY_DAY table with what was to be expected of each day, where a VOLUME_EXPECTATION tells it by day."""
    if expectation.empty or expectation["days"].iloc[0] > 1:
        return daily
    return daily.merge(expectation[["day", "expected", "expected_low", "expected_high"]], on="day", how="left")


def is_any_read_live(accounts: pd.DataFrame) -> bool:
    """Say whether a live source has read any account of an ACCOUNTS table."""
    return bool(accounts["last_fetch"].notna().any())


def open_incidents(incidents: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of an INCIDENTS table that are still going on, those nobody has explained first."""
    still_open = incidents[incidents["incident_status"] != "closed"]
    order = still_open["incident_status"].map({"new": 0, "acknowledged": 1, "explained": 2})
    return still_open.iloc[order.argsort(kind="stable")]


def newest_only(frame: pd.DataFrame) -> int | None:
    """Return how many of the newest questions a table of words was made of; None where all were counted."""
    newest = frame.attrs.get("newest_only")  # db.frames.NEWEST_ONLY
    return None if newest is None else int(newest)


def is_reached(value: MetricValue) -> bool:
    """Say whether a quantile of the waiting times lies within the observed time."""
    return value.value is not None or value.n == 0


def summed_over_reasons(hidden: pd.DataFrame) -> pd.DataFrame:
    """Return a HIDDEN_REASONS table by interval and class alone."""
    return hidden.groupby(["bucket", "post_class"], as_index=False).agg(
        {"posts": "sum", "collected": "first", "days": "first", "whole": "first"}
    )


def reasons_of_rules(reasons: pd.DataFrame) -> tuple[str, ...]:
    """Return the reasons of a CLASS_REASONS table that say something of a text, those that hide first, most posts first."""
    said = reasons[~reasons["reason"].str.startswith("default.")]
    ordered = said.iloc[(~said["post_class"].isin(HIDDEN_CLASSES)).argsort(kind="stable")]
    return tuple(dict.fromkeys(ordered["reason"]))


def with_posts(rules: pd.DataFrame, reasons: pd.DataFrame) -> pd.DataFrame:
    """Return a FILTER_RULES table with the posts that the reason of each rule judged, from a CLASS_REASONS table."""
    judged = reasons.groupby(["post_class", "reason"])["posts"].sum()
    keys = zip(rules["post_class"], rules["reason"], strict=True)
    counted = rules.drop(columns="rules_version").copy()
    counted.insert(2, "posts_of_reason", [int(judged.get(key, 0)) for key in keys])
    return counted


def by_status(counts: pd.DataFrame) -> dict[str, int]:
    """Return the posts of a REVIEW_COUNTS table by what became of them."""
    return {str(status): int(posts) for status, posts in counts.groupby("review_status")["posts"].sum().items()}


def review_table(reviews: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of a REVIEWS table that speak of the review, and which post it is of."""
    return reviews[
        ["platform", "platform_post_id", "created_at", "created_precision", "post_class", "suspected_class", "rule",
         "review_status", "decided_at", "note", "text", "url"]
    ]  # fmt: skip


def loudest(speakers: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of SPEAKERS of which there is anything to say, in their order."""
    return [
        {str(name): value for name, value in row.items()}
        for row in speakers[speakers["questions"] > 0].to_dict("records")
    ]


def rules_of(rules: pd.DataFrame, *, of_replies: bool) -> pd.DataFrame:
    """Return the rows of FILTER_RULES on citizens' posts, or those that tell the city's replies apart, which have no class."""
    found = rules[rules["reason"].isin(NO_ANSWER) == of_replies].reset_index(drop=True)
    return found.drop(columns="post_class") if of_replies else found


def replies_that_are_no_answers(kinds: pd.DataFrame) -> tuple[int, int]:
    """Return of REPLY_KINDS how many replies are no answers, and how many there are."""
    none = kinds["reason"].isin((*NO_ANSWER, TEMPLATE))
    return int(kinds.loc[none, "replies"].sum()), int(kinds["replies"].sum())
