"""Why a row could not become a post: the codes, and a sentence for each."""

from __future__ import annotations

from typing import NamedTuple

from pydantic import ValidationError

from data_sources.records import Reject

MAX_RAW_LENGTH = 4000  # Reject.raw allows no more
MAX_DETAIL_LENGTH = 500  # Reject.detail allows no more


class Sentence(NamedTuple):
    """One sentence in both languages of the project."""

    ko: str
    en: str


REJECT_REASONS: dict[str, Sentence] = {
    "encoding.undecodable": Sentence(
        "글자를 파일의 인코딩으로 읽을 수 없습니다.", "The row holds bytes that are no text in the file's encoding."
    ),
    "row.columns": Sentence("열의 수가 머리글과 다릅니다.", "The row has more or fewer columns than the header."),
    "row.unbalanced_quote": Sentence(
        "따옴표가 닫히지 않았거나 잘못 쓰였습니다.", "A quotation mark in the row is not closed or is misplaced."
    ),
    "json.invalid": Sentence("줄이 JSON 객체가 아닙니다.", "The line is not a JSON object."),
    "id.missing": Sentence("글의 번호가 없습니다.", "The row has no id."),
    "id.invalid": Sentence(
        "글의 번호를 읽을 수 없습니다.", "The id of the row, or of the post it replies to, is unreadable."
    ),
    "text.missing": Sentence("글의 내용이 없습니다.", "The row has no text."),
    "text.too_long": Sentence("글이 너무 깁니다.", "The text is longer than 20,000 characters."),
    "time.missing": Sentence("작성 시각이 없습니다.", "The row has no time."),
    "time.unreadable": Sentence("작성 시각을 읽을 수 없습니다.", "The time is in no known format."),
    "time.implausible": Sentence(
        "작성 시각이 1990년 이전이거나 미래입니다.", "The time is before 1990 or more than two days in the future."
    ),
    "field.invalid": Sentence("항목의 값이 올바르지 않습니다.", "A field has a value that is not allowed."),
}


class UnusableRow(ValueError):
    """A row that cannot become a post. ``detail`` names fields and columns, never what a citizen wrote."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


def reject(source_row: int, reason: str, detail: str, raw: str) -> Reject:
    """Return the Reject of one row, its texts cut to what a Reject may hold."""
    # A lone surrogate (possible in JSON escapes) is not storable text.
    raw = raw[:MAX_RAW_LENGTH].encode("utf-8", "replace").decode()
    return Reject(source_row=source_row, reason=reason, detail=detail[:MAX_DETAIL_LENGTH], raw=raw)


def unusable(error: ValidationError) -> UnusableRow:
    """Translate pydantic's first complaint about a Post into a reason code."""
    first = error.errors(include_url=False, include_input=False)[0]
    field = ".".join(str(part) for part in first["loc"])
    detail = f"{field}: {first['msg']}"
    if first["type"] == "string_unicode":
        return UnusableRow("encoding.undecodable", detail)
    too_short = first["type"] == "string_too_short"
    if field == "text":
        return UnusableRow("text.missing" if too_short else "text.too_long", detail)
    if field == "platform_post_id":
        return UnusableRow("id.missing" if too_short else "id.invalid", detail)
    if field == "created_at":
        return UnusableRow("time.implausible", detail)
    return UnusableRow("field.invalid", detail)
