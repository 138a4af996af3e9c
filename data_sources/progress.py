"""Progress of a load: a bar with rate and rejects on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Self, TextIO

from tqdm import tqdm

from db.records import Counts

PLAIN_LINE_EVERY_S = 5.0
PERCENT = 100


class TerminalProgress:
    """A bar on ``stream`` where it is a terminal, a line every few seconds where it is a file or pipe."""

    def __init__(self, label: str, stream: TextIO | None = None) -> None:
        self._label = label
        self._stream = stream or sys.stderr
        self._started = self._last_line = time.monotonic()
        self._bar: tqdm | None = None
        if self._stream.isatty():
            self._bar = tqdm(
                total=PERCENT,
                desc=label,
                file=self._stream,
                bar_format="{desc} {percentage:3.0f}%|{bar}| {elapsed}<{remaining} {postfix}",
                leave=False,
            )

    def __enter__(self) -> Self:
        return self

    def _outcome(self, counts: Counts) -> str:
        return f"{counts.rejected} rejected"

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()

    def page(self, counts: Counts, fraction: float | None) -> None:
        """Show ``counts`` and, where known, how much of the source is read."""
        now = time.monotonic()
        rate = counts.read / max(now - self._started, 1e-9)
        state = f"{counts.read} read, {self._outcome(counts)}, {rate:.0f}/s"
        if self._bar is not None:
            if fraction is not None:
                self._bar.n = round(fraction * PERCENT, 1)
            self._bar.set_postfix_str(state)
            self._bar.refresh()
        elif now - self._last_line >= PLAIN_LINE_EVERY_S:
            self._last_line = now
            done = "" if fraction is None else f" {fraction:4.0%}"
            print(f"{self._label}{done}: {state}", file=self._stream, flush=True)


class ChangeProgress(TerminalProgress):
    """The same for texts that are read again: nothing can be rejected, but something may change."""

    def _outcome(self, counts: Counts) -> str:
        return f"{counts.updated} change"
