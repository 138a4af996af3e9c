"""From loaded posts to incidents, on every engine."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from data_sources import detection
from data_sources.detection import detect
from data_sources.records import Post
from db import writes
from db.districts import district_term
from db.records import EXPECTED_FALSE_FINDINGS_PER_DAY, KST
from db.rollups.spans import DAY
from db.schema import incident_posts, incident_words, incidents, posts, term_counts, terms
from db.transactions import writing
from nlp.trends import expected_false_findings
from tests.builders import a_question
from tests.conftest import Store

MONDAY = dt.date(2025, 9, 1)
TOPICS = (
    "가로등이 꺼졌어요",
    "보도블록이 깨졌어요",
    "버스 배차간격이 길어요",
    "공원 벤치가 낡았어요",
    "도서관이 추워요",
)
# Nine voices on one matter, each with words of its own.
VOICES = (
    "출근길에 따릉이 체인이 빠졌어요", "한강 산책하다 따릉이 안장이 부서진 걸 봤어요", "따릉이 앱 결제가 두 번 됐어요",
    "퇴근하고 따릉이 반납이 안 돼요", "비 온 뒤 따릉이 브레이크가 밀려요", "아이와 따릉이 타려는데 자물쇠가 고장이네요",
    "따릉이 바구니에 쓰레기가 가득해요", "새벽에 따릉이 조명이 나갔어요", "학교 앞 따릉이 페달이 없어요",
)  # fmt: skip
# Nine places of one district, and nothing else in common.
OF_ONE_DISTRICT = (
    "선릉역 계단이 미끄러워요",
    "역삼동 쓰레기를 안 치워요",
    "대치동 신호등이 고장났어요",
    "논현동 맨홀에서 냄새가 나요",
    "개포동 놀이터가 낡았어요",
    "수서동 횡단보도가 지워졌어요",
    "일원동 소음이 심해요",
    "압구정동 주차가 어려워요",
    "청담동 나무가 쓰러졌어요",
)
NOW = dt.datetime(2026, 3, 5, tzinfo=dt.UTC)


def _day(number: int) -> dt.date:
    return MONDAY + dt.timedelta(days=number)


def _questions(number: int, count: int, text: str | None = None, authors: int = 0) -> list[Post]:
    """Return questions of one day, about this and that where no text is given."""
    return [
        a_question(
            f"{number} {each} {text or ''}",
            f"{text or TOPICS[(number + each) % len(TOPICS)]} 언제 고쳐 주나요? 번호 {number}-{each}",
            created_at=dt.datetime.combine(_day(number), dt.time(9, each % 60), KST),
            author=f"author {each % authors if authors else f'{number}-{each}-{text}'}",
        )
        for each in range(count)
    ]


def _voices(number: int) -> list[Post]:
    at = dt.datetime.combine(_day(number), dt.time(10), KST)
    return [a_question(f"{number} voice {each}", text, created_at=at) for each, text in enumerate(VOICES)]


def _past(days: int = 100) -> list[Post]:
    return [post for number in range(days) for post in _questions(number, 4)]


def _incidents(store: Store) -> list[Any]:
    with store.engine.connect() as connection:
        return list(connection.execute(select(incidents).order_by(incidents.c.id)))


def _words(store: Store, incident_id: int) -> list[str]:
    statement = (
        select(terms.c.term)
        .join(incident_words, incident_words.c.term_id == terms.c.id)
        .where(incident_words.c.incident_id == incident_id)
        .order_by(incident_words.c.position)
    )
    with store.engine.connect() as connection:
        return list(connection.scalars(statement))


def test_a_word_that_surges_becomes_an_incident_that_can_be_traced(store: Store) -> None:
    store.add(*_past())
    assert _incidents(store) == []
    store.add(*_voices(100))
    [found] = _incidents(store)
    assert (found.kind, found.title, found.status) == ("words", "따릉이", "new")
    assert (found.observed, found.authors, found.questions) == (9, 9, 9)
    assert found.peak_first_day == found.peak_last_day == found.found_day == _day(100)
    assert found.expected < 1
    assert found.high < 9
    assert found.detection_version == "2026.11-1"
    assert found.rules_version.count("; ") == 2
    assert _words(store, found.id)[0] == "따릉이"
    with store.engine.connect() as connection:
        examples = connection.scalars(
            select(posts.c.text)
            .join(incident_posts, incident_posts.c.post_id == posts.c.id)
            .where(incident_posts.c.incident_id == found.id)
        ).all()
    assert len(examples) == detection.EXAMPLES
    assert all("따릉이" in text for text in examples)


def test_a_district_that_surges_is_no_word_and_so_no_incident(store: Store) -> None:
    at = dt.datetime.combine(_day(100), dt.time(10), KST)
    store.add(*_past())
    store.add(*[a_question(f"place {each}", text, created_at=at) for each, text in enumerate(OF_ONE_DISTRICT)])
    with store.engine.connect() as connection:
        counted = select(term_counts.c.authors).where(
            term_counts.c.term_id == district_term("11680"), term_counts.c.span == DAY
        )
        assert connection.scalars(counted).all() == [len(OF_ONE_DISTRICT)]
    assert _incidents(store) == []


def test_the_event_goes_on_and_ends_and_the_next_one_is_another(store: Store) -> None:
    store.add(*_past())
    store.add(*_questions(100, 9, "따릉이가 고장났어요."))
    store.add(*_questions(103, 12, "따릉이 앱이 느려요."))
    [found] = _incidents(store)
    assert (found.first_day <= _day(100), found.last_day) == (True, _day(103))
    assert found.found_day == _day(100)
    store.add(*[post for number in range(104, 150) for post in _questions(number, 4)])
    [found] = _incidents(store)
    assert found.status == "closed"
    store.add(*_questions(150, 12, "따릉이가 또 고장났어요."))
    assert [(each.title, each.status) for each in _incidents(store)] == [("따릉이", "closed"), ("따릉이", "new")]


def test_what_people_closed_is_not_opened_again_for_the_same_event(store: Store) -> None:
    store.add(*_past())
    store.add(*_questions(100, 9, "따릉이가 고장났어요."))
    with writing(store.engine) as connection:
        writes.judge_incident(connection, 1, "explained", "서버 점검", NOW)
    store.add(*_questions(101, 9, "따릉이가 고장났어요."))
    [found] = _incidents(store)
    assert (found.status, found.note, found.last_day) == ("explained", "서버 점검", _day(101))


def test_a_term_group_and_later_a_word_of_it_are_one_event(store: Store) -> None:
    store.add(*_past())
    # Too few with any one word, enough with one of the group's.
    store.add(
        *_questions(100, 4, "황사가 심해요."),
        *_questions(100, 3, "매연이 심해요."),
        *_questions(100, 2, "미세먼지가 심해요."),
    )
    [found] = _incidents(store)
    with store.engine.connect() as connection:
        lead = select(terms.c.is_group).join(incident_words, incident_words.c.term_id == terms.c.id)
        assert connection.scalars(lead.where(incident_words.c.position == 0)).all() == [True]
    store.add(*_questions(104, 20, "미세먼지가 너무해요."))
    [same] = _incidents(store)
    assert (same.id, same.title, same.found_day, same.last_day) == (found.id, "미세먼지", _day(100), _day(104))
    assert _words(store, same.id)[0] == "미세먼지"


def test_two_words_of_a_term_group_are_two_events(store: Store) -> None:
    store.add(*_past())
    store.add(*_questions(100, 9, "황사가 심해요."))
    store.add(*_questions(112, 9, "매연이 심해요."))
    assert [each.title for each in _incidents(store)] == ["황사", "매연"]


def test_judging_needs_a_known_incident_and_a_known_status(store: Store) -> None:
    with writing(store.engine) as connection:
        with pytest.raises(writes.UnknownIncident, match="no incident 7"):
            writes.judge_incident(connection, 7, "closed", None, NOW)
        with pytest.raises(ValueError, match="known: new, acknowledged, explained, closed"):
            writes.judge_incident(connection, 7, "gone", None, NOW)


def test_one_busy_author_is_no_incident(store: Store) -> None:
    store.add(*_past())
    store.add(*_questions(100, 12, "따릉이가 고장났어요.", authors=2))
    assert _incidents(store) == []


def test_copies_are_a_campaign(store: Store) -> None:
    store.add(*_past())
    copied = "마을버스 노선을 줄이지 말고 학생과 어르신을 위해 배차간격을 유지해 주세요."
    store.add(*_questions(100, 9, copied))
    assert {each.kind for each in _incidents(store)} == {"campaign"}


def test_far_more_of_everything_is_one_incident_of_volume(store: Store) -> None:
    store.add(*_past())
    store.add(*_questions(100, 60))
    [found] = _incidents(store)
    assert (found.kind, found.title, found.observed) == ("volume", "", 60)
    assert found.expected == pytest.approx(4, abs=1)


def test_sensitive_words_are_counted_and_no_post_is_shown(store: Store) -> None:
    store.add(*_past())
    store.add(*_questions(100, 9, "정신건강복지센터 상담을 받고 싶어요."))
    found = _incidents(store)
    assert found
    assert all(each.is_sensitive for each in found)
    with store.engine.connect() as connection:
        assert connection.execute(select(incident_posts)).all() == []


def test_a_removed_post_is_no_example_any_more(store: Store) -> None:
    store.add(*_past())
    store.add(*_questions(100, 9, "따릉이가 고장났어요."))
    with writing(store.engine) as connection:
        ids = list(connection.scalars(select(incident_posts.c.post_id)))
        writes.remove_posts(connection, ids[:2], NOW)
        assert list(connection.scalars(select(incident_posts.c.post_id))) == ids[2:]


def test_the_pages_state_the_detections_own_number_of_false_alarms() -> None:
    assert expected_false_findings(1) == pytest.approx(EXPECTED_FALSE_FINDINGS_PER_DAY)


def test_only_days_with_new_posts_are_looked_at(store: Store) -> None:
    store.add(*_past())
    days: list[int] = []
    store.add(*_questions(100, 4))
    with writing(store.engine) as connection:
        assert writes.undetected(connection, False) is None
        writes.note_undetected(connection, False, _day(100), _day(100))
        writes.note_undetected(connection, False, _day(98), _day(99))
        assert writes.undetected(connection, False) == (_day(98), _day(100))
    done = detect(store.engine, synthetic=False, progress=lambda day, _: days.append(day))
    assert (done.days, days) == (3, [1, 2, 3])
    assert str(detect(store.engine, synthetic=False)) == "days=0 opened=0 updated=0 closed=0"


def test_a_detection_that_was_cut_off_goes_on(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.add(*_past())
    monkeypatch.setattr(detection, "NOTED_EVERY_DAYS", 10)
    with writing(store.engine) as connection:
        writes.note_undetected(connection, False, _day(0), _day(99))

    def stop(day: int, _: int) -> None:
        if day == 45:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        detect(store.engine, synthetic=False, progress=stop)
    with store.engine.connect() as connection:
        assert writes.undetected(connection, False) == (_day(40), _day(99))
    assert detect(store.engine, synthetic=False).days == 60


def test_looking_again_changes_nothing(store: Store) -> None:
    store.add(*_past())
    store.add(*_questions(100, 9, "따릉이가 고장났어요."), *_questions(101, 4), *_questions(102, 60))
    before = [row[:-1] for row in _incidents(store)]  # all but the time
    with writing(store.engine) as connection:
        writes.note_undetected(connection, False, _day(0), _day(102))
    detect(store.engine, synthetic=False)
    assert [row[:-1] for row in _incidents(store)] == before


def test_real_and_synthetic_posts_have_their_own_incidents(store: Store) -> None:
    store.add(*_past(), origin="synthetic")
    store.add(*_questions(100, 9, "따릉이가 고장났어요."), origin="import")
    assert _incidents(store) == []
