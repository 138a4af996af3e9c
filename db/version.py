"""The version of this code, as it is written beside everything it makes."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path


@functools.cache
def code_version() -> str:
    """Return the project's version, from pyproject.toml."""
    project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])
