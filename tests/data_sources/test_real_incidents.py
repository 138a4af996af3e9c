"""The surges of four years of real suggestions, and of the same titles on days drawn by lot. Counts and words only."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp.trends import expected_false_findings
from tests.data_sources.real_surges import (
    SURGES,
    ShuffledDays,
    days_found,
    found_in_time,
    incidents_found,
    suggestions,
    volume_found,
    word_incidents,
)
from tests.data_sources.test_real_files import SUGGESTIONS, _real


def test_the_surges_of_four_years_are_found_within_three_days(tmp_path: Path) -> None:
    found = incidents_found(tmp_path / "real.db", suggestions(_real(SUGGESTIONS)))
    for word in SURGES:
        assert found_in_time(found, word) is not None, (word, days_found(found, word))
    # 447 posts on many topics are one incident, not forty.
    assert [(row.kind, row.observed) for row in volume_found(found)] == [("volume", 447)]


@pytest.mark.parametrize("seed", [1])
def test_on_days_drawn_by_lot_there_are_no_more_alarms_than_stated(tmp_path: Path, seed: int) -> None:
    shuffled = ShuffledDays(suggestions(_real(SUGGESTIONS)), seed)
    found = incidents_found(tmp_path / "shuffled.db", shuffled)
    # The volume of each day is the real one, so its surges are real; the words are spread by lot.
    alarms = word_incidents(found)
    assert len(alarms) <= expected_false_findings(4 * 365)
    assert len(alarms) <= 40
