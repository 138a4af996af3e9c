"""How many texts each analyser reads in a second of CPU, in turns, so that all see the same machine."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path

from data_sources.connectors.demo import DemoConnector
from nlp.tokenizers import TOKENIZERS, load_tokenizer
from nlp.tokenizers.guard import GuardedTokenizer
from nlp.tokenizers.host import ChildTokenizer
from tests.benchmarks.loading import DAYS, SEED, UNTIL
from tests.benchmarks.quality import Lines, again

ROUNDS = 5
TEXTS = 10_000
# Texts in a turn: as many as take about a second, or two for the slowest.
_TURN = {"mecab": 5_000, "kiwi": 1_000, "komoran": 1_000, "okt": 500, "hannanum": 300, "kkma": 60}
_USUAL_TURN = 300


def throughput_section() -> Lines:
    """Texts per CPU second and the ratio to mecab, median of the rounds."""
    connector = DemoConnector(posts=TEXTS, seed=SEED, days=DAYS, until=UNTIL)
    texts = [post.text for page in connector.fetch(None) for post in page.records][:TEXTS]
    rates: dict[str, list[float]] = {}
    with ExitStack() as stack:
        loaded = {
            name: stack.enter_context(closing(load_tokenizer(name)))
            for name, row in TOKENIZERS.items()
            if row.is_installed()
        }
        # The first turn is not counted: Java translates what it runs often.
        for number in range(ROUNDS + 1):
            for name, tokenizer in loaded.items():
                rate = _texts_per_cpu_s(tokenizer, _part(texts, _TURN.get(name, _USUAL_TURN), number))
                if number:
                    rates.setdefault(name, []).append(rate)
    rows = []
    for name, found in rates.items():
        ratio = statistics.median(own / mecab for own, mecab in zip(found, rates["mecab"], strict=True))
        rows.append(f"| {name} | {statistics.median(found):,.0f} | {ratio:.3g} |")
    return [
        "## Throughput",
        "",
        f"Invented posts of the demo, {sum(map(len, texts)) / len(texts):.0f} characters on average, through the same door as "
        f"everywhere (cleaned, placed, over the pipe where there is a child process). All processors' time of both processes; "
        f"medians of {ROUNDS} rounds in turns.",
        "",
        "| analyser | texts per CPU second | ratio to mecab |",
        "|---|---|---|",
        *rows,
        "",
        again("throughput"),
    ]


def _part(texts: Sequence[str], size: int, number: int) -> list[str]:
    """Return the texts of turn ``number``: others than in the turn before."""
    return [texts[(number * size + index) % len(texts)] for index in range(size)]


def _texts_per_cpu_s(tokenizer: GuardedTokenizer, texts: Sequence[str]) -> float:
    before = _cpu_s(tokenizer)
    for text in texts:
        tokenizer.tokens(text)
    return len(texts) / (_cpu_s(tokenizer) - before)


def _cpu_s(tokenizer: GuardedTokenizer) -> float:
    """Return the CPU seconds of this process and of the tokenizer's child so far; Linux tells of a running child."""
    own = time.process_time()
    if not isinstance(tokenizer.analyser, ChildTokenizer):
        return own
    # Behind the name in parentheses, which may hold blanks: user and system time are the 12th and 13th.
    fields = Path(f"/proc/{tokenizer.analyser.child_pid}/stat").read_text().rpartition(")")[2].split()
    return own + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
