"""What every connector offers, and how it fails."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, Protocol

from data_sources.records import Page

Origin = Literal["synthetic", "import", "live"]


class SourceError(Exception):
    """A source that cannot be read. The message is one line and says what to do."""

    exit_code = 1


class UsageError(SourceError):
    """What was asked for cannot be meant: no such file, wrong preset, unknown column."""

    exit_code = 2


class Connector(Protocol):
    """A source of posts.

    ``name`` is the row in CONNECTORS; ``source`` names this very source (for a file: preset and content
    fingerprint) and is the key of its cursor. ``origin`` decides how its posts are labelled and shown.
    """

    name: str
    source: str
    origin: Origin

    def fetch(self, cursor: str | None) -> Iterator[Page]:
        """Yield pages of records after ``cursor``; from the beginning where it is None."""
        ...
