"""Commands of ``python -m db`` that show and change what people judge: one module for each kind of thing."""

from __future__ import annotations

import argparse

from sqlalchemy import Engine

from db.queries import has_posts


def add_data(command: argparse.ArgumentParser) -> None:
    """Add the choice of the kind of data."""
    command.add_argument("--data", choices=("real", "synthetic"), help="default: real where there is any")


def is_synthetic(engine: Engine, data: str | None) -> bool:
    """Return whether the invented posts are meant: where they are asked for, or there are no others."""
    return data == "synthetic" if data else not has_posts(engine, synthetic=False)


def positive(argument: str) -> int:
    """Return a number of one or more; anything else is wrong usage."""
    number = int(argument)
    if number < 1:
        raise argparse.ArgumentTypeError("it must be at least 1")
    return number
