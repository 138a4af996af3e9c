"""Exports of tools that collect or handle posts: twarc, Sprinklr, and the city's complaint desk.

Each kind has its columns, required and optional ones, and a function that turns a row into posts.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from typing import Any

from data_sources.connectors.files.conversion import (
    Conversion,
    city_account,
    decoded,
    required_id,
    required_text,
    slug,
    titled,
)
from data_sources.connectors.files.formats import Row
from data_sources.connectors.files.html import tidy_lines
from data_sources.connectors.files.rejects import UnusableRow
from data_sources.records import Attachment, Post

TWARC = (
    "id, text, created_at, author_id",
    "referenced_tweets, edit_history_tweet_ids, note_tweet, attachments, author, conversation_id, lang",
)
# Names of Sprinklr's own schema. Which columns an extract holds is chosen in it.
SPRINKLR = (
    "Universal Message ID, Message, Message Post Time, Channel (Snapshot)",
    "Agent, Account, Case Number, Parent Message ID, Permalink",
)
EUNGDAPSO = ("접수번호, 접수일시, 제목, 내용", "분야, 처리부서, 답변일시, 답변내용")

_REFERENCES = {"retweeted": "repost", "replied_to": "reply", "quoted": "quote"}
_MEDIA = {"photo": "photo", "video": "video", "animated_gif": "video"}
# Names of channels begin so; any other channel is a platform of its own name.
_CHANNELS = {"twitter": "x", "x": "x", "facebook": "facebook", "instagram": "instagram", "youtube": "youtube"}


def tweet(row: Row, conversion: Conversion) -> list[Post]:
    """Return a tweet. Which accounts are the city's the file does not say, so no tweet of it is an answer.

    An edit has an id of its own; it is a version of the first one.
    """
    values = row.values
    created_at, precision = conversion.times.read(values["created_at"])
    history = _nested(values, "edit_history_tweet_ids", list) or [required_id(values["id"], "id")]
    references = {
        each.get("type"): each.get("id")
        for each in _nested(values, "referenced_tweets", list)
        if isinstance(each, dict)
    }
    kind = next((kind for name, kind in _REFERENCES.items() if name in references), "post")
    # What is longer than 280 letters is cut in `text`.
    whole = _nested(values, "note_tweet", dict).get("text") or values["text"]
    return [
        Post.model_validate(
            {
                "platform": conversion.platform or "x",
                "platform_post_id": str(history[0]),
                "version": len(history) - 1,
                "kind": kind,
                "text": required_text(html.unescape(whole), "text"),
                "created_at": created_at,
                "created_precision": precision,
                "author": required_id(values["author_id"], "author_id"),
                "in_reply_to": references.get("replied_to"),
                "url": f"https://x.com/i/web/status/{values['id']}",
                "answers_collected": False,
                "attachments": _media(_nested(values, "attachments", dict)),
                "source_row": row.line,
            }
        )
    ]


def message(row: Row, conversion: Conversion) -> list[Post]:
    """Return a message; one that an agent handled out is the city's, and answers the message above it."""
    values = row.values
    created_at, precision = conversion.times.read(values["Message Post Time"], "Message Post Time")
    channel = slug(values["Channel (Snapshot)"])
    platform = _CHANNELS.get(channel.split("-")[0], channel) or "file"
    parent = values.get("Parent Message ID", "").strip() or None
    agent = values.get("Agent", "").strip()
    return [
        Post(
            platform=conversion.platform or platform,
            platform_post_id=required_id(values["Universal Message ID"], "Universal Message ID"),
            kind="reply" if parent else "post",
            text=required_text(tidy_lines(decoded(values["Message"])), "Message"),
            created_at=created_at,
            created_precision=precision,
            # The agent's own name is nobody's business: the account is who answered.
            account=city_account(values.get("Account", ""), "") if agent else None,
            in_reply_to=parent,
            url=values.get("Permalink") or None,
            answers_collected="Parent Message ID" in values,
            source_row=row.line,
        )
    ]


def citizens_letter(row: Row, conversion: Conversion) -> list[Post]:
    """Return what a citizen filed, and the answer where it has a time: without one nobody knows how long it took."""
    values = row.values
    post_id = required_id(values["접수번호"], "접수번호")
    platform = conversion.platform or "eungdapso"
    asked_at, precision = conversion.times.read(values["접수일시"], "접수일시")
    answer, answered = values.get("답변내용", "").strip(), values.get("답변일시", "").strip()
    question = Post(
        platform=platform,
        platform_post_id=post_id,
        text=required_text(titled(decoded(values["제목"]), tidy_lines(decoded(values["내용"]))), "내용"),
        created_at=asked_at,
        created_precision=precision,
        topic=values.get("분야", "").strip()[:100] or None,
        answers_collected="답변내용" in values and not (answer and not answered),
        source_row=row.line,
    )
    if not answer or not answered:
        return [question]
    answered_at, answer_precision = conversion.times.read(answered, "답변일시")
    return [
        question,
        Post(
            platform=platform,
            platform_post_id=f"{post_id}-answer",
            kind="reply",
            text=tidy_lines(decoded(answer)),
            created_at=answered_at,
            created_precision=answer_precision,
            account=city_account("", values.get("처리부서", "")),
            in_reply_to=post_id,
            source_row=row.line,
        ),
    ]


def _nested(values: Mapping[str, str], column: str, kind: type[Any]) -> Any:
    """Return the JSON that a column holds, or an empty one where there is none.

    Raises
    ------
    UnusableRow
        It is of another kind.
    """
    written = values.get(column, "")
    if not written:
        return kind()
    try:
        found = json.loads(written)
    except ValueError as error:
        raise UnusableRow("field.invalid", f"column {column} is no JSON") from error
    if not isinstance(found, kind):
        raise UnusableRow("field.invalid", f"column {column} is no {kind.__name__}")
    return found


def _media(attachments: Mapping[str, Any]) -> list[Attachment]:
    found = []
    for each in attachments.get("media") or ():
        kind = _MEDIA.get(each.get("type"))
        url = each.get("url") or each.get("preview_image_url")
        if kind and url:
            found.append(Attachment.model_validate({"key": each["media_key"], "kind": kind, "url": url}))
    return found
