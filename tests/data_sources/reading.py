"""Readings of another day, and workers that are no processes: what the tests of `reannotate` share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine

from data_sources.workers import read_texts
from db.rollups import check
from nlp import annotate, filtering, keywords, versions
from nlp.records import Annotation, Versions
from tests.snapshot import snapshot

OLD = Versions("an old tokenizer", "an old dictionary", "old rules")


@contextmanager
def old_reading(version: Versions = OLD, without: Sequence[str] = ()) -> Iterator[None]:
    """Within, texts are read as by older code: all is a question, nothing is masked or risky, ``without`` is no term."""
    real = keywords.terms_of

    def terms_of(*arguments: Any, **named: Any) -> tuple[str, ...]:
        return tuple(term for term in real(*arguments, **named) if term not in without)

    with pytest.MonkeyPatch.context() as patch:
        for module in (annotate, versions):
            patch.setattr(module, "versions", lambda: version)
        patch.setattr(filtering, "classify", lambda *_, **__: filtering.DEFAULT)
        patch.setattr(annotate, "risk_of", lambda _: None)
        patch.setattr(annotate, "mask_and_count", lambda text: (text, {}))
        patch.setattr(keywords, "terms_of", terms_of)
        yield


class Here:
    """Reads in this very process; ``before`` is called with the number of each batch before it is read."""

    lost: tuple[type[BaseException], ...] = ()
    number = 1

    def __init__(self, before: Callable[[int], None] = lambda _: None) -> None:
        self.texts: list[str] = []
        self.batches = 0
        self._before = before

    def __enter__(self) -> Here:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def look(self) -> None:
        pass

    def submit(self, texts: Sequence[str], directions: Sequence[str]) -> Future[list[Annotation]]:
        self.batches += 1
        self._before(self.batches)
        self.texts += texts
        done: Future[list[Annotation]] = Future()
        done.set_result(read_texts(texts, directions))
        return done


def said(engine: Engine) -> dict[str, Any]:
    """Return what a store says, without which rules said it before."""
    content = snapshot(engine)
    content.pop("classes")
    return content


def wrong(engine: Engine) -> list[str]:
    """Return where the roll-ups and indexes are not what the rows say."""
    return [str(difference) for difference in check(engine)]
