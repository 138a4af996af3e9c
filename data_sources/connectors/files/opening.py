"""Opens a file and finds out what it is, before a row of it is read. Every refusal is one line."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import stat
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal

from data_sources.base import SourceError, UsageError

if TYPE_CHECKING:
    from typing_extensions import Buffer  # collections.abc has it from Python 3.12

Format = Literal["delimited", "jsonl", "xlsx"]

SAMPLE_BYTES = 256 * 1024  # enough Korean text to tell UTF-8 from CP949; read twice per run, so kept small
FINGERPRINT_BYTES = 1024 * 1024  # of each end; a whole multi-gigabyte file would take minutes to hash
MAX_LINE_BYTES = 4 * 1024 * 1024  # 200 times the longest text a post may have
MAX_EXPANSION = 200  # real tables compress 3 to 20 times
MIN_BOMB_BYTES = 32 * 1024 * 1024  # below this even a bomb does no harm

_GZIP = b"\x1f\x8b"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of .xls and .doc
_BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
_DELIMITERS = (",", "\t", ";")
_KNOWN_ENCODINGS = {"utf-8": "utf-8", "utf8": "utf-8", "utf-8-sig": "utf-8", "cp949": "cp949", "euc-kr": "cp949"}


@dataclass(frozen=True)
class FileKind:
    """What a file is. ``encoding`` is None while every byte seen is ASCII; the first other byte decides."""

    format: Format
    delimiter: str
    encoding: str | None
    gzipped: bool


def shown(path: Path) -> str:
    """Return ``path`` as it may stand in a one-line message."""
    return str(path).encode("utf-8", "replace").decode().replace("\n", "?").replace("\r", "?")


def check_expansion(expanded: int, compressed: int, path: Path) -> None:
    """Raise SourceError where ``expanded`` bytes out of ``compressed`` ones are a decompression bomb."""
    if expanded > MIN_BOMB_BYTES and expanded > MAX_EXPANSION * compressed:
        raise SourceError(
            f"{shown(path)} expands more than {MAX_EXPANSION} times; this looks like a decompression bomb: "
            "unpack it yourself if you trust it"
        )


class _GuardedGzip(io.RawIOBase):
    """Decompressed bytes, counted against the compressed ones; faults come as SourceError."""

    def __init__(self, raw: BinaryIO, path: Path) -> None:
        super().__init__()
        self._raw = raw
        self._path = path
        self._unpacked = gzip.GzipFile(fileobj=raw, mode="rb")
        self._expanded = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer)
        try:
            # read1, not read: at a truncated end, read would throw away what was already unpacked.
            data = self._unpacked.read1(len(view))
        except EOFError as exc:
            raise SourceError(f"{shown(self._path)} ends too early: the gz is truncated; copy it again") from exc
        except (zlib.error, gzip.BadGzipFile) as exc:
            raise SourceError(f"{shown(self._path)} is a damaged gz; copy it again") from exc
        view[: len(data)] = data
        self._expanded += len(data)
        check_expansion(self._expanded, self._raw.tell(), self._path)
        return len(data)


class ByteSource:
    """The bytes of a file, unpacked where it is a gz. Use as a context manager.

    ``stream`` is what to read; ``fraction()`` how much of the file on disk that has consumed.
    """

    def __init__(self, path: Path) -> None:
        self._raw = _open_regular_file(path)
        self._size = os.fstat(self._raw.fileno()).st_size
        self.gzipped = self._raw.read(2) == _GZIP
        self._raw.seek(0)
        self.stream: BinaryIO = self._raw
        if self.gzipped:
            self.stream = io.BufferedReader(_GuardedGzip(self._raw, path), SAMPLE_BYTES)

    def __enter__(self) -> ByteSource:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; safe to call twice."""
        self.stream.close()
        self._raw.close()

    def fraction(self) -> float:
        """Return the part of the file read so far, 0 to 1."""
        return min(1.0, self._raw.tell() / self._size) if self._size else 1.0


def _open_regular_file(path: Path) -> BinaryIO:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise UsageError(f"{shown(path)} is a folder; name one file")
        if not stat.S_ISREG(mode):  # a pipe or device would block or never end
            raise UsageError(f"{shown(path)} is not a regular file; save it to disk first")
        return path.open("rb")
    except FileNotFoundError as exc:
        raise UsageError(f"no file {shown(path)}") from exc
    except PermissionError as exc:
        raise UsageError(f"no permission to read {shown(path)}; change its permissions") from exc
    except (OSError, ValueError) as exc:  # ValueError: a NUL in the name
        raise UsageError(f"cannot open {shown(path)}: {getattr(exc, 'strerror', None) or exc}") from exc


def fingerprint(path: Path) -> str:
    """Return a short name of the content, whatever the file is called: size and a hash of both ends."""
    with _open_regular_file(path) as raw:
        size = os.fstat(raw.fileno()).st_size
        digest = hashlib.blake2b(raw.read(FINGERPRINT_BYTES), digest_size=8)
        raw.seek(max(0, size - FINGERPRINT_BYTES))
        digest.update(raw.read(FINGERPRINT_BYTES))
    return f"{size}-{digest.hexdigest()}"


def inspect(path: Path, encoding: str | None = None) -> FileKind:
    """Find out format, delimiter and encoding from the beginning of ``path`` and its name.

    Parameters
    ----------
    path : Path
    encoding : str or None
        Overrules the guess; UTF-8 and CP949 (EUC-KR) are known.

    Raises
    ------
    UsageError
        The file is missing, empty, binary, or of a kind that is not read; the line says what to do.
    SourceError
        A gz that is damaged from its beginning, or a decompression bomb.
    """
    if encoding is not None and encoding.lower() not in _KNOWN_ENCODINGS:
        raise UsageError(f"unknown encoding {encoding!r}; known: utf-8, cp949")
    with ByteSource(path) as source:
        gzipped = source.gzipped
        sample = _read_sample(source.stream)
        name = path.name.lower().removesuffix(".gz")
        if sample.startswith(_ZIP):
            if not gzipped:
                _check_workbook(path, source.stream)
            return FileKind("xlsx", "", "utf-8", gzipped)
    _refuse_unreadable(sample, path)
    declared = _KNOWN_ENCODINGS[encoding.lower()] if encoding else None
    guessed = declared or ("utf-8" if sample.startswith(_BOM) else _guess_encoding(sample))
    text = sample.removeprefix(_BOM).lstrip()
    if not text:
        raise UsageError(f"{shown(path)} is empty")
    if text.startswith(b"{"):
        return FileKind("jsonl", "", guessed, gzipped)
    if name.endswith((".json", ".jsonl", ".ndjson")):
        raise UsageError(f"{shown(path)} is not JSON Lines; save it with one JSON object per line")
    return FileKind("delimited", _guess_delimiter(text, name, guessed), guessed, gzipped)


def _read_sample(stream: BinaryIO) -> bytes:
    pieces: list[bytes] = []
    missing = SAMPLE_BYTES
    try:
        while missing and (piece := stream.read1(missing)):  # type: ignore[attr-defined]  # BinaryIO lacks read1
            pieces.append(piece)
            missing -= len(piece)
    except SourceError:
        if not pieces:
            raise
        # What can be unpacked is still imported; the fault is reported where the reading gets there.
    return b"".join(pieces)


def _refuse_unreadable(sample: bytes, path: Path) -> None:
    if not sample:
        raise UsageError(f"{shown(path)} is empty")
    if sample.startswith(_UTF16_BOMS):
        raise UsageError(f"{shown(path)} is UTF-16; save it as UTF-8 (in Excel: CSV UTF-8)")
    if sample.startswith(_OLE):
        raise UsageError(f"{shown(path)} is an old (.xls) or locked Excel workbook; save it as plain .xlsx or CSV")
    if b"\x00" in sample:
        raise UsageError(f"{shown(path)} is a binary file; CSV, TSV, JSON Lines, XLSX and gz of these can be read")
    if b"\r" in sample and b"\n" not in sample:
        raise UsageError(f"{shown(path)} ends its lines with CR only (old Mac); save it with LF or CRLF")


def _check_workbook(path: Path, stream: BinaryIO) -> None:
    try:
        with zipfile.ZipFile(stream) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as exc:
        raise UsageError(f"{shown(path)} is a damaged zip or workbook; save it again") from exc
    check_members(members, path)


def check_members(members: list[zipfile.ZipInfo], path: Path) -> None:
    """Refuse a zip that is no Excel workbook, and one whose directory promises a decompression bomb."""
    if "xl/workbook.xml" not in {member.filename for member in members}:
        raise UsageError(f"{shown(path)} is a zip, but not an Excel workbook; unpack it and name one file")
    expanded = sum(member.file_size for member in members)
    check_expansion(expanded, sum(member.compress_size for member in members), path)


def _guess_encoding(sample: bytes) -> str | None:
    if sample.isascii():
        return None
    utf8 = cp949 = 0
    # The last line may be cut inside a character.
    lines = sample.split(b"\n")
    for line in lines[:-1] if len(lines) > 1 and len(sample) == SAMPLE_BYTES else lines:
        if line.isascii():
            continue
        if decodes(line, "utf-8"):
            utf8 += 1
        elif decodes(line, "cp949"):
            cp949 += 1
    return "cp949" if cp949 > utf8 else "utf-8"


def decodes(data: bytes, encoding: str) -> bool:
    """Say whether ``data`` is text in ``encoding``."""
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _guess_delimiter(text: bytes, name: str, encoding: str | None) -> str:
    if name.endswith((".tsv", ".tab")):
        return "\t"
    header = text.split(b"\n", 1)[0].decode(encoding or "utf-8", "replace")
    outside = "".join(header.split('"')[::2])  # what stands between the quoted names
    return max(_DELIMITERS, key=outside.count)  # the first of equals: a comma for a single column


class LineReader:
    """Numbered, decoded, bounded lines of a text file.

    ``read()`` returns ``(line number, text, decodable)``, or None at the end. Text that does not decode comes
    with U+FFFD in it and False, so that its row can be rejected and its neighbours kept.
    """

    def __init__(self, stream: BinaryIO, encoding: str | None, path: Path) -> None:
        self._readline: Callable[[int], bytes] = stream.readline
        self._encoding = encoding
        self._path = path
        self._number = 0

    def read(self) -> tuple[int, str, bool] | None:
        data = self._readline(MAX_LINE_BYTES + 1)
        if not data:
            return None
        self._number += 1
        if self._number == 1:
            data = data.removeprefix(_BOM)
        if len(data) > MAX_LINE_BYTES:
            raise SourceError(
                f"{shown(self._path)}: line {self._number} is longer than {MAX_LINE_BYTES // 2**20} MiB; "
                "this is no table with one row per line"
            )
        if self._encoding is None and not data.isascii():
            self._encoding = "cp949" if decodes(data, "cp949") and not decodes(data, "utf-8") else "utf-8"
        try:
            text = data.decode(self._encoding or "utf-8")
        except UnicodeDecodeError:
            return self._number, data.decode(self._encoding or "utf-8", "replace"), False
        return self._number, text, "\x00" not in text
