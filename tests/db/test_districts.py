"""Districts among the terms of a post: ids that no word and no group can have."""

from __future__ import annotations

import numpy as np
import pytest

from db.districts import NAMES_A_DISTRICT, district_term, district_terms, districts_of
from db.packing import IDS, pack_ids, unpack_ids
from nlp.dictionary import districts


def test_a_post_holds_the_districts_it_names_and_once_that_it_names_any() -> None:
    ids = unpack_ids(pack_ids([3, -1, *district_terms(["11680", "11710"])]))
    assert ids == [-1_000_011_710, -1_000_011_680, NAMES_A_DISTRICT, -1, 3]
    assert districts_of(ids) == ["11710", "11680"]
    assert district_terms([]) == districts_of([-1, 3]) == []


@pytest.mark.parametrize("code", ["", "1168", "116800", "1168a", "\u0661\u0661\u0666\u0668\u0660"])
def test_what_is_no_code_has_no_id(code: str) -> None:
    with pytest.raises(ValueError, match="five digits"):
        district_term(code)


def test_the_ids_of_all_districts_fit_and_lie_below_every_group() -> None:
    ids = [district_term(code) for code, _, _ in districts()]
    assert len(set(ids)) == 25
    assert np.iinfo(IDS).min < min(ids) <= max(ids) < NAMES_A_DISTRICT
