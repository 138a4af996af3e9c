"""The process that reads ahead: while the writer stores a page, it reads the next ones of the source and makes their posts ready.

Pages keep their order and the store its one writer. What is made of a post depends on the post alone, so what is stored does not depend on
the number of processes, nor on whether one of them dies: the writer goes on from the last page it was given.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import BrokenExecutor, Future
from contextlib import ExitStack, suppress
from itertools import compress, count
from types import TracebackType
from typing import NamedTuple, Self

from sqlalchemy import Engine

from data_sources.ahead import AnnotatingAhead
from data_sources.base import Connector, SourceError
from data_sources.collecting import collecting_by_page
from data_sources.preparing import Preparation, ReadPage, Record, Text, Unprepared
from data_sources.pseudonyms import Pseudonyms, hash_key
from data_sources.records import Page
from data_sources.workers import processes
from db import writes
from db.engine import open_engine

# Pages the process may be ahead of the writer; each is held in memory.
PAGES_AHEAD = 2
# As many posts as the writer reads and stores by itself while the process starts, which takes a second.
POSTS_MEANWHILE = 6_000
# Of a page's posts, left to the writer: at first, and at most.
USUAL_SHARE, MAX_SHARE = 0.1, 0.5


class ReadingAhead:
    """Pages of a source, read by another process where that is worth it.

    Parameters
    ----------
    connector : of which nothing depends on this process; pages are asked for by their cursors, those in front of them stored or not
    engine : of the store they go to
    workers : int
        Processes besides the writer: one that reads, and others that analyse texts for it. None reads nothing ahead.
    """

    def __init__(self, connector: Connector, engine: Engine, workers: int, preparation: Preparation) -> None:
        self._connector = connector
        self._url = engine.url.render_as_string(hide_password=False)
        # Live networks are waited for, not worked for; and only this process sees a store in its own memory.
        is_shared = engine.url.get_backend_name() != "sqlite" or engine.url.database not in (None, "", ":memory:")
        self._workers = workers if connector.origin != "live" and is_shared else 0
        self._preparation = preparation
        self._closing = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.close()

    def of(self, pages: Iterator[Page]) -> Iterator[ReadPage]:
        """Yield the pages of the source, of which ``pages`` are the ones this process reads; an error comes where its page would.

        Raises
        ------
        SourceError
            The source could not be read to its end.
        """
        if not self._workers:
            yield from map(self._unprepared, pages)
            return
        first, is_more, fault = _enough(pages)
        process = self._start(first[-1].cursor) if is_more else None
        yield from map(self._unprepared, first)
        if fault is not None:
            raise fault
        if process is not None:
            yield from self._from(process, first[-1].cursor)

    def _from(self, process: _Process, cursor: str) -> Iterator[ReadPage]:
        """Yield the pages after ``cursor``; from a new process where one died, by this one where it dies at the same page again."""
        pages = 0
        while True:
            try:
                read = process.next()
            except BrokenExecutor:
                if not pages:
                    yield from map(self._unprepared, self._connector.fetch(cursor))
                    return
                process, pages = self._start(cursor), 0
                continue
            if read is None:
                return
            cursor, pages = read.page.cursor, pages + 1
            yield read

    def _start(self, cursor: str) -> _Process:
        self._closing.close()
        return self._closing.enter_context(_Process(self._connector, cursor, self._url, self._workers - 1))

    def _unprepared(self, page: Page) -> ReadPage:
        return ReadPage(page, self._preparation.unprepared(page.records))


def _enough(pages: Iterator[Page]) -> tuple[list[Page], bool, SourceError | None]:
    """Return the pages the writer is busy with while a process starts, whether there are more, and what keeps it from reading on."""
    first: list[Page] = []
    posts = 0
    try:
        for page in pages:
            first.append(page)
            posts += len(page.records)
            if posts >= POSTS_MEANWHILE:
                return first, page.fraction != 1, None
    except SourceError as error:
        return first, False, error
    return first, False, None


class _Process:
    """The other process, as the writer sees it."""

    def __init__(self, connector: Connector, cursor: str, url: str, helpers: int) -> None:
        self._executor = processes(1, _open, (connector, cursor, url, helpers))
        self._coming: deque[Future[ReadPage | None]] = deque()
        self._given: ReadPage | None = None
        self._given_at = 0.0
        self._share_left = USUAL_SHARE

    def __enter__(self) -> Self:
        with suppress(BrokenExecutor):  # it is told where a page is asked for
            self._ask()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._executor.shutdown(wait=True, cancel_futures=True)

    def next(self) -> ReadPage | None:
        """Return the next page, None after the last.

        Raises
        ------
        SourceError
            The source could not be read any further.
        BrokenExecutor
            The process died.
        """
        if self._given is not None:
            wanted = share_to_leave(self._given, time.perf_counter() - self._given_at)
            self._share_left = (self._share_left + wanted) / 2  # pages differ
        self._ask()
        self._given = self._coming.popleft().result()
        self._given_at = time.perf_counter()
        return self._given

    def _ask(self) -> None:
        while len(self._coming) < PAGES_AHEAD:
            self._coming.append(self._executor.submit(_next, self._share_left))


def share_to_leave(page: ReadPage, stored_s: float) -> float:
    """Return which share of a page's posts the writer should prepare itself, so that it and the process that reads take the same time.

    Parameters
    ----------
    page : of which that process left a share already
    stored_s : how long the writer took to prepare that share and to store the page
    """
    whole_s = page.took_s / (1 - page.share_left)
    if not whole_s:
        return 0.0
    storing_s = stored_s - page.share_left * whole_s
    return min(max((whole_s - storing_s) / (2 * whole_s), 0.0), MAX_SHARE)


class _Begun(NamedTuple):
    """A page that was read; ``wanted`` says which of its records the store will have to take, as far as can be told now."""

    page: Page
    records: list[Unprepared]
    wanted: list[bool]


class _Reader:
    """The same process from within: what is left of its source."""

    def __init__(self, connector: Connector, cursor: str, url: str, helpers: int) -> None:
        self._preparation = Preparation(Pseudonyms(hash_key()), connector.origin)
        self._engine = open_engine(url, readonly=True, patient=True)
        self._share_left = 0.0
        self._pages = self._read(connector.fetch(cursor), helpers)

    def next(self, share_left: float) -> ReadPage | None:
        """Return the next page, None after the last; that share of what the store will take is not prepared."""
        self._share_left = share_left
        began = time.perf_counter()
        read = next(self._pages, None)
        return read and read._replace(share_left=share_left, took_s=time.perf_counter() - began)

    def _read(self, pages: Iterable[Page], helpers: int) -> Iterator[ReadPage]:
        with AnnotatingAhead(helpers) as ahead, collecting_by_page() as page_done:
            for (page, records, wanted), annotations in ahead.of(map(self._begun, pages), self._texts):
                places = list(compress(count(), wanted))
                places = places[round(self._share_left * len(places)) :]
                read: list[Record] = list(records)
                prepared = self._preparation.prepared([records[place] for place in places], annotations)
                for place, new_post in zip(places, prepared, strict=True):
                    read[place] = new_post
                # The posts stand in the records: they need not go the way between the processes twice.
                yield ReadPage(page.model_copy(update={"records": ()}), read)
                page_done()

    def _begun(self, page: Page) -> _Begun:
        records = self._preparation.unprepared(page.records)
        with self._engine.connect() as connection:
            keys = {(record.platform, record.platform_post_id) for record in records}
            stored = {key: row.fingerprint for key, row in writes.stored_posts(connection, keys).items()}
        wanted = [stored.get((record.platform, record.platform_post_id)) != record.fingerprint for record in records]
        return _Begun(page, records, wanted)

    def _texts(self, begun: _Begun) -> list[Text]:
        return [self._preparation.text(record.post) for record in compress(begun.records, begun.wanted)]


_reader: _Reader | None = None


def _open(connector: Connector, cursor: str, url: str, helpers: int) -> None:
    global _reader
    _reader = _Reader(connector, cursor, url, helpers)


def _next(share_left: float) -> ReadPage | None:
    return None if _reader is None else _reader.next(share_left)
