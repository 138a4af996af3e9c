"""``python -m tests.benchmarks.quality``: print the sections, or put them into a file with ``--write``."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from tests.benchmarks.quality import SECTIONS, Lines, section

HEAD = """# Quality of the text analysis

Written by `python -m tests.benchmarks.quality --write docs/quality.md`; do not edit. Times are one machine's, which did other
work besides: trust the ratios.
"""
# Each section stands between two such lines, so that one can be measured again and the others stay.
MARK = "<!-- part: {} -->"
_MARKED = re.compile(r"^<!-- part: (\w+) -->\n(.*?)(?=^<!-- part: |\Z)", re.S | re.M)


def main(arguments: list[str] | None = None) -> int:
    """Measure the parts asked for; with ``--write`` the sections of other parts stay as the file has them."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.quality", description=__doc__)
    parser.add_argument("--parts", nargs="+", choices=list(SECTIONS), default=list(SECTIONS))
    parser.add_argument("--write", type=Path, help="the Markdown file to write")
    options = parser.parse_args(arguments)
    made = {part: "\n".join(section(part)) for part in options.parts}
    if options.write is None:
        print("\n\n".join(made.values()))
        return 0
    options.write.write_text(written(made, kept_of(options.write)), encoding="utf-8")
    return 0


def kept_of(path: Path) -> dict[str, str]:
    """Return part -> section of a file written before; none where there is no file."""
    if not path.is_file():
        return {}
    return {part: text.strip() for part, text in _MARKED.findall(path.read_text(encoding="utf-8"))}


def written(made: dict[str, str], kept: dict[str, str]) -> str:
    """Return the whole file: the sections made now, those kept for other parts, in the order of SECTIONS."""
    sections = kept | made
    lines: Lines = [HEAD]
    for part in SECTIONS:
        if part in sections:
            lines += [MARK.format(part), "", sections[part], ""]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
