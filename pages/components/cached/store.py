"""The store a page run reads: one engine for the process, one snapshot for the run; its errors are translated once."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

import streamlit as st
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from db import queries
from db.engine import UnknownEngine, open_engine
from db.errors import QueryTimeout, StoreError, explained
from db.revisions import check_revision
from db.snapshot import Reader, Snapshot

TTL = "1h"  # a forgotten entry leaves memory; a new load changes the key anyway
MAX_ENTRIES = 256  # about ten visitors' filters on every page

P = ParamSpec("P")
R = TypeVar("R")

# The snapshot of the page run that is under way in this thread.
_RUN: ContextVar[Snapshot | None] = ContextVar("page_run", default=None)


class StoreUnavailable(RuntimeError):
    """The store cannot be read; the cause is in the log, not on screen."""


class StoreSlow(StoreUnavailable):
    """A query was ended because it took too long."""


def translated(read: Callable[P, R]) -> Callable[P, R]:
    """Turn errors of the engine, and an address that names none, into StoreUnavailable."""

    @functools.wraps(read)
    def careful(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return read(*args, **kwargs)
        except (SQLAlchemyError, OSError, UnknownEngine, StoreError) as error:
            told = explained(error)
            kind = StoreSlow if isinstance(told, QueryTimeout) else StoreUnavailable
            raise kind(f"{read.__name__}: {told or type(error).__name__}") from error

    return careful


@st.cache_resource(max_entries=4, show_spinner=False)
def _engine_of(url: str) -> Engine:
    opened = open_engine(url or None, readonly=True)
    try:
        check_revision(opened)
    except BaseException:
        opened.dispose()
        raise
    return opened


def engine() -> Engine:
    """Return the read-only engine of the store the environment names."""
    return _engine_of(os.environ.get("MINWON_DB_URL", ""))


@contextmanager
def snapshot() -> Iterator[None]:
    """Let everything that is read inside, by this thread, come from one state of the store.

    Raises
    ------
    StoreUnavailable
        The store cannot be read.
    """
    opened = _open_snapshot()
    token = _RUN.set(opened)
    try:
        yield
    finally:
        _RUN.reset(token)
        opened.close()


@translated
def _open_snapshot() -> Snapshot:
    return Snapshot(engine())


def reader() -> Reader:
    """Return what cached reads read from: the snapshot of the page run, outside of one the engine."""
    return _RUN.get() or engine()


@translated
def current_load_id() -> int:
    """Return the number of the state of the store that is shown; 0 for an empty one."""
    run = _RUN.get()
    return queries.load_id(engine()) if run is None else run.load_id
