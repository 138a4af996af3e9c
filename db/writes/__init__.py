"""How the store changes. Every function works inside the caller's transaction."""

from db.writes.directory import AccountDirectory, sync_registry, sync_term_groups
from db.writes.posts import PostKey, StoredPost, WriteContext, store_posts, stored_posts
from db.writes.runs import (
    add_rejects,
    finish_run,
    mark_interrupted,
    read_cursor,
    runs_of,
    start_run,
    write_progress,
)

__all__ = [
    "AccountDirectory",
    "PostKey",
    "StoredPost",
    "WriteContext",
    "add_rejects",
    "finish_run",
    "mark_interrupted",
    "read_cursor",
    "runs_of",
    "start_run",
    "store_posts",
    "stored_posts",
    "sync_registry",
    "sync_term_groups",
    "write_progress",
]
