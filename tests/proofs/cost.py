"""``python -m tests.proofs.cost``: what reading X costs a month, at Seoul's own volume, and that a budget holds.

132 posts a day to 80 accounts (12,122 opinions from November 2012 to January 2013), each answered. The posts are
invented, the number of reads is counted as X charges: a post once in a UTC day, a user as two posts.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
from dataclasses import dataclass

from data_sources.connectors.x.source import DOLLARS_PER_READ, sources_of
from data_sources.fetching import Surroundings, fetch
from data_sources.live import month_of
from db.engine import open_engine
from db.operations.sources import usage_of_network
from tests.loopback import LoopbackServer
from tests.proofs.kills import _database
from tests.simulated_x import SimulatedX, a_day, a_registry, handles_of, settings_for

START = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)
POSTS_PER_DAY, ACCOUNTS, DAYS_PER_MONTH = 132, 80, 30


@dataclass(frozen=True, slots=True)
class Cost:
    """What some days of reading came to."""

    days: int
    requests: int
    reads: int
    dollars: float
    status: str

    @property
    def dollars_per_month(self) -> float:
        """Return the dollars of 30 such days; the look-up of the accounts is paid once."""
        once = 2 * 2 * ACCOUNTS * DOLLARS_PER_READ
        return (self.dollars - once) * DAYS_PER_MONTH / self.days + once


def run(days: int, every_minutes: int, budget_dollars: float | None = None) -> Cost:
    """Read so many days of the city's volume, mentions and answers, every so many minutes."""
    handles = handles_of(ACCOUNTS)
    moment = [START]
    held = a_day(handles, 2 * POSTS_PER_DAY * days, START, days, answered=0.5)
    city = SimulatedX(handles, held, lambda: moment[0])
    registry = a_registry(*handles)
    around = Surroundings(now=lambda: moment[0], sleep=lambda seconds: None)
    statuses: set[str] = set()
    with LoopbackServer() as server, _database("sqlite") as url:
        city.serve(server)
        engine = open_engine(url)
        sources = sources_of(settings_for(server.url, budget_dollars=budget_dollars), registry, now=around.now)
        for _ in range(days * 24 * 60 // every_minutes):
            moment[0] += dt.timedelta(minutes=every_minutes)
            for source in sources:
                statuses.add(fetch(source, engine, registry=registry, surroundings=around).state.status)
        with engine.connect() as connection:
            reads, dollars = usage_of_network(connection, "x", month_of(START))
        engine.dispose()
    return Cost(days, city.calls, reads, dollars, ", ".join(sorted(statuses)))


def main() -> int:
    """Run the proof in the size asked for; 0 where the cost is known and the budget holds."""
    parser = argparse.ArgumentParser(prog="python -m tests.proofs.cost", description=__doc__)
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--every", type=int, default=30, metavar="MINUTES", help="of the simulated days")
    parser.add_argument("--budget", type=float, default=3.0, metavar="DOLLARS", help="of the second reading")
    options = parser.parse_args()
    os.environ.setdefault("MINWON_HASH_KEY", "a key for proofs only, no secret")
    free = run(options.days, options.every)
    bound = run(options.days, options.every, options.budget)
    print(
        f"days={free.days} requests={free.requests} reads={free.reads} dollars={free.dollars:.2f} "
        f"dollars_per_month={free.dollars_per_month:.2f} status={free.status}"
    )
    print(f"budget={options.budget:.2f} dollars={bound.dollars:.2f} status={bound.status}")
    return 0 if bound.dollars <= options.budget and free.status == "ok" else 1


if __name__ == "__main__":
    sys.exit(main())
