"""Posts under the ids of their later versions: a network that numbers edits lets replies and removals name any of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, bindparam, select

from db.bulk import upsert_rows
from db.schema import post_versions

PostKey = tuple[str, str]  # (platform, platform_post_id)


def write_versions(connection: Connection, ids: Mapping[PostKey, int]) -> None:
    """Store under which further ids posts are known."""
    rows = [
        {"platform_id": platform, "platform_post_id": later, "post_id": id_} for (platform, later), id_ in ids.items()
    ]
    upsert_rows(connection, post_versions, rows, ["platform_id", "platform_post_id"], ["post_id"])


def posts_of_versions(connection: Connection, keys: Iterable[PostKey]) -> dict[PostKey, int]:
    """Return the posts that are known under ``keys``, by these, of those that are ids of later versions."""
    found: dict[PostKey, int] = {}
    table = post_versions.c
    grouped: dict[str, list[str]] = {}
    for platform, later in keys:
        grouped.setdefault(platform, []).append(later)
    for platform, later_ids in grouped.items():
        rows = connection.execute(
            select(table.platform_post_id, table.post_id).where(
                table.platform_id == platform, table.platform_post_id.in_(bindparam("ids", expanding=True))
            ),
            {"ids": later_ids},
        )
        found.update({(platform, later): id_ for later, id_ in rows})
    return found
