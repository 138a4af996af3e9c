"""A frozen figure as one file to take along and to check: CSV, JSON, SVG, the citation and what each column means."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlencode

import pandas as pd

from db.csv_files import csv_bytes
from db.figures.record import Frozen, NoRecord, figure_named, query_as_json
from db.records import KST
from db.version import code_version

DRAWN_WITH = f"matplotlib {version('matplotlib')}"
CSV, JSON, SVG, CITATION, DICTIONARY = "figure.csv", "figure.json", "figure.svg", "citation.txt", "data_dictionary.csv"
CHECKSUMS = "SHA256SUMS"
MEMBERS = (CSV, JSON, SVG, CITATION, DICTIONARY, CHECKSUMS)
MAX_MEMBER_BYTES = 50_000_000  # a figure of sixty years by day is a tenth of it; a file made to fill the memory is not
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment a zip knows: the file says nothing of when it was made
_CHECKSUM = re.compile(r"([0-9a-f]{64})  (\S+)")


class AlteredBundle(ValueError):
    """The file is no bundle of this program, or not as it was made."""


def bundle(frozen: Frozen) -> bytes:
    """Return the zip of a figure; the same figure gives the same bytes."""
    members = _members(frozen)
    lines = [f"{_digest(content)}  {name}" for name, content in members.items()]
    members[CHECKSUMS] = "\n".join([f"# drawn with {DRAWN_WITH}", *lines, ""]).encode()
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED, 9)
    return file.getvalue()


def open_bundle(path: Path) -> Frozen:
    """Return the figure of a zip after everything in it was checked.

    The numbers must give the id, CSV, dictionary and citation must be what the numbers make, and so must the picture where this
    program draws as the one that made it did.

    Raises
    ------
    AlteredBundle
        Something in it does not fit; the message says what.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
            if sorted(sizes) != sorted(MEMBERS):
                raise AlteredBundle(f"it holds {', '.join(sorted(sizes)) or 'nothing'} instead of {', '.join(MEMBERS)}")
            if max(sizes.values()) > MAX_MEMBER_BYTES:
                raise AlteredBundle("a file in it is larger than any figure")
            members = {name: archive.read(name) for name in MEMBERS}
        frozen, written_id = Frozen.from_json(members[JSON].decode())
        sums = members[CHECKSUMS].decode()
    except (zipfile.BadZipFile, UnicodeDecodeError, NoRecord, NotImplementedError, RuntimeError) as error:
        raise AlteredBundle(f"it is no bundle of a figure, or damaged: {error}") from error
    if frozen.id != written_id:
        raise AlteredBundle(f"{JSON}: the numbers give the id {frozen.id}, not {written_id}")
    _check_sums(members, sums)
    made = _tables(frozen)
    if frozen.code_version == code_version():  # another version may word or draw it otherwise
        made[CITATION] = _citation_bytes(frozen)
        if sums.startswith(f"# drawn with {DRAWN_WITH}\n"):
            made[SVG] = _picture(frozen)
    wrong = [name for name, content in made.items() if content != members[name]]
    if wrong:
        raise AlteredBundle(f"{', '.join(wrong)}: not what the numbers in {JSON} make")
    return frozen


def citation(frozen: Frozen) -> tuple[str, str]:
    """Return the line that cites a figure, Korean and English."""
    row, where = figure_named(frozen.figure), frozen.query.where
    edition, code = frozen.definition_version, frozen.code_version
    as_of = "–" if frozen.as_of is None else f"{frozen.as_of.astimezone(KST):%Y-%m-%d %H:%M} KST"
    narrowed = [*where.departments, *where.platforms, *where.classes, *frozen.query.terms]
    days = (where.start.isoformat(), where.end.isoformat())
    korean = [f"민원창, 「{row.title_ko}」", f"{days[0]}–{days[1]}", *narrowed, f"자료 기준 {as_of}"]
    korean += [f"정의 {edition}판"]
    english = [f"Minwon Window, “{row.title_en}”", f"{days[0]} to {days[1]}", *narrowed, f"data up to {as_of}"]
    english += [f"definition v{edition}"]
    korean += ["가상 데이터"] if where.synthetic else []
    english += ["synthetic data"] if where.synthetic else []
    end = f"SHA-256 {frozen.id}, {address(frozen)}"
    return (
        f"{', '.join(korean)}, {frozen.figure}, 코드 {code}판, {end}",
        f"{', '.join(english)}, {frozen.figure}, code {code}, {end}",
    )


def address(frozen: Frozen) -> str:
    """Return the page that says whether the figure is still the same, from the site's root."""
    asked = {name: value for name, value in query_as_json(frozen.query).items() if value}
    return "/methods?" + urlencode({"frozen": frozen.id, "figure": frozen.figure, **asked}, doseq=True)


def _members(frozen: Frozen) -> dict[str, bytes]:
    return {
        **_tables(frozen),
        JSON: frozen.as_json().encode(),
        SVG: _picture(frozen),
        CITATION: _citation_bytes(frozen),
    }


def _tables(frozen: Frozen) -> dict[str, bytes]:
    meanings = pd.DataFrame(list(frozen.columns), columns=["column", "dtype", "meaning"])
    return {CSV: csv_bytes(frozen.frame()), DICTIONARY: csv_bytes(meanings)}


def _citation_bytes(frozen: Frozen) -> bytes:
    return ("\n".join(citation(frozen)) + "\n").encode()


def _picture(frozen: Frozen) -> bytes:
    from db.figures.drawing import svg  # matplotlib takes longer to load than all the rest, and is seldom asked for

    return svg(frozen)


def _check_sums(members: Mapping[str, bytes], written: str) -> None:
    sums = {name: digest for digest, name in _CHECKSUM.findall(written)}
    wrong = [name for name in MEMBERS if name != CHECKSUMS and sums.get(name) != _digest(members[name])]
    if wrong:
        raise AlteredBundle(f"{', '.join(wrong)}: not the file that {CHECKSUMS} names")


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
