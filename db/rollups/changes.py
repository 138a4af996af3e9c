"""The one door for changes: what the rows say before and after, and the difference added to every roll-up.

Everything happens in the caller's transaction, so rows and roll-ups are never seen apart.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from db.bulk import add_count_tuples
from db.rollups import histograms, terms
from db.rollups.counts import COUNTS
from db.rollups.facts import NewRows, PostFact, facts_of, facts_of_rows
from db.schema import term_counts
from db.state import raise_load_id


@contextmanager
def changing(connection: Connection, post_ids: Collection[int], new: NewRows | None = None) -> Iterator[None]:
    """Change posts, their questions or their terms inside; afterwards every roll-up and the inverted index are true.

    Parameters
    ----------
    post_ids : the posts whose rows may change, in any way
    new : filled inside with the rows of posts that are added, of which nothing is read; none of them is in ``post_ids``
    """
    before = facts_of(connection, post_ids)
    yield
    after = facts_of(connection, post_ids)
    unchanged = {*before}.intersection(after)
    apply_difference(
        connection,
        [fact for fact in before if fact not in unchanged],
        [*(fact for fact in after if fact not in unchanged), *(facts_of_rows(new) if new else ())],
    )
    raise_load_id(connection)


def apply_difference(connection: Connection, before: list[PostFact], after: list[PostFact]) -> None:
    """Add what distinguishes ``after`` from ``before``, facts of the same posts, to the roll-ups."""
    for rollup in COUNTS:
        cells = rollup.cells(after)
        cells.subtract(rollup.cells(before))
        rollup.add(connection, cells)
    times = histograms.cells(after)
    times.subtract(histograms.cells(before))
    histograms.apply(connection, histograms.keyed(times))
    said_before, said_after = terms.term_facts(before), terms.term_facts(after)
    own = {fact.id for fact in (*before, *after)}
    counts = terms.changed_counts(connection, said_before, said_after, own)
    terms.write_entries(connection, said_before, said_after)
    add_count_tuples(connection, term_counts, terms.COLUMNS, counts, len(terms.MEASURES))
