"""A small X behind a loopback server: it searches, pages, indexes late, forgets after seven days, and fails when told.

Everything in it is invented. What it holds is known, so that what a store holds can be compared with it.
"""

from __future__ import annotations

import bisect
import datetime as dt
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from data_sources.connectors.x.settings import XSettings
from data_sources.connectors.x.snowflake import id_at, moment_of
from data_sources.registry import Account, Department, Platform, Registry
from tests.loopback import Answer, LoopbackServer, Request

TOKEN = "a token nobody may see"
LIST_ID = "84839422"
FIRST_ACCOUNT, FIRST_CITIZEN = 9_000_000, 1_000_000
SUBJECTS = ("가로등이", "버스가", "수돗물이", "주차장이", "공원 화장실이", "지하철 승강기가", "자전거 대여소가")
STATES = ("고장났어요", "늦어요", "이상해요", "막혔어요", "너무 더러워요")
REACH = dt.timedelta(days=7)


def a_registry(*handles: str) -> Registry:
    """Return a registry of these accounts on X."""
    accounts = [
        Account("x", handle, handle, handle, "roads", "department", "connected", dt.date(2020, 1, 1))
        for handle in handles
    ]
    platform = Platform("x", "트위터(X)", "Twitter (X)", "https://x.com", "link", "ids")
    return Registry((Department("roads", "도로관리과", "Roads", "division"),), (platform,), tuple(accounts))


def handles_of(number: int) -> list[str]:
    """Return so many handles of an invented city, of the usual lengths."""
    return [f"arisu_{each:02d}_{'office' if each % 3 else 'team'}" for each in range(number)]


def settings_for(url: str, **more: Any) -> XSettings:
    """Return settings that lead to a loopback server."""
    return XSettings(**{"bearer_token": TOKEN, "base_url": url, "timeout_s": 5.0, "list_id": LIST_ID, **more})


@dataclass(frozen=True, slots=True)
class Held:
    """A version of a post, and when the search shows it."""

    raw: dict[str, Any]
    from_: dt.datetime
    until: dt.datetime | None = None
    handles: frozenset[str] = frozenset()
    is_answer: bool = False

    def is_shown(self, now: dt.datetime) -> bool:
        """Return whether the search shows it."""
        return self.from_ <= now and (self.until is None or self.until > now)


@dataclass(slots=True)
class SimulatedX:
    """Posts in the order of their ids, and what becomes of a request."""

    handles: Sequence[str]
    held: list[Held]
    now: Callable[[], dt.datetime]
    fault_share: float = 0.0
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    faults: int = 0
    calls: int = 0

    def serve(self, server: LoopbackServer) -> None:
        """Answer the paths of the API."""
        self.held.sort(key=lambda each: int(each.raw["id"]))
        server.respond("/2/tweets/search/recent", self._faulty(self._search))
        server.respond("/2/users/by", self._faulty(self._users))

    def _faulty(self, respond: Callable[[Request], Answer]) -> Callable[[Request], Answer]:
        def answered(request: Request) -> Answer:
            self.calls += 1
            if self.chance.random() >= self.fault_share:
                return respond(request)
            self.faults += 1
            whole = respond(request)
            reset = str(int(self.now().timestamp()) + 1)
            return self.chance.choice((
                Answer(b"", 429, {"x-rate-limit-reset": reset}),
                Answer(b"", 429, {}),
                Answer([{"code": 130}], 503),
                Answer(b"<html>over capacity</html>", 503, {"content-type": "text/html"}),
                Answer(b"<html>hello</html>", 200, {"content-type": "text/html"}),
                Answer(whole.body, fault="truncate"),
                Answer(fault="drop"),
            ))  # fmt: skip

        return answered

    def _users(self, request: Request) -> Answer:
        asked = request.query["usernames"].split(",")
        found = [
            {"id": str(FIRST_ACCOUNT + self.handles.index(handle)), "username": handle, "name": handle}
            for handle in asked
            if handle in self.handles
        ]
        return Answer({"data": found})

    def _search(self, request: Request) -> Answer:
        query, now = request.query["query"], self.now()
        start = dt.datetime.fromisoformat(request.query["start_time"]) if "start_time" in request.query else now - REACH
        after = int(request.query["since_id"]) if "since_id" in request.query else id_at(start) - 1
        if moment_of(after) < now - REACH - dt.timedelta(seconds=1):
            name = "since_id" if "since_id" in request.query else "start_time"
            wrong = {"parameters": {name: [request.query[name]]}, "message": f"Invalid '{name}'"}
            return Answer({"errors": [wrong], "title": "Invalid Request"}, 400)
        token = request.query.get("next_token")
        before = int(token.removeprefix("before")) if token else id_at(now) + 1
        ids = [int(each.raw["id"]) for each in self.held]
        rows = self.held[bisect.bisect_right(ids, after) : bisect.bisect_left(ids, before)]
        named = set(re.findall(r"@(\w+)", query))
        found = [
            each.raw
            for each in reversed(rows)
            if each.is_shown(now) and (each.is_answer if query.startswith("list:") else bool(named & each.handles))
        ]
        size = int(request.query["max_results"])
        page, rest = found[:size], found[size:]
        meta: dict[str, Any] = {"result_count": len(page)}
        if page:
            meta |= {"newest_id": page[0]["id"], "oldest_id": page[-1]["id"]}
        if rest:
            meta["next_token"] = f"before{page[-1]['id']}"
        return Answer({"data": page, "meta": meta} if page else {"meta": meta})

    def newest_versions(self) -> dict[str, tuple[int, str, bool]]:
        """Return version, text and whether it is an answer of every post that is shown now, by the id of its first version."""
        now = self.now()
        last = [each for each in self.held if each.is_shown(now)]
        return {
            each.raw["edit_history_tweet_ids"][0]: (
                len(each.raw["edit_history_tweet_ids"]) - 1, each.raw["text"], each.is_answer
            )
            for each in last
        }  # fmt: skip


def a_day(
    handles: Sequence[str], posts: int, start: dt.datetime, days: float = 1.0, seed: int = 7, answered: float = 0.2
) -> list[Held]:
    """Return invented posts to the accounts over some days, ``answered`` of all by answers of the accounts.

    Some enter the search up to 40 minutes late, some are edited, some name two accounts.
    """
    chance = random.Random(seed)
    held: list[Held] = []
    moments = sorted(chance.uniform(0, days * 86_400) for _ in range(posts))
    questions: list[tuple[str, str]] = []
    for number, seconds in enumerate(moments):
        made = start + dt.timedelta(seconds=seconds)
        post_id = str(id_at(made) + number % 4096)
        late = dt.timedelta(minutes=chance.uniform(1, 40)) if chance.random() < 0.02 else dt.timedelta()
        if questions and chance.random() < answered:
            parent, citizen = chance.choice(questions[-200:])
            account = chance.randrange(len(handles))
            raw = _raw(post_id, f"{number}번 말씀 확인했습니다. 곧 조치하겠습니다.", FIRST_ACCOUNT + account, made, ())
            raw |= {"referenced_tweets": [{"type": "replied_to", "id": parent}], "in_reply_to_user_id": citizen}
            held.append(Held(raw, made + late, is_answer=True))
            continue
        named = chance.sample(list(handles), 2 if chance.random() < 0.05 else 1)
        words = f"{chance.choice(SUBJECTS)} {chance.choice(STATES)} {number}번"
        citizen = FIRST_CITIZEN + chance.randrange(posts)
        raw = _raw(post_id, words, citizen, made, named)
        questions.append((post_id, str(citizen)))
        if chance.random() < 0.02:
            edited = made + dt.timedelta(minutes=chance.uniform(1, 50))
            edit = _raw(str(id_at(edited) + number % 4096), f"{words} 고쳐 씁니다", citizen, edited, named)
            history = [post_id, edit["id"]]
            edit["edit_history_tweet_ids"] = history
            held += [
                Held(raw, made + late, max(edited, made + late), frozenset(named)),
                Held(edit, max(edited, made + late), None, frozenset(named)),
            ]
        else:
            held.append(Held(raw, made + late, None, frozenset(named)))
    return held


def _raw(post_id: str, words: str, author: int, made: dt.datetime, named: Sequence[str]) -> dict[str, Any]:
    calls = " ".join(f"@{handle}" for handle in named)
    mentions = [{"username": handle, "start": 0, "end": len(handle) + 1} for handle in named]
    return {
        "id": post_id,
        "text": f"{calls} {words}".strip(),
        "author_id": str(author),
        "created_at": made.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "edit_history_tweet_ids": [post_id],
        "entities": {"mentions": mentions} if mentions else {},
    }
