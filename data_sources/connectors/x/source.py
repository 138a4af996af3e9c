"""Two sources of X: what citizens write to our accounts, and what these answer."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import html
import re
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from data_sources.base import BadPayload, CursorExpired, NotAllowed, Origin, QuotaExhausted, UsageError
from data_sources.connectors.x.normalising import NOTE, PLATFORM, OurAccounts, listed, normalise, removals
from data_sources.connectors.x.settings import UserToken, XSettings, read_settings
from data_sources.connectors.x.shapes import IDS_PER_LOOKUP, POSTS_PER_PAGE, SMALLEST_PAGE, shaped
from data_sources.connectors.x.walk import Walk
from data_sources.records import Page, Removal, Span
from data_sources.registry import Registry

if TYPE_CHECKING:
    from data_sources.connectors.x.client import XClient

DOLLARS_PER_READ = 0.005
READS_PER_USER = 2  # a user costs as much as two posts
MAX_QUERY_LENGTH = 512  # of the search over seven days
# More are asked for as a batch, which costs nothing: a daily look at 12,000 posts would cost 61 dollars a day.
MOST_LOOKED_UP = 500
_LINK = re.compile(r"https?://\S+")
Now = Callable[[], dt.datetime]
Sleep = Callable[[float], None]


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class XSource:
    """Some searches of X, one after the other, with one cursor and so one budget."""

    name, platform = PLATFORM, PLATFORM
    origin: Origin = "live"
    dollars_per_read = DOLLARS_PER_READ
    allowance: int | None = None

    def __init__(
        self,
        what: str,
        queries: Sequence[tuple[str, Sequence[str]]],
        settings: XSettings,
        registry: Registry,
        *,
        now: Now = _now,
        sleep: Sleep = time.sleep,
    ) -> None:
        self.source = f"{PLATFORM}:{what}"
        self.budget_reads, self.budget_dollars = settings.budget_reads, settings.budget_dollars
        self.looked_up = 0
        """Posts that :meth:`check` has paid for; no page counts them."""
        self._queries = tuple(queries)
        self._plan = hashlib.sha256("\n".join(query for query, _ in queries).encode()).hexdigest()[:16]
        self._settings = settings
        self._registry = registry
        self._now = now
        self._sleep = sleep

    @functools.cached_property
    def _client(self) -> XClient:
        return _new_client(self._settings)

    def fetch(self, cursor: str | None) -> Iterator[Page]:
        """Yield pages from where the last walk stood, to its end."""
        walk, reads = self._resumed(cursor)
        if not walk.is_under_way(self._plan):
            walk = walk.begun(self._now(), self._plan)
        is_anew = False
        while True:
            try:
                page, walk = self._page(walk, reads)
            except CursorExpired:
                if is_anew:
                    raise
                # What was read before the floor stays read; only this walk begins again.
                walk, is_anew = walk.begun(self._now(), self._plan), True
                continue
            yield page
            reads, is_anew = 0, False
            if not walk.is_under_way(self._plan):
                return

    def _page(self, walk: Walk, reads: int) -> tuple[Page, Walk]:
        query, handles = self._queries[walk.query]
        answer = self._client.search(query, walk.bounds(), walk.token, self._page_size(reads))
        with shaped("search"):
            ours = OurAccounts(self._registry, walk.users, are_answers_read=self._settings.list_id is not None)
            found = normalise(answer, ours)
            token = (answer.get("meta") or {}).get("next_token")
        if token is not None and token == walk.token:
            raise BadPayload("search: the next page is this page again")
        charged, walked = walk.charge(found.charged)
        spans: tuple[Span, ...] = ()
        if token is None:
            start, end = walk.span()
            spans = tuple(Span(account=handle, start=start, end=end) for handle in handles)
        after = walked.after(token, len(self._queries))
        page = Page(
            records=found.posts,
            rejects=found.rejects,
            removals=found.removals,
            spans=spans,
            reads=reads + charged,
            cursor=after.cursor(),
        )
        return page, after

    def _page_size(self, spent: int) -> int:
        """Return how many posts the next page may hold, after ``spent`` reads that no page has counted yet.

        Raises
        ------
        QuotaExhausted
            The budget does not pay for the smallest page there is.
        """
        if self.allowance is None:
            return POSTS_PER_PAGE
        if self.allowance - spent < SMALLEST_PAGE:
            raise QuotaExhausted(
                f"the month's budget pays for {self.allowance} more reads, a page has {SMALLEST_PAGE}; raise it or wait"
            )
        return min(POSTS_PER_PAGE, self.allowance - spent)

    def _resumed(self, cursor: str | None) -> tuple[Walk, int]:
        """Return the walk with the user ids of our accounts, and what they cost: a post names its author by id only.

        They are asked for once. A handle X does not know is asked for again on another day.
        """
        stored = Walk.read(cursor)
        walk = stored.with_day(self._now())
        handles = sorted({handle for _, handles in self._queries for handle in handles})
        users, reads = dict(walk.users), 0
        is_new_day = walk.day != stored.day
        unknown = [each for each in handles if each not in users or (is_new_day and users[each] is None)]
        for start in range(0, len(unknown), IDS_PER_LOOKUP):
            asked = unknown[start : start + IDS_PER_LOOKUP]
            if self.allowance is not None and reads + READS_PER_USER * len(asked) > self.allowance:
                raise QuotaExhausted(
                    f"the month's budget does not pay for looking up {len(unknown)} accounts; raise it or wait"
                )
            answer = self._client.users(asked)
            with shaped("lookup of users"):
                found = {str(each["username"]).casefold(): str(each["id"]) for each in listed(answer)}
            users |= {handle: found.get(handle.casefold()) for handle in asked}
            reads += READS_PER_USER * len(found)
        return walk.model_copy(update={"users": users}), reads

    def check(self, ids: Sequence[str]) -> Iterator[Removal]:
        """Yield which posts are gone: a few by lookup, many as a batch.

        Raises
        ------
        QuotaExhausted
            Looking them up would cost more than the budget of a month.
        ConnectorError
            X did not answer.
        """
        if len(ids) > MOST_LOOKED_UP:
            from data_sources.connectors.x.compliance import ComplianceJobs

            yield from ComplianceJobs(self._client, self._settings, sleep=self._sleep).gone(ids)
            return
        for start in range(0, len(ids), IDS_PER_LOOKUP):
            part = list(ids[start : start + IDS_PER_LOOKUP])
            self._afford(len(part))
            answer = self._client.posts(part)
            with shaped("lookup of posts"):
                found = {str(each["id"]) for each in listed(answer)}
                gone = [each for each in removals(answer.get("errors")) if each.what == "post" and each.id in part]
            self.looked_up += len(found)
            yield from gone
            for id_ in part:
                if id_ not in found and id_ not in {each.id for each in gone}:
                    yield Removal(platform=PLATFORM, what="post", id=id_, reason="missing")

    def _afford(self, more: int) -> None:
        reads = self.looked_up + more
        over_reads = self.budget_reads is not None and reads > self.budget_reads
        over_dollars = self.budget_dollars is not None and reads * DOLLARS_PER_READ > self.budget_dollars
        if over_reads or over_dollars:
            raise QuotaExhausted(f"looking up {reads} posts would cost more than the budget; raise it or ask for fewer")

    def publish(self, account: str, text: str, *, key: str, in_reply_to: str | None = None) -> str:
        """Post as one of our accounts. X knows no key that makes a repetition harmless: it refuses the same text instead.

        Raises
        ------
        NotAllowed
            The account's keys are not set, or X forbids it.
        Unknown
            It was sent and no answer came.
        """
        return self._acting_for(account)[0].create(text, in_reply_to)

    def find_published(self, account: str, text: str, since: dt.datetime) -> str | None:
        """Return the id of a post with this text among the newest 100 of the account; links are not compared, X rewrites them."""
        client, user_id = self._acting_for(account)
        answer = client.posts_of(user_id or client.own_id(), since)
        with shaped("posts of a user"):
            for each in listed(answer):
                whole = [each[name]["text"] for name in NOTE if each.get(name)] or [each["text"]]
                if _without_links(html.unescape(whole[0])) == _without_links(text):
                    return str(each["id"])
        return None

    def _acting_for(self, account: str) -> tuple[XClient, str | None]:
        settings = self._settings
        known = {handle.casefold(): token for handle, token in settings.access_tokens.items()}
        token = known.get(account.casefold())
        if settings.consumer_key is None or settings.consumer_secret is None or token is None:
            raise NotAllowed(
                f"{account} cannot post on X: set MINWON_X_CONSUMER_KEY, MINWON_X_CONSUMER_SECRET and its entry in "
                "MINWON_X_ACCESS_TOKENS"
            )
        user_id = token.token.get_secret_value().partition("-")[0]  # an access token begins with the user's id
        return _new_client(settings, token), user_id if user_id.isdigit() else None


def _new_client(settings: XSettings, user: UserToken | None = None) -> XClient:
    # Here: `status` makes sources and asks X nothing, and need not wait for tweepy.
    from data_sources.connectors.x.client import XClient

    return XClient(settings, user)


def _without_links(text: str) -> str:
    return " ".join(_LINK.sub("", text).split())


def mention_queries(handles: Sequence[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Return as few searches as name all handles, each with the handles it names: the longest first, each where it fits."""
    groups: list[tuple[str, ...]] = []
    for handle in sorted(handles, key=lambda each: (-len(each), each)):
        for number, group in enumerate(groups):
            if len(_mentions((*group, handle))) <= MAX_QUERY_LENGTH:
                groups[number] = (*group, handle)
                break
        else:
            groups.append((handle,))
    return [(_mentions(group), group) for group in groups]


def _mentions(handles: Sequence[str]) -> str:
    return f"({' OR '.join(f'@{handle}' for handle in handles)}) -is:retweet"


def build(registry: Registry) -> list[XSource]:
    """Return the sources of the environment's settings.

    Raises
    ------
    UsageError
        A setting is missing or wrong, or the registry holds no account on X that exists.
    """
    return sources_of(read_settings(), registry)


def sources_of(settings: XSettings, registry: Registry, *, now: Now = _now, sleep: Sleep = time.sleep) -> list[XSource]:
    """Return the sources that settings allow: mentions, and answers where a list of our accounts is named.

    Raises
    ------
    UsageError
        There is no token, or the registry holds no account on X that exists.
    """
    if settings.bearer_token is None:
        raise UsageError("x needs MINWON_X_BEARER_TOKEN, the bearer token of your app")
    accounts = registry.accounts_with_status("connected", PLATFORM)
    handles = [account.handle for account in accounts if not account.is_invented]
    if not handles:
        raise UsageError("the registry holds no connected account on x; name a file with yours in MINWON_REGISTRY")
    sources = [XSource("mentions", mention_queries(handles), settings, registry, now=now, sleep=sleep)]
    if settings.list_id is not None:
        answers = [(f"list:{settings.list_id} is:reply", handles)]
        sources.append(XSource("answers", answers, settings, registry, now=now, sleep=sleep))
    return sources
