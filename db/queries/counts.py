"""Posts and questions of a filter, as sums or day by day, from the roll-ups that hold their days packed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from db.queries.periods import QUESTION, of_cities, of_posts, of_questions
from db.records import PostFilter
from db.rollups.reading import DayCounts, Sums, day_counts, sums
from db.schema import city_post_counts, class_counts, question_counts


def post_sums(connection: Connection, where: PostFilter, *keys: str) -> Sums:
    """Return the citizens' posts of ``where`` by platform_id, post_class or both.

    A department is responsible for questions only, so naming one leaves the other classes out.
    """
    if not where.departments:
        return sums(connection, class_counts, where, keys, ("posts",), of_posts(class_counts, where))
    rest = [key for key in keys if key != "post_class"]
    asked = question_sums(connection, where, rest, ("questions",))
    return {_with_class(keys, key): counts for key, counts in asked.items()}


def post_days(connection: Connection, where: PostFilter) -> DayCounts:
    """Return the citizens' posts of ``where`` day by day, by platform_id and post_class."""
    keys = ("platform_id", "post_class")
    if not where.departments:
        return day_counts(connection, class_counts, where, keys, "posts", of_posts(class_counts, where))
    asked = question_days(connection, where, ("platform_id",), "questions")
    return DayCounts(asked.days, asked.rows, asked.counts, [_with_class(keys, key) for key in asked.keys])


def question_sums(connection: Connection, where: PostFilter, keys: Sequence[str], measures: Sequence[str]) -> Sums:
    """Return ``measures`` of the questions of ``where`` by platform_id, department_id, both or neither."""
    return sums(connection, question_counts, where, keys, measures, of_questions(question_counts, where))


def question_days(connection: Connection, where: PostFilter, keys: Sequence[str], measure: str) -> DayCounts:
    """Return a measure of the questions of ``where`` day by day."""
    return day_counts(connection, question_counts, where, keys, measure, of_questions(question_counts, where))


def city_post_days(connection: Connection, where: PostFilter) -> DayCounts:
    """Return the city's own posts of ``where`` day by day, which has them by the department of the account."""
    return day_counts(connection, city_post_counts, where, (), "posts", of_cities(city_post_counts, where))


def question_total(connection: Connection, where: PostFilter) -> int:
    """Return the number of questions of ``where``."""
    return sum(count for (count,) in question_sums(connection, where, (), ("questions",)).values())


def _with_class(keys: Sequence[str], key: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return a key of questions with their class where ``keys`` has it."""
    rest = iter(key)
    return tuple(QUESTION if name == "post_class" else next(rest) for name in keys)
