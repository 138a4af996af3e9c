"""How right the filter is on labelled texts, how many real complaints it hides, and what it sends to review."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from nlp import keywords, normalize, routing
from nlp.annotate import tokenizer
from nlp.filtering import HIDDEN, classify
from nlp.masking import mask_text
from nlp.records import Verdict
from nlp.risk import risk_of
from tests.benchmarks.quality import DATA, Lines, absent

# File, columns, what its rows are.
COMPLAINTS = (
    ("01_seoul_suggestions_2017_2021.csv", ("TITLE",), "suggestions to the City of Seoul, titles"),
    ("05_incheon_junggu_minwon_masked.csv", ("title", "content"), "complaints to a district of Incheon"),
)


def filter_lines(data: Path = DATA) -> Lines:
    """Return a Markdown section measured on the real texts in ``data``; one line where they are absent."""
    if not data.is_dir():
        return ["## Filter", "", *absent("its labelled texts")]
    return [
        "## Filter",
        "",
        "Rules were written from the half called seen (by a hash of the text); the other half is unseen.",
        "",
        "| set | half | hidden rightly | hidden wrongly | missed | precision | recall |",
        "|---|---|---|---|---|---|---|",
        *_labelled(data / "10_ko_spam_ham.csv", "text", "label", "spam", ("ad", "spam"), "ads and spam"),
        *_labelled(data / "11_kmhas_politics_hate.csv", "document", "politics", "1", ("political",), "political abuse"),
        "",
        "Abuse of politicians is not the class political: a slogan without abuse counts as wrong here, and so it is low.",
        "",
        "| ordinary texts | rows | hidden | by row and rule | to review | flagged as risk |",
        "|---|---|---|---|---|---|",
        *(_ordinary(data / name, columns, what) for name, columns, what in COMPLAINTS),
    ]


def _labelled(path: Path, text: str, label: str, positive: str, classes: tuple[str, ...], what: str) -> Iterator[str]:
    counts: Counter[tuple[bool, bool, bool]] = Counter()
    for row in _rows(path):
        is_unseen = bool(hashlib.sha256(row[text].encode()).digest()[0] & 1)
        counts[is_unseen, row[label] == positive, _verdict(row[text]).post_class in classes] += 1
    for is_unseen in (False, True):
        right, wrong, missed = (counts[is_unseen, *key] for key in ((True, True), (False, True), (True, False)))
        yield (
            f"| {what} | {'unseen' if is_unseen else 'seen'} | {right} | {wrong} | {missed} "
            f"| {right / max(1, right + wrong):.3f} | {right / max(1, right + missed):.3f} |"
        )


def _ordinary(path: Path, columns: tuple[str, ...], what: str) -> str:
    hidden, rows, review, risk = [], 0, 0, 0
    for rows, row in enumerate(_rows(path), 1):
        text = "\n".join(row[column] for column in columns)
        verdict = _verdict(text, routed=True)
        if verdict.post_class in HIDDEN:
            hidden.append(f"{rows} {verdict.rule}")
        review += verdict.needs_review
        risk += risk_of(normalize.analysed_form(normalize.stored_form(text))) is not None
    share = f"{len(hidden)} ({100 * len(hidden) / max(1, rows):.2f} %)"
    return f"| {what} | {rows} | {share} | {', '.join(hidden) or 'none'} | {review} | {risk} |"


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
