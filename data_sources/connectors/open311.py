"""Service requests of a city that speaks Open311 (GeoReport v2), and what became of them.

Settings: ``MINWON_OPEN311_BASE_URL``, ``MINWON_OPEN311_FORMAT`` (``json`` or ``xml``), ``MINWON_OPEN311_JURISDICTION`` (where the server
serves several), ``MINWON_OPEN311_SINCE`` (first day, else 90 days ago), ``MINWON_OPEN311_LIMIT`` (requests the server gives at once, 1000),
``MINWON_OPEN311_ANSWERS`` (whether ``status_notes`` holds the city's answers, true), ``MINWON_OPEN311_HANDLE`` (whose name answers bear
where no agency is named), ``MINWON_OPEN311_TIMEOUT_S``, ``MINWON_OPEN311_BUDGET_READS``.

One source; a read is a request. Servers give 90 days at most, so the time is cut into windows of that length, and a window
with as many requests as the server gives at once into halves. Requests of the last 90 days are read again each time: a changed
status is a version by ``updated_datetime``, and its note one more answer by the agency, at the time of the update, so the first
answer keeps its time. A note without a time of update cannot be timed: it is left out, and its request counts as one whose answers are
not collected. The place is part of the text, as people ask about places. Not collected: who asked (the interface does not tell),
attributes of a service, requests that have a token only.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple
from xml.etree.ElementTree import ParseError

import defusedxml.ElementTree
from defusedxml import DefusedXmlException
from pydantic import Field
from pydantic_settings import SettingsConfigDict

from data_sources.base import BadPayload, CursorExpired
from data_sources.connectors.http import HttpClient
from data_sources.connectors.network import (
    Network,
    NetworkSettings,
    collect,
    moment,
    read_settings,
    require,
    version_of,
)
from data_sources.records import AccountReference, Attachment, Page, Post
from data_sources.registry import Registry

_A_DAY = dt.timedelta(days=1)  # between time zones, where a server writes times without one
WINDOW = dt.timedelta(days=90)
SHORTEST = dt.timedelta(minutes=1)  # a minute with more requests than a server gives at once is taken as it is


class Open311Settings(NetworkSettings):
    """MINWON_OPEN311_..."""

    model_config = SettingsConfigDict(env_prefix="MINWON_OPEN311_", extra="ignore")

    base_url: str = ""
    format: Literal["json", "xml"] = "json"
    jurisdiction: str | None = None
    since: dt.date | None = None
    limit: int = Field(default=1000, ge=1)
    answers: bool = True
    handle: str = "open311"


class _Place(NamedTuple):
    """Up to which time of asking everything is read, and whether that walk came to its end."""

    read_to: dt.datetime
    is_complete: bool

    def cursor(self) -> str:
        return json.dumps({"read_to": self.read_to.isoformat(), "complete": self.is_complete})


def build(registry: Registry) -> list[ServiceRequests]:
    """Return the one source.

    Raises
    ------
    UsageError
        A setting is missing.
    """
    settings = read_settings(Open311Settings)
    require(settings.base_url, "MINWON_OPEN311_BASE_URL")
    return [ServiceRequests(settings)]


class ServiceRequests(Network):
    """The requests of one server."""

    name = "open311"
    platform = "open311"

    def __init__(self, settings: Open311Settings) -> None:
        super().__init__(settings.jurisdiction or "requests", settings)
        self._settings = settings
        self._http = HttpClient(settings.base_url, timeout_s=settings.timeout_s)

    def fetch(self, cursor: str | None) -> Iterator[Page]:
        """Yield requests and their answers, oldest first; see LiveConnector."""
        now = dt.datetime.now(dt.UTC).replace(microsecond=0)
        place = _read(cursor)
        since = self._settings.since
        first = dt.datetime.combine(since, dt.time(), dt.UTC) if since else now - WINDOW
        if place is None:
            start = first
        elif place.is_complete:
            start = max(first, min(place.read_to, now - WINDOW))
        else:
            start = place.read_to
        length = WINDOW
        while start < now:
            end = min(start + length, now)
            requests = self._requests(start, end)
            if len(requests) >= self._settings.limit and end - start > SHORTEST:
                length = max((end - start) / 2, SHORTEST)
                continue
            posts, rejects = collect(requests, self._to_posts)
            asked = [post.created_at for post in posts if post.account is None]
            if asked and not any(start - _A_DAY <= time <= end + _A_DAY for time in asked):
                raise BadPayload("the server gives requests of other days than it is asked for")
            yield Page(records=posts, rejects=rejects, reads=1, cursor=_Place(end, end >= now).cursor())
            start, length = end, min(length * 2, WINDOW)

    def _requests(self, start: dt.datetime, end: dt.datetime) -> list[Any]:
        asked = {"start_date": _written(start), "end_date": _written(end)}
        if self._settings.jurisdiction:
            asked["jurisdiction_id"] = self._settings.jurisdiction
        path = f"/requests.{self._settings.format}"
        if self._settings.format == "xml":
            return _of_xml(self._http.content(path, asked), path)
        found = self._http.json(path, asked)
        if not isinstance(found, list):
            raise BadPayload(f"GET {path}: an answer that is no list")
        return found

    def _to_posts(self, request: Any) -> list[Post]:
        fields = {name: _text(value) for name, value in request.items()}
        id_ = fields.get("service_request_id", "")
        created_at, precision = moment(fields.get("requested_datetime"), "requested_datetime", "UTC")
        written = fields.get("updated_datetime")
        updated_at = moment(written, "updated_datetime", "UTC")[0] if written else None
        notes = fields.get("status_notes", "")
        is_answered = bool(notes) and self._settings.answers
        agency = fields.get("agency_responsible", "")
        service = fields.get("service_name", "")
        parts = (service, fields.get("description", ""), fields.get("address", ""))
        url = fields.get("media_url")
        question = Post(
            platform=self.platform,
            platform_post_id=id_,
            version=version_of(created_at, updated_at),
            text="\n\n".join(part for part in parts if part),
            created_at=created_at,
            created_precision=precision,
            topic=service[:100] or None,
            answers_collected=self._settings.answers and not (is_answered and updated_at is None),
            attachments=(Attachment(key="media", kind="photo", url=url),) if url and len(url) <= 2000 else (),
        )
        if not is_answered or updated_at is None:
            return [question]
        answer = Post(
            platform=self.platform,
            platform_post_id=f"{id_}-{int(updated_at.timestamp())}",
            kind="reply",
            text=notes,
            created_at=max(updated_at, created_at),
            account=AccountReference(handle=agency or self._settings.handle, department=agency or None),
            in_reply_to=id_,
        )
        return [question, answer]


def _read(cursor: str | None) -> _Place | None:
    if cursor is None:
        return None
    try:
        stored = json.loads(cursor)
        return _Place(dt.datetime.fromisoformat(stored["read_to"]), bool(stored["complete"]))
    except (KeyError, TypeError, ValueError) as error:
        raise CursorExpired("the stored cursor is not one of this version") from error


def _written(time: dt.datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _of_xml(content: bytes, path: str) -> list[Mapping[str, str | None]]:
    try:
        root = defusedxml.ElementTree.fromstring(content)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise BadPayload(f"GET {path}: an answer that is not XML") from error
    if root.tag != "service_requests":
        raise BadPayload(f"GET {path}: an answer without service_requests")
    return [{field.tag: field.text for field in request} for request in root.iter("request")]
