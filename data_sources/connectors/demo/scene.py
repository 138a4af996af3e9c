"""The scene of one thread: once a place or number is named, question and answer speak of the same one."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from dataclasses import dataclass

PLACE_SLOTS = ("district", "dong", "station", "line", "street")


@dataclass(frozen=True, slots=True)
class Place:
    """A district with its neighbourhoods, stations (name, line) and streets."""

    district: str
    dongs: tuple[str, ...]
    stations: tuple[tuple[str, str], ...]
    streets: tuple[str, ...]


class Scene:
    """Slot words of one thread, chosen when first asked for.

    ``known`` are the words named so far, by slot, ``subjects`` what the question speaks of. Words of ``slots`` (the topic's own) come before places and lexicon.
    """

    def __init__(
        self,
        rng: random.Random,
        when: dt.datetime,
        places: tuple[Place, ...],
        lexicon: Mapping[str, tuple[str, ...]],
        slots: Mapping[str, tuple[str, ...]],
        issues: tuple[str, ...] = (),
    ) -> None:
        self.known: dict[str, str] = {}
        self.subjects: frozenset[int] = frozenset()
        self._rng = rng
        self._when = when
        self._places = places
        self._place: Place | None = None
        self._station: tuple[str, str] | None = None
        self._lexicon = lexicon
        self._slots = slots
        self._issues = issues

    def word(self, slot: str) -> str:
        """Return the word in ``slot``; KeyError where no grammar file knows the slot."""
        if slot not in self.known:
            self.known[slot] = self._choose(slot)
        return self.known[slot]

    def _choose(self, slot: str) -> str:
        if slot in self._slots:
            return self._rng.choice(self._slots[slot])
        if slot in PLACE_SLOTS:
            return self._choose_place(slot)
        if slot == "issue" and self._issues:
            return self._rng.choice(self._issues)
        if slot == "now":
            return clock_words(self._when)
        if slot == "part":
            return _part_of_day(self._when.hour)
        if slot == "receipt":
            return f"{self._rng.randrange(100_000):05d}"
        if slot == "bus":
            return self._bus()
        return self._rng.choice(self._lexicon[slot])

    def _choose_place(self, slot: str) -> str:
        place = self._place = self._place or self._rng.choice(self._places)
        if slot == "district":
            return place.district
        if slot == "dong":
            return self._rng.choice(place.dongs)
        if slot == "street":
            return self._rng.choice(place.streets)
        station = self._station = self._station or self._rng.choice(place.stations)
        return station[0] if slot == "station" else station[1]

    def _bus(self) -> str:
        if self._rng.random() < 0.2:
            return f"마을버스 {self._rng.randint(1, 19):02d}번"
        return f"{self._rng.randint(101, 799) if self._rng.random() < 0.6 else self._rng.randint(1111, 7799)}번"


def clock_words(when: dt.datetime) -> str:
    """Return the hour as people say it: 밤 11시, 새벽 2시, 낮 12시."""
    hour = when.hour % 12 or 12
    return f"{_part_of_day(when.hour)} {hour}시"


def _part_of_day(hour: int) -> str:
    if hour == 0 or hour >= 21:
        return "밤"
    for end, name in ((6, "새벽"), (9, "아침"), (12, "오전"), (13, "낮"), (18, "오후")):
        if hour < end:
            return name
    return "저녁"
