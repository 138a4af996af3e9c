"""The process that reads ahead: the store is the same, whoever reads the source and whatever becomes of it."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from data_sources import reader
from data_sources.base import SourceError
from data_sources.connectors.demo import DemoConnector
from data_sources.loader import load
from data_sources.preparing import ReadPage
from data_sources.reader import ReadingAhead, share_to_leave
from data_sources.records import Page, Post
from db import rollups
from db.records import NewPost
from db.schema import posts
from tests.builders import ListConnector, a_question
from tests.conftest import Store, new_file
from tests.snapshot import snapshot

POSTS = 300


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process is worth it for a few posts already, so that a small load has one."""
    monkeypatch.setattr(reader, "POSTS_MEANWHILE", 60)


@pytest.fixture
def prepared(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many posts another process prepared, page by page."""
    counts: list[int] = []
    real = ReadingAhead.of

    def counted(self: ReadingAhead, pages: Iterator[Page]) -> Iterator[ReadPage]:
        for read in real(self, pages):
            counts.append(sum(isinstance(record, NewPost) for record in read.records))
            yield read

    monkeypatch.setattr(ReadingAhead, "of", counted)
    return counts


def _questions(number: int = POSTS, words: str = "호선이 늦어요") -> list[Post]:
    return [a_question(f"q{each}", f"{each}{words}") for each in range(number)]


def _stored(store: Store) -> int | None:
    with store.engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(posts))


@pytest.mark.parametrize("workers", [1, 2])
def test_the_store_is_the_same_with_any_number_of_workers(
    engine: Engine, tmp_path_factory: pytest.TempPathFactory, prepared: list[int], workers: int
) -> None:
    alone = new_file(tmp_path_factory.mktemp("alone") / "store.db")
    connector = DemoConnector(posts=POSTS, seed=3, days=20, page_size=60)
    load(connector, alone, workers=0)
    assert sum(prepared) == 0
    counts = load(connector, engine, workers=workers)
    assert sum(prepared) > 0
    assert counts.inserted == POSTS
    assert snapshot(engine) == snapshot(alone)
    assert [str(difference) for difference in rollups.check(engine)] == []
    prepared.clear()
    assert load(connector, engine, workers=workers).unchanged == POSTS
    assert sum(prepared) == 0  # what is stored as it is needs nobody to read it


def test_only_what_changed_is_prepared_again(store: Store, prepared: list[int]) -> None:
    load(ListConnector(_questions(), page_size=60), store.engine)
    edited = [*_questions(250), *_questions(words="호선이 또 늦어요")[250:]]
    counts = load(ListConnector(edited, page_size=60, source="list:edited"), store.engine, workers=1)
    assert (counts.updated, counts.unchanged) == (50, 250)
    assert 0 < sum(prepared) <= 50


def test_few_posts_start_no_process(store: Store, prepared: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "processes", None)
    assert load(ListConnector(_questions(59)), store.engine, workers=2).inserted == 59
    assert prepared == [0]


class Broken(ListConnector):
    """A source that ends in the middle of a row."""

    def fetch(self, cursor: str | None) -> Iterator[Page]:
        for page in super().fetch(cursor):
            if page.cursor == "180":
                raise SourceError("the file ends in the middle of a row")
            yield page


@pytest.mark.parametrize("meanwhile", [60, 150])
def test_an_error_of_the_source_comes_after_the_pages_before_it(
    store: Store, monkeypatch: pytest.MonkeyPatch, meanwhile: int
) -> None:
    monkeypatch.setattr(reader, "POSTS_MEANWHILE", meanwhile)
    with pytest.raises(SourceError, match="ends in the middle"):
        load(Broken(_questions(), page_size=60), store.engine, workers=1)
    assert _stored(store) == 120
    assert multiprocessing.active_children() == []


class Deadly(ListConnector):
    """A source whose third page takes down whatever process but the writer's reads it, so many times."""

    def __init__(self, records: Sequence[Post], folder: Path, times: int) -> None:
        super().__init__(records, page_size=60)
        self._folder, self._times = folder, times

    def fetch(self, cursor: str | None) -> Iterator[Page]:
        for page in super().fetch(cursor):
            deaths = len(list(self._folder.iterdir()))
            if page.cursor == "180" and deaths < self._times and multiprocessing.parent_process() is not None:
                (self._folder / str(deaths)).touch()
                os.kill(os.getpid(), signal.SIGKILL)
            yield page


@pytest.mark.parametrize("times", [1, 9])
def test_a_process_that_dies_changes_nothing(store: Store, tmp_path: Path, prepared: list[int], times: int) -> None:
    deaths = tmp_path / "deaths"
    deaths.mkdir()
    connector = Deadly(_questions(), deaths, times)
    assert load(connector, store.engine, workers=1).inserted == POSTS
    assert _stored(store) == POSTS
    assert len(list(deaths.iterdir())) == min(times, 2)  # twice at one page: the writer reads the rest by itself
    assert sum(prepared) > 0 if times == 1 else sum(prepared) <= 60
    assert multiprocessing.active_children() == []


def test_whoever_stops_leaves_no_process_behind(store: Store) -> None:
    class Stopped(BaseException):
        """Somebody presses ^C."""

    class Progress:
        def page(self, counts: object, fraction: float | None) -> None:
            if multiprocessing.active_children():
                raise Stopped

    with pytest.raises(Stopped):
        load(ListConnector(_questions(), page_size=60), store.engine, workers=1, progress=Progress())
    assert multiprocessing.active_children() == []
    assert _stored(store) == 60


def test_the_writer_takes_over_half_of_what_it_would_wait_for() -> None:
    page = ReadPage(Page(records=(), cursor="1"), (), share_left=0.0, took_s=2.0)
    assert share_to_leave(page, 1.0) == pytest.approx(0.25)
    # With that share both take 1.5 seconds, and it stays.
    assert share_to_leave(page._replace(share_left=0.25, took_s=1.5), 1.5) == pytest.approx(0.25)
    assert share_to_leave(page, 3.0) == 0.0
    assert share_to_leave(page, 0.0) == reader.MAX_SHARE
    assert share_to_leave(page._replace(took_s=0.0), 1.0) == 0.0
