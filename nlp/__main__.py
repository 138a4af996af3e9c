"""The text analysis by hand: ``python -m nlp tokens "따릉이가 고장났어요"``, ``python -m nlp dictionary suggest FILE``."""

from __future__ import annotations

import argparse
import os
import sys

from nlp import suggesting
from nlp.annotate import annotate
from nlp.tokenizers import TOKENIZERS, TokenizerNotInstalled, UnknownTokenizer


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return 0, 1 where something cannot be used, or 2 for a wrong call."""
    parser = argparse.ArgumentParser(prog="python -m nlp", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    tokens = commands.add_parser("tokens", help="show what the analysis makes of a text")
    tokens.add_argument("text")
    tokens.add_argument("--tokenizer", help=f"one of {', '.join(TOKENIZERS)}; default: MINWON_TOKENIZER, then mecab")
    tokens.set_defaults(run=_tokens)
    suggesting.add_parser(commands)
    options = parser.parse_args(arguments)
    return int(options.run(options))


def _tokens(options: argparse.Namespace) -> int:
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
    print(
        "places    ", ", ".join(f"{place.evidence} {place.district_code or '?'}" for place in annotation.places) or "-"
    )
    print("verdict   ", annotation.verdict.post_class, annotation.verdict.reason)
    print("department", annotation.department or "-", annotation.department_rule or "-")
    print("versions  ", annotation.versions.tokenizer, annotation.versions.dictionary, annotation.versions.rules)
    return 0


if __name__ == "__main__":
    sys.exit(main())
