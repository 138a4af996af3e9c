"""Full-text search over morphemes and surface words: what a reader types, the list, the counts, the marks.

A query costs what its first page costs, however many posts match: lists are read newest first from the index
and stop, counts and rankings are bounded and say where they were cut.
"""

from db.search.counting import SearchCounts, search_counts
from db.search.details import answers_of, attachments_of
from db.search.highlighting import highlights
from db.search.language import ParsedQuery, QueryProblem, parse_query
from db.search.listing import SearchPage, search

__all__ = [
    "ParsedQuery",
    "QueryProblem",
    "SearchCounts",
    "SearchPage",
    "answers_of",
    "attachments_of",
    "highlights",
    "parse_query",
    "search",
    "search_counts",
]
