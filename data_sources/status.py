"""What the store was filled from, in lines for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import Engine

from data_sources.reannotation import versions
from db import queries
from db.writes.reannotation import is_any_outdated

RUNS_SHOWN = 10


def status_lines(engine: Engine) -> Iterator[str]:
    """Yield the store's extent, accounts by status, newest runs and reasons of rejected rows."""
    for synthetic, label in ((False, "real"), (True, "synthetic")):
        extent = queries.data_extent(engine, synthetic)
        if extent.posts:
            yield f"{label}: {extent.posts} citizens' posts, {extent.first_day} to {extent.last_day}"
        accounts = queries.accounts(engine, synthetic)
        for status, count in sorted(Counter(map(str, accounts["status"])).items()):
            yield f"{label} accounts {status!s}: {count} of {len(accounts)}"
    with engine.connect() as connection:
        if is_any_outdated(connection, versions()):
            yield "posts were read with older versions of the words or rules: python -m data_sources reannotate"
    runs = queries.load_runs(engine, RUNS_SHOWN)
    if runs.empty:
        yield "nothing has been loaded yet: python -m data_sources demo, or import-file PATH --preset NAME"
    for run in runs.to_dict("records"):
        counts = " ".join(f"{name}={run[name]}" for name in ("read", "inserted", "updated", "unchanged", "rejected"))
        error = f" ({run['error']})" if run["error"] else ""
        yield f"run {run['run']} {run['source']} {run['status']}: {counts}{error}"
    for row in queries.reject_reasons(engine).to_dict("records"):
        where = f"{row['rows']} rows, first {row['first_row']}"
        yield f"rejected {row['source']} {row['reason']}: {where}: {row['detail']}"
