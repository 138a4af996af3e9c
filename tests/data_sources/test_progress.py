from __future__ import annotations

import io

import pytest

from data_sources import progress
from data_sources.progress import TerminalProgress
from db.records import Counts


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds TerminalProgress believes to have passed; tests set ``clock[0]``."""
    seconds = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: seconds[0])
    return seconds


def test_elsewhere_than_on_a_terminal_a_plain_line_now_and_then(clock: list[float]) -> None:
    stream = io.StringIO()
    with TerminalProgress("demo", stream) as shown:
        for seconds, read in ((1, 100), (4.9, 400), (5, 500), (9.9, 900), (10, 1000)):
            clock[0] = seconds
            shown.page(Counts(read=read, rejected=2), read / 1000)
    assert stream.getvalue() == "demo  50%: 500 read, 2 rejected, 100/s\ndemo 100%: 1000 read, 2 rejected, 100/s\n"


def test_where_the_end_is_unknown_no_percentage_is_made_up(clock: list[float]) -> None:
    stream = io.StringIO()
    with TerminalProgress("demo", stream) as shown:
        clock[0] = 5
        shown.page(Counts(read=10), None)
    assert stream.getvalue() == "demo: 10 read, 0 rejected, 2/s\n"


def test_on_a_terminal_a_bar_that_goes_away() -> None:
    stream = _Terminal()
    with TerminalProgress("demo", stream) as shown:
        shown.page(Counts(read=500, rejected=2), 0.5)
        drawn = stream.getvalue()
    assert "demo  50%|" in drawn
    assert "500 read, 2 rejected, " in drawn
    assert "\n" not in stream.getvalue()
    assert stream.getvalue().endswith("\r")


def test_a_bar_is_closed_where_the_load_fails() -> None:
    stream = _Terminal()
    shown = TerminalProgress("demo", stream)
    shown.page(Counts(read=1), 0.1)
    shown.__exit__(RuntimeError, RuntimeError(), None)
    assert stream.getvalue().endswith("\r")
