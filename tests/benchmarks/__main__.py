"""``make bench``: loader, pages and store, as ratios; ``--write`` puts the report into a file."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks import building, changing, limits, loading, measuring, reading, report, serving, sizes, starting
from tests.benchmarks.building import Stores
from tests.benchmarks.changing import Loads
from tests.benchmarks.kept import KeptParts
from tests.benchmarks.limits import OURS, Limit
from tests.benchmarks.measuring import Measured, OutOfMemory
from tests.benchmarks.peers import PEERS
from tests.benchmarks.questions import disagreement
from tests.benchmarks.reading import Waits
from tests.benchmarks.report import Lines, command
from tests.benchmarks.servers import postgresql
from tests.benchmarks.stores import say

CACHE = Path("var/bench")
# With more posts our PostgreSQL is made on request only: all stores of ten million together take more than 40 GB with it.
LARGEST_POSTGRESQL = 1_000_000
PARTS = ("queries", "sizes", "loads", "readers", "status", "loader", "pages")


class Disagreement(RuntimeError):
    """Two engines answered the same question differently."""


class Bench:
    """One run: measures what was asked for and gathers limits and sections."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self._sizes: tuple[int, int] = tuple(options.store_posts)
        self.limits: list[Limit] = []
        self.sections: list[Lines] = []
        self._kept = KeptParts(CACHE, self._sizes)

    def run(self) -> None:
        """Measure the store's parts first: they fill the cache the longest."""
        options = self._options
        of_store: dict[str, Callable[[dict[int, Stores]], None]] = {
            "queries": self._queries, "sizes": self._table_sizes, "loads": self._loads, "readers": self._readers,
            "status": self._status,
        }  # fmt: skip
        wanted = [part for part in of_store if part in options.parts]
        if wanted:
            with postgresql(CACHE):  # held here, so that it does not stop between two processes that use it
                stores = {posts: building.build(posts, CACHE, without=self._without(posts)) for posts in self._sizes}
                for part in wanted:
                    of_store[part](stores)
                    self._keep(part)
        if "loader" in options.parts:
            results = [loading.measure(posts, options.rounds) for posts in options.load_posts]
            again = self._again("loader", "--load-posts", *options.load_posts)
            # A speed is that of the long run: in a short one other processes have hardly begun.
            self.limits.append(limits.of_loader(results[-1]))
            self.sections.append(report.loader(options.rounds, results, again))
            self._keep("loader")
        if "pages" in options.parts:
            small, large = options.posts
            found = {posts: serving.measure(posts, CACHE) for posts in (small, large)}
            self.sections.append(report.pages(small, large, found, self._again("pages", "--posts", small, large)))
            self._keep("pages")

    def _keep(self, part: str) -> None:
        self._kept.keep(part, self.limits, self.sections)
        self.limits, self.sections = [], []

    def lines(self) -> Iterator[str]:
        """Yield the report of all parts that are kept, those of this run among them."""
        kept = self._kept.read()
        parts = [(name, kept[name]) for name in PARTS if name in kept]
        found = [limit for _, part in parts for limit in part.limits]
        yield report.HEAD
        yield from report.measured({name: (part.at, part.code) for name, part in parts})
        yield ""
        if found:
            yield from report.limits(found)
            yield ""
            yield from report.setting(*self._sizes, is_postgresql_large=not self._without(self._sizes[-1]))
        for _, part in parts:
            for section in part.sections:
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
        for peer in (name for name in PEERS if name in stores.addresses):
            say(f"{peer}: questions over {stores.posts:,} posts")
            try:
                found[peer] = measuring.measure(peer, stores.addresses[peer], stores.as_of_s, CACHE)
            except OutOfMemory:
                if peer in OURS:
                    raise
                say(f"{peer}: {stores.posts:,} posts do not fit into this machine's memory")
                continue
            for question, answer in found[peer].answers.items():
                difference = disagreement(question, found[OURS[0]].answers[question], answer)
                if difference:
                    raise Disagreement(f"{question}, {stores.posts:,} posts, {OURS[0]} and {peer}: {difference}")
        return found

    def _table_sizes(self, stores: dict[int, Stores]) -> None:
        found: dict[str, tuple[int, dict[str, int]]] = {}
        for engine, posts, address in self._largest(stores):
            is_file = address.startswith("sqlite")
            measured = (
                sizes.of_sqlite(Path(address.removeprefix("sqlite:///"))) if is_file else sizes.of_postgresql(address)
            )
            found[engine] = (posts, measured)
        self.sections.append(report.sizes(found, self._again("sizes", "--store-posts", *self._sizes)))

    def _loads(self, stores: dict[int, Stores]) -> None:
        found: dict[str, tuple[int, Loads]] = {}
        for engine, posts, address in self._largest(stores):
            say(f"{engine}: loads into {posts:,} posts")
            measured = changing.measure(address, self._options.load_rounds, CACHE)
            self.limits += limits.of_loads(_named(engine, posts), measured)
            found[engine] = (posts, measured)
        self.sections.append(report.loads(found, self._again("loads", "--store-posts", *self._sizes)))

    def _readers(self, stores: dict[int, Stores]) -> None:
        found: dict[str, tuple[int, Waits]] = {}
        for engine, posts, address in self._largest(stores):
            say(f"{engine}: readers beside a loader, {posts:,} posts")
            measured = reading.measure(address)
            for error in measured.errors:
                say(f"{engine}: {error}")
            self.limits += limits.of_waits(_named(engine, posts), measured)
            found[engine] = (posts, measured)
        self.sections.append(report.waits(found, self._again("readers", "--store-posts", *self._sizes)))

    def _status(self, stores: dict[int, Stores]) -> None:
        small = self._sizes[0]
        found: dict[str, tuple[float, int]] = {}
        for engine in OURS:
            found[engine] = starting.status_s(stores[small].addresses[engine], self._options.rounds)
            self.limits.append(limits.of_status(_named(engine, small), found[engine][0]))
        self.sections.append(report.status(small, found, self._again("status", "--store-posts", *self._sizes)))

    def _without(self, posts: int) -> tuple[str, ...]:
        """Return the kinds of stores that are not made of this size."""
        is_large = posts == self._sizes[-1] and posts > LARGEST_POSTGRESQL
        return (OURS[1],) if is_large and not self._options.postgresql_large else ()

    def _largest(self, stores: dict[int, Stores]) -> Iterator[tuple[str, int, str]]:
        """Yield each of our engines with its largest store: how many posts, and where."""
        for engine in OURS:
            posts = max(posts for posts in self._sizes if engine in stores[posts].addresses)
            yield engine, posts, stores[posts].addresses[engine]

    def _again(self, part: str, *arguments: object) -> str:
        return command("--parts", part, *arguments)


def _named(engine: str, posts: int) -> str:
    """Name the store a limit was measured on."""
    return f"{engine}, {posts:,} posts"


def main() -> int:
    """Measure, print the report, and write it where asked."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS, help="what to measure")
    parser.add_argument(
        "--store-posts", type=int, nargs=2, default=(1_000_000, 10_000_000), help="citizens' posts of the two stores"
    )
    parser.add_argument("--postgresql-large", action="store_true", help="our PostgreSQL with the larger number, too")
    parser.add_argument("--load-rounds", type=int, default=3, help="rounds of loading into the large store")
    parser.add_argument(
        "--load-posts", type=int, nargs="+", default=(20_000, 200_000), help="posts of the loader's measurements"
    )
    parser.add_argument("--rounds", type=int, default=5, help="rounds of the loader's measurements")
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
