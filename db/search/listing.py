"""The list of posts that match, newest or best first, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection

from db.dialects import dialect_of
from db.dialects.base import NO_WORDS, SearchQuery
from db.frames import SEARCH_RESULTS
from db.records import BEST, NEWEST, SearchRequest
from db.search.candidates import LARGEST_BATCH
from db.search.details import results_of
from db.search.examining import Fact, examine
from db.search.language import QueryProblem, parse_query
from db.search.wanted import Wanted, make_out
from db.snapshot import Reader

MAX_EXAMINED = 10_000  # candidates of one page, where a filter turns most of them away
MAX_RANKED = 3_000  # ranking reads every match, so it is done among the newest of them


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Some results, and where the next ones begin.

    ``next_before`` goes into the next SearchRequest, None at the end. ``is_cut`` says that a bound on the work was
    reached before the page was full, or before all that should be ranked was seen; ``next_before`` goes on from there.
    ``sort`` is the order that was used: without words there is nothing to rank. ``ranked`` is among how many of the
    newest matches the best were looked for, ``is_ranked_capped`` whether there are older ones. ``examined`` counts the
    candidates that were looked at. With ``problems`` nothing was searched.
    """

    results: pd.DataFrame
    next_before: int | None = None
    is_cut: bool = False
    sort: str = NEWEST
    ranked: int = 0
    is_ranked_capped: bool = False
    examined: int = 0
    query: SearchQuery = NO_WORDS
    problems: tuple[QueryProblem, ...] = ()


def search(reader: Reader, request: SearchRequest) -> SearchPage:
    """Return citizens' posts that match. Columns SEARCH_RESULTS.

    Without a query all posts of the filter are listed. ``request.term`` asks for one term or term group
    exactly, as the trend counts it. Risk posts and removed ones are never listed. A text is None where its platform
    does not allow it to be shown; ``export_text`` where it may not leave in a download.
    """
    parsed = parse_query(request.query)
    with reader.connect() as connection:
        wanted, problems = make_out(connection, request, parsed)
        if problems:
            return SearchPage(SEARCH_RESULTS.frame(), query=parsed.text, problems=problems)
        if request.sort == BEST and wanted.text.wanted:
            return _best(connection, request, wanted)
        return _newest(connection, request, wanted)


def _newest(connection: Connection, request: SearchRequest, wanted: Wanted) -> SearchPage:
    # One more than is shown tells whether there are more.
    enough = request.limit + 1
    # Few posts have a reason, and nearly all that have it are listed: to look for more of them reads past many others.
    first = enough if wanted.reasons is not None else None
    seen = examine(connection, wanted, enough=enough, most=MAX_EXAMINED, before=request.before, first=first)
    shown = seen.found[: request.limit]
    next_before = None
    if len(seen.found) > request.limit:
        next_before = shown[-1].timeline_id
    elif seen.is_cut:
        next_before = seen.examined_to
    return SearchPage(
        results_of(connection, _ids(shown)), next_before, seen.is_cut, NEWEST, examined=seen.examined, query=wanted.text
    )


def _best(connection: Connection, request: SearchRequest, wanted: Wanted) -> SearchPage:
    """Return a page of the ranking; ``before`` counts those shown already."""
    seen = examine(connection, wanted, enough=MAX_RANKED + 1, most=MAX_EXAMINED, first=LARGEST_BATCH)
    newest = seen.found[:MAX_RANKED]
    ranks = dialect_of(connection).search.ranks(connection, wanted.text, [fact.timeline_id for fact in newest])
    ranked = sorted(newest, key=lambda fact: (-ranks.get(fact.timeline_id, 0.0), -fact.timeline_id))
    begin = request.before or 0
    shown = ranked[begin : begin + request.limit]
    end = begin + request.limit
    return SearchPage(
        results_of(connection, _ids(shown)),
        end if end < len(ranked) else None,
        seen.is_cut,
        BEST,
        ranked=len(ranked),
        is_ranked_capped=len(seen.found) > len(newest) or seen.is_cut,
        examined=seen.examined,
        query=wanted.text,
    )


def _ids(facts: list[Fact]) -> list[int]:
    return [fact.post_id for fact in facts]
