"""Four years of real suggestions replayed: what surges, and what of the same titles on days drawn by lot.

Used by the test and by the report on quality, so that both speak of the same days. Counts and words of ours only.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from data_sources.base import Origin
from data_sources.connectors.files import FileConnector
from data_sources.loader import load
from data_sources.records import Page
from db.engine import open_engine
from db.schema import incident_words, incidents, terms

# Word -> the days on one of which it must be found: the start of its surge and the three days after it.
SURGES = {
    "미세먼지": (dt.date(2018, 1, 15), dt.date(2018, 1, 18)),
    "따릉이": (dt.date(2018, 9, 29), dt.date(2018, 10, 2)),
    "길고양이": (dt.date(2018, 12, 20), dt.date(2018, 12, 23)),
    "9호선": (dt.date(2019, 2, 19), dt.date(2019, 2, 22)),
    "코로나19": (dt.date(2020, 2, 23), dt.date(2020, 2, 26)),
    "마스크": (dt.date(2020, 2, 26), dt.date(2020, 2, 29)),
}
# 447 posts on many topics in three days are one incident of volume, not forty of words.
VOLUME = (dt.date(2019, 12, 5), dt.date(2019, 12, 7))


@dataclass(frozen=True)
class ShuffledDays:
    """The posts of a file, each with the time of another one of them: the volume of a day is real, its words are not."""

    real: FileConnector
    seed: int
    source: str = "shuffled"
    name: str = "shuffled"
    origin: Origin = "import"

    def fetch(self, cursor: str | None) -> Iterator[Page]:
        """Yield the pages of the file with its times dealt out anew."""
        pages = list(self.real.fetch(None))
        times = [post.created_at for page in pages for post in page.records]
        random.Random(self.seed).shuffle(times)
        moments = iter(times)
        for page in pages:
            records = tuple(post.model_copy(update={"created_at": next(moments)}) for post in page.records)
            yield page.model_copy(update={"records": records})


def suggestions(path: Path) -> FileConnector:
    """Return the connector of the suggestions' file."""
    return FileConnector(path, "seoul-suggestions")


def incidents_found(store: Path, connector: Any) -> list[Any]:
    """Load ``connector`` into a new store and return its incidents, one row for each of their words."""
    engine = open_engine(f"sqlite:///{store}")
    load(connector, engine)
    with engine.connect() as connection:
        rows = connection.execute(
            select(incidents.c.id, incidents.c.found_day, incidents.c.kind, incidents.c.observed, terms.c.term)
            .outerjoin(incident_words, incident_words.c.incident_id == incidents.c.id)
            .outerjoin(terms, terms.c.id == incident_words.c.term_id)
        ).all()
    engine.dispose()
    return list(rows)


def days_found(found: list[Any], word: str) -> list[dt.date]:
    """Return the days on which an incident with ``word`` was found, in order."""
    return sorted(row.found_day for row in found if row.term == word)


def found_in_time(found: list[Any], word: str) -> dt.date | None:
    """Return the first day within the days of SURGES on which ``word`` was found."""
    first, last = SURGES[word]
    return next((day for day in days_found(found, word) if first <= day <= last), None)


def volume_found(found: list[Any]) -> list[Any]:
    """Return the incidents found in the days of VOLUME, of whatever kind."""
    return [row for row in found if VOLUME[0] <= row.found_day <= VOLUME[1]]


def word_incidents(found: list[Any]) -> set[int]:
    """Return the numbers of the incidents of words: on shuffled days each of them is a false one."""
    return {row.id for row in found if row.kind != "volume"}
