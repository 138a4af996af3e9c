"""What X says and what is kept of it: hand-made answers for the cases that recordings hold too seldom or not at all."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from data_sources.connectors.x.normalising import Normalised, OurAccounts, normalise
from data_sources.connectors.x.snowflake import id_at, moment_of
from data_sources.records import AccountReference, Attachment, Post, Removal
from tests.simulated_x import a_registry

MADE = dt.datetime(2026, 3, 2, 0, 0, tzinfo=dt.UTC)
FIRST, SECOND, THIRD = (str(id_at(MADE + dt.timedelta(minutes=minutes))) for minutes in (0, 10, 20))
OURS = OurAccounts(a_registry("Seoul_Roads", "seoul_bus"), {"Seoul_Roads": "900", "seoul_bus": "901"})


def read(*raw: dict[str, Any], **more: Any) -> Normalised:
    """Return what a page with these posts becomes."""
    return normalise({"data": list(raw), "meta": {"result_count": len(raw)}, **more}, OURS)


def raw(post_id: str = FIRST, text: str = "가로등이 고장났어요", **fields: Any) -> dict[str, Any]:
    return {"id": post_id, "text": text, "author_id": "77", "created_at": "2026-03-02T00:00:00.000Z", **fields}


def only(found: Normalised) -> Post:
    assert found.rejects == ()
    assert len(found.posts) == 1
    return found.posts[0]


def test_a_mention_becomes_a_post_to_the_account_however_its_handle_is_written() -> None:
    mentions = {"mentions": [{"username": "someone"}, {"username": "SEOUL_ROADS"}, {"username": "seoul_bus"}]}
    post = only(read(raw(entities=mentions)))
    assert post == Post(
        platform="x", platform_post_id=FIRST, text="가로등이 고장났어요", created_at=MADE, author="77",
        addressed_to=AccountReference(handle="Seoul_Roads"), url=f"https://x.com/i/web/status/{FIRST}",
    )  # fmt: skip


def test_a_post_of_our_account_is_an_answer_and_a_reply_is_addressed_to_whom_it_answers() -> None:
    parent = {"referenced_tweets": [{"type": "replied_to", "id": SECOND}]}
    answer = only(read(raw(THIRD, author_id="900", **parent)))
    assert (answer.account, answer.addressed_to) == (AccountReference(handle="Seoul_Roads"), None)
    assert (answer.kind, answer.in_reply_to) == ("reply", SECOND)
    mentions = {"mentions": [{"username": "Seoul_Roads"}]}
    again = only(read(raw(in_reply_to_user_id="901", entities=mentions, **parent)))
    assert (again.account, again.addressed_to) == (None, AccountReference(handle="seoul_bus"))
    by_name = only(read(raw(author_id="5", **parent), includes={"users": [{"id": "5", "username": "seoul_BUS"}]}))
    assert by_name.account == AccountReference(handle="seoul_bus")


def test_an_edit_is_the_same_post_a_version_later_and_as_old_as_the_first() -> None:
    chain = [FIRST, SECOND, THIRD]
    edited = raw(THIRD, "가로등이 모두 고장났어요", edit_history_tweet_ids=chain, created_at="2026-03-02T00:20:00.000Z")
    post = only(read(edited))
    assert (post.platform_post_id, post.version, post.created_at) == (FIRST, 2, MADE)
    assert post.later_ids == (SECOND, THIRD)
    assert post.url == f"https://x.com/i/web/status/{THIRD}"
    assert only(read(raw(FIRST, edit_history_tweet_ids=[FIRST]))).version == 0
    reply = raw("5" + THIRD[1:], referenced_tweets=[{"type": "replied_to", "id": SECOND}])
    assert read(edited, reply).posts[1].in_reply_to == FIRST


@pytest.mark.parametrize("kind", ["retweeted", "reposted"])
def test_a_repost_has_the_words_of_its_original(kind: str) -> None:
    original = raw(FIRST, "아주 긴 글의 전부")
    repost = raw(SECOND, "RT @seoul_bus: 아주 긴…", referenced_tweets=[{"type": kind, "id": FIRST}])
    found = read(repost, includes={"tweets": [original]})
    assert (only(found).kind, only(found).text) == ("repost", "아주 긴 글의 전부")
    assert found.charged == (int(SECOND), int(FIRST))
    assert only(read(repost)).text == "RT @seoul_bus: 아주 긴…"


def test_a_reply_that_quotes_is_a_reply() -> None:
    quote = {"type": "quoted", "id": FIRST}
    assert only(read(raw(SECOND, referenced_tweets=[quote]))).kind == "quote"
    assert only(read(raw(SECOND, referenced_tweets=[quote, {"type": "replied_to", "id": FIRST}]))).kind == "reply"


def test_a_long_post_is_read_whole_and_its_links_are_those_that_were_meant() -> None:
    note = {
        "text": "긴 글 &amp; 그 끝 https://t.co/a https://t.co/b",
        "entities": {
            "urls": [
                {"url": "https://t.co/a", "expanded_url": "https://bit.ly/1", "unwound_url": "https://seoul.go.kr/p"},
                {"url": "https://t.co/b", "expanded_url": "https://x.com/i/photo/1", "media_key": "3_1"},
            ]
        },
    }
    assert only(read(raw(text="긴 글…", note_tweet=note))).text == "긴 글 & 그 끝 https://seoul.go.kr/p"


def test_a_photo_without_words_keeps_its_link() -> None:
    link = {"url": "https://t.co/b", "expanded_url": "https://x.com/i/photo/1", "media_key": "3_1"}
    media = {"media_key": "3_1", "type": "photo", "url": "https://pbs.twimg.com/a.jpg", "alt_text": "꺼진 가로등"}
    fields = {"entities": {"urls": [link]}, "attachments": {"media_keys": ["3_1", "7_2", "16_3"]}}
    film = {"media_key": "16_3", "type": "animated_gif", "preview_image_url": "https://pbs.twimg.com/b.jpg"}
    post = only(read(raw(text="https://t.co/b", **fields), includes={"media": [media, film]}))
    assert post.text == "https://x.com/i/photo/1"
    assert post.attachments == (
        Attachment(key="3_1", kind="photo", url="https://pbs.twimg.com/a.jpg", alt="꺼진 가로등"),
        Attachment(key="16_3", kind="video", url="https://pbs.twimg.com/b.jpg"),
    )


def test_both_spellings_of_the_fields_say_the_same() -> None:
    old = {
        "edit_history_tweet_ids": [FIRST, SECOND],
        "referenced_tweets": [{"type": "retweeted", "id": THIRD}],
        "note_tweet": {"text": "전부"},
    }
    new = {
        "edit_history_post_ids": [FIRST, SECOND],
        "referenced_posts": [{"type": "reposted", "id": THIRD}],
        "note_post": {"text": "전부"},
    }
    original = raw(THIRD, "원래 글")
    assert read(raw(SECOND, **old), includes={"tweets": [original]}) == read(
        raw(SECOND, **new), includes={"posts": [original]}
    )


def test_a_post_of_few_fields_has_its_time_in_its_id() -> None:
    post = only(read({"id": FIRST, "text": "글"}))
    assert (post.created_at, post.author, post.addressed_to) == (MADE, None, None)
    # The example of X's own documentation, made at 19:26:16.
    documented = moment_of(1_212_092_628_029_698_048)
    assert documented.replace(microsecond=0) == dt.datetime(2019, 12, 31, 19, 26, 16, tzinfo=dt.UTC)


@pytest.mark.parametrize(("countries", "is_gone"), [(["DE"], False), (["KR", "DE"], True), (["XX"], True)])
def test_what_is_withheld_here_goes_and_elsewhere_stays(countries: list[str], is_gone: bool) -> None:
    found = read(raw(withheld={"copyright": False, "country_codes": countries}))
    assert len(found.posts) == (not is_gone)
    assert found.removals == ((Removal(platform="x", what="post", id=FIRST, reason="withheld"),) if is_gone else ())
    assert found.charged == (int(FIRST),)


def error(slug: str, kind: str = "tweet", id_: str = "12", host: str = "twitter.com", **more: Any) -> dict[str, Any]:
    return {
        "resource_type": kind,
        "resource_id": id_,
        "value": id_,
        "type": f"https://api.{host}/2/problems/{slug}",
        **more,
    }


ERRORS: list[tuple[dict[str, Any], tuple[str, str, str] | None]] = [
    (error("resource-not-found"), ("post", "12", "deleted")),
    (error("resource-not-found", "post", host="x.com"), ("post", "12", "deleted")),
    (error("not-authorized-for-resource"), ("post", "12", "protected")),
    (error("disallowed-resource"), ("post", "12", "withheld")),
    (error("resource-unavailable"), ("post", "12", "missing")),
    (error("resource-not-found", "user", title="Forbidden"), ("author", "12", "suspended")),
    (error("resource-not-found", "user", detail="User has been suspended: [12]."), ("author", "12", "suspended")),
    (error("resource-not-found", "user", title="Not Found Error"), ("author", "12", "deleted")),
    (error("not-authorized-for-resource", "user"), ("author", "12", "protected")),
    (error("resource-not-found", "user", "somebody", title="Forbidden"), None),  # in a mention: no post is theirs
    (error("resource-not-found", "place"), None),
    (error("not-authorized-for-field"), None),
    ({}, None),
]  # fmt: skip


@pytest.mark.parametrize(("said", "gone"), ERRORS)
def test_partial_errors_say_what_is_gone(said: dict[str, Any], gone: tuple[str, str, str] | None) -> None:
    found = read(raw(), errors=[said, "no object"])
    assert len(found.posts) == 1
    assert [(each.what, each.id, each.reason) for each in found.removals] == ([gone] if gone else [])


BROKEN: list[tuple[Any, str]] = [
    ({"text": "글"}, "id.missing"),
    ({"id": "abc", "text": "글"}, "id.invalid"),
    ({"id": FIRST}, "text.missing"),
    ({"id": FIRST, "text": " "}, "text.missing"),
    ({"id": FIRST, "text": "글" * 20_001}, "text.too_long"),
    ({"id": "20", "text": "글"}, "time.missing"),
    ({"id": FIRST, "text": "글", "created_at": "gestern"}, "time.unreadable"),
    ({"id": FIRST, "text": "글", "referenced_tweets": [{"type": "quoted"}]}, "field.invalid"),
    ({"id": FIRST, "text": "\ud800"}, "field.invalid"),
    ("글", "field.invalid"),
]


@pytest.mark.parametrize(("broken", "reason"), BROKEN)
def test_one_unreadable_post_does_not_cost_the_others(broken: Any, reason: str) -> None:
    found = read(raw(SECOND), broken)
    assert [post.platform_post_id for post in found.posts] == [SECOND]
    assert [each.reason for each in found.rejects] == [reason]
    assert found.rejects == read(broken).rejects
    assert found.rejects[0].raw.encode()


def test_what_is_kept_of_an_unreadable_post_does_not_name_its_author() -> None:
    kept = read(raw("0", author_id="7654321", created_at=None)).rejects[0].raw
    assert "7654321" not in kept
    assert "가로등이 고장났어요" in kept
