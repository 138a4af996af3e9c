"""Recorded pages of X through a loopback server into a store, against counts made here from the raw JSON.

The recordings are of 2021 and 2022, in the spelling of those years, with fields and expansions we do not ask for and
without many that we do.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from data_sources.connectors.x.source import sources_of
from data_sources.fetching import Outcome, Surroundings, fetch
from db import rollups
from db.schema import attachments, posts, rejects, source_usage
from tests.conftest import Store
from tests.loopback import Answer, LoopbackServer
from tests.simulated_x import a_registry, settings_for

RECORDED = Path(__file__).resolve().parents[5] / "shared" / "data" / "17_api"
KINDS = {"retweeted": "repost", "replied_to": "reply", "quoted": "quote"}


def _recordings() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(RECORDED.glob("x_v2_twarc_*.jsonl")):
        written = path.read_text(encoding="utf-8")
        # The masking of one file has left two escapes JSON does not know.
        lines = re.sub(r'\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})', r"\\\\", written).splitlines()
        pages = [page for page in map(json.loads, lines) if _is_page(page)]
        yield from ((f"{path.stem}-{number}", page) for number, page in enumerate(pages))
    for path in sorted(RECORDED.glob("x_v2_tweepy/*.json")):
        bodies = [call["body"] for call in json.loads(path.read_text(encoding="utf-8"))]
        yield from ((f"{path.stem}-{number}", body) for number, body in enumerate(bodies) if _is_page(body))


def _is_page(body: Any) -> bool:
    data = body.get("data") if isinstance(body, dict) else None
    return isinstance(data, list) and bool(data) and "text" in data[0]


PAGES = dict(_recordings())


def _fetch(store: Store, server: LoopbackServer) -> Outcome:
    registry = a_registry("arisu_roads")
    source = sources_of(settings_for(server.url), registry)[0]
    return fetch(source, store.engine, registry=registry, surroundings=Surroundings(sleep=lambda seconds: None))


def _replay(server: LoopbackServer, page: dict[str, Any]) -> None:
    meta = {name: value for name, value in page.get("meta", {}).items() if name != "next_token"}
    server.answer("/2/users/by", Answer({"errors": []}))
    server.answer("/2/tweets/search/recent", Answer({**page, "meta": meta}))


@pytest.mark.skipif(not PAGES, reason="the recorded pages of X are not here")
def test_there_are_as_many_recordings_as_are_known() -> None:
    assert len(PAGES) > 20
    assert sum(len(page["data"]) for page in PAGES.values()) > 600


@pytest.mark.skipif(not PAGES, reason="the recorded pages of X are not here")
@pytest.mark.parametrize("name", PAGES)
def test_a_recorded_page_is_stored_whole_and_a_second_time_changes_nothing(store: Store, name: str) -> None:
    page = PAGES[name]
    with LoopbackServer() as server:
        _replay(server, page)
        first = _fetch(store, server)
        second = _fetch(store, server)
    assert (first.state.status, second.state.status) == ("ok", "ok")
    raw = page["data"]
    ids = {(each.get("edit_history_tweet_ids") or [each["id"]])[0] for each in raw}
    shown = {
        each["media_key"]
        for each in page.get("includes", {}).get("media", [])
        if len({"url", "preview_image_url"} & each.keys())
    }
    originals = {each["id"]: each for each in page.get("includes", {}).get("tweets", [])}
    kinds: Counter[str] = Counter()
    media = 0
    for each in raw:
        types = [reference["type"] for reference in each.get("referenced_tweets", [])]
        kinds[next((kind for type_, kind in KINDS.items() if type_ in types), "post")] += 1
        words = each
        if "retweeted" in types:
            words = originals.get(each["referenced_tweets"][types.index("retweeted")]["id"], each)
        media += len(shown & set(words.get("attachments", {}).get("media_keys", [])))
    assert (first.counts.inserted, first.counts.rejected) == (len(ids), 0)
    assert (second.counts.inserted, second.counts.updated, second.counts.unchanged) == (0, 0, len(raw))
    with store.engine.connect() as connection:
        stored = dict(connection.execute(select(posts.c.kind, func.count()).group_by(posts.c.kind)).all())
        assert stored == dict(kinds)
        assert set(connection.scalars(select(posts.c.platform_post_id))) == ids
        assert connection.scalar(select(func.count()).select_from(attachments)) == media
        assert connection.scalar(select(func.count()).select_from(rejects)) == 0
        # None of their partial errors is about a post or an author that is stored.
        assert connection.scalar(select(func.count()).select_from(posts).where(posts.c.removed_at.is_not(None))) == 0
        # Recordings are old: nothing is within the overlap, so what is read twice is charged twice.
        assert connection.scalar(select(source_usage.c.reads)) == 2 * len({each["id"] for each in raw} | set(originals))
    assert [str(difference) for difference in rollups.check(store.engine)] == []
