"""CSV: opens in Korean, runs no formula, leaves numbers alone."""

from __future__ import annotations

import pandas as pd
import pytest

from db.csv_files import csv_bytes, neutralised


def test_csv_begins_with_the_byte_order_mark_and_keeps_korean() -> None:
    assert csv_bytes(pd.DataFrame({"낱말": ["아리수"]})) == b"\xef\xbb\xbf" + "낱말\n아리수\n".encode()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_a_spreadsheet_would_run_gets_an_apostrophe(start: str) -> None:
    assert neutralised(f"{start}1+1") == f"'{start}1+1"


def test_other_text_is_unchanged() -> None:
    assert [neutralised(value) for value in ("a=1", "", "'=1", "아리수", None)] == ["a=1", "", "'=1", "아리수", None]


def test_csv_neutralises_text_and_headers_but_no_number() -> None:
    frame = pd.DataFrame({"=head": ["=cmd()", "@a"], "z": [-1.5, 2.0], "n": [-3, 4]})
    assert csv_bytes(frame).decode("utf-8-sig") == "'=head,z,n\n'=cmd(),-1.5,-3\n'@a,2.0,4\n"


def test_a_cell_with_a_line_break_stays_one_cell() -> None:
    frame = pd.DataFrame({"text": ["-one\n=two, three"]})
    assert csv_bytes(frame).decode("utf-8-sig") == 'text\n"\'-one\n=two, three"\n'


def test_missing_values_are_empty_cells() -> None:
    assert csv_bytes(pd.DataFrame({"a": [None, "x"], "b": [1.0, None]})).decode("utf-8-sig") == "a,b\n,1.0\nx,\n"
