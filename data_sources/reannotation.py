"""All stored texts read again after the tokenizer, the dictionary or a rule changed; the second composition point.

Workers read, this process alone writes. Until the last batch is there the store says what it said before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Engine

from data_sources.base import SourceError
from data_sources.loader import Progress, Silent
from data_sources.resource_rows import district_rows, filter_rule_rows, term_group_rows
from data_sources.versions import versions
from data_sources.workers import DaskWorkers, LocalWorkers, Texts, WorkerError, Workers, read_batches, read_texts
from db.engine import open_engine
from db.records import Counts
from db.transactions import writing
from db.writes import reannotation as store
from db.writes import sync_districts, sync_filter_rules, sync_term_groups
from nlp.places import districts_named
from nlp.records import Annotation, Versions

# Half a second of a worker's time: what a lost worker costs, and little enough to hold several in memory.
BATCH_SIZE = 2_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the texts; ``changed`` are posts of which something else is said now."""

    read: int
    changed: int
    is_switched: bool

    def __str__(self) -> str:
        return f"read={self.read} changed={self.changed} switched={'yes' if self.is_switched else 'no'}"


class Batch(NamedTuple):
    """The texts among the posts ``first`` to ``last``."""

    first: int
    last: int
    texts: list[store.StoredText]

    def __str__(self) -> str:
        return f"the posts {self.first} to {self.last}"


def reannotate(
    engine: Engine,
    *,
    workers: int | None = None,
    batch_size: int = BATCH_SIZE,
    dask: str | None = None,
    restart: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
    now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
) -> Outcome:
    """Read all stored texts with today's tokenizer, dictionary and rules, then switch to what they say.

    Parameters
    ----------
    workers : processes of this machine, by default one for each core
    dask : address of a Dask scheduler whose workers read instead
    restart : read all, though an earlier call was cut off or all texts are up to date
    dry_run : store nothing; say how many posts would change

    Returns
    -------
    Outcome
        ``read`` is 0 where every text was read with today's versions already.

    Raises
    ------
    SourceError
        Workers cannot be had, keep dying, or read with other versions. What was staged is kept.
    """
    reader = open_engine(engine.url.render_as_string(hide_password=False), readonly=True)
    try:
        work = _Reannotation(engine, reader, batch_size, progress or Silent(), now)
        start = _Start(workers, dask)
        return work.rehearse(start) if dry_run else work.run(start, restart)
    except (WorkerError, store.ReannotationEnded) as error:
        raise SourceError(str(error)) from error
    finally:
        reader.dispose()


class _Start(NamedTuple):
    """Which workers to start, once there is something to do."""

    number: int | None
    dask: str | None

    def workers(self) -> Workers:
        return LocalWorkers(self.number) if self.dask is None else DaskWorkers(self.dask)


class _Reannotation:
    """One call of the command."""

    def __init__(
        self, engine: Engine, reader: Engine, batch_size: int, progress: Progress, now: Callable[[], dt.datetime]
    ) -> None:
        self._engine = engine
        self._reader = reader
        self._batch_size = batch_size
        self._progress = progress
        self._now = now
        self._versions = versions()
        self._groups = term_group_rows()
        self._counts = Counts()
        self._left = 0  # post ids whose batches are not there yet

    def run(self, start: _Start, restart: bool) -> Outcome:
        with writing(self._engine) as connection:
            run = store.begin(connection, self._versions, self._now(), restart=restart)
        if run is None:
            return Outcome(0, 0, is_switched=False)
        with start.workers() as workers:
            while missing := self._missing(run):
                for batch, changed in self._readings(missing, workers):
                    with writing(self._engine) as connection:
                        store.stage_batch(connection, run, batch.first, batch.last, len(batch.texts), changed)
                    self._show(batch, len(changed), run)
            self._follow_edits(run, workers)
        with writing(self._engine) as connection:
            read = store.read_so_far(connection, run)
            sync_term_groups(connection, self._groups)
            sync_districts(connection, district_rows())
            sync_filter_rules(connection, filter_rule_rows())
            # Few can have been edited since, so this process reads them itself.
            changed_posts = store.switch(connection, run, self._versions.rules, self._groups, _read_here, self._now())
        return Outcome(read, changed_posts, is_switched=True)

    def rehearse(self, start: _Start) -> Outcome:
        with self._reader.connect() as connection:
            if not store.is_any_outdated(connection, self._versions):
                return Outcome(0, 0, is_switched=False)
            run = store.rehearsed(connection, self._now())
        with start.workers() as workers:
            for batch, changed in self._readings([(1, run.last_post_id)], workers):
                self._show(batch, len(changed), run)
        return Outcome(self._counts.read, self._counts.updated, is_switched=False)

    def _missing(self, run: store.Reannotation) -> list[tuple[int, int]]:
        with self._reader.connect() as connection:
            return store.missing_ranges(connection, run)

    def _readings(
        self, ranges: Sequence[tuple[int, int]], workers: Workers
    ) -> Iterator[tuple[Batch, list[tuple[store.StoredText, store.NewAnnotation]]]]:
        """Yield the batches of ``ranges`` as they are read, with what differs in each."""
        with self._reader.connect() as connection:
            known = store.vocabulary(connection, self._groups)
        self._left = sum(last - first + 1 for first, last in ranges)
        for batch, found in read_batches(self._batches(ranges), _texts_of, workers):
            self._check(found)
            yield batch, store.differing(batch.texts, [_new(each) for each in found], known)

    def _batches(self, ranges: Sequence[tuple[int, int]]) -> Iterator[Batch]:
        for first, last in ranges:
            while first <= last:
                # A connection of its own each time: a long snapshot would keep SQLite's log from being written back.
                with self._reader.connect() as connection:
                    texts = store.texts_between(connection, first, last, self._batch_size)
                end = texts[-1].id if len(texts) == self._batch_size else last
                yield Batch(first, end, texts)
                first = end + 1

    def _follow_edits(self, run: store.Reannotation, workers: Workers) -> None:
        """Read again what a loader wrote meanwhile."""
        while True:
            with self._reader.connect() as connection:
                texts = store.edited_since(connection, run, self._batch_size)
            if not texts:
                return
            batch = Batch(texts[0].id, texts[-1].id, texts)
            for _, found in read_batches([batch], _texts_of, workers):
                self._check(found)
                with writing(self._engine) as connection:
                    store.stage_again(connection, run, texts, [_new(each) for each in found])

    def _check(self, found: Sequence[Annotation]) -> None:
        """Refuse what a worker with other code has read."""
        own = Versions(self._versions.tokenizer, self._versions.dictionary, self._versions.rules)
        for other in {each.versions for each in found} - {own}:
            raise WorkerError(
                f"a worker reads with {_named(other)}, this command with {_named(own)}: "
                "start the workers with the same code, packages, MINWON_TOKENIZER and MINWON_ROUTING_MODEL"
            )

    def _show(self, batch: Batch, changed: int, run: store.Reannotation) -> None:
        self._counts.read += len(batch.texts)
        self._counts.updated += changed
        self._counts.unchanged += len(batch.texts) - changed
        self._left -= batch.last - batch.first + 1
        self._progress.page(self._counts, 1 - self._left / run.last_post_id)


def _texts_of(batch: Batch) -> Texts:
    return _texts(batch.texts)


def _texts(texts: Sequence[store.StoredText]) -> Texts:
    return [each.content.text for each in texts], ["in" if each.is_inbound else "out" for each in texts]


def _read_here(texts: Sequence[store.StoredText]) -> list[store.NewAnnotation]:
    return [_new(each) for each in read_texts(*_texts(texts))]


def _new(annotation: Annotation) -> store.NewAnnotation:
    verdict = annotation.verdict
    return store.NewAnnotation(
        text=annotation.text,
        language=annotation.language,
        post_class=verdict.post_class,
        reason=verdict.reason,
        rule=verdict.rule,
        confidence=verdict.confidence,
        is_risk=annotation.risk,
        terms=annotation.terms,
        search_text=annotation.search_text,
        department=annotation.department,
        department_rule=annotation.department_rule,
        guessed_department=annotation.guessed_department,
        guess_confidence=annotation.guess_confidence,
        districts=districts_named(annotation.places),
        suspected_class=verdict.review,
        suspected_by=verdict.review_rule,
    )


def _named(versions: Versions) -> str:
    return f"{versions.tokenizer}, dictionary {versions.dictionary}, rules {versions.rules}"
