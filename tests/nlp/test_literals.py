"""Many words at once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nlp.literals import any_of

_WORDS = st.text("가나.a*[", min_size=1, max_size=3)


@given(st.lists(_WORDS, min_size=1, max_size=8), st.text("가나다.a*[", max_size=12))
def test_any_of_finds_exactly_what_in_finds(words, text):
    assert (any_of(words).search(text) is not None) == any(word in text for word in words)
