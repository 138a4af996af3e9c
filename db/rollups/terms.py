"""Words by time: the inverted index ``post_terms`` and the roll-up ``term_counts``, both from ``posts.term_ids``.

Questions are summed like any other count. Distinct authors are not a sum: whether an author is new to a term's day or
week depends on that author's other posts, which the inverted index finds by (week, term, author).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

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
from db.packing import author_number, unpack_ids
from db.rollups.facts import PostFact
from db.rollups.spans import DAY, SPANS, WEEK
from db.schema import Day, post_terms, questions, term_counts

MEASURES = ("questions", "listed", "authors")
COLUMNS = (*(column.name for column in term_counts.primary_key.columns), *MEASURES)
ENTRY = ("week", "term_id", "author", "post_id")
# Days are ordinals in all of these.
Key = tuple[bool, int, int, int]  # is_synthetic, span, start, term
Entry = tuple[int, int, int, int]  # ENTRY
Said = tuple[bool, int, int, int, int]  # is_synthetic, week, term, author, day

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


class TermFacts:
    """What posts say: entries of the inverted index, questions by day and term, and who said it when."""

    def __init__(self, facts: Iterable[PostFact]) -> None:
        self.entries: set[Entry] = set()
        self.cells: Counter[tuple[bool, int, int, bool]] = Counter()
        self.said: set[Said] = set()
        for fact in facts:
            if not fact.term_ids:
                continue
            day = fact.day
            week = day - (day - 1) % WEEK
            author = author_number(fact.author_key, fact.id)
            ids = unpack_ids(fact.term_ids)
            self.entries.update((week, term, author, fact.id) for term in ids)
            if fact.question_id is None:
                continue
            is_listed = not fact.is_risk
            self.cells.update((fact.is_synthetic, day, term, is_listed) for term in ids)
            if is_listed:
                self.said.update((fact.is_synthetic, week, term, author, day) for term in ids)


def write_entries(connection: Connection, before: TermFacts, after: TermFacts) -> None:
    """Bring the inverted index from ``before`` to ``after``."""
    gone = before.entries - after.entries
    if gone:
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
            [_removed(entry) for entry in sorted(gone)],
        )
    # In the order of the key neighbours land on the same page.
    insert_tuples(connection, post_terms, ENTRY, sorted(after.entries - before.entries))


def changed_counts(
    connection: Connection, before: TermFacts, after: TermFacts, post_ids: Iterable[int]
) -> dict[Key, list[int]]:
    """Return what to add to ``term_counts``, where ``post_ids`` are all the posts the two tell of."""
    sums: dict[Key, list[int]] = {}
    cells = Counter(after.cells)
    cells.subtract(before.cells)
    for (is_synthetic, day, term, is_listed), count in cells.items():
        if count:
            for span in SPANS:
                key = (is_synthetic, span, day - (day - 1) % span, term)
                known = sums.get(key)
                if known is None:
                    known = sums[key] = [0, 0, 0]
                known[0] += count
                known[1] += count * is_listed
    for key, authors in _changed_authors(connection, before.said, after.said, set(post_ids)).items():
        sums.setdefault(key, [0, 0, 0])[2] += authors
    return {key: values for key, values in sums.items() if any(values)}


def _changed_authors(connection: Connection, before: set[Said], after: set[Said], own: set[int]) -> Counter[Key]:
    """Return by how many the distinct authors of each day and week change."""
    others = _said_by_others(connection, before ^ after, own)
    changes: Counter[Key] = Counter()
    for said, sign in ((after - before, 1), (before - after, -1)):
        new = Counter((kind, DAY, day, term) for kind, _, term, _, day in said - others)
        for key, authors in new.items():
            changes[key] += sign * authors
    weeks_before, weeks_after, weeks_of_others = ({each[:4] for each in said} for said in (before, after, others))
    for weeks, sign in ((weeks_after - weeks_before, 1), (weeks_before - weeks_after, -1)):
        new = Counter((kind, WEEK, week, term) for kind, week, term, _ in weeks - weeks_of_others)
        for key, authors in new.items():
            changes[key] += sign * authors
    return changes


def _said_by_others(connection: Connection, touched: set[Said], own: set[int]) -> set[Said]:
    """Return what the same authors said with the same terms in the same weeks, in posts that did not change."""
    if not touched:
        return set()
    _touched.create(connection, checkfirst=True)
    connection.execute(delete(_touched))
    insert_tuples(connection, _touched, ENTRY[:3], sorted({said[1:4] for said in touched}))
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
    )
    return {
        (is_synthetic, week, term, author, day.toordinal())
        for is_synthetic, week, term, author, day, post_id in rows
        if post_id not in own
    }


def count_rows(keyed: Mapping[Key, list[int]]) -> list[tuple[int, ...]]:
    """Return rows of ``term_counts``, in the order of COLUMNS."""
    return [(*key, *values) for key, values in sorted(keyed.items())]


def _removed(entry: Entry) -> dict[str, int]:
    return {f"gone_{name}": value for name, value in zip(ENTRY, entry, strict=True)}


def _parameter(column: Column[Any]) -> Any:
    # A day goes in as the number it is; an author's number needs all its bytes on PostgreSQL.
    return bindparam(f"gone_{column.name}", type_=BigInteger())
