"""Annotating ahead: what is found is the same, whoever reads the texts and whatever becomes of them."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import suppress

import pytest

from data_sources import ahead
from data_sources.ahead import AnnotatingAhead
from data_sources.base import SourceError
from data_sources.preparing import Text
from nlp.annotate import annotate

Page = list[Text]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes are worth it for a few texts already."""
    monkeypatch.setattr(ahead, "TEXTS_WORTH_A_PROCESS", 20)
    monkeypatch.setattr(ahead, "TEXTS_AT_ONCE", 7)


def _pages(number: int = 6, size: int = 50) -> list[Page]:
    return [[(f"{page}번째 {each}호선이 늦어요", "in") for each in range(size)] for page in range(number)]


def test_pages_keep_their_order_and_come_with_the_annotations_of_their_texts() -> None:
    pages = _pages()
    with AnnotatingAhead(1) as reading:
        found = [(page, dict(annotations)) for page, annotations in reading.of(pages, list)]
    assert [page for page, _ in found] == pages
    read = [(text, annotation) for _, annotations in found for (text, _), annotation in annotations.items()]
    assert read
    for text, annotation in read:
        assert annotation == annotate(text)._replace(tokens=(), masked={})
    for page, of_page in found:
        assert set(of_page) <= set(page)


@pytest.mark.parametrize(("helpers", "size"), [(2, 19), (0, 50)])
def test_few_texts_start_no_process_nor_does_whoever_has_no_helpers(helpers: int, size: int) -> None:
    with AnnotatingAhead(helpers) as reading:
        assert [dict(found) for _, found in reading.of(_pages(1, size), list)] == [{}]
        assert multiprocessing.active_children() == []


def test_an_error_of_the_source_comes_after_the_pages_before_it() -> None:
    def broken() -> Iterator[Page]:
        yield from _pages(3)
        raise SourceError("the file ends in the middle of a row")

    with AnnotatingAhead(1) as reading:
        found = reading.of(broken(), list)
        assert [next(found)[0] for _ in range(3)] == _pages(3)
        with pytest.raises(SourceError, match="ends in the middle"):
            next(found)
    assert multiprocessing.active_children() == []


def test_a_process_that_dies_changes_nothing() -> None:
    killed = set()

    def deadly() -> Iterator[Page]:
        for page in _pages():
            yield page
            for child in multiprocessing.active_children():
                if child.pid is not None:
                    with suppress(ProcessLookupError):  # the pool takes away the dead at the same time
                        os.kill(child.pid, signal.SIGKILL)
                        killed.add(child.pid)

    with AnnotatingAhead(1) as reading:
        assert [page for page, _ in reading.of(deadly(), list)] == _pages()
    assert killed
    assert multiprocessing.active_children() == []
