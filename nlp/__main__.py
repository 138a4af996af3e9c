"""Show what the analysis makes of a text: ``python -m nlp tokens "따릉이가 고장났어요"``."""

from __future__ import annotations

import argparse
import os
import sys

from nlp.annotate import annotate
from nlp.tokenizers import TOKENIZERS, TokenizerNotInstalled, UnknownTokenizer


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return 0, or 1 where the tokenizer cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m nlp", description=__doc__)
    parser.add_argument("command", choices=["tokens"])
    parser.add_argument("text")
    parser.add_argument("--tokenizer", help=f"one of {', '.join(TOKENIZERS)}; default: MINWON_TOKENIZER, then mecab")
    options = parser.parse_args(arguments)
    if options.tokenizer:
        os.environ["MINWON_TOKENIZER"] = options.tokenizer
    try:
        annotation = annotate(options.text)
    except (UnknownTokenizer, TokenizerNotInstalled) as exc:
        print(exc, file=sys.stderr)
        return 1
    print("text      ", annotation.text)
    print("tokens    ", " ".join(f"{token.form}/{token.tag}" for token in annotation.tokens))
    print("terms     ", ", ".join(annotation.terms))
    print("verdict   ", annotation.verdict.post_class, annotation.verdict.reason)
    print("department", annotation.department or "-", annotation.department_rule or "-")
    print("versions  ", annotation.versions.tokenizer, annotation.versions.dictionary, annotation.versions.rules)
    return 0


if __name__ == "__main__":
    sys.exit(main())
