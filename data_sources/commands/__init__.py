"""Commands of ``python -m data_sources``: one row each in COMMANDS, and a module of that name.

A module offers ``add_arguments(parser)`` and ``run(options)``, the exit code. Only the module of the command that was given is
imported: whoever asks for `status` does not wait for what reads texts, detects surges or speaks to networks.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its name as typed, and one line that says what it does."""

    name: str
    help: str

    def module(self) -> ModuleType:
        """Return the module of the command."""
        return import_module(f"{__name__}.{self.name.replace('-', '_')}")


COMMANDS = (
    Command("demo", "load invented posts, plainly labelled as synthetic"),
    Command("import-file", "load a CSV, TSV, JSON Lines or XLSX file, or gz of one"),
    Command("reannotate", "read all stored texts again after the tokenizer, the dictionary or a rule changed"),
    Command("fetch", "read a network from where it stood"),
    Command("watch", "read all networks that are set up, again and again"),
    Command("comply", "ask the networks for stored posts, the one checked longest ago first, and remove what is gone"),
    Command("forget", "remove all posts of an author who asks for it"),
    Command("retain", "remove real citizens' posts that are older than they may be kept"),
    Command("thumbnails", "fetch small copies of photos from MINWON_THUMBNAIL_HOSTS"),
    Command("status", "networks, sources, accounts, runs and rejected rows"),
)


def positive(argument: str) -> int:
    """Return a number of one or more; anything else is wrong usage."""
    number = int(argument)
    if number < 1:
        raise argparse.ArgumentTypeError("it must be at least 1")
    return number
