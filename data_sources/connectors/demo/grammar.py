"""The grammar of the invented posts: templates with slots, read from the TOML files beside this module."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from data_sources.connectors.demo.particles import PARTICLES, with_particle
from data_sources.connectors.demo.scene import Place, Scene

GRAMMAR_FOLDER = Path(__file__).with_name("grammar")
TOPIC_FILES = ("living.toml", "mobility.toml", "city.toml", "people.toml", "events.toml")
_SLOT = re.compile(r"\{([a-z_]+)(?::([가-힣]+))?\}")


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence with slots: ``{station:이}`` is a station and the particle 이 or 가 that fits it."""

    parts: tuple[tuple[str, str, str], ...]
    """(literal, slot, particle) in order; slot and particle may be empty."""
    slots: frozenset[str]
    subjects: frozenset[int] = frozenset()
    """Which subjects of its topic the sentence speaks of."""

    @classmethod
    def parse(cls, source: str, subjects: Sequence[str] = ()) -> Template:
        """Return the template of ``source``; KeyError where it names an unknown particle.

        ``subjects`` are the topic's, each a choice of words such as ``가로등|조명``.
        """
        parts, end = [], 0
        for found in _SLOT.finditer(source):
            particle = found[2] or ""
            if particle and particle not in PARTICLES:
                raise KeyError(f"unknown particle {particle!r} in {source!r}")
            parts.append((source[end : found.start()], found[1], particle))
            end = found.end()
        parts.append((source[end:], "", ""))
        slots = frozenset(slot for _, slot, _ in parts if slot)
        spoken = {number for number, words in enumerate(subjects) if any(word in source for word in words.split("|"))}
        return cls(tuple(parts), slots, frozenset(spoken))

    def fill(self, scene: Scene) -> str:
        """Return the sentence with its slots filled from ``scene``."""
        pieces = []
        for literal, slot, particle in self.parts:
            pieces.append(literal)
            if slot:
                word = scene.word(slot)
                pieces.append(with_particle(word, particle) if particle else word)
        return "".join(pieces)


Templates = tuple[Template, ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """What one kind of concern sounds like, and how the city answers it."""

    id: str
    department: str
    weight: float
    hours: str
    """When it is written most: rush, night, day or any."""
    is_grave: bool
    """Written about politely or sadly only: nobody laughs here."""
    months: frozenset[int]
    photo: tuple[str, str] | None
    """Picture name and alternative text."""
    issues: tuple[str, ...]
    tags: tuple[str, ...]
    slots: dict[str, tuple[str, ...]]
    openings: Templates
    bodies: Templates
    bodies_plain: Templates
    endings: Templates
    found: Templates
    action: Templates


@dataclass(frozen=True, slots=True)
class Grammar:
    """All texts of the demo: topics, events, common phrases by tone, other classes, answers, places."""

    topics: tuple[Topic, ...]
    events: dict[str, Topic]
    phrases: dict[str, Templates]
    lexicon: dict[str, tuple[str, ...]]
    places: tuple[Place, ...]
    median_hours: dict[str, float]
    campaigns: tuple[tuple[str, str, str], ...]
    """(topic, department, text) of texts that are copied many times."""
    typos: tuple[tuple[str, str], ...]


@cache
def load_grammar() -> Grammar:
    """Return the grammar of the TOML files; it is read once per process."""
    topics: list[Topic] = []
    events: dict[str, Topic] = {}
    subjects = _read("subjects.toml")
    for name in TOPIC_FILES:
        for row in _read(name)["topics"]:
            topic = _topic(row, subjects.get(row["id"], ()))
            if name == "events.toml":
                events[topic.id] = topic
            else:
                topics.append(topic)
    phrases = {
        key: _templates(rows)
        for name in ("phrases.toml", "answers.toml")
        for key, rows in _read(name)["phrases"].items()
    }
    common, answers = _read("phrases.toml"), _read("answers.toml")
    return Grammar(
        topics=tuple(topics),
        events=events,
        phrases=phrases,
        lexicon={key: tuple(words) for key, words in common["lexicon"].items()},
        places=tuple(_place(row) for row in _read("places.toml")["places"]),
        median_hours=answers["median_hours"],
        campaigns=tuple((row["topic"], row["department"], row["text"]) for row in common["campaigns"]),
        typos=tuple((right, wrong) for right, wrong in common["typos"]),
    )


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((GRAMMAR_FOLDER / name).read_text(encoding="utf-8"))


def _templates(rows: list[str], subjects: Sequence[str] = ()) -> Templates:
    return tuple(Template.parse(row, subjects) for row in rows)


def _topic(row: dict[str, Any], subjects: Sequence[str]) -> Topic:
    return Topic(
        id=row["id"],
        department=row["department"],
        weight=row.get("weight", 1.0),
        hours=row.get("hours", "any"),
        is_grave=row.get("is_grave", False),
        months=frozenset(row.get("months", range(1, 13))),
        photo=(row["photo"][0], row["photo"][1]) if "photo" in row else None,
        issues=tuple(row["issues"]),
        tags=tuple(row["tags"]),
        slots={key: tuple(words) for key, words in row.get("slots", {}).items()},
        openings=_templates(row["openings"], subjects),
        bodies=_templates(row["bodies"], subjects),
        bodies_plain=_templates(row["bodies_plain"], subjects),
        endings=_templates(row["endings"], subjects),
        found=_templates(row["found"], subjects),
        action=_templates(row["action"], subjects),
    )


def _place(row: dict[str, Any]) -> Place:
    stations = tuple((station.split("/")[0], station.split("/")[1]) for station in row["stations"])
    return Place(row["district"], tuple(row["dongs"]), stations, tuple(row["streets"]))
