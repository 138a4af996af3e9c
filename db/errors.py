"""What can go wrong with a store, each in one line that says what to do. Translated here, at the package's edge."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import TimeoutError as PoolTimeout

from db.dialects import DIALECTS
from db.dialects.base import Fault, UnknownEngine


class StoreError(RuntimeError):
    """The store cannot do what was asked. The message is one line and says what to do."""


class WrongUrl(StoreError):
    """MINWON_DB_URL names no store: no URL, an unknown engine, no such host, database, folder or password."""


class WrongSetting(StoreError):
    """A MINWON_DB_ setting cannot be read."""


class NoDatabase(StoreError):
    """The file is there and is no database, or a damaged one."""


class EmptyStore(StoreError):
    """The store holds no tables yet."""


class OlderSchema(StoreError):
    """The store was written by an older version of this code."""


class NewerSchema(StoreError):
    """The store was written by a newer version of this code."""


class ReadOnlyStore(StoreError):
    """The file, its folder or the database may be read only."""


class StoreFull(StoreError):
    """There is no room left where the store is."""


class StoreBusy(StoreError):
    """Somebody else held the store for too long, or took its last connection."""


class ServerGone(StoreError):
    """The database server went away in the middle of the work."""


class QueryTimeout(StoreError):
    """A query took longer than MINWON_DB_QUERY_TIMEOUT_S."""


# What an engine says, what that is for us, and the sentence with the remedy.
_FAULTS: dict[Fault, tuple[type[StoreError], str]] = {
    Fault.NO_STORE: (
        WrongUrl,
        "the store cannot be opened: {reason}; check {address}; a new store is made by: python -m db upgrade",
    ),
    Fault.UNREACHABLE: (
        WrongUrl,
        "the store cannot be reached: {reason}; check {address}, and that its server runs",
    ),
    Fault.NO_DATABASE: (
        NoDatabase,
        "the store cannot be used: {reason}; check {address}, or put a copy of the store in the place of the file",
    ),
    Fault.READ_ONLY: (
        ReadOnlyStore,
        "the store may only be read: {reason}; give yourself the right to write to it, or name another in {address}",
    ),
    Fault.DENIED: (
        ReadOnlyStore,
        "the store does not let you: {reason}; ask its owner for the right, or name another user in {address}",
    ),
    Fault.FULL: (
        StoreFull,
        "there is no room left for the store: {reason}; nothing is damaged: free some space, then run the same command again",
    ),
    Fault.BUSY: (
        StoreBusy,
        "somebody else writes to the store: {reason}; try again later, or wait longer with MINWON_DB_TIMEOUT_S",
    ),
    Fault.NO_CONNECTION: (
        StoreBusy,
        "the store has no free connection: {reason}; try again later, or let it have more",
    ),
    Fault.GONE: (
        ServerGone,
        "the database server went away: {reason}; what was stored whole is kept: when the server is back, "
        "the same command goes on where it stopped",
    ),
    Fault.TIMEOUT: (
        QueryTimeout,
        "the store took too long: {reason}; ask for less, or wait longer with MINWON_DB_QUERY_TIMEOUT_S",
    ),
}


@contextmanager
def translated(address: str = "MINWON_DB_URL") -> Iterator[None]:
    """Turn what the engines raise inside into a StoreError; ``address`` is what named the store.

    Errors that speak of our own statements pass through: they are faults of the code, and their trace is needed.
    """
    try:
        yield
    except StoreError:
        raise
    except Exception as error:
        told = explained(error, address)
        if told is None:
            raise
        raise told from error


def explained(error: BaseException, address: str = "MINWON_DB_URL") -> StoreError | None:
    """Return what an error of SQLAlchemy or a driver means; None where it means a fault of the code."""
    if isinstance(error, UnknownEngine):
        return WrongUrl(f"{error}; check {address}")
    if isinstance(error, PoolTimeout):
        return _told(Fault.NO_CONNECTION, "all of MINWON_DB_POOL_SIZE are in use", address)
    first = None
    # What failed first is the reason: after it, cleaning up fails for whatever reason it finds.
    cause: BaseException | None = error
    while cause is not None:
        fault = next((fault for dialect in DIALECTS.in_use() if (fault := dialect.fault(cause))), None)
        first = _told(fault, _first_line(cause), address) if fault else first
        cause = cause.__context__
    return first


def _told(fault: Fault, reason: str, address: str) -> StoreError:
    kind, sentence = _FAULTS[fault]
    return kind(sentence.format(reason=reason, address=address))


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].strip().rstrip(".;:") if lines else type(error).__name__
