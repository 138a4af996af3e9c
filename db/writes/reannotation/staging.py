"""What differs is staged batch by batch, and applied at once."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from db import rollups
from db.bulk import insert_rows, upsert_rows
from db.records import NO_ANSWER
from db.schema import classifications, posts, reannotation_batches, reannotations, staged_annotations
from db.writes.links import Routing, refresh_questions
from db.writes.reannotation.runs import Reannotation, end_run
from db.writes.reannotation.texts import (
    Content,
    NewAnnotation,
    StoredText,
    Vocabulary,
    content_of,
    differing,
    texts_where,
    vocabulary,
)
from db.writes.reviews import Suspicion, write_reviews
from db.writes.templates import of_templates
from db.writes.words import packed_terms, write_words

# What one step of the switch holds in memory; all steps are one transaction.
SWITCHED_AT_ONCE = 5_000

Annotate = Callable[[Sequence[StoredText]], Sequence[NewAnnotation]]


class ReannotationEnded(RuntimeError):
    """Another process ended or abandoned the reannotation this one works on."""


def stage_batch(
    connection: Connection,
    run: Reannotation,
    first: int,
    last: int,
    read: int,
    changed: Sequence[tuple[StoredText, NewAnnotation]],
) -> None:
    """Keep what differs in the posts ``first`` to ``last``; nothing happens where they were staged meanwhile.

    Raises
    ------
    ReannotationEnded
        The reannotation is not running any more.
    """
    _hold(connection, run)
    batch = reannotation_batches.c
    overlapping = select(batch.first_post_id).where(
        batch.reannotation_id == run.id, batch.first_post_id <= last, batch.last_post_id >= first
    )
    if connection.execute(overlapping.limit(1)).first() is not None:
        return
    connection.execute(
        insert(reannotation_batches).values(
            reannotation_id=run.id, first_post_id=first, last_post_id=last, read=read, changed=len(changed)
        )
    )
    insert_rows(connection, staged_annotations, [_staged_row(run, *pair) for pair in changed])


def edited_since(connection: Connection, run: Reannotation, limit: int) -> list[StoredText]:
    """Return up to ``limit`` posts whose content changed after their annotation was staged."""
    staged = staged_annotations.c
    edited = connection.scalars(
        select(staged.post_id)
        .join(posts, posts.c.id == staged.post_id)
        .where(staged.reannotation_id == run.id, staged.fingerprint != posts.c.fingerprint, posts.c.text.is_not(None))
        .order_by(staged.post_id)
        .limit(limit)
    )
    return texts_where(connection, posts.c.id.in_(edited.all()))


def stage_again(
    connection: Connection, run: Reannotation, texts: Sequence[StoredText], annotations: Sequence[NewAnnotation]
) -> None:
    """Replace what was staged of posts that were edited meanwhile."""
    _hold(connection, run)
    rows = [_staged_row(run, *pair) for pair in zip(texts, annotations, strict=True)]
    upsert_rows(connection, staged_annotations, rows, ["reannotation_id", "post_id"], ["fingerprint", "annotation"])


def switch(
    connection: Connection,
    run: Reannotation,
    rules_version: str,
    group_rows: Iterable[Mapping[str, str]],
    annotate: Annotate,
    now: dt.datetime,
) -> int:
    """Make the store say what was staged, and end the run; return how many posts changed.

    Parameters
    ----------
    annotate : called for posts that were edited since they were staged

    Raises
    ------
    ReannotationEnded
        The reannotation is not running any more.
    """
    _hold(connection, run)
    known = vocabulary(connection, group_rows)
    changed = 0
    for chunk in _staged(connection, run):
        texts = texts_where(connection, posts.c.id.in_(list(chunk)))
        edited = [text for text in texts if chunk[text.id][0] != text.fingerprint]
        again = dict(zip((text.id for text in edited), annotate(edited) if edited else (), strict=True))
        annotations = [again.get(text.id) or chunk[text.id][1] for text in texts]
        pairs = differing(texts, annotations, known)
        contents = {text.id: content_of(text, annotation, known) for text, annotation in pairs}
        # What differs in the words of the index alone counts nowhere, and is most of what a change of them brings.
        counted = [
            (text, annotation)
            for text, annotation in pairs
            if contents[text.id]._replace(tokens=None) != text.content._replace(tokens=None)
        ]
        if pairs:
            replies = [text.id for text, _ in counted if not text.is_inbound]
            # Another kind of reply may be no answer any more, or be one after all: its question waits again, or does not.
            asked = _replied_to(connection, replies)
            with rollups.changing(connection, {*(text.id for text, _ in counted), *asked}):
                _write(
                    connection,
                    counted,
                    contents,
                    known,
                    rules_version,
                    run.started_at,
                    of_templates(connection, replies),
                )
                refresh_questions(connection, asked, {})
            _write_words(connection, [text for text, _ in pairs], contents)
        changed += len(pairs)
    end_run(connection, run.id, "done", now)
    return changed


def _hold(connection: Connection, run: Reannotation) -> None:
    status = connection.scalar(select(reannotations.c.status).where(reannotations.c.id == run.id))
    if status != "running":
        raise ReannotationEnded(
            f"another process ended this reannotation ({status}); run the command again to see what is left to do"
        )


def _write(
    connection: Connection,
    pairs: Sequence[tuple[StoredText, NewAnnotation]],
    contents: Mapping[int, Content],
    known: Vocabulary,
    rules_version: str,
    decided_at: dt.datetime,
    templates: Collection[int],
) -> None:
    if not pairs:
        return
    inbound = [(text.id, annotation) for text, annotation in pairs if text.is_inbound]
    term_ids = packed_terms(
        connection,
        {id_: annotation.terms for id_, annotation in inbound},
        {id_: annotation.districts for id_, annotation in inbound},
    )
    rewritten: list[dict[str, Any]] = [
        {
            "row_id": text.id,
            "new_text": contents[text.id].text,
            "new_language": contents[text.id].language,
            "new_post_class": contents[text.id].decision.post_class,
            "new_reason": contents[text.id].decision.reason,
            "new_is_risk": contents[text.id].is_risk,
            "new_term_ids": term_ids.get(text.id),
            "new_is_template": not text.is_inbound
            and (contents[text.id].decision.reason in NO_ANSWER or text.id in templates),
        }
        for text, _ in pairs
    ]
    values: dict[str, Any] = {name.removeprefix("new_"): bindparam(name) for name in list(rewritten[0])[1:]}
    connection.execute(update(posts).where(posts.c.id == bindparam("row_id")).values(values), rewritten)
    decided: list[dict[str, Any]] = [
        {"post_id": text.id, "rules_version": rules_version, **contents[text.id].decision._asdict(),
         "decided_at": decided_at}
        for text, _ in pairs
        if contents[text.id].decision != text.content.decision
    ]  # fmt: skip
    verdict = ["post_class", "reason", "rule", "confidence", "decided_at"]
    upsert_rows(connection, classifications, decided, ["post_id", "rules_version"], verdict)
    doubted = {text.id: text for text, _ in pairs if contents[text.id].suspicion != text.content.suspicion}
    suspicions = {
        id_: Suspicion(text.timeline_id, *suspicion)
        for id_, text in doubted.items()
        if (suspicion := contents[id_].suspicion) is not None
    }
    write_reviews(connection, suspicions, doubted, rules_version)
    routing = {
        text.id: Routing(
            known.departments.get(annotation.department or ""),
            annotation.department_rule,
            *_guess(contents[text.id], known),
        )
        for text, annotation in pairs
        if text.is_inbound
    }
    refresh_questions(connection, routing, routing)


def _replied_to(connection: Connection, post_ids: Collection[int]) -> set[int]:
    """Return the posts that these replies are to."""
    if not post_ids:
        return set()
    of_ids = posts.c.id.in_(bindparam("ids", expanding=True))
    return set(connection.scalars(select(posts.c.in_reply_to_post_id).where(of_ids), {"ids": list(post_ids)})) - {None}


def _guess(content: Content, known: Vocabulary) -> tuple[int | None, float | None]:
    department, confidence = content.guess or (None, None)
    return known.departments.get(department or ""), confidence


def _write_words(connection: Connection, texts: Sequence[StoredText], contents: Mapping[int, Content]) -> None:
    respoken = [text for text in texts if contents[text.id].tokens != text.content.tokens]
    tokens = {text.timeline_id: contents[text.id].tokens for text in respoken}
    write_words(
        connection,
        {place: words for place, words in tokens.items() if words is not None},
        [text.timeline_id for text in respoken if text.content.tokens is not None],
    )


def _staged_row(run: Reannotation, text: StoredText, annotation: NewAnnotation) -> dict[str, Any]:
    return {
        "reannotation_id": run.id,
        "post_id": text.id,
        "fingerprint": text.fingerprint,
        "annotation": json.dumps(annotation, ensure_ascii=False),
    }


def _staged(connection: Connection, run: Reannotation) -> Iterator[dict[int, tuple[bytes, NewAnnotation]]]:
    """Yield what is staged, in the order of the posts' ids: fingerprint and annotation by id."""
    staged, after = staged_annotations.c, 0
    while True:
        rows = connection.execute(
            select(staged.post_id, staged.fingerprint, staged.annotation)
            .where(staged.reannotation_id == run.id, staged.post_id > after)
            .order_by(staged.post_id)
            .limit(SWITCHED_AT_ONCE)
        ).all()
        if not rows:
            return
        after = rows[-1].post_id
        yield {row.post_id: (bytes(row.fingerprint), _read_annotation(row.annotation)) for row in rows}


def _read_annotation(staged: str) -> NewAnnotation:
    annotation = NewAnnotation(*json.loads(staged))
    return annotation._replace(terms=tuple(annotation.terms), districts=tuple(annotation.districts))
