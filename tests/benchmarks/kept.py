"""What each part of a measurement found, kept beside the stores: a part that is measured again takes the place of its own.

Every ratio is of one part, so both sides of it were measured in one run; the report says of each part when that was, and of which code.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from db.version import code_version
from tests.benchmarks.limits import Limit

Lines = list[str]


@dataclass(frozen=True, slots=True)
class Part:
    """The limits and the sections of one part, when it was measured, and the version of the code."""

    limits: Sequence[Limit]
    sections: Sequence[Lines]
    at: str
    code: str


class KeptParts:
    """The parts measured over stores of two sizes, in a file of JSON."""

    def __init__(self, folder: Path, sizes: tuple[int, int]) -> None:
        self._path = folder / "report_{}_{}.json".format(*sizes)

    def keep(self, name: str, limits: Iterable[Limit], sections: Iterable[Lines]) -> None:
        """Keep what a part found, at once: a later part may fail."""
        found = self.read()
        found[name] = Part(tuple(limits), tuple(sections), dt.datetime.now(dt.UTC).date().isoformat(), code_version())
        self._path.parent.mkdir(parents=True, exist_ok=True)
        kept = {part: asdict(value) for part, value in found.items()}
        self._path.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")

    def read(self) -> dict[str, Part]:
        """Return the parts by name."""
        if not self._path.exists():
            return {}
        found = json.loads(self._path.read_text(encoding="utf-8"))
        return {
            name: Part(
                tuple(Limit(**limit) for limit in part["limits"]), tuple(part["sections"]), part["at"], part["code"]
            )
            for name, part in found.items()
        }
