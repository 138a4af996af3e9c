"""The garbage collector while pages are read and stored: called after every few of them, and held off in between."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# What pages left behind is young; what the program holds need not be looked through each time, nor the pages at hand.
_YOUNG_GENERATIONS, _PAGES_PER_COLLECTION = 1, 4


@contextmanager
def collecting_by_page() -> Iterator[Callable[[], None]]:
    """Hold the garbage collector off; what is yielded must be called after each page.

    A page makes hundreds of thousands of small objects and hardly a cycle; looking for one again and again, and through all that
    the program holds, costs a fifth of the whole load.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    pages = 0

    def page_done() -> None:
        nonlocal pages
        pages += 1
        if pages % _PAGES_PER_COLLECTION == 0:
            gc.collect(_YOUNG_GENERATIONS)

    try:
        yield page_done
    finally:
        if was_enabled:
            gc.enable()
