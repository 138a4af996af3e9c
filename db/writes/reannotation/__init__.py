"""Old and new readings of the same texts side by side: the new ones are staged until they are whole, then switched to.

A reannotation goes through all texts in batches of post ids. Each batch is stored with what differs in it, in one
transaction, so that a run that is cut off goes on with the batches that are missing. Pages see nothing of it before
:func:`switch`, which applies all that was staged in one transaction.
"""

from db.writes.reannotation.runs import (
    Reannotation,
    begin,
    is_any_outdated,
    missing_ranges,
    read_so_far,
    rehearsed,
)
from db.writes.reannotation.staging import ReannotationEnded, edited_since, stage_again, stage_batch, switch
from db.writes.reannotation.texts import (
    Content,
    NewAnnotation,
    StoredText,
    Vocabulary,
    differing,
    texts_between,
    vocabulary,
)

__all__ = [
    "Content",
    "NewAnnotation",
    "Reannotation",
    "ReannotationEnded",
    "StoredText",
    "Vocabulary",
    "begin",
    "differing",
    "edited_since",
    "is_any_outdated",
    "missing_ranges",
    "read_so_far",
    "rehearsed",
    "stage_again",
    "stage_batch",
    "switch",
    "texts_between",
    "vocabulary",
]
