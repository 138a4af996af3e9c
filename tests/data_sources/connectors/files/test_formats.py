"""Rows as they stand in the file: exact values, exact line numbers, no row swallowed by another."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_sources.base import SourceError
from data_sources.connectors.files import formats
from data_sources.connectors.files.formats import Row, open_table
from data_sources.records import Reject


def _read(path: Path, skip: int = 0, encoding: str | None = None) -> list[tuple[int, object]]:
    """Return (line, values) of rows and (line, reason) of rejects."""
    table = open_table(path, encoding)
    try:
        return [
            (row.source_row, row.reason) if isinstance(row, Reject) else (row.line, tuple(row.values.values()))
            for row in table.rows(skip)
        ]
    finally:
        table.close()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("gzipped", [False, True])
def test_csv_in_every_encoding(write, encoding, end, gzipped):
    text = end.join(["번호,내용", "1,도로가 파였어요", '2,"첫 줄', '둘째, ""줄"""', "", "3,펭귄 똠방각하 쀍", ""])
    content = text.encode(encoding)
    path = write(gzip.compress(content, mtime=0) if gzipped else content)
    table = open_table(path)
    rows = list(table.rows())
    table.close()
    assert table.columns == ("번호", "내용")
    assert rows == [
        Row({"번호": "1", "내용": "도로가 파였어요"}, 2, "1,도로가 파였어요"),
        Row({"번호": "2", "내용": f'첫 줄{end}둘째, "줄"'}, 3, f'2,"첫 줄{end}둘째, ""줄"""'),
        Row({"번호": "3", "내용": "펭귄 똠방각하 쀍"}, 6, "3,펭귄 똠방각하 쀍"),
    ]


@pytest.mark.parametrize(("delimiter", "name"), [("\t", "x.tsv"), ("\t", "x.txt"), (";", "x.csv")])
def test_other_delimiters(write, delimiter, name):
    path = write(f"a{delimiter}b\n1,5{delimiter}2\n", name)
    assert _read(path) == [(2, ("1,5", "2"))]


def test_a_row_that_does_not_decode_is_rejected_and_its_neighbours_kept(write):
    path = write("a,b\n1,가나다\n".encode() + b"2,\xff\xff\n" + '3,"라\n'.encode() + b'\xb0\xa1"\n' + "4,마\n".encode())
    assert _read(path) == [
        (2, ("1", "가나다")),
        (3, "encoding.undecodable"),
        (4, "encoding.undecodable"),
        (6, ("4", "마")),
    ]


def test_a_nul_after_the_sample_is_rejected(write):
    path = write(b"a,b\n" + b"1,2\n" * 80_000 + b"3,\x00\n4,5\n")
    assert _read(path, skip=80_000) == [(80_002, "encoding.undecodable"), (80_003, ("4", "5"))]


def test_the_first_bytes_beyond_ascii_decide_where_the_sample_has_none(write):
    head = b"a,b\n" + b"1,2\n" * 80_000
    assert _read(write(head + "3,민원\n".encode("cp949")), skip=80_000) == [(80_002, ("3", "민원"))]
    assert _read(write(head + "3,민원\n".encode()), skip=80_000) == [(80_002, ("3", "민원"))]


def test_rows_with_too_many_or_too_few_columns_are_rejected(write):
    path = write('a,b\n1,2\n3\n4,5,6\n7,"8\n9",x\n10,11\n')
    assert _read(path) == [
        (2, ("1", "2")),
        (3, "row.columns"),
        (4, "row.columns"),
        (5, "row.columns"),
        (7, ("10", "11")),
    ]


def test_a_quote_closed_by_a_later_rows_quote_costs_only_its_own_line(write):
    path = write('a,b\n1,"never closed\n2,two\n3,"three"\n4,four\n')
    assert _read(path) == [(2, "row.unbalanced_quote"), (3, ("2", "two")), (4, ("3", "three")), (5, ("4", "four"))]


def test_a_quote_that_never_closes_costs_only_its_own_line(write):
    path = write('a,b\n0,zero\n1,"never closed\n2,two\n3,three\n')
    assert _read(path) == [(2, ("0", "zero")), (3, "row.unbalanced_quote"), (4, ("2", "two")), (5, ("3", "three"))]


@pytest.mark.parametrize("filler", [["x,y\n"] * 6_000, ["x," + "y" * 9_998 + "\n"] * 120])
def test_a_quote_open_over_the_bound_costs_only_its_own_line(write, filler):
    path = write("".join(['a,b\n1,"open\n', *filler, '2,"closed"\n']))
    rows = _read(path)
    assert rows[0] == (2, "row.unbalanced_quote")
    assert len(rows) == len(filler) + 2
    assert rows[-1] == (len(filler) + 3, ("2", "closed"))


def test_a_row_may_be_as_long_as_the_bound(write, monkeypatch):
    monkeypatch.setattr(formats, "MAX_RECORD_LINES", 3)
    assert _read(write('a,b\n1,"x\ny\nz"\n')) == [(2, ("1", "x\ny\nz"))]
    assert [found for _, found in _read(write('a,b\n1,"x\ny\nz\n"\n2,3\n'))] == [
        "row.unbalanced_quote",
        "row.columns",
        "row.columns",
        "row.unbalanced_quote",
        ("2", "3"),
    ]


def test_quotes_that_are_not_csv_but_readable_are_read(write):
    path = write('a,b\n1,a 5" pipe\n2,"he said "hi" to me"\n3,"x"y"\n')
    assert _read(path) == [(2, ("1", 'a 5" pipe')), (3, ("2", 'he said hi" to me"')), (4, "row.unbalanced_quote")]


def test_a_field_beyond_the_csv_modules_own_limit_is_read(write):
    assert _read(write("a,b\n1," + "x" * 500_000 + "\n"))[0] == (2, ("1", "x" * 500_000))


def test_raw_is_bounded(write):
    table = open_table(write("a,b\n1," + "x" * 9_000 + "\n"))
    (row,) = table.rows()
    table.close()
    assert isinstance(row, Row)
    assert len(row.raw) == 4_000


def test_columns_of_one_name_get_a_number_and_spaces_go(write):
    table = open_table(write(" a ,a,b,a\n"))
    table.close()
    assert table.columns == ("a", "a.2", "b", "a.3")


def test_a_truncated_gz_gives_its_rows_first(write):
    text = "a,b\n" + "".join(f"{number},{number * 7919 % 10_007}\n" for number in range(50_000))
    packed = gzip.compress(text.encode(), mtime=0)
    table = open_table(write(packed[: len(packed) // 2], "cut.csv.gz"))
    rows: list[Row | Reject] = []
    with pytest.raises(SourceError, match="truncated") as fault:
        rows.extend(table.rows())  # extend keeps what came before the fault
    table.close()
    assert fault.value.exit_code == 1
    assert 15_000 < len(rows) < 35_000
    assert [row.values["a"] for row in rows if isinstance(row, Row)] == [str(number) for number in range(len(rows))]


def test_json_lines_keep_every_digit_and_tell_bad_lines(write):
    lines = [
        '{"id": 12345678901234567890, "score": 1.10, "ok": true, "none": null, "list": ["가"]}',
        "",
        '{"id": "x"}',
        "[1]",
        '{"id": ',
        '{"id": "\\u0000"}',
        '{"id": "\\ud83d"}',
        "[" * 100_000,
        '{"id": "\\ud83d\\ude00"}',
    ]
    assert _read(write("\n".join(lines), "x.jsonl")) == [
        (1, ("12345678901234567890", "1.10", "true", "", '["가"]')),
        (3, ("x", "", "", "", "")),
        (4, "json.invalid"),
        (5, "json.invalid"),
        (6, "encoding.undecodable"),
        (7, "encoding.undecodable"),
        (8, "json.invalid"),
        (9, ("😀", "", "", "", "")),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_json_lines_in_every_encoding(write, encoding):
    assert _read(write('{"글": "민원"}\n{"글": "답변"}'.encode(encoding), "x.jsonl")) == [
        (1, ("민원",)),
        (2, ("답변",)),
    ]


def test_skipped_rows_count_rejects_but_not_blank_lines(write):
    path = write('a,b\n1,2\n\n3\n"4\n",5\n6,7\n')
    whole = _read(path)
    assert [line for line, _ in whole] == [2, 4, 5, 7]
    for skip in range(6):
        assert _read(path, skip) == whole[skip:]


_cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
_pieces = st.text(st.sampled_from('가힣,"\n\r\t; a'), max_size=12)
_cp949 = st.text(st.sampled_from('가각힣뷁丙、,"\n\r\t; a~|\\'), max_size=12)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(_cells | _pieces, _cells | _pieces, _cells), max_size=8))
def test_whatever_csv_writes_comes_back_the_same_in_utf8(tmp_path, rows):
    _round_trip(tmp_path, rows, "utf-8", declared=None)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(_cp949, _cp949, _cp949), max_size=8))
def test_whatever_csv_writes_comes_back_the_same_in_cp949(tmp_path, rows):
    # Declared: a handful of CP949 letters can be valid UTF-8 by accident.
    _round_trip(tmp_path, rows, "cp949", declared="cp949")


def _round_trip(tmp_path: Path, rows: list[tuple[str, ...]], encoding: str, declared: str | None) -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([("a", "b", "c"), *rows])
    path = tmp_path / "table.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    assert [values for _, values in _read(path, encoding=declared)] == rows


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=80) | st.text(st.sampled_from('가,"\n{}:1a\t;'), max_size=80).map(str.encode))
def test_any_bytes_are_read_or_refused_in_one_line(tmp_path, content):
    path = tmp_path / "any.csv"
    path.write_bytes(content)
    message = ""
    try:
        _read(path)
    except SourceError as refusal:
        message = str(refusal)
    assert "\n" not in message
