"""The networks: one row each in CONNECTORS. A new one is a file and a row."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from data_sources.base import Metered, UsageError
from data_sources.connectors import mastodon, naver, open311, rss, x, youtube
from data_sources.connectors.meta import facebook, instagram, threads
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


CONNECTORS: tuple[ConnectorRow, ...] = (
    ConnectorRow("x", "x", "MINWON_X_", "트위터(X)", "Twitter (X)", x.build),
    ConnectorRow("mastodon", "mastodon", "MINWON_MASTODON_", "마스토돈", "Mastodon", mastodon.build),
    ConnectorRow("facebook", "facebook", "MINWON_FACEBOOK_", "페이스북", "Facebook", facebook.build),
    ConnectorRow("instagram", "instagram", "MINWON_INSTAGRAM_", "인스타그램", "Instagram", instagram.build),
    ConnectorRow("threads", "threads", "MINWON_THREADS_", "스레드", "Threads", threads.build),
    ConnectorRow("youtube", "youtube", "MINWON_YOUTUBE_", "유튜브", "YouTube", youtube.build),
    ConnectorRow("naver", "naver", "MINWON_NAVER_", "네이버 블로그", "Naver blogs", naver.build),
    ConnectorRow("rss", "blog", "MINWON_RSS_", "RSS·Atom", "RSS and Atom", rss.build),
    ConnectorRow("open311", "open311", "MINWON_OPEN311_", "Open311", "Open311", open311.build),
)

NETWORKS_HELP = f"networks: {', '.join(row.id for row in CONNECTORS)}"


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
    """Return the networks that have a setting.

    Raises
    ------
    UsageError
        Of one of them a setting is missing or cannot be meant: left out in silence it would be missed much later.
    """
    found = [row for row in rows if any(value and name.startswith(row.settings) for name, value in os.environ.items())]
    for row in found:
        row.build(registry)
    return found
