"""Exports of other tools on a few invented rows, and the one real file there is."""

from __future__ import annotations

import json

import openpyxl
import pytest

from data_sources.connectors.files import FileConnector
from data_sources.loader import load
from data_sources.records import AccountReference, Attachment, Post
from tests.conftest import Store
from tests.data_sources.connectors.files.conftest import NOW, read_all, utc

TWEET = {
    "id": "12", "text": "가로등이 &lt;또&gt; 꺼졌어요", "created_at": "2026-02-01T00:00:01.000Z", "author_id": "7",
    "conversation_id": "10", "lang": "ko", "author": {"id": "7", "username": "citizen"},
}  # fmt: skip


def _lines(*rows: dict) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def test_a_tweet_of_twarc(write):
    media = {"media_key": "3_1", "type": "photo", "url": "https://example.org/1.jpg"}
    path = write(
        _lines({**TWEET, "referenced_tweets": [{"type": "replied_to", "id": "10"}], "attachments": {"media": [media]}}),
        "tweets.jsonl",
    )
    assert read_all(FileConnector(path, "twarc", now=NOW)) == (
        [
            Post(
                platform="x",
                platform_post_id="12",
                kind="reply",
                text="가로등이 <또> 꺼졌어요",
                created_at=utc(2026, 2, 1, 0, 0, 1),
                author="7",
                in_reply_to="10",
                url="https://x.com/i/web/status/12",
                answers_collected=False,
                attachments=(Attachment(key="3_1", kind="photo", url="https://example.org/1.jpg"),),
                source_row=1,
            )
        ],
        [],
    )


def test_an_edited_tweet_is_a_version_of_the_first(write):
    path = write(
        _lines(
            {**TWEET, "id": "11", "edit_history_tweet_ids": ["11"]},
            {**TWEET, "id": "12", "edit_history_tweet_ids": ["11", "12"], "note_tweet": {"text": "긴 글"}},
        ),
        "tweets.jsonl",
    )
    posts, _ = read_all(FileConnector(path, "twarc", now=NOW))
    assert [(post.platform_post_id, post.version, post.text) for post in posts] == [
        ("11", 0, "가로등이 <또> 꺼졌어요"),
        ("11", 1, "긴 글"),
    ]


def test_kinds_of_tweets(write):
    references = [[{"type": "quoted", "id": "1"}], [{"type": "retweeted", "id": "1"}], []]
    path = write(
        _lines(*({**TWEET, "id": str(n), "referenced_tweets": each} for n, each in enumerate(references, 1))),
        "tweets.jsonl",
    )
    assert [post.kind for post in read_all(FileConnector(path, "twarc", now=NOW))[0]] == ["quote", "repost", "post"]


def test_a_tweet_with_something_else_in_its_place_is_rejected(write):
    path = write(_lines(TWEET, {**TWEET, "id": "13", "referenced_tweets": {"type": "quoted"}}), "tweets.jsonl")
    posts, rejects = read_all(FileConnector(path, "twarc", now=NOW))
    assert len(posts) == 1
    assert [(row.source_row, row.reason) for row in rejects] == [(2, "field.invalid")]


def test_the_real_tweets_of_twarc_load_once(real_file, store: Store):
    path = real_file("17_api/x_v2_twarc_flat.jsonl")
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    posts, rejects = read_all(FileConnector(path, "twarc"))
    assert rejects == []
    assert [post.platform_post_id for post in posts] == [row["id"] for row in rows]
    replies = sum(any(each["type"] == "replied_to" for each in row.get("referenced_tweets", ())) for row in rows)
    assert sum(post.in_reply_to is not None for post in posts) == replies
    reposts = sum(any(each["type"] == "retweeted" for each in row.get("referenced_tweets", ())) for row in rows)
    assert sum(post.kind == "repost" for post in posts) == reposts
    assert str(load(FileConnector(path, "twarc"), store.engine)) == (
        "read=100 inserted=100 updated=0 unchanged=0 rejected=0"
    )
    assert load(FileConnector(path, "twarc"), store.engine).unchanged == 100


MESSAGES = (
    "Universal Message ID,Case Number,Channel (Snapshot),Account,Agent,Message,Message Post Time,Parent Message ID\n"
    "M1,77,Twitter,Seoul Roads,,가로등이 꺼졌어요,2026-02-01 09:00:00,\n"
    "M2,77,Twitter,Seoul Roads,Hong Gildong,오늘 고칩니다,2026-02-01 10:00:00,M1\n"
    "M3,78,Naver Blog,,,어두워요,2026-02-01 11:00:00,\n"
    "M4,79,네이버,,,여기도요,2026-02-01 11:00:00,\n"
    "M5,79,Facebook,,,,2026-02-01 11:00:00,\n"
)


def test_messages_of_sprinklr_with_their_answers(write):
    posts, rejects = read_all(FileConnector(write(MESSAGES), "sprinklr", now=NOW))
    assert [(post.platform, post.platform_post_id, post.kind, post.in_reply_to) for post in posts] == [
        ("x", "M1", "post", None),
        ("x", "M2", "reply", "M1"),
        ("naver-blog", "M3", "post", None),
        ("file", "M4", "post", None),
    ]
    assert [post.account for post in posts] == [None, AccountReference(handle="Seoul Roads"), None, None]
    assert posts[0].created_at == utc(2026, 2, 1, 9)
    assert all(post.answers_collected for post in posts)
    assert "Hong" not in str(posts)
    assert [(row.source_row, row.reason) for row in rejects] == [(6, "text.missing")]


def test_an_extract_without_parents_carries_no_answers(write):
    path = write(
        "Universal Message ID,Channel (Snapshot),Message,Message Post Time\nM1,Instagram,꺼졌어요,2026-02-01 09:00:00\n"
    )
    (post,) = read_all(FileConnector(path, "sprinklr", now=NOW))[0]
    assert (post.platform, post.answers_collected) == ("instagram", False)


@pytest.fixture
def sheet(tmp_path):
    book = openpyxl.Workbook()
    page = book.active
    for row in (
        ["접수번호", "접수일시", "분야", "제목", "내용", "처리부서", "답변일시", "답변내용"],
        [
            "1AA-2602",
            "2026-02-02 09:00:00",
            "교통",
            "신호등",
            "너무 짧아요",
            "교통정책과",
            "2026-02-03 10:00:00",
            "늘리겠습니다",
        ],
        ["1AA-2603", "2026-02-02 09:30:00", "환경", "쓰레기", "안 치워요", "생활환경과", None, "처리하겠습니다"],
        ["1AA-2604", "2026-02-02 09:40:00", "환경", "냄새", "심해요", None, None, None],
    ):
        page.append(row)
    path = tmp_path / "eungdapso.xlsx"
    book.save(path)
    return path


def test_a_sheet_of_the_complaint_desk(sheet):
    posts, rejects = read_all(FileConnector(sheet, "eungdapso", now=NOW))
    assert rejects == []
    assert [(post.platform_post_id, post.in_reply_to, post.answers_collected) for post in posts] == [
        ("1AA-2602", None, True),
        ("1AA-2602-answer", "1AA-2602", True),
        ("1AA-2603", None, False),  # an answer without a time says nothing about the wait
        ("1AA-2604", None, True),
    ]
    question, answer = posts[:2]
    assert (question.text, question.topic, question.created_at) == ("신호등\n\n너무 짧아요", "교통", utc(2026, 2, 2))
    assert answer.account == AccountReference(handle="교통정책과", department="교통정책과")
    assert answer.created_at == utc(2026, 2, 3, 1)
