"""The child process of an analyser: a line of JSON in, a line of JSON out, until its parent ends.

Run by :class:`nlp.tokenizers.host.ChildTokenizer`: ``python -m nlp.tokenizers.child okt``.
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import sys
import threading
from typing import BinaryIO

from nlp.tokenizers import TOKENIZERS, load_analyser
from nlp.tokenizers.guard import Analyser, AnalyserFailed


def main(arguments: list[str] | None = None) -> None:
    """Analyse until standard input ends; then this process ends at once, whatever it is doing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=list(TOKENIZERS))
    parser.add_argument("--no-dictionary", action="store_true")
    options = parser.parse_args(arguments)
    texts: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(sys.stdin.buffer, texts), daemon=True).start()
    answers = _own_output()
    analyser = load_analyser(options.name, not options.no_dictionary)
    # Most analysers read the rest of their dictionaries at the first text.
    analyser.tokens("서울시에 문의합니다")
    _say(answers, {"ready": True})
    # From here on what Java complains of may quote a text: it goes nowhere.
    _silence(2)
    while True:
        _say(answers, _analysed(analyser, json.loads(texts.get())))


def _analysed(analyser: Analyser, text: str) -> dict[str, object]:
    try:
        return {"tokens": analyser.tokens(text)}
    except AnalyserFailed as exc:
        return {"error": str(exc)}


def _own_output() -> BinaryIO:
    """Keep standard output for the answers: some analysers print on it."""
    own = os.fdopen(os.dup(1), "wb")
    _silence(1)
    return own


def _silence(descriptor: int) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _say(answers: BinaryIO, answer: dict[str, object]) -> None:
    answers.write(json.dumps(answer).encode("ascii") + b"\n")
    answers.flush()


def _read(lines: BinaryIO, into: queue.SimpleQueue[bytes]) -> None:
    for line in lines:
        into.put(line)
    # The parent is gone. An analyser that hangs, and Java's own end, would keep us.
    os._exit(0)


if __name__ == "__main__":
    main()
