"""Words by time: the inverted index ``post_terms`` and the roll-up ``term_counts``, both from ``posts.term_ids``.

Questions are summed like any other count. Distinct authors are not a sum: whether an author is new to a term's day or
week depends on that author's other posts, which the inverted index finds by (week, term, author).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    and_,
    bindparam,
    delete,
    func,
    select,
    type_coerce,
)

from db.bulk import insert_tuples
from db.packing import IDS, author_number
from db.rollups.facts import PostFact
from db.rollups.spans import DAY, SPANS, WEEK
from db.schema import Day, post_terms, questions, term_counts

MEASURES = ("questions", "listed", "authors")
COLUMNS = (*(column.name for column in term_counts.primary_key.columns), *MEASURES)
ENTRY = ("week", "term_id", "author", "post_id")
# One row for each of something, int64; days are ordinals in all of these.
Rows = npt.NDArray[np.int64]
_LARGEST = int(np.iinfo(np.int64).max)

# Which authors' weeks a transaction touches. It lives as long as the connection and is empty between transactions.
# PostgreSQL never vacuums a temporary table: rows that were only deleted would make each page dearer than the last.
# It needs no key, because it is read from one end to the other.
_touched = Table(
    "touched_terms",
    MetaData(),
    Column("week", Day, nullable=False),
    Column("term_id", Integer, nullable=False),
    Column("author", BigInteger, nullable=False),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DELETE ROWS",
)


@dataclass(frozen=True, slots=True)
class TermFacts:
    """What posts say, a row for each post and term.

    ``entries`` are rows of the inverted index in the order of ENTRY; ``asked`` are of questions alone: is_synthetic,
    week, term, author, day, is_listed.
    """

    entries: Rows
    asked: Rows


def term_facts(facts: Iterable[PostFact]) -> TermFacts:
    """Return what posts say; those without a term say nothing."""
    columns: list[tuple[Any, ...]] = []
    packed: list[bytes] = []
    for fact in facts:
        if fact.term_ids:
            packed.append(fact.term_ids)
            author = author_number(fact.author_key, fact.id)
            columns.append(
                (fact.is_synthetic, fact.day, author, fact.id, fact.question_id is not None, not fact.is_risk)
            )
    sizes = [len(ids) // IDS.itemsize for ids in packed]
    terms = np.frombuffer(b"".join(packed), dtype=IDS).astype(np.int64)
    of_posts = np.array(columns, dtype=np.int64).reshape(-1, 6)
    kinds, days, authors, posts, is_question, is_listed = np.repeat(of_posts, sizes, axis=0).T
    weeks = days - (days - 1) % WEEK
    asked = np.column_stack([kinds, weeks, terms, authors, days, is_listed])
    return TermFacts(np.column_stack([weeks, terms, authors, posts]), asked[is_question == 1])


def write_entries(connection: Connection, before: TermFacts, after: TermFacts) -> None:
    """Bring the inverted index from ``before`` to ``after``."""
    gone, added = _differences(before.entries, after.entries)
    if len(gone):
        index = post_terms.c
        connection.execute(
            delete(post_terms).where(
                and_(
                    *(
                        type_coerce(column, Integer) == _parameter(column)
                        for column in (index.week, index.term_id, index.author, index.post_id)
                    )
                )
            ),
            [_removed(entry) for entry in gone.tolist()],
        )
    # In the order of the key neighbours land on the same page.
    insert_tuples(connection, post_terms, ENTRY, list(map(tuple, added.tolist())))


def changed_counts(
    connection: Connection, before: TermFacts, after: TermFacts, post_ids: Iterable[int]
) -> list[tuple[Any, ...]]:
    """Return what to add to ``term_counts``, in the order of COLUMNS and of its key.

    Parameters
    ----------
    post_ids : all the posts the two tell of
    """
    asked = np.concatenate([after.asked, before.asked])
    signs = np.repeat([1, -1], [len(after.asked), len(before.asked)])
    # Summed by day first: wider spans then add up days, which are fewer than posts.
    of_days, sums = _sums(asked[:, [0, 4, 2]], np.column_stack([signs, signs * asked[:, 5]]))
    kinds, days, terms = of_days.T
    keys = [np.column_stack([kinds, np.full_like(days, span), days - (days - 1) % span, terms]) for span in SPANS]
    values = [np.column_stack([sums, np.zeros_like(days)])] * len(SPANS)
    for key, change in _changed_authors(connection, before, after, set(post_ids)):
        keys.append(key)
        values.append(change)
    summed, counts = _sums(np.concatenate(keys), np.concatenate(values))
    is_changed = counts.any(axis=1)
    kinds, *others = summed[is_changed].T
    return list(
        zip(kinds.astype(bool).tolist(), *(part.tolist() for part in (*others, *counts[is_changed].T)), strict=True)
    )


def _changed_authors(
    connection: Connection, before: TermFacts, after: TermFacts, own: set[int]
) -> list[tuple[Rows, Rows]]:
    """Return by how many the distinct authors of days and weeks change: keys and values of ``term_counts``."""
    said_before, said_after = (_distinct(facts.asked[facts.asked[:, 5] == 1, :5]) for facts in (before, after))
    gone, new = _differences(said_before, said_after)
    others = _said_by_others(connection, np.concatenate([gone, new]), own)
    changes = []
    for rows, sign in ((_without(new, others), 1), (_without(gone, others), -1)):
        changes.append(_authors(rows[:, 0], DAY, rows[:, 4], rows[:, 2], sign))
    gone, new = _differences(_distinct(said_before[:, :4]), _distinct(said_after[:, :4]))
    weeks_of_others = _distinct(others[:, :4])
    for rows, sign in ((_without(new, weeks_of_others), 1), (_without(gone, weeks_of_others), -1)):
        changes.append(_authors(rows[:, 0], WEEK, rows[:, 1], rows[:, 2], sign))
    return changes


def _authors(kinds: Rows, span: int, starts: Rows, terms: Rows, sign: int) -> tuple[Rows, Rows]:
    """Return keys and values of ``term_counts`` that add or take one author each."""
    nothing = np.zeros_like(terms)
    keys = np.column_stack([kinds, np.full_like(terms, span), starts, terms])
    return keys, np.column_stack([nothing, nothing, np.full_like(terms, sign)])


def _said_by_others(connection: Connection, touched: Rows, own: set[int]) -> Rows:
    """Return what the same authors said with the same terms in the same weeks, in posts that did not change.

    The columns are those of ``touched``: is_synthetic, week, term, author, day; no row is there twice.
    """
    # A number below zero stands for the unknown author of one post, which is among our own.
    asked_for = _distinct(touched[touched[:, 3] >= 0, 1:4])
    if not len(asked_for):
        return np.empty((0, 5), dtype=np.int64)
    _touched.create(connection, checkfirst=True)
    connection.execute(delete(_touched))
    insert_tuples(connection, _touched, ENTRY[:3], list(map(tuple, asked_for.tolist())))
    index = post_terms.c
    rows = connection.execute(
        select(
            questions.c.is_synthetic,
            type_coerce(index.week, Integer),
            index.term_id,
            index.author,
            questions.c.asked_day,
            index.post_id,
        )
        # Outer joins are done in this order on every engine; SQLite, left to choose, reads the whole inverted index.
        .select_from(_touched)
        .outerjoin(
            post_terms,
            and_(index.week == _touched.c.week, index.term_id == _touched.c.term_id, index.author == _touched.c.author),
        )
        .outerjoin(questions, questions.c.post_id == index.post_id)
        .where(func.coalesce(questions.c.is_risk, True).is_(False))
    ).all()
    said = [
        (is_synthetic, week, term, author, day.toordinal())
        for is_synthetic, week, term, author, day, post_id in rows
        if post_id not in own
    ]
    return _distinct(np.array(said, dtype=np.int64).reshape(-1, 5))


def _sums(keys: Rows, values: Rows) -> tuple[Rows, Rows]:
    """Return each different row of ``keys`` once, ascending, and the sums of its rows of ``values``."""
    if not len(keys):
        return keys, values
    codes = _codes(keys)
    # Sums do not ask for a stable order, and numpy sorts one column several times faster without it.
    order = np.lexsort(codes[::-1]) if len(codes) > 1 else np.argsort(codes[0])
    is_first = np.ones(len(keys), dtype=bool)
    is_first[1:] = np.any([code[order[1:]] != code[order[:-1]] for code in codes], axis=0)
    return keys[order[is_first]], np.add.reduceat(values[order], np.flatnonzero(is_first))


def _codes(rows: Rows) -> list[Rows]:
    """Return numbers that sort like ``rows``, in as few columns as they fit into: sorting costs by the column."""
    codes: list[Rows] = []
    room = 0
    for column in rows.T:
        low = int(column.min())
        width = int(column.max()) - low + 1
        if width <= room:
            codes[-1] = codes[-1] * width + (column - low)
            room //= width
        else:
            codes.append(column - low)
            room = _LARGEST // width
    return codes


def _distinct(rows: Rows) -> Rows:
    return _sums(rows, rows[:, :0])[0]


def _differences(before: Rows, after: Rows) -> tuple[Rows, Rows]:
    """Return the rows that only ``before`` has and those that only ``after`` has, ascending; neither repeats one."""
    signs = np.concatenate([np.full(len(before), -1), np.full(len(after), 1)])
    rows, kept = _sums(np.concatenate([before, after]), signs)
    return rows[kept < 0], rows[kept > 0]


def _without(rows: Rows, others: Rows) -> Rows:
    """Return those of ``rows`` that ``others`` has not; neither repeats one."""
    return _differences(others, rows)[1]


def _removed(entry: list[int]) -> dict[str, int]:
    return {f"gone_{name}": value for name, value in zip(ENTRY, entry, strict=True)}


def _parameter(column: Column[Any]) -> Any:
    # A day goes in as the number it is; an author's number needs all its bytes on PostgreSQL.
    return bindparam(f"gone_{column.name}", type_=BigInteger())
