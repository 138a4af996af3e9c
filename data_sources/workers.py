"""The pure part of `reannotate`, texts in, annotations out, and the processes that do it: here or on a Dask cluster.

A worker that dies changes nothing: its batch is done again. The store is none of its business.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from multiprocessing import connection
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

from nlp import annotate
from nlp.records import Annotation

# Batches handed out beyond those in work, so that no worker waits for the store.
AHEAD = 2
# A batch that takes its worker down this often, alone, does it by what it holds.
MAX_ATTEMPTS = 3
CONNECT_TIMEOUT_S = 10
# A batch takes a second; after this long without any it is time to ask whether anybody is there.
LOOK_EVERY_S = 10

Batch = TypeVar("Batch")
Texts = tuple[Sequence[str], Sequence[str]]  # texts, and the direction of each


class WorkerError(Exception):
    """No worker can do what is asked. The message is one line and says what to do."""


def read_texts(texts: Sequence[str], directions: Sequence[str]) -> list[Annotation]:
    """Return the annotations of ``texts`` without their tokens, which nobody stores; see :func:`annotate_many`."""
    found = annotate.annotate_many(texts, direction=directions)
    return [annotation._replace(tokens=(), masked={}) for annotation in found]


class Workers(Protocol):
    """Processes that run :func:`read_texts`."""

    number: int
    lost: tuple[type[BaseException], ...]
    """What a future raises where its worker died."""

    def submit(self, texts: Sequence[str], directions: Sequence[str]) -> Future[list[Annotation]]:
        """Have one batch read."""
        ...

    def look(self) -> None:
        """Raise WorkerError where nobody is left to read."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class LocalWorkers:
    """Processes of this machine, started afresh, so that nothing of the parent's state is in them."""

    lost: tuple[type[BaseException], ...] = (BrokenExecutor,)

    def __init__(self, number: int | None = None) -> None:
        self.number = number or os.cpu_count() or 1
        self._executor = self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._executor.shutdown(wait=True, cancel_futures=True)

    def submit(self, texts: Sequence[str], directions: Sequence[str]) -> Future[list[Annotation]]:
        """Have one batch read, by new processes where one of the old died."""
        try:
            return self._executor.submit(read_texts, texts, directions)
        except BrokenExecutor:
            self._executor.shutdown(wait=True, cancel_futures=True)
            self._executor = self._start()
            return self._executor.submit(read_texts, texts, directions)

    def look(self) -> None:
        """Do nothing: the end of a process of this machine is seen at once."""

    def _start(self) -> Executor:
        return processes(self.number)


class DaskWorkers:
    """An existing Dask cluster; its workers need this code and its requirements."""

    def __init__(self, address: str) -> None:
        self._address = address
        try:
            distributed = importlib.import_module("distributed")
        except ImportError as error:
            raise WorkerError("--dask needs a package that is missing; run: pip install distributed") from error
        try:
            self._client: Any = distributed.Client(address, timeout=CONNECT_TIMEOUT_S, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise WorkerError(
                f"no Dask scheduler answers at {address}; check the address, such as tcp://host:8786"
            ) from error
        # The last is what its executor raises where a batch is cancelled just while it looks at the outcome.
        self.lost: tuple[type[BaseException], ...] = (distributed.KilledWorker, CancelledError, ValueError)
        self.number: int = sum(self._client.nthreads().values())
        if not self.number:
            self._client.close()
            raise WorkerError(f"the Dask cluster at {address} has no workers; start one: dask worker {address}")
        # Texts are handed over as often as they must: equal ones are no reason to keep the first result.
        self._executor: Executor = self._client.get_executor(pure=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._executor.shutdown(wait=False)
        self._client.close()

    def submit(self, texts: Sequence[str], directions: Sequence[str]) -> Future[list[Annotation]]:
        """Have one batch read."""
        return self._executor.submit(read_texts, texts, directions)

    def look(self) -> None:
        """Raise WorkerError where the scheduler is gone, or all workers and none comes back."""
        gone = f"the Dask cluster at {self._address} went away; what is done is kept, the same command goes on"
        if self._client.status != "running":
            raise WorkerError(gone)
        try:
            self._client.wait_for_workers(1, timeout=CONNECT_TIMEOUT_S)
        except (OSError, TimeoutError) as error:
            raise WorkerError(gone) from error


def read_batches(
    batches: Iterable[Batch], texts_of: Callable[[Batch], Texts], workers: Workers
) -> Iterator[tuple[Batch, list[Annotation]]]:
    """Yield each batch with its annotations, in the order in which they are done.

    Raises
    ------
    WorkerError
        A batch took its worker down again and again.
    """
    source = iter(batches)
    again: deque[Batch] = deque()
    running: dict[Future[list[Annotation]], Batch] = {}
    attempts: dict[int, int] = {}
    while True:
        # What was lost is done again one by one: so it shows which batch it is that takes its worker down.
        while len(running) < (1 if attempts else workers.number + AHEAD):
            batch = again.popleft() if again else next(source, None)
            if batch is None:
                break
            running[workers.submit(*texts_of(batch))] = batch
        if not running:
            return
        done, _ = wait(running, LOOK_EVERY_S, return_when=FIRST_COMPLETED)
        if not done:
            workers.look()
        for future in done:
            batch = running.pop(future)
            try:
                annotations = future.result()
            except workers.lost as error:
                attempts[id(batch)] = attempts.get(id(batch), 0) + 1
                if attempts[id(batch)] > MAX_ATTEMPTS:
                    raise WorkerError(
                        f"a worker died {attempts[id(batch)]} times over {batch}: it may lack memory, so try a smaller "
                        "--batch or fewer --workers; what is done is kept, the same command goes on"
                    ) from error
                again.append(batch)
            else:
                attempts.pop(id(batch), None)
                yield batch, annotations


def processes(number: int, begin: Callable[..., None] | None = None, arguments: tuple[Any, ...] = ()) -> Executor:
    """Return processes, started afresh, each of which calls ``begin`` first; they leave ^C to this one and end with it."""
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(number, mp_context=context, initializer=_begin, initargs=(begin, arguments))


def _begin(begin: Callable[..., None] | None, arguments: tuple[Any, ...]) -> None:
    _become_worker()
    if begin is not None:
        begin(*arguments)


def _become_worker() -> None:
    """Leave ^C to the parent, and end when it does, even where it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)
