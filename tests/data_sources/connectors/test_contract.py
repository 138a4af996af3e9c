"""Every network of CONNECTORS against all a network can do wrong: nothing lost, nothing doubled, no token told."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from data_sources.base import UsageError
from data_sources.connectors.networks import CONNECTORS, connector_row, set_up
from data_sources.fetching import BRISK, PATIENT, Metered, Outcome, Patience, Surroundings, fetch
from data_sources.registry import SEOUL_TOML, load_registry
from db import rollups
from db.schema import posts
from tests.conftest import new_file
from tests.data_sources.connectors.scenarios import SCENARIOS, TOKEN, Scenario
from tests.loopback import Answer, LoopbackServer, Request

NETWORKS = sorted(SCENARIOS)
WITH_PAGES = [name for name in NETWORKS if SCENARIOS[name].has_pages]
HTML = {"content-type": "text/html"}
REGISTRY = load_registry(SEOUL_TOML)
Fault = Callable[[Scenario, Answer], Answer]
# What a busy network answers instead; the honest answer is there to be spoilt.
PASSING: dict[str, Fault] = {
    "429 with a reset": lambda scenario, honest: Answer(b"", 429, scenario.limit_header()),
    "429 without one": lambda scenario, honest: Answer(b"", 429, {}),
    "503 in HTML": lambda scenario, honest: Answer(b"<html>busy</html>", 503, HTML),
    "200 in HTML": lambda scenario, honest: Answer(f"<html>hello {TOKEN}</html>".encode(), 200, HTML),
    "truncated": lambda scenario, honest: Answer(honest.body, headers=honest.headers, fault="truncate"),
    "dropped": lambda scenario, honest: Answer(fault="drop"),
    "silent": lambda scenario, honest: Answer(honest.body, headers=honest.headers, delay_s=1.0),
}


class Clock:
    """Time that passes only where somebody sleeps; it begins now, as networks name real moments."""

    def __init__(self) -> None:
        self.moment = dt.datetime.now(dt.UTC)
        self.slept: list[float] = []

    def surroundings(self) -> Surroundings:
        return Surroundings(now=lambda: self.moment, sleep=self.sleep, jitter=lambda longest: longest / 2)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.moment += dt.timedelta(seconds=seconds)


class Network:
    """A server, a store and the sources that lead from one to the other."""

    def __init__(self, name: str, server: LoopbackServer, engine: Engine, patch: pytest.MonkeyPatch) -> None:
        self.scenario = SCENARIOS[name]
        self.engine, self.server, self.clock = engine, server, Clock()
        self.calls = 0
        self.behave(lambda request, honest: honest)
        for setting, value in self.scenario.settings(server.url).items():
            patch.setenv(setting, value)
        patch.setenv(f"{connector_row(name).settings}TIMEOUT_S", "0.4")
        self.sources = connector_row(name).build(REGISTRY)

    def behave(self, fault: Callable[[Request, Answer], Answer], order: Callable[..., list[object]] = list) -> None:
        """Answer honestly, and let ``fault`` make something else of it; ``self.calls`` counts from now on."""
        honest = self.scenario.server(order)
        self.calls = 0

        def respond(request: Request) -> Answer:
            self.calls += 1
            return fault(request, honest(request))

        self.server._queues.clear()
        for method in ("GET", "POST"):
            self.server.respond("*", respond, method=method)

    def fetch(self, patience: Patience = PATIENT) -> list[Outcome]:
        around = self.clock.surroundings()
        return [
            fetch(source, self.engine, registry=REGISTRY, patience=patience, surroundings=around)
            for source in self.sources
        ]

    def ids(self) -> set[str]:
        with self.engine.connect() as connection:
            return set(connection.scalars(select(posts.c.platform_post_id)))

    def check_all_is_there_and_stays(self) -> None:
        """Hold that everything was stored, that a second reading changes nothing, and that the sums are right."""
        assert self.ids() == self.scenario.ids
        self.behave(lambda request, honest: honest)
        again = self.fetch()
        assert [(each.state.status, each.counts.inserted, each.counts.updated) for each in again] == [
            ("ok", 0, 0) for _ in self.sources
        ]
        assert self.ids() == self.scenario.ids
        assert [str(difference) for difference in rollups.check(self.engine)] == []


@pytest.fixture
def network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Network]]:
    engine = new_file(tmp_path / "networks.db")
    with LoopbackServer() as server:
        yield lambda name: Network(name, server, engine, monkeypatch)
    engine.dispose()


def _statuses(outcomes: list[Outcome]) -> set[str]:
    return {outcome.state.status for outcome in outcomes}


def test_every_network_has_a_scenario_and_names_of_its_own() -> None:
    # X has a simulated server of its own, and the same faults in x/test_source.py.
    assert {row.id for row in CONNECTORS} == {"x", *SCENARIOS}
    assert len({row.settings for row in CONNECTORS}) == len(CONNECTORS)
    assert all(row.settings.startswith("MINWON_") and row.settings.endswith("_") for row in CONNECTORS)


def test_nothing_is_set_up_without_settings() -> None:
    assert set_up(CONNECTORS, REGISTRY) == []


def test_a_network_that_is_half_set_up_is_told_and_not_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINWON_MASTODON_BASE_URL", "https://example.org")
    with pytest.raises(UsageError, match="MINWON_MASTODON_TOKENS"):
        set_up(CONNECTORS, REGISTRY)
    monkeypatch.setenv("MINWON_MASTODON_TOKENS", '{"roads": "token"}')
    assert [row.id for row in set_up(CONNECTORS, REGISTRY)] == ["mastodon"]


@pytest.mark.parametrize("name", NETWORKS)
def test_a_source_says_what_the_loader_must_know(name: str, network: Callable[[str], Network]) -> None:
    sources: list[Metered] = list(network(name).sources)
    row = connector_row(name)
    assert {(source.name, source.platform, source.origin) for source in sources} == {(name, row.platform, "live")}
    assert row.platform in {platform.id for platform in REGISTRY.platforms}
    assert len({source.source for source in sources}) == len(sources)
    assert [list(source.check([])) for source in sources] == [[] for _ in sources]


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING)
@pytest.mark.parametrize("name", NETWORKS)
def test_what_passes_is_waited_for(name: str, fault: Fault, network: Callable[[str], Network]) -> None:
    tried = network(name)
    tried.behave(lambda request, honest: fault(tried.scenario, honest) if tried.calls in (2, 3) else honest)
    assert _statuses(tried.fetch()) == {"ok"}
    assert len(tried.clock.slept) == 2
    tried.check_all_is_there_and_stays()


@pytest.mark.parametrize("name", NETWORKS)
def test_a_limit_is_waited_for_as_long_as_the_network_says(name: str, network: Callable[[str], Network]) -> None:
    tried = network(name)
    tried.behave(
        lambda request, honest: Answer(b"", 429, tried.scenario.limit_header()) if tried.calls == 2 else honest
    )
    tried.fetch()
    assert 55 < tried.clock.slept[0] < 65


@pytest.mark.parametrize("name", NETWORKS)
def test_a_token_that_is_revoked_on_the_way_ends_the_run_and_loses_nothing(
    name: str, network: Callable[[str], Network]
) -> None:
    tried = network(name)
    tried.behave(lambda request, honest: Answer({"error": TOKEN}, 401) if tried.calls > 1 else honest)
    outcomes = tried.fetch()
    assert outcomes[-1].state.status == "unauthorised"
    assert tried.ids() <= tried.scenario.ids
    tried.behave(lambda request, honest: honest)
    assert _statuses(tried.fetch()) == {"ok"}
    tried.check_all_is_there_and_stays()


@pytest.mark.parametrize("name", WITH_PAGES)
def test_a_page_that_is_given_twice_is_noticed(name: str, network: Callable[[str], Network]) -> None:
    tried = network(name)
    before: list[tuple[Request, Answer]] = []
    repeated: list[Request] = []

    def repeat(request: Request, honest: Answer) -> Answer:
        """Give the answer before once more, the first time another page of the same list is asked for."""
        is_next = bool(before) and before[-1][0].path == request.path and before[-1][0].query != request.query
        if is_next and not repeated and before[-1][1].body:
            repeated.append(request)
            return before[-1][1]
        before.append((request, honest))
        return honest

    tried.behave(repeat)
    assert _statuses(tried.fetch()) == {"ok"}
    assert repeated
    tried.check_all_is_there_and_stays()


@pytest.mark.parametrize("name", WITH_PAGES)
def test_a_network_that_never_gets_on_is_left(name: str, network: Callable[[str], Network]) -> None:
    tried = network(name)
    first: dict[str, Answer] = {}
    tried.behave(lambda request, honest: first.setdefault(request.path, honest))
    assert _statuses(tried.fetch()) == {"bad_payload"}
    assert tried.calls < 50


@pytest.mark.parametrize("name", NETWORKS)
def test_pages_and_posts_may_come_in_any_order(name: str, network: Callable[[str], Network]) -> None:
    tried = network(name)
    tried.behave(lambda request, honest: honest, order=lambda items: list(reversed(items)))
    assert _statuses(tried.fetch()) == {"ok"}
    tried.check_all_is_there_and_stays()


@pytest.mark.parametrize("name", NETWORKS)
def test_a_token_is_in_no_log_no_error_and_no_repr(
    name: str, network: Callable[[str], Network], caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    tried = network(name)
    # The address of a feed is its owner's to choose; a key in it is in no message all the same.
    told = [repr(source) + (repr(vars(source)) if name != "rss" else "") for source in tried.sources]
    for fault in (*PASSING.values(), lambda scenario, honest: Answer({"error": {"message": TOKEN}}, 400)):
        tried.behave(lambda request, honest, fault=fault: fault(tried.scenario, honest))  # type: ignore[misc]
        for outcome in tried.fetch(BRISK):
            assert outcome.state.status != "ok"
            told.append(str(outcome))
        tried.clock.moment += dt.timedelta(days=1)
    assert tried.calls
    printed = capsys.readouterr()
    # urllib3 logs the path and the query of every request.
    logged = [
        record.getMessage() for record in caplog.records if name != "rss" or record.name != "urllib3.connectionpool"
    ]
    assert TOKEN not in "\n".join([*told, *logged, printed.out, printed.err])
