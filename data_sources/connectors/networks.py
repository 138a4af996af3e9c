"""The networks: one row each in CONNECTORS. A new one is a file and a row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from data_sources.base import Metered, UsageError
from data_sources.registry import Registry


@dataclass(frozen=True, slots=True)
class ConnectorRow:
    """A network: ``build`` makes its sources (such as mentions, and answers) from the settings and the registry.

    ``settings`` is the prefix of its settings, such as ``MINWON_X_``; ``build`` raises UsageError, saying what is
    missing, where they do not suffice.
    """

    id: str
    platform: str
    settings: str
    name_ko: str
    name_en: str
    build: Callable[[Registry], Sequence[Metered]]


CONNECTORS: tuple[ConnectorRow, ...] = ()


def connector_row(name: str) -> ConnectorRow:
    """Return the row of a network.

    Raises
    ------
    UsageError
        There is none by that name; the message lists them.
    """
    for row in CONNECTORS:
        if row.id == name:
            return row
    raise UsageError(f"no source {name!r}; known: {', '.join(row.id for row in CONNECTORS)}")


def set_up(rows: Sequence[ConnectorRow], registry: Registry) -> list[ConnectorRow]:
    """Return the networks whose settings suffice to read them."""
    found = []
    for row in rows:
        try:
            row.build(registry)
        except UsageError:
            continue
        found.append(row)
    return found
