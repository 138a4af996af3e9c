"""``make bench``: loader, pages and store, as ratios; ``--write`` puts the report into a file."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks import building, changing, limits, loading, measuring, reading, report, serving, sizes
from tests.benchmarks.building import Stores
from tests.benchmarks.limits import OURS, Limit
from tests.benchmarks.measuring import Measured
from tests.benchmarks.peers import PEERS
from tests.benchmarks.questions import disagreement
from tests.benchmarks.report import Lines, command
from tests.benchmarks.servers import postgresql
from tests.benchmarks.stores import say

CACHE = Path("var/bench")
PARTS = ("queries", "sizes", "loads", "readers", "loader", "pages")


class Disagreement(RuntimeError):
    """Two engines answered the same question differently."""


class Bench:
    """One run: measures what was asked for and gathers limits and sections."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self._sizes: tuple[int, int] = tuple(options.store_posts)
        self.limits: list[Limit] = []
        self.sections: list[Lines] = []

    def run(self) -> None:
        """Measure the store's parts first: they fill the cache the longest."""
        options = self._options
        of_store: dict[str, Callable[[dict[int, Stores]], None]] = {
            "queries": self._queries, "sizes": self._table_sizes, "loads": self._loads, "readers": self._readers
        }  # fmt: skip
        wanted = [part for part in of_store if part in options.parts]
        if wanted:
            with postgresql(CACHE):  # held here, so that it does not stop between two processes that use it
                stores = {posts: building.build(posts, CACHE) for posts in self._sizes}
                for part in wanted:
                    of_store[part](stores)
        if "loader" in options.parts:
            result = loading.measure(options.load_posts, options.rounds)
            again = self._again("loader", "--load-posts", options.load_posts)
            self.sections.append(report.loader(options.load_posts, options.rounds, result, again))
        if "pages" in options.parts:
            small, large = options.posts
            found = {posts: serving.measure(posts, CACHE) for posts in (small, large)}
            self.sections.append(report.pages(small, large, found, self._again("pages", "--posts", small, large)))

    def lines(self) -> Iterator[str]:
        """Yield the report."""
        yield report.HEAD
        if self.limits:
            yield from report.limits(self.limits)
            yield ""
            yield from report.setting(*self._sizes)
        for section in self.sections:
            yield from section
            yield ""

    def _queries(self, stores: dict[int, Stores]) -> None:
        measured = {posts: self._of_peers(stores[posts]) for posts in self._sizes}
        small, large = self._sizes
        self.limits += limits.of_queries(measured[small], measured[large])
        again = self._again("queries", "--store-posts", small, large)
        self.sections += [report.queries(posts, measured[posts], again) for posts in (large, small)]
        self.sections.append(report.growth(small, large, measured[small], measured[large]))

    def _of_peers(self, stores: Stores) -> dict[str, Measured]:
        found: dict[str, Measured] = {}
        for peer in PEERS:
            say(f"{peer}: questions over {stores.posts:,} posts")
            found[peer] = measuring.measure(peer, stores.addresses[peer], stores.as_of_s, CACHE)
            for question, answer in found[peer].answers.items():
                difference = disagreement(question, found[OURS[0]].answers[question], answer)
                if difference:
                    raise Disagreement(f"{question}, {stores.posts:,} posts, {OURS[0]} and {peer}: {difference}")
        return found

    def _table_sizes(self, stores: dict[int, Stores]) -> None:
        large = self._sizes[-1]
        addresses = stores[large].addresses
        found = {
            "SQLite": sizes.of_sqlite(Path(addresses[OURS[0]].removeprefix("sqlite:///"))),
            "PostgreSQL": sizes.of_postgresql(addresses[OURS[1]]),
        }
        self.sections.append(report.sizes(large, found, self._again("sizes", "--store-posts", *self._sizes)))

    def _loads(self, stores: dict[int, Stores]) -> None:
        large = self._sizes[-1]
        found = {}
        for engine in OURS:
            say(f"{engine}: loads into {large:,} posts")
            found[engine] = changing.measure(stores[large].addresses[engine], self._options.load_rounds, CACHE)
            self.limits += limits.of_loads(engine, found[engine])
        self.sections.append(report.loads(large, found, self._again("loads", "--store-posts", *self._sizes)))

    def _readers(self, stores: dict[int, Stores]) -> None:
        large = self._sizes[-1]
        found = {}
        for engine in OURS:
            say(f"{engine}: readers beside a loader, {large:,} posts")
            found[engine] = reading.measure(stores[large].addresses[engine])
            for error in found[engine].errors:
                say(f"{engine}: {error}")
            self.limits += limits.of_waits(engine, found[engine])
        self.sections.append(report.waits(large, found, self._again("readers", "--store-posts", *self._sizes)))

    def _again(self, part: str, *arguments: object) -> str:
        return command("--parts", part, *arguments)


def main() -> int:
    """Measure, print the report, and write it where asked."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS, help="what to measure")
    parser.add_argument(
        "--store-posts", type=int, nargs=2, default=(1_000_000, 10_000_000), help="citizens' posts of the two stores"
    )
    parser.add_argument("--load-rounds", type=int, default=5, help="rounds of loading into the large store")
    parser.add_argument("--load-posts", type=int, default=20_000, help="posts of the loader's measurement")
    parser.add_argument("--rounds", type=int, default=7, help="rounds of the loader's measurement")
    parser.add_argument(
        "--posts", type=int, nargs=2, default=(20_000, 200_000), help="sizes of the stores of the pages"
    )
    parser.add_argument("--write", type=Path, help="file to write the report to")
    options = parser.parse_args()
    bench = Bench(options)
    try:
        bench.run()
    except Disagreement as error:
        print(error, file=sys.stderr)
        return 1
    text = "\n".join(bench.lines())
    print(text)
    if options.write:
        options.write.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
