"""What every connector offers, and how it fails."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Literal, Protocol

from data_sources.records import Page, Removal

Origin = Literal["synthetic", "import", "live"]


class SourceError(Exception):
    """A source that cannot be read. The message is one line and says what to do."""

    exit_code = 1


class UsageError(SourceError):
    """What was asked for cannot be meant: no such file, wrong preset, unknown column."""

    exit_code = 2


class ConnectorError(SourceError):
    """A network that did not give what was asked for. ``kind`` is a stable word for ``status`` and the store."""

    kind = "failed"


class Transient(ConnectorError):
    """The network, a 5xx answer, a body that was cut off: worth another try soon."""

    kind = "unreachable"


class RateLimited(ConnectorError):
    """Too many requests; ``until`` is when the next one is allowed, where the network said so."""

    kind = "rate_limited"

    def __init__(self, message: str, until: dt.datetime | None = None) -> None:
        super().__init__(message)
        self.until = until


class QuotaExhausted(ConnectorError):
    """Credits, a monthly cap or our own budget are used up: no waiting helps, a person must decide."""

    kind = "quota"


class AuthFailed(ConnectorError):
    """The token is wrong, expired or revoked."""

    kind = "unauthorised"


class NotAllowed(ConnectorError):
    """The network's rules or our access level forbid it."""

    kind = "not_allowed"


class Duplicate(NotAllowed):
    """The network has this very post already; it may be ours, of an answer that was lost."""

    kind = "duplicate"


class BadRequest(ConnectorError):
    """The network does not understand us: our mistake."""

    kind = "bad_request"


class CursorExpired(BadRequest):
    """The network no longer knows where we were: begin anew from what is still there."""

    kind = "cursor_expired"


class BadPayload(ConnectorError):
    """An answer that is not of the documented shape."""

    kind = "bad_payload"


class Unknown(ConnectorError):
    """A post was on its way and nobody knows whether it arrived: look before sending again."""

    kind = "unknown"


class Connector(Protocol):
    """A source of posts.

    ``name`` is the row in CONNECTORS; ``source`` names this very source (for a file: preset and content
    fingerprint) and is the key of its cursor. ``origin`` decides how its posts are labelled and shown.
    """

    name: str
    source: str
    origin: Origin

    def fetch(self, cursor: str | None) -> Iterator[Page]:
        """Yield pages of records after ``cursor``; from the beginning where it is None."""
        ...


class LiveConnector(Connector, Protocol):
    """A network that is read again and again; whoever runs it does all waiting and counts what it costs.

    ``platform`` is the id of its posts' platform, ``dollars_per_read`` the price of what a page counts as one of its reads.
    """

    platform: str
    dollars_per_read: float

    def check(self, ids: Sequence[str]) -> Iterator[Removal]:
        """Yield which of these posts (ids of the network) are gone; nothing of those that still stand.

        A class attribute ``ids_per_check`` says how many ids are given at once, 0 where the network cannot be asked.

        Raises
        ------
        ConnectorError
            The network did not answer.
        """
        ...

    def publish(self, account: str, text: str, *, key: str, in_reply_to: str | None = None) -> str:
        """Post ``text`` through ``account`` and return its id; ``key`` makes a repetition harmless where the network knows such.

        Raises
        ------
        Unknown
            It was sent and no answer came: see :meth:`find_published` before another try.
        """
        ...

    def find_published(self, account: str, text: str, since: dt.datetime) -> str | None:
        """Return the id of a post with this text that ``account`` has made since; None where there is none."""
        ...


class Metered(LiveConnector, Protocol):
    """A live connector with the budget of a month, None where there is none.

    ``allowance`` is how many reads the budget still pays for, None where nothing bounds them: whoever asks for a page sets it before
    each. A connector that pays by the post asks for no more than that, and raises QuotaExhausted where it cannot ask for so few.
    """

    budget_reads: int | None
    budget_dollars: float | None
    allowance: int | None
