"""Where a source stands: everything up to ``floor`` is read, and a walk from ``top`` down to ``since`` may be under way.

X gives the newest page first. Whoever kept the newest id it has seen would lose the rest of the pages at a crash;
so the floor rises only when a walk is through, and each page's cursor holds the walk.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from data_sources.base import CursorExpired
from data_sources.connectors.x.snowflake import id_at, moment_of

# Some posts enter the search late: what is that old is read once more.
OVERLAP = dt.timedelta(minutes=45)
# The search reaches back seven days; the minutes are for the walk itself and for clocks.
REACH = dt.timedelta(days=7) - dt.timedelta(minutes=10)


class Walk(BaseModel):
    """The cursor of a source."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    floor: int | None = None
    since: int | None = None
    """Set while a walk is under way: it reads what is newer."""
    top: int | None = None
    plan: str = ""
    """What is asked; a walk under another plan is begun anew."""
    query: int = 0
    token: str | None = None
    day: dt.date | None = None
    charged: tuple[int, ...] = ()
    """Posts of the overlap that were charged on ``day``, UTC: the same one costs nothing again until it ends."""
    users: Mapping[str, str | None] = {}
    """User ids of our accounts by handle, None where X knows none."""

    @classmethod
    def read(cls, cursor: str | None) -> Walk:
        """Return the walk of a stored cursor.

        Raises
        ------
        CursorExpired
            It is not one of ours.
        """
        try:
            return cls() if cursor is None else cls.model_validate_json(cursor)
        except ValidationError:
            raise CursorExpired("the stored place is of another version") from None

    def cursor(self) -> str:
        """Return the walk as text."""
        return self.model_dump_json(exclude_defaults=True)

    def is_under_way(self, plan: str) -> bool:
        """Return whether there are pages left of a walk under this plan."""
        return self.since is not None and self.plan == plan

    def begun(self, now: dt.datetime, plan: str) -> Walk:
        """Return a new walk, from now down to the floor less the overlap, as far as the search reaches."""
        since = id_at(now - REACH)
        if self.floor is not None:
            since = max(since, id_at(moment_of(self.floor) - OVERLAP))
        return self.with_day(now).model_copy(
            update={"since": since, "top": id_at(now), "plan": plan, "query": 0, "token": None}
        )

    def with_day(self, now: dt.datetime) -> Walk:
        """Return the walk as of today: what was charged yesterday is charged again."""
        today = now.astimezone(dt.UTC).date()
        return self if self.day == today else self.model_copy(update={"day": today, "charged": ()})

    def bounds(self) -> dict[str, Any]:
        """Return the lower bound as the search wants it: by time where the floor is out of its reach."""
        assert self.since is not None
        if self.floor is None or self.floor < self.since:
            return {"start_time": moment_of(self.since)}
        return {"since_id": str(self.since)}

    def span(self) -> tuple[dt.datetime, dt.datetime]:
        """Return the moments between which a query through all its pages has read everything."""
        assert self.since is not None
        assert self.top is not None
        return moment_of(self.since), moment_of(self.top)

    def charge(self, ids: Iterable[int]) -> tuple[int, Walk]:
        """Return how many of these posts cost something today, and the walk that knows it of those it will see again."""
        new = set(ids) - set(self.charged)
        assert self.top is not None
        again = id_at(moment_of(self.top) - OVERLAP)
        kept = sorted(id_ for id_ in {*self.charged, *new} if id_ > again or id_ in self.charged)
        return len(new), self.model_copy(update={"charged": tuple(kept)})

    def after(self, token: str | None, queries: int) -> Walk:
        """Return the walk after a page: at its next page, at the next query, or through."""
        if token:
            return self.model_copy(update={"token": token})
        if self.query + 1 < queries:
            return self.model_copy(update={"token": None, "query": self.query + 1})
        assert self.top is not None
        again = id_at(moment_of(self.top) - OVERLAP)
        return Walk(
            floor=self.top,
            day=self.day,
            charged=tuple(id_ for id_ in self.charged if id_ > again),
            users=self.users,
        )
