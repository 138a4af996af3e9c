from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from distributed import LocalCluster

from data_sources import workers
from data_sources.workers import MAX_ATTEMPTS, DaskWorkers, LocalWorkers, Texts, WorkerError, read_batches, read_texts
from nlp.records import Annotation

TEXTS = [f"지하철 {number}호선이 늦어요" for number in range(1, 9)]


def _texts_of(batch: str) -> Texts:
    return [batch], ["in"]


class _Mortal:
    """Workers that die of certain texts a number of times."""

    lost: tuple[type[BaseException], ...] = (BrokenExecutor,)
    number = 2

    def __init__(self, deadly: dict[str, int]) -> None:
        self.deadly = deadly

    def __enter__(self) -> _Mortal:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def look(self) -> None:
        pass

    def submit(self, texts: Sequence[str], directions: Sequence[str]) -> Future[list[Annotation]]:
        future: Future[list[Annotation]] = Future()
        if self.deadly.get(texts[0], 0):
            self.deadly[texts[0]] -= 1
            future.set_exception(BrokenExecutor("a worker died"))
        else:
            future.set_result(read_texts(texts, directions))
        return future


def test_every_batch_comes_back_with_its_own_annotations() -> None:
    with LocalWorkers(2) as processes:
        found = dict(read_batches(TEXTS, _texts_of, processes))
    assert found == {text: read_texts([text], ["in"]) for text in TEXTS}


def test_what_a_dead_worker_held_is_done_again() -> None:
    found = dict(read_batches(TEXTS, _texts_of, _Mortal({TEXTS[0]: MAX_ATTEMPTS, TEXTS[5]: 1})))
    assert found == {text: read_texts([text], ["in"]) for text in TEXTS}


def test_a_batch_that_takes_its_worker_down_again_and_again_is_named() -> None:
    mortal = _Mortal({TEXTS[2]: MAX_ATTEMPTS + 1})
    said = f"died {MAX_ATTEMPTS + 1} times over {TEXTS[2]}: it may lack memory, so try a smaller --batch"
    with pytest.raises(WorkerError, match=said):
        list(read_batches(TEXTS, _texts_of, mortal))
    assert mortal.deadly == {TEXTS[2]: 0}


def test_tokens_stay_with_the_worker() -> None:
    assert [each.tokens for each in read_texts(TEXTS, ["in"] * len(TEXTS))] == [()] * len(TEXTS)


def test_dask_that_is_not_installed_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(workers.importlib, "import_module", missing)
    with pytest.raises(WorkerError, match="pip install distributed"):
        DaskWorkers("tcp://127.0.0.1:8786")


@contextmanager
def _cluster(number: int, folder: Path) -> Iterator[LocalCluster]:
    """A cluster of processes on this machine."""
    with LocalCluster(
        n_workers=number,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address=None,
        local_directory=str(folder),
    ) as cluster:
        yield cluster


def test_a_cluster_without_workers_is_said_in_one_line(tmp_path: Path) -> None:
    with _cluster(0, tmp_path) as cluster, pytest.raises(WorkerError, match="has no workers; start one: dask worker"):
        DaskWorkers(cluster.scheduler_address)


def test_a_worker_of_a_cluster_killed_in_the_middle_changes_nothing(tmp_path: Path) -> None:
    with _cluster(2, tmp_path) as cluster, DaskWorkers(cluster.scheduler_address) as processes:
        assert processes.number == 2
        found, killed = {}, []
        for batch, annotations_found in read_batches(TEXTS, _texts_of, processes):
            found[batch] = annotations_found
            if not killed:
                killed = list(processes._client.run(os.getpid).values())[:1]
                os.kill(killed[0], signal.SIGKILL)
    assert found == {text: read_texts([text], ["in"]) for text in TEXTS}


def test_a_cluster_that_goes_away_in_the_middle_is_said_in_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(workers, "CONNECT_TIMEOUT_S", 0.5)
    monkeypatch.setattr(workers, "LOOK_EVERY_S", 0.1)
    with _cluster(1, tmp_path) as cluster, DaskWorkers(cluster.scheduler_address) as processes:
        read = read_batches(TEXTS, _texts_of, processes)
        next(read)
        cluster.scale(0)
        cluster.sync(cluster._correct_state)
        with pytest.raises(WorkerError, match="went away; what is done is kept"):
            list(read)
