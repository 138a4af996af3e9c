"""Incidents as they come, go on and end. One event is one incident: a later window of it updates what is there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import CompoundSelect, Connection, delete, func, insert, select, union, update

from db.bulk import insert_rows
from db.records import INCIDENT_STATUSES, NewIncident
from db.schema import incident_posts, incident_words, incidents, term_groups, terms
from db.state import clear_state, raise_load_id, read_state, write_state

QUIET_DAYS = 14  # after so many days without a finding an event is over; what comes later is another one
MAX_WORDS = 12
_PEAK = (
    "observed", "expected", "low", "high", "questions", "authors", "p_value", "detection_version", "rules_version"
)  # fmt: skip
CLOSED, VOLUME = "closed", "volume"


class UnknownIncident(LookupError):
    """No incident has this number."""


def note_undetected(connection: Connection, synthetic: bool, first: dt.date, last: dt.date) -> None:
    """Note, in the transaction that changed them, that the posts of these days are still to be looked at."""
    known = undetected(connection, synthetic)
    if known is not None:
        first, last = min(first, known[0]), max(last, known[1])
    for name, day in zip(_undetected(synthetic), (first, last), strict=True):
        write_state(connection, name, day.toordinal())


def undetected(connection: Connection, synthetic: bool) -> tuple[dt.date, dt.date] | None:
    """Return the first and last day of posts that no detection has seen; None where there are none."""
    first, last = (read_state(connection, name) for name in _undetected(synthetic))
    return None if first is None or last is None else (dt.date.fromordinal(first), dt.date.fromordinal(last))


def note_detected(connection: Connection, synthetic: bool, until: dt.date) -> None:
    """Note that the days up to ``until`` have been looked at."""
    known = undetected(connection, synthetic)
    first, last = _undetected(synthetic)
    if known is None or until >= known[1]:
        clear_state(connection, first)
        clear_state(connection, last)
    else:
        write_state(connection, first, max(known[0], until + dt.timedelta(days=1)).toordinal())


def _undetected(synthetic: bool) -> tuple[str, str]:
    kind = "synthetic" if synthetic else "real"
    return f"undetected_from_{kind}", f"undetected_to_{kind}"


def record_incident(connection: Connection, found: NewIncident, now: dt.datetime) -> tuple[int, bool]:
    """Store a finding as a new incident, or as what the incident it belongs to has become.

    It belongs to the one that has its strongest word, or whose strongest word it has, or where one of the two strongest is the
    term group of the other (or that is one of volume, as it is itself), and that ended less than QUIET_DAYS before; one that people
    closed stays closed.

    Returns
    -------
    id, and whether the incident is new
    """
    known, *others = _same_event(connection, found) or (None,)
    if known is None:
        id_ = (connection.scalar(select(func.max(incidents.c.id))) or 0) + 1
        connection.execute(
            insert(incidents).values(
                id=id_,
                is_synthetic=found.is_synthetic,
                kind=found.kind,
                title=found.title,
                status="new",
                first_day=found.first_day,
                last_day=found.last_day,
                found_day=found.last_day,
                is_sensitive=found.is_sensitive,
                updated_at=now,
                **_peak(found),
            )
        )
        _write_words(connection, id_, found)
    else:
        id_ = known.id
        values: dict[str, Any] = {
            "first_day": min(known.first_day, found.first_day),
            "last_day": max(known.last_day, found.last_day),
            "found_day": min(known.found_day, found.last_day),
            "updated_at": now,
        }
        # Where both are beyond what a float can tell apart, the larger window of evidence counts.
        is_peak = (found.p_value, -found.observed) < (known.p_value, -known.observed)
        if is_peak:
            values |= {
                **_peak(found),
                "kind": found.kind,
                "title": found.title,
                "is_sensitive": known.is_sensitive or found.is_sensitive,
            }
        connection.execute(update(incidents).where(incidents.c.id == id_).values(**values))
        if is_peak:
            _write_words(connection, id_, found)
        _absorb(connection, known, others, found)
    raise_load_id(connection)
    return id_, known is None


def close_quiet_incidents(connection: Connection, synthetic: bool, last_day: dt.date, now: dt.datetime) -> int:
    """Close what has been quiet for QUIET_DAYS at the end of ``last_day``; return how many that were."""
    closed = connection.execute(
        update(incidents)
        .where(
            incidents.c.is_synthetic == synthetic,
            incidents.c.status != CLOSED,
            incidents.c.last_day < last_day - dt.timedelta(days=QUIET_DAYS),
        )
        .values(status=CLOSED, updated_at=now)
    )
    if closed.rowcount:
        raise_load_id(connection)
    return closed.rowcount


def judge_incident(connection: Connection, incident_id: int, status: str, note: str | None, now: dt.datetime) -> None:
    """Say what people make of an incident.

    Raises
    ------
    UnknownIncident
        There is none with this number.
    ValueError
        ``status`` is none of INCIDENT_STATUSES.
    """
    if status not in INCIDENT_STATUSES:
        raise ValueError(f"no status {status!r}; known: {', '.join(INCIDENT_STATUSES)}")
    values = {"status": status, "updated_at": now} | ({} if note is None else {"note": note})
    changed = connection.execute(update(incidents).where(incidents.c.id == incident_id).values(**values))
    if not changed.rowcount:
        raise UnknownIncident(f"no incident {incident_id}; python -m db incidents lists them")
    raise_load_id(connection)


def _same_event(connection: Connection, found: NewIncident) -> list[Any]:
    """Return the incidents a finding may belong to, the first one found first."""
    quiet = dt.timedelta(days=QUIET_DAYS)
    statement = (
        select(incidents)
        .where(
            incidents.c.is_synthetic == found.is_synthetic,
            (incidents.c.kind == VOLUME) == (found.kind == VOLUME),
            incidents.c.last_day >= found.first_day - quiet,
            incidents.c.first_day <= found.last_day + quiet,
        )
        .order_by(incidents.c.found_day, incidents.c.id)
    )
    if found.words:
        # A place or a common word may belong to two events of a day; the strongest word tells which one it is.
        lead, ids = found.words[0].term_id, [word.term_id for word in found.words]
        is_lead = (incident_words.c.position == 0) & incident_words.c.term_id.in_(ids)
        # A group surges a day before its word where the other words of it add what the word alone lacks.
        is_kin = (incident_words.c.position == 0) & incident_words.c.term_id.in_(_kin(lead))
        shared = select(incident_words.c.incident_id).where(is_lead | is_kin | (incident_words.c.term_id == lead))
        statement = statement.where(incidents.c.id.in_(shared))
    return list(connection.execute(statement))


def _kin(term_id: int) -> CompoundSelect[tuple[int]]:
    """Select the ids of the words of a term group, and of the groups a word belongs to."""
    word, group = terms.alias(), terms.alias()
    pairs = (
        select(word.c.id.label("word"), group.c.id.label("group"))
        .join_from(word, term_groups, term_groups.c.term == word.c.term)
        .join(group, group.c.term == term_groups.c.name)
        .where(word.c.is_group.is_(False), group.c.is_group.is_(True))
        .subquery()
    )
    return union(
        select(pairs.c.word).where(pairs.c.group == term_id), select(pairs.c.group).where(pairs.c.word == term_id)
    )


def _absorb(connection: Connection, known: Any, others: Sequence[Any], found: NewIncident) -> None:
    """Make one incident of those whose strongest words a finding has; what people have judged stays as it is."""
    ids = [word.term_id for word in found.words]
    led = set(
        connection.scalars(
            select(incident_words.c.incident_id).where(
                incident_words.c.position == 0, incident_words.c.term_id.in_(ids)
            )
        )
    )
    absorbed = [other for other in others if other.status == "new" and other.note is None and other.id in led]
    if not absorbed or known.id not in led:
        return
    connection.execute(
        update(incidents)
        .where(incidents.c.id == known.id)
        .values(first_day=min([known.first_day, *(other.first_day for other in absorbed)]))
    )
    connection.execute(delete(incidents).where(incidents.c.id.in_([other.id for other in absorbed])))


def _peak(found: NewIncident) -> dict[str, Any]:
    return {
        "peak_first_day": found.first_day,
        "peak_last_day": found.last_day,
        **{name: getattr(found, name) for name in _PEAK},
    }


def _write_words(connection: Connection, id_: int, found: NewIncident) -> None:
    """Write the words and examples of the peak; words of earlier windows stay, so that the event is known by them."""
    known = connection.execute(
        select(incident_words).where(incident_words.c.incident_id == id_).order_by(incident_words.c.position)
    ).all()
    fresh = {word.term_id for word in found.words}
    words: list[Any] = [*found.words, *(row for row in known if row.term_id not in fresh)]
    connection.execute(delete(incident_words).where(incident_words.c.incident_id == id_))
    insert_rows(
        connection,
        incident_words,
        [
            {"incident_id": id_, "term_id": word.term_id, "position": position, "observed": word.observed,
             "expected": word.expected, "p_value": word.p_value}
            for position, word in enumerate(words[:MAX_WORDS])
        ],
    )  # fmt: skip
    connection.execute(delete(incident_posts).where(incident_posts.c.incident_id == id_))
    _write_posts(connection, id_, found.post_ids)


def _write_posts(connection: Connection, id_: int, post_ids: Sequence[int]) -> None:
    rows = [{"incident_id": id_, "post_id": post_id, "position": position} for position, post_id in enumerate(post_ids)]
    insert_rows(connection, incident_posts, rows)
