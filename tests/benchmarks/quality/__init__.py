"""How good the analysis of texts is: ``python -m tests.benchmarks.quality --write docs/quality.md``.

A section is a module with a function that returns Markdown lines, and a row of SECTIONS. Real texts are read where they
are (the folder ``../shared/data`` beside the checkout); where they are not, the section says so. Only numbers come out.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"

Lines = list[str]
# Name of the part -> module and function that make its section. The module is imported only when it is asked for.
SECTIONS: dict[str, tuple[str, str]] = {
    "nouns": ("tests.benchmarks.quality.nouns", "nouns_section"),
    "civic_terms": ("tests.benchmarks.quality.nouns", "civic_terms_section"),
    "throughput": ("tests.benchmarks.quality.throughput", "throughput_section"),
    "masking": ("tests.benchmarks.quality.masking", "masking_lines"),
    "filter": ("tests.benchmarks.quality.filtering", "filter_lines"),
    "routing": ("tests.benchmarks.quality.routing", "routing_lines"),
    "places": ("tests.benchmarks.quality.places", "places_lines"),
    "copies": ("tests.benchmarks.quality.copies", "copies_lines"),
    "trends": ("tests.benchmarks.quality.trends", "trends_lines"),
}


def section(part: str) -> Lines:
    """Return the lines of one section, its heading first."""
    module, function = SECTIONS[part]
    make: Callable[[], Lines] = getattr(importlib.import_module(module), function)
    return make()


def absent(what: str) -> Lines:
    """Return the line a section has in place of numbers where its data is not here."""
    return [f"Not measured: {what} is not in the data folder beside this checkout."]


def again(part: str) -> str:
    """Return the line that says how a section is measured again."""
    return f"Again: `.venv/bin/python -m tests.benchmarks.quality --parts {part}`"


def limit(what: str, is_kept: bool) -> str:
    """Return the line that says whether what the project promises holds in this run."""
    return f"- Limit {'kept' if is_kept else 'MISSED'}: {what}"
