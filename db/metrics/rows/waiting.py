"""How long citizens wait, by the clock on the wall."""

from __future__ import annotations

from db.metrics.computing import answered_within, direct_reply_median_hours, response_quantile
from db.metrics.earlier import exact_quantile
from db.metrics.metric import Metric, Revision
from db.metrics.rows.dates import FIRST_VERSION, RESPONSIBLE, ROLLUP_VERSION, WORKING_CLOCK_VERSION
from db.rollups.histograms import WALL

HOURS_PER_DAY = 24

ROWS = (
    Metric(
        id="answered_within_24h_share",
        version=1,
        valid_from=FIRST_VERSION,
        name_ko="24시간 안에 답변한 비율",
        name_en="Answered within 24 hours",
        why_ko="답을 못 받은 시민도 분모에 남아 있으므로, 어려운 질문을 미뤄도 높아지지 않습니다.",
        why_en="Citizens without an answer stay in it, so leaving hard questions aside cannot raise it.",
        definition_ko=(
            "질문한 날 기준 집단에서 24시간 안에 시 계정이 처음 직접 답한 비율. 카플란-마이어 추정, 미답변은 자료 마감 시각에서 중도절단. 날짜만 있는 글과 답변을 담지 "
            "않는 자료는 제외."
        ),
        definition_en=(
            "Share of the period's questions that a city account answered directly within 24 hours, wall "
            "clock. Kaplan-Meier, unanswered ones censored at the data cut-off; posts known to the day "
            "only, and sources without answers, are left out."
        ),
        numerator_ko="24시간 안에 답을 받은 질문",
        numerator_en="questions answered within 24 hours",
        denominator_ko="기간의 모든 질문, 미답변 포함",
        denominator_en="all questions of the period, the unanswered included",
        unit="fraction",
        direction="up",
        compute=answered_within(HOURS_PER_DAY, WALL),
        **RESPONSIBLE,
    ),
    Metric(
        id="answered_within_72h_share",
        version=1,
        valid_from=WORKING_CLOCK_VERSION,
        name_ko="3일 안에 답변한 비율",
        name_en="Answered within 3 days",
        why_ko="하루를 넘긴 답변까지 봅니다.",
        why_en="It shows the answers that took more than a day.",
        definition_ko=(
            "질문한 날 기준 집단에서 72시간 안에 첫 답변을 받은 비율, 실제 시간. 카플란-마이어 추정, 미답변은 자료 마감 시각에서, 삭제된 글은 삭제 시각에서 중도절단."
        ),
        definition_en=(
            "Share of the period's questions answered directly within 72 hours, wall clock. Kaplan-Meier,"
            " unanswered ones censored at the data cut-off and removed ones at their removal."
        ),
        numerator_ko="3일 안에 답을 받은 질문",
        numerator_en="questions answered within 3 days",
        denominator_ko="기간의 모든 질문, 미답변 포함",
        denominator_en="all questions of the period, the unanswered included",
        unit="fraction",
        direction="up",
        compute=answered_within(72, WALL),
        **RESPONSIBLE,
    ),
    Metric(
        id="answered_within_168h_share",
        version=1,
        valid_from=WORKING_CLOCK_VERSION,
        name_ko="7일 안에 답변한 비율",
        name_en="Answered within 7 days",
        why_ko="하루를 넘긴 답변까지 봅니다.",
        why_en="It shows the answers that took more than a day.",
        definition_ko=(
            "질문한 날 기준 집단에서 168시간 안에 첫 답변을 받은 비율, 실제 시간. 카플란-마이어 추정, 미답변은 자료 마감 시각에서, 삭제된 글은 삭제 시각에서 중도절단."
        ),
        definition_en=(
            "Share of the period's questions answered directly within 168 hours, wall clock. Kaplan-"
            "Meier, unanswered ones censored at the data cut-off and removed ones at their removal."
        ),
        numerator_ko="7일 안에 답을 받은 질문",
        numerator_en="questions answered within 7 days",
        denominator_ko="기간의 모든 질문, 미답변 포함",
        denominator_en="all questions of the period, the unanswered included",
        unit="fraction",
        direction="up",
        compute=answered_within(168, WALL),
        **RESPONSIBLE,
    ),
    Metric(
        id="median_response_hours",
        version=2,
        valid_from=ROLLUP_VERSION,
        name_ko="첫 답변까지 걸린 시간(중앙값)",
        name_en="Median time to first answer",
        why_ko="시민 절반이 답을 받기까지 걸린 시간입니다.",
        why_en="It is the time within which half of the citizens have an answer.",
        definition_ko="카플란-마이어 중앙값, 미답변 포함, 실제 시간, 1% 안의 정확도(2판, 2026-11-22부터). 절반이 답을 받지 못했으면 '도달하지 않음'.",
        definition_en=(
            "Kaplan-Meier median with the unanswered in it, wall clock, to within 1 % (version 2, from "
            "2026-11-22); not reached where half never get an answer."
        ),
        numerator_ko="첫 답변까지의 시간",
        numerator_en="hours to the first answer",
        denominator_ko="기간의 모든 질문, 미답변 포함",
        denominator_en="all questions of the period, the unanswered included",
        unit="hours",
        direction="down",
        compute=response_quantile(0.5, WALL),
        **RESPONSIBLE,
        earlier=(
            Revision(
                1,
                FIRST_VERSION,
                ROLLUP_VERSION,
                "글마다의 시간 대신 1% 폭의 도수에서 셉니다.",
                "Computed from buckets of 1 %, no longer from each time.",
                exact_quantile(0.5),
            ),
        ),
    ),
    Metric(
        id="p90_response_hours",
        version=2,
        valid_from=ROLLUP_VERSION,
        name_ko="첫 답변까지 걸린 시간(90%)",
        name_en="90th percentile of time to first answer",
        why_ko="오래 기다린 시민이 얼마나 기다렸는지 보여 줍니다.",
        why_en="It shows how long those wait who wait long.",
        definition_ko="카플란-마이어 90% 분위수, 미답변 포함, 실제 시간, 1% 안의 정확도(2판, 2026-11-22부터).",
        definition_en=(
            "Kaplan-Meier 90 % quantile with the unanswered in it, wall clock, to within 1 % (version 2, "
            "from 2026-11-22)."
        ),
        numerator_ko="첫 답변까지의 시간",
        numerator_en="hours to the first answer",
        denominator_ko="기간의 모든 질문, 미답변 포함",
        denominator_en="all questions of the period, the unanswered included",
        unit="hours",
        direction="down",
        compute=response_quantile(0.9, WALL),
        **RESPONSIBLE,
        earlier=(
            Revision(
                1,
                FIRST_VERSION,
                ROLLUP_VERSION,
                "글마다의 시간 대신 1% 폭의 도수에서 셉니다.",
                "Computed from buckets of 1 %, no longer from each time.",
                exact_quantile(0.9),
            ),
        ),
    ),
    Metric(
        id="direct_reply_median_hours",
        version=1,
        valid_from=FIRST_VERSION,
        name_ko="직접 답글까지의 중앙값(답한 글만)",
        name_en="Median of direct replies (answered only)",
        why_ko="다른 기관이 흔히 내는 숫자와 견주기 위한 것입니다. 답을 못 받은 시민이 빠져 있어 실제보다 짧습니다.",
        why_en=("It is what others publish, for contrast: those who got no answer are missing, so it is too short."),
        definition_ko="시민 글마다 계정의 첫 직접 답글까지 걸린 시간의 중앙값. 답이 있는 글만, 분류와 관계없이.",
        definition_en=(
            "Median time from a citizen's post to the first direct reply by an account, answered posts "
            "only, any class. Exact binomial 95 % interval."
        ),
        numerator_ko="첫 직접 답글까지의 시간",
        numerator_en="hours to the first direct reply",
        denominator_ko="답을 받은 시민 글만",
        denominator_en="answered posts of citizens only",
        unit="hours",
        direction="none",
        compute=direct_reply_median_hours,
        **RESPONSIBLE,
    ),
)
