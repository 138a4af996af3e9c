"""Texts as the store knows them, and whether a new reading says something else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, bindparam, select

from db.districts import NAMES_A_DISTRICT, districts_of
from db.packing import unpack_ids
from db.records import HIDDEN, KEPT
from db.schema import classifications, departments, post_reviews, posts, questions, search_texts, terms
from db.writes.changes import Decision
from db.writes.directory import department_ids


class NewAnnotation(NamedTuple):
    """What a reading says of one text; ``department`` is a code, as is what the classifier guessed and each of ``districts``."""

    text: str
    language: str
    post_class: str
    reason: str
    rule: str
    confidence: float
    is_risk: bool
    terms: tuple[str, ...]
    search_text: str
    department: str | None
    department_rule: str | None
    guessed_department: str | None = None
    guess_confidence: float | None = None
    districts: tuple[str, ...] = ()
    suspected_class: str | None = None
    suspected_by: str | None = None


class Content(NamedTuple):
    """What the store says of a text, in a form that can be compared; ``routing`` is a code and a rule, ``guess`` a code and a
    confidence, ``suspicion`` a class and what suspects it."""

    text: str
    language: str | None
    decision: Decision
    is_risk: bool
    terms: frozenset[str]
    groups: frozenset[str]
    districts: frozenset[str]
    tokens: str | None
    routing: tuple[str | None, str | None] | None
    guess: tuple[str | None, float | None] | None
    suspicion: tuple[str, str] | None


class StoredText(NamedTuple):
    """A post as it was read from the store, to be read anew."""

    id: int
    timeline_id: int
    fingerprint: bytes
    is_inbound: bool
    keeps_class: bool
    content: Content


class Vocabulary(NamedTuple):
    """The names a reading may use: the groups of each term, and the registry's departments by code."""

    groups: Mapping[str, Sequence[str]]
    departments: Mapping[str, int]


def texts_between(connection: Connection, first: int, last: int, limit: int) -> list[StoredText]:
    """Return the first ``limit`` posts with ids from ``first`` to ``last`` that have a text, by id."""
    return texts_where(connection, posts.c.id.between(first, last), limit)


def vocabulary(connection: Connection, group_rows: Iterable[Mapping[str, str]]) -> Vocabulary:
    """Return the names readings may use; ``group_rows`` are term groups (name, term)."""
    groups: dict[str, list[str]] = {}
    for row in group_rows:
        groups.setdefault(row["term"], []).append(row["name"])
    return Vocabulary(groups, department_ids(connection))


def differing(
    texts: Sequence[StoredText], annotations: Sequence[NewAnnotation], known: Vocabulary
) -> list[tuple[StoredText, NewAnnotation]]:
    """Return those pairs in which the new annotation says something else than the store."""
    return [
        (text, annotation)
        for text, annotation in zip(texts, annotations, strict=True)
        if content_of(text, annotation, known) != text.content
    ]


def content_of(text: StoredText, annotation: NewAnnotation, known: Vocabulary) -> Content:
    """Return what the store would say of a post: what the loader makes of such an annotation."""
    decision = Decision(annotation.post_class, annotation.reason, annotation.rule, annotation.confidence)
    suspicion = None
    if text.keeps_class:
        decision, suspicion = text.content.decision, text.content.suspicion
    elif annotation.suspected_class is not None and not annotation.is_risk:
        suspicion = (annotation.suspected_class, annotation.suspected_by or annotation.rule)
    said = annotation.terms if text.is_inbound else ()
    routing = guess = None
    if text.is_inbound and decision.post_class == "question":
        department = annotation.department if annotation.department in known.departments else None
        routing = (department, annotation.department_rule)
        is_known = annotation.guessed_department in known.departments
        guess = (annotation.guessed_department, annotation.guess_confidence) if is_known else (None, None)
    return Content(
        text=annotation.text,
        language=annotation.language,
        decision=decision,
        is_risk=annotation.is_risk,
        terms=frozenset(said),
        groups=frozenset(name for term in said for name in known.groups.get(term, ())),
        districts=frozenset(annotation.districts if text.is_inbound else ()),
        tokens=annotation.search_text if text.is_inbound and not annotation.is_risk else None,
        routing=routing,
        guess=guess,
        suspicion=suspicion,
    )


def texts_where(connection: Connection, condition: ColumnElement[bool], limit: int | None = None) -> list[StoredText]:
    """Return the posts that have a text and meet ``condition``, by id."""
    guessed = departments.alias("guessed")
    # One statement, so that a post and its words are of one moment even while a loader writes.
    rows = connection.execute(
        select(
            posts.c.id,
            posts.c.timeline_id,
            posts.c.fingerprint,
            posts.c.is_inbound,
            posts.c.kind,
            posts.c.duplicate_of_post_id,
            posts.c.text,
            posts.c.language,
            posts.c.post_class,
            posts.c.reason,
            posts.c.is_risk,
            posts.c.term_ids,
            search_texts.c.tokens,
            questions.c.post_id.label("question_id"),
            questions.c.rule.label("department_rule"),
            departments.c.code.label("department"),
            guessed.c.code.label("guessed_department"),
            questions.c.classifier_confidence,
            post_reviews.c.status.label("review_status"),
            post_reviews.c.suspected_class,
            post_reviews.c.rule.label("suspected_by"),
        )
        .outerjoin(search_texts, search_texts.c.timeline_id == posts.c.timeline_id)
        .outerjoin(questions, questions.c.post_id == posts.c.id)
        .outerjoin(departments, departments.c.id == questions.c.rule_department_id)
        .outerjoin(post_reviews, post_reviews.c.post_id == posts.c.id)
        .outerjoin(guessed, guessed.c.id == questions.c.classifier_department_id)
        .where(condition, posts.c.text.is_not(None))
        .order_by(posts.c.id)
        .limit(limit)
    ).all()
    verdicts = _verdicts(connection, [row.id for row in rows])
    term_ids = [unpack_ids(row.term_ids) for row in rows]
    names = _names(connection, {id_ for of_post in term_ids for id_ in of_post})
    return [
        _stored_text(row, verdicts.get(row.id, ("", 0.0)), of_post, names)
        for row, of_post in zip(rows, term_ids, strict=True)
    ]


def _stored_text(row: Row, verdict: tuple[str, float], term_ids: Sequence[int], names: Mapping[int, str]) -> StoredText:
    return StoredText(
        id=row.id,
        timeline_id=row.timeline_id,
        fingerprint=bytes(row.fingerprint),
        is_inbound=row.is_inbound,
        # The network itself, whoever merged it or a person who looked says what it is: no rule on the words is asked.
        keeps_class=row.duplicate_of_post_id is not None
        or (row.kind == "repost" and row.is_inbound)
        or row.review_status in (HIDDEN, KEPT),
        content=Content(
            text=row.text,
            language=row.language,
            decision=Decision(row.post_class, row.reason, *verdict),
            is_risk=row.is_risk,
            terms=frozenset(names[id_] for id_ in term_ids if id_ > 0),
            groups=frozenset(names[id_] for id_ in term_ids if NAMES_A_DISTRICT < id_ < 0),
            districts=frozenset(districts_of(term_ids)),
            tokens=row.tokens,
            routing=None if row.question_id is None else (row.department, row.department_rule),
            guess=None if row.question_id is None else (row.guessed_department, row.classifier_confidence),
            suspicion=None if row.review_status is None else (row.suspected_class, row.suspected_by),
        ),
    )


def _verdicts(connection: Connection, post_ids: Sequence[int]) -> dict[int, tuple[str, float]]:
    """Return the rule and the confidence of the newest decision on each post."""
    if not post_ids:
        return {}
    verdict = classifications.c
    rows = connection.execute(
        select(verdict.post_id, verdict.rule, verdict.confidence)
        .where(verdict.post_id.in_(bindparam("ids", expanding=True)))
        .order_by(verdict.decided_at),
        {"ids": list(post_ids)},
    )
    return {post_id: (rule, confidence) for post_id, rule, confidence in rows}


def _names(connection: Connection, term_ids: set[int]) -> dict[int, str]:
    if not term_ids:
        return {}
    of_ids = select(terms.c.id, terms.c.term).where(terms.c.id.in_(bindparam("ids", expanding=True)))
    return dict(connection.execute(of_ids, {"ids": sorted(term_ids)}).all())
