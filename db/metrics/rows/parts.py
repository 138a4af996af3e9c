"""What the collected posts and the questions consist of: the counts that stand in sentences under the KPIs, each a KPI of its own."""

from __future__ import annotations

from db.metrics.computing import coverage_count, posts_of_classes
from db.metrics.metric import Metric
from db.metrics.rows.dates import PARTS_VERSION, RESPONSIBLE
from db.records import REST_CLASSES

_POSTS_KO, _POSTS_EN = "없음 (개수); n은 모은 글 전체", "none, a count; n counts all posts collected"
_ASKED_KO, _ASKED_EN = "없음 (개수); n은 기간의 모든 질문", "none, a count; n counts all questions of the period"
_ANSWERABLE_KO = "없음 (개수); n은 답변까지 수집하는 출처의 질문"
_ANSWERABLE_EN = "none, a count; n counts the questions of sources that carry answers"


def _posts(
    id_: str, classes: tuple[str, ...], name_ko: str, name_en: str, definition_ko: str, definition_en: str
) -> Metric:
    return Metric(
        id=id_,
        version=1,
        valid_from=PARTS_VERSION,
        name_ko=name_ko,
        name_en=name_en,
        why_ko="모은 글이 무엇으로 이루어졌는지, 질문에서 무엇이 빠졌는지 보여 줍니다.",
        why_en="It shows what was collected besides questions.",
        definition_ko=definition_ko,
        definition_en=definition_en,
        numerator_ko=name_ko,
        numerator_en=name_en.lower(),
        denominator_ko=_POSTS_KO,
        denominator_en=_POSTS_EN,
        unit="posts",
        direction="none",
        compute=posts_of_classes(classes),
        needs_answers=False,
        **RESPONSIBLE,
    )


def _questions(
    id_: str,
    names: tuple[str, str],
    why: tuple[str, str],
    definition: tuple[str, str],
    direction: str = "none",
    *,
    of_all: bool = False,
) -> Metric:
    return Metric(
        id=id_,
        version=1,
        valid_from=PARTS_VERSION,
        name_ko=names[0],
        name_en=names[1],
        why_ko=why[0],
        why_en=why[1],
        definition_ko=definition[0],
        definition_en=definition[1],
        numerator_ko=names[0],
        numerator_en=names[1].lower(),
        denominator_ko=_ASKED_KO if of_all else _ANSWERABLE_KO,
        denominator_en=_ASKED_EN if of_all else _ANSWERABLE_EN,
        unit="questions",
        direction=direction,
        compute=coverage_count(id_.removesuffix("_questions"), "questions" if of_all else "answerable"),
        needs_answers=not of_all,
        **RESPONSIBLE,
    )


_WHY_KNOWN = (
    "응답 시간이 어느 질문에 관한 것인지 알아야 인용할 수 있습니다.",
    "A response time can be quoted only by who knows of which questions it speaks.",
)

ROWS = (
    _posts(
        "opinion_posts", ("opinion",), "의견", "Opinions",
        "기간 안에 모은 시민의 글 가운데 답변을 구하지 않는 의견으로 분류된 글.",
        "Citizens' posts of the period judged to be opinions that ask for no answer.",
    ),
    _posts(
        "praise_posts", ("praise",), "칭찬", "Praise",
        "기간 안에 모은 시민의 글 가운데 칭찬이나 감사로 분류된 글.",
        "Citizens' posts of the period judged to be praise or thanks.",
    ),
    _posts(
        "other_posts", REST_CLASSES, "그 밖의 글", "Other posts",
        "기간 안에 모은 시민의 글 가운데 되풀이한 글, 공유한 글, 그리고 어느 분류에도 들지 않는 글.",
        "Citizens' posts of the period that are repetitions, reposts, or of no other class.",
    ),
    _questions(
        "answerable_questions", ("답변까지 수집하는 출처의 질문", "Questions of sources that carry answers"), _WHY_KNOWN,
        ("기간의 질문 가운데 시의 답변까지 수집하는 출처의 질문.",
         "Questions of the period from sources of which the city's answers are collected, too."),
        of_all=True,
    ),
    _questions(
        "unanswerable_questions", ("답변을 수집하지 않는 출처의 질문", "Questions of sources without answers"), _WHY_KNOWN,
        ("기간의 질문 가운데 시의 답변을 수집하지 않는 출처의 질문. 답변이 있었는지 알 수 없으므로 미답변으로 세지 않습니다.",
         "Questions of the period from sources of which no answers are collected: whether one was given is not known, so they are "
         "not counted as unanswered."),
        of_all=True,
    ),
    _questions(
        "timed_questions", ("시각을 아는 질문", "Questions whose moments are known"), _WHY_KNOWN,
        ("답변까지 수집하는 출처의 질문 가운데 질문과 첫 답변의 시각을 아는 질문. 응답 시간은 이것으로 계산합니다.",
         "Questions of sources that carry answers of which the moments of question and first answer are known; response times "
         "are computed from these."),
    ),
    _questions(
        "day_only_questions", ("날짜만 아는 질문", "Questions known to the day only"), _WHY_KNOWN,
        ("답변까지 수집하는 출처의 질문 가운데 질문이나 첫 답변의 날짜만 알아 응답 시간에서 빠지는 질문.",
         "Questions of sources that carry answers that are left out of response times, as of question or first answer only the "
         "day is known."),
    ),
    _questions(
        "answered_questions", ("답변한 질문", "Questions answered"),
        ("답변한 비율의 분자이며, 비율만으로는 양을 알 수 없습니다.",
         "It is the numerator of the share answered, which alone does not tell how many."),
        ("기간의 질문 가운데 자료 마감까지 시 계정이 직접 답한 질문.",
         "Questions of the period that a city account answered directly before the data cut-off."),
        "up",
    ),
    _questions(
        "unanswered_questions", ("답을 기다리는 질문", "Questions waiting for an answer"),
        ("기간의 질문 가운데 아직 남은 일입니다.", "It is what of the period's work is still to be done."),
        ("기간의 질문 가운데 자료 마감까지 답변이 없고 글쓴이가 지우지도 않은 질문.",
         "Questions of the period that by the data cut-off were neither answered nor taken back by their authors."),
        "down",
    ),
    _questions(
        "removed_questions", ("답변 전에 지워진 질문", "Questions taken back before an answer"),
        ("기다리다 포기한 질문을 빼면 응답 시간이 짧아 보입니다.",
         "To leave out those who gave up waiting would make response times look shorter."),
        ("기간의 질문 가운데 답변이 오기 전에 글쓴이가 지운 질문. 지울 때까지는 기다린 것으로 셉니다.",
         "Questions of the period that their authors took back before an answer came; they count as waiting until then."),
    ),
)  # fmt: skip
