"""How long citizens wait by the working clock of the complaint law: the same row for each of its times."""

from __future__ import annotations

from typing import Any

from db.metrics.computing import answered_within, response_quantile
from db.metrics.metric import Metric
from db.metrics.rows.dates import RESPONSIBLE, WORKING_CLOCK_VERSION
from db.records import HOURS_PER_WORKING_DAY
from db.rollups.histograms import WORKING
from db.working_clock import AT_ONCE_HOURS

_CLOCK_KO = (
    "근무시간은 월~금 09~18시에서 점심시간과 공휴일·대체공휴일·임시공휴일을 뺀 시간이며, 8근무시간이 하루입니다"
    "(민원처리법 시행령). 부서가 정한 시간과 시가 더한 휴일을 따릅니다."
)
_CLOCK_EN = (
    "The working clock runs Monday to Friday 09-18 less the lunch hour and public, substitute and temporary holidays; 8 of "
    "its hours are a day (complaint law). Departments may have hours of their own, the city further holidays."
)
_KM_KO = "카플란-마이어 추정, 미답변은 자료 마감 시각에서, 삭제된 글은 삭제 시각에서 중도절단."
_KM_EN = "Kaplan-Meier, unanswered ones censored at the data cut-off, removed ones at their removal."
_OF_ALL: dict[str, Any] = {
    "version": 1,
    "valid_from": WORKING_CLOCK_VERSION,
    "why_ko": "법이 정한 처리 기간은 근무시간으로 셉니다. 밤에 쓴 글이 부서에 불리하지 않습니다.",
    "why_en": "The law counts its periods in working time, so what is written at night does not count against a department.",
    "denominator_ko": "기간의 모든 질문, 미답변 포함",
    "denominator_en": "all questions of the period, the unanswered included",
    **RESPONSIBLE,
}
# Key, working hours, and how they are called.
_TARGETS = (
    ("3_working_hours", AT_ONCE_HOURS, "3근무시간(즉시)", "3 working hours (at once)"),
    ("1_working_day", HOURS_PER_WORKING_DAY, "1근무일", "1 working day"),
    ("3_working_days", 3 * HOURS_PER_WORKING_DAY, "3근무일", "3 working days"),
    ("7_working_days", 7 * HOURS_PER_WORKING_DAY, "7근무일", "7 working days"),
)
_QUANTILES = (
    ("median", 0.5, "중앙값", "median", "첫 답변까지 걸린 근무시간(중앙값)", "Median working time to first answer"),
    ("p90", 0.9, "90% 분위수", "90 % quantile", "첫 답변까지 걸린 근무시간(90%)", "90th percentile of working time to first answer"),
)  # fmt: skip

ROWS = (
    *(
        Metric(
            id=f"answered_within_{key}_share",
            name_ko=f"{name_ko} 안에 답변한 비율",
            name_en=f"Answered within {name_en}",
            definition_ko=f"질문한 날 기준 집단에서 {name_ko} 안에 시 계정이 처음 직접 답한 비율. {_KM_KO} {_CLOCK_KO}",
            definition_en=(
                f"Share of the period's questions that a city account answered directly within {name_en}. {_KM_EN} {_CLOCK_EN}"
            ),
            numerator_ko=f"{name_ko} 안에 답을 받은 질문",
            numerator_en=f"questions answered within {name_en}",
            unit="fraction",
            direction="up",
            compute=answered_within(hours, WORKING),
            **_OF_ALL,
        )
        for key, hours, name_ko, name_en in _TARGETS
    ),
    *(
        Metric(
            id=f"{key}_working_hours",
            name_ko=name_ko,
            name_en=name_en,
            definition_ko=f"카플란-마이어 {part_ko}, 미답변 포함, 근무시간, 1% 안의 정확도. {_CLOCK_KO}",
            definition_en=(
                f"Kaplan-Meier {part_en} with the unanswered in it, working time, to within 1 %. {_CLOCK_EN}"
            ),
            numerator_ko="첫 답변까지의 근무시간",
            numerator_en="working hours to the first answer",
            unit="working_hours",
            direction="down",
            compute=response_quantile(share, WORKING),
            **_OF_ALL,
        )
        for key, share, part_ko, part_en, name_ko, name_en in _QUANTILES
    ),
)
