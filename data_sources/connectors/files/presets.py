"""Presets: how the columns of known files become posts. A new kind of file is one row in PRESETS."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterable
from dataclasses import dataclass

from data_sources.base import UsageError
from data_sources.connectors.files.conversion import (
    Conversion,
    ToPosts,
    city_account,
    decoded,
    required_id,
    required_text,
    slug,
    titled,
    whole_number,
)
from data_sources.connectors.files.exports import EUNGDAPSO, SPRINKLR, TWARC, citizens_letter, message, tweet
from data_sources.connectors.files.formats import Row
from data_sources.connectors.files.html import html_to_text, tidy_lines
from data_sources.connectors.files.rejects import UnusableRow
from data_sources.connectors.files.times import DEFAULT_TIMEZONE
from data_sources.records import AccountReference, Post

PETITION_DAYS = 30  # a national petition was open for 30 days; the 2019 lists give only its last
MAX_COLUMNS_SHOWN = 12  # of a file's columns in a one-line message


@dataclass(frozen=True)
class Flavour:
    """One set of columns a preset understands."""

    required: frozenset[str]
    optional: frozenset[str]
    to_posts: ToPosts


@dataclass(frozen=True)
class Preset:
    """A kind of file. ``flavours`` are tried in order: the first whose required columns are all there is meant."""

    name: str
    ko: str
    en: str
    platform: str
    timezone: str
    flavours: tuple[Flavour, ...]

    def flavour_for(self, columns: Iterable[str]) -> Flavour | None:
        """Return the flavour that fits ``columns``, or None."""
        present = frozenset(columns)
        return next((flavour for flavour in self.flavours if flavour.required <= present), None)

    def missing_from(self, columns: Iterable[str]) -> list[str]:
        """Return the columns the nearest flavour would still need, sorted."""
        present = frozenset(columns)
        return sorted(min((flavour.required - present for flavour in self.flavours), key=len, default=()))


def _suggestion(row: Row, conversion: Conversion) -> list[Post]:
    values = row.values
    body = html_to_text(values.get("BODY_HTML", ""))
    created_at, precision = conversion.times.read(values["REG_DATE"], "REG_DATE")
    return [
        Post(
            platform=conversion.platform or "seoul_suggestions",
            platform_post_id=required_id(values["SN"], "SN"),
            version=1 if body else 0,  # the list of titles never replaces a full text
            text=required_text(titled(decoded(values["TITLE"]), body), "TITLE"),
            created_at=created_at,
            created_precision=precision,
            url=values.get("CONTENT") or None,
            topic=values.get("VISIOIN_TXT") or None,
            answers_collected=False,  # the board shows replies; the file does not carry them
            source_row=row.line,
        )
    ]


def _petition(
    row: Row, conversion: Conversion, post_id: str, title: str, body: str, day: dt.datetime, platform: str
) -> list[Post]:
    text = titled(decoded(title), body)
    return [
        Post(
            platform=conversion.platform or platform,
            platform_post_id=post_id,
            version=1 if body else 0,
            text=required_text(text, "title"),
            created_at=day,
            created_precision="day",
            topic=row.values.get("category") or None,
            answers_collected=False,
            source_row=row.line,
        )
    ]


def _petition_title(row: Row, conversion: Conversion) -> list[Post]:
    values = row.values
    day, _ = conversion.times.read(values["expiryDate"], "expiryDate", shift=-dt.timedelta(days=PETITION_DAYS))
    return _petition(row, conversion, whole_number(values["id"], "id"), values["title"], "", day, "petitions")


def _petition_text(row: Row, conversion: Conversion) -> list[Post]:
    values = row.values
    day, _ = conversion.times.read(values.get("begin", ""), "begin")
    post_id = whole_number(values.get("petition_idx", ""), "petition_idx")
    body = tidy_lines(values.get("content", ""))
    return _petition(row, conversion, post_id, values.get("title", ""), body, day, "petitions")


_LOGIN_PLATFORMS = {"naver": "naver", "facebook": "facebook", "twitter": "x", "kakao": "kakao"}


def _petition_with_login(row: Row, conversion: Conversion) -> list[Post]:
    values = row.values
    day, _ = conversion.times.read(values["start-days"], "start-days")
    login = slug(values["person"].split(" - ", 1)[0])
    platform = _LOGIN_PLATFORMS.get(login, login) or "petitions"
    body = tidy_lines(values["petition_overview"])
    return _petition(row, conversion, whole_number(values["num"], "num"), values["title"], body, day, platform)


def _customer_tweet(row: Row, conversion: Conversion) -> list[Post]:
    values = row.values
    author = required_id(values["author_id"], "author_id")
    inbound = values["inbound"].strip().lower()
    if inbound not in ("true", "false"):
        raise UnusableRow("field.invalid", "column inbound is neither True nor False")
    replied_to = values["in_response_to_tweet_id"].strip()
    created_at, precision = conversion.times.read(values["created_at"])
    return [
        Post(
            platform=conversion.platform or "x",
            platform_post_id=whole_number(values["tweet_id"], "tweet_id"),
            kind="reply" if replied_to else "post",
            text=required_text(html.unescape(values["text"]), "text"),
            created_at=created_at,
            created_precision=precision,
            author=author if inbound == "true" else None,
            account=AccountReference(handle=author, department=author) if inbound == "false" else None,
            in_reply_to=whole_number(replied_to, "in_response_to_tweet_id") if replied_to else None,
            source_row=row.line,
        )
    ]


def _complaint(row: Row, conversion: Conversion) -> list[Post]:
    values = row.values
    post_id = required_id(values["num"], "num")
    platform = conversion.platform or "minwon"
    # The file has one day for question and answer: it says nothing about the time between them.
    day, _ = conversion.times.read(values["date"], "date")
    question = Post(
        platform=platform,
        platform_post_id=post_id,
        text=required_text(titled(decoded(values["title"]), decoded(values["content"])), "content"),
        created_at=day,
        created_precision="day",
        source_row=row.line,
    )
    if not (answer := values["answer_y"].strip()):
        return [question]
    return [
        question,
        Post(
            platform=platform,
            platform_post_id=f"{post_id}-answer",
            kind="reply",
            text=decoded(answer),
            created_at=day,
            created_precision="day",
            account=city_account("", values["depart"]),
            in_reply_to=post_id,
            source_row=row.line,
        ),
    ]


def _of(columns: tuple[str, str], to_posts: ToPosts) -> Flavour:
    """Return a flavour of columns with white space in their names, separated by commas."""
    required, optional = (frozenset(names.split(", ")) for names in columns)
    return Flavour(required, optional, to_posts)


def _flavour(required: str, optional: str, to_posts: ToPosts) -> Flavour:
    return Flavour(frozenset(required.split()), frozenset(optional.split()), to_posts)


PRESETS: dict[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset(
            "seoul-suggestions",
            "서울시 시민 제안 (상상대로 서울, 민주주의 서울)",
            "Citizens' suggestions to the City of Seoul",
            "seoul_suggestions",
            DEFAULT_TIMEZONE,
            (_flavour("SN TITLE REG_DATE", "CONTENT VISIOIN_TXT BODY_HTML", _suggestion),),
        ),
        Preset(
            "petitions",
            "국민청원 (제목 목록, 전문, 로그인 매체가 있는 목록)",
            "National petitions: titles, full texts, or with the platform of the login",
            "petitions",
            DEFAULT_TIMEZONE,
            (
                _flavour("num start-days person title petition_overview", "category", _petition_with_login),
                _flavour("petition_idx begin title content", "category", _petition_text),
                _flavour("id title expiryDate", "category", _petition_title),
            ),
        ),
        Preset(
            "twcs",
            "기업 고객 상담 트윗 (영어)",
            "Customer Support on Twitter (English)",
            "x",
            DEFAULT_TIMEZONE,
            (
                _flavour(
                    "tweet_id author_id inbound created_at text in_response_to_tweet_id",
                    "response_tweet_id",
                    _customer_tweet,
                ),
            ),
        ),
        Preset(
            "minwon",
            "민원과 답변 (부서 포함)",
            "Complaints with the answer and the department that gave it",
            "minwon",
            DEFAULT_TIMEZONE,
            (_flavour("num title date content answer_y depart", "answer_x", _complaint),),
        ),
        Preset(
            "twarc",
            "twarc로 모은 트윗 (JSON Lines, twarc2 flatten을 거친 것)",
            "Tweets collected by twarc: JSON Lines after twarc2 flatten",
            "x",
            "UTC",
            (_of(TWARC, tweet),),
        ),
        Preset(
            "sprinklr",
            "스프링클러 메시지 추출 (상위 메시지 번호가 있으면 답변도 연결)",
            "Sprinklr message extract; with the parent's id answers are linked",
            "file",
            "UTC",
            (_of(SPRINKLR, message),),
        ),
        Preset(
            "eungdapso",
            "응답소 내려받기 (접수와 답변, 엑셀)",
            "Eungdapso sheet: what citizens filed, with answer and department",
            "eungdapso",
            DEFAULT_TIMEZONE,
            (_of(EUNGDAPSO, citizens_letter),),
        ),
    )
}
GENERIC = "generic"  # any file, by --map; see generic.py


def find_preset(name: str) -> Preset | None:
    """Return the preset ``name``; None is the generic one.

    Raises
    ------
    UsageError
        There is none of that name.
    """
    if name == GENERIC:
        return None
    if name not in PRESETS:
        raise UsageError(f"no preset {name!r}; known: {', '.join((*PRESETS, GENERIC))}")
    return PRESETS[name]


def require_flavour(preset: Preset, columns: tuple[str, ...]) -> Flavour:
    """Return the flavour of ``preset`` that fits ``columns``.

    Raises
    ------
    UsageError
        None fits: the line names the missing columns, those the file has, and a preset that would fit.
    """
    flavour = preset.flavour_for(columns)
    if flavour is not None:
        return flavour
    missing = ", ".join(preset.missing_from(columns))
    fitting = next((other.name for other in PRESETS.values() if other.flavour_for(columns)), None)
    advice = f"this file fits --preset {fitting}" if fitting else "use --preset generic --map field=column"
    raise UsageError(
        f"columns missing for --preset {preset.name}: {missing}; the file has: {columns_shown(columns)}; {advice}"
    )


def columns_shown(columns: Iterable[str]) -> str:
    """Return column names as they may stand in a one-line message."""
    names = [" ".join(name.split())[:40] for name in columns]
    more = f" and {len(names) - MAX_COLUMNS_SHOWN} more" if len(names) > MAX_COLUMNS_SHOWN else ""
    return ", ".join(names[:MAX_COLUMNS_SHOWN]) + more


def platform_or_none(platform: str | None) -> str | None:
    """Return ``platform`` where it may be stored.

    Raises
    ------
    UsageError
        It is no platform id.
    """
    if platform is not None and not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,39}", platform):
        raise UsageError(f"platform {platform!r}: small letters, digits, - and _ only, 40 at most")
    return platform
