"""How right the filter is on labelled texts, how many real complaints it hides, and what it sends to review."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from nlp import keywords, normalize, routing
from nlp.annotate import tokenizer
from nlp.filtering import HIDDEN, classify
from nlp.masking import mask_text
from nlp.records import Verdict
from nlp.risk import risk_of
from tests.benchmarks.quality import DATA, Lines, absent, again, limit

# File, columns, what its rows are.
COMPLAINTS = (
    ("01_seoul_suggestions_2017_2021.csv", ("TITLE",), "suggestions to the City of Seoul, titles"),
    ("05_incheon_junggu_minwon_masked.csv", ("title", "content"), "complaints to a district of Incheon"),
)

HALVES = ("seen", "unseen", "both")
# What the filter must keep on these sets.
MIN_PRECISION, MIN_RECALL, MAX_HIDDEN_SHARE = 0.97, 0.80, 0.005
# (half, is labelled so, was hidden) -> texts.
Judged = Counter[tuple[str, bool, bool]]


@dataclass(slots=True)
class _Ordinary:
    """What became of ordinary texts: how many, which were hidden and by which rule, how many to review or in danger."""

    rows: int = 0
    hidden: list[str] = field(default_factory=list)
    review: int = 0
    risk: int = 0


def filter_lines(data: Path = DATA) -> Lines:
    """Return a Markdown section measured on the real texts in ``data``; one line where they are absent."""
    if not data.is_dir():
        return ["## Filter", "", *absent("its labelled texts")]
    spam = _counted(data / "10_ko_spam_ham.csv", "text", "label", "spam", ("ad", "spam"))
    abuse = _counted(data / "11_kmhas_politics_hate.csv", "document", "politics", "1", ("political",))
    ordinary = [_ordinary(data / name, columns) for name, columns, _ in COMPLAINTS]
    return [
        "## Filter",
        "",
        "Rules were written from the half called seen (by a hash of the text); the other half is unseen.",
        "",
        "| set | half | hidden rightly | hidden wrongly | missed | precision | recall |",
        "|---|---|---|---|---|---|---|",
        *(_labelled(spam, half, "ads and spam") for half in HALVES),
        *(_labelled(abuse, half, "political abuse") for half in HALVES),
        "",
        limit(
            f"ads and spam with a precision of {MIN_PRECISION} at a recall of {MIN_RECALL}, in each half and in both",
            all(_precision(spam, half) >= MIN_PRECISION and _recall(spam, half) >= MIN_RECALL for half in HALVES),
        ),
        "",
        "Abuse of politicians is not the class political: a slogan without abuse counts as wrong here, and so it is low.",
        "",
        "| ordinary texts | rows | hidden | by row and rule | to review | flagged as risk |",
        "|---|---|---|---|---|---|",
        *(_ordinary_row(found, what) for found, (_, _, what) in zip(ordinary, COMPLAINTS, strict=True)),
        "",
        limit(
            f"at most {100 * MAX_HIDDEN_SHARE} % of ordinary texts hidden",
            all(len(found.hidden) <= MAX_HIDDEN_SHARE * found.rows for found in ordinary),
        ),
        "",
        again("filter"),
    ]


def _counted(path: Path, text: str, label: str, positive: str, classes: tuple[str, ...]) -> Judged:
    counts: Judged = Counter()
    for row in _rows(path):
        half = "unseen" if hashlib.sha256(row[text].encode()).digest()[0] & 1 else "seen"
        judged = (row[label] == positive, _verdict(row[text]).post_class in classes)
        counts.update([(half, *judged), ("both", *judged)])
    return counts


def _precision(counts: Judged, half: str) -> float:
    right, wrong = counts[half, True, True], counts[half, False, True]
    return right / max(1, right + wrong)


def _recall(counts: Judged, half: str) -> float:
    right, missed = counts[half, True, True], counts[half, True, False]
    return right / max(1, right + missed)


def _labelled(counts: Judged, half: str, what: str) -> str:
    numbers = (counts[half, *key] for key in ((True, True), (False, True), (True, False)))
    shares = (f"{share:.3f}" for share in (_precision(counts, half), _recall(counts, half)))
    return f"| {what} | {half} | {' | '.join(map(str, numbers))} | {' | '.join(shares)} |"


def _ordinary(path: Path, columns: tuple[str, ...]) -> _Ordinary:
    found = _Ordinary()
    for found.rows, row in enumerate(_rows(path), 1):
        text = "\n".join(row[column] for column in columns)
        verdict = _verdict(text, routed=True)
        if verdict.post_class in HIDDEN:
            found.hidden.append(f"{found.rows} {verdict.rule}")
        found.review += verdict.needs_review
        found.risk += risk_of(normalize.analysed_form(normalize.stored_form(text))) is not None
    return found


def _ordinary_row(found: _Ordinary, what: str) -> str:
    share = f"{len(found.hidden)} ({100 * len(found.hidden) / max(1, found.rows):.2f} %)"
    return f"| {what} | {found.rows} | {share} | {', '.join(found.hidden) or 'none'} | {found.review} | {found.risk} |"


def _verdict(text: str, *, routed: bool = False) -> Verdict:
    """Return the verdict as the loader gets it; without ``routed`` no text is taken to be about a city service."""
    stored = mask_text(normalize.stored_form(text))
    if not routed:
        return classify(stored)
    analysed = normalize.analysed_form(stored)
    language = keywords.language_of(analysed)
    tokens = keywords.english_tokens(analysed) if language == "en" else tokenizer().tokens(analysed)
    found = routing.route(keywords.terms_of(analysed, tokens, language=language, hashtags=normalize.hashtags(stored)))
    return classify(stored, about_city=found is not None)


def _rows(path: Path) -> Iterable[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        yield from csv.DictReader(lines)
