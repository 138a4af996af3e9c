"""The demo's promises: exact counts, the same posts again, and the shapes of the record of 2012."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import struct
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from data_sources.base import UsageError
from data_sources.connectors.demo import DemoConnector, DemoPost
from data_sources.connectors.demo.rhythm import KST
from data_sources.records import Page, Post
from data_sources.registry import SEOUL_TOML, load_registry

ROOT = Path(__file__).parents[4]
UNTIL = dt.date(2026, 3, 1)
POSTS = 20_000
CITY_CLASSES = ("answer", "handoff")
MOBILE_NUMBER = re.compile(r"\b01\d[- ]?\d{3,4}[- ]?\d{4}")


@pytest.fixture(scope="module")
def city() -> list[DemoPost]:
    return list(DemoConnector(posts=POSTS, seed=7, days=90, until=UNTIL).truth())


@pytest.fixture(scope="module")
def citizens(city: list[DemoPost]) -> list[DemoPost]:
    return [demo for demo in city if demo.post.account is None]


def small(posts: int = 1_000, seed: int = 7, page_size: int = 300) -> DemoConnector:
    return DemoConnector(posts=posts, seed=seed, days=30, until=UNTIL, page_size=page_size)


def records(pages: Iterable[Page]) -> list[Post]:
    return [post for page in pages for post in page.records]


def fingerprint(posts: Iterable[Post]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for post in posts:
        digest.update(post.model_dump_json().encode())
    return digest.hexdigest()


def kst(demo: DemoPost) -> dt.datetime:
    return demo.post.created_at.astimezone(KST)


# -- counts, order, times


@pytest.mark.parametrize("posts", [1, 7, 999, 3_000])
def test_demo_yields_exactly_as_many_posts_as_asked(posts: int) -> None:
    pages = list(small(posts).fetch(None))
    assert len(records(pages)) == posts
    assert pages[-1].cursor == str(posts)
    assert pages[-1].fraction == 1


def test_demo_of_20000_posts_has_20000_different_ids_in_order_of_time(city: list[DemoPost]) -> None:
    times = [demo.post.created_at for demo in city]
    assert len(city) == POSTS
    assert times == sorted(times)
    assert len({demo.post.platform_post_id for demo in city}) == POSTS


def test_demo_stays_within_the_whole_days_before_until(city: list[DemoPost]) -> None:
    assert kst(city[0]).date() == UNTIL - dt.timedelta(days=90)
    assert kst(city[-1]).date() == UNTIL - dt.timedelta(days=1)


def test_demo_ends_before_today_in_korea_by_default() -> None:
    late_evening_utc = dt.datetime(2026, 2, 28, 16, 0, tzinfo=dt.UTC)  # 1 March 01:00 in Seoul
    demo = DemoConnector(posts=50, days=5, clock=lambda: late_evening_utc)
    assert demo.until == dt.date(2026, 3, 1)
    assert demo.source == "demo:50:7:5:2026-03-01"
    assert max(post.created_at for post in records(demo.fetch(None))) < late_evening_utc


@pytest.mark.parametrize("days", [1, 2, 8])
def test_demo_of_few_days_stays_within_them(days: int) -> None:
    posts = records(DemoConnector(posts=400, days=days, until=UNTIL).fetch(None))
    found = {post.created_at.astimezone(KST).date() for post in posts}
    assert found == {UNTIL - dt.timedelta(days=number) for number in range(1, days + 1)}


# -- the same again


def test_demo_of_the_same_arguments_is_the_same_whatever_the_page_size() -> None:
    expected = fingerprint(records(small().fetch(None)))
    assert fingerprint(records(small(page_size=77).fetch(None))) == expected


def test_demo_of_another_seed_is_another_city() -> None:
    first, second = (records(small(seed=seed).fetch(None)) for seed in (7, 8))
    assert fingerprint(first) != fingerprint(second)
    assert not {p.platform_post_id for p in first} & {p.platform_post_id for p in second}


def test_demo_of_other_arguments_gives_other_ids() -> None:
    first, second = (records(small(posts=posts).fetch(None)) for posts in (100, 101))
    assert not {p.platform_post_id for p in first} & {p.platform_post_id for p in second}


def test_demo_continues_after_a_cursor() -> None:
    pages = list(small().fetch(None))
    assert [page.cursor for page in pages] == ["300", "600", "900", "1000"]
    assert records(small().fetch(pages[1].cursor)) == records(pages[2:])
    assert list(small().fetch("1000")) == []


@pytest.mark.parametrize("cursor", ["-1", "1001", "x", ""])
def test_demo_refuses_a_cursor_it_never_gave(cursor: str) -> None:
    with pytest.raises(UsageError, match="load from the beginning"):
        list(small().fetch(cursor))


def test_demo_refuses_less_than_one_post() -> None:
    with pytest.raises(UsageError, match="posts must be at least 1, not 0"):
        DemoConnector(posts=0)


# -- the record of 2012


def test_at_least_nine_of_ten_posts_of_citizens_are_on_twitter(citizens: list[DemoPost]) -> None:
    platforms = Counter(demo.post.platform for demo in citizens)
    assert platforms["x"] / len(citizens) >= 0.9
    assert set(platforms) == {"x", "facebook", "me2day", "blog"}


def test_most_posts_are_sent_to_the_mayor(citizens: list[DemoPost]) -> None:
    handles = [demo.post.addressed_to.handle for demo in citizens if demo.post.addressed_to]
    assert len(handles) == len(citizens)
    assert 0.84 <= sum("mayor" in handle for handle in handles) / len(citizens) <= 0.88


def test_posts_peak_before_and_at_midnight_and_rest_before_dawn(citizens: list[DemoPost]) -> None:
    hours = Counter(kst(demo).hour for demo in citizens)
    mean = len(citizens) / 24
    assert min(hours[22], hours[23], hours[0]) > 1.8 * mean
    assert max(hours[hour] for hour in (3, 4, 5)) < 0.4 * mean


def test_weekends_are_quieter_than_weekdays(citizens: list[DemoPost]) -> None:
    usual = Counter(kst(d).date() for d in citizens if d.topic not in ("heavy_snow", "water_quality", "subway_delay"))
    weekdays = [count for day, count in usual.items() if day.weekday() < 5]
    weekends = [count for day, count in usual.items() if day.weekday() >= 5]
    assert sum(weekends) / len(weekends) < 0.9 * sum(weekdays) / len(weekdays)


def test_housing_traffic_and_safety_come_first(citizens: list[DemoPost]) -> None:
    groups = {"housing_jeonse": "housing", "housing_rental": "housing", "redevelopment": "housing"}
    groups |= dict.fromkeys(("bus_interval", "bus_driver", "subway_crowd", "subway_facility"), "traffic")
    groups |= dict.fromkeys(("road_pothole", "traffic_signal", "taxi", "parking", "bike", "subway_delay"), "traffic")
    groups |= dict.fromkeys(("safety", "heavy_snow", "heavy_rain"), "safety")
    found = Counter(groups.get(d.topic, d.topic) for d in citizens if d.intended_class == "question")
    assert [name for name, _ in found.most_common(3)] == ["traffic", "housing", "safety"]


def test_the_three_hot_issues_are_always_there(citizens: list[DemoPost]) -> None:
    weeks: dict[str, set[int]] = {"아리수": set(), "호선": set(), "정신보건": set()}
    for demo in citizens:
        for name in weeks:
            if name in demo.post.text:
                weeks[name].add((UNTIL - kst(demo).date()).days // 7)
    assert {name: len(found) for name, found in weeks.items()} == {"아리수": 13, "호선": 13, "정신보건": 13}


@pytest.mark.parametrize(
    ("post_class", "low", "high"),
    [
        ("ad", 0.03, 0.05),
        ("spam", 0.02, 0.04),
        ("political", 0.02, 0.04),
        ("praise", 0.035, 0.06),
        ("repost", 0.05, 0.08),
    ],
)
def test_noise_has_its_share(citizens: list[DemoPost], post_class: str, low: float, high: float) -> None:
    assert low < sum(demo.intended_class == post_class for demo in citizens) / len(citizens) < high


# -- answers


def test_three_of_ten_questions_are_never_answered(city: list[DemoPost], citizens: list[DemoPost]) -> None:
    answered = {demo.post.in_reply_to for demo in city if demo.intended_class == "answer"}
    replied = answered | {demo.post.in_reply_to for demo in city if demo.intended_class == "handoff"}
    questions = [demo.post.platform_post_id for demo in citizens if demo.intended_class == "question"]
    for found in (answered, replied):  # with and without those that got a hand-off only
        assert 0.27 < sum(question not in found for question in questions) / len(questions) < 0.36


def test_answers_come_after_their_question_and_mostly_in_office_hours(city: list[DemoPost]) -> None:
    times = {demo.post.platform_post_id: demo.post.created_at for demo in city}
    answers = [demo for demo in city if demo.intended_class in CITY_CLASSES]
    assert all(times[demo.post.in_reply_to or ""] < demo.post.created_at for demo in answers)
    in_hours = [demo for demo in answers if kst(demo).weekday() < 5 and 9 <= kst(demo).hour < 18]
    assert len(in_hours) / len(answers) > 0.9


def test_every_answer_is_by_a_connected_account_of_its_platform(city: list[DemoPost]) -> None:
    connected = {(a.platform, a.handle) for a in load_registry(SEOUL_TOML).accounts_with_status("connected")}
    written = {(demo.post.platform, demo.post.account.handle) for demo in city if demo.post.account}
    asked = {(demo.post.platform, demo.post.addressed_to.handle) for demo in city if demo.post.addressed_to}
    assert written <= connected
    assert asked == connected  # every connected account was written to


def test_the_responsible_department_answers_where_it_is_connected(city: list[DemoPost]) -> None:
    own = {demo.post.account.handle for demo in city if demo.department == "subway" and demo.post.account}
    assert own == {"demo_seoul_subway", "demo_seoul_subway_fb", "demo_seoul_city_me2", "demo_seoul_city_blog"}
    taxi = {d.post.account.handle for d in city if d.department == "taxi" and d.post.account and d.post.platform == "x"}
    assert taxi == {"demo_seoul_city"}  # its own account is still to be connected


def test_a_follow_up_replies_to_an_answer_and_some_questions_are_answered_twice(city: list[DemoPost]) -> None:
    answers = {demo.post.platform_post_id for demo in city if demo.intended_class == "answer"}
    follow_ups = [d for d in city if d.post.account is None and d.post.in_reply_to]
    assert len(follow_ups) > 100
    assert {demo.post.in_reply_to for demo in follow_ups} <= answers
    per_question = Counter(demo.post.in_reply_to for demo in city if demo.intended_class == "answer")
    assert sum(count == 2 for count in per_question.values()) > 100


# -- events, campaigns, pictures, texts


def test_events_are_visible_in_the_days_and_the_places_they_happen(citizens: list[DemoPost]) -> None:
    usual = len(citizens) / 90
    by_topic = {
        topic: Counter(kst(d).date() for d in citizens if d.topic == topic and d.intended_class == "question")
        for topic in ("heavy_snow", "subway_delay", "water_quality")
    }
    assert max(by_topic["heavy_snow"].values()) > usual
    snow_days = sorted(day for day, count in by_topic["heavy_snow"].items() if count > 50)
    assert snow_days == [dt.date(2026, 1, 15), dt.date(2026, 1, 16)]
    (delay_day,) = [day for day, count in by_topic["subway_delay"].items() if count > 50]
    delays = [kst(d).hour for d in citizens if d.topic == "subway_delay" and d.post.kind == "post"]
    assert delay_day.weekday() < 5
    assert set(delays) <= {7, 8, 9, 10}
    water_days = sorted(day for day, count in by_topic["water_quality"].items() if count > 20)
    assert water_days == [UNTIL - dt.timedelta(days=number) for number in (3, 2, 1)]
    texts = [d.post.text for d in citizens if d.topic == "water_quality"]
    districts = Counter(word for text in texts for word in text.replace("@", " ").split() if word.endswith("구"))
    assert len([name for name, count in districts.items() if count > 20]) == 1


def test_heavy_rain_takes_the_place_of_snow_in_summer() -> None:
    topics = {demo.topic for demo in DemoConnector(posts=1_000, days=90, until=dt.date(2026, 9, 20)).truth()}
    assert "heavy_rain" in topics
    assert "heavy_snow" not in topics


def test_campaigns_are_copies_by_many_authors(citizens: list[DemoPost]) -> None:
    copies = Counter(demo.topic for demo in citizens if demo.intended_class == "duplicate")
    assert set(copies) == {"housing_rental", "bus_interval", "park", "arisu", "culture"}
    assert all(14 <= count <= 39 for count in copies.values())  # and the first, which is a question
    authors = {demo.post.author for demo in citizens if demo.intended_class == "duplicate"}
    assert len(authors) > 0.8 * sum(copies.values())


def test_few_texts_are_exactly_the_same(city: list[DemoPost]) -> None:
    texts = [demo.post.text for demo in city if demo.intended_class not in ("repost", "duplicate", "handoff")]
    assert 1 - len(set(texts)) / len(texts) < 0.03


def test_photos_exist_are_small_and_say_that_they_are_invented(citizens: list[DemoPost]) -> None:
    photos = [photo for demo in citizens for photo in demo.post.attachments]
    assert 0.06 < len(photos) / len(citizens) < 0.1
    assert all((photo.alt or "").startswith("가상 사진: ") for photo in photos)
    for url in {photo.url for photo in photos}:
        content = (ROOT / url).read_bytes()
        assert len(content) < 25_000
        assert struct.unpack(">II", content[16:24]) == (480, 320)


def test_some_texts_hold_invented_personal_data_and_no_other(citizens: list[DemoPost]) -> None:
    phones = [number for d in citizens for number in MOBILE_NUMBER.findall(d.post.text)]
    mails = [address for d in citizens for address in re.findall(r"\w@[\w.]+", d.post.text)]
    assert 0.002 < (len(phones) + len(mails)) / len(citizens) < 0.01
    assert all(re.sub(r"\D", "", number).startswith("0100000") for number in phones)
    assert all("@example.com" in address for address in mails)


def test_a_few_authors_are_very_loud(citizens: list[DemoPost]) -> None:
    authors = Counter(demo.post.author for demo in citizens)
    loudest = sum(count for _, count in authors.most_common(len(authors) // 10))
    assert loudest > 0.25 * len(citizens)
    assert all((author or "").startswith("demo-citizen-") for author in authors)


def test_no_slot_is_left_unfilled(city: list[DemoPost]) -> None:
    assert [d.post.text for d in city if "{" in d.post.text or "%부서" in d.post.text] == []
