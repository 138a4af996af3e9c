"""The report: sections of lines, ratios first, under each the command that measures it again."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Mapping, Sequence

from tests.benchmarks import invented
from tests.benchmarks.changing import NEW_POSTS, Loads
from tests.benchmarks.limits import OURS, RAW, Limit, Peers
from tests.benchmarks.loading import LoadingResult
from tests.benchmarks.peers import PEERS
from tests.benchmarks.questions import QUESTIONS
from tests.benchmarks.reading import READERS, THINK_S, WHILE_LOADING_POSTS, Waits, p95
from tests.benchmarks.serving import PERIOD, PageResult

HEAD = """# Performance

Written by `make bench`; do not edit. Absolute times are this machine's: trust the ratios, both sides of which were measured in
one run. A part that is measured again (`--parts`) takes the place of its own.
"""
MENTIONED_BYTES = 0.5  # per post; smaller tables are summed up

Lines = list[str]


def command(*arguments: object) -> str:
    """Return the line that says how a section is measured again."""
    return f"Again: `.venv/bin/python -m tests.benchmarks {' '.join(map(str, arguments))}`"


def measured(parts: Mapping[str, tuple[str, str]]) -> Lines:
    """Say when each part was measured, and with which code."""
    rows = [f"| {name} | {at} | {code} |" for name, (at, code) in parts.items()]
    return ["| part | measured on | code |", "|---|---|---|", *rows]


def limits(found: Iterable[Limit]) -> Lines:
    """Say which limits are held."""
    rows = [
        f"| {limit.words} | {limit.engine.removeprefix('our ')} | {limit.value:.2f} | {limit.bound} "
        f"| {'yes' if limit.is_held else '**no**'} |"
        for limit in found
    ]
    held = sum(row.endswith("| yes |") for row in rows)
    return [
        "## What the store must reach",
        "",
        f"{held} of {len(rows)} limits are held in this run.",
        "",
        "| what | engine | value | limit | held |",
        "|---|---|---|---|---|",
        *rows,
    ]


def setting(small: int, large: int, *, is_postgresql_large: bool) -> Lines:
    """Say what is compared."""
    missing = [] if is_postgresql_large else [
        f"Our PostgreSQL holds {small:,} posts only, and its rows below are of that size: with {large:,} all stores together",
        "would take more than 40 GB. `--postgresql-large` builds it as well.",
        "",
    ]  # fmt: skip
    return [
        "## The stores",
        "",
        f"{small:,} and {large:,} invented posts of citizens over {invented.YEARS} years, {invented.DEPARTMENTS} departments, "
        f"{len(invented.PLATFORMS)} platforms with {invented.PLATFORM_WEIGHTS[0]:.0%} on one,",
        f"{invented.WORDS_PER_POST} words a post from a vocabulary of {invented.VOCABULARY:,} (Zipf), about six of them keywords; "
        f"{invented.CLASS_WEIGHTS[0]:.0%} are questions, {invented.NEVER_ANSWERED:.0%} of them never",
        "answered, the other answers log-normal. \"Posts\" are citizens' posts; the city's answers, 45 for every 100, are rows of",
        "our stores besides. Our stores have the project's schema; rows are written in bulk, everything derived by `rebuild`.",
        "The others hold the same posts as plain rows with an index that covers each question, the engine's own full-text",
        "index, and gathered statistics. Every answer of every engine was compared with ours: equal, percentiles within 1 %.",
        "",
        *missing,
    ]


def queries(posts: int, peers: Peers, again: str) -> Lines:
    """Show every question and peer over one store: times ours, as ratios, then milliseconds."""
    names = [name for name in PEERS if name in peers]
    others = [name for name in names if name != OURS[0]]
    lines = [
        f"## Questions of the pages over {posts:,} posts",
        "",
        "How many times as long as our SQLite each takes (below 1 it is faster); medians, the cold first time left out.",
        "",
        f"| question | {' | '.join(others)} |",
        f"|---|{'---|' * len(others)}",
    ]
    for question in QUESTIONS:
        ours = peers[OURS[0]].ms[question.id]
        cells = [_ratio(peers[name].ms.get(question.id), ours) for name in others]
        lines.append(f"| {question.words} | {' | '.join(cells)} |")
    lines += ["", "Milliseconds:", "", f"| question | {' | '.join(names)} |", f"|---|{'---|' * len(names)}"]
    for question in QUESTIONS:
        cells = [_number(peers[name].ms.get(question.id)) for name in names]
        lines.append(f"| {question.words} | {' | '.join(cells)} |")
    lines += [
        f"| peak memory of the process, MB | {' | '.join(f'{peers[name].peak_mb:,.0f}' for name in names)} |",
        "",
        "Ours opens a snapshot for every question, as a page does; the others keep their connection. Of PostgreSQL the memory",
        "is the client's. Datasette serves the raw SQLite file over HTTP with the same SQL; its memory is the server's. DuckDB",
        "and pandas have no full-text index: they look through the texts.",
        "",
        again,
    ]
    return lines


def growth(small_posts: int, large_posts: int, small: Peers, large: Peers) -> Lines:
    """Show how the time of each question grows from the small store to the large one."""
    names = [name for name in (*OURS, RAW) if name in large]
    lines = [
        f"## From {small_posts:,} to {large_posts:,} posts",
        "",
        "Own time over the large store as a multiple of that over the small one.",
        "",
        f"| question | {' | '.join(names)} |",
        f"|---|{'---|' * len(names)}",
    ]
    for question in QUESTIONS:
        cells = [_ratio(large[name].ms.get(question.id), small[name].ms[question.id]) for name in names]
        lines.append(f"| {question.words} | {' | '.join(cells)} |")
    return lines


def sizes(by_engine: Mapping[str, tuple[int, Mapping[str, int]]], again: str) -> Lines:
    """Show bytes per post of each table and index."""
    lines = ["## Size", "", "Bytes per post (a citizen's; the answers' rows are in it)."]
    for engine, (posts, found) in by_engine.items():
        large = {name: size / posts for name, size in found.items() if size / posts >= MENTIONED_BYTES}
        rest = sum(found.values()) / posts - sum(large.values())
        lines += [
            "",
            f"{engine}, {posts:,} posts: **{sum(found.values()) / posts:,.0f}** in all",
            "",
            "| table or index | bytes |",
            "|---|---|",
        ]
        lines += [f"| {name} | {size:,.1f} |" for name, size in sorted(large.items(), key=lambda item: -item[1])]
        lines.append(f"| all others | {rest:,.1f} |")
    return [*lines, "", again]


def status(posts: int, found: Mapping[str, tuple[float, int]], again: str) -> Lines:
    """Show how long the command ``status`` takes."""
    lines = [
        "## The command `status`",
        "",
        f"`python -m data_sources status` over {posts:,} posts, X set up, from the start of the process to its end; medians.",
        "",
        "| engine | accounts | seconds |",
        "|---|---|---|",
    ]
    lines += [f"| {engine} | {accounts} | {seconds:.2f} |" for engine, (seconds, accounts) in found.items()]
    return [*lines, "", again]


def loads(found: Mapping[str, tuple[int, Loads]], again: str) -> Lines:
    """Show what loading costs."""
    lines = [
        f"## Loading {NEW_POSTS:,} new posts into a large store",
        "",
        'The real loader on invented posts of two days. "Store" leaves out the analysis of the texts; "bare" writes the rows only,',
        "neither roll-ups nor words for search. Large and empty stores took turns; medians, the first round left out.",
        "",
        "| engine | posts | load, large over empty | store, large over empty | store over bare rows | seconds: large | empty "
        "| store, large | store, empty | bare rows |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for engine, (posts, each) in found.items():
        lines.append(
            f"| {engine} | {posts:,} | {each.whole_s / each.empty_s:.2f} ({min(each.ratios):.2f} to {max(each.ratios):.2f}) "
            f"| {each.whole_store_s / each.empty_store_s:.2f} | {each.whole_store_s / each.bare_store_s:.2f} "
            f"| {each.whole_s:.2f} | {each.empty_s:.2f} | {each.whole_store_s:.2f} | {each.empty_store_s:.2f} "
            f"| {each.bare_store_s:.2f} |"
        )
    return [*lines, "", again]


def waits(found: Mapping[str, tuple[int, Waits]], again: str) -> Lines:
    """Show how long readers wait beside a loader."""
    lines = [
        f"## {READERS} readers beside a loader",
        "",
        f"{READERS} threads of one process ask for a random page and period, {THINK_S:g} s apart on average; a wait is all of a",
        f"page's questions in one snapshot. Beside them a loader writes {WHILE_LOADING_POSTS:,} posts. Idle is measured before and",
        "after it; the better of the two counts.",
        "",
        "| engine | posts | p95 beside the loader over idle | p95 idle before, ms | p95 idle after, ms | p95 beside, ms | longest, ms | pages idle | pages beside "
        "| failed |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for engine, (posts, each) in found.items():
        lines.append(
            f"| {engine} | {posts:,} | {each.ratio:.2f} | {p95(each.before_ms):.0f} | {p95(each.after_ms):.0f} | {p95(each.loading_ms):.0f} "
            f"| {max(each.loading_ms):.0f} | {len(each.before_ms) + len(each.after_ms)} | {len(each.loading_ms)} | {len(each.errors)} |"
        )
    return [*lines, "", again]


def loader(rounds: int, results: Sequence[LoadingResult], again: str) -> Lines:
    """Show the loader beside the bare tokenizer."""
    first = results[0]
    lines = [
        "## The loader beside the bare tokenizer",
        "",
        f"Invented posts, {first.characters:.0f} characters each on average, SQLite, Python {platform.python_version()}, {os.cpu_count()} "
        "cores; medians of",
        f"{rounds} rounds. Bare is konlpy's `Mecab.pos` with the civic dictionary on the same texts, in one process; the load is all of",
        "`import-file` on a CSV file of the same posts, its imports and those of the detection done: reading, masking, terms, filter, routing,",
        "store, search index, links between questions and answers, roll-ups, detection of incidents, with "
        f"{first.workers} process(es) that read ahead. The",
        "city's answers are a third of the posts; the bare tokenizer reads them too, the load masks them and makes neither morphemes nor words",
        "for search of them. The limit is on the speed of the long run: of a short load the writer does the beginning alone, while another",
        "process starts, and the detection at the end.",
        "",
        "| posts | bare, posts a second | load, posts a second | **speed of the load over bare** | lowest and highest round | CPU of the load over bare |",
        "|---|---|---|---|---|---|",
    ]
    for result in results:
        lines.append(
            f"| {result.posts:,} | {result.posts / result.bare_s:,.0f} | {result.posts / result.load_s:,.0f} | **{result.speed:.2f}** "
            f"| {min(result.speeds):.2f} to {max(result.speeds):.2f} | {result.load_cpu_s / result.bare_cpu_s:.2f} |"
        )
    return [*lines, "", again]


def pages(small: int, large: int, by_size: Mapping[int, Sequence[PageResult]], again: str) -> Lines:
    """Show the server's time for each page."""
    found = {posts: {row.page: row for row in rows} for posts, rows in by_size.items()}
    lines = [
        "## Server time of each page",
        "",
        f"Milliseconds of CPU to run the page, first visit after a load and rerun, over {small:,} and {large:,} posts,",
        f"the last {PERIOD} days of the data.",
        "",
        f"| page | first, {small:,} | first, {large:,} | ratio | rerun, {small:,} | rerun, {large:,} | ratio |",
        "|---|---|---|---|---|---|---|",
    ]
    for page, a in found[small].items():
        b = found[large][page]
        lines.append(
            f"| {page} | {a.first_ms:.0f} | {b.first_ms:.0f} | {b.first_ms / a.first_ms:.1f} "
            f"| {a.rerun_ms:.0f} | {b.rerun_ms:.0f} | {b.rerun_ms / a.rerun_ms:.1f} |"
        )
    return [*lines, "", again]


def _ratio(value: float | None, base: float) -> str:
    if value is None:
        return "–"
    ratio = value / base
    return f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.1f}" if ratio >= 1 else f"{ratio:.2f}"


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"
