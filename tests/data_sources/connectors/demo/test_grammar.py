"""The grammar files are whole: enough sentences, every slot known, every sentence fit for its topic."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from data_sources.connectors.demo.grammar import GRAMMAR_FOLDER, Template, Topic, load_grammar
from data_sources.connectors.demo.rhythm import KST, is_working_day, office_time
from data_sources.connectors.demo.scene import PLACE_SLOTS, Scene, clock_words
from data_sources.connectors.demo.voices import speaking_of
from data_sources.registry import SEOUL_TOML, load_registry

GRAMMAR = load_grammar()
TOPICS = (*GRAMMAR.topics, *GRAMMAR.events.values())


def a_scene(topic: Topic, seed: int = 1) -> Scene:
    when = dt.datetime(2026, 3, 3, 23, 5, tzinfo=KST)
    return Scene(random.Random(seed), when, GRAMMAR.places, GRAMMAR.lexicon, topic.slots, topic.issues)


def test_the_grammar_is_rich_enough() -> None:
    assert len(GRAMMAR.topics) >= 25
    for topic in TOPICS:
        assert len(topic.openings) >= 6, topic.id
        assert len(topic.bodies) + len(topic.bodies_plain) >= 8, topic.id
        assert len(topic.endings) >= 6, topic.id
    assert len(GRAMMAR.places) == 25
    assert len({station for place in GRAMMAR.places for station, _ in place.stations}) >= 60


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.id)
def test_every_sentence_of_a_topic_can_be_filled(topic: Topic) -> None:
    sentences = (*topic.openings, *topic.bodies, *topic.bodies_plain, *topic.endings, *topic.found, *topic.action)
    for sentence in sentences:
        assert "{" not in sentence.fill(a_scene(topic))


def test_every_common_sentence_can_be_filled() -> None:
    for sentences in GRAMMAR.phrases.values():
        for sentence in sentences:
            assert "{" not in sentence.fill(a_scene(GRAMMAR.topics[0]))


def test_every_department_of_the_grammar_is_in_the_registry() -> None:
    codes = {department.code for department in load_registry(SEOUL_TOML).departments}
    assert {topic.department for topic in TOPICS} <= codes
    assert set(GRAMMAR.median_hours) <= codes
    assert {department for _, department, _ in GRAMMAR.campaigns} <= codes


def test_no_grammar_file_is_too_long_to_read() -> None:
    assert all(len(path.read_text(encoding="utf-8").splitlines()) < 400 for path in GRAMMAR_FOLDER.glob("*.toml"))


def test_a_template_chooses_the_particle_after_filling() -> None:
    topic = GRAMMAR.events["subway_delay"]
    assert Template.parse("{line:이} 멈췄고 {line:은} 붐빈다").fill(a_scene(topic)) == "2호선이 멈췄고 2호선은 붐빈다"


def test_a_template_with_an_unknown_particle_is_refused() -> None:
    with pytest.raises(KeyError, match="unknown particle '도'"):
        Template.parse("{line:도} 멈췄다")


def test_a_scene_speaks_of_one_place_throughout() -> None:
    for seed in range(50):
        scene = a_scene(GRAMMAR.topics[0], seed)
        words = {slot: scene.word(slot) for slot in PLACE_SLOTS}
        (place,) = [place for place in GRAMMAR.places if place.district == words["district"]]
        assert words["dong"] in place.dongs
        assert words["street"] in place.streets
        assert (words["station"], words["line"]) in place.stations
        assert scene.word("station") == words["station"]


def test_an_ending_never_speaks_of_something_else() -> None:
    lamp, camera, any_matter = (
        Template.parse(s, ["가로등", "CCTV"]) for s in ("가로등 고쳐요", "CCTV 달아요", "봐 주세요")
    )
    rng = random.Random(1)
    chosen = {speaking_of(rng, (lamp, camera, any_matter), lamp.subjects, ()) for _ in range(50)}
    assert chosen == {(lamp,), (lamp, any_matter)}
    assert speaking_of(rng, (camera,), lamp.subjects, (any_matter,)) == (any_matter,)


@pytest.mark.parametrize(
    ("hour", "words"),
    [(0, "밤 12시"), (2, "새벽 2시"), (8, "아침 8시"), (12, "낮 12시"), (18, "저녁 6시"), (22, "밤 10시")],
)
def test_hours_are_said_as_people_say_them(hour: int, words: str) -> None:
    assert clock_words(dt.datetime(2026, 3, 3, hour, tzinfo=KST)) == words


def test_offices_are_closed_at_weekends_and_on_fixed_holidays() -> None:
    assert not is_working_day(dt.date(2026, 2, 28))  # Saturday
    assert not is_working_day(dt.date(2026, 5, 5))
    assert is_working_day(dt.date(2026, 3, 3))


def test_an_answer_of_friday_night_waits_until_monday() -> None:
    friday_night = dt.datetime(2026, 3, 6, 22, tzinfo=KST)
    answered = office_time(random.Random(1), friday_night)
    assert answered.date() == dt.date(2026, 3, 9)
    assert 9 <= answered.hour < 18


def test_an_answer_within_office_hours_waits_no_longer() -> None:
    noon = dt.datetime(2026, 3, 6, 12, 1, tzinfo=KST)
    assert office_time(random.Random(1), noon) == noon
