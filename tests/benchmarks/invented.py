"""Invented posts of a city over six years, made by numpy from a seed: every store of a measurement holds the same.

They come in chunks that follow one another in time. "Posts" counts citizens' posts alone; the answers of the city
come on top, about 45 for every 100 posts.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from db.records import KST
from tests.benchmarks.loading import SEED, UNTIL

VERSION = "1"  # of these posts; another number makes every cached store anew
CHUNK = 100_000
YEARS = 6
END_S = int(dt.datetime.combine(UNTIL, dt.time(), KST).timestamp())
START_S = END_S - YEARS * 365 * 86_400
KST_S = 9 * 3600

DEPARTMENTS = 44
PLATFORMS = ("x", "facebook", "blog", "youtube", "instagram")
PLATFORM_WEIGHTS = (0.90, 0.04, 0.03, 0.02, 0.01)
CLASSES = ("question", "opinion", "praise", "ad", "spam", "political", "repost", "other")
CLASS_WEIGHTS = (0.66, 0.14, 0.07, 0.03, 0.03, 0.03, 0.03, 0.01)
REASONS = (
    "default.question", "opinion.agreement", "praise.thanks", "ad.link", "spam.smishing", "political.party",
    "kind.repost", "default.no_words",
)  # fmt: skip
QUESTION = CLASSES.index("question")
REPOST = CLASSES.index("repost")
SOURCES = ("reply", "rule", "receiving_account", "unassigned")

NEVER_ANSWERED = 0.3
MEDIAN_ANSWER_S = 5 * 3600
ANSWER_SIGMA = 1.6
BY_RULE = 0.6  # of the questions the routing rules name a department

WORDS_PER_POST = 12
VOCABULARY = 50_000
ZIPF_SHIFT = 2.7  # Mandelbrot's: without it the first word would stand in two of three posts
POSTS_PER_AUTHOR = 5
# Two words beside the others; every second word is a noun, and so are these.
MID_WORD, RARE_WORD = VOCABULARY, VOCABULARY + 2
MID_SHARE = 0.01
RARE_EVERY, RARE_AT = 100_000, 777  # one post in 100,000
COMMON_WORD = 0
SECOND_WORD = 96  # in about one post of eighty; together with the other, in fewer posts than the pages count
TREND_WORDS = (0, 4, 10, 40, 200)

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Posts in order of time; ``first`` is the number of the first one, counted over all chunks.

    Departments are 1 to DEPARTMENTS, 0 is none. ``receiving`` is the number of an account: 0 none, the mayor's at
    ``mayor_account``, a department's at ``department_account``. ``answer_s`` is the moment of the first answer, -1 where
    there is none. ``words`` has a row for each post; a word may stand in it twice.
    """

    first: int
    created_s: Numbers
    platform: Numbers
    post_class: Numbers
    receiving: Numbers
    department: Numbers
    rule_department: Numbers
    source: Numbers
    author: Numbers
    answer_s: Numbers
    words: Numbers

    def __len__(self) -> int:
        return len(self.created_s)

    @property
    def is_question(self) -> npt.NDArray[np.bool_]:
        """Which posts are questions."""
        return self.post_class == QUESTION

    @property
    def numbers(self) -> Numbers:
        """The number of each post, ascending with time."""
        return np.arange(self.first, self.first + len(self), dtype=np.int64)

    @property
    def day(self) -> Numbers:
        """The KST day of each post as an ordinal."""
        return day_of(self.created_s)

    def nouns(self) -> tuple[Numbers, Numbers]:
        """Return the distinct nouns, as (row, word), rows and words ascending."""
        rows, columns = np.nonzero(self.words % 2 == 0)
        pairs = np.unique(rows * (VOCABULARY + 4) + self.words[rows, columns])
        return pairs // (VOCABULARY + 4), pairs % (VOCABULARY + 4)

    def texts(self) -> list[str]:
        """Return the text of each post."""
        names = np.array(vocabulary(), dtype=object)
        return [" ".join(row) for row in names[self.words].tolist()]


def mayor_account(platform: Numbers) -> Numbers:
    """Return the number of the mayor's account of a platform; accounts are counted platform by platform from 1."""
    return platform * (DEPARTMENTS + 1) + 1


def department_account(platform: Numbers, department: Numbers) -> Numbers:
    """Return the number of a department's account of a platform."""
    return platform * (DEPARTMENTS + 1) + 1 + department


def day_of(seconds: Numbers) -> Numbers:
    """Return the KST days of moments as ordinals."""
    return (seconds + KST_S) // 86_400 + dt.date(1970, 1, 1).toordinal()


def week_of(day: Numbers) -> Numbers:
    """Return the Mondays of days."""
    return day - (day - 1) % 7


def term_id(word: int) -> int:
    """Return the id of a noun among the terms, from 1 on."""
    return word // 2 + 1


@functools.cache
def vocabulary() -> tuple[str, ...]:
    """Return the words, each of two to four syllables of Hangul; the two special ones and a gap at the end."""
    random = np.random.default_rng([SEED, 1])
    found: dict[str, None] = {}
    while len(found) < VOCABULARY + 3:
        for length in random.choice([2, 3, 4], p=[0.5, 0.3, 0.2], size=10_000):
            found["".join(map(chr, random.integers(0xAC00, 0xD7A4, size=length)))] = None
    return tuple(found)[: VOCABULARY + 3]


@functools.cache
def _word_shares() -> npt.NDArray[np.float64]:
    weights = 1 / (np.arange(VOCABULARY) + 1 + ZIPF_SHIFT)
    return np.cumsum(weights) / weights.sum()


def chunks(posts: int) -> Iterator[Chunk]:
    """Yield ``posts`` posts, evenly over the years."""
    for first in range(0, posts, CHUNK):
        yield _chunk(posts, first, min(CHUNK, posts - first))


def _chunk(posts: int, first: int, size: int) -> Chunk:
    random = np.random.default_rng([SEED, posts, first])
    span_s = END_S - START_S
    low, high = (START_S + span_s * place // posts for place in (first, first + size))
    created = np.sort(random.integers(low, high, size=size))
    platform = random.choice(len(PLATFORMS), p=PLATFORM_WEIGHTS, size=size)
    post_class = random.choice(len(CLASSES), p=CLASS_WEIGHTS, size=size)
    is_question = post_class == QUESTION

    weights = 1 / (np.arange(DEPARTMENTS) + 6)
    weights /= weights.sum()
    concerned = random.choice(DEPARTMENTS, p=weights, size=size) + 1
    anyone = random.choice(DEPARTMENTS, p=weights, size=size) + 1
    addressed = np.where(random.random(size) < 0.8, concerned, anyone)
    to = random.choice(3, p=(0.70, 0.25, 0.05), size=size)  # the mayor, a department, nobody
    receiving = np.select([to == 0, to == 1], [mayor_account(platform), department_account(platform, addressed)], 0)

    delay = np.exp(np.log(MEDIAN_ANSWER_S) + ANSWER_SIGMA * random.standard_normal(size)).astype(np.int64) + 1
    answer = created + delay
    answered = is_question & (random.random(size) >= NEVER_ANSWERED) & (answer < END_S)
    by_rule = is_question & (random.random(size) < BY_RULE)
    source = np.select([answered, by_rule, to == 1], [0, 1, 2], 3)
    department = np.select([source < 2, source == 2], [concerned, addressed], 0) * is_question

    authors = max(1, posts // POSTS_PER_AUTHOR)
    author = (authors * random.random(size) ** 3).astype(np.int64)
    words = np.searchsorted(_word_shares(), random.random((size, WORDS_PER_POST)))
    words[random.random(size) < MID_SHARE, -1] = MID_WORD
    words[np.arange(first, first + size) % RARE_EVERY == RARE_AT, -2] = RARE_WORD
    return Chunk(
        first=first,
        created_s=created,
        platform=platform,
        post_class=post_class,
        receiving=receiving,
        department=department,
        rule_department=np.where(by_rule, concerned, 0),
        source=source,
        author=author,
        answer_s=np.where(answered, answer, -1),
        words=words,
    )
