"""The questions in SQL over the raw rows: one text for SQLite, Datasette, PostgreSQL and DuckDB, but for search.

``answer`` puts the rows of a question's statements into the form all answers are compared in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from db.records import AGE_BANDS
from db.rollups.spans import SHORT_SPANS, WEEK, cover
from tests.benchmarks import invented, questions
from tests.benchmarks.invented import QUESTION, term_id
from tests.benchmarks.questions import Rows, days, word

Execute = Callable[[str], Sequence[Sequence[Any]]]
HIDDEN = ", ".join(str(invented.CLASSES.index(name)) for name in ("ad", "spam", "political"))
ASKED = f"post_class = {QUESTION}"
DAY_S, HOUR_S = 86_400, 3600
COLUMNS = "id, created_s, platform, department, text"


def _between(period: tuple[Any, Any], column: str = "day") -> str:
    low, high = days(period)
    return f"{column} BETWEEN {low} AND {high}"


def _departments(period: tuple[Any, Any] | None) -> str:
    inside = f" AND {_between(period)}" if period else ""
    by_source = ", ".join(f"sum(CASE WHEN source = {number} THEN 1 ELSE 0 END)" for number in range(3))
    return (
        f"SELECT department, count(*), count(answered_s), {by_source} FROM posts_raw WHERE {ASKED}{inside} "
        "GROUP BY department"
    )


def _posted(period: tuple[Any, Any] | None) -> str:
    inside = f" WHERE {_between(period)}" if period else ""
    return (
        f"SELECT day, count(*), sum(CASE WHEN {ASKED} THEN 1 ELSE 0 END), "
        f"sum(CASE WHEN post_class IN ({HIDDEN}) THEN 1 ELSE 0 END) FROM posts_raw{inside} GROUP BY day"
    )


def _answered(period: tuple[Any, Any] | None) -> str:
    inside = _between(period, "answer_day") if period else "answer_day IS NOT NULL"
    return f"SELECT answer_day, count(*) FROM posts_raw WHERE {inside} GROUP BY answer_day"


_THREE = ", ".join(map(str, questions.THREE_DEPARTMENTS))
_TREND = ", ".join(str(term_id(number)) for number in invented.TREND_WORDS)
_MONTH = _between(questions.MONTH)
# The pages tell the authors of the one whole week, or of the one day beside the whole weeks, that has most.
_WEEKS = next(stretch for stretch in cover(*questions.MONTH, SHORT_SPANS) if stretch.span == WEEK)
WHOLE_WEEKS = _WEEKS.first.toordinal(), _WEEKS.last.toordinal() + 6
_SPAN = "CASE WHEN day BETWEEN {} AND {} THEN day - (day - 1) % 7 ELSE day END".format(*WHOLE_WEEKS)
_LAST = days(questions.ALL)[1]
# What is asked on the last day itself is 0 days old.
_BAND = "CASE {} ELSE '{}' END".format(
    " ".join(f"WHEN day > {_LAST - upper} THEN '{name}'" for name, _, upper in AGE_BANDS if upper is not None),
    AGE_BANDS[-1][0],
)


def _waiting(period: tuple[Any, Any], *cell: str) -> str:
    """Return Kaplan-Meier of each cell: those who still wait leave at the cut-off; at one moment answers come before leaving."""
    names = "".join(f"{name}, " for name in cell)
    partition = f"PARTITION BY {', '.join(cell)}" if cell else ""
    # The index of weeks helps where weeks are asked for.
    weeks = f"week BETWEEN {days(period)[0] - 6} AND {days(period)[1]} AND " if "week" in cell else ""
    return f"""
WITH waits AS (
    SELECT {names}coalesce(answered_s, {{as_of}} - created_s) AS wait_s,
           CASE WHEN answered_s IS NULL THEN 1 ELSE 0 END AS is_open
    FROM posts_raw
    WHERE {ASKED} AND {weeks}{_between(period)}
), ranked AS (
    SELECT {names}wait_s, is_open, count(*) OVER cell AS n,
           row_number() OVER ({partition} ORDER BY wait_s, is_open) AS place
    FROM waits WINDOW cell AS ({partition})
), curve AS (
    SELECT {names}wait_s, is_open, n,
           sum(CASE WHEN is_open = 1 THEN 0 WHEN place = n THEN -1e9 ELSE ln(1 - 1.0 / (n - place + 1)) END)
               OVER ({partition} ORDER BY place) AS log_open
    FROM ranked
)
SELECT {names}max(n), sum(1 - is_open),
       CASE WHEN max(wait_s) >= {DAY_S} OR max(is_open) = 0
            THEN 1 - exp(coalesce(min(CASE WHEN wait_s <= {DAY_S} THEN log_open END), 0)) END,
       min(CASE WHEN is_open = 0 AND log_open <= {{half}} THEN wait_s END) / {HOUR_S}.0,
       min(CASE WHEN is_open = 0 AND log_open <= {{tenth}} THEN wait_s END) / {HOUR_S}.0
FROM curve {f"GROUP BY {', '.join(cell)}" if cell else ""}"""


OLD_DAYS = 7
# A share of exactly a half is reached, whatever the last digit of its logarithm.
_ROUNDING = 1e-9
_LOG_HALF, _LOG_TENTH = -0.6931471805599453, -2.302585092994046


def statements(question: str, engine: str, as_of_s: int) -> tuple[str, ...]:
    """Return the statements of a question for ``sqlite``, ``postgresql`` or ``duckdb``."""
    if question in _SEARCHES:
        return _SEARCHES[question](engine)
    if question == "ages" and engine == "sqlite":  # its planner takes a worse one over many rows
        return tuple(
            statement.replace("FROM posts_raw ", "FROM posts_raw INDEXED BY open_questions ")
            for statement in _COUNTS[question]
        )
    return tuple(
        statement.format(as_of=as_of_s, half=_LOG_HALF + _ROUNDING, tenth=_LOG_TENTH + _ROUNDING)
        if question in questions.OF_TIMES
        else statement
        for statement in _COUNTS[question]
    )


_COUNTS = {
    "departments_quarter": (_departments(questions.QUARTER),),
    "departments_all": (_departments(None),),
    "days_quarter": (_posted(questions.QUARTER), _answered(questions.QUARTER)),
    "days_all": (_posted(None), _answered(None)),
    "days_of_three": (
        "SELECT day, sum(questions) FROM (SELECT department, day, count(*) AS questions FROM posts_raw "
        f"WHERE {ASKED} AND department IN ({_THREE}) GROUP BY department, day) AS daily GROUP BY day",
        "SELECT answer_day, sum(answers) FROM (SELECT department, answer_day, count(*) AS answers FROM posts_raw "
        f"WHERE department IN ({_THREE}) AND answer_day IS NOT NULL GROUP BY department, answer_day) AS daily "
        "GROUP BY answer_day",
    ),
    "platforms": ("SELECT week, platform, count(*) FROM posts_raw GROUP BY week, platform",),
    "classes": ("SELECT post_class, count(*) FROM posts_raw GROUP BY post_class",),
    "accounts": ("SELECT account, count(*) FROM posts_raw GROUP BY account",),
    "top_terms": (
        f"WITH counted AS (SELECT term, count(*) AS questions FROM post_words_raw WHERE {_MONTH} "
        f"GROUP BY term ORDER BY questions DESC, term LIMIT {questions.TOP}) "
        "SELECT term, questions, (SELECT max(authors) FROM (SELECT count(DISTINCT author) AS authors FROM post_words_raw AS said "
        f"WHERE said.term = counted.term AND {_MONTH} GROUP BY {_SPAN}) AS spans) FROM counted",
    ),
    "trend": (
        "SELECT day - (day - 1) % 7, term, sum(questions) FROM (SELECT term, day, count(*) AS questions "
        f"FROM post_words_raw WHERE term IN ({_TREND}) GROUP BY term, day) AS daily GROUP BY day - (day - 1) % 7, term",
        f"SELECT week, count(*) FROM posts_raw WHERE {ASKED} GROUP BY week",
    ),
    "percentiles": (_waiting(questions.YEAR, "week", "department"),),
    "response": (
        _waiting(questions.ALL),
        f"SELECT coalesce(sum(CASE WHEN day <= {_LAST - OLD_DAYS} THEN 1 ELSE 0 END), 0), count(*) FROM posts_raw "
        f"WHERE {ASKED} AND answered_s IS NULL",
    ),
    "ages": (
        f"SELECT {_BAND}, department, sum(questions) FROM (SELECT department, day, count(*) AS questions FROM posts_raw "
        f"WHERE {ASKED} AND answered_s IS NULL GROUP BY department, day) AS daily GROUP BY {_BAND}, department",
    ),
    "newest": (f"SELECT {COLUMNS} FROM posts_raw ORDER BY id DESC LIMIT {questions.NEWEST}",),
}


def _matching(engine: str, *words: int) -> str:
    """Return the condition that a post holds all words."""
    if engine == "sqlite":
        return "posts_fts MATCH '{}'".format(" AND ".join(f'"{word(number)}"' for number in words))
    if engine == "postgresql":
        return "tokens @@ to_tsquery('simple', '{}')".format(" & ".join(word(number) for number in words))
    return " AND ".join(f"contains(' ' || text || ' ', ' {word(number)} ')" for number in words)


def _newest(engine: str, *words: int) -> str:
    matching = _matching(engine, *words)
    if engine == "sqlite":
        found = f"SELECT rowid FROM posts_fts WHERE {matching} ORDER BY rowid DESC LIMIT {questions.PAGE}"
        return f"SELECT {COLUMNS} FROM posts_raw WHERE id IN ({found}) ORDER BY id DESC"
    return f"SELECT {COLUMNS} FROM posts_raw WHERE {matching} ORDER BY id DESC LIMIT {questions.PAGE}"


def _count(engine: str, *words: int) -> str:
    table = "posts_fts" if engine == "sqlite" else "posts_raw"
    return f"SELECT count(*) FROM {table} WHERE {_matching(engine, *words)}"


def _best(engine: str) -> tuple[str, ...]:
    matching = _matching(engine, invented.COMMON_WORD)
    if engine == "sqlite":
        found = f"SELECT rowid FROM posts_fts WHERE {matching} ORDER BY rank LIMIT {questions.PAGE}"
        return (f"SELECT {COLUMNS} FROM posts_raw WHERE id IN ({found})",)
    if engine == "postgresql":
        rank = f"ts_rank(tokens, to_tsquery('simple', '{word(invented.COMMON_WORD)}'))"
        return (f"SELECT {COLUMNS} FROM posts_raw WHERE {matching} ORDER BY {rank} DESC LIMIT {questions.PAGE}",)
    return ()


_SEARCHES: dict[str, Callable[[str], tuple[str, ...]]] = {
    "search_mid": lambda engine: (_newest(engine, invented.MID_WORD),),
    "search_rare": lambda engine: (_newest(engine, invented.RARE_WORD),),
    "search_two": lambda engine: (
        _newest(engine, invented.MID_WORD, invented.SECOND_WORD),
        _count(engine, invented.MID_WORD, invented.SECOND_WORD),
    ),
    "search_best": _best,
}


def answer(question: str, results: Sequence[Sequence[Sequence[Any]]]) -> Rows:
    """Return the answer made of the rows of each of the question's statements."""
    if question in ("days_quarter", "days_all", "days_of_three"):
        return by_day(question, *results)
    if question == "trend":
        totals = dict(map(tuple, results[1]))
        return [[week, term, int(count), totals[week]] for week, term, count in results[0]]
    if question == "percentiles":
        return [[*row[:2], int(row[2]), int(row[3]), *(_float(value) for value in row[4:])] for row in results[0]]
    if question == "response":
        (asked, answered, *times), open_ones = results[0][0], results[1][0]
        return [["times", int(asked), int(answered), *map(_float, times)], ["open", *map(int, open_ones)]]
    if question == "search_two":
        return [*([row[0]] for row in results[0]), ["count", results[1][0][0]]]
    if question.startswith("search") or question == "newest":
        return [[row[0]] for row in results[0]]
    return [[value if isinstance(value, str) else int(value) for value in row] for row in results[0]]


def by_day(question: str, posted: Sequence[Sequence[Any]], answered: Sequence[Sequence[Any]]) -> Rows:
    """Return (day, posts, questions, hidden, answers) of the days on which there was anything, within the period."""
    low, high = days(questions.QUARTER if question == "days_quarter" else questions.ALL)
    found: dict[int, list[int]] = {}
    for day, *counts in posted:
        # Of a department there are questions only.
        found[day] = [day, *(int(count) for count in (counts if len(counts) == 3 else (counts[0], counts[0], 0))), 0]
    for day, count in answered:
        found.setdefault(day, [day, 0, 0, 0, 0])[-1] = int(count)
    return [row for day, row in found.items() if low <= day <= high]


def _float(value: Any) -> float | None:
    return None if value is None else float(value)
