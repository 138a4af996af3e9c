"""What a post says, as the store finds and counts it: ids of its terms, and the words of the full-text index."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select

from db.bulk import insert_rows
from db.dialects import dialect_of
from db.districts import district_terms
from db.packing import pack_ids
from db.rollups.reading import days_with_posts
from db.rollups.spans import WEEK, start_of
from db.schema import incident_words, post_terms, search_texts, term_groups, terms

TERMS_AT_ONCE = 500


def packed_terms(
    connection: Connection, said: Mapping[int, Sequence[str]], named: Mapping[int, Sequence[str]]
) -> dict[int, bytes]:
    """Return for each post of ``said`` the packed ids of its terms, of the groups these belong to, and of its districts.

    Terms and groups met for the first time are added.

    Parameters
    ----------
    named : codes of the districts a text names, by post; posts that name none may be left out
    """
    groups: dict[str, list[str]] = {}
    for name, term in connection.execute(select(term_groups.c.name, term_groups.c.term)):
        groups.setdefault(term, []).append(name)
    words = {word for post_words in said.values() for word in post_words}
    word_ids = _ids(connection, words, is_group=False)
    group_ids = _ids(connection, {name for word in words & groups.keys() for name in groups[word]}, is_group=True)
    ids_of_word = {word: (word_ids[word], *(group_ids[name] for name in groups.get(word, ()))) for word in words}
    return {
        post_id: pack_ids(
            [*(id_ for word in post_words for id_ in ids_of_word[word]), *district_terms(named.get(post_id, ()))]
        )
        for post_id, post_words in said.items()
    }


def write_words(connection: Connection, tokens: Mapping[int, str], gone: Sequence[int]) -> None:
    """Make the index hold ``tokens`` by timeline id; the entries ``gone`` are taken out before."""
    search = dialect_of(connection).search
    if gone:
        search.remove(connection, gone)
        connection.execute(
            delete(search_texts).where(search_texts.c.timeline_id.in_(bindparam("gone", expanding=True))),
            {"gone": list(gone)},
        )
    rows: list[dict[str, Any]] = [
        {"timeline_id": timeline_id, "tokens": text} for timeline_id, text in sorted(tokens.items())
    ]
    insert_rows(connection, search_texts, rows)
    search.add(connection, rows)


def forget_terms(connection: Connection, term_ids: Iterable[int]) -> None:
    """Delete those of these words that no post holds any more; a name that one author wrote must not outlive the post.

    Words of an incident stay: enough people have said them.
    """
    wanted = sorted(id_ for id_ in term_ids if id_ > 0)
    weeks = _weeks(connection)
    for first in range(0, len(wanted), TERMS_AT_ONCE):
        of_words = wanted[first : first + TERMS_AT_ONCE]
        # The index begins with the week, so each week is named; a word that is used at all is found in one of the first.
        held = select(post_terms.c.post_id).where(
            post_terms.c.week.in_(weeks),
            post_terms.c.term_id == terms.c.id,
        )
        surged = select(incident_words.c.term_id).where(incident_words.c.term_id == terms.c.id)
        connection.execute(delete(terms).where(terms.c.id.in_(of_words), ~held.exists(), ~surged.exists()))


def _weeks(connection: Connection) -> list[dt.date]:
    """Return the Mondays of all weeks that may hold a post."""
    weeks: set[dt.date] = set()
    for synthetic in (False, True):
        first, last = days_with_posts(connection, synthetic) or (None, None)
        if first is not None and last is not None:
            monday = start_of(first, WEEK)
            weeks.update(
                monday + dt.timedelta(days=WEEK * number) for number in range((last - monday).days // WEEK + 1)
            )
    return sorted(weeks)


def _ids(connection: Connection, wanted: Iterable[str], *, is_group: bool) -> dict[str, int]:
    """Return the id of every word or group, adding those that are new; groups count down from -1."""
    names = sorted(wanted)
    if not names:
        return {}
    known_terms = select(terms.c.term, terms.c.id).where(
        terms.c.is_group.is_(is_group), terms.c.term.in_(bindparam("wanted", expanding=True))
    )
    known: dict[str, int] = dict(connection.execute(known_terms, {"wanted": names}).all())
    missing = [name for name in names if name not in known]
    if missing:
        outermost, step = (func.min, -1) if is_group else (func.max, 1)
        last = connection.scalar(select(outermost(terms.c.id)).where(terms.c.is_group.is_(is_group))) or 0
        added = {name: last + step * number for number, name in enumerate(missing, start=1)}
        insert_rows(connection, terms, [{"id": id_, "term": name, "is_group": is_group} for name, id_ in added.items()])
        known.update(added)
    return known
