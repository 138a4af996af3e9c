"""The networks: one row each in CONNECTORS. A new one is a file and a row."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module

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


def _network(module: str, needed: str) -> Callable[[Registry], Sequence[Metered]]:
    """Return what builds the sources of a network; its module, and the client it brings, are imported once it is set up.

    ``needed`` is the setting without which nothing of it is read.
    """

    def build(registry: Registry) -> Sequence[Metered]:
        if not os.environ.get(needed):
            raise UsageError(f"{needed} is not set")
        sources: Sequence[Metered] = import_module(f"data_sources.connectors.{module}").build(registry)
        return sources

    return build


CONNECTORS: tuple[ConnectorRow, ...] = (
    ConnectorRow("x", "x", "MINWON_X_", "트위터(X)", "Twitter (X)", _network("x", "MINWON_X_BEARER_TOKEN")),
    ConnectorRow(
        "mastodon",
        "mastodon",
        "MINWON_MASTODON_",
        "마스토돈",
        "Mastodon",
        _network("mastodon", "MINWON_MASTODON_BASE_URL"),
    ),
    ConnectorRow(
        "facebook",
        "facebook",
        "MINWON_FACEBOOK_",
        "페이스북",
        "Facebook",
        _network("meta.facebook", "MINWON_FACEBOOK_TOKENS"),
    ),
    ConnectorRow(
        "instagram",
        "instagram",
        "MINWON_INSTAGRAM_",
        "인스타그램",
        "Instagram",
        _network("meta.instagram", "MINWON_INSTAGRAM_TOKENS"),
    ),
    ConnectorRow(
        "threads", "threads", "MINWON_THREADS_", "스레드", "Threads", _network("meta.threads", "MINWON_THREADS_TOKENS")
    ),
    ConnectorRow(
        "youtube", "youtube", "MINWON_YOUTUBE_", "유튜브", "YouTube", _network("youtube", "MINWON_YOUTUBE_KEY")
    ),
    ConnectorRow(
        "naver", "naver", "MINWON_NAVER_", "네이버 블로그", "Naver blogs", _network("naver", "MINWON_NAVER_CLIENT_ID")
    ),
    ConnectorRow("rss", "blog", "MINWON_RSS_", "RSS·Atom", "RSS and Atom", _network("rss", "MINWON_RSS_FEEDS")),
    ConnectorRow(
        "open311", "open311", "MINWON_OPEN311_", "Open311", "Open311", _network("open311", "MINWON_OPEN311_BASE_URL")
    ),
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
