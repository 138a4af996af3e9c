"""The words of units, targets and codes in figures, in both languages."""

from __future__ import annotations

UNITS = {
    "posts": ("글", "posts"),
    "questions": ("질문", "questions"),
    "fraction": ("비율 (0–1)", "share (0–1)"),
    "hours": ("시간", "hours"),
    "working_hours": ("근무시간", "working hours"),
    "index": ("지수 (0–1)", "index (0–1)"),
}
TARGETS = {
    "24_hours": ("24시간", "24 hours"),
    "3_days": ("3일", "3 days"),
    "7_days": ("7일", "7 days"),
    "3_working_hours": ("3근무시간", "3 working hours"),
    "1_working_day": ("1근무일", "1 working day"),
    "3_working_days": ("3근무일", "3 working days"),
    "7_working_days": ("7근무일", "7 working days"),
}
CLASSES = {
    "question": ("민원·질문", "question"),
    "opinion": ("의견", "opinion"),
    "praise": ("칭찬", "praise"),
    "ad": ("광고", "advertisement"),
    "spam": ("스팸", "spam"),
    "political": ("정치", "political"),
    "duplicate": ("중복", "duplicate"),
    "repost": ("공유", "repost"),
    "other": ("기타", "other"),
}
REPLIES = {
    "answer.substantive": ("답변", "answer"),
    "answer.template": ("되풀이한 답글", "from a template"),
    "answer.hand_off": ("다른 곳으로 넘김", "hand-off"),
    "answer.automatic": ("자동 답글", "automatic"),
    "default.answer": ("아직 나누지 않음", "not told apart yet"),
}
