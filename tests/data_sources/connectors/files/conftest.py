"""Small files written by hand, and the real ones beside the repository."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from data_sources.connectors.files import FileConnector
from data_sources.records import Post, Reject

NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
REAL_DATA = Path(__file__).resolve().parents[5] / "shared" / "data"


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)  # type: ignore[arg-type, misc]


def read_all(connector: FileConnector, cursor: str | None = None) -> tuple[list[Post], list[Reject]]:
    pages = list(connector.fetch(cursor))
    return [post for page in pages for post in page.records], [row for page in pages for row in page.rejects]


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a file; text is encoded as UTF-8."""

    def _write(content: str | bytes, name: str = "file.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return _write


@pytest.fixture
def real_file() -> Callable[[str], Path]:
    """Return a file of ../shared/data, or skip."""

    def _real_file(name: str) -> Path:
        path = REAL_DATA / name
        if not path.exists():
            pytest.skip(f"the real data is not beside the repository: {path}")
        return path

    return _real_file
