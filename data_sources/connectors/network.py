"""What the networks have in common: settings from the environment, and how their items become posts."""

from __future__ import annotations

import datetime as dt
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, TypeVar

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsError

from data_sources.base import NotAllowed, Origin, UsageError
from data_sources.connectors.files.rejects import UnusableRow, reject, unusable
from data_sources.connectors.files.times import DEFAULT_TIMEZONE, TimeReader
from data_sources.records import Post, Reject, Removal

_ROW_NUMBERS = 0x7FFF_FFFF  # the store keeps rows of sources as 32 bits with a sign


class NetworkSettings(BaseSettings):
    """What every network lets one set; its own settings are a subclass with a prefix."""

    timeout_s: float = Field(default=20.0, gt=0)
    budget_reads: int | None = Field(default=None, ge=0)


S = TypeVar("S", bound=NetworkSettings)


def read_settings(kind: type[S]) -> S:
    """Return the settings of a network.

    Raises
    ------
    UsageError
        One is missing or cannot be meant; the message names them and never what they hold.
    """
    prefix = kind.model_config.get("env_prefix", "")
    try:
        return kind()
    except ValidationError as error:
        faults = [
            f"{prefix}{'.'.join(str(part) for part in fault['loc']).upper()} ({fault['msg']})"
            for fault in error.errors(include_url=False, include_input=False, include_context=False)
        ]
        raise UsageError(f"settings: {'; '.join(faults)}") from None
    except SettingsError as error:
        raise UsageError(f"settings {prefix}...: {error}; lists and tables are written as JSON") from None


def require(value: object, setting: str) -> None:
    """Refuse to go on without a setting.

    Raises
    ------
    UsageError
        ``value`` is None or empty.
    """
    if not value:
        raise UsageError(f"{setting} is not set")


class Network:
    """A network that is only read: nothing is published, and no deletion can be asked for."""

    name: str
    platform: str
    origin: Origin = "live"
    dollars_per_read: float = 0.0
    budget_dollars: float | None = None
    allowance: int | None = None  # a page is a request or a few, and none of them is paid for

    def __init__(self, part: str, settings: NetworkSettings) -> None:
        self.source = f"{self.name}:{part}"
        self.budget_reads = settings.budget_reads

    def check(self, ids: Sequence[str]) -> Iterator[Removal]:
        """Yield nothing: the network cannot be asked."""
        yield from ()

    def publish(self, account: str, text: str, *, key: str, in_reply_to: str | None = None) -> str:
        """Refuse.

        Raises
        ------
        NotAllowed
            Always.
        """
        raise NotAllowed(f"nothing is published through {self.name}")

    def find_published(self, account: str, text: str, since: dt.datetime) -> str | None:
        """Return None: nothing was published."""
        return None


def collect(
    items: Iterable[Any], to_posts: Callable[[Any], Iterable[Post]]
) -> tuple[tuple[Post, ...], tuple[Reject, ...]]:
    """Return the posts of ``items``, and a reject for each item that is none.

    A reject keeps the item's id and the names of its fields: unlike the row of a file an item holds handles and names.
    """
    posts: list[Post] = []
    rejects: list[Reject] = []
    for item in items:
        try:
            posts += to_posts(item)
            continue
        except UnusableRow as error:
            fault = error
        except ValidationError as error:
            fault = unusable(error)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            fault = UnusableRow("field.invalid", f"the item is not of the documented shape ({type(error).__name__})")
        kept = _outline(item)
        # A number that is the same at the next reading: an item is rejected once.
        rejects.append(reject(zlib.crc32(kept.encode()) & _ROW_NUMBERS, fault.reason, fault.detail, kept))
    return tuple(posts), tuple(rejects)


def _outline(item: Any) -> str:
    if not isinstance(item, Mapping):
        return type(item).__name__
    outline = {"id": str(item.get("id", ""))[:200], "fields": sorted(map(str, item))}
    return json.dumps(outline, ensure_ascii=False)


def moment(value: Any, field: str, timezone: str = DEFAULT_TIMEZONE) -> tuple[dt.datetime, Literal["second", "day"]]:
    """Return a time in UTC and its precision, however a network writes it; ``timezone`` is for times that name none.

    Raises
    ------
    UnusableRow
        There is none, it is unreadable, or it is in the future.
    """
    return TimeReader(timezone=timezone).read(str(value or ""), field)


def newest(times: Iterable[Any], field: str, timezone: str = DEFAULT_TIMEZONE) -> dt.datetime | None:
    """Return the latest of the times that can be read, None where none can."""
    found = []
    for time in times:
        try:
            found.append(moment(time, field, timezone)[0])
        except UnusableRow:
            continue  # the item itself is rejected with its reason
    return max(found, default=None)


def version_of(created_at: dt.datetime, edited_at: dt.datetime | None) -> int:
    """Return what orders edits: 0 for a post as it was first written, then the second of the edit."""
    return int(edited_at.timestamp()) if edited_at is not None and edited_at > created_at else 0
