"""Sums that must come out: what the pages show in parts is what the rows hold as a whole."""

from __future__ import annotations

from collections.abc import Callable

from db.queries import classes, department_volume, response_coverage
from db.records import UNASSIGNED, PostFilter
from db.selfcheck.rows import Rows
from db.snapshot import Reader


def _classes(reader: Reader, where: PostFilter) -> int:
    return int(classes(reader, where)["posts"].sum())


def _answerable(reader: Reader, where: PostFilter) -> int:
    coverage = response_coverage(reader, where)
    return coverage.answered + coverage.unanswered + coverage.removed


def _departments(reader: Reader, where: PostFilter) -> int:
    volume = department_volume(reader, where).set_index("department")["questions"]
    assigned, unassigned = volume.drop(UNASSIGNED, errors="ignore").sum(), volume.get(UNASSIGNED, 0)
    return int(assigned + unassigned)


def _removed(reader: Reader, where: PostFilter) -> int:
    return response_coverage(reader, where).removed


def _timed(reader: Reader, where: PostFilter) -> int:
    coverage = response_coverage(reader, where)
    return coverage.timed + coverage.day_only + coverage.unanswerable


def _collected(rows: Rows) -> int:
    return len(rows.posts)


def _asked(rows: Rows) -> int:
    return len(rows.questions)


def _with_answers(rows: Rows) -> int:
    return int(rows.questions["answers_collected"].sum())


def _taken_back(rows: Rows) -> int:
    asked = rows.questions
    unanswered = asked["answers_collected"] & asked["answered_at"].isna()
    return int((unanswered & asked["removed_at"].notna()).sum())


# Name -> the sum of the parts, as the pages have them, and the whole, counted from the rows.
SUMS: dict[str, tuple[Callable[[Reader, PostFilter], int], Callable[[Rows], int]]] = {
    "classes_sum": (_classes, _collected),
    "answerable_sum": (_answerable, _with_answers),
    "departments_sum": (_departments, _asked),
    "removed_unanswered": (_removed, _taken_back),
    "timed_sum": (_timed, _asked),
}
