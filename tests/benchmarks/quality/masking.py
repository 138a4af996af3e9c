"""How much personal data is found in the labelled set, and how often a look-alike is taken for it."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from pathlib import Path

from nlp.masking import LABELS, mask_and_count
from tests.benchmarks.quality import Lines, again, limit

CASES = Path(__file__).parents[2] / "nlp" / "masking_cases.toml"


def masking_lines() -> Lines:
    """Return a Markdown section: found of all by kind, false masks, and who wrote the set."""
    cases = tomllib.loads(CASES.read_text(encoding="utf-8"))
    look_alikes = cases["look_alikes"]["texts"]
    false: Counter[str] = Counter()
    for text in look_alikes:
        false.update(mask_and_count(text)[1])
    lines = [
        "## Masking",
        "",
        "Labelled by hand, by the same hand as the rules: the shares are an upper bound. Every string is invented.",
        "",
        "| kind | strings | masked exactly | look-alikes masked |",
        "|---|---|---|---|",
    ]
    total, exact = 0, 0
    for kind, texts in cases["personal"].items():
        right = sum(_is_masked_exactly(kind, text) for text in texts)
        lines.append(f"| {kind} | {len(texts)} | {right} | {false[kind]} |")
        total, exact = total + len(texts), exact + right
    wrong = sum(mask_and_count(text) != (text, {}) for text in look_alikes)
    return [
        *lines,
        f"| all | {total} | {exact} | {sum(false.values())} in {len(look_alikes)} |",
        "",
        limit("no personal string survives", exact == total),
        limit("fewer than 1 % of look-alikes masked", wrong < 0.01 * len(look_alikes)),
        "",
        again("masking"),
    ]


def _is_masked_exactly(kind: str, marked: str) -> bool:
    masked, _ = mask_and_count(re.sub("[{}]", "", marked))
    return masked == re.sub(r"\{[^}]*\}", LABELS[kind], marked)
