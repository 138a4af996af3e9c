"""``python -m nlp dictionary suggest``: terms that a person may add to the civic dictionary. Nothing is added by itself."""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import json
import sys
import time
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from nlp.new_terms import MAX_BASELINE_DOCUMENTS, MIN_DOCUMENTS, NewTerm, new_terms
from nlp.tokenizers import TOKENIZERS

_Item = TypeVar("_Item")

_KST = ZoneInfo("Asia/Seoul")
_RECENT_DAYS = 30  # a month of posts is compared with all before it, unless --since says otherwise
_DEFAULT_TOP = 50  # of 24 invented names 17 stood among the first 50 of 1,189; longer lists are not read
_PROGRESS_EVERY_S = 5.0
_DESCRIPTION = f"""\
Print words that stand in at least {MIN_DOCUMENTS} recent texts and at most {MAX_BASELINE_DOCUMENTS} of the time before, the most telling
first: names of new services, places and matters. Terms of the dictionary are left out. A person reads the list, and
adds to nlp/resources/civic_terms.toml what is a term (--toml prints lines for it).

FILE is CSV (.csv), JSON lines (.jsonl, or - for standard input), each with a text and a date; or one text a line
(any other name), which has no dates, so that --baseline names the file of the time before."""
_EPILOG = "Exit codes: 0 done, 1 a file cannot be read or there is nothing to compare, 2 wrong usage."


class _Unusable(ValueError):
    """The input cannot be used; the message is one line for a person."""


class _Row(NamedTuple):
    text: str
    day: dt.date | None


def add_parser(commands: Any) -> None:
    """Add ``dictionary suggest`` to the sub-commands of ``python -m nlp``."""
    dictionary = commands.add_parser("dictionary", help="the civic dictionary: suggest terms for it")
    actions = dictionary.add_subparsers(dest="action", required=True, metavar="suggest")
    suggest = actions.add_parser(
        "suggest",
        help="words of recent texts that the time before hardly has",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    suggest.add_argument("file", metavar="FILE", help="CSV, JSON lines, one text a line, or - for standard input")
    suggest.add_argument("--text", default="text", metavar="NAME", help="column or key of the text (default: text)")
    suggest.add_argument(
        "--date", default="created_at", metavar="NAME", help="column or key of the date (default: created_at)"
    )
    suggest.add_argument(
        "--since",
        type=_day,
        metavar="DATE",
        help=f"first day of the recent period, KST (default: the last {_RECENT_DAYS} days of FILE)",
    )
    suggest.add_argument("--until", type=_day, metavar="DATE", help="last day of the recent period (default: the last)")
    suggest.add_argument("--baseline", metavar="FILE", help="texts of the time before; all of FILE is recent then")
    suggest.add_argument("--min-documents", type=_positive, default=MIN_DOCUMENTS, metavar="N")
    suggest.add_argument("--max-baseline", type=_natural, default=MAX_BASELINE_DOCUMENTS, metavar="N")
    suggest.add_argument("--top", type=_positive, default=_DEFAULT_TOP, metavar="N", help=f"default {_DEFAULT_TOP}")
    suggest.add_argument("--no-kiwi", action="store_true", help="do not ask Kiwi which words it does not know")
    suggest.add_argument("--toml", action="store_true", help="print lines for civic_terms.toml instead of the table")
    suggest.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the suggestions; return 0, or 1 where the input cannot be used."""
    if options.baseline and (options.since or options.until):
        print("--baseline takes all of FILE as recent: it goes without --since and --until", file=sys.stderr)
        return 2
    try:
        recent, baseline = _periods(options)
        found = new_terms(
            _with_progress(recent, "recent texts"),
            _with_progress(baseline, "texts before"),
            min_documents=options.min_documents,
            max_baseline_documents=options.max_baseline,
        )
    except (_Unusable, OSError, UnicodeDecodeError, csv.Error) as exc:
        print(_one_line(exc, options.file), file=sys.stderr)
        return 1
    shown = found[: options.top]
    if not options.no_kiwi and TOKENIZERS["kiwi"].is_installed():
        shown = _judged_by_kiwi(shown)
    print("\n".join(_toml_lines(shown) if options.toml else _table(shown)))
    print(f"recent={len(recent)} baseline={len(baseline)} candidates={len(found)} shown={len(shown)}", file=sys.stderr)
    return 0


def _periods(options: argparse.Namespace) -> tuple[list[str], list[str]]:
    rows = list(_with_progress(_rows(options.file, options), "lines"))
    if options.baseline:
        return [row.text for row in rows], [row.text for row in _rows(options.baseline, options)]
    days = [row.day for row in rows if row.day is not None]
    if len(days) < len(rows):
        raise _Unusable(f"{options.file} has no dates: name the texts of the time before with --baseline FILE")
    if not days:
        raise _Unusable(f"{options.file} holds no text")
    until = options.until or max(days)
    since = options.since or until - dt.timedelta(days=_RECENT_DAYS - 1)
    recent = [row.text for row, day in zip(rows, days, strict=True) if since <= day <= until]
    baseline = [row.text for row, day in zip(rows, days, strict=True) if day < since]
    for texts, period in ((recent, f"from {since} to {until}"), (baseline, f"before {since}")):
        if not texts:
            raise _Unusable(f"{options.file} holds no text {period}: there is nothing to compare")
    return recent, baseline


def _rows(name: str, options: argparse.Namespace) -> Iterator[_Row]:
    if name == "-":
        yield from _json_rows(sys.stdin, "standard input", options)
        return
    with Path(name).open(encoding="utf-8-sig", newline="") as file:
        match Path(name).suffix.lower():
            case ".csv":
                yield from _csv_rows(file, name, options)
            case ".jsonl" | ".ndjson":
                yield from _json_rows(file, name, options)
            case _:
                yield from (_Row(line.strip(), None) for line in file if line.strip())


def _csv_rows(file: IO[str], name: str, options: argparse.Namespace) -> Iterator[_Row]:
    csv.field_size_limit(10_000_000)  # the default refuses a long post
    reader = csv.DictReader(file)
    columns = list(reader.fieldnames or [])
    needed = [options.text] if options.baseline else [options.text, options.date]
    for column in needed:
        if column not in columns:
            raise _Unusable(f"{name} has no column {column!r} (--text, --date); it has: {', '.join(columns)}")
    for row in reader:
        yield _row(row, f"{name}, line {reader.line_num}", options)


def _json_rows(file: IO[str], name: str, options: argparse.Namespace) -> Iterator[_Row]:
    for number, line in enumerate(file, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as exc:
            raise _Unusable(f"{name}, line {number}: no JSON object: {exc}") from exc
        if not isinstance(row, dict) or not isinstance(row.get(options.text), str):
            raise _Unusable(f"{name}, line {number}: no object with a text under {options.text!r} (--text)")
        yield _row(row, f"{name}, line {number}", options)


def _row(row: dict[str, Any], place: str, options: argparse.Namespace) -> _Row:
    text = row.get(options.text) or ""
    if options.baseline:
        return _Row(text, None)
    value = str(row.get(options.date) or "").strip()
    try:
        return _Row(text, _day_of(value))
    except ValueError as exc:
        raise _Unusable(f"{place}: {value!r} under {options.date!r} is no ISO date (--date)") from exc


def _day_of(value: str) -> dt.date:
    """Return the day in Korea; a time without a zone is Korean time."""
    time_of = dt.datetime.fromisoformat(value)
    return time_of.astimezone(_KST).date() if time_of.tzinfo else time_of.date()


def _judged_by_kiwi(terms: list[NewTerm]) -> list[NewTerm]:
    """Return the terms with Kiwi's opinion, from the examples: a word is unknown where any part of it is."""
    # Only here, so that the package is imported where it is installed; the flag is no part of a Token.
    from nlp.tokenizers.kiwi import KiwiTokenizer

    kiwi = KiwiTokenizer(user_dictionary=False)._kiwi
    judged = []
    for term in _with_progress(terms, "asking Kiwi, terms"):
        is_unknown = False
        for context in term.contexts:
            start = context.find(term.term)
            end = start + len(term.term)
            is_unknown |= any(
                token.oov and token.start < end and token.start + token.len > start for token in kiwi.tokenize(context)
            )
        judged.append(replace(term, is_unknown=is_unknown))
    return judged


def _with_progress(items: Iterable[_Item], label: str) -> Iterator[_Item]:
    """Yield the items; say on standard error how many, in place on a terminal, else in a line every few seconds."""
    is_terminal = sys.stderr.isatty()
    last = time.monotonic()
    for number, item in enumerate(items, 1):
        yield item
        # The clock is read for every thousandth only, which is a hundredth of a second of work.
        if number % 1_000 == 0 and time.monotonic() - last >= (0.2 if is_terminal else _PROGRESS_EVERY_S):
            last = time.monotonic()
            print(f"{label}: {number}", end="\r" if is_terminal else "\n", file=sys.stderr, flush=True)


def _table(terms: list[NewTerm]) -> list[str]:
    if not terms:
        return ["no new terms"]
    head = ("term", "documents", "baseline", "G2", "unknown to Kiwi", "example")
    verdict = {True: "yes", False: "no", None: "-"}
    rows = [
        (
            each.term,
            str(each.documents),
            str(each.baseline_documents),
            f"{each.g2:.1f}",
            verdict[each.is_unknown],
            each.contexts[0] if each.contexts else "",
        )
        for each in terms
    ]
    widths = [max(_width(row[column]) for row in [head, *rows]) for column in range(len(head))]
    return [
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in [head, *rows]
    ]


def _toml_lines(terms: list[NewTerm]) -> list[str]:
    return [f'  "{each.term}",  # {each.documents} texts, {each.baseline_documents} before' for each in terms]


def _width(cell: str) -> int:
    """Return the columns a terminal needs: Hangul takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in cell)


def _one_line(error: Exception, name: str) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"{name} is not UTF-8: {error.reason} at byte {error.start}"
    if isinstance(error, OSError):
        return f"{error.filename or name} cannot be read: {error.strerror or error}"
    return " ".join(str(error).split())


def _day(value: str) -> dt.date:
    try:
        return dt.date.fromisoformat(value)
    except ValueError as exc:
        raise argparse.ArgumentTypeError(f"{value!r} is no date such as 2026-03-01") from exc


def _positive(value: str) -> int:
    return _at_least(1, value)


def _natural(value: str) -> int:
    return _at_least(0, value)


def _at_least(least: int, value: str) -> int:
    if not value.isdecimal() or int(value) < least:
        raise argparse.ArgumentTypeError(f"{value!r} is no whole number from {least}")
    return int(value)
