"""The command line of the sources: ``python -m data_sources COMMAND``, each a row of :data:`data_sources.commands.COMMANDS`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from data_sources.base import SourceError
from data_sources.commands import COMMANDS
from db.errors import StoreError, translated
from nlp.model import ModelError
from nlp.tokenizers import TokenizerNotInstalled, UnknownTokenizer

INTERRUPTED = 130  # what a shell expects after ^C


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code: 0 done, 1 a fault was found, 2 wrong usage."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        options = _parser(given[0] if given else "").parse_args(given)
        with translated():
            return int(options.run(options))
    except SourceError as error:
        print(f"data_sources: {error}", file=sys.stderr)
        return error.exit_code
    except (UnknownTokenizer, TokenizerNotInstalled, ModelError) as error:
        print(f"data_sources: {error}", file=sys.stderr)
        return 2
    except StoreError as error:
        print(f"data_sources: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("data_sources: stopped; whole pages are stored, the same command goes on from there", file=sys.stderr)
        return INTERRUPTED


def _parser(given: str) -> argparse.ArgumentParser:
    """Return the parser of all commands, of which the one that was given knows what it takes."""
    parser = argparse.ArgumentParser(
        prog="python -m data_sources",
        description="Fill the store (MINWON_DB_URL, default sqlite:///var/minwon.db).",
    )
    parsers = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        own = parsers.add_parser(command.name, help=command.help)
        if command.name == given:
            module = command.module()
            module.add_arguments(own)
            own.set_defaults(run=module.run)
    return parser


if __name__ == "__main__":
    sys.exit(main())
