"""What the store must reach, worked out from the measurements: the issue's limits and whether they are held."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.benchmarks.changing import Loads
from tests.benchmarks.loading import LoadingResult
from tests.benchmarks.measuring import Measured
from tests.benchmarks.questions import QUESTIONS
from tests.benchmarks.reading import Waits

FASTER_THAN_RAW = 20.0
GROWTH = 3.0
RESPONSE_MS = 300.0
MID_OVER_RARE = 3.0
LOAD_OVER_EMPTY = 2.0
WHOLE_OVER_BARE = 2.0
WAIT_OVER_IDLE = 5.0
STATUS_S = 1.0
LOAD_SPEED = 0.5
OURS = ("our SQLite", "our PostgreSQL")
RAW = "raw SQLite"

Peers = Mapping[str, Measured]


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit for one engine: the value may be ``most`` at the most, or ``least`` at the least."""

    engine: str
    words: str
    value: float
    least: float | None = None
    most: float | None = None

    @property
    def is_held(self) -> bool:
        """Whether the value keeps to the limit."""
        return (self.least is None or self.value >= self.least) and (self.most is None or self.value <= self.most)

    @property
    def bound(self) -> str:
        """The limit in words."""
        return f"at least {self.least:g}" if self.least is not None else f"at most {self.most:g}"


def of_queries(small: Peers, large: Peers) -> Iterator[Limit]:
    """Yield the limits on questions, for those of our engines that hold both stores."""
    promised = [question for question in QUESTIONS if question.promise not in ("", "search", "response")]
    for engine in (name for name in OURS if name in large):
        for question in promised:
            ours = large[engine].ms[question.id]
            yield Limit(
                engine, f"{question.words}: times faster than raw SQLite rows",
                large[RAW].ms[question.id] / ours, least=FASTER_THAN_RAW,
            )  # fmt: skip
            yield Limit(engine, f"{question.words}: own time over that of the small store",
                        ours / small[engine].ms[question.id], most=GROWTH)  # fmt: skip
        yield Limit(engine, "numbers of the response page, all years: milliseconds", large[engine].ms["response"],
                    most=RESPONSE_MS)  # fmt: skip
        yield Limit(
            engine, "first page of a word in 1 % over that of a word in 0.001 %",
            large[engine].ms["search_mid"] / large[engine].ms["search_rare"], most=MID_OVER_RARE,
        )  # fmt: skip


def of_loads(engine: str, loads: Loads) -> Iterator[Limit]:
    """Yield the limits on loading."""
    yield Limit(engine, "load of 10,000 new posts over the same into an empty store",
                loads.whole_s / loads.empty_s, most=LOAD_OVER_EMPTY)  # fmt: skip
    yield Limit(engine, "rows, roll-ups and search over the bare rows, texts analysed already",
                loads.whole_store_s / loads.bare_store_s, most=WHOLE_OVER_BARE)  # fmt: skip


def of_waits(engine: str, waits: Waits) -> Iterator[Limit]:
    """Yield the limits on readers beside a loader."""
    yield Limit(engine, "wait of 20 readers beside a loader over their idle wait (p95)", waits.ratio,
                most=WAIT_OVER_IDLE)  # fmt: skip
    yield Limit(engine, "pages that failed beside the loader (a locked database among them)",
                len(waits.errors), most=0)  # fmt: skip


def of_status(engine: str, seconds: float) -> Limit:
    """Return the limit on the command ``status``."""
    return Limit(engine, "the command `status`, started as a process: seconds", seconds, most=STATUS_S)


def of_loader(result: LoadingResult) -> Limit:
    """Return the limit on the load beside the bare tokenizer."""
    return Limit(
        f"{result.workers + 1} cores",
        "whole load: its speed over that of the bare tokenizer",
        result.speed,
        least=LOAD_SPEED,
    )
