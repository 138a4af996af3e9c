from __future__ import annotations

import io

import pytest

from db import progress
from db.progress import StepProgress


class Terminal(io.StringIO):
    """Says that somebody is looking."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_a_bar_that_is_gone_at_the_end() -> None:
    stream = Terminal()
    with StepProgress("check", stream) as told:
        told(1, 4)
        assert "check" in stream.getvalue()
        assert "1/4" in stream.getvalue()
        assert "\n" not in stream.getvalue()


def test_a_file_gets_a_plain_line_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    with StepProgress("copy", stream) as told:
        told(1, 4)
        monkeypatch.setattr(progress, "PLAIN_LINE_EVERY_S", 0.0)
        told(2, 4)
        told(0, 0)
    assert stream.getvalue() == "copy  50%: 2 of 4\ncopy   0%: 0 of 0\n"
