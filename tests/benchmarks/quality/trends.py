"""Which surges of four real years are found, how soon, and how often nothing is taken for one."""

from __future__ import annotations

import csv
import datetime as dt
import tempfile
from pathlib import Path

from nlp.trends import expected_false_findings
from tests.benchmarks.quality import DATA, Lines, absent, again, limit
from tests.data_sources.real_surges import (
    SURGES,
    VOLUME,
    ShuffledDays,
    found_in_time,
    incidents_found,
    suggestions,
    volume_found,
    word_incidents,
)

SEEDS = (1, 2, 3)


def trends_lines(data: Path = DATA) -> Lines:
    """Return the section: known surges with their day of detection, and false findings on shuffled days."""
    path = data / "01_seoul_suggestions_2017_2021.csv"
    if not path.is_file():
        return ["## Surges", "", *absent("the file of real suggestions")]
    with tempfile.TemporaryDirectory() as folder:
        found = incidents_found(Path(folder) / "real.db", suggestions(path))
        false = [
            len(word_incidents(incidents_found(Path(folder) / f"{seed}.db", ShuffledDays(suggestions(path), seed))))
            for seed in SEEDS
        ]
    days = _days(path)
    per_day = sum(false) / len(false) / days
    return [
        "## Surges",
        "",
        f"Four years of suggestions to the City of Seoul, {days:,} days, replayed from empty. A surge begins on the day from which on the "
        "word stands out in the file; it must be found within three days. No row of the file is shown.",
        "",
        "| word | surge begins | found | days to detection |",
        "|---|---|---|---|",
        *(_surge(word, first, found_in_time(found, word)) for word, (first, _) in SURGES.items()),
        "",
        limit("every surge within three days", all(found_in_time(found, word) for word in SURGES)),
        "",
        f"All incidents of the four years: {len({row.id for row in found})}, of which {len(word_incidents(found))} of words. "
        f"The days {VOLUME[0]} to {VOLUME[1]}, with suggestions on many topics at once: "
        f"{', '.join(f'one incident of kind {row.kind} with {row.observed} questions' for row in volume_found(found))}.",
        "",
        f"False findings: the same titles, each with the time of another one, so that no word has a surge. Incidents of words in "
        f"{len(SEEDS)} shuffles: {', '.join(map(str, false))}; that is {per_day:.3f} a day, where at most "
        f"{expected_false_findings(1):.2f} are stated.",
        "",
        limit("no more than stated", per_day <= expected_false_findings(1)),
        "",
        again("trends"),
    ]


def _surge(word: str, first: dt.date, day: dt.date | None) -> str:
    return f"| {word} | {first} | {day or 'not found'} | {(day - first).days if day else ''} |"


def _days(path: Path) -> int:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        days = sorted(row["REG_DATE"][:10] for row in csv.DictReader(lines) if row["REG_DATE"])
    return (_day(days[-1]) - _day(days[0])).days + 1


def _day(written: str) -> dt.date:
    return dt.date.fromisoformat(written.replace("/", "-").replace(".", "-"))
