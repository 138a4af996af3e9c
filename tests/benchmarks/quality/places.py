"""How often the district of a neighbourhood is told by its name alone: the register of Seoul's 행정동."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

from nlp.annotate import annotate_many
from nlp.records import Place
from tests.benchmarks.quality import DATA, Lines, absent, again

# Nothing but the name tells where it is.
SENTENCE = "어제부터 {} 쪽에서 소음이 들려요"


def places_lines(data: Path = DATA) -> Lines:
    """Return the section: names of the register that are told rightly, left open, told wrongly, or not seen."""
    path = data / "18_geo" / "seoul_hjd_codes_20241218.csv"
    if not path.is_file():
        return ["## Places", "", *absent("the register of neighbourhoods")]
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["시도명"] == "서울"]
    kinds = {
        "neighbourhoods (행정동)": [(row["행정동명"], row["행자부행정동코드"][:5]) for row in rows],
        "districts (구)": sorted({(row["시군구명"], row["행자부행정동코드"][:5]) for row in rows}),
    }
    return [
        "## Places",
        "",
        "The names of an official register of December 2024, which our list was checked against and not copied from, each alone in one sentence. Left open: "
        "the name lies in several districts or is also another city's, and the true one is among the candidates.",
        "",
        "| names | in all | district told rightly | left open | told wrongly | not seen |",
        "|---|---|---|---|---|---|",
        *(_row(kind, names) for kind, names in kinds.items()),
        "",
        again("places"),
    ]


def _row(kind: str, names: list[tuple[str, str]]) -> str:
    annotations = annotate_many([SENTENCE.format(name) for name, _ in names])
    counts = Counter(judged(annotation.places, code) for annotation, (_, code) in zip(annotations, names, strict=True))
    return f"| {kind} | {len(names)} | {' | '.join(str(counts[how]) for how in ('right', 'open', 'wrong', 'unseen'))} |"


def judged(places: tuple[Place, ...], code: str) -> str:
    """Return whether the places found are the district ``code``: right, open, wrong or unseen."""
    if not places:
        return "unseen"
    told = {place.district_code for place in places if place.district_code}
    if told:
        return "right" if told == {code} else "wrong"
    return "open" if any(code in place.candidates for place in places) else "wrong"
