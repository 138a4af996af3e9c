"""Workbooks made in the test: cells to text, the right sheet, and forged files."""

from __future__ import annotations

import datetime as dt
import gzip
import zipfile
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from data_sources.base import SourceError, UsageError
from data_sources.connectors.files import FileConnector
from data_sources.connectors.files.formats import Row, open_table
from data_sources.records import Reject


def _save(path: Path, *sheets: Sequence[Sequence[object]]) -> Path:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for rows in sheets:
        sheet = workbook.create_sheet()
        for row in rows:
            sheet.append(row)
    workbook.save(path)
    return path


def _rows(path: Path, skip: int = 0) -> list[Row | Reject]:
    table = open_table(path)
    try:
        return list(table.rows(skip))
    finally:
        table.close()


EXCEL_TIME = dt.datetime(2024, 3, 1, 12, 30)  # noqa: DTZ001  # Excel knows no zones
ROWS: list[list[object]] = [
    ["번호", "글", "날짜", "수"],
    [1, "도로", EXCEL_TIME, 1.5],
    [],
    [2.0, "하수", dt.date(2024, 3, 1), True],
    ["3", "=1+1", None, None],
    ["4", "많음", "", 1, "남음"],
]


@pytest.mark.parametrize("gzipped", [False, True])
def test_the_first_sheet_with_data_is_read(tmp_path, gzipped):
    path = _save(tmp_path / "table.xlsx", [], ROWS, [["다른 시트"], ["x"]])
    if gzipped:
        path = tmp_path / "table.xlsx.gz"
        path.write_bytes(gzip.compress((tmp_path / "table.xlsx").read_bytes(), mtime=0))
    rows = _rows(path)
    assert rows[:3] == [
        Row(
            {"번호": "1", "글": "도로", "날짜": "2024-03-01 12:30:00", "수": "1.5"},
            2,
            "1\t도로\t2024-03-01 12:30:00\t1.5",
        ),
        Row({"번호": "2", "글": "하수", "날짜": "2024-03-01", "수": "True"}, 4, "2\t하수\t2024-03-01\tTrue"),
        Row({"번호": "3", "글": "", "날짜": "", "수": ""}, 5, "3"),  # no program has calculated the formula
    ]
    assert isinstance(rows[3], Reject)
    assert (rows[3].source_row, rows[3].reason) == (6, "row.columns")
    assert len(rows) == 4
    assert _rows(path, skip=2) == rows[2:]


def test_a_workbook_becomes_posts(tmp_path):
    rows: list[list[object]] = [
        ["id", "text", "created_at"],
        [1, "도로", EXCEL_TIME],
        [5, "하루", dt.date(2024, 3, 2)],
    ]
    (page,) = FileConnector(_save(tmp_path / "table.xlsx", rows), date_format="%d/%m/%Y").fetch(None)
    assert [(post.platform_post_id, post.created_at.isoformat(), post.created_precision) for post in page.records] == [
        ("1", "2024-03-01T03:30:00+00:00", "second"),
        ("5", "2024-03-01T15:00:00+00:00", "day"),
    ]


def test_a_workbook_without_data_is_refused(tmp_path):
    with pytest.raises(UsageError, match="no sheet with data"):
        open_table(_save(tmp_path / "empty.xlsx", []))


def _forge(source: Path, target: Path, sheet: bytes) -> Path:
    with zipfile.ZipFile(source) as good, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as forged:
        for member in good.infolist():
            forged.writestr(member, sheet if member.filename.endswith("sheet1.xml") else good.read(member))
    return target


SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
CELL = b'<row r="1"><c r="A1" t="str"><v>a</v></c></row><row r="2"><c r="A2" t="str"><v>1</v></c></row>'


@pytest.mark.parametrize(
    ("sheet", "words"),
    [
        (
            SHEET % (CELL + b'<row r="99999999999"><c r="A9" t="str"><v>1</v></c></row>'),
            "claims more than 1,048,576 rows",
        ),
        (SHEET % CELL + b"<", "damaged"),
        (b'<!DOCTYPE x [<!ENTITY e "boom">]>' + SHEET % CELL.replace(b">1<", b">&e;<"), "damaged"),
        (SHEET % (CELL + b"<row"), "damaged"),
    ],
)
def test_a_forged_sheet_is_a_fault_in_one_line(tmp_path, sheet, words):
    path = _forge(_save(tmp_path / "good.xlsx", [["a"], ["1"]]), tmp_path / "forged.xlsx", sheet)
    with pytest.raises(SourceError, match=words) as fault:
        _rows(path)
    assert fault.value.exit_code == 1
    assert "\n" not in str(fault.value)
