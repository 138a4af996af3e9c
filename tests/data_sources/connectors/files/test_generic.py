"""Any table by a mapping."""

from __future__ import annotations

import hashlib

import pytest

from data_sources.base import UsageError
from data_sources.connectors.files import FileConnector, parse_mapping
from data_sources.records import AccountReference, Attachment, Post
from tests.data_sources.connectors.files.conftest import NOW, read_all, utc


def test_every_field_can_be_mapped(write):
    path = write(
        "글번호,본문,제목,시각,매체,쓴이,주소,원글,받는이,답변자,답변,답변시각,답변번호,부서,분야,종류,판,사진\n"
        "1.0,본문입니다,제목입니다,2024-03-01 09:00,Me2Day,u1,https://example.org/1,9.0,@mayor,@water,고쳤습니다,"
        "2024-03-01 10:30,1a,상수도본부,수도,reply,3,https://example.org/1.jpg\n"
    )
    mapping = parse_mapping(
        [
            "id=글번호",
            "text=본문",
            "title=제목",
            "created_at=시각",
            "platform=매체",
            "author=쓴이",
            "url=주소",
            "in_reply_to=원글",
            "addressed_to=받는이",
            "account=답변자",
            "answer=답변",
            "answered_at=답변시각",
            "answer_id=답변번호",
            "department=부서",
            "topic=분야",
            "kind=종류",
            "version=판",
            "photo=사진",
        ]
    )
    posts, rejects = read_all(FileConnector(path, "generic", mapping, now=NOW))
    photo = "https://example.org/1.jpg"
    key = hashlib.blake2b(photo.encode(), digest_size=16).hexdigest()
    assert posts == [
        Post(
            platform="me2day",
            platform_post_id="1",
            version=3,
            kind="reply",
            text="제목입니다\n\n본문입니다",
            created_at=utc(2024, 3, 1),
            author="u1",
            addressed_to=AccountReference(handle="@mayor"),
            in_reply_to="9",
            url="https://example.org/1",
            topic="수도",
            attachments=(Attachment(key=key, kind="photo", url=photo),),
            source_row=2,
        ),
        Post(
            platform="me2day",
            platform_post_id="1a",
            version=3,
            kind="reply",
            text="고쳤습니다",
            created_at=utc(2024, 3, 1, 1, 30),
            account=AccountReference(handle="@water", department="상수도본부"),
            in_reply_to="1",
            topic="수도",
            source_row=2,
        ),
    ]
    assert rejects == []


def test_unmapped_fields_take_the_column_of_their_name(write):
    path = write("id,text,created_at,비고\n7,글,2024-03-01,x\n")
    assert read_all(FileConnector(path, now=NOW))[0] == [
        Post(
            platform="import",
            platform_post_id="7",
            text="글",
            created_at=utc(2024, 2, 29, 15),
            created_precision="day",
            answers_collected=False,
            source_row=2,
        )
    ]


def test_an_id_is_derived_from_time_author_and_text(write):
    path = write("author,text,created_at\na,글,2024-03-01\nb,글,2024-03-01\na,글,2024-03-01\na,글,2024-03-02\n")
    ids = [post.platform_post_id for post in read_all(FileConnector(path, now=NOW))[0]]
    content = "2024-02-29T15:00:00+00:00\x1fa\x1f글"
    assert ids[0] == ids[2] == "h-" + hashlib.blake2b(content.encode(), digest_size=16).hexdigest()
    assert len(set(ids)) == 3


def test_an_answer_without_a_time_has_the_questions_day_only(write):
    path = write("id,text,created_at,answer\n1,질문,2024-03-01 09:00,답변\n2,질문,2024-03-01 09:00,\n")
    posts, _ = read_all(FileConnector(path, now=NOW))
    assert [(post.platform_post_id, post.created_precision, post.answers_collected) for post in posts] == [
        ("1", "second", True),
        ("1-answer", "day", True),
        ("2", "second", True),
    ]
    assert posts[1].account == AccountReference(handle="미상")


def test_an_account_without_an_answer_column_wrote_the_row(write):
    path = write(
        "id,text,created_at,account,author,department\n1,공지,2024-03-01,@seoul,x,홍보과\n2,질문,2024-03-01,,y,\n"
    )
    posts, _ = read_all(FileConnector(path, now=NOW))
    assert [(post.account, post.author) for post in posts] == [
        (AccountReference(handle="@seoul", department="홍보과"), None),
        (None, "y"),
    ]


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("id", "", "id.missing"),
        ("kind", "shout", "field.invalid"),
        ("version", "1.5", "field.invalid"),
        ("version", "-1", "field.invalid"),
        ("photo", "javascript:alert(1)", "field.invalid"),
        ("platform", "네이버", "field.invalid"),
        ("answered_at", "곧", "time.unreadable"),
        ("account", "x" * 201, None),
        ("author", "x" * 201, "field.invalid"),
        ("in_reply_to", "x" * 201, "field.invalid"),
    ],
)
def test_a_bad_value_is_rejected(write, column, value, reason):
    columns = {"id": "1", "text": "글", "created_at": "2024-03-01", "answer": "답", column: value}
    path = write(",".join(columns) + "\n" + ",".join(columns.values()) + "\n")
    _, rejects = read_all(FileConnector(path, now=NOW))
    assert [row.reason for row in rejects] == ([reason] if reason else [])


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        (["본문"], "write it as field=column"),
        (["text="], "write it as field=column"),
        (["body=본문"], "no field 'body'; known: id, text, title, created_at"),
        (["text=a", "text=b"], "twice"),
    ],
)
def test_a_wrong_map_pair_is_a_wrong_usage(pairs, words):
    with pytest.raises(UsageError, match=words):
        parse_mapping(pairs)


def test_a_column_may_hold_an_equals_sign():
    assert parse_mapping(["text=a=b"]) == {"text": "a=b"}


@pytest.mark.parametrize(
    ("header", "mapping", "words"),
    [
        ("글,때", {"text": "내용"}, "the file has no column '내용'; it has: 글, 때"),
        ("글,때", {"created_at": "때"}, "no column for text: add --map text=COLUMN; the file has: 글, 때"),
        ("글,때", {"text": "글"}, "no column for created_at: add --map created_at=COLUMN"),
        ("글,때", {"texts": "글"}, "no field 'texts'"),
    ],
)
def test_a_mapping_that_does_not_fit_is_a_wrong_usage(write, header, mapping, words):
    with pytest.raises(UsageError, match=words):
        FileConnector(write(header + "\n"), mapping=mapping)


def test_a_mapping_for_a_known_preset_is_a_wrong_usage(write):
    with pytest.raises(UsageError, match="--map belongs to --preset generic"):
        FileConnector(write("a\n"), "twcs", {"text": "a"})


def test_entities_of_html_are_the_characters_they_stand_for_and_the_id_stays(write):
    path = write("text,created_at,answer\n가 &amp; 나 &copy 다 &lt;b&gt;,2024-03-01 09:00,&quot;확인&quot;&#33;\n")
    [question, answer], rejects = read_all(FileConnector(path, "generic", {}, now=NOW))
    assert (question.text, answer.text, rejects) == ("가 & 나 &copy 다 <b>", '"확인"!', [])
    # The id of a row without one is made of what the file says: a file that was loaded before entities were read finds its posts.
    content = "2024-03-01T00:00:00+00:00\x1f\x1f가 &amp; 나 &copy 다 &lt;b&gt;"
    assert question.platform_post_id == "h-" + hashlib.blake2b(content.encode(), digest_size=16).hexdigest()
