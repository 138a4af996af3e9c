"""What explains that a figure is no longer what it was: sums of its period and filter, kept when it is frozen."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from sqlalchemy import exists, func, select

from db.conditions import asked_questions, citizen_posts
from db.queries.counts import post_sums, question_sums
from db.queries.extent import data_extent
from db.records import PostFilter
from db.schema import posts, questions
from db.snapshot import Reader


@dataclass(frozen=True, slots=True)
class Sums:
    """Citizens' posts, of these questions, of these answered; and how many of the posts were taken back."""

    collected: int
    questions: int
    answered: int
    removed: int

    def as_json(self) -> dict[str, int]:
        return asdict(self)

    @classmethod
    def from_json(cls, written: dict[str, Any]) -> Self:
        return cls(**{name: int(written[name]) for name in cls.__slots__})


def sums_of(reader: Reader, where: PostFilter, *, of_stock: bool = False) -> Sums:
    """Return the sums of ``where``; of a stock they are of all days up to the period's end.

    From roll-ups, and of the removed posts from their index: nothing else is read of the rows.
    """
    if of_stock:
        first = data_extent(reader, where.synthetic).first_day
        where = replace(where, start=min(first or where.start, where.start))
    removed = (
        select(func.count())
        .select_from(posts)
        .where(posts.c.removed_at.is_not(None), *citizen_posts(replace(where, departments=())))
    )
    if (
        where.departments
    ):  # of each removed post it is asked whose it is, not of each department's questions whether they were removed
        removed = removed.where(exists().where(questions.c.post_id == posts.c.id, *asked_questions(where)))
    measures = ("questions", "answered")
    with reader.connect() as connection:
        collected = sum(count for (count,) in post_sums(connection, where).values())
        asked, answered = question_sums(connection, where, (), measures).get((), [0, 0])
        return Sums(collected, asked, answered, int(connection.scalar(removed) or 0))
