"""A row of RULES, and the signs that more than one class looks for."""

from __future__ import annotations

import re
from dataclasses import dataclass

# A rule that hides (an ad, spam, politics, a copy) must be as sure as this. Those written for this project are right
# in at least 97 of 100 texts of the half of the labelled sets they were never fitted to; what is weaker asks a person.
REVIEW_BELOW = 0.7


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of RULES.

    The rule applies where one of ``words`` is found, ``unless`` is not, and at least ``min_words`` different
    matches of ``needs`` are there; all see the text in lower case, on one line. ``needs_contact`` asks for an
    address, a phone or a messenger as well; ``spares_city_matters`` leaves texts on a city service alone. 0 as
    ``max_length`` means any. Below REVIEW_BELOW in ``confidence`` a rule hides nothing: it sends to review.
    """

    id: str
    version: int
    post_class: str
    reason: str
    confidence: float
    words: tuple[str, ...]
    example: str
    counter_example: str
    needs: re.Pattern[str] | None = None
    min_words: int = 1
    unless: re.Pattern[str] | None = None
    needs_contact: bool = False
    spares_city_matters: bool = False
    max_length: int = 0


def pattern(source: str) -> re.Pattern[str]:
    """Return ``source`` compiled."""
    return re.compile(source)


# Who writes one of these speaks about advertisements, gambling or fraud; he does not practise them.
COMPLAINS = pattern(
    r"민원|단속|근절|금지|규제|신고|제안|건의|개선|처벌|없애|막아|차단|피해|예방|중독|반대|철거|고발|현수막|전단|부착|정책|지원|공익|시민|시장님|서울시|구청"
)
# A wish, a question or a complaint: then thanks are only polite.
ASKS = pattern(
    r"\?|부탁|주세요|주십|주시|주시면|주실|바랍니다|바래|바라|요청|건의|제안|민원|신고|개선|나요|까요|습니까|니까|언제|어떻게|왜|"
    r"불편|고장|위험|부족|문제|안\s?되|안\s?돼|않|없|못|늦|해야|필요|불법|심각|느리|느려|막히|시급|했으면|하면 좋|좋겠|그런데|하지만|지만|는데|제발"
)
# Whoever uses one of these speaks to the city of a matter of his own, whatever else the text holds.
ASKS_THE_CITY = pattern(
    COMPLAINS.pattern
    + r"|나요|까요|습니까|는데|(?<![가-힣])안\s?[되돼됩와나오가열보]|어디서|언제|왜|고장|불편|환불|분실|버스|지하철|따릉이|도로|공사|교통카드|티머니|도서관|상품권|했어요|당했|사기|요금|오류"
)
