"""Annotating ahead: while one page is made ready, other processes analyse the texts of the pages after it.

Pages keep their order. An analysis depends on the text alone, so what is found does not depend on the number of processes, nor on whether
one of them dies: a text that no process has read is read by whoever asked.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from types import TracebackType
from typing import Self, TypeVar

from data_sources.base import SourceError
from data_sources.preparing import Annotations, Text
from data_sources.workers import LocalWorkers
from nlp.records import Annotation

# Pages of which the texts are read beforehand; each is held in memory.
PAGES_AHEAD = 2
# Small enough for the asker to take over what no process has begun, large enough to be worth the way.
TEXTS_AT_ONCE = 250
# Processes take half a second to start: fewer texts are read sooner without them.
TEXTS_WORTH_A_PROCESS = 4_000

Item = TypeVar("Item")


class AnnotatingAhead:
    """Pages, or what was made of them, with the annotations that were made meanwhile.

    Parameters
    ----------
    helpers : int
        Processes besides this one; none reads nothing ahead.
    """

    def __init__(self, helpers: int) -> None:
        self._number = helpers
        self._workers: LocalWorkers | None = None
        self._closing = ExitStack()
        self._texts = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.close()

    def of(
        self, pages: Iterable[Item], texts_of: Callable[[Item], Sequence[Text]]
    ) -> Iterator[tuple[Item, Annotations]]:
        """Yield ``pages`` in order; an error of the source is raised where its page would have come.

        Raises
        ------
        SourceError
            The source could not be read to its end.
        """
        waiting: deque[tuple[Item, list[_Batch]]] = deque()
        source = iter(pages)
        fault: SourceError | None = None
        is_open = True
        while is_open or waiting:
            while is_open and len(waiting) <= (PAGES_AHEAD if self._number else 0):
                try:
                    page = next(source)
                except StopIteration:
                    is_open = False
                except SourceError as error:
                    is_open, fault = False, error
                else:
                    waiting.append((page, self._begin(texts_of(page)) if self._number else []))
            if waiting:
                page, batches = waiting.popleft()
                yield page, {text: found for batch in batches for text, found in batch.annotations().items()}
        if fault is not None:
            raise fault

    def _begin(self, texts: Sequence[Text]) -> list[_Batch]:
        texts = list(dict.fromkeys(texts))
        self._texts += len(texts)
        if self._workers is None:
            if self._texts < TEXTS_WORTH_A_PROCESS:
                return []
            self._workers = self._closing.enter_context(LocalWorkers(self._number))
        starts = range(0, len(texts), TEXTS_AT_ONCE)
        return [_Batch(self._workers, texts[start : start + TEXTS_AT_ONCE]) for start in starts]


class _Batch:
    """Texts given to the processes."""

    def __init__(self, workers: LocalWorkers, texts: Sequence[Text]) -> None:
        self._lost = workers.lost
        self._texts = texts
        self._future: Future[list[Annotation]] = workers.submit(*zip(*texts, strict=True))

    def annotations(self) -> Annotations:
        """Return what was found; nothing where no process has begun, or one died: the asker reads these itself."""
        if self._future.cancel():
            return {}
        try:
            return dict(zip(self._texts, self._future.result(), strict=True))
        except self._lost:
            return {}
