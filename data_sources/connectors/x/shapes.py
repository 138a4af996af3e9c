"""What X takes and gives at once, and what is said of an answer of another shape. Known without the client."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from data_sources.base import BadPayload

POSTS_PER_PAGE, IDS_PER_LOOKUP = 100, 100
SMALLEST_PAGE = 10  # fewer posts cannot be asked for
# What reading an answer raises that is not of the shape it should have.
SHAPE_ERRORS = (AttributeError, KeyError, TypeError, ValueError)


@contextlib.contextmanager
def shaped(asked: str) -> Iterator[None]:
    """Turn what reading an answer raises into BadPayload; no text of the answer is in it."""
    try:
        yield
    except SHAPE_ERRORS as error:
        raise BadPayload(other_shape(asked, error)) from None


def other_shape(asked: str, error: Exception) -> str:
    """Return what is said of an answer of another shape."""
    return f"{asked}: an answer of another shape ({type(error).__name__})"
