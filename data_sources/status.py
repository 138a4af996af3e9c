"""What the store was filled from and how its sources fare, as lines for a terminal or as one JSON object."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Engine

from data_sources.base import Metered, UsageError
from data_sources.budgets import budget_of
from data_sources.connectors.networks import ConnectorRow
from data_sources.registry import Account, Registry
from data_sources.versions import versions
from db.frames import ACCOUNTS, LOAD_RUNS, REJECT_REASONS, SOURCE_STATES, FrameSchema
from db.operations.accounts import account_rows
from db.operations.extent import data_extent
from db.operations.outdated import is_any_outdated
from db.operations.runs import load_run_rows, reject_rows
from db.operations.sources import source_health, source_state_rows

RUNS_SHOWN = 10

Status = dict[str, Any]


def status_of(
    engine: Engine, registry: Registry, rows: Sequence[ConnectorRow], now: dt.datetime | None = None
) -> Status:
    """Return the store's extent, networks, sources, accounts of the registry, newest runs and reasons of rejected rows."""
    now = now or dt.datetime.now(dt.UTC)
    networks, connectors = _networks(rows, registry)
    sources = _sources(engine, connectors, now)
    with engine.connect() as connection:
        is_outdated = is_any_outdated(connection, versions())
    known = {synthetic: _plain(ACCOUNTS, account_rows(engine, synthetic)) for synthetic in (False, True)}
    return {
        "at": now.isoformat(),
        "data": [_extent(engine, synthetic, known[synthetic]) for synthetic in (False, True)],
        "is_outdated": is_outdated,
        "networks": networks,
        "sources": sources,
        "accounts": _accounts(registry, [*known[False], *known[True]], networks, sources, connectors),
        "runs": _plain(LOAD_RUNS, load_run_rows(engine, RUNS_SHOWN)),
        "rejected": _plain(REJECT_REASONS, reject_rows(engine)),
    }


def _networks(rows: Sequence[ConnectorRow], registry: Registry) -> tuple[list[Status], list[Metered]]:
    networks: list[Status] = []
    connectors: list[Metered] = []
    for row in rows:
        lacks = None
        try:
            connectors += row.build(registry)
        except UsageError as error:
            lacks = " ".join(str(error).split())
        networks.append({"network": row.id, "platform": row.platform, "is_set_up": lacks is None, "lacks": lacks})
    return networks, connectors


def _sources(engine: Engine, connectors: Sequence[Metered], now: dt.datetime) -> list[Status]:
    """Return every source that is set up or was ever tried: how it fares, and what is left of its budget."""
    states = {row["source"]: row for row in _plain(SOURCE_STATES, source_state_rows(engine))}
    stale = {each.source: each.is_stale for each in source_health(engine, now)}
    set_up = {connector.source: connector for connector in connectors}
    found = []
    for source in sorted(states.keys() | set_up.keys()):
        connector, state = set_up.get(source), states.get(source, {})
        row: Status = {
            "source": source,
            "platform": connector.platform if connector else None,
            "is_set_up": connector is not None,
            "status": state.get("source_status", "never read"),
            "is_stale": stale.get(source),
            **{name: state.get(name) for name in ("attempted_at", "succeeded_at", "failures", "retry_at", "error")},
        }
        if connector is not None:
            with engine.connect() as connection:
                row |= budget_of(connection, connector, now)._asdict()
        found.append(row)
    return found


def _accounts(
    registry: Registry,
    stored: Sequence[Status],
    networks: Sequence[Status],
    sources: Sequence[Status],
    connectors: Sequence[Metered],
) -> list[Status]:
    by_key = {(row["platform"], row["handle"]): row for row in stored}
    lacking = {row["platform"]: f"{row['network']}: {row['lacks']}" for row in networks if row["lacks"]}
    of_platform: dict[str, list[str]] = {}
    for connector in connectors:
        of_platform.setdefault(connector.platform, []).append(connector.source)
    fare = {row["source"]: row for row in sources}
    found = []
    for account in registry.accounts:
        row = by_key.get((account.platform, account.handle), {})
        names = of_platform.get(account.platform, [])
        found.append(
            {
                "platform": account.platform,
                "handle": account.handle,
                "department": account.department,
                "status": account.status,
                "why_not": _why_not(account, bool(names), lacking),
                "last_post": row.get("last_post"),
                "last_fetch": row.get("last_fetch"),
                "gap_hours": row.get("gap_hours"),
                "sources": [
                    {name: fare[source][name] for name in ("source", "status", "error", "retry_at")} for source in names
                ],
            }
        )
    return found


def _why_not(account: Account, is_read: bool, lacking: dict[str, str]) -> str | None:
    """Return why nothing of the account is read now; None where a source reads it."""
    if account.status == "pending":
        return account.missing_en
    if account.status == "retired":
        return f"retired on {account.connected_to}"
    if account.is_invented:
        return "invented, for the demo"
    if is_read:
        return None
    return lacking.get(account.platform, f"no network reads {account.platform}; its posts come by import-file")


def _extent(engine: Engine, synthetic: bool, accounts: Sequence[Status]) -> Status:
    extent = data_extent(engine, synthetic)
    return {
        "label": "synthetic" if synthetic else "real",
        "posts": extent.posts,
        "first_day": _plain_value(extent.first_day),
        "last_day": _plain_value(extent.last_day),
        "accounts": dict(sorted(Counter(str(account["status"]) for account in accounts).items())),
    }


def _plain(schema: FrameSchema, rows: Sequence[Sequence[Any]]) -> list[Status]:
    return [{name: _plain_value(value) for name, value in row.items()} for row in schema.records(rows)]


def _plain_value(value: Any) -> Any:
    """Return what JSON can hold: times as ISO 8601."""
    return value.isoformat() if isinstance(value, dt.date) else value


def status_lines(status: Status) -> Iterator[str]:
    """Yield a status in lines for people."""
    for data in status["data"]:
        label = data["label"]
        if data["posts"]:
            yield f"{label}: {data['posts']} citizens' posts, {data['first_day']} to {data['last_day']}"
        total = sum(data["accounts"].values())
        for name, count in data["accounts"].items():
            yield f"{label} accounts {name}: {count} of {total}"
    if status["is_outdated"]:
        yield "posts were read with older versions of the words or rules: python -m data_sources reannotate"
    if not status["runs"]:
        yield "nothing has been loaded yet: python -m data_sources demo, or import-file PATH --preset NAME"
    for run in status["runs"]:
        counts = " ".join(f"{name}={run[name]}" for name in ("read", "inserted", "updated", "unchanged", "rejected"))
        error = f" ({run['error']})" if run["error"] else ""
        yield f"run {run['run']} {run['source']} {run['status']}: {counts}{error}"
    for row in status["rejected"]:
        where = f"{row['rows']} rows, first {row['first_row']}"
        yield f"rejected {row['source']} {row['reason']}: {where}: {row['detail']}"
    for row in status["networks"]:
        yield f"network {row['network']}: " + ("set up" if row["is_set_up"] else f"not set up: {row['lacks']}")
    for row in status["sources"]:
        yield _source_line(row)
    for row in status["accounts"]:
        yield _account_line(row)


def _source_line(row: Status) -> str:
    parts = [row["status"] + ("" if row["error"] is None else f" ({row['error']})")]
    if row["is_stale"]:
        parts.append("stale")
    if row["succeeded_at"]:
        parts.append(f"last success {_minute(row['succeeded_at'])}")
    if row["retry_at"]:
        parts.append(f"not before {_minute(row['retry_at'])}")
    if row["is_set_up"]:
        left = [
            f"{row['reads_left']} reads" if row["reads_left"] is not None else "",
            f"{row['dollars_left']:.2f} dollars" if row["dollars_left"] is not None else "",
        ]
        bounded = ", ".join(part for part in left if part)
        parts.append(f"{row['month']}: {row['reads']} reads, left {bounded or 'without limit'}")
    else:
        parts.append("not set up any more")
    return f"source {row['source']}: {'; '.join(parts)}"


def _account_line(row: Status) -> str:
    parts = [row["status"] if row["why_not"] is None else f"{row['status']}: {row['why_not']}"]
    if row["last_post"]:
        parts.append(f"last post {_minute(row['last_post'])}")
    if row["last_fetch"]:
        parts.append(f"last fetch {_minute(row['last_fetch'])}")
    if row["gap_hours"]:
        parts.append(f"gap {row['gap_hours']:.1f} hours in 91 days")
    for source in row["sources"]:
        if source["status"] != "ok" and row["why_not"] is None:
            until = f", not before {_minute(source['retry_at'])}" if source["retry_at"] else ""
            parts.append(f"{source['source']} {source['status']}{until}")
    return f"account {row['platform']}/{row['handle']} {'; '.join(parts)}"


def _minute(moment: str) -> str:
    return f"{dt.datetime.fromisoformat(moment).astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC"
