"""Refusals: one line each, with the right exit code, quickly and in little memory."""

from __future__ import annotations

import gzip
import io
import os
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from data_sources.base import SourceError, UsageError
from data_sources.connectors.files.formats import open_table
from data_sources.connectors.files.opening import fingerprint, inspect

TWO_GIB = 2 * 1024**3


def _count(path: Path) -> int:
    table = open_table(path)
    try:
        return sum(1 for _ in table.rows())
    finally:
        table.close()


def _refusal(path: Path, error: type[SourceError] = UsageError) -> str:
    with pytest.raises(SourceError) as refusal:
        _count(path)
    assert type(refusal.value) is error
    message = str(refusal.value)
    assert "\n" not in message
    return message


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "empty.csv", "is empty"),
        (b"\xef\xbb\xbf\r\n  \n", "blank.csv", "is empty"),
        (b"", "empty.jsonl", "is empty"),
        (gzip.compress(b"", mtime=0), "empty.csv.gz", "is empty"),
        (b"a,b\n1,\x00\n", "binary.csv", "binary"),
        (gzip.compress(b"a\x00b", mtime=0), "binary.gz", "binary"),
        ("a,b\n1,2\n".encode("utf-16"), "wide.csv", "UTF-16"),
        ("a,b\n1,2\n".encode("utf-16-be"), "wide.csv", "binary"),
        (b"\xfe\xff" + "a,b\n".encode("utf-16-be"), "wide.csv", "UTF-16"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500, "old.xls", ".xls"),
        (b"a,b\r1,2\r3,4", "mac.csv", "CR only"),
        (b"[\n{}\n]", "array.json", "not JSON Lines"),
        (b'{"a":\n1}\n', "pretty.json", "no line is a JSON object"),
        (b"PK\x03\x04 and then nothing", "broken.xlsx", "damaged"),
        (b" , ,\n1,2,3\n", "noheader.csv", "no header"),
        (b'a,"b\n1,2\n', "openheader.csv", "header line is unreadable"),
        (b"\xff\xf1a,b\n1,2\n", "x.csv", "header line does not decode"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(write, content, name, words):
    assert words in _refusal(write(content, name))


def test_a_missing_file_and_a_folder_are_wrong_usage(tmp_path):
    assert _refusal(tmp_path / "none.csv").startswith("no file ")
    assert "folder" in _refusal(tmp_path)
    assert UsageError.exit_code == 2


def test_a_name_with_a_line_break_stays_one_line(tmp_path):
    assert "none?.csv" in _refusal(tmp_path / "none\n.csv")


def test_a_pipe_is_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    assert "not a regular file" in _refusal(tmp_path / "pipe.csv")


def test_no_permission_is_said(write, monkeypatch):
    path = write("a\n1\n")

    def refuse(*args: object, **kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)  # root may read everything, so the mode would not do
    assert "no permission" in _refusal(path)


def test_a_zip_that_is_no_workbook_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "data.xlsx", "w") as archive:
        archive.writestr("data.csv", "a,b\n1,2\n")
    assert "not an Excel workbook" in _refusal(tmp_path / "data.xlsx")


@pytest.mark.parametrize("gzipped", [False, True])
def test_a_zip_bomb_is_refused_before_it_is_opened(tmp_path, gzipped):
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as member:
            for _ in range(110):
                member.write(bytes(1024 * 1024))
    path = tmp_path / ("bomb.xlsx.gz" if gzipped else "bomb.xlsx")
    path.write_bytes(gzip.compress(memory.getvalue(), mtime=0) if gzipped else memory.getvalue())
    assert path.stat().st_size < 200_000
    assert "decompression bomb" in _refusal(path, SourceError)


def test_a_gz_bomb_stops_after_100_mib(tmp_path):
    path = tmp_path / "bomb.csv.gz"
    with gzip.open(path, "wb") as file:
        file.write(b"a,b\n")
        rows = (b"1," + b"2" * 16_381 + b"\n") * 64
        for _ in range(120):
            file.write(rows)
    assert path.stat().st_size < 500_000
    tracemalloc.start()
    with pytest.raises(SourceError, match="decompression bomb") as refusal:
        _count(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert type(refusal.value) is SourceError
    assert peak < 16 * 1024**2


def test_a_well_compressed_small_gz_is_no_bomb(write):
    assert _count(write(gzip.compress(b"a,b\n" + b"1,2\n" * 200_000, mtime=0), "small.csv.gz")) == 200_000


def test_a_damaged_gz_is_a_fault(write):
    packed = bytearray(gzip.compress(os.urandom(400_000).hex().encode(), mtime=0))
    packed[300_000] ^= 0xFF
    assert "damaged gz" in _refusal(write(b"\x1f\x8b" + b"junk" * 10, "junk.gz"), SourceError)
    assert "gz" in _refusal(write(bytes(packed), "flipped.csv.gz"), SourceError)


@pytest.mark.parametrize("head", [b"", b"a,b\n1,2\n", b"a,b\n" + b"1,2\n" * 100_000])
def test_two_gigabytes_of_one_line_are_refused_in_little_memory(tmp_path, head):
    path = tmp_path / "sparse.csv"
    with path.open("wb") as file:
        file.write(head)
        file.truncate(TWO_GIB)
    tracemalloc.start()
    with pytest.raises(SourceError, match=r"binary|line 100002 is longer than 4 MiB") as refusal:
        _count(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 32 * 1024**2
    assert "\n" not in str(refusal.value)


def test_the_fingerprint_is_of_the_content_not_the_name(write):
    first = fingerprint(write("a,b\n1,2\n", "one.csv"))
    assert fingerprint(write("a,b\n1,2\n", "two.txt")) == first
    assert fingerprint(write("a,b\n1,3\n", "three.csv")) != first
    assert first.startswith("8-")


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (b"a,b\n1,2\n", "x.csv", ("delimited", ",", None, False)),
        (b"a\tb,c\td\n", "x.txt", ("delimited", "\t", None, False)),
        (b"a;b;c\n", "x.csv", ("delimited", ";", None, False)),
        (b'"a;b;c;d",e\n', "x.csv", ("delimited", ",", None, False)),
        (b"a,b,c\n", "x.tsv", ("delimited", "\t", None, False)),
        (b"only\n1\n", "x.csv", ("delimited", ",", None, False)),
        ("글,날짜\n민원,1\n".encode(), "x.csv", ("delimited", ",", "utf-8", False)),
        ("글,날짜\n민원,1\n".encode("utf-8-sig"), "x.csv", ("delimited", ",", "utf-8", False)),
        (b"\xef\xbb\xbfa,b\n", "x.csv", ("delimited", ",", "utf-8", False)),
        ("글,날짜\n민원,1\n".encode("cp949"), "x.csv", ("delimited", ",", "cp949", False)),
        (b' \n{"a": 1}\n', "x.txt", ("jsonl", "", None, False)),
        (gzip.compress(b"a;b\n", mtime=0), "x.csv.gz", ("delimited", ";", None, True)),
        (gzip.compress(b"a,b\n", mtime=0), "misnamed.csv", ("delimited", ",", None, True)),
    ],
)
def test_inspect_goes_by_content_and_name(write, content, name, expected):
    kind = inspect(write(content, name))
    assert (kind.format, kind.delimiter, kind.encoding, kind.gzipped) == expected


def test_an_unknown_encoding_is_a_wrong_usage(write):
    with pytest.raises(UsageError, match="unknown encoding"):
        inspect(write("a\n"), "shift-jis")
