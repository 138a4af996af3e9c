"""After a load: which words surge, day by day, and the incidents they make. A composition point like the loader.

Only the days that have new posts are looked at, and the few after them whose windows reach back to them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection, Engine

from db import writes
from db.queries.said import (
    DailyWords,
    names_of_terms,
    posts_with_terms,
    terms_of_groups,
    watched_terms,
    words_of_posts,
)
from db.records import IncidentWord, NewIncident
from db.rollups.reading import days_with_posts
from db.snapshot import Snapshot
from db.transactions import one_writer, writing
from nlp import annotate, trends
from nlp.risk import is_sensitive
from nlp.trends import Past, Surge, VolumeSurge

EXAMPLES = 5
TITLE_WORDS = 3
# On a day on which far more is asked than ever, a word is an event of its own only if it brings this much of the rest.
OWN_SHARE = 0.3
EXPLAINED_SHARE = 0.5  # and with this much it is what the day is about
NOTED_EVERY_DAYS = 30

Progress = Callable[[int, int], None]
"""Called with the days done and the days there are."""


@dataclass(slots=True)
class Detected:
    """What a detection did: days looked at, incidents opened, gone on with, and closed."""

    days: int = 0
    opened: int = 0
    updated: int = 0
    closed: int = 0

    def __str__(self) -> str:
        return f"days={self.days} opened={self.opened} updated={self.updated} closed={self.closed}"


def detect(
    engine: Engine,
    *,
    synthetic: bool,
    progress: Progress | None = None,
    now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
) -> Detected:
    """Look at all days of one kind of data that have posts no detection has seen.

    It may be cut off at any time: what was found is kept, and the next one goes on with the days that are left.
    """
    done = Detected()
    with Snapshot(engine) as snapshot, snapshot.connect() as connection, one_writer(engine) as begin:
        waiting = writes.undetected(connection, synthetic)
        extent = days_with_posts(connection, synthetic)
        if waiting is None or extent is None:
            return done
        first = max(waiting[0], extent[0])
        last = min(waiting[1] + dt.timedelta(days=max(trends.WINDOWS) - 1), extent[1])
        days = (last - first).days + 1
        detector = _Detector(connection, synthetic, extent[0], first, last)
        for day in (first + dt.timedelta(days=number) for number in range(days)):
            found = list(detector.findings(day))
            done.days += 1
            is_noted = done.days % NOTED_EVERY_DAYS == 0
            if found or is_noted:
                with begin() as writer:
                    for incident in found:
                        _, is_new = writes.record_incident(writer, incident, now())
                        done.opened += is_new
                        done.updated += not is_new
                    if is_noted:
                        writes.note_detected(writer, synthetic, day)
            if progress is not None:
                progress(done.days, days)
    with writing(engine) as writer:
        done.closed = writes.close_quiet_incidents(writer, synthetic, extent[1], now())
        writes.note_detected(writer, synthetic, last)
    return done


class _Detector:
    """What is found on each of the days from ``first`` to ``last``, asked for in their order.

    ``begin`` is the first day of all with a post.
    """

    def __init__(self, connection: Connection, synthetic: bool, begin: dt.date, first: dt.date, last: dt.date) -> None:
        self._connection = connection
        self._synthetic = synthetic
        reach = trends.BASELINE_DAYS + trends.GUARD_DAYS + max(trends.WINDOWS)
        # Before the first post nothing could be asked, so those days are no past.
        self._begin = max(begin, first - dt.timedelta(days=reach))
        self._words = DailyWords(connection, synthetic, self._begin, last)
        self._reach = reach
        self._watched = watched_terms(connection)
        self._matters = terms_of_groups(connection)
        versions = annotate.versions()
        self._rules_version = f"{versions.tokenizer}; {versions.dictionary}; {versions.rules}"

    def findings(self, day: dt.date) -> Iterator[NewIncident]:
        """Yield what surges in a window that ends on ``day``."""
        surges, volume = self._surges(day)
        self._words.forget_before(day - dt.timedelta(days=self._reach))
        excess = volume.observed - volume.expected if volume is not None else 0.0
        surges = [surge for surge in surges if surge.observed - surge.expected >= OWN_SHARE * excess]
        posts_of = {surge.term_id: self._posts(surge) for surge in surges}
        # A word of too few authors is no evidence, whoever counts.
        by_id = {
            surge.term_id: surge for surge in surges if len(set(posts_of[surge.term_id].values())) >= trends.MIN_AUTHORS
        }
        names = names_of_terms(self._connection, by_id)
        is_explained = False
        for group in self._events(by_id):
            own = [by_id[id_] for id_ in _without_groups(group, names)]
            is_explained |= own[0].observed - own[0].expected >= EXPLAINED_SHARE * excess
            yield self._of_words(own, posts_of, names)
        if volume is not None and not is_explained:
            yield self._of_volume(volume)

    def _surges(self, day: dt.date) -> tuple[list[Surge], VolumeSurge | None]:
        """Return the surging words, each in its most surprising window, and whether the volume surges."""
        found: dict[int, Surge] = {}
        volume: VolumeSurge | None = None
        for days in trends.WINDOWS:
            ids, counts = self._words.window(day, days)
            enough = ids[counts >= trends.MIN_POSTS]
            start = max(self._begin, day - dt.timedelta(days=trends.BASELINE_DAYS + trends.GUARD_DAYS + days - 1))
            past = self._words.past(enough, start, day)
            watched_said = int(np.isin(ids, self._watched).sum())
            for surge in trends.surges(
                Past(day, past.totals, past.counts), enough, days, len(ids), self._watched, watched_said
            ):
                known = found.get(surge.term_id)
                if known is None or trends.by_surprise(surge) < trends.by_surprise(known):
                    found[surge.term_id] = surge
            in_all = trends.volume_surge(day, past.totals, days)
            if in_all is not None and (volume is None or in_all.p_value < volume.p_value):
                volume = in_all
        return sorted(found.values(), key=trends.by_surprise), volume

    def _events(self, surges: dict[int, Surge]) -> list[list[int]]:
        """Return the surging words by event, compared over the widest of their windows."""
        if not surges:
            return []
        widest = max(surges.values(), key=lambda surge: surge.days)
        posts_of = posts_with_terms(self._connection, self._synthetic, list(surges), widest.first_day, widest.last_day)
        return trends.co_moving(posts_of, widest.questions, self._matters)

    def _posts(self, surge: Surge) -> dict[int, int]:
        found = posts_with_terms(self._connection, self._synthetic, [surge.term_id], surge.first_day, surge.last_day)
        return found[surge.term_id]

    def _of_words(
        self, surges: Sequence[Surge], posts_of: dict[int, dict[int, int]], names: dict[int, str]
    ) -> NewIncident:
        lead = surges[0]
        hides_posts = any(is_sensitive(names[surge.term_id]) for surge in surges)
        own = posts_of[lead.term_id]
        spoken = {post: sum(post in posts_of[surge.term_id] for surge in surges) for post in own}
        is_campaign = trends.is_campaign(words_of_posts(self._connection, own))
        examples = sorted(own, key=lambda post: (-spoken[post], -post))[:EXAMPLES]
        return NewIncident(
            is_synthetic=self._synthetic,
            kind="campaign" if is_campaign else "words",
            title=_title([names[surge.term_id] for surge in surges]),
            first_day=lead.first_day,
            last_day=lead.last_day,
            observed=lead.observed,
            expected=lead.expected,
            low=lead.low,
            high=lead.high,
            questions=lead.questions,
            authors=len(set(own.values())),
            p_value=lead.p_value,
            is_sensitive=hides_posts,
            detection_version=trends.DETECTION_VERSION,
            rules_version=self._rules_version,
            words=tuple(IncidentWord(surge.term_id, surge.observed, surge.expected, surge.p_value) for surge in surges),
            post_ids=() if hides_posts else tuple(examples),
        )

    def _of_volume(self, volume: VolumeSurge) -> NewIncident:
        return NewIncident(
            is_synthetic=self._synthetic,
            kind="volume",
            title="",
            first_day=volume.first_day,
            last_day=volume.last_day,
            observed=volume.observed,
            expected=volume.expected,
            low=volume.low,
            high=volume.high,
            questions=volume.observed,
            authors=0,
            p_value=volume.p_value,
            is_sensitive=False,
            detection_version=trends.DETECTION_VERSION,
            rules_version=self._rules_version,
        )


def _without_groups(ids: Sequence[int], names: dict[int, str]) -> list[int]:
    """Leave out term groups (negative ids) where a word surges beside them: the word says what it is about."""
    words = [id_ for id_ in ids if id_ > 0]
    return words or list(ids)


def _title(names: Sequence[str]) -> str:
    """Return the strongest words, without those that stand inside another."""
    kept: list[str] = []
    for name in names:
        if not any(name in other or other in name for other in kept):
            kept.append(name)
    return " · ".join(kept[:TITLE_WORDS])
