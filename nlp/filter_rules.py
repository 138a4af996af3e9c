"""RULES: one row per rule, the first that applies decides. Source: written by hand for this project."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Goes into every annotation. Raise it with any change below, so that old verdicts can be told and redone.
RULES_VERSION = "2026.11-1"


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of RULES.

    The rule applies where one of ``words`` is found, ``unless`` is not, and at least ``min_words`` different
    matches of ``needs`` are there; all see the text in lower case, on one line. ``needs_contact`` asks for an address, a phone or a messenger as well;
    ``spares_city_matters`` leaves texts on a city service alone. 0 as ``max_length`` means any.
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


def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(source)


# Who writes one of these speaks about advertisements, gambling or fraud; he does not practise them.
_COMPLAINS = _pattern(
    r"민원|단속|근절|금지|규제|신고|제안|건의|개선|처벌|없애|막아|차단|피해|예방|중독|반대|철거|고발|현수막|전단|부착|정책|지원|공익|시민|시장님|서울시|구청"
)
# A wish, a question or a complaint: then thanks are only polite.
_ASKS = _pattern(
    r"\?|부탁|주세요|주십|주시|주시면|주실|바랍니다|바래|바라|요청|건의|제안|민원|신고|개선|나요|까요|습니까|니까|언제|어떻게|왜|"
    r"불편|고장|위험|부족|문제|안\s?되|안\s?돼|않|없|못|늦|해야|필요|불법|심각|느리|느려|막히|시급|했으면|하면 좋|좋겠|그런데|하지만|지만|는데|제발"
)
_GAMBLING = (
    r"카지노|까지노|바카라|슬롯|쓸롯|꽁머니|먹튀|홀덤|룰렛|파워볼|배팅|베팅|첫충|매충|재충|페이백|입플|단폴|토토|스포츠\s?(?:배당|놀이터)|"
    r"환전|무제재|신규.{0,6}(?:지급|쿠폰)|가입\s?(?:쿠폰|머니|선물|코드)|추천인|코드\s?:|casino|slot"
)
# Circled letters and digits in an address are there to slip past a filter; in a list they stand alone.
_ODD_SIGNS = "".join(dict.fromkeys("".join(map(chr, [*range(0x2460, 0x2500), *range(0x2776, 0x2780)])).lower()))
_ODD = f"[{_ODD_SIGNS}]"
_FULL_WIDTH = "".join(map(chr, range(0xFF41, 0xFF5B)))
_PROMOTION = (
    r"할인|쿠폰|특가|무료\s?(?:체험|상담|배송|증정|추천)|선착순|오픈\s?기념|최저가|파격|이벤트|증정|당첨|혜택|지금\s?(?:바로|가입|신청)|"
    r"상담\s?(?:환영|문의|가능)|문의\s?(?:환영|주세요)|예약\s?(?:문의|환영)|구매|판매|입금|가입|수익|고수익|보장|클릭|신청|한정|사은품|원금|방문|드립니다|지급|만원|이용\s?시"
)
# Where none of these is found, the gambling rule is not even tried.
_GAMBLING_WORDS = (
    "카지노", "까지노", "바카라", "슬롯", "쓸롯", "꽁머니", "먹튀", "홀덤", "룰렛", "파워볼", "배팅", "베팅", "첫충", "매충", "재충", "페이백", "입플",
    "단폴", "토토", "스포츠", "환전", "무제재", "신규", "가입", "추천인", "코드:", "코드 :", "casino", "slot",
)  # fmt: skip

RULES: tuple[Rule, ...] = (
    Rule(
        "repost.rt", 1, "repost", "repost.rt", 1.0,
        words=("rt @", "rt@", "rt ＠"),
        needs=_pattern(r"^\s*rt\s*[@＠]"),
        example="RT @seoul_citizen: 따릉이 반납이 안 돼요",
        counter_example="ART @ 서울 전시 언제까지 하나요",
    ),
    Rule(
        "spam.smishing", 1, "spam", "spam.smishing", 0.9,
        words=("엄마", "아빠"),
        needs=_pattern(r"폰|액정|수리|인증|문자|카톡|링크|신용카드|통장|임시|송금|주민|앱|설치"),
        min_words=3,
        unless=_pattern(r"사기|피싱|스미싱|신고|아이\b|우리 아이|복지|버스|지하철|제안|건의|서울시|구청"),
        max_length=600,
        example="엄마 나 폰 액정 깨져서 수리 맡겼어 이 번호로 문자 줘",
        counter_example="엄마가 버스에 폰을 두고 내렸는데 분실물 문자는 어디서 받나요",
    ),
    Rule(
        "spam.pasted_message", 1, "spam", "spam.pasted_message", 0.8,
        words=("web발신", "web 발신", "국외발신", "국제발신", "해외발신", "국외 발신", "국제 발신"),
        unless=_COMPLAINS,
        example="[Web발신] 고객님 택배 주소 불일치로 재확인 바랍니다 http://example.com",
        counter_example="[Web발신]으로 오는 스미싱 문자 신고는 어디에 하나요",
    ),
    Rule(
        "spam.parcel", 1, "spam", "spam.smishing", 0.85,
        words=("택배", "소포", "배송", "건강검진", "교통법규", "교통위반", "범칙금", "과태료", "청첩장", "부고"),
        needs=_pattern(r"(?:도로명|주소)\s?(?:지)?\s?불(?:일치|명)|미배달|미배송|재확인|통지서\s?(?:발송|확인)|고지서\s?발송|확인\s?하기|내용\s?확인|처리\s?완료"),
        unless=_COMPLAINS,
        needs_contact=True,
        example="[한빛택배] 소포 미배달 도로명 불일치 확인 http://bit.example.com",
        counter_example="택배 배송차량이 인도에 서 있어서 위험해요 재확인 부탁합니다",
    ),
    Rule(
        "spam.gambling", 1, "spam", "spam.gambling", 0.95,
        words=_GAMBLING_WORDS,
        needs=_pattern(_GAMBLING + r"|[a-z0-9*]+\.com|bit\.ly|\d+%|\*{2,}%|톡|텔레|" + _ODD),
        min_words=2,
        unless=_pattern(_COMPLAINS.pattern + "|교통카드|티머니|상품권|따릉이"),
        example="새빛 카지노 신규가입 첫충 30% 꽁머니 지급",
        counter_example="학교 앞 도박 사이트 카지노 광고를 단속해 주세요",
    ),
    Rule(
        "spam.adult", 1, "spam", "spam.adult", 0.9,
        words=("조건만남", "조건 만남", "출장안마", "출장 안마", "출장마사지", "출장샵", "즉석만남", "성인방송", "성인용품", "성인사이트", "비아그라", "시알리스", "섹파", "섹스", "야동", "애인대행", "밤문화", "유흥"),
        unless=_COMPLAINS,
        needs_contact=True,
        example="강남 출장안마 24시간 예약 카톡 abc123",
        counter_example="주택가 출장안마 전단지를 단속해 주세요 http://example.com",
    ),
    Rule(
        "spam.obfuscated_address", 1, "spam", "spam.obfuscated", 0.9,
        words=(*_ODD_SIGNS, *_FULL_WIDTH, "*.com", "*com"),
        needs=_pattern(
            rf"[a-z0-9*-]*{_ODD}[a-z0-9*{_ODD_SIGNS}-]*\s?[.．]\s?[cⓒ]|[.．]\s?ⓒ[oⓞ][mⓜ]|{_ODD}+[a-z0-9*]*\.(?:com|net|me)|"
            rf"[a-z0-9*]{{2,}}{_ODD}[^\s]*\.com|[가-힣a-z]-?{_ODD}\*"
        ),
        unless=_pattern(r"민원|시장님|서울시|제안합니다|건의"),
        example="접속하세요 ab⑧⑨.com",
        counter_example="① 신호등 고장 ② 횡단보도 지워짐, 확인 부탁드립니다",
    ),
    Rule(
        "spam.obfuscated_words", 1, "spam", "spam.obfuscated", 0.85,
        words=(*"♥♠☞▶★▼♣♨", *(f"{a}{b}" for a in "카토바먹" for b in " .,·/*_-")),
        needs=_pattern(
            r"카[\s.,·/*_-]{1,2}지[\s.,·/*_-]{0,2}노|토[.,·/*_-]{1,2}토|바[.,·/*_-]{1,2}카[.,·/*_-]{1,2}라|먹[.,·/*_-]{1,2}튀|"
            r"[♥♠☞▶★▼♣♨].{0,80}(?:\.com|bit\.ly|\.me|\.net|톡|텔레|접속|클릭|쿠폰|지급|환전|\*{2,})|(?:\.com|bit\.ly|톡|환전).{0,60}[♥♠☞▶★▼♣♨]"
        ),
        unless=_pattern(r"민원|시장님|서울시|서울|제안|건의|단속"),
        example="카.지.노 첫 방문 선물 ♥ 지급",
        counter_example="★ 서울시 바 카페 거리 소음 단속 요청 ★",
    ),
    Rule(
        "spam.english", 1, "spam", "spam.giveaway", 0.8,
        words=("click ", "giveaway", "earn $", "won a"),
        needs=_pattern(
            r"click (?:here|the link) to (?:claim|win)|crypto giveaway|earn \$?\d+ (?:a|per) day|you(?:'ve| have) won a"
        ),
        example="Congrats! Click here to claim your free phone",
        counter_example="When I click the link to pay my water bill nothing happens",
    ),
    Rule(
        "ad.label", 1, "ad", "ad.label", 0.95,
        words=("광고", "광 고", "수신거부", "수신 거부", "무료거부", "무료 거부"),
        needs=_pattern(r"^\s*(?:\[web발신\]\s*)?[\[(<]\s?광\s?고\s?[\])>]|무료\s?(?:수신)?\s?거부|수신\s?거부\s?:?\s?0?80"),
        unless=_pattern(r"민원|신고|단속"),
        example="(광고) 한빛마트 오픈 세일 무료수신거부 080",
        counter_example="버스 안 (광고) 소리가 너무 커요",
    ),
    Rule(
        "ad.loan", 1, "ad", "ad.loan", 0.9,
        words=("대출", "대 출", "햇살론", "급전", "개인돈", "신용등급", "저축은행", "캐피탈"),
        needs=_pattern(r"당일|무직자|무담보|무보증|한도|저금리|최저|금리|승인|연체자|누구나|상담|즉시|24시|최대|가능|서류|신청"),
        min_words=2,
        unless=_pattern(_COMPLAINS.pattern + r"|도서|청년|신혼|학자금|이자\s?지원|안\s?[되돼]|해\s?주세요|했으면|나요|까요|왜|규제|소상공인|제도"),
        example="무직자 당일 대출 가능, 최저 금리 24시 상담",
        counter_example="소상공인 대출 금리가 너무 높은데 상담은 어디서 받나요",
    ),
    Rule(
        "ad.investment", 1, "ad", "ad.investment", 0.9,
        words=("리딩방", "급등주", "추천주", "종목추천", "종목 추천", "무료추천", "무료 추천", "코인추천", "코인 추천", "고수익", "수익률", "재택알바", "재택 알바", "부업", "투잡"),
        needs=_pattern(r"수익|무료|추천|보장|만원|입장|급등|%|상담|누구나|하루|알바"),
        min_words=2,
        unless=_COMPLAINS,
        needs_contact=True,
        example="무료 추천주 급등 종목 수익 보장 오픈채팅 입장",
        counter_example="부업으로 재택 알바를 하는데 소득 신고는 어디서 하나요",
    ),
    Rule(
        "ad.property", 1, "ad", "ad.property", 0.85,
        words=("분양", "모델하우스", "홍보관", "잔여세대", "잔여 세대", "입주"),
        needs=_pattern(r"선착순|모델하우스|홍보관|잔여\s?세대|계약금|프리미엄|역세권|중도금|무이자|특별\s?(?:공급가|할인)|방문\s?예약|동호\s?지정"),
        min_words=2,
        unless=_pattern(_COMPLAINS.pattern + r"|나요|까요|해\s?주세요|청년주택|왜"),
        needs_contact=True,
        example="역세권 아파트 선착순 분양 모델하우스 방문 [전화번호]",
        counter_example="역세권 청년주택 분양 모델하우스는 언제 여나요",
    ),
    Rule(
        "ad.link", 1, "ad", "ad.link", 0.75,
        words=("http", "www.", ".com", ".net", ".co.kr", ".me", ".ly", ".shop", ".site", ".xyz", ".top", "링크", "카톡", "오픈채팅", "텔레"),
        needs=_pattern(_PROMOTION),
        min_words=2,
        unless=_pattern(_COMPLAINS.pattern + r"|나요|까요|습니까|안\s?[되돼]|왜|고장|불편|분실|버스|지하철|따릉이"),
        example="오픈 기념 할인 쿠폰 증정 https://shop.example.com",
        counter_example="따릉이 할인 쿠폰이 안 들어와요 https://example.com/screen",
    ),
    Rule(
        "ad.phone", 1, "ad", "ad.phone", 0.75,
        words=("[전화번호]",),
        needs=_pattern(_PROMOTION + r"|전문\s?(?:업체|시공)|출장|견적|시공|이사\s?짐|누수\s?탐지"),
        min_words=2,
        unless=_pattern(_COMPLAINS.pattern + r"|나요|까요|습니까|안\s?[되돼]|왜|고장|불편|연락\s?(?:바랍|주|부탁)|회신|답변|부탁"),
        example="누수탐지 전문업체 무료상담 [전화번호]",
        counter_example="수도 누수로 물이 새는데 무료 점검이 되나요 [전화번호]",
    ),
    Rule(
        "political.election", 1, "political", "political.election", 0.8,
        words=("기호", "총선", "대선", "지방선거", "보궐선거", "재보선", "경선", "후보", "투표", "공천"),
        needs=_pattern(r"기호\s?[1-9일이삼사]번|찍(?:어|읍|자)|지지(?:합|해|선언)|압승|승리|심판|당선|출마|사퇴|단일화|필승|공천|여론조사|표를?\s?(?:주|줍)|정권"),
        unless=_ASKS,
        spares_city_matters=True,
        example="이번 총선은 기호 2번, 우리가 반드시 승리합니다",
        counter_example="총선 투표일에 주민센터 민원 창구도 여나요?",
    ),
    Rule(
        "political.party", 1, "political", "political.party", 0.75,
        words=("민주당", "더민주", "국민의힘", "국민의 힘", "국힘", "자유한국당", "자한당", "미래통합당", "미통당", "새누리", "한나라당", "정의당", "국민의당", "바른미래당", "개혁신당", "조국혁신당", "진보당", "통진당", "민주통합당"),
        unless=_pattern(r"부탁|주세요|민원|건의|제안|요청|버스|지하철|도로|수도|주차|현수막"),
        spares_city_matters=True,
        example="한나라당은 국민을 그만 속여라",
        counter_example="국민의힘 현수막이 횡단보도를 가려요 치워 주세요",
    ),
    Rule(
        "political.slogan", 1, "political", "political.slogan", 0.75,
        words=("탄핵", "하야하라", "퇴진", "정권교체", "정권 교체", "정권심판", "정권 심판", "정권퇴진", "정권 퇴진", "특검", "물러나라", "물러가라", "구속하라", "구속수사", "독재정권", "독재 정권", "독재타도", "적폐청산", "적폐 청산", "문재앙", "문죄인", "토착왜구", "빨갱이", "좌빨", "수꼴", "대깨문", "종북", "쥐박", "닭근혜", "박그네", "국정농단", "일베충"),
        unless=_pattern(r"부탁|주세요|민원|건의|제안|요청|버스|지하철|도로|수도|주차"),
        spares_city_matters=True,
        example="독재 정권 물러나라, 대통령을 탄핵하라",
        counter_example="시장은 물러나라, 버스를 이렇게 줄이다니",
    ),
    Rule(
        "praise.thanks", 1, "praise", "praise.thanks", 0.7,
        words=("감사합니다", "감사드립니다", "감사해요", "고맙습니다", "고마워요", "칭찬합니다", "칭찬해", "칭찬드", "덕분에", "최고예요", "최고에요", "최고입니다", "친절하게", "친절하신"),
        unless=_ASKS,
        max_length=200,
        example="다산콜센터 상담사님 친절하게 알려 주셔서 감사합니다",
        counter_example="신호등이 고장 났어요. 감사합니다",
    ),
    Rule(
        "praise.english", 1, "praise", "praise.thanks", 0.7,
        words=("thank you", "thanks", "great job", "well done", "love the"),
        unless=_pattern(
            r"\?|please|\bnot\b|n't|\bno\b|but|still|why|when|how|never|problem|issue|help|need|broken|wait|can you|thanks for nothing|late|worst|fix"
        ),
        max_length=140,
        example="Thank you Seoul, the night bus is wonderful",
        counter_example="Thanks for nothing, the bus is late again",
    ),
)  # fmt: skip
