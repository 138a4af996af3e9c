"""Rows of a CSV, TSV, JSON Lines or XLSX file, one at a time, with the line each began on."""

from __future__ import annotations

import csv
import json
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from data_sources.base import SourceError, UsageError
from data_sources.connectors.files.opening import MAX_LINE_BYTES, ByteSource, FileKind, LineReader, inspect, shown
from data_sources.connectors.files.rejects import MAX_RAW_LENGTH, reject
from data_sources.records import Reject

MAX_RECORD_CHARACTERS = 1024 * 1024  # of one row over several lines; beyond, its quote was never meant to close
MAX_RECORD_LINES = 5_000
COLUMN_SAMPLE_LINES = 200  # JSON objects may leave out empty keys; the union of so many names the columns

Numbered = tuple[int, str, bool]


class Row(NamedTuple):
    """One row as the file has it. ``line`` is where it begins (in a workbook, its row), counted from 1."""

    values: Mapping[str, str]
    line: int
    raw: str


class Table(Protocol):
    """A file of rows. Close it after use.

    ``has_date_cells`` says that times may arrive as ISO 8601 whatever format the file's texts have.
    """

    columns: tuple[str, ...]
    has_date_cells: bool

    def rows(self, skip: int = 0) -> Iterator[Row | Reject]:
        """Yield what follows the first ``skip`` rows; a row that cannot be read is a Reject and counts too."""
        ...

    def fraction(self) -> float | None:
        """Return the part of the file read so far, 0 to 1, or None where it cannot be told."""
        ...

    def close(self) -> None: ...


def open_table(path: Path, encoding: str | None = None) -> Table:
    """Open ``path``, whatever it is.

    Raises
    ------
    UsageError
        The file is missing, empty, of a kind that is not read, or without a header.
    SourceError
        The file is damaged, or a decompression bomb.
    """
    kind = inspect(path, encoding)
    if kind.format == "xlsx":
        # Imported here: openpyxl takes 0.2 s, which a CSV need not wait for.
        from data_sources.connectors.files.spreadsheet import WorkbookTable

        return WorkbookTable(path, kind.gzipped)
    if kind.format == "jsonl":
        return JsonLinesTable(path, kind)
    return DelimitedTable(path, kind)


def unique_columns(names: Sequence[str], path: Path) -> tuple[str, ...]:
    """Return the stripped header; of columns with one name the later ones get a number.

    Raises
    ------
    UsageError
        The header has no name at all.
    """
    columns: list[str] = []
    for name in (name.strip() for name in names):
        unique, number = name, 2
        while unique in columns:
            unique, number = f"{name}.{number}", number + 1
        columns.append(unique)
    if not any(name.strip() for name in names):
        raise UsageError(f"{shown(path)} has no header: its first row must name the columns")
    return tuple(columns)


class _Unclosed(Exception):
    """A quoted field ran over the bound of one row."""


class _Feed:
    """Lines for csv.reader. It remembers those of the current record, and can give them back.

    csv.reader asks for a line more only while a quoted field is open: that is the exact measure of whether a
    quote is open, where counting quotes would stumble over an inch sign in an unquoted field.
    """

    def __init__(self, lines: LineReader) -> None:
        self._lines = lines
        self._returned: deque[Numbered] = deque()
        self._characters = 0
        self.taken: list[Numbered] = []
        self.is_open_at_end = False

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        line = self._returned.popleft() if self._returned else self._lines.read()
        if line is None:
            self.is_open_at_end = bool(self.taken)
            raise StopIteration
        self.taken.append(line)
        self._characters += len(line[1])
        if len(self.taken) > 1 and (self._characters > MAX_RECORD_CHARACTERS or len(self.taken) > MAX_RECORD_LINES):
            raise _Unclosed
        return line[1]

    def begin_record(self) -> None:
        self.taken.clear()
        self._characters = 0
        self.is_open_at_end = False

    def keep_only_first(self) -> None:
        """Give back every line of the record but its first, to be read again as rows of their own."""
        self._returned.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]


class DelimitedTable:
    """A CSV or TSV file."""

    has_date_cells = False

    def __init__(self, path: Path, kind: FileKind) -> None:
        # Process-wide, and only ever raised: an HTML body with a picture in it exceeds csv's 128 KiB.
        csv.field_size_limit(max(csv.field_size_limit(), MAX_LINE_BYTES))
        self._delimiter = kind.delimiter
        self._source = ByteSource(path)
        self._feed = _Feed(LineReader(self._source.stream, kind.encoding, path))
        self._reader = csv.reader(self._feed, delimiter=kind.delimiter, strict=True)
        try:
            self.columns = unique_columns(self._read_header(path), path)
        except SourceError:
            self.close()
            raise

    def close(self) -> None:
        self._source.close()

    def fraction(self) -> float | None:
        return self._source.fraction()

    def rows(self, skip: int = 0) -> Iterator[Row | Reject]:
        columns, width, feed = self.columns, len(self.columns), self._feed
        while True:
            fields, fault = self._read_record()
            if fields is None and fault is None:
                return
            if not fields and fault is None:
                continue  # a blank line
            if skip:
                skip -= 1
                continue
            line, raw, is_decodable = feed.taken[0]
            if len(feed.taken) > 1:
                raw = "".join(text for _, text, _ in feed.taken)
                is_decodable = all(decodable for _, _, decodable in feed.taken)
            raw = raw[:MAX_RAW_LENGTH].rstrip("\r\n")
            if not is_decodable:
                yield reject(line, "encoding.undecodable", "the row does not decode", raw)
            elif fields is None or fault is not None:
                yield reject(line, "row.unbalanced_quote", fault or "", raw)
            elif len(fields) != width:
                yield reject(line, "row.columns", f"{len(fields)} columns where the header has {width}", raw)
            else:
                yield Row(dict(zip(columns, fields, strict=True)), line, raw)

    def _read_record(self) -> tuple[list[str] | None, str | None]:
        """Return the fields of the next record, or what is wrong with its first line; neither at the end."""
        self._feed.begin_record()
        try:
            return next(self._reader), None
        except StopIteration:
            return None, None
        except _Unclosed:
            fault = f"the quote is not closed within {MAX_RECORD_LINES} lines"
        except csv.Error as exc:
            fault = "the quote is never closed" if self._feed.is_open_at_end else str(exc)
        if len(self._feed.taken) == 1 and not self._feed.is_open_at_end:
            return self._read_leniently(self._feed.taken[0][1], fault)
        # Which quote is the wrong one nobody can tell; giving up one line loses least.
        self._feed.keep_only_first()
        return None, fault

    def _read_leniently(self, text: str, fault: str) -> tuple[list[str] | None, str | None]:
        # "He said "hi" to me" on one line: every spreadsheet reads it, and the column count is still checked.
        if text.count('"') % 2:
            return None, fault
        try:
            return next(csv.reader([text], delimiter=self._delimiter)), None
        except csv.Error:  # a bare CR in an unquoted field
            return None, fault

    def _read_header(self, path: Path) -> list[str]:
        fields: list[str] | None = []
        while fields is not None and not fields:
            fields, fault = self._read_record()
            if fault is not None:
                raise UsageError(f"{shown(path)}: the header line is unreadable: {fault}")
        if not all(decodable for _, _, decodable in self._feed.taken):
            raise UsageError(f"{shown(path)}: the header line does not decode as UTF-8 or CP949; save it as UTF-8")
        return fields or []


class JsonLinesTable:
    """A file with one JSON object per line. Numbers keep the digits they are written with."""

    has_date_cells = False

    def __init__(self, path: Path, kind: FileKind) -> None:
        with ByteSource(path) as source:
            self.columns = _columns_of_objects(LineReader(source.stream, kind.encoding, path), path)
        self._source = ByteSource(path)
        self._lines = LineReader(self._source.stream, kind.encoding, path)

    def close(self) -> None:
        self._source.close()

    def fraction(self) -> float | None:
        return self._source.fraction()

    def rows(self, skip: int = 0) -> Iterator[Row | Reject]:
        empty = dict.fromkeys(self.columns, "")  # an object may leave keys out
        while (numbered := self._lines.read()) is not None:
            line, text, decodable = numbered
            text = text.strip()
            if not text:
                continue
            if skip:
                skip -= 1
                continue
            raw = text[:MAX_RAW_LENGTH]
            if not decodable:
                yield reject(line, "encoding.undecodable", "the line does not decode", raw)
                continue
            values = _object_of(text)
            if values is None:
                yield reject(line, "json.invalid", "the line is no JSON object", raw)
            elif "\\u" in text and not all(map(_is_storable, values.values())):
                yield reject(line, "encoding.undecodable", "the line escapes a NUL or half a character", raw)
            else:
                yield Row(empty | values, line, raw)


def _columns_of_objects(lines: LineReader, path: Path) -> tuple[str, ...]:
    columns: dict[str, None] = {}
    seen = 0
    while seen < COLUMN_SAMPLE_LINES:
        try:
            numbered = lines.read()
        except SourceError:
            if columns:
                break  # rows() reports it, after the rows before it
            raise
        if numbered is None:
            break
        if text := numbered[1].strip():
            seen += 1
            columns.update(dict.fromkeys(_object_of(text) or ()))
    if not columns:
        raise UsageError(f"{shown(path)}: no line is a JSON object; save it with one JSON object per line")
    return tuple(columns)


def _object_of(text: str) -> dict[str, str] | None:
    try:
        # str keeps the digits: a long id read as a float would change.
        values = json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, dict):
        return None
    return {key: value if isinstance(value, str) else _text_of(value) for key, value in values.items()}


def _is_storable(value: str) -> bool:
    return "\x00" not in value and not any("\ud800" <= character <= "\udfff" for character in value)


def _text_of(value: object) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False)
