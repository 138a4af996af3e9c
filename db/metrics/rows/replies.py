"""What the city replied, how long until any reply, and answers that came too fast to be read first."""

from __future__ import annotations

from db.metrics.computing import implausibly_fast_share, replied_within, reply_kind_share, reply_quantile
from db.metrics.metric import Metric
from db.metrics.rows.dates import REPLIES_VERSION, RESPONSIBLE
from db.records import NO_ANSWER, TEMPLATE

HAND_OFF, AUTOMATIC = NO_ANSWER
_WHY = (
    "답변이 아닌 답글을 답변으로 세면 응답이 빨라 보입니다.",
    "To count what is no answer as one would make the city look faster than it is.",
)


def _share(id_: str, kind: str, name: tuple[str, str], definition: tuple[str, str]) -> Metric:
    return Metric(
        id=id_,
        version=1,
        valid_from=REPLIES_VERSION,
        name_ko=name[0],
        name_en=name[1],
        why_ko=_WHY[0],
        why_en=_WHY[1],
        definition_ko=f"{definition[0]} 답글을 쓴 날을 기준으로 하며, 부서는 답글을 쓴 계정의 부서입니다. 윌슨 95% 구간.",
        definition_en=f"{definition[1]} By the day of the reply; the department is that of the replying account. Wilson 95 % interval.",
        numerator_ko=name[0].removesuffix(" 비율"),
        numerator_en=name[1].removeprefix("Share of ").lower(),
        denominator_ko="기간에 시 계정이 시민에게 단 모든 답글",
        denominator_en="all replies of the city's accounts in the period",
        unit="fraction",
        direction="down",
        compute=reply_kind_share(kind),
        needs_answers=False,
        **RESPONSIBLE,
    )


ROWS = (
    _share(
        "template_replies_share", TEMPLATE, ("되풀이한 답글 비율", "Share of replies from a template"),
        ("거의 같은 글을 다섯 번 이상 되풀이한 답글의 비율. 답변으로 세지 않습니다.",
         "Share of replies that say nearly the same as four others or more; they are not counted as answers."),
    ),
    _share(
        "hand_off_replies_share", HAND_OFF, ("다른 곳으로 넘긴 답글 비율", "Share of hand-offs"),
        ("다른 부서나 기관, 120으로 넘기기만 한 답글의 비율. 답변으로 세지 않습니다. 규칙은 nlp/answers.py에 있습니다.",
         "Share of replies that only hand off, to another office or to 120; they are not counted as answers. The rules are in nlp/answers.py."),
    ),
    _share(
        "automatic_replies_share", AUTOMATIC, ("자동 답글 비율", "Share of automatic replies"),
        ("접수나 운영 시간만 알리는 자동 답글의 비율. 답변으로 세지 않습니다. 규칙은 nlp/answers.py에 있습니다.",
         "Share of replies that only say that something was received or when somebody is there; they are not counted as answers."),
    ),
    Metric(
        id="replied_within_24h_share",
        version=1,
        valid_from=REPLIES_VERSION,
        name_ko="24시간 안에 아무 답글이나 받은 비율",
        name_en="Any reply within 24 hours",
        why_ko="답변까지의 비율과 나란히 보면, 빨리 온 것이 답변인지 인사인지 드러납니다.",
        why_en="Beside the share answered it shows whether what came fast was an answer.",
        definition_ko="질문한 뒤 24시간 안에 시 계정의 답글을 하나라도 받은 비율. 넘긴 답글, 자동 답글, 되풀이한 답글도 셉니다. 벽시계, 카플란-마이어 95% 구간.",
        definition_en="Share of questions with any reply of a city account within 24 hours, hand-offs, automatic ones and templates included. Wall clock, Kaplan-Meier with its 95 % band.",
        numerator_ko="24시간 안에 답글을 받은 질문",
        numerator_en="questions with a reply within 24 hours",
        denominator_ko="답변을 담는 자료에서 시각을 아는 모든 질문",
        denominator_en="all questions with known moments, of sources that carry answers",
        unit="fraction",
        direction="up",
        compute=replied_within(24),
        **RESPONSIBLE,
    ),
    Metric(
        id="median_reply_hours",
        version=1,
        valid_from=REPLIES_VERSION,
        name_ko="아무 답글까지의 중앙값",
        name_en="Median time to any reply",
        why_ko="답변까지의 중앙값과의 차이가 형식적인 답글의 몫입니다.",
        why_en="What the median time to an answer is longer is the part of replies that answer nothing.",
        definition_ko="질문한 뒤 시 계정의 첫 답글까지 걸린 시간의 카플란-마이어 중앙값. 넘긴 답글, 자동 답글, 되풀이한 답글도 셉니다. 벽시계, 95% 구간.",
        definition_en="Kaplan-Meier median of the time to the first reply of a city account, hand-offs, automatic ones and templates included. Wall clock, 95 % interval.",
        numerator_ko="답글까지의 시간",
        numerator_en="times to the first reply",
        denominator_ko="답변을 담는 자료에서 시각을 아는 모든 질문",
        denominator_en="all questions with known moments, of sources that carry answers",
        unit="hours",
        direction="down",
        compute=reply_quantile(0.5),
        **RESPONSIBLE,
    ),
    Metric(
        id="implausibly_fast_share",
        version=1,
        valid_from=REPLIES_VERSION,
        name_ko="지나치게 빠른 답변의 비율",
        name_en="Implausibly fast answers",
        why_ko="1분이 안 되어 온 답변은 사람이 읽고 쓴 것이 아닐 수 있습니다. 시계가 어긋난 자료도 여기에서 드러납니다.",
        why_en="Who answers within a minute can hardly have read the question; clocks that disagree show here, too.",
        definition_ko="시각을 아는 답변 가운데 질문한 지 60초가 되기 전에 온 답변의 비율. 윌슨 95% 구간.",
        definition_en="Share of the answers with known moments that came less than 60 seconds after the question. Wilson 95 % interval.",
        numerator_ko="60초 안에 온 답변",
        numerator_en="answers in less than 60 seconds",
        denominator_ko="시각을 아는 모든 답변",
        denominator_en="all answers with known moments",
        unit="fraction",
        direction="down",
        compute=implausibly_fast_share,
        **RESPONSIBLE,
    ),
)  # fmt: skip
