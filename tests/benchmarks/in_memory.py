"""The questions in pandas, everything read from Parquet into memory once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from db.records import AGE_BANDS
from tests.benchmarks import invented, questions, statements
from tests.benchmarks.invented import QUESTION, term_id
from tests.benchmarks.questions import Rows, days, word

HIDDEN = [invented.CLASSES.index(name) for name in ("ad", "spam", "political")]


class Frames:
    """All posts and all words of questions; ``address`` is the file of posts, the words' lies beside it."""

    def __init__(self, address: Path, as_of_s: int) -> None:
        self.posts = pq.read_table(address).to_pandas()
        self.words = pq.read_table(address.with_name(address.name.replace("posts", "words", 1))).to_pandas()
        self.as_of_s = as_of_s
        self.questions = self.posts[self.posts["post_class"] == QUESTION].drop(columns="text")

    def run(self, question: str) -> Callable[[], Rows] | None:
        """Answer a question; None where pandas has no answer."""
        answer: Callable[[Frames], Any] | None = _ANSWERS.get(question)
        if answer is None:
            return None
        rows = answer(self)
        return lambda: _listed(rows)


def _listed(rows: Any) -> Rows:
    if not isinstance(rows, pd.DataFrame):
        return [list(row) for row in rows]
    found = rows.astype(object)
    listed: Rows = found.where(found.notna(), None).values.tolist()
    return listed


def _within(frame: pd.DataFrame, period: tuple[Any, Any], column: str = "day") -> pd.DataFrame:
    low, high = days(period)
    return frame[(frame[column] >= low) & (frame[column] <= high)]


def _departments(asked: pd.DataFrame) -> pd.DataFrame:
    sources = {f"source_{number}": asked["source"] == number for number in range(3)}
    grouped = asked.assign(**sources).groupby("department")
    counted = grouped.agg(questions=("id", "size"), answered=("answered_s", "count"))
    return counted.join(grouped[list(sources)].sum()).reset_index()


def _days(question: str, posts: pd.DataFrame, answered: pd.DataFrame) -> Rows:
    flags = pd.DataFrame({
        "day": posts["day"], "questions": posts["post_class"] == QUESTION, "hidden": posts["post_class"].isin(HIDDEN)
    })  # fmt: skip
    grouped = flags.groupby("day")
    posted = grouped.size().to_frame("posts").join(grouped.sum()).reset_index()
    answers = answered.groupby("answer_day").size()
    return statements.by_day(
        question, posted.values.tolist(), list(zip(answers.index.astype(int).tolist(), answers.tolist(), strict=True))
    )


def _three(held: Frames) -> Rows:
    asked = held.questions[held.questions["department"].isin(questions.THREE_DEPARTMENTS)]
    return _days("days_of_three", asked, asked[asked["answer_day"].notna()])


def _top_terms(held: Frames) -> pd.DataFrame:
    words = _within(held.words, questions.MONTH)
    counts = words.groupby("term").size().rename("questions").reset_index()
    top = counts.sort_values(["questions", "term"], ascending=[False, True]).head(questions.TOP)
    said = words[words["term"].isin(top["term"])]
    low, high = statements.WHOLE_WEEKS
    is_whole = (said["day"] >= low) & (said["day"] <= high)
    said = said.assign(span=np.where(is_whole, said["day"] - (said["day"] - 1) % 7, said["day"]))
    authors = said.groupby(["term", "span"])["author"].nunique().groupby("term").max()
    return top.merge(authors, on="term")


def _trend(held: Frames) -> pd.DataFrame:
    words = held.words[held.words["term"].isin([term_id(number) for number in invented.TREND_WORDS])]
    counted = words.assign(week=words["day"] - (words["day"] - 1) % 7).groupby(["week", "term"]).size()
    totals = held.questions.groupby("week").size().rename("total")
    return counted.rename("questions").reset_index().merge(totals, on="week")


def _percentiles(held: Frames) -> pd.DataFrame:
    return _waiting(_within(held.questions, questions.YEAR), held.as_of_s, ["week", "department"]).reset_index()


def _response(held: Frames) -> Rows:
    times = _waiting(held.questions.assign(all=0), held.as_of_s, ["all"])
    asked, answered, *found = times.astype(object).where(times.notna(), None).iloc[0].tolist()
    still = held.questions.loc[held.questions["answered_s"].isna(), "day"]
    old = int((days(questions.ALL)[1] - still >= statements.OLD_DAYS).sum())
    return [["times", asked, answered, *found], ["open", old, len(still)]]


def _waiting(asked: pd.DataFrame, as_of_s: int, cell: list[str]) -> pd.DataFrame:
    """Return Kaplan-Meier of each cell: how many, how many answered, the share within a day, p50 and p90."""
    waits = (
        asked[cell]
        .assign(
            wait_s=asked["answered_s"].fillna(as_of_s - asked["created_s"]).astype(np.int64),
            is_open=asked["answered_s"].isna(),
        )
        .sort_values([*cell, "wait_s", "is_open"], ignore_index=True)
    )
    cells = waits.groupby(cell)
    at_risk = cells["wait_s"].transform("size") - cells.cumcount()
    with np.errstate(divide="ignore"):
        waits["step"] = np.where(waits["is_open"], 0.0, np.log1p(-1 / at_risk))
    waits["open_share"] = np.exp(waits.groupby(cell)["step"].cumsum())
    found = cells.agg(n=("wait_s", "size"), waiting=("is_open", "sum"), longest=("wait_s", "max"))
    found["answered"] = found["n"] - found.pop("waiting")
    early = waits[waits["wait_s"] <= statements.DAY_S].groupby(cell)["open_share"].min()
    longest = found.pop("longest")
    share = 1 - early.reindex(found.index).fillna(1.0)
    found["share"] = share.where((longest >= statements.DAY_S) | (found["answered"] == found["n"]))
    for name, part in (("p50", 0.5), ("p90", 0.1)):
        reached = waits[~waits["is_open"] & (waits["open_share"] <= part + 1e-9)]
        found[name] = reached.groupby(cell)["wait_s"].min() / statements.HOUR_S
    return found


def _ages(held: Frames) -> pd.DataFrame:
    still = held.questions[held.questions["answered_s"].isna()]
    age = days(questions.ALL)[1] - still["day"]
    edges = [-1, *(upper - 1 for _, _, upper in AGE_BANDS if upper is not None), np.inf]
    band = pd.cut(age, edges, labels=[name for name, _, _ in AGE_BANDS]).astype(object)
    return still.groupby([band, still["department"]]).size().reset_index()


def _holding(held: Frames, *words: int) -> pd.DataFrame:
    text = " " + held.posts["text"] + " "
    holds = np.logical_and.reduce([text.str.contains(f" {word(number)} ", regex=False) for number in words])
    return held.posts[holds]


def _newest(posts: pd.DataFrame, limit: int = questions.PAGE) -> list[tuple[int]]:
    return [(int(number),) for number in posts.tail(limit)["id"]]  # rows lie in order of time


def _two(held: Frames) -> list[tuple[Any, ...]]:
    found = _holding(held, invented.MID_WORD, invented.SECOND_WORD)
    return [*_newest(found), ("count", len(found))]


_ANSWERS: dict[str, Callable[[Frames], Any]] = {
    "departments_quarter": lambda held: _departments(_within(held.questions, questions.QUARTER)),
    "departments_all": lambda held: _departments(held.questions),
    "days_quarter": lambda held: _days(
        "days_quarter",
        _within(held.posts, questions.QUARTER),
        _within(held.questions, questions.QUARTER, "answer_day"),
    ),
    "days_all": lambda held: _days("days_all", held.posts, held.questions[held.questions["answer_day"].notna()]),
    "days_of_three": _three,
    "platforms": lambda held: held.posts.groupby(["week", "platform"]).size().reset_index(),
    "classes": lambda held: held.posts.groupby("post_class").size().reset_index(),
    "accounts": lambda held: held.posts.groupby("account").size().reset_index(),
    "top_terms": _top_terms,
    "trend": _trend,
    "percentiles": _percentiles,
    "response": _response,
    "ages": _ages,
    "search_mid": lambda held: _newest(_holding(held, invented.MID_WORD)),
    "search_rare": lambda held: _newest(_holding(held, invented.RARE_WORD)),
    "search_two": _two,
    "newest": lambda held: _newest(held.posts, questions.NEWEST),
}
