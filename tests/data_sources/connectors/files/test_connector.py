"""Pages, cursors, and the real files beside the repository."""

from __future__ import annotations

import csv
import gzip
import json
import tracemalloc
from collections import Counter
from zoneinfo import ZoneInfo

import pytest

from data_sources.base import SourceError, UsageError
from data_sources.connectors.files import REJECT_REASONS, FileConnector
from data_sources.records import EARLIEST_POST, Page
from tests.data_sources.connectors.files.conftest import NOW, read_all

TABLE = "id,text,created_at\n" + "".join(f"{n},글 {n},{'2024-03-01' if n % 3 else '어제'}\n" for n in range(10))


def test_pages_hold_page_size_rows_and_a_cursor(write):
    connector = FileConnector(write(TABLE), page_size=4, now=NOW)
    pages = list(connector.fetch(None))
    assert [(len(page.records), len(page.rejects)) for page in pages] == [(2, 2), (3, 1), (1, 1)]
    assert [json.loads(page.cursor) for page in pages] == [
        {"rows": 4, "done": False},
        {"rows": 8, "done": False},
        {"rows": 10, "done": True},
    ]
    assert pages[-1].fraction == 1.0
    assert (connector.name, connector.origin) == ("file", "import")


def test_a_full_last_page_is_done(write):
    pages = list(FileConnector(write(TABLE), page_size=5, now=NOW).fetch(None))
    assert [json.loads(page.cursor)["done"] for page in pages] == [False, True]


@pytest.mark.parametrize("name", ["x.csv", "x.csv.gz", "x.jsonl"])
def test_resuming_from_any_cursor_gives_the_tail_of_a_full_read(write, name):
    content: str | bytes = TABLE
    if name == "x.jsonl":
        content = "\n\n".join(json.dumps(row) for row in csv.DictReader(TABLE.splitlines()))
    path = write(gzip.compress(TABLE.encode(), mtime=0) if name.endswith("gz") else content, name)
    connector = FileConnector(path, page_size=3, now=NOW)
    pages = list(connector.fetch(None))
    for number, page in enumerate(pages):
        rest = list(FileConnector(path, page_size=3, now=NOW).fetch(page.cursor))
        assert [(p.records, p.rejects, p.cursor) for p in rest] == [
            (p.records, p.rejects, p.cursor) for p in pages[number + 1 :]
        ]
    assert list(connector.fetch('{"rows": 99}')) == []


@pytest.mark.parametrize("cursor", ["", "x", "[]", "7", "null", '{"rows": "x"}', '{"rows": -1}', '{"rows": true}'])
def test_a_spoilt_cursor_is_a_fault(write, cursor):
    with pytest.raises(SourceError, match="cursor"):
        list(FileConnector(write(TABLE), now=NOW).fetch(cursor))


def test_the_source_names_preset_and_content_not_the_file(write):
    first = FileConnector(write(TABLE, "one.csv"), now=NOW).source
    assert FileConnector(write(TABLE, "two.csv"), now=NOW).source == first
    assert first.startswith(f"file:generic:{len(TABLE.encode())}-")


def test_what_stands_before_a_truncation_is_kept(write):
    text = "id,text,created_at\n" + "".join(f"{n},글 {n * 7919 % 10_007},2024-03-01\n" for n in range(50_000))
    packed = gzip.compress(text.encode(), mtime=0)
    connector = FileConnector(write(packed[: len(packed) // 2], "cut.csv.gz"), now=NOW)
    pages: list[Page] = []
    with pytest.raises(SourceError, match="truncated"):
        pages.extend(connector.fetch(None))
    posts = [post for page in pages for post in page.records]
    assert [post.platform_post_id for post in posts] == [str(n) for n in range(len(posts))]
    assert len(posts) > 15_000
    assert json.loads(pages[-1].cursor) == {"rows": len(posts), "done": False}


def test_a_file_of_a_header_only_has_no_pages(write):
    assert list(FileConnector(write("id,text,created_at\n")).fetch(None)) == []


def test_a_date_format_is_the_only_one_read(write):
    path = write("id,text,created_at\n1,글,01/03/2024\n2,글,2024-03-01\n")
    posts, rejects = read_all(FileConnector(path, date_format="%d/%m/%Y", now=NOW))
    assert [(post.platform_post_id, post.created_at.day) for post in posts] == [("1", 29)]
    assert [(row.source_row, row.reason) for row in rejects] == [(3, "time.unreadable")]


def test_a_page_size_of_nothing_is_a_wrong_usage(write):
    with pytest.raises(UsageError, match="page size"):
        FileConnector(write(TABLE), page_size=0)


def test_every_reason_has_a_sentence_in_both_languages():
    assert all(sentence.ko.endswith(".") and sentence.en.endswith(".") for sentence in REJECT_REASONS.values())
    assert EARLIEST_POST.year == 1990  # the year in the sentences


def test_memory_stays_flat_over_many_rows(write):
    def peak_over(rows: int) -> int:
        path = write(
            "id,text,created_at\n" + "".join(f"{n},글 {n},2024-03-01 09:00\n" for n in range(rows)), f"{rows}.csv"
        )
        tracemalloc.start()
        for page in FileConnector(path, page_size=1_000, now=NOW).fetch(None):
            assert not page.rejects
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    assert peak_over(12_000) < 1.2 * peak_over(4_000)


@pytest.mark.parametrize(
    ("name", "preset", "rows", "posts", "reasons"),
    [
        ("01_seoul_suggestions_2017_2021.csv", "seoul-suggestions", 10_736, 10_736, {}),
        ("02_seoul_suggestions_fulltext_2017_2019.csv", "seoul-suggestions", 3_413, 3_413, {}),
        ("05_incheon_junggu_minwon_masked.csv", "minwon", 752, 1_503, {}),
        ("06_petition_titles_expiry_2019-01_03.csv", "petitions", 47_957, 47_949, {"text.missing": 8}),
        ("07_petitions_fulltext_2019-04.jsonl", "petitions", 494, 494, {}),
        ("07_petitions_fulltext_2019-05.jsonl", "petitions", 714, 712, {"text.too_long": 2}),
        ("08_petitions_platform_2018-12-11_12.csv", "petitions", 1_468, 1_468, {}),
        ("15_twcs_threads.csv", "twcs", 1_954, 1_954, {}),
    ],
)
def test_the_real_files_are_read_whole(real_file, name, preset, rows, posts, reasons):
    found, rejects = read_all(FileConnector(real_file(name), preset))
    assert len({post.source_row for post in found} | {row.source_row for row in rejects}) == rows
    assert len(found) == posts
    assert Counter(row.reason for row in rejects) == reasons


def test_the_platforms_of_the_petitions_equal_a_count_by_the_csv_module(real_file):
    path = real_file("08_petitions_platform_2018-12-11_12.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        logins = Counter(row["person"].split(" - ")[0] for row in csv.DictReader(file))
    posts, _ = read_all(FileConnector(path, "petitions"))
    assert Counter(post.platform for post in posts) == {
        "naver": logins["naver"],
        "facebook": logins["facebook"],
        "x": logins["twitter"],
    }
    assert logins.total() == 1_468


def test_the_fields_of_the_suggestions_equal_a_count_by_the_csv_module(real_file):
    path = real_file("01_seoul_suggestions_2017_2021.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        by_field = Counter((row["VISIOIN_TXT"], row["REG_DATE"][:10]) for row in csv.DictReader(file))
    posts, _ = read_all(FileConnector(path, "seoul-suggestions"))
    seoul = ZoneInfo("Asia/Seoul")
    assert Counter((post.topic, post.created_at.astimezone(seoul).date().isoformat()) for post in posts) == by_field
