"""Do the groups of copies hold: two posts or more that are still there, under the earliest of them, who said it alike?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

import numpy as np
from sqlalchemy import Connection, select

from db.schema import post_copies, posts, text_signatures

FETCHED_AT_ONCE = 10_000
# Copies of one text share bands; the members of a group share far more with one another than two texts do by chance.
UNLIKE = 0.2


def group_faults(connection: Connection) -> Iterator[tuple[str, object, object]]:
    """Yield where, what is stored and what should be, of each group that does not hold."""
    member, post = post_copies.c, posts.c
    rows = connection.execute(
        select(
            member.representative_id, post.created_at, post.platform_id, post.platform_post_id, post.id,
            post.removed_at.is_not(None), text_signatures.c.signature,
        )
        .join(posts, post.id == member.post_id)
        .outerjoin(text_signatures, text_signatures.c.post_id == member.post_id)
        .order_by(member.representative_id, post.created_at, post.platform_id, post.platform_post_id)
        .execution_options(yield_per=FETCHED_AT_ONCE)
    )  # fmt: skip
    for representative, group in groupby(rows, key=itemgetter(0)):
        members = 0
        first = None
        for _, _, _, _, id_, is_removed, signature in group:
            members += 1
            if members == 1:
                first = signature
                if id_ != representative:
                    yield f"representative_id={representative}", representative, f"the earliest, post {id_}"
            if is_removed or signature is None:
                yield f"post_id={id_}", f"in group {representative}", "no text to compare"
            elif first is not None and _alike(first, signature) < UNLIKE:
                yield f"post_id={id_}", f"in group {representative}", "another text"
        if members == 1:
            yield f"representative_id={representative}", "a group of one post", "no group"


def _alike(one: bytes, other: bytes) -> float:
    return float(np.mean(np.frombuffer(one, dtype=np.uint8) == np.frombuffer(other, dtype=np.uint8)))
