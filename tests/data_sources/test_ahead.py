"""Reading ahead: the store is the same, whoever reads the texts and whatever becomes of them."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, func, select

from data_sources import ahead
from data_sources.ahead import ReadingAhead
from data_sources.base import SourceError
from data_sources.connectors.demo import DemoConnector
from data_sources.loader import load
from data_sources.records import Page
from db import rollups
from db.schema import posts
from tests.builders import ListConnector, a_question
from tests.conftest import Store, new_file
from tests.snapshot import snapshot

POSTS = 300


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes are worth it for a few texts already, so that a small load has them."""
    monkeypatch.setattr(ahead, "TEXTS_WORTH_A_PROCESS", 20)
    monkeypatch.setattr(ahead, "TEXTS_AT_ONCE", 7)


def _pages(number: int = 6, size: int = 50) -> list[Page]:
    return [
        Page(records=[a_question(f"q{page}-{each}", f"{page}번째 {each}호선이 늦어요") for each in range(size)],
             cursor=str(page))
        for page in range(number)
    ]  # fmt: skip


def _texts(page: Page) -> list[ahead.Text]:
    return [(post.text, "in") for post in page.records]


@pytest.fixture
def annotated(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many annotations came from other processes, page by page."""
    counts: list[int] = []
    real = ReadingAhead.of

    def counted(self: ReadingAhead, pages: Iterator[Page]) -> Iterator[tuple[Page, ahead.Annotations]]:
        for page, found in real(self, pages):
            counts.append(len(found))
            yield page, found

    monkeypatch.setattr(ReadingAhead, "of", counted)
    return counts


def test_the_store_is_the_same_with_any_number_of_workers(
    engine: Engine, tmp_path_factory: pytest.TempPathFactory, annotated: list[int]
) -> None:
    alone = new_file(tmp_path_factory.mktemp("alone") / "store.db")
    connector = DemoConnector(posts=POSTS, seed=3, days=20, page_size=60)
    load(connector, alone, workers=0)
    assert sum(annotated) == 0
    counts = load(connector, engine, workers=2)
    assert sum(annotated) > 0
    assert counts.inserted == POSTS
    assert snapshot(engine) == snapshot(alone)
    assert [str(difference) for difference in rollups.check(engine)] == []
    assert load(connector, engine, workers=2).unchanged == POSTS


def test_pages_keep_their_order_and_come_with_the_annotations_of_their_texts() -> None:
    pages = _pages()
    with ReadingAhead(1, _texts) as reading:
        found = [(page, dict(annotations)) for page, annotations in reading.of(pages)]
    assert [page.cursor for page, _ in found] == [page.cursor for page in pages]
    read = [(text, annotation) for _, annotations in found for (text, _), annotation in annotations.items()]
    assert read
    assert all(annotation.text == text for text, annotation in read)
    for page, of_page in found:
        assert set(of_page) <= set(_texts(page))


def test_few_texts_start_no_process() -> None:
    with ReadingAhead(2, _texts) as reading:
        assert [dict(found) for _, found in reading.of(_pages(1, 19))] == [{}]
        assert multiprocessing.active_children() == []


def test_an_error_of_the_source_comes_after_the_pages_before_it(store: Store) -> None:
    class Broken(ListConnector):
        def fetch(self, cursor: str | None) -> Iterator[Page]:
            yield from _pages(3)
            raise SourceError("the file ends in the middle of a row")

    with pytest.raises(SourceError, match="ends in the middle"):
        load(Broken([]), store.engine, workers=1)
    with store.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(posts)) == 150
    assert multiprocessing.active_children() == []


def test_a_process_that_dies_changes_nothing(store: Store) -> None:
    class Deadly(ListConnector):
        def fetch(self, cursor: str | None) -> Iterator[Page]:
            for page in _pages():
                yield page
                for child in multiprocessing.active_children():
                    if child.pid is not None:
                        os.kill(child.pid, signal.SIGKILL)

    assert load(Deadly([]), store.engine, workers=1).inserted == 300
    assert multiprocessing.active_children() == []


def test_whoever_stops_leaves_no_process_behind() -> None:
    def stopped() -> None:
        with ReadingAhead(1, _texts) as reading:
            next(reading.of(_pages()))
            assert multiprocessing.active_children() != []
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert multiprocessing.active_children() == []
