"""The two sources of X against a server that pages, forgets and fails: nothing lost, nothing doubled, nothing told."""

from __future__ import annotations

import datetime as dt
import io
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from data_sources.base import UsageError
from data_sources.connectors.networks import CONNECTORS, set_up
from data_sources.connectors.x.client import XClient
from data_sources.connectors.x.settings import XSettings
from data_sources.connectors.x.snowflake import id_at
from data_sources.connectors.x.source import MAX_QUERY_LENGTH, build, mention_queries, sources_of
from data_sources.connectors.x.walk import OVERLAP, REACH, Walk
from data_sources.fetching import Outcome, Surroundings, fetch
from db.operations.sources import usage_of_network
from db.schema import accounts, coverage_spans, cursors, posts
from db.transactions import writing
from tests.conftest import Store
from tests.loopback import Answer, LoopbackServer, Request
from tests.simulated_x import LIST_ID, TOKEN, Held, SimulatedX, a_day, a_registry, handles_of, settings_for

START = dt.datetime(2026, 10, 5, 15, 0, tzinfo=dt.UTC)
ROOT = Path(__file__).resolve().parents[4]
SEARCH = "/2/tweets/search/recent"
HANDLES = handles_of(3)
DAY = dt.timedelta(days=1)


class City:
    """A simulated X with its server, a store, and a clock that is set."""

    def __init__(self, store: Store, server: LoopbackServer, held: list[Held]) -> None:
        self.store, self.server = store, server
        self.moment = START + DAY
        self.registry = a_registry(*HANDLES)
        self.x = SimulatedX(HANDLES, held, lambda: self.moment)
        self.x.serve(server)
        self.slept: list[float] = []

    def fetch(self, which: int = 0, **settings: Any) -> Outcome:
        around = Surroundings(now=lambda: self.moment, sleep=self._sleep, jitter=lambda longest: longest)
        source = sources_of(settings_for(self.server.url, **settings), self.registry, now=lambda: self.moment)[which]
        return fetch(source, self.store.engine, registry=self.registry, surroundings=around)

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.moment += dt.timedelta(seconds=seconds)

    def stored(self) -> dict[str, tuple[int, str, bool]]:
        columns = (posts.c.platform_post_id, posts.c.version, posts.c.text, posts.c.is_inbound)
        with self.store.engine.connect() as connection:
            rows = connection.execute(select(*columns)).all()
        return {id_: (version, text, not inbound) for id_, version, text, inbound in rows}

    def cursor(self, source: str = "x:mentions") -> Walk:
        with self.store.engine.connect() as connection:
            return Walk.read(connection.scalar(select(cursors.c.cursor).where(cursors.c.source == source)))

    def reads(self) -> int:
        with self.store.engine.connect() as connection:
            return usage_of_network(connection, "x", "2026-10")[0]

    def searches(self) -> list[Request]:
        return [request for request in self.server.seen if request.path == SEARCH]


@pytest.fixture
def city(store: Store) -> Iterator[City]:
    with LoopbackServer() as server:
        yield City(store, server, a_day(HANDLES, 250, START))


def test_mentions_and_answers_are_read_and_answers_find_their_questions(city: City) -> None:
    mentions, answers = city.fetch(0), city.fetch(1)
    assert (mentions.state.status, answers.state.status) == ("ok", "ok")
    assert city.stored() == city.x.newest_versions()
    assert {request.query["query"] for request in city.searches()} == {
        f"({' OR '.join(f'@{each}' for each in sorted(HANDLES, key=lambda each: (-len(each), each)))}) -is:retweet",
        f"list:{LIST_ID} is:reply",
    }
    assert {request.query["expansions"] for request in city.searches()} == {"attachments.media_keys"}
    with city.store.engine.connect() as connection:
        parents = list(connection.scalars(select(posts.c.in_reply_to_post_id).where(posts.c.is_inbound.is_(False))))
    assert parents
    assert None not in parents
    # 250 posts and, for each source, three accounts at the price of two.
    assert city.reads() == len(city.x.newest_versions()) + 2 * 3 * 2


def test_without_a_list_no_question_counts_as_unanswered(city: City) -> None:
    city.fetch(list_id=None)
    with city.store.engine.connect() as connection:
        assert set(connection.scalars(select(posts.c.answers_collected))) == {False}
    city.moment += dt.timedelta(minutes=5)
    city.fetch()
    with city.store.engine.connect() as connection:
        read_again = set(
            connection.scalars(select(posts.c.answers_collected).where(posts.c.created_at > START + DAY - OVERLAP))
        )
    assert read_again == {True}


def test_a_second_round_reads_the_overlap_only_and_pays_for_nothing_twice_a_day(city: City) -> None:
    city.fetch()
    before, reads = city.stored(), city.reads()
    city.moment += dt.timedelta(minutes=5)
    again = city.fetch()
    assert (again.counts.inserted, again.counts.updated) == (0, 0)
    assert again.counts.unchanged > 0
    assert (city.stored(), city.reads()) == (before, reads)
    since = city.searches()[-1].query["since_id"]
    assert since == str(id_at(START + DAY - OVERLAP))
    assert len([request for request in city.server.seen if request.path == "/2/users/by"]) == 1


def test_what_is_read_again_after_midnight_utc_is_paid_for_again(store: Store) -> None:
    midnight = dt.datetime(2026, 10, 6, tzinfo=dt.UTC)
    with LoopbackServer() as server:
        city = City(store, server, a_day(HANDLES, 40, midnight - dt.timedelta(minutes=30), days=1 / 48, answered=0.0))
        city.x.held = [each for each in city.x.held if each.until is None and each.from_ < midnight]
        city.moment = midnight - dt.timedelta(seconds=1)
        city.fetch()
        reads = city.reads()
        city.moment = midnight + dt.timedelta(minutes=1)
        assert city.fetch().counts.inserted == 0
        assert city.reads() == 2 * reads - 6


def test_a_latecomer_within_the_overlap_is_found(city: City) -> None:
    late = next(each for each in city.x.held if each.until is None and not each.is_answer)
    made = START + DAY - dt.timedelta(minutes=40)
    post_id = str(id_at(made) + 1)
    raw = {**late.raw, "id": post_id, "edit_history_tweet_ids": [post_id], "created_at": made.isoformat()}
    city.x.held.append(Held(raw, START + DAY + dt.timedelta(minutes=1), None, late.handles))
    city.x.held.sort(key=lambda each: int(each.raw["id"]))
    city.fetch()
    assert post_id not in city.stored()
    city.moment += dt.timedelta(minutes=5)
    city.fetch()
    assert post_id in city.stored()


def test_after_an_outage_of_more_than_seven_days_the_reading_goes_on_and_the_gap_stays_one(city: City) -> None:
    city.fetch()
    city.moment += 10 * DAY
    assert city.fetch().state.status == "ok"
    assert "since_id" not in city.searches()[-1].query
    assert city.searches()[-1].query["start_time"] == (city.moment - REACH).strftime("%Y-%m-%dT%H:%M:%SZ")
    with city.store.engine.connect() as connection:
        spans = connection.execute(
            select(coverage_spans.c.start_at, coverage_spans.c.end_at)
            .join(accounts)
            .where(accounts.c.handle == HANDLES[0])
            .order_by(coverage_spans.c.start_at)
        ).all()
    ends = START + DAY
    assert [tuple(span) for span in spans] == [(ends - REACH, ends), (ends + 10 * DAY - REACH, ends + 10 * DAY)]
    city.moment += dt.timedelta(hours=1)
    city.fetch()
    assert "since_id" in city.searches()[-1].query


def test_a_walk_that_is_cut_off_goes_on_at_its_next_page(city: City) -> None:
    whole = city.x.newest_versions()

    def unauthorised_after_a_page(request: Request) -> Answer:
        return Answer({"title": "Unauthorized"}, 401) if "next_token" in request.query else city.x._search(request)

    queue = city.server._queues["GET", SEARCH]
    honest = queue[:]
    queue[:] = [unauthorised_after_a_page]
    assert city.fetch().state.status == "unauthorised"
    walk = city.cursor()
    assert walk.floor is None
    assert walk.token is not None
    first_page = city.stored()
    assert len(first_page) == 100
    queue[:] = honest
    assert city.fetch().counts.inserted == sum(not answer for _, _, answer in whole.values()) - 100
    assert city.cursor().floor == id_at(START + DAY)
    assert city.searches()[-1].query["start_time"] == city.searches()[0].query["start_time"]


@pytest.mark.parametrize("wrong", ["next_token", "since_id"])
def test_a_place_x_has_forgotten_is_begun_anew_from_what_was_read_before(city: City, wrong: str) -> None:
    city.fetch()
    city.moment += dt.timedelta(hours=3)
    city.x.held += a_day(HANDLES, 240, START + DAY, days=1 / 8, answered=0.0, seed=8)
    city.x.held.sort(key=lambda each: int(each.raw["id"]))
    refused: list[Request] = []

    def forgets_once(request: Request) -> Answer:
        if wrong in request.query and not refused:
            refused.append(request)
            error = {"parameters": {wrong: [request.query[wrong]]}, "message": f"Invalid '{wrong}'"}
            return Answer({"errors": [error], "title": "Invalid Request"}, 400)
        return city.x._search(request)

    city.server._queues["GET", SEARCH][:] = [forgets_once]
    outcome = city.fetch()
    assert outcome.state.status == "ok"
    assert refused
    held = {id_: each for id_, each in city.x.newest_versions().items() if not each[2]}
    assert city.stored() == held
    assert city.searches()[-1].query["since_id"] == str(id_at(START + DAY - OVERLAP))


def test_a_place_that_is_always_refused_ends_in_its_state(city: City) -> None:
    error = {"parameters": {"start_time": ["x"]}, "message": "Invalid"}
    city.server._queues["GET", SEARCH][:] = [Answer({"errors": [error]}, 400)]
    assert city.fetch().state.status == "cursor_expired"


def test_a_page_that_names_itself_as_the_next_is_not_paid_for_without_end(city: City) -> None:
    def turns_round(request: Request) -> Answer:
        query = {name: value for name, value in request.query.items() if name != "next_token"}
        answer = city.x._search(Request(request.method, request.path, query, {}, b""))
        answer.body["meta"]["next_token"] = "same"
        return answer

    city.server._queues["GET", SEARCH][:] = [turns_round]
    assert city.fetch().state.status == "bad_payload"
    assert len(city.searches()) < 10


def test_pages_that_are_repeated_or_out_of_order_change_nothing(city: City) -> None:
    city.fetch()
    before = city.stored()
    pages = []
    token = None
    while True:
        query = {"query": f"@{' @'.join(HANDLES)}", "max_results": "100", **({"next_token": token} if token else {})}
        body = city.x._search(Request("GET", SEARCH, query, {}, b"")).body
        pages.append(body)
        token = body["meta"].get("next_token")
        if token is None:
            break
    shuffled = [*reversed(pages), *pages]
    answers = [
        Answer({**page, "data": page["data"][::-1], "meta": {"next_token": f"t{number}"}})
        for number, page in enumerate(shuffled)
    ]
    city.server._queues["GET", SEARCH][:] = [*answers, Answer({"meta": {"result_count": 0}})]
    outcome = city.fetch()
    assert outcome.state.status == "ok"
    assert (outcome.counts.inserted, outcome.counts.updated) == (0, 0)
    assert city.stored() == before


def test_a_registry_that_changes_in_the_middle_of_a_walk_begins_the_walk_anew(city: City) -> None:
    city.server._queues["GET", SEARCH][:] = [
        lambda request: Answer(b"", 401) if "next_token" in request.query else city.x._search(request)
    ]
    city.fetch()
    assert city.cursor().token is not None
    city.server._queues["GET", SEARCH][:] = [city.x._search]
    city.registry = a_registry(*HANDLES, "arisu_new")
    assert city.fetch().state.status == "ok"
    assert set(city.stored()) == {id_ for id_, each in city.x.newest_versions().items() if not each[2]}
    assert city.cursor().users["arisu_new"] is None


FAULTS: dict[str, tuple[Answer, str]] = {
    "429 with a reset": (Answer(b"", 429, {"x-rate-limit-reset": str(int((START + DAY).timestamp()) + 60)}), "ok"),
    "429 without one": (Answer(b"", 429, {}), "ok"),
    "429 as a cap": (
        Answer({"title": "UsageCapExceeded", "type": "https://api.twitter.com/2/problems/usage-capped"}, 429, {}),
        "quota",
    ),
    "402": (Answer({"title": "CreditsDepleted"}, 402), "quota"),
    "401": (Answer({"title": "Unauthorized"}, 401), "unauthorised"),
    "403": (Answer({"title": "Client Forbidden", "detail": "enroll"}, 403), "not_allowed"),
    "400": (Answer({"errors": [{"parameters": {"query": ["("]}, "message": "no"}]}, 400), "bad_request"),
    "503 in HTML": (Answer(b"<html>busy</html>", 503, {"content-type": "text/html"}), "ok"),
    "503 as a list": (Answer([{"code": 130, "message": "Over capacity"}], 503), "ok"),
    "200 in HTML": (Answer(b"<html>hello</html>", 200, {"content-type": "text/html"}), "ok"),
    "200 as a list": (Answer([]), "ok"),
    "200 without parts": (Answer({"hello": 1}), "ok"),
    "200 with odd parts": (Answer({"data": [{"id": "1", "text": "x"}], "includes": {"media": ["x"]}}), "ok"),
    "302": (Answer(b"", 302, {"location": "http://127.0.0.1:9/"}), "ok"),
    "truncated": (Answer({"data": [], "meta": {"result_count": 0}}, fault="truncate"), "ok"),
    "dropped": (Answer(fault="drop"), "ok"),
    "silent": (Answer({"data": []}, delay_s=1.0), "ok"),
}


@pytest.mark.parametrize(("fault", "status"), FAULTS.values(), ids=FAULTS)
def test_a_fault_of_x_loses_and_doubles_nothing(city: City, fault: Answer, status: str) -> None:
    """The second and the third search fail; what passes is waited for, what lasts ends the run in one line."""
    calls: list[Request] = []

    def fails_twice(request: Request) -> Answer:
        calls.append(request)
        return fault if len(calls) in (2, 3) else city.x._search(request)

    city.server._queues["GET", SEARCH][:] = [fails_twice]
    outcome = city.fetch(timeout_s=0.4)
    assert outcome.state.status == status
    if status != "ok":
        assert outcome.state.error is not None
        assert "\n" not in outcome.state.error
        assert TOKEN not in outcome.state.error
        assert len(city.stored()) == 100
        calls += [calls[0]] * 2
        assert city.fetch(timeout_s=5.0).state.status == "ok"
    assert city.stored() == {id_: each for id_, each in city.x.newest_versions().items() if not each[2]}


def test_one_budget_is_for_both_sources(city: City) -> None:
    assert city.fetch(0, budget_dollars=0.5).state.status == "quota"
    assert city.reads() == 100  # six for three accounts, and a page of 94
    outcome = city.fetch(1, budget_dollars=0.5)
    assert (outcome.state.status, outcome.counts.inserted) == ("quota", 0)
    assert city.fetch(1, budget_reads=10_000).state.status == "ok"


def test_eighty_handles_fit_into_few_queries_of_what_x_reads() -> None:
    handles = handles_of(80)
    queries = mention_queries(handles)
    assert all(len(query) <= MAX_QUERY_LENGTH for query, _ in queries)
    assert sorted(handle for _, named in queries for handle in named) == sorted(handles)
    least = sum(len(handle) + len("@ OR ") for handle in handles) / (MAX_QUERY_LENGTH - len("() -is:retweet") + 4)
    assert len(queries) == int(least) + 1
    assert len(mention_queries([f"seoul_{number:06d}" for number in range(80)])) == 3


def test_the_token_is_in_no_repr_log_error_or_url(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    root = logging.getLogger()
    root.addHandler(handler)
    monkeypatch.setattr(root, "level", logging.DEBUG)
    try:
        settings = settings_for(city.server.url)
        sources = sources_of(settings, city.registry)
        outcome = city.fetch()
        city.server._queues["GET", SEARCH][:] = [Answer({"detail": f"Bearer {TOKEN}"}, 403)]
        refused = city.fetch()
    finally:
        root.removeHandler(handler)
    assert city.searches()[0].headers["Authorization"] == f"Bearer {TOKEN}"
    told = [written.getvalue(), repr(settings), repr(sources), repr(vars(sources[0])), repr(outcome), repr(refused)]
    assert [each for each in told if TOKEN in each] == []
    assert all(TOKEN not in str(request.query) + request.path for request in city.server.seen)
    assert logging.getLogger("tweepy").getEffectiveLevel() >= logging.INFO


def test_tweepy_neither_waits_nor_builds_models() -> None:
    client = XClient(settings_for("http://127.0.0.1:9"))._tweepy
    assert (client.wait_on_rate_limit, client.return_type) == (False, dict)


WRONG: list[tuple[dict[str, str], str]] = [
    ({}, "MINWON_X_BEARER_TOKEN"),
    ({"BEARER_TOKEN": TOKEN, "BASE_URL": "http://api.example.com"}, "MINWON_X_BASE_URL is wrong.*https"),
    ({"BEARER_TOKEN": TOKEN, "TIMEOUT_S": "0"}, "MINWON_X_TIMEOUT_S"),
    ({"BEARER_TOKEN": TOKEN, "LIST_ID": "my list"}, "MINWON_X_LIST_ID"),
    ({"BEARER_TOKEN": TOKEN, "ACCESS_TOKENS": "{hidden}"}, "MINWON_X_ACCESS_TOKENS is no JSON"),
    ({"BEARER_TOKEN": TOKEN, "ACCESS_TOKENS": '{"a": {"token": "hidden"}}'}, "MINWON_X_ACCESS_TOKENS"),
]


@pytest.mark.parametrize(("given", "message"), WRONG)
def test_wrong_settings_are_named_and_not_told(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], message: str
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(f"MINWON_X_{name}", value)
    with pytest.raises(UsageError, match=message) as raised:
        build(a_registry("arisu"))
    assert "hidden" not in str(raised.value)
    assert TOKEN not in str(raised.value)


def test_every_setting_is_told_in_the_readme() -> None:
    told = set(re.findall(r"MINWON_X_[A-Z_]+", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert told == {f"MINWON_X_{name.upper()}" for name in XSettings.model_fields}


def test_an_invented_city_is_not_looked_for_on_x(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINWON_X_BEARER_TOKEN", TOKEN)
    with pytest.raises(UsageError, match="MINWON_REGISTRY"):
        build(a_registry("demo_arisu"))
    row = next(row for row in CONNECTORS if row.id == "x")
    assert [source.source for source in row.build(a_registry("arisu"))] == ["x:mentions"]
    assert set_up([row], a_registry("arisu")) == [row]
    monkeypatch.setenv("MINWON_X_LIST_ID", LIST_ID)
    assert [source.source for source in row.build(a_registry("arisu"))] == ["x:mentions", "x:answers"]


def test_a_removal_of_a_partial_error_reaches_the_store(city: City) -> None:
    city.fetch()
    gone = next(iter(city.stored()))
    city.moment += dt.timedelta(minutes=5)
    problem = {"resource_type": "tweet", "resource_id": gone, "type": "https://api.x.com/2/problems/resource-not-found"}
    city.server._queues["GET", SEARCH][:] = [Answer({"errors": [problem], "meta": {"result_count": 0}})]
    assert city.fetch().state.status == "ok"
    with writing(city.store.engine) as connection:
        removed = list(connection.scalars(select(posts.c.platform_post_id).where(posts.c.removed_at.is_not(None))))
    assert removed == [gone]
