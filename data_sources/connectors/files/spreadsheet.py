"""Rows of an Excel workbook (.xlsx), read one at a time; formulas give the value Excel saved, never run."""

from __future__ import annotations

import datetime as dt
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from data_sources.base import SourceError, UsageError
from data_sources.connectors.files.formats import Row, unique_columns
from data_sources.connectors.files.opening import ByteSource, check_members, shown
from data_sources.connectors.files.rejects import MAX_RAW_LENGTH, reject
from data_sources.records import Reject

MAX_SHEET_ROWS = 1_048_576  # Excel's own limit; a forged row number must not make us count to a billion
_COPY_BYTES = 1024 * 1024

# What openpyxl, zipfile and the XML parser raise at damaged or forged workbooks (defusedxml's errors are ValueErrors,
# the parser's SyntaxErrors).
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    EOFError,
    OSError,
    SyntaxError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    NotImplementedError,
    RuntimeError,  # a password on a member
)


class WorkbookTable:
    """The first sheet of a workbook that has data; its first row names the columns."""

    has_date_cells = True

    def __init__(self, path: Path, gzipped: bool) -> None:
        self._path = path
        self._file = _unpack(path) if gzipped else path.open("rb")
        self._workbook: Any = None  # openpyxl's read-only classes carry no usable types
        self._total: int | None = None
        self._number = 0
        try:
            with zipfile.ZipFile(self._file) as archive:
                check_members(archive.infolist(), path)
            self._workbook = openpyxl.load_workbook(self._file, read_only=True, data_only=True, keep_links=False)
            self.columns = unique_columns(self._find_sheet(), path)
        except SourceError:
            self.close()
            raise
        except _DAMAGE as exc:
            self.close()
            raise SourceError(f"{shown(path)} is a damaged workbook; save it again as .xlsx or CSV") from exc

    def close(self) -> None:
        if self._workbook is not None:
            self._workbook.close()
        self._file.close()

    def fraction(self) -> float | None:
        return min(1.0, self._number / self._total) if self._total else None

    def rows(self, skip: int = 0) -> Iterator[Row | Reject]:
        width = len(self.columns)
        for number, values in self._cells:
            if skip:
                skip -= 1
                continue
            raw = "\t".join(values)[:MAX_RAW_LENGTH]
            if len(values) > width:
                yield reject(number, "row.columns", f"{len(values)} columns where the header has {width}", raw)
                continue
            values.extend([""] * (width - len(values)))  # Excel does not save empty cells at the end
            yield Row(dict(zip(self.columns, values, strict=True)), number, raw)

    def _find_sheet(self) -> list[str]:
        """Choose the sheet, leave ``_cells`` after its header, and return the header."""
        for sheet in self._workbook.worksheets:
            total = sheet.max_row
            sheet.reset_dimensions()  # some programs save a wrong one, and openpyxl would stop there
            self._cells = self._filled_rows(sheet)
            first = next(self._cells, None)
            if first is not None:
                self._total = total if total and total > 1 else None
                return first[1]
        raise UsageError(f"{shown(self._path)} has no sheet with data")

    def _filled_rows(self, sheet: Any) -> Iterator[tuple[int, list[str]]]:
        try:
            for number, cells in enumerate(sheet.iter_rows(), start=1):
                if number > MAX_SHEET_ROWS:
                    raise SourceError(f"{shown(self._path)} claims more than {MAX_SHEET_ROWS:,} rows; save it again")
                self._number = number
                values = [_cell_text(cell) for cell in cells]
                while values and not values[-1]:
                    values.pop()
                if values:
                    yield number, values
        except _DAMAGE as exc:
            raise SourceError(
                f"{shown(self._path)} is damaged after row {self._number}; save it again as .xlsx or CSV"
            ) from exc


def _cell_text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, dt.datetime):
        # Excel keeps a day as midnight; only the cell's format tells the two apart.
        has_time = "h" in cell.number_format.lower() or value.time() != dt.time()
        return value.isoformat(sep=" ") if has_time else value.date().isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value)


def _unpack(path: Path) -> IO[bytes]:
    unpacked = tempfile.TemporaryFile()  # noqa: SIM115  # a workbook must be seekable; closed with the table
    try:
        with ByteSource(path) as source:
            while piece := source.stream.read(_COPY_BYTES):
                unpacked.write(piece)
    except SourceError:
        unpacked.close()
        raise
    unpacked.seek(0)
    return unpacked
