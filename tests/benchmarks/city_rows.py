"""Invented posts as the loader would have written them: rows of the project's own tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from db.packing import IDS
from db.timeline import SEQUENCE_BITS, SYNTHETIC
from db.working_clock import WorkingClock
from tests.benchmarks import invented
from tests.benchmarks.invented import Chunk, Numbers

# Departments, accounts and posts of the registry and of later loads have other ids.
FIRST_DEPARTMENT = FIRST_ACCOUNT = 1000
ANSWER = "말씀하신 내용을 확인하여 조치하겠습니다. 불편을 드려 죄송합니다."
DAY_S = 86_400
Rows = dict[str, Any]  # column -> list of values, or one value for all rows


def departments() -> Rows:
    """Return the departments."""
    numbers = range(1, invented.DEPARTMENTS + 1)
    return {
        "id": [FIRST_DEPARTMENT + number for number in numbers],
        "code": [department_code(number) for number in numbers],
        "name_ko": [f"가상부서 {number}" for number in numbers],
        "name_en": [f"Invented department {number}" for number in numbers],
    }


def department_code(number: int) -> str:
    """Return the code of a department."""
    return f"invented_{number:02d}"


def accounts() -> Rows:
    """Return an account of the mayor and one of each department, on each platform."""
    pairs = [
        (platform, number) for platform in range(len(invented.PLATFORMS)) for number in range(invented.DEPARTMENTS + 1)
    ]
    return {
        "id": [FIRST_ACCOUNT + row + 1 for row in range(len(pairs))],
        "platform_id": [invented.PLATFORMS[platform] for platform, _ in pairs],
        "handle": [account_handle(row + 1) for row in range(len(pairs))],
        "name_ko": [f"가상계정 {row + 1}" for row in range(len(pairs))],
        "name_en": [f"Invented account {row + 1}" for row in range(len(pairs))],
        "department_id": [FIRST_DEPARTMENT + max(number, 1) for _, number in pairs],
        "role": ["department" if number else "mayor" for _, number in pairs],
        "status": "connected",
        "is_synthetic": True,
    }


def account_handle(number: int) -> str:
    """Return the handle of an account, '' for none."""
    return f"invented_{number:03d}" if number else ""


def terms() -> Rows:
    """Return the nouns of the vocabulary."""
    words = range(0, len(invented.vocabulary()), 2)
    names = invented.vocabulary()
    return {
        "id": [invented.term_id(word) for word in words],
        "term": [names[word] for word in words],
        "is_group": False,
    }


class CityRows:
    """Turns chunks, which must come in order, into rows."""

    def __init__(self, run_id: int, rules_version: str) -> None:
        self._run_id = run_id
        self._rules_version = rules_version
        self._next_id = 1
        self._taken = np.empty(0, dtype=np.int64)  # timeline ids of answers later than the newest post
        self._collected_at = _times(np.array([invented.END_S]))[0]

    @property
    def last_id(self) -> int:
        """The id of the last post so far; the first one's is 1."""
        return self._next_id - 1

    def tables(self, chunk: Chunk) -> Iterator[tuple[str, Rows]]:
        """Yield (table, rows), in an order in which nothing refers to a row that does not follow."""
        answered = np.flatnonzero(chunk.answer_s >= 0)
        answered = answered[np.argsort(chunk.answer_s[answered], kind="stable")]
        ids = self._next_id + np.arange(len(chunk) + len(answered))
        asked_ids, answer_ids = ids[: len(chunk)], ids[len(chunk) :]
        self._next_id += len(ids)
        seconds = np.concatenate([chunk.created_s, chunk.answer_s[answered]])
        places = self._places(seconds, ids)
        texts = chunk.texts()
        day = _days(chunk.created_s)
        asked_at = _times(chunk.created_s)
        yield "posts", self._citizens(chunk, asked_ids, places[: len(chunk)], texts, asked_at, day)
        yield "posts", self._answers(chunk, answered, asked_ids, answer_ids, places[len(chunk) :])
        yield "questions", _questions(chunk, answered, asked_ids, answer_ids, asked_at, day)
        yield "classifications", self._verdicts(asked_ids, _named(invented.CLASSES, chunk.post_class),
                                                _named(invented.REASONS, chunk.post_class))  # fmt: skip
        yield "classifications", self._verdicts(answer_ids, "other", "answer.substantive")
        yield "search_texts", {"timeline_id": places[: len(chunk)].tolist(), "tokens": texts}

    def _places(self, seconds: Numbers, ids: Numbers) -> Numbers:
        """Return timeline ids, each the next free one from the one it asks for."""
        wanted = SYNTHETIC | seconds << SEQUENCE_BITS | ids & ((1 << SEQUENCE_BITS) - 1)
        while True:
            order = np.argsort(wanted, kind="stable")
            twice = np.zeros(len(wanted), dtype=bool)
            twice[order[1:]] = wanted[order[1:]] == wanted[order[:-1]]
            clash = twice | np.isin(wanted, self._taken)
            if not clash.any():
                break
            wanted[clash] += 1
        known = np.concatenate([self._taken, wanted])
        self._taken = known[known >= SYNTHETIC | int(seconds[0]) << SEQUENCE_BITS]
        return wanted

    def _citizens(
        self, chunk: Chunk, ids: Numbers, places: Numbers, texts: list[str], created_at: list[str], day: list[str]
    ) -> Rows:
        is_repost = chunk.post_class == invented.REPOST
        return {
            "id": ids.tolist(),
            "platform_id": _named(invented.PLATFORMS, chunk.platform),
            "platform_post_id": [post_key(number) for number in chunk.numbers.tolist()],
            "timeline_id": places.tolist(),
            "kind": ["repost" if each else "post" for each in is_repost.tolist()],
            "is_inbound": True,
            "author_key": _keys(chunk.author),
            "account_id": None,
            "receiving_account_id": _none_for_zero(chunk.receiving, FIRST_ACCOUNT),
            "text": texts,
            "created_at": created_at,
            "created_day": day,
            "in_reply_to": None,
            "in_reply_to_post_id": None,
            "post_class": _named(invented.CLASSES, chunk.post_class),
            "reason": _named(invented.REASONS, chunk.post_class),
            "fingerprint": _keys(chunk.numbers),
            "source_row": (chunk.numbers + 1).tolist(),
            "term_ids": _packed_terms(chunk),
            **self._shared(),
        }

    def _answers(self, chunk: Chunk, answered: Numbers, asked_ids: Numbers, ids: Numbers, places: Numbers) -> Rows:
        moments = chunk.answer_s[answered]
        keys = [post_key(number) for number in chunk.numbers[answered].tolist()]
        author = invented.department_account(chunk.platform[answered], chunk.department[answered])
        return {
            "id": ids.tolist(),
            "platform_id": _named(invented.PLATFORMS, chunk.platform[answered]),
            "platform_post_id": [f"a{key}" for key in keys],
            "timeline_id": places.tolist(),
            "kind": "reply",
            "is_inbound": False,
            "author_key": None,
            "account_id": (author + FIRST_ACCOUNT).tolist(),
            "receiving_account_id": None,
            "text": ANSWER,
            "created_at": _times(moments),
            "created_day": _days(moments),
            "in_reply_to": keys,
            "in_reply_to_post_id": asked_ids[answered].tolist(),
            "post_class": "other",
            "reason": "answer.substantive",
            "fingerprint": _keys(-1 - chunk.numbers[answered]),
            "source_row": (chunk.numbers[answered] + 1).tolist(),
            "term_ids": None,
            **self._shared(),
        }

    def _shared(self) -> Rows:
        return {
            "version": 0,
            "language": "ko",
            "is_day_only": False,
            "collected_at": self._collected_at,
            "is_risk": False,
            "origin": "synthetic",
            "is_synthetic": True,
            "answers_collected": True,
            "load_run_id": self._run_id,
            "is_template": False,
        }

    def _verdicts(self, ids: Numbers, post_class: Any, reason: Any) -> Rows:
        return {
            "post_id": ids.tolist(),
            "rules_version": self._rules_version,
            "post_class": post_class,
            "reason": reason,
            "rule": reason,
            "confidence": 1,
            "decided_at": self._collected_at,
        }


def post_key(number: int) -> str:
    """Return the platform's id of the post with this number."""
    return f"{number:09d}"


def _questions(
    chunk: Chunk, answered: Numbers, asked_ids: Numbers, answer_ids: Numbers, asked_at: list[str], day: list[str]
) -> Rows:
    answer_of = np.zeros(len(chunk), dtype=np.int64)
    answer_of[answered] = answer_ids
    rows = np.flatnonzero(chunk.is_question)
    first_at: list[str | None] = _times(chunk.answer_s[rows])  # type: ignore[assignment]
    seconds: list[int | None] = (chunk.answer_s - chunk.created_s)[rows].tolist()
    clock = WorkingClock()
    working: list[int | None] = (clock.at(chunk.answer_s[rows]) - clock.at(chunk.created_s[rows])).tolist()
    for place in np.flatnonzero(chunk.answer_s[rows] < 0).tolist():
        first_at[place] = seconds[place] = working[place] = None
    by_rule = chunk.rule_department[rows]
    return {
        "post_id": asked_ids[rows].tolist(),
        "platform_id": _named(invented.PLATFORMS, chunk.platform[rows]),
        "asked_at": [asked_at[row] for row in rows.tolist()],
        "asked_day": [day[row] for row in rows.tolist()],
        "is_synthetic": True,
        "is_day_only": False,
        "answers_collected": True,
        "is_risk": False,
        "department_id": _none_for_zero(chunk.department[rows], FIRST_DEPARTMENT),
        "department_source": _named(invented.SOURCES, chunk.source[rows]),
        "rule_department_id": _none_for_zero(by_rule, FIRST_DEPARTMENT),
        "rule": [department_code(number) if number else None for number in by_rule.tolist()],
        "first_answer_post_id": _none_for_zero(answer_of[rows], 0),
        "first_answer_at": first_at,
        "first_answer_seconds": seconds,
        "first_reply_at": first_at,
        "first_reply_seconds": seconds,
        "closed_working_seconds": working,
    }


def _named(names: tuple[str, ...], places: Numbers) -> list[str]:
    return [names[place] for place in places.tolist()]


def _none_for_zero(numbers: Numbers, offset: int) -> list[int | None]:
    return [number + offset if number else None for number in numbers.tolist()]


def _times(seconds: Numbers) -> list[str]:
    """Return moments as both engines read them, in UTC."""
    text = np.datetime_as_string(seconds.astype("datetime64[s]").astype("datetime64[us]"))
    text.view("U1").reshape(len(text), -1)[:, 10] = " "
    return text.tolist()


def _days(seconds: Numbers) -> list[str]:
    """Return the KST days of moments."""
    days = (seconds + invented.KST_S) // DAY_S
    first = int(days.min())
    names = [
        dt.date.fromordinal(dt.date(1970, 1, 1).toordinal() + day).isoformat()
        for day in range(first, int(days.max()) + 1)
    ]
    return [names[day] for day in (days - first).tolist()]


def _keys(numbers: Numbers) -> list[bytes]:
    """Return 16 bytes for each number that look like a hash."""
    return _bytes_of(np.column_stack([_mixed(numbers.view(np.uint64)), _mixed(~numbers.view(np.uint64))]))


def _mixed(numbers: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Return splitmix64 of each number."""
    mixed = numbers + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def _bytes_of(rows: npt.NDArray[np.uint64]) -> list[bytes]:
    packed, width = rows.tobytes(), rows.shape[1] * rows.itemsize
    return [packed[place : place + width] for place in range(0, len(packed), width)]


def _packed_terms(chunk: Chunk) -> list[bytes]:
    """Return what db.packing.pack_ids makes of the nouns of each post."""
    rows, words = chunk.nouns()
    packed = (words // 2 + 1).astype(IDS).tobytes()
    ends = np.cumsum(np.bincount(rows, minlength=len(chunk))) * IDS.itemsize
    starts = np.concatenate([[0], ends[:-1]])
    return [packed[low:high] for low, high in zip(starts.tolist(), ends.tolist(), strict=True)]
