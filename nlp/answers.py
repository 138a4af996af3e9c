"""What kind of reply the city gave: an answer, a hand-off, an automatic message. A reply from a template is told by its copies, in the store.

A text is cut into sentences. Courtesies say nothing; what is left decides. Only where every sentence that is left hands off, or speaks as
a machine does, is the reply one of these: an answer that ends with the number of the call centre is an answer. When in doubt it is one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp.records import Verdict

SUBSTANTIVE, HAND_OFF, AUTOMATIC = KINDS = ("answer.substantive", "answer.hand_off", "answer.automatic")


@dataclass(frozen=True, slots=True)
class AnswerRule:
    """A kind of sentence that is no answer: ``reason`` is one of KINDS, ``pattern`` is looked for in one sentence at a time."""

    id: str
    reason: str
    name_ko: str
    name_en: str
    pattern: re.Pattern[str]
    example: str
    counter_example: str
    confidence: float = 0.9
    version: int = 1


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.VERBOSE)


_OFFICE = r"(?:부서|기관|과|팀|국|본부|사업소|공단|공사|구청|시청|센터|경찰서|한전|교육청)"
ANSWER_RULES: tuple[AnswerRule, ...] = (
    AnswerRule(
        "automatic.machine", AUTOMATIC, "자동 응답이라고 밝힌 글", "says that it is automatic",
        _pattern(r"자동\s*(?:응답|답변|회신|발송|안내|메시지|으로\s*(?:발송|전송|작성))|automatic\s+(?:reply|message)|auto-?reply"),
        "본 메시지는 자동으로 발송되었습니다.", "자동문이 고장 나서 오늘 오전에 고쳤습니다.", 1.0,
    ),
    AnswerRule(
        "automatic.received", AUTOMATIC, "접수했다는 알림", "says only that it was received",
        _pattern(
            r"(?:민원|문의|글|의견|제보|말씀|메시지|내용)[이가은는을를]?\s*(?:정상적으로\s*|잘\s*)?(?:접수|등록|전달|수신)\s*(?:되었|됐|완료)"
            r"|접수\s*(?:번호|완료)|순차적으로\s*(?:답변|처리|안내|확인)|(?:영업일|근무일)\s*(?:기준\s*)?\d+\s*[~–-]?\s*\d*\s*일\s*(?:이내|내|안)"
        ),
        "문의가 정상적으로 접수되었습니다.", "접수하신 가로등은 어제 교체하였습니다.",
    ),
    AnswerRule(
        "automatic.hours", AUTOMATIC, "운영 시간 알림", "says when somebody will be there",
        _pattern(
            r"(?:운영|근무|업무|상담)\s*시간(?:은|이|:|\s)[^.!?]*(?:입니다|이며|~|까지|외|아닙니다)|(?:업무|근무|운영)\s*시간\s*(?:외|이후|종료)"
        ),
        "상담 시간은 평일 9시부터 18시까지입니다.", "도서관은 내일부터 22시까지 문을 엽니다.",
    ),
    AnswerRule(
        "hand_off.call_centre", HAND_OFF, "120 다산콜로 안내", "sends to the call centre",
        _pattern(
            r"(?:120|다산\s*콜)[^.!?]{0,15}(?:으?로|에|에게|번으로)\s*[^.!?]{0,12}(?:문의|전화|연락|신고|상담|접수)"
            r"|(?:120|다산\s*콜)[^.!?]{0,20}(?:이용|통해)[^.!?]{0,20}(?:주시|주세|바랍|부탁)"
        ),
        "120 다산콜로 문의해 주시기 바랍니다.", "120번 버스는 6시부터 다닙니다.",
    ),
    AnswerRule(
        "hand_off.elsewhere", HAND_OFF, "다른 곳으로 문의하라는 안내", "sends elsewhere",
        _pattern(
            rf"{_OFFICE}(?:\([^)]*\))?(?:으?로|에|에게)\s*(?:직접\s*)?(?:문의|연락|전화|신고|신청|상담)[^.!?]{{0,6}}(?:주시|주세|하시|하셔|바랍|부탁)"
            r"|소관(?:이|은|업무가)?\s*아(?:니|닙)|(?:응답소|국민신문고|안전신문고|홈페이지)(?:를|을|로|에)?[^.!?]{0,12}(?:접수|신청|신고|문의|이용|남겨)[^.!?]{0,6}(?:주시|주세|바랍|부탁)"
        ),
        "해당 구청으로 문의해 주시기 바랍니다.", "구청과 함께 현장을 확인하고 보도블록을 고쳤습니다.",
    ),
    AnswerRule(
        "hand_off.passed_on", HAND_OFF, "다른 부서에 넘겼다는 알림", "was passed on",
        _pattern(
            rf"(?:담당|해당|소관|관련|관할)\s*(?:\S+\s*)?{_OFFICE}?(?:에|으?로|에게|측에)\s*[^.!?]{{0,14}}(?:전달|이관|이첩|통보|전하|넘기|알리)"
            r"|(?:전달|이관|이첩)\s*(?:하겠습니다|하였습니다|했습니다|드리겠습니다|드렸습니다|해\s*드리겠습니다|예정입니다|되었습니다)"
        ),
        "담당 부서에 전달하겠습니다.", "담당 부서에서 오늘 가로등을 교체했습니다.",
    ),
)  # fmt: skip

# Sentences that say nothing about the matter.
_COURTESY = _pattern(
    r"^(?:네|예|아)?[,.!\s]*(?:안녕하(?:세요|십니까)|반갑습니다|감사(?:합니다|드립니다|드려요)|고맙습니다|죄송(?:합니다|드립니다|해요)"
    r"|좋은\s*하루|행복한\s*하루|즐거운\s*하루|수고하세요)[^.!?]{0,8}$"
    r"|(?:관심|의견|말씀|제보|문의|소식)\S*\s*(?:가져|보내|남겨|알려|주셔)\S*\s*(?:주셔서\s*)?감사|불편(?:을|함을)?\s*(?:드려|끼쳐|겪으)\S*\s*(?:\S+\s*)?죄송"
    r"|^(?:서울시|서울특별시|\S+구청|\S+과|\S+본부|\S+공사|\S+입니다)\s*\S*입니다$|^(?:서울시|서울특별시)\s*\S{0,12}\s*입니다$"
)
_SENTENCE = re.compile(r"(?<=[.!?。])\s*|\n+|(?<=(?:니다|세요|어요|아요|에요|해요|니까))[\s,]+")
_ADDRESS = re.compile(r"[@＠][\w.]+|https?://\S+|\b\d{2,4}-\d{3,4}(?:-\d{4})?\b|[☎#]\S*")
_LETTER = re.compile(r"[^\W\d_]")
# What is left beside the sentences that were told must be no more than a word or two.
LETTERS_LEFT = 4


def judge(text: str) -> Verdict:
    """Return the kind of a text the city wrote: class ``other``, its reason one of KINDS, and the rule that says so."""
    found: dict[str, AnswerRule] = {}
    for sentence in _sentences(text):
        if _COURTESY.search(sentence):
            continue
        rule = next((rule for rule in ANSWER_RULES if rule.pattern.search(sentence)), None)
        if rule is None:
            if len(_LETTER.findall(sentence)) > LETTERS_LEFT:
                return _verdict(SUBSTANTIVE, "answer.default", 1.0)
            continue
        found[rule.reason] = found.get(rule.reason, rule)
    # Where a machine also hands off it is a machine that speaks.
    for reason in (AUTOMATIC, HAND_OFF):
        if reason in found:
            return _verdict(reason, found[reason].id, found[reason].confidence)
    return _verdict(SUBSTANTIVE, "answer.default", 1.0)


def _sentences(text: str) -> list[str]:
    plain = _ADDRESS.sub(" ", text)
    return [part.strip(" \t.!?~^ㅎㅠ:;,-*·") for part in _SENTENCE.split(plain) if part.strip(" \t.!?~^ㅎㅠ:;,-*·")]


def _verdict(reason: str, rule: str, confidence: float) -> Verdict:
    return Verdict("other", reason, rule, confidence)
