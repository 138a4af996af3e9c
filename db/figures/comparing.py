"""Is a frozen figure still what the store says? And if not: what has changed?"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from db.figures.record import Frozen, freeze
from db.records import KST
from db.snapshot import Reader


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed: a key of CHANGES, and the numbers or versions in it."""

    kind: str
    values: dict[str, object]

    def __str__(self) -> str:
        return CHANGES[self.kind].format(**self.values)


# What may have changed, in the words of the command line; the pages have their own, by the same keys.
CHANGES = {
    "removed": "{n} removed",
    "late_answer": "{n} late answer",
    "late_answers": "{n} late answers",
    "withdrawn_answers": "{n} no longer answered",
    "late_arrival": "{n} late arrival",
    "late_arrivals": "{n} late arrivals",
    "fewer_posts": "{n} fewer posts",
    "more_questions": "{n} more judged to be questions",
    "fewer_questions": "{n} fewer judged to be questions",
    "definition": "definition {before} -> {after}",
    "rules": "rules changed",
    "cut_off": "data up to {after} KST instead of {before}",
    "unexplained": "the numbers differ, and nothing that was counted has changed",
}


def changes(reader: Reader, frozen: Frozen) -> list[Change]:
    """Return what has changed since; nothing where the figure is the same by the same definition.

    Raises
    ------
    UnknownFigure
        This version of the code makes no such figure any more.
    """
    now = freeze(reader, frozen.figure, frozen.query)
    names = [[name for name, _, _ in each.columns] for each in (now, frozen)]  # what a column means may be reworded
    is_same = now.rows == frozen.rows and names[0] == names[1]
    if is_same and now.definition_version == frozen.definition_version:
        return []
    found = [] if is_same else _counted(frozen, now)
    if now.definition_version != frozen.definition_version:
        found.append(Change("definition", {"before": frozen.definition_version, "after": now.definition_version}))
    if now.rules_version != frozen.rules_version:
        found.append(Change("rules", {}))
    # The cut-off moves with every load, so it is said only where nothing else explains the change.
    if not found and now.as_of != frozen.as_of:
        found.append(Change("cut_off", {"before": _moment(frozen.as_of), "after": _moment(now.as_of)}))
    return found or [Change("unexplained", {})]


def verdict(found: list[Change]) -> str:
    """Return ``same``, or ``changed:`` and what."""
    return f"changed: {', '.join(map(str, found))}" if found else "same"


def _counted(before: Frozen, now: Frozen) -> list[Change]:
    removed, answers, posts, questions = (
        getattr(now.sums, name) - getattr(before.sums, name)
        for name in ("removed", "answered", "collected", "questions")
    )
    found = [("removed", removed)] if removed else []
    if answers:
        found.append((_one_or_more("late_answer", answers) if answers > 0 else "withdrawn_answers", abs(answers)))
    is_of_departments = bool(before.query.where.departments)  # of which all posts that count are questions
    if posts and not is_of_departments:
        found.append((_one_or_more("late_arrival", posts) if posts > 0 else "fewer_posts", abs(posts)))
    if questions and (is_of_departments or not posts):
        found.append(("more_questions" if questions > 0 else "fewer_questions", abs(questions)))
    return [Change(kind, {"n": n}) for kind, n in found]


def _moment(as_of: dt.datetime | None) -> str:
    return "–" if as_of is None else f"{as_of.astimezone(KST):%Y-%m-%d %H:%M}"


def _one_or_more(kind: str, n: int) -> str:
    return kind if n == 1 else f"{kind}s"
