"""The text analysis by hand: ``python -m nlp tokens "따릉이가 고장났어요"``, ``python -m nlp dictionary suggest FILE``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable

from nlp import classifier, model, suggesting
from nlp.tokenizers import TOKENIZERS, TokenizerNotInstalled, UnknownTokenizer
from nlp.tokenizers.commands import tokenizers_lines, tokens_lines


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return 0, 1 where something cannot be used, or 2 for a wrong call."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except (UnknownTokenizer, TokenizerNotInstalled, model.ModelError, classifier.ModelUnreadable) as exc:
        print(exc, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m nlp", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    tokens = commands.add_parser("tokens", help="show what the analysis makes of a text")
    tokens.add_argument("text")
    tokens.add_argument("--tokenizer", help=f"one of {', '.join(TOKENIZERS)}; default: MINWON_TOKENIZER, then mecab")
    tokens.set_defaults(run=_tokens)
    listing = commands.add_parser("tokenizers", help="the analysers, and what to install for those that are missing")
    listing.set_defaults(run=lambda _options: _printed(tokenizers_lines()))
    suggesting.add_parser(commands)
    model.add_parser(commands)
    classifier.add_parser(commands)
    return parser


def _tokens(options: argparse.Namespace) -> int:
    if options.tokenizer:
        os.environ["MINWON_TOKENIZER"] = options.tokenizer
    return _printed(tokens_lines(options.text))


def _printed(lines: Iterable[str]) -> int:
    for line in lines:
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
