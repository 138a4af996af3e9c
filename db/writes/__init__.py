"""How the store changes. Every function works inside the caller's transaction."""

from db.writes.changes import Decision, find_posts, mark_templates, merge_duplicates, reclassify, remove_posts, reroute
from db.writes.directory import AccountDirectory, sync_registry, sync_term_groups
from db.writes.links import Routing
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
    "Decision",
    "PostKey",
    "Routing",
    "StoredPost",
    "WriteContext",
    "add_rejects",
    "find_posts",
    "finish_run",
    "mark_interrupted",
    "mark_templates",
    "merge_duplicates",
    "read_cursor",
    "reclassify",
    "remove_posts",
    "reroute",
    "runs_of",
    "start_run",
    "store_posts",
    "stored_posts",
    "sync_registry",
    "sync_term_groups",
    "write_progress",
]
