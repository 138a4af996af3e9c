"""The generic preset: any table, its columns named with ``--map field=column``."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Literal

from data_sources.base import UsageError
from data_sources.connectors.files.conversion import MAX_DEPARTMENT_LENGTH, Conversion, city_account, decoded, slug
from data_sources.connectors.files.formats import Row
from data_sources.connectors.files.presets import columns_shown
from data_sources.connectors.files.rejects import UnusableRow
from data_sources.records import AccountReference, Attachment, Post

FIELDS = (
    "id",
    "text",
    "title",
    "created_at",
    "platform",
    "author",
    "url",
    "in_reply_to",
    "addressed_to",
    "account",
    "answer",
    "answered_at",
    "answer_id",
    "department",
    "topic",
    "kind",
    "version",
    "photo",
)
DEFAULT_PLATFORM = "import"
_FLOAT_ID = re.compile(r"(\d+)\.0", re.ASCII)  # pandas saves a column of ids with gaps that way


def parse_mapping(pairs: Iterable[str]) -> dict[str, str]:
    """Return the ``field=column`` pairs of the command line as a dict.

    Raises
    ------
    UsageError
        A pair without ``=``, an unknown field, or a field named twice.
    """
    mapping: dict[str, str] = {}
    for pair in pairs:
        field, equals, column = (part.strip() for part in pair.partition("="))
        if not equals or not field or not column:
            raise UsageError(f"--map {pair!r}: write it as field=column; fields: {', '.join(FIELDS)}")
        if field in mapping:
            raise UsageError(f"--map names the field {field} twice")
        mapping[field] = column
    _check_fields(mapping)
    return mapping


def _check_fields(mapping: Mapping[str, str]) -> None:
    unknown = [field for field in mapping if field not in FIELDS]
    if unknown:
        raise UsageError(f"--map: no field {unknown[0]!r}; known: {', '.join(FIELDS)}")


class GenericRows:
    """Turns rows into posts by a mapping; a field that is not mapped takes the column of its own name.

    A row with a text under ``answer`` becomes two posts, the question and the city's answer. Where the file has
    an answer column, ``account`` and ``department`` say who answered; otherwise ``account`` says who wrote the row.

    Raises
    ------
    UsageError
        An unknown field, a mapped column the file has not, or no column for text or time.
    """

    def __init__(self, mapping: Mapping[str, str], columns: tuple[str, ...]) -> None:
        _check_fields(mapping)
        absent = [column for column in mapping.values() if column not in columns]
        if absent:
            raise UsageError(f"--map: the file has no column {absent[0]!r}; it has: {columns_shown(columns)}")
        self._columns = {field: field for field in FIELDS if field in columns} | dict(mapping)
        if "text" not in self._columns and "title" not in self._columns:
            self._refuse("text", columns)
        if "created_at" not in self._columns:
            self._refuse("created_at", columns)

    def _refuse(self, field: str, columns: tuple[str, ...]) -> None:
        raise UsageError(f"no column for {field}: add --map {field}=COLUMN; the file has: {columns_shown(columns)}")

    def to_posts(self, row: Row, conversion: Conversion) -> list[Post]:
        """Return the post of ``row``, and the answer to it where the row has one; raises UnusableRow."""
        values = {field: row.values.get(column, "").strip() for field, column in self._columns.items()}
        written = "\n\n".join(part for part in (values.get("title"), values.get("text")) if part)
        text = "\n\n".join(decoded(part) for part in (values.get("title"), values.get("text")) if part)
        if not text:
            raise UnusableRow("text.missing", "the row has no text")
        created_at, precision = conversion.times.read(values["created_at"], self._columns["created_at"])
        post_id = self._id_of(values, created_at, written)
        platform = conversion.platform or slug_or_refuse(values.get("platform", ""))
        has_answers = "answer" in self._columns
        account = None if has_answers else _account(values)
        replied_to = _without_float(values.get("in_reply_to", "")) or None
        kind: Any = values.get("kind", "").lower() or ("reply" if replied_to else "post")  # Post checks the word
        post = Post(
            platform=platform,
            platform_post_id=post_id,
            version=_version(values.get("version", "")),
            kind=kind,
            text=text,
            created_at=created_at,
            created_precision=precision,
            author=None if account else values.get("author") or None,
            account=account,
            addressed_to=_reference(values.get("addressed_to", ""), None),
            in_reply_to=replied_to,
            url=values.get("url") or None,
            topic=values.get("topic") or None,
            answers_collected=has_answers or "account" in self._columns,
            attachments=_photos(values.get("photo", "")),
            source_row=row.line,
        )
        if not values.get("answer"):
            return [post]
        return [post, self._answer(values, conversion, post)]

    def _answer(self, values: Mapping[str, str], conversion: Conversion, question: Post) -> Post:
        # Without a time of its own the answer stands on the question's day, and no response time follows from it.
        answered_at: dt.datetime = question.created_at
        precision: Literal["second", "day"] = "day"
        if values.get("answered_at"):
            answered_at, precision = conversion.times.read(values["answered_at"], self._columns["answered_at"])
        return Post(
            platform=question.platform,
            platform_post_id=_without_float(values.get("answer_id", "")) or f"{question.platform_post_id}-answer",
            version=question.version,
            kind="reply",
            text=decoded(values["answer"]),
            created_at=answered_at,
            created_precision=precision,
            account=city_account(values.get("account", ""), values.get("department", "")),
            in_reply_to=question.platform_post_id,
            topic=question.topic,
            source_row=question.source_row,
        )

    def _id_of(self, values: Mapping[str, str], created_at: dt.datetime, text: str) -> str:
        if "id" in self._columns:
            if not values["id"]:
                raise UnusableRow("id.missing", f"column {self._columns['id']} is empty")
            return _without_float(values["id"])
        content = "\x1f".join((created_at.isoformat(), values.get("author", ""), text))
        return "h-" + hashlib.blake2b(content.encode("utf-8", "replace"), digest_size=16).hexdigest()


@lru_cache(maxsize=256)
def slug_or_refuse(platform: str) -> str:
    """Return the platform id of a cell; an empty cell is the default, a cell without ASCII letters is refused."""
    if not platform:
        return DEFAULT_PLATFORM
    name = slug(platform)
    if not name:
        raise UnusableRow("field.invalid", "the platform has no letter or digit of ASCII; give --platform")
    return name


def _account(values: Mapping[str, str]) -> AccountReference | None:
    return _reference(values.get("account", ""), values.get("department", ""))


@lru_cache(maxsize=4_096)  # the accounts of a city, each in thousands of rows
def _reference(handle: str, department: str | None) -> AccountReference | None:
    if not handle:
        return None
    if len(handle) > 200:
        raise UnusableRow("field.invalid", "the account is longer than 200 characters")
    if department is not None and len(department) > MAX_DEPARTMENT_LENGTH:
        department = None
    return AccountReference(handle=handle, department=department or None)


def _without_float(value: str) -> str:
    found = _FLOAT_ID.fullmatch(value)
    return found[1] if found else value


def _version(value: str) -> int:
    if not value:
        return 0
    whole = _without_float(value)
    if not (whole.isascii() and whole.isdigit() and len(whole) <= 18):
        raise UnusableRow("field.invalid", "version is no whole number")
    return int(whole)


def _photos(value: str) -> tuple[Attachment, ...]:
    photos = []
    for url in dict.fromkeys(value.split()):
        if len(url) > 2000 or not url.startswith(("https://", "http://")):
            raise UnusableRow("field.invalid", "photo is no web address")
        key = hashlib.blake2b(url.encode("utf-8", "replace"), digest_size=16).hexdigest()
        photos.append(Attachment(key=key, kind="photo", url=url))
    return tuple(photos)
