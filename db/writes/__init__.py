"""How the store changes. Every function works inside the caller's transaction."""

from db.writes.calendar import recount_working_time, sync_calendar
from db.writes.changes import (
    Decision,
    find_posts,
    find_posts_of_author,
    mark_templates,
    merge_duplicates,
    reclassify,
    remove_posts,
    reroute,
)
from db.writes.directory import AccountDirectory, sync_districts, sync_filter_rules, sync_registry, sync_term_groups
from db.writes.frozen import keep_figure, keep_self_check
from db.writes.incidents import (
    UnknownIncident,
    close_quiet_incidents,
    judge_incident,
    note_detected,
    note_undetected,
    record_incident,
    undetected,
)
from db.writes.links import Routing
from db.writes.posts import PostKey, StoredPost, WriteContext, store_posts, stored_posts
from db.writes.reviews import UnknownReview, judge_review
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
    "UnknownIncident",
    "UnknownReview",
    "WriteContext",
    "add_rejects",
    "close_quiet_incidents",
    "find_posts",
    "find_posts_of_author",
    "finish_run",
    "judge_incident",
    "judge_review",
    "keep_figure",
    "keep_self_check",
    "mark_interrupted",
    "mark_templates",
    "merge_duplicates",
    "note_detected",
    "note_undetected",
    "read_cursor",
    "reclassify",
    "record_incident",
    "recount_working_time",
    "remove_posts",
    "reroute",
    "runs_of",
    "start_run",
    "store_posts",
    "stored_posts",
    "sync_calendar",
    "sync_districts",
    "sync_filter_rules",
    "sync_registry",
    "sync_term_groups",
    "undetected",
    "write_progress",
]
