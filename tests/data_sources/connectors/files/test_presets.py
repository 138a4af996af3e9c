"""Each preset on a file of a few invented rows, every field exact."""

from __future__ import annotations

import json

import pytest

from data_sources.base import UsageError
from data_sources.connectors.files import PRESETS, FileConnector
from data_sources.connectors.files.presets import slug, whole_number
from data_sources.connectors.files.rejects import UnusableRow
from data_sources.records import AccountReference, Post
from tests.data_sources.connectors.files.conftest import NOW, read_all, utc

SUGGESTIONS = "SN,TITLE,CONTENT,VOTE_SCORE,REG_DATE,VISIOIN_TXT,USER_COMMENT_CNT,VOTE_CNT,VOTE_DIS_CNT,REPLY_YN"
COMPLAINTS = "num,title,date,answer_x,content,answer_y,depart"
TWEETS = "tweet_id,author_id,inbound,created_at,text,response_tweet_id,in_response_to_tweet_id"


def test_suggestions_without_a_body_are_version_0(write):
    path = write(SUGGESTIONS + "\n7,나무를 심자,https://example.org/7,5.0,2021-12-31 21:11:58.0,환경,2,1,0,N\n")
    assert read_all(FileConnector(path, "seoul-suggestions", now=NOW)) == (
        [
            Post(
                platform="seoul_suggestions",
                platform_post_id="7",
                version=0,
                text="나무를 심자",
                created_at=utc(2021, 12, 31, 12, 11, 58),
                url="https://example.org/7",
                topic="환경",
                answers_collected=False,
                source_row=2,
            )
        ],
        [],
    )


def test_suggestions_with_a_body_are_version_1(write):
    path = write(
        f"{SUGGESTIONS},BODY_HTML\n"
        "7,나무를 심자,https://example.org/7,5.0,2021-12-31 21:11:58.0,환경,2,1,0,N,"
        '"<p class=""a"">우리 동네에</p><p>나무&nbsp;한 그루</p>"\n'
        "8,제목만,https://example.org/8,5.0,2021-12-31 21:11:58.0,환경,2,1,0,N,<p></p>\n"
    )
    posts, _ = read_all(FileConnector(path, "seoul-suggestions", now=NOW))
    assert [(post.text, post.version) for post in posts] == [
        ("나무를 심자\n\n우리 동네에\n나무 한 그루", 1),
        ("제목만", 0),
    ]


def test_petition_titles_begin_30_days_before_they_expire(write):
    path = write("id,category,title,expiryDate,numOfAgrees\n363426.0,미래,제목,2019-01-20,2\n")
    assert read_all(FileConnector(path, "petitions", now=NOW))[0] == [
        Post(
            platform="petitions",
            platform_post_id="363426",
            text="제목",
            created_at=utc(2018, 12, 20, 15),
            created_precision="day",
            topic="미래",
            answers_collected=False,
            source_row=2,
        )
    ]


def test_a_petition_may_expire_in_the_future(write):
    path = write("id,category,title,expiryDate,numOfAgrees\n1,미래,제목,2026-03-20,2\n2,미래,제목,2026-05-20,2\n")
    posts, rejects = read_all(FileConnector(path, "petitions", now=NOW))
    assert [post.created_at for post in posts] == [utc(2026, 2, 17, 15)]
    assert [(row.source_row, row.reason) for row in rejects] == [(3, "time.implausible")]


def test_petition_texts(write):
    row = {
        "category": "일자리",
        "begin": "2019-04-01",
        "end": "2019-05-01",
        "content": "첫 줄  \n\n\n\n둘째",
        "num_agree": 4,
    }
    rows = [
        row | {"petition_idx": "579345", "status": "청원종료", "title": "제목"},
        row | {"petition_idx": 9, "title": ""},
        {},
    ]
    path = write("\n".join(json.dumps(row) for row in rows), "x.jsonl")
    posts, rejects = read_all(FileConnector(path, "petitions", now=NOW))
    assert posts[0] == Post(
        platform="petitions",
        platform_post_id="579345",
        version=1,
        text="제목\n\n첫 줄\n\n둘째",
        created_at=utc(2019, 3, 31, 15),
        created_precision="day",
        topic="일자리",
        answers_collected=False,
        source_row=1,
    )
    assert (posts[1].platform_post_id, posts[1].text) == ("9", "첫 줄\n\n둘째")
    assert [(row.source_row, row.reason) for row in rejects] == [(3, "time.missing")]


def test_petitions_with_a_login_take_its_platform(write):
    logins = ["naver - ***", "facebook - ***", "twitter - ***", "kakao - ***", "Pay Co - ***", "", "네이버"]
    rows = [
        f'{n},정치,2018-12-11,2019-01-10,{login},청원종료 ,제목,[ 7명 ],"\n\t\t글\t하나 \n\t\t끝\n"'
        for n, login in enumerate(logins)
    ]
    path = write("\n".join(["num,category,start-days,end-days,person,progress,title,count,petition_overview", *rows]))
    posts, rejects = read_all(FileConnector(path, "petitions", now=NOW))
    assert [post.platform for post in posts] == ["naver", "facebook", "x", "kakao", "pay-co", "petitions", "petitions"]
    assert posts[1] == Post(
        platform="facebook",
        platform_post_id="1",
        version=1,
        text="제목\n\n글 하나\n끝",
        created_at=utc(2018, 12, 10, 15),
        created_precision="day",
        topic="정치",
        answers_collected=False,
        source_row=6,
    )
    assert rejects == []


def test_customer_tweets(write):
    path = write(
        f"{TWEETS}\n"
        "32,Ask_City,False,Tue Oct 31 22:10:08 +0000 2017,@9 sorry &amp; thanks,,33.0\n"
        "33,9,True,Tue Oct 31 22:06:56 +0000 2017,It costs &gt; $171,32,\n"
        "9.2233720368547758E+18,9,True,Tue Oct 31 22:06:56 +0000 2017,big,,123456789012345678.0\n"
        "35,9,maybe,Tue Oct 31 22:06:56 +0000 2017,x,,\n"
        "36,9,True,Tue Oct 31 22:06:56 +0000 2017,x,,1e999999999\n"
        "37,9,True,Tue Oct 31 22:06:56 +0000 2017,x,,3.5\n"
        ",9,True,Tue Oct 31 22:06:56 +0000 2017,x,,\n"
        f"39,{'h' * 201},False,Tue Oct 31 22:06:56 +0000 2017,x,,\n"
    )
    posts, rejects = read_all(FileConnector(path, "twcs", now=NOW))
    assert posts[:2] == [
        Post(
            platform="x",
            platform_post_id="32",
            kind="reply",
            text="@9 sorry & thanks",
            created_at=utc(2017, 10, 31, 22, 10, 8),
            account=AccountReference(handle="Ask_City", department="Ask_City"),
            in_reply_to="33",
            source_row=2,
        ),
        Post(
            platform="x",
            platform_post_id="33",
            text="It costs > $171",
            created_at=utc(2017, 10, 31, 22, 6, 56),
            author="9",
            source_row=3,
        ),
    ]
    assert [(post.platform_post_id, post.in_reply_to) for post in posts[2:]] == [
        ("9223372036854775800", "123456789012345678")
    ]
    assert [(row.source_row, row.reason) for row in rejects] == [
        (5, "field.invalid"),
        (6, "id.invalid"),
        (7, "id.invalid"),
        (8, "id.missing"),
        (9, "field.invalid"),
    ]


def test_complaints_and_their_answers_share_a_row_and_a_day(write):
    path = write(
        f'{COMPLAINTS}\n4949,제목,2012.10.12,답변완료,"첫 줄\n둘째 줄",확인했습니다,총무국 지적과\n'
        "4950,제목,2012.10.13,답변완료,내용, ,청소과\n"
        "4951,제목,2012.10.13,답변완료,내용,답변,\n"
        f"4952,제목,2012.10.13,답변완료,내용,답변,{'긴 글 ' * 20}\n"
        f"4953,제목,2012.10.13,답변완료,내용,{'가' * 20_001},청소과\n"
    )
    posts, rejects = read_all(FileConnector(path, "minwon", now=NOW))
    assert posts[:3] == [
        Post(
            platform="minwon",
            platform_post_id="4949",
            text="제목\n\n첫 줄\n둘째 줄",
            created_at=utc(2012, 10, 11, 15),
            created_precision="day",
            source_row=2,
        ),
        Post(
            platform="minwon",
            platform_post_id="4949-answer",
            kind="reply",
            text="확인했습니다",
            created_at=utc(2012, 10, 11, 15),
            created_precision="day",
            account=AccountReference(handle="총무국 지적과", department="총무국 지적과"),
            in_reply_to="4949",
            source_row=2,
        ),
        Post(
            platform="minwon",
            platform_post_id="4950",
            text="제목\n\n내용",
            created_at=utc(2012, 10, 12, 15),
            created_precision="day",
            source_row=4,
        ),
    ]
    unknown = AccountReference(handle="미상", department=None)
    assert [(post.platform_post_id, post.account) for post in posts[3:]] == [
        ("4951", None),
        ("4951-answer", unknown),
        ("4952", None),
        ("4952-answer", unknown),
    ]
    assert [(row.source_row, row.reason) for row in rejects] == [(7, "text.too_long")]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("7,,u,5.0,2021-12-31 21:11:58.0,환경,2,1,0,N", "text.missing"),
        ("7,  ,u,5.0,2021-12-31 21:11:58.0,환경,2,1,0,N", "text.missing"),
        ("7," + "가" * 20_001 + ",u,5.0,2021-12-31 21:11:58.0,환경,2,1,0,N", "text.too_long"),
        (",제목,u,5.0,2021-12-31 21:11:58.0,환경,2,1,0,N", "id.missing"),
        ("7" * 201 + ",제목,u,5.0,2021-12-31 21:11:58.0,환경,2,1,0,N", "id.invalid"),
        ("7,제목,u,5.0,,환경,2,1,0,N", "time.missing"),
        ("7,제목,u,5.0,비밀,환경,2,1,0,N", "time.unreadable"),
        ("7,제목,u,5.0,1989-12-31 00:00:00,환경,2,1,0,N", "time.implausible"),
        ("7,제목," + "u" * 2001 + ",5.0,2021-12-31 21:11:58.0,환경,2,1,0,N", "field.invalid"),
        ("7,제목,u,5.0,2021-12-31 21:11:58.0," + "환" * 101 + ",2,1,0,N", "field.invalid"),
        ("7,제목,u", "row.columns"),
    ],
)
def test_a_bad_row_is_rejected_with_its_reason_and_line_and_the_rest_is_read(write, row, reason):
    good = "8,좋은 제목,u,5.0,2021-12-31 21:11:58.0,환경,2,1,0,N"
    posts, rejects = read_all(
        FileConnector(write(f"{SUGGESTIONS}\n{good}\n{row}\n{good}\n"), "seoul-suggestions", now=NOW)
    )
    assert [post.source_row for post in posts] == [2, 4]
    assert [(found.source_row, found.reason, found.raw) for found in rejects] == [(3, reason, row[:4000])]
    assert not any(word in rejects[0].detail for word in ("비밀", "제목", "환환", "가가", "uuu", "777"))


@pytest.mark.parametrize(
    ("header", "preset", "words"),
    [
        (
            TWEETS,
            "seoul-suggestions",
            "columns missing for --preset seoul-suggestions: REG_DATE, SN, TITLE; the file has: tweet_id, author_id, "
            "inbound, created_at, text, response_tweet_id, in_response_to_tweet_id; this file fits --preset twcs",
        ),
        (
            "id,title,when",
            "petitions",
            "columns missing for --preset petitions: expiryDate; the file has: id, title, when; "
            "use --preset generic --map field=column",
        ),
        (",".join(f"c{n}" for n in range(40)), "minwon", "c11 and 28 more; use"),
        (
            "a",
            "misspelt",
            "no preset 'misspelt'; known: seoul-suggestions, petitions, twcs, minwon, twarc, sprinklr, eungdapso, generic",
        ),
    ],
)
def test_a_wrong_preset_is_told_in_one_line(write, header, preset, words):
    with pytest.raises(UsageError) as refusal:
        FileConnector(write(header + "\n"), preset)
    assert words in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_the_platform_can_be_overruled(write):
    path = write(SUGGESTIONS + "\n7,제목,u,5.0,2021-12-31 21:11:58.0,환경,2,1,0,N\n")
    posts, _ = read_all(FileConnector(path, "seoul-suggestions", platform="board", now=NOW))
    assert [post.platform for post in posts] == ["board"]
    with pytest.raises(UsageError, match="platform 'Board!'"):
        FileConnector(path, "seoul-suggestions", platform="Board!")


def test_every_preset_describes_itself_in_both_languages():
    assert all(preset.name == name and preset.ko and preset.en and preset.flavours for name, preset in PRESETS.items())


@pytest.mark.parametrize(("text", "digits"), [("33.0", "33"), (" 7 ", "7"), ("1.2E+3", "1200")])
def test_whole_number(text, digits):
    assert whole_number(text, "id") == digits


@pytest.mark.parametrize("text", ["NaN", "sNaN", "Infinity", "-1", "1.5", "1e999999999", "1e-999999999", "x"])
def test_whole_number_refuses(text):
    with pytest.raises(UnusableRow, match=r"id\.invalid"):
        whole_number(text, "id")


def test_slug():
    assert [slug(name) for name in ("Naver", "me2day 미투데이", "  ", "네이버")] == ["naver", "me2day", "", ""]
