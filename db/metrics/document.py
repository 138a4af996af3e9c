"""The definitions as a document: docs/metrics.md is what this returns, and a test holds that it is."""

from __future__ import annotations

from collections.abc import Iterator

from db.metrics.metric import Metric
from db.metrics.rows import METRICS

HEAD = """# The numbers and their definitions / 지표와 정의

Written by `python -m db definitions --write docs/metrics.md`; do not edit. One row of METRICS each, in the order of the code.
Every number on a page can be had without a page: `python -m db metric ID --from YYYY-MM-DD --to YYYY-MM-DD --json`.
코드의 METRICS 한 줄이 지표 하나입니다. 화면의 모든 숫자는 위 명령으로 다시 얻을 수 있습니다.
"""
_DIRECTIONS = {
    "up": ("higher is better", "높을수록 좋음"),
    "down": ("lower is better", "낮을수록 좋음"),
    "none": ("neither", "방향 없음"),
}


def markdown() -> str:
    """Return the document."""
    lines = [HEAD]
    lines += [f"- [{row.name_en} / {row.name_ko}](#{row.id})" for row in METRICS.values()]
    for row in METRICS.values():
        lines += ["", *_section(row)]
    return "\n".join(lines) + "\n"


def _section(row: Metric) -> Iterator[str]:
    better_en, better_ko = _DIRECTIONS[row.direction]
    yield f"## {row.id}"
    yield ""
    yield f"**{row.name_en} / {row.name_ko}** · version {row.version}, valid from {row.valid_from.isoformat()}"
    yield ""
    for english, korean in ((row.definition_en, row.definition_ko), (row.why_en, row.why_ko)):
        yield f"{english}"
        yield f"{korean}"
        yield ""
    yield "| | English | 한국어 |"
    yield "|---|---|---|"
    yield f"| numerator / 분자 | {row.numerator_en} | {row.numerator_ko} |"
    yield f"| denominator / 분모 | {row.denominator_en} | {row.denominator_ko} |"
    yield f"| direction / 방향 | {better_en} | {better_ko} |"
    yield ""
    yield (
        f"Unit `{row.unit}`. Author {row.author}; recomputed by `{row.checker}`; reviewed {row.reviewed.isoformat()}, next "
        f"review {row.next_review.isoformat()}."
    )
    for earlier in row.earlier:
        yield ""
        yield (
            f"Version {earlier.version}, {earlier.valid_from.isoformat()} until {earlier.valid_until.isoformat()}. "
            f"{earlier.change_en} {earlier.change_ko}"
        )
