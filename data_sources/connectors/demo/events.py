"""The three events of a period: heavy snow (rain in summer), a subway delay, tap water in one district."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

from data_sources.connectors.demo.rhythm import Rhythm, is_working_day, kst
from data_sources.connectors.demo.scene import Place

SNOW_MONTHS = frozenset({11, 12, 1, 2, 3})
MIDWINTER, MIDSUMMER = 15, 206  # days of the year, 15 January and 25 July
YEAR = 365
MIDWEEK = (1, 2, 3)  # a Monday or Friday is often a holiday in place of another day


@dataclass(frozen=True, slots=True)
class Event:
    """Something happens: posts about ``topic`` on ``days``, one weight a day; ``share`` of all threads.

    ``hours`` bounds them within the day (first, last); None follows the day's usual rhythm.
    """

    topic: str
    days: tuple[dt.date, ...]
    weights: tuple[float, ...]
    share: float
    hours: tuple[int, int] | None = None
    place: Place | None = None

    def time(self, rng: random.Random, rhythm: Rhythm) -> dt.datetime:
        """Return a time within the event."""
        day = rng.choices(self.days, weights=self.weights)[0]
        if self.hours is None:
            return rhythm.time_on(day)
        first, last = self.hours
        seconds = int(rng.triangular(0, (last - first) * 3600 - 1, 3600))  # most write in the first hour
        return kst(day, first, seconds)


def plan_events(rng: random.Random, rhythm: Rhythm, places: tuple[Place, ...]) -> tuple[Event, ...]:
    """Return the events of a period; the tap water event is still running on its last day."""
    days = rhythm.days
    calm = days[1:-6] or days  # leaves the tap water event alone in the last days
    first = _nearest(calm, MIDWINTER)
    storm = "heavy_snow" if calm[first].month in SNOW_MONTHS else "heavy_rain"
    if storm == "heavy_rain":
        first = _nearest(calm, MIDSUMMER)
    first = max(0, min(first, len(calm) - 2))  # two days where the period has two
    storm_days = calm[first : first + 2]
    delay = next(
        (
            day
            for day in calm[len(calm) // 2 :]
            if day.weekday() in MIDWEEK and is_working_day(day) and day not in storm_days
        ),
        calm[-1],
    )
    water_days = days[-3:]
    return (
        Event(storm, storm_days, (1.0, 0.7)[: len(storm_days)], 0.034),
        Event("subway_delay", (delay,), (1.0,), 0.014, hours=(7, 11)),
        Event("water_quality", water_days, (0.6, 1.0, 0.9)[-len(water_days) :], 0.025, place=rng.choice(places)),
    )


def _nearest(days: tuple[dt.date, ...], day_of_year: int) -> int:
    """Return the place in ``days`` of the first one nearest to ``day_of_year``, of whichever year."""

    def distance(number: int) -> int:
        apart = abs(days[number].timetuple().tm_yday - day_of_year)
        return min(apart, YEAR - apart)

    return min(range(len(days)), key=distance)
