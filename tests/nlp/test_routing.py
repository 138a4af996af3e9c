"""ROUTES: who must answer."""

from __future__ import annotations

import pytest

from nlp.dictionary import canonical_forms, stop_words
from nlp.routing import DEPARTMENTS, ROUTES, route

CODES = (
    "housing transport bus subway waterworks roads parks environment cleaning safety health mental_health welfare"
    " women_family culture economy bike parking education youth taxi tourism dasan tax"
)


def test_the_departments_are_those_of_the_registry():
    assert sorted(DEPARTMENTS) == sorted(CODES.split())


def test_every_term_is_canonical_and_routed_once():
    terms = [row.term for row in ROUTES]
    assert len(terms) == len(set(terms))
    assert {row.weight for row in ROUTES} == {1, 2, 3}
    for term in terms:
        assert canonical_forms().get(term, term) == term
        assert term not in stop_words()


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ((), None),
        (("하늘", "바람"), None),
        (("따릉이",), ("bike", "bike.따릉이")),
        (("아리수", "녹물", "지하철"), ("waterworks", "waterworks.아리수")),
        (("도로", "포트홀"), ("roads", "roads.포트홀")),
        (("엘리베이터", "지하철"), ("subway", "subway.지하철")),
        (("정신보건센터",), ("mental_health", "mental_health.정신보건센터")),
        (("택시", "따릉이"), ("taxi", "taxi.택시")),
        (("따릉이", "택시"), ("bike", "bike.따릉이")),
        (("버스", "막차", "지하철"), ("subway", "subway.지하철")),
    ],
)
def test_specific_terms_beat_general_ones_and_the_first_wins_a_tie(terms, expected):
    assert route(terms) == expected
