"""A network that is read over HTTP, with all it can do wrong: nothing is lost, nothing doubled, and the source says why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence

import pytest
from sqlalchemy import func, select

from data_sources.base import CursorExpired, UsageError
from data_sources.connectors.http import HttpClient, reset_of
from data_sources.fetching import BRISK, FAILURES_ALLOWED, PATIENT, Outcome, Surroundings, fetch
from data_sources.records import AccountReference, Page, Post, Removal, Span
from data_sources.watching import watch
from db import rollups
from db.operations.sources import usage_of_network
from db.schema import accounts, coverage_spans, posts, source_usage
from db.transactions import writing
from db.writes.sources import source_state, take_watch
from tests.builders import a_question, kst
from tests.conftest import Store
from tests.loopback import JSON, Answer, LoopbackServer, Request

HANDLE, TOKEN = "roads", "a token nobody may see"
PER_PAGE = 2


class Numbers:
    """A network of the simplest kind: ``/posts?after=N`` gives the next posts, the cursor is the last number."""

    name, platform = "numbers", "blog"
    source, origin = "numbers:test", "live"
    dollars_per_read = 0.005

    def __init__(self, url: str, budget_reads: int | None = None, timeout_s: float = 5.0) -> None:
        self.budget_reads, self.budget_dollars = budget_reads, None
        self._http = HttpClient(url, {"Authorization": f"Bearer {TOKEN}"}, timeout_s)

    def fetch(self, cursor: str | None) -> Iterator[Page]:
        after = int(cursor or 0)
        while True:
            found = self._http.json("/posts", {"after": after})
            if found.get("expired"):
                raise CursorExpired("the cursor is too old")
            numbers = found["numbers"]
            after = max([after, *numbers])
            yield Page(
                records=tuple(_post(number) for number in numbers),
                removals=tuple(Removal(platform="blog", reason="deleted", **gone) for gone in found.get("gone", ())),
                spans=(Span(account=HANDLE, start=kst("2026-03-02 09:00"), end=_moment(after)),),
                reads=len(numbers),
                cursor=str(after),
            )
            if not found["more"]:
                return

    def check(self, ids: Sequence[str]) -> Iterator[Removal]:
        yield from ()

    def publish(self, account: str, text: str, *, key: str, in_reply_to: str | None = None) -> str:
        raise NotImplementedError

    def find_published(self, account: str, text: str, since: dt.datetime) -> str | None:
        return None


def _moment(number: int) -> dt.datetime:
    return kst("2026-03-02 09:00") + dt.timedelta(minutes=number)


def _post(number: int) -> Post:
    return a_question(
        f"n{number}", f"{number}번째 가로등이 고장났어요", created_at=_moment(number), author=f"citizen{number % 3}",
        addressed_to=AccountReference(handle=HANDLE, department="도로관리과"),
    )  # fmt: skip


def _honest(last: int, **more: object) -> Callable[[Request], Answer]:
    def respond(request: Request) -> Answer:
        after = int(request.query["after"])
        numbers = list(range(after + 1, min(after + PER_PAGE, last) + 1))
        return Answer({"numbers": numbers, "more": after + PER_PAGE < last, **more})

    return respond


class Clock:
    """Time that passes only where somebody sleeps."""

    def __init__(self) -> None:
        self.moment = dt.datetime(2026, 3, 3, tzinfo=dt.UTC)
        self.slept: list[float] = []

    def surroundings(self) -> Surroundings:
        return Surroundings(now=lambda: self.moment, sleep=self.sleep, jitter=lambda longest: longest / 2)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.moment += dt.timedelta(seconds=seconds)


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with LoopbackServer() as running:
        yield running


def _fetch(store: Store, server: LoopbackServer, clock: Clock, **options: object) -> Outcome:
    connector = Numbers(server.url, timeout_s=0.4, **options)
    return fetch(connector, store.engine, patience=PATIENT, surroundings=clock.surroundings())


def _ids(store: Store) -> list[str]:
    with store.engine.connect() as connection:
        return sorted(connection.scalars(select(posts.c.platform_post_id)), key=lambda id_: int(id_[1:]))


EVERYTHING = [f"n{number}" for number in range(1, 8)]
NO_BODY: dict[str, Answer] = {
    "429 with a reset": Answer(b"", 429, {"x-rate-limit-reset": str(int(dt.datetime(2026, 3, 3, 0, 5, tzinfo=dt.UTC).timestamp()))}),
    "429 without one": Answer(b"", 429, {}),
    "503 in HTML": Answer(b"<html>busy</html>", 503, {"content-type": "text/html"}),
    "200 in HTML": Answer(b"<html>hello</html>", 200, {"content-type": "text/html"}),
    "truncated": Answer({"numbers": [1, 2], "more": True}, fault="truncate"),
    "dropped": Answer(fault="drop"),
    "silent": Answer({"numbers": [], "more": False}, delay_s=1.0),
}  # fmt: skip


@pytest.mark.parametrize("fault", NO_BODY.values(), ids=NO_BODY)
def test_what_passes_is_waited_for_and_nothing_is_lost_or_doubled(
    store: Store, server: LoopbackServer, fault: Answer
) -> None:
    clock, calls = Clock(), []

    def respond(request: Request) -> Answer:
        calls.append(request)
        return fault if len(calls) in (2, 3) else _honest(7)(request)

    server.respond("/posts", respond)
    outcome = _fetch(store, server, clock)
    assert outcome.state.status == "ok"
    assert outcome.counts.inserted == 7
    assert _ids(store) == EVERYTHING
    assert clock.slept
    again = _fetch(store, server, clock)
    assert (again.counts.inserted, again.counts.updated) == (0, 0)
    assert [str(difference) for difference in rollups.check(store.engine)] == []


AN_HOUR_LATER = str(int(dt.datetime(2026, 3, 3, 1, tzinfo=dt.UTC).timestamp()))
LASTING: dict[str, tuple[Answer, str]] = {
    "401": (Answer(b"", 401), "unauthorised"),
    "402": (Answer(b"", 402), "quota"),
    "403": (Answer(b"", 403), "not_allowed"),
    "400": (Answer(b"", 400), "bad_request"),
    "elsewhere": (Answer(b"", 302, {"location": "http://127.0.0.1:9/"}), "bad_payload"),
    "503": (Answer(b"", 503), "unreachable"),
    "429 for an hour": (Answer(b"", 429, {"x-rate-limit-reset": AN_HOUR_LATER}), "rate_limited"),
}


@pytest.mark.parametrize(("fault", "status"), LASTING.values(), ids=LASTING)
def test_what_lasts_ends_the_run_in_one_line_and_what_was_read_stays(
    store: Store, server: LoopbackServer, fault: Answer, status: str
) -> None:
    clock, calls = Clock(), []

    def respond(request: Request) -> Answer:
        calls.append(request)
        return _honest(7)(request) if len(calls) == 1 else fault

    server.respond("/posts", respond)
    outcome = _fetch(store, server, clock)
    assert outcome.state.status == status
    assert _ids(store) == ["n1", "n2"]
    assert outcome.state.error is not None
    assert "\n" not in outcome.state.error
    assert TOKEN not in outcome.state.error
    # The network is well again, and nobody has to tell us where we were.
    clock.moment += dt.timedelta(hours=7)
    server._queues.clear()
    server.respond("/posts", _honest(7))
    assert _fetch(store, server, clock).state.status == "ok"
    assert _ids(store) == EVERYTHING


def test_a_source_that_keeps_failing_is_left_alone_longer_and_longer(store: Store, server: LoopbackServer) -> None:
    clock = Clock()
    server.answer("/posts", Answer(b"", 401))
    for _ in range(FAILURES_ALLOWED):
        outcome = _fetch(store, server, clock)
    assert outcome.state.retry_at is not None
    asked = len(server.seen)
    assert _fetch(store, server, clock).is_skipped
    assert len(server.seen) == asked
    first_rest = outcome.state.retry_at - clock.moment
    clock.moment = outcome.state.retry_at
    assert not (later := _fetch(store, server, clock)).is_skipped
    assert later.state.retry_at is not None
    assert later.state.retry_at - clock.moment == 2 * first_rest


def test_a_budget_ends_the_reading_before_the_next_page(store: Store, server: LoopbackServer) -> None:
    clock = Clock()
    server.respond("/posts", _honest(7))
    outcome = _fetch(store, server, clock, budget_reads=4)
    assert outcome.state.status == "quota"
    assert outcome.state.error is not None
    assert "2026-03" in outcome.state.error
    assert _ids(store) == ["n1", "n2", "n3", "n4"]
    with store.engine.connect() as connection:
        month, reads, dollars = connection.execute(
            select(source_usage.c.month, source_usage.c.reads, source_usage.c.dollars)
        ).one()
    assert (month, reads) == ("2026-03", 4)
    assert dollars == pytest.approx(0.02)
    clock.moment = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
    assert _fetch(store, server, clock, budget_reads=4).state.status == "ok"
    assert _ids(store) == EVERYTHING


def test_sources_of_one_network_share_its_budget(store: Store, server: LoopbackServer) -> None:
    clock = Clock()
    server.respond("/posts", _honest(7))
    for source, inserted in (("numbers:first", 4), ("numbers:second", 0)):
        connector = Numbers(server.url, budget_reads=4)
        connector.source = source
        outcome = fetch(connector, store.engine, patience=PATIENT, surroundings=clock.surroundings())
        assert (outcome.state.status, outcome.counts.inserted) == ("quota", inserted)
    with writing(store.engine) as connection:
        assert usage_of_network(connection, "numbers", "2026-03") == (4, pytest.approx(0.02))
        assert usage_of_network(connection, "number", "2026-03") == (0, 0.0)


def test_a_cursor_the_network_has_forgotten_begins_anew(store: Store, server: LoopbackServer) -> None:
    clock = Clock()
    server.respond("/posts", _honest(4))
    _fetch(store, server, clock)

    forgotten: list[Request] = []

    def respond(request: Request) -> Answer:
        if request.query["after"] == "4" and not forgotten:
            forgotten.append(request)
            return Answer({"expired": True})
        return _honest(7)(request)

    server._queues.clear()
    server.respond("/posts", respond)
    outcome = _fetch(store, server, clock)
    assert outcome.state.status == "ok"
    assert (outcome.counts.inserted, outcome.counts.unchanged) == (3, 4)


def test_removals_of_posts_and_of_authors_leave_tombstones(store: Store, server: LoopbackServer) -> None:
    clock = Clock()
    server.respond("/posts", _honest(7))
    _fetch(store, server, clock)
    gone = [{"what": "post", "id": "n1"}, {"what": "author", "id": "citizen2"}]
    server._queues.clear()
    server.respond("/posts", _honest(7, gone=gone))
    _fetch(store, server, clock)
    with store.engine.connect() as connection:
        removed = set(connection.scalars(select(posts.c.platform_post_id).where(posts.c.removed_at.is_not(None))))
    assert removed == {"n1", "n2", "n5"}
    assert [str(difference) for difference in rollups.check(store.engine)] == []
    # The network repeats one that was removed: it does not come back.
    with store.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(posts).where(posts.c.text.is_(None))) == 3


def test_spans_that_touch_are_one_and_a_gap_stays_one(store: Store, server: LoopbackServer) -> None:
    clock = Clock()
    server.respond("/posts", _honest(7))
    _fetch(store, server, clock)
    with store.engine.connect() as connection:
        spans = connection.execute(
            select(coverage_spans.c.start_at, coverage_spans.c.end_at, accounts.c.handle).join(accounts)
        ).all()
    assert [tuple(span) for span in spans] == [(kst("2026-03-02 09:00"), _moment(7), HANDLE)]


def test_only_one_watch_runs_on_a_store_and_it_ends_when_it_is_told(store: Store, server: LoopbackServer) -> None:
    server.respond("/posts", _honest(7))
    outcomes: list[Outcome] = []
    watch([Numbers(server.url)], store.engine, 0.01, outcomes.append, rounds=2)
    assert [outcome.counts.inserted for outcome in outcomes] == [7, 0]
    with writing(store.engine) as connection:
        assert take_watch(connection, dt.datetime.now(dt.UTC), 60)
    with pytest.raises(UsageError, match="another watch"):
        watch([Numbers(server.url)], store.engine, 0.01, outcomes.append, rounds=1)
    with pytest.raises(UsageError, match="no source"):
        watch([], store.engine, 1, outcomes.append)


def test_a_failing_source_does_not_stop_the_next(store: Store, server: LoopbackServer) -> None:
    server.respond("/posts", _honest(7))
    broken = Numbers("http://127.0.0.1:9")
    broken.source = "numbers:broken"
    outcomes: list[Outcome] = []
    watch([broken, Numbers(server.url)], store.engine, 0.01, outcomes.append, rounds=1)
    assert [outcome.state.status for outcome in outcomes] == ["unreachable", "ok"]
    with store.engine.connect() as connection:
        assert source_state(connection, "numbers:broken") == outcomes[0].state
    assert BRISK.for_limits_s == 0


NOW = dt.datetime(2026, 3, 3, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("headers", "reset"),
    [
        ({}, None),
        ({"Retry-After": "30"}, NOW + dt.timedelta(seconds=30)),
        ({"X-Rate-Limit-Reset": "1772496000"}, dt.datetime(2026, 3, 3, tzinfo=dt.UTC)),
        ({"X-RateLimit-Reset": "2026-03-03T00:05:00.000Z"}, NOW + dt.timedelta(minutes=5)),
        ({"Retry-After": "Tue, 03 Mar 2026 00:01:00 GMT"}, NOW + dt.timedelta(minutes=1)),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "-5"}, NOW),
    ],
)
def test_the_moment_of_the_next_request_is_read_however_it_is_written(
    headers: dict[str, str], reset: dt.datetime | None
) -> None:
    assert reset_of(headers, NOW) == reset


def test_a_body_is_json_by_default() -> None:
    assert Answer({"a": "가"}).content.decode() == '{"a": "가"}'
    assert "json" in JSON["content-type"]


class Silent(Numbers):
    """Yields no page where there is nothing new, as some networks do."""

    def fetch(self, cursor: str | None) -> Iterator[Page]:
        for page in super().fetch(cursor):
            if page.records:
                yield page


def test_a_network_with_nothing_new_is_not_read_from_the_beginning(store: Store, server: LoopbackServer) -> None:
    asked: list[int] = []

    def respond(request: Request) -> Answer:
        asked.append(int(request.query["after"]))
        return _honest(3)(request)

    server.respond("/posts", respond)
    surroundings = Clock().surroundings()
    for _ in range(2):
        outcome = fetch(Silent(server.url), store.engine, patience=PATIENT, surroundings=surroundings)
        assert outcome.state.status == "ok"
    assert asked == [0, 2, 3]
