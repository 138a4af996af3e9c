"""How much was asked, and how much waits."""

from __future__ import annotations

from db.metrics.computing import (
    answered_share,
    collected_posts,
    hidden_posts,
    hidden_posts_share,
    platform_concentration,
    questions,
    unanswered_over_7_days,
)
from db.metrics.earlier import unanswered_over_7_days_to_the_second
from db.metrics.metric import Metric, Revision
from db.metrics.rows.dates import COVERAGE_VERSION, FIRST_VERSION, HIDDEN_VERSION, RESPONSIBLE, ROLLUP_VERSION

ROWS = (
    Metric(
        id="collected_posts",
        version=1,
        valid_from=FIRST_VERSION,
        name_ko="수집한 글",
        name_en="Posts collected",
        why_ko="무엇을 근거로 말하는지 보여 줍니다.",
        why_en="It shows what the other numbers stand on.",
        definition_ko="기간 안에 시민이 쓴 글 전부. 모든 분류의 합과 같습니다.",
        definition_en="All citizens' posts of the period; equal to the sum of all classes.",
        numerator_ko="시민의 글",
        numerator_en="citizens' posts",
        denominator_ko="없음 (개수)",
        denominator_en="none, a count",
        unit="posts",
        direction="none",
        compute=collected_posts,
        needs_answers=False,
        **RESPONSIBLE,
    ),
    Metric(
        id="questions",
        version=1,
        valid_from=FIRST_VERSION,
        name_ko="민원·질문",
        name_en="Questions",
        why_ko="답을 기다리는 일의 양입니다.",
        why_en="It is the amount of work that waits for an answer.",
        definition_ko="시민의 글 가운데 답변이 필요하다고 분류된 글. 광고·스팸·정치·칭찬·공유 글은 제외됩니다.",
        definition_en=(
            "Citizens' posts judged to need an answer; ads, spam, political posts, praise and reposts are"
            " other classes."
        ),
        numerator_ko="질문으로 분류된 글",
        numerator_en="posts judged to be questions",
        denominator_ko="없음 (개수)",
        denominator_en="none, a count",
        unit="questions",
        direction="none",
        compute=questions,
        needs_answers=False,
        **RESPONSIBLE,
    ),
    Metric(
        id="hidden_posts",
        version=1,
        valid_from=HIDDEN_VERSION,
        name_ko="숨긴 글",
        name_en="Hidden posts",
        why_ko="무엇이 질문에서 빠졌는지 누구나 확인할 수 있어야 합니다.",
        why_en="Anyone must be able to check what is left out of the questions.",
        definition_ko="기간 안에 모은 시민의 글 가운데 광고·스팸·정치로 분류되어 목록에서 숨긴 글. n은 모은 글 전체.",
        definition_en="Citizens' posts of the period that are hidden as ads, spam or politics; n counts all that were collected.",
        numerator_ko="숨긴 글",
        numerator_en="hidden posts",
        denominator_ko="없음 (개수)",
        denominator_en="none, a count",
        unit="posts",
        direction="none",
        compute=hidden_posts,
        needs_answers=False,
        **RESPONSIBLE,
    ),
    Metric(
        id="hidden_posts_share",
        version=1,
        valid_from=HIDDEN_VERSION,
        name_ko="숨긴 글의 비율",
        name_en="Share of hidden posts",
        why_ko="걸러 내는 기준이 느슨해지거나 엄격해지면 여기에서 드러납니다.",
        why_en="It shows where the filter has become laxer or stricter.",
        definition_ko="기간 안에 모은 시민의 글 가운데 광고·스팸·정치로 분류된 글의 비율. 윌슨 95% 구간.",
        definition_en="Share of the period's citizens' posts that are hidden as ads, spam or politics. Wilson 95 % interval.",
        numerator_ko="숨긴 글",
        numerator_en="hidden posts",
        denominator_ko="모은 글 전체",
        denominator_en="all posts collected",
        unit="fraction",
        direction="none",
        compute=hidden_posts_share,
        needs_answers=False,
        **RESPONSIBLE,
    ),
    Metric(
        id="platform_concentration",
        version=1,
        valid_from=COVERAGE_VERSION,
        name_ko="플랫폼 집중도(HHI)",
        name_en="Concentration on platforms (HHI)",
        why_ko="한 플랫폼에 몰린 글은 그 플랫폼 이용자의 목소리이며, 시민 전체의 목소리가 아닙니다.",
        why_en="Posts that come from one platform are the voice of its users, not of all citizens.",
        definition_ko="허핀달·허시먼 지수: 플랫폼마다 기간의 시민 글에서 차지하는 비율을 제곱해 더한 값. 모두 한 곳이면 1, n곳에 똑같이 나뉘면 1/n.",
        definition_en=(
            "Index of Herfindahl and Hirschman: the sum of the squared shares that the platforms have of the period's citizens'"
            " posts. 1 where all are on one platform, 1/n where n platforms share alike."
        ),
        numerator_ko="플랫폼별 시민 글 수의 제곱의 합",
        numerator_en="sum of the squares of citizens' posts by platform",
        denominator_ko="기간의 모든 시민 글 수의 제곱",
        denominator_en="square of all citizens' posts of the period",
        unit="index",
        direction="none",
        compute=platform_concentration,
        needs_answers=False,
        **RESPONSIBLE,
    ),
    Metric(
        id="unanswered_over_7_days",
        version=2,
        valid_from=ROLLUP_VERSION,
        name_ko="7일 넘게 답이 없는 질문",
        name_en="Unanswered for over 7 days",
        why_ko="쌓여 있는 일의 양이며, 흐름이 아니라 재고입니다.",
        why_en="It is the pile of work left, a stock and not a flow.",
        definition_ko=(
            "기간의 마지막 날에 답변이 없고 물은 날이 그날부터 7일 이상 앞선 질문 수. 나이는 한국 날짜로 셉니다(2판, 2026-11-22부터; 1판은 시각으로 쟀습니다)."
            " 기간의 시작일은 쓰지 않습니다. n은 미답변 전체."
        ),
        definition_en=(
            "Questions without an answer at the end of the period's last day that were asked 7 or more "
            "days before it, whenever that was. Ages are counted in calendar days, KST (version 2, from "
            "2026-11-22; version 1 measured them to the second). n counts all unanswered ones."
        ),
        numerator_ko="7일 넘게 답이 없는 질문",
        numerator_en="questions unanswered for over 7 days",
        denominator_ko="없음 (개수)",
        denominator_en="none, a count",
        unit="questions",
        direction="down",
        compute=unanswered_over_7_days,
        **RESPONSIBLE,
        earlier=(
            Revision(
                1,
                FIRST_VERSION,
                ROLLUP_VERSION,
                "나이를 시각 대신 한국 날짜로 셉니다.",
                "Ages are counted in calendar days, KST, no longer to the second.",
                unanswered_over_7_days_to_the_second,
            ),
        ),
    ),
    Metric(
        id="answered_share",
        version=1,
        valid_from=FIRST_VERSION,
        name_ko="답변한 비율",
        name_en="Answered so far",
        why_ko="최근 질문은 아직 답할 시간이 없었으므로 늘 낮게 나옵니다. 기간을 비교할 때는 24시간 비율을 쓰세요.",
        why_en=(
            "Recent questions had little time, so it is always low for them: compare periods by the 24-hour share."
        ),
        definition_ko="기간의 질문 가운데 자료 마감까지 시 계정이 직접 답한 비율. 윌슨 95% 구간.",
        definition_en=(
            "Share of the period's questions answered directly by a city account before the data cut-off."
            " Wilson 95 % interval."
        ),
        numerator_ko="자료 마감까지 답을 받은 질문",
        numerator_en="questions answered before the data cut-off",
        denominator_ko="답변을 담는 자료의 모든 질문",
        denominator_en="all questions of sources that carry answers",
        unit="fraction",
        direction="up",
        compute=answered_share,
        **RESPONSIBLE,
    ),
)
