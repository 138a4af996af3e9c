"""The civic dictionary compiled for mecab, once per version, and shared by all processes."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from nlp.dictionary import Entry

# The compiler needs 0.1 s; more than this means that it hangs.
_COMPILE_TIMEOUT_S = 60
# At the cost the model gives, 20 of 670 terms still come apart (장애인 as 장애 + 인 "who is"). Per syllable after
# the first, so that 버스정류장 is cheaper than 버스 and 정류장.
_DISCOUNT = 1200
_LOWEST_COST = -32_000  # mecab keeps costs in 16 bits


class DictionaryNotCompiled(RuntimeError):
    """Mecab's compiler refused the civic dictionary."""


def compiled_dictionary(entries: Sequence[Entry], version: str, base_version: str) -> Path:
    """Return the path of the compiled dictionary, making it if it is not there yet.

    It is kept under ``$MINWON_VAR/dictionary/<hash>/`` (default ``var``); where that cannot be written,
    under the user's temporary directory. ``base_version`` is the dictionary whose costs it was built on.

    Raises
    ------
    DictionaryNotCompiled
        The compiler failed; the message carries its output.
    """
    key = hashlib.blake2b(f"{version} {base_version} {_DISCOUNT}".encode(), digest_size=8).hexdigest()
    user = os.getuid() if hasattr(os, "getuid") else "user"
    shared = Path(os.environ.get("MINWON_VAR", "var")).absolute() / "dictionary" / key
    private = Path(tempfile.gettempdir()) / f"minwon-{user}" / "dictionary" / key
    if (path := shared / "civic.dic").is_file():
        return path
    try:
        return _compile(entries, shared)
    except OSError:
        if (path := private / "civic.dic").is_file():
            return path
        return _compile(entries, private)


def mecab_csv(entries: Sequence[Entry]) -> str:
    """Return the entries as mecab-ko-dic reads them; the compiler fills in the costs left empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for form, tag, _kind, _term in entries:
        writer.writerow([form, "", "", "", tag, "*", _final_consonant(form), form, "*", "*", "*", "*"])
    return out.getvalue()


def _final_consonant(form: str) -> str:
    """Return T or F, as mecab-ko-dic says whether the last syllable ends in a consonant; F for CCTV and the like."""
    last = ord(form[-1])
    if not 0xAC00 <= last <= 0xD7A3:
        return "F"
    return "T" if (last - 0xAC00) % 28 else "F"


def _cheaper(costed: str) -> str:
    rows = list(csv.reader(costed.splitlines()))
    for row in rows:
        row[3] = str(max(int(row[3]) - _DISCOUNT * (len(row[0]) - 1), _LOWEST_COST))
    return "".join(",".join(row) + "\n" for row in rows)


def _dict_index(option: str, source: Path, made: Path) -> None:
    # A process of its own: the compiler writes its progress past Python to the terminal.
    command = [
        sys.executable,
        "-m",
        "mecab",
        "dict-index",
        *filter(None, [option]),
        "--userdic",
        str(made),
        str(source),
    ]
    run = subprocess.run(
        command, capture_output=True, text=True, errors="replace", timeout=_COMPILE_TIMEOUT_S, check=False
    )
    if run.returncode != 0 or not made.is_file():
        raise DictionaryNotCompiled(f"mecab dict-index failed ({run.returncode}): {(run.stderr or run.stdout)[-500:]}")


def _compile(entries: Sequence[Entry], folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix="making-") as making:
        source, costed, made = (Path(making) / f"civic.{name}" for name in ("csv", "costed.csv", "dic"))
        source.write_text(mecab_csv(entries), encoding="utf-8")
        _dict_index("--assign-user-dictionary-costs", source, costed)
        source.write_text(_cheaper(costed.read_text(encoding="utf-8")), encoding="utf-8")
        _dict_index("", source, made)
        # Others may be compiling the same at this moment: whole files replace whole files.
        made.replace(folder / "civic.dic")
    return folder / "civic.dic"
