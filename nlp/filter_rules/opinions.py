"""Agreement that asks for nothing."""

from __future__ import annotations

from nlp.filter_rules.rule import Rule, pattern

OPINIONS: tuple[Rule, ...] = (
    Rule(
        "opinion.agreement", 1, "opinion", "opinion.agreement", 0.6,
        words=("찬성", "동의", "공감", "지지합", "지지해", "지지드", "의견입니다", "의견일 뿐", "생각입니다", "생각일 뿐"),
        # Against something is left a question: whoever writes so wants the city to do otherwise.
        needs=pattern(
            r"(?:(?:찬성|동의|공감|지지)(?:합니다|해요|드립니다|드려요|입니다|이에요|한다)|(?:제|저의|개인적인?|개인)\s(?:\S{2,3}\s)?(?:의견|소견|생각)(?:입니다|일\s?뿐입니다|이에요|일\s?뿐이에요))"
            r"[^가-힣a-z0-9#@]*(?:[ㅎㅋ^~]+\s*)*(?:[#@]\w+\s*)*$"
        ),
        unless=pattern(
            r"\?|부탁|주세[요여]|주십|주시|주실|줘요|바랍|바래|바라|요청|나요|까요|니까|언제|어떻게|왜|해야|되어야|돼야|하여야|필요|했으면|하면\s?좋|좋겠|"
            r"지만|니다만|는데|그런데|단,|조건|불편|고장|위험|부족|안\s?되|안\s?돼|않|없|못|늦|불법|심각|시급|제발|하라\b|촉구|반대|철회|중단|취소|폐지|백지화|너무|부당|불합리|잘못"
        ),
        max_length=120,
        example="공원 안 흡연 부스를 따로 두는 방안에 찬성합니다",
        counter_example="소각장 증설에 동의한 적이 없는데 주민 동의를 받았다고 합니다",
    ),
)  # fmt: skip
