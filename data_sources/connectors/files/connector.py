"""The connector of ``import-file``: any supported file, read as pages of posts."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import ValidationError

from data_sources.base import Origin, SourceError, UsageError
from data_sources.connectors.files.conversion import Conversion, ToPosts
from data_sources.connectors.files.formats import Row, Table, open_table
from data_sources.connectors.files.generic import GenericRows
from data_sources.connectors.files.opening import fingerprint
from data_sources.connectors.files.presets import (
    GENERIC,
    find_preset,
    platform_or_none,
    require_flavour,
)
from data_sources.connectors.files.rejects import UnusableRow, reject, unusable
from data_sources.connectors.files.times import DEFAULT_TIMEZONE, TimeReader
from data_sources.records import Page, Post, Reject

# A page costs what it costs to touch the roll-ups of its days and the questions it answers of the page before, whatever its size; its
# texts are held in memory, and while it is stored nobody else may write. Eight thousand, a second, balance these.
PAGE_SIZE = 8_000


class FileConnector:
    """A file as a source of posts.

    The file is checked here, once, so that a wrong preset is told before anything is written; ``fetch`` opens it
    again and streams it. The cursor is a JSON object: ``rows`` (already committed, rejected ones included) and
    ``done`` (the end was reached).

    Parameters
    ----------
    path : str or Path
        A CSV, TSV, JSON Lines or XLSX file, or gz of one.
    preset : str
        A row of PRESETS, or ``generic``.
    mapping : mapping of str to str, or None
        Field to column; with ``generic`` only. ``parse_mapping`` makes one of ``--map`` pairs.
    date_format : str or None
        A ``strptime`` format; None tries the common ones.
    timezone : str or None
        Zone of times that name none; None is the preset's.
    platform : str or None
        Overrules the platform of every post.
    page_size : int
        Rows per page.
    encoding : str or None
        ``utf-8`` or ``cp949``; None finds out.
    now : datetime or None
        The clock, for times in the future; None is the machine's.

    Raises
    ------
    UsageError
        No such file, a kind that is not read, a wrong preset, mapping, zone, format or platform.
    SourceError
        A damaged file or a decompression bomb.
    """

    name = "file"
    origin: Origin = "import"
    source: str

    def __init__(
        self,
        path: str | Path,
        preset: str = GENERIC,
        mapping: Mapping[str, str] | None = None,
        date_format: str | None = None,
        timezone: str | None = None,
        platform: str | None = None,
        page_size: int = PAGE_SIZE,
        *,
        encoding: str | None = None,
        now: dt.datetime | None = None,
    ) -> None:
        self.path = Path(path)
        self.preset = preset
        self._page_size = page_size
        self._encoding = encoding
        if page_size < 1:
            raise UsageError(f"page size {page_size}: at least 1")
        known = find_preset(preset)
        if known is not None and mapping:
            raise UsageError(f"--map belongs to --preset {GENERIC}; --preset {preset} knows its columns")
        table = self._open()
        try:
            self.columns = table.columns
            has_date_cells = table.has_date_cells
        finally:
            table.close()
        zone = timezone or (known.timezone if known else DEFAULT_TIMEZONE)
        times = TimeReader(date_format, zone, now, accepts_iso=has_date_cells)
        self._conversion = Conversion(times, platform_or_none(platform))
        self._to_posts: ToPosts = (
            require_flavour(known, self.columns).to_posts
            if known
            else GenericRows(mapping or {}, self.columns).to_posts
        )
        self.source = f"file:{preset}:{fingerprint(self.path)}"

    def fetch(self, cursor: str | None) -> Iterator[Page]:
        """Yield pages of the rows after ``cursor``; see Connector.

        Where the file breaks off, the rows before the break come as a page first, then SourceError is raised.
        """
        count, done = _read_cursor(cursor)
        if done:
            return
        table = self._open()
        records: list[Post] = []
        rejects: list[Reject] = []
        in_page = 0
        try:
            for row in table.rows(skip=count):
                # A full page waits for the next row: only then is it known not to be the last.
                if in_page == self._page_size:
                    yield _page(records, rejects, count, table, done=False)
                    records, rejects, in_page = [], [], 0
                self._read_row(row, records, rejects)
                in_page += 1
                count += 1
        except SourceError:
            if in_page:
                yield _page(records, rejects, count, table, done=False)
            raise
        finally:
            table.close()
        if in_page:
            yield _page(records, rejects, count, table, done=True)

    def _open(self) -> Table:
        return open_table(self.path, self._encoding)

    def _read_row(self, row: Row | Reject, records: list[Post], rejects: list[Reject]) -> None:
        if isinstance(row, Reject):
            rejects.append(row)
            return
        try:
            records.extend(self._to_posts(row, self._conversion))
        except UnusableRow as exc:
            fault = exc
        except ValidationError as exc:
            fault = unusable(exc)
        else:
            return
        rejects.append(reject(row.line, fault.reason, fault.detail, row.raw))


def _page(records: list[Post], rejects: list[Reject], count: int, table: Table, done: bool) -> Page:
    return Page(
        records=tuple(records),
        rejects=tuple(rejects),
        cursor=json.dumps({"rows": count, "done": done}),
        fraction=1.0 if done else table.fraction(),
    )


def _read_cursor(cursor: str | None) -> tuple[int, bool]:
    if cursor is None:
        return 0, False
    try:
        state = json.loads(cursor)
        rows, done = state["rows"], state.get("done", False)
    except (ValueError, KeyError, TypeError, AttributeError) as exc:
        raise SourceError("the stored cursor of this file is unreadable; import it from the beginning") from exc
    if not isinstance(rows, int) or isinstance(rows, bool) or rows < 0:
        raise SourceError("the stored cursor of this file is unreadable; import it from the beginning")
    return rows, bool(done)
