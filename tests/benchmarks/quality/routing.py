"""How often the classifier of departments is right on real texts, and whether it knows when it is.

Complaints of a district with the department that answered (05), questions to a city's telephone line with their field
(04), and adopted proposals with their department (03). Only numbers are printed.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from nlp.training import Example, Report, UnusableExamples, train
from tests.benchmarks.quality import DATA, Lines, absent, again


class _Source(NamedTuple):
    title: str
    file: str
    example: Callable[[dict[str, str]], Example]


SOURCES = (
    _Source(
        "05 complaints, department that answered",
        "05_incheon_junggu_minwon_masked.csv",
        lambda row: Example(f"{row['title']}\n{row['content']}", row["depart"]),
    ),
    _Source("04 questions, field, title only", "04_seoul120_faq.csv", lambda row: Example(row["제목"], row["분류"])),
    _Source(
        "04 questions, field, with text",
        "04_seoul120_faq.csv",
        lambda row: Example(f"{row['제목']}\n{row['내용']}", row["분류"]),
    ),
    _Source(
        "03 proposals, department",
        "03_seoul_adopted_dept_reply.csv",
        lambda row: Example(f"{row['제안제목']}\n{row['제안내용']}", row["담당부서"]),
    ),
)


def routing_lines(data: Path = DATA) -> Lines:
    """Return a Markdown section measured on the real texts in ``data``; one line where they are absent."""
    if not data.is_dir():
        return ["## Responsible department by the classifier", "", *absent("its texts")]
    lines = [
        "## Responsible department by the classifier",
        "",
        'Five-fold cross-validation; copies and departments with fewer than ten texts are left out. "Covered" is the share of',
        "texts the model is sure enough of to name a department, at the threshold it is trained with; for the rest it abstains.",
        "",
        "| texts | examples | departments | left out | accuracy | commonest | threshold | covered | right of these | calibration error |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    reports: list[tuple[str, Report]] = []
    for source in SOURCES:
        path = data / source.file
        if not path.exists():
            lines.append(f"| {source.title} | not measured: the file is not there |||||||||")
            continue
        try:
            _, report = train(_examples(path, source.example))
        except UnusableExamples as error:
            lines.append(f"| {source.title} | not measured: {error} |||||||||")
            continue
        reports.append((source.title, report))
        lines.append(
            f"| {source.title} | {report.examples:,} | {report.departments} | {report.left_out:,} | {report.accuracy:.3f} "
            f"| {report.commonest:.3f} | {report.threshold:.2f} | {report.covered:.3f} | {report.right_when_covered:.3f} "
            f"| {report.calibration_error:.3f} |"
        )
    reliability = [line for title, report in reports for line in _reliability(title, report)]
    return [*lines, *reliability, "", again("routing")]


def _examples(path: Path, example: Callable[[dict[str, str]], Example]) -> list[Example]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [each for each in map(example, csv.DictReader(file)) if each.text.strip() and each.department]


def _reliability(title: str, report: Report) -> Iterable[str]:
    yield from (
        "",
        f"Reliability, {title}:",
        "",
        "| confidence | guesses | mean confidence | right |",
        "|---|---|---|---|",
    )
    for low, high, guesses, said, right in report.reliability:
        yield f"| {low:.1f} to {high:.1f} | {guesses:,} | {said:.2f} | {right:.2f} |"
