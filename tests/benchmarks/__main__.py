"""``make bench``: loader and pages, as ratios; ``--write`` puts the report into a file."""

from __future__ import annotations

import argparse
import platform
import sys
from pathlib import Path

from tests.benchmarks import loading, serving

CACHE = Path("var/bench")
HEAD = """# Performance

Written by `make bench`; do not edit. Absolute times are this machine's, which did other work besides: trust the ratios,
which come from one run on one machine.
"""


def main() -> int:
    """Measure, print the report, and write it where asked."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--load-posts", type=int, default=20_000, help="posts of the loader's measurement")
    parser.add_argument("--posts", type=int, nargs=2, default=(20_000, 200_000), help="sizes of the two stores")
    parser.add_argument("--rounds", type=int, default=7, help="rounds of the loader's measurement")
    parser.add_argument("--write", type=Path, help="file to write the report to")
    options = parser.parse_args()
    report = "\n".join([HEAD, *_loader(options.load_posts, options.rounds), "", *_pages(*options.posts), ""])
    print(report)
    if options.write:
        options.write.write_text(report, encoding="utf-8")
    return 0


def _loader(posts: int, rounds: int) -> list[str]:
    result = loading.measure(posts, rounds)
    spread = f"{min(result.ratios):.2f} to {max(result.ratios):.2f}"
    return [
        "## The loader beside the bare tokenizer",
        "",
        f"{posts:,} invented posts, {result.characters:.0f} characters each on average, SQLite, Python "
        f"{platform.python_version()}. Bare is konlpy's `Mecab.pos` with the civic dictionary on the same texts; the load is",
        "all of `import-file` on a CSV file of the same posts: reading, masking, terms, filter, routing, store, search",
        "index, links between questions and answers. The city's answers are a third of the posts; the bare tokenizer reads",
        "them too, the load masks and indexes them without morphemes, which nothing would read.",
        "",
        "| what | CPU seconds | posts per CPU second |",
        "|---|---|---|",
        f"| bare tokenizer | {result.bare_cpu_s:.2f} | {posts / result.bare_cpu_s:,.0f} |",
        f"| whole load | {result.load_cpu_s:.2f} | {posts / result.load_cpu_s:,.0f} |",
        "",
        f"Ratio of CPU, load over bare: **{result.ratio:.2f}** (median of {rounds} rounds, {spread}); it may be 3 at the "
        f"most. By the clock {result.posts_per_s:,.0f} posts a second.",
    ]


def _pages(small: int, large: int) -> list[str]:
    by_size = {posts: {row.page: row for row in serving.measure(posts, CACHE)} for posts in (small, large)}
    lines = [
        "## Server time of each page",
        "",
        f"Milliseconds of CPU to run the page, first visit after a load and rerun, over {small:,} and {large:,} posts,",
        f"the last {serving.PERIOD} days of the data.",
        "",
        f"| page | first, {small:,} | first, {large:,} | ratio | rerun, {small:,} | rerun, {large:,} | ratio |",
        "|---|---|---|---|---|---|---|",
    ]
    for page, a in by_size[small].items():
        b = by_size[large][page]
        lines.append(
            f"| {page} | {a.first_ms:.0f} | {b.first_ms:.0f} | {b.first_ms / a.first_ms:.1f} "
            f"| {a.rerun_ms:.0f} | {b.rerun_ms:.0f} | {b.rerun_ms / a.rerun_ms:.1f} |"
        )
    return lines


if __name__ == "__main__":
    sys.exit(main())
