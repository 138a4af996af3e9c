"""The surges of four years of real suggestions, and of the same titles on days drawn by lot. Counts and words only."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from data_sources.base import Origin
from data_sources.connectors.files import FileConnector
from data_sources.loader import load
from data_sources.records import Page
from db.engine import open_engine
from db.schema import incident_words, incidents, terms
from nlp.trends import expected_false_findings
from tests.data_sources.test_real_files import SUGGESTIONS, _real

# Word -> the days on one of which it must be found: the start of its surge and the three days after it.
SURGES = {
    "미세먼지": ("2018-01-15", "2018-01-18"),
    "길고양이": ("2018-12-20", "2018-12-23"),
    "9호선": ("2019-02-19", "2019-02-22"),
    "따릉이": ("2018-09-29", "2018-10-02"),
    "코로나19": ("2020-02-23", "2020-02-26"),
    "마스크": ("2020-02-26", "2020-02-29"),
}


def _found(path: Path, connector: Any) -> list[Any]:
    engine = open_engine(f"sqlite:///{path}")
    load(connector, engine)
    with engine.connect() as connection:
        rows = connection.execute(
            select(incidents.c.id, incidents.c.found_day, incidents.c.kind, incidents.c.observed, terms.c.term)
            .outerjoin(incident_words, incident_words.c.incident_id == incidents.c.id)
            .outerjoin(terms, terms.c.id == incident_words.c.term_id)
        ).all()
    engine.dispose()
    return list(rows)


@dataclass(frozen=True)
class _Shuffled:
    """The posts of a file, each with the time of another one of them."""

    real: FileConnector
    seed: int
    source: str = "shuffled"
    name: str = "shuffled"
    origin: Origin = "import"

    def fetch(self, cursor: str | None) -> Iterator[Page]:
        pages = list(self.real.fetch(None))
        times = [post.created_at for page in pages for post in page.records]
        random.Random(self.seed).shuffle(times)
        moments = iter(times)
        for page in pages:
            records = tuple(post.model_copy(update={"created_at": next(moments)}) for post in page.records)
            yield page.model_copy(update={"records": records})


def test_the_surges_of_four_years_are_found_within_three_days(tmp_path: Path) -> None:
    found = _found(tmp_path / "real.db", FileConnector(_real(SUGGESTIONS), "seoul-suggestions"))
    for word, (first, last) in SURGES.items():
        days = [row.found_day for row in found if row.term == word]
        assert any(dt.date.fromisoformat(first) <= day <= dt.date.fromisoformat(last) for day in days), (word, days)
    # 447 posts on many topics are one incident, not forty.
    in_december = [row for row in found if dt.date(2019, 12, 5) <= row.found_day <= dt.date(2019, 12, 7)]
    assert [(row.kind, row.observed) for row in in_december] == [("volume", 447)]


@pytest.mark.parametrize("seed", [1])
def test_on_days_drawn_by_lot_there_are_no_more_alarms_than_stated(tmp_path: Path, seed: int) -> None:
    shuffled = _Shuffled(FileConnector(_real(SUGGESTIONS), "seoul-suggestions"), seed)
    found = _found(tmp_path / "shuffled.db", shuffled)
    # The volume of each day is the real one, so its surges are real; the words are spread by lot.
    alarms = {row.id for row in found if row.kind != "volume"}
    assert len(alarms) <= expected_false_findings(4 * 365)
    assert len(alarms) <= 40
