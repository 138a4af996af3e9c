"""RULES: one row per rule, the first that applies decides. Source: written by hand for this project."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Goes into every annotation. Raise it with any change below, so that old verdicts can be told and redone.
RULES_VERSION = "2026.11-2"


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
# The only requests thanks may hold are "praise her, please" and "go on like this". Otherwise wider than _ASKS:
# 감사합니다 closes most complaints, so that any sign of trouble outweighs it, unless the trouble is over.
_STILL_ASKS = _pattern(
    r"\?|(?:주세요|주세여)(?<!칭찬해 주세.)(?<!칭찬해주세.)(?<!전해 주세.)(?<!전해주세.)|부탁(?<!앞으로도 부탁)(?<!앞으로도부탁)(?<!앞으로도 잘 부탁)(?<!앞으로도 계속 부탁)|"
    r"주십|주시|주실|줘요|바랍|바래|바라|요청|건의|제안|개선|나요|까요|니까|언제|어떻게|왜|여쭙|여쭤|문의|궁금|기다리겠|"
    r"(?:조치|처리|해결|답변|반성|시정|검토|개선)\S{0,2}\s?하(?:세요|십시|라)|민원(?<!#민원)(?!\s?(?:실|창구|담당|처리|해결|바로|빨리|빠르))|불친절|(?<![가-힣])안\s[가-힣]|"
    r"(?:신고|소음|냄새|불법|고장|위험|불편)(?!.{0,40}(?:해결[됐되]|좋아졌|나아졌|고쳐졌|사라졌|없어졌|줄었|처리[됐되]))|"
    r"부족|문제|안\s?되|안\s?돼|안\s?됩|않|없(?!어졌)|못|늦|지각|해야|필요|심각|느리|느려|막히|막혀|시급|했으면|하면 좋|좋겠|"
    r"그런데|하지만|지만|니다만|는데|제발|때문에|걱정|시끄|계속|사고|부실|파손|깨[졌져]|터[졌져]|꺼[졌져]|지워[졌져]|쓰러|망가|무너|"
    r"더럽|지저분|아파(?!트)|아픕|급해|급합|엉망|답답|속상|실망|짜증|힘들|화가|[분일주달년흘]째|올랐|거절|탈락|끊[겨긴]|미끄러|늘려|줄여|"
    r"버려|가득|피하|마구|흘러|나갔|부러|벗겨|떨어[졌져]|기다렸|올려\s?주|비싸|물이|고여|고인|새고|그대로|무서|겨우|담배|"
    r"너무(?!\s?(?:나\s)?(?:친절|감사|고마|고맙|좋|잘|깨끗|예쁘|예뻐|멋|훌륭|빠르|빨리|수고|고생|편|감동))"
)
_THANKS = r"(?:감사|고맙|고마[워운웠])"
# The words may stand inside others (하여야, 곡선거리, 분야당); here they begin one.
_POLITICIANS = (
    r"국회의원|대통령|정치(?:인|꾼|권|질|판|\s?싸움)|정쟁|당리당략|국정감사|[○o]{2}당|전[임직]\s시장|"
    r"(?<![가-힣])(?:(?:여|야)당|여야|(?:서울)?시의[원회]|구의[원회]|국회(?!대로|의사당|도서관|역)|"
    r"(?:현|전|이|역대|독재|좌파|보수|진보)?\s?정권|(?:지방|보궐|대통령|다음|시장)?\s?선거(?![리치])|총선|대선)"
)
_ATTACKS = (
    r"지겹|지긋지긋|신물|진절머리|그만\s?(?:해|하|좀|둬)|똑같|그\s?나물|[^가-힣]쇼(?:하|를|나|다|야|일|입|질|\s?그만)|하는\s?(?:짓|꼴)|꼬락서니|꼴\s?(?:좀|보)|"
    r"선거\s?(?:때만|철에?만)|때만\s?(?:되면|보이|나타|찾아|굽신|굽실)|심판|두고\s?(?:봅시다|보자|볼)|싸움|싸우|내로남불|무능|부패|썩[어었은]|"
    r"정신\s?(?:차려|차리|못)|사퇴|물러나|물러가|낙선|낙천|한심|부끄러운\s?줄|창피|탓(?:만|하|으로|이나)|우습|개돼지|망쳐|망치[는고려]|망쳤|망했|말아먹|"
    r"바뀌어야|갈아\s?(?:엎|치)|거짓말|위선|밥그릇|적폐|선동|세금\s?도둑|도둑놈|표\s?(?:안|못|절대|구걸|장사|떨어)|"
    r"찍(?:지|읍|어\s?(?:주|줬|준)|을\s?(?:일|생각))|뽑(?:지|아\s?(?:줬|준|놨|놓)|은\s?(?:게|내|손))|매국|독재|타도|끌어내|구속|해산(?!물)|속여라|속이지|국민을?\s?(?:속|무시|기만|팔)|공약은?\s?(?:어디|헛|뻥|다\s?거짓)|[빈헛]\s?공약"
)
# What stands or sounds in the street because of politics is a matter of the city.
_STREET_MATTERS = r"부탁|주세요|주십|바랍니다|민원(?<!#민원)|건의|제안|요청|신고|불편|단속|버스|지하철|도로|수도|주차|현수막|유세|벽보|공보물|선거운동|운동원|투표소|투표함|소음|쓰레기|공사"
_GAMBLING = (
    r"카지노|까지노|바카라|슬롯|쓸롯|꽁머니|먹튀|홀덤|룰렛|파워볼|배팅|베팅|첫충|매충|재충|페이백|입플|단폴|토토|스포츠\s?(?:배당|놀이터)|"
    r"환전|무제재|(?:사다리|홀짝)\s?게임|소셜그래프|파칭코|(?:안전|사설|메이저)\s?(?:놀이터|사이트)|없는\s?(?:안전|검증|메이저)|검증\s?(?:된\s)?(?:업체|사이트)|"
    r"신규.{0,6}(?:지급|쿠폰)|가입\s?(?:쿠폰|머니|선물|코드)|추천인|코드\s?:|casino|slot"
)
# Circled letters and digits in an address are there to slip past a filter; in a list they stand alone.
_ODD_SIGNS = "".join(dict.fromkeys("".join(map(chr, [*range(0x2460, 0x2500), *range(0x2776, 0x2780)])).lower()))
_ODD = f"[{_ODD_SIGNS}]"
_FULL_WIDTH = "".join(map(chr, range(0xFF41, 0xFF5B)))
_PROMOTION = (
    r"할인|쿠폰|특가|무료\s?(?:체험|상담|배송|증정|추천)|선착순|오픈\s?기념|최저가|파격|이벤트|증정|당첨|혜택|지금\s?(?:바로|가입|신청)|"
    r"상담\s?(?:환영|문의|가능)|문의\s?(?:환영|주세요)|예약\s?(?:문의|환영)|구매|판매|입금|가입|수익|고수익|보장|클릭|신청|한정|사은품|원금|방문|드립니다|지급|만원|이용\s?시|"
    r"세일|오늘(?:까지|만)|(?:회원|수강생|원생|체험단)\s?모집|추첨|대환영|찾으시면|예약하세요|개업|공동구매"
)
# Where none of these is found, the gambling rule is not even tried.
_GAMBLING_WORDS = (
    "카지노", "까지노", "바카라", "슬롯", "쓸롯", "꽁머니", "먹튀", "홀덤", "룰렛", "파워볼", "배팅", "베팅", "첫충", "매충", "재충", "페이백", "입플",
    "단폴", "토토", "스포츠", "사다리게임", "사다리 게임", "홀짝게임", "홀짝 게임", "소셜그래프", "파칭코", "안전놀이터", "안전 놀이터", "환전", "무제재", "신규", "가입", "추천인", "코드:", "코드 :", "casino", "slot",
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
        "spam.gambling", 2, "spam", "spam.gambling", 0.95,
        words=_GAMBLING_WORDS,
        needs=_pattern(_GAMBLING + r"|[a-z0-9*]+\.com|bit\.ly|\d+%|\*{2,}%|톡|텔레|" + _ODD),
        min_words=2,
        unless=_pattern(_COMPLAINS.pattern + "|교통카드|티머니|상품권|따릉이|나요|까요|했어요|당했|환불|헬스장|사기"),
        example="새빛 카지노 신규가입 첫충 30% 꽁머니 지급",
        counter_example="학교 앞 도박 사이트 카지노 광고를 단속해 주세요",
    ),
    Rule(
        "spam.followers", 1, "spam", "spam.followers", 0.85,
        words=("맞팔", "선팔", "팔로워", "구독자", "조회수", "서이추", "follow back", "followback"),
        needs=_pattern(
            r"(?:맞팔|선팔|서이추|follow\s?back).*(?:맞팔|선팔|언팔|100\s?%|바로|https?:|카톡|텔레|오픈채팅)|"
            r"(?:팔로워|구독자|조회수)\S{0,2}\s?(?:\S{1,6}\s)?(?:늘려\s?드|올려\s?드|채워\s?드|판매|팝니다|작업)"
        ),
        unless=_pattern(_COMPLAINS.pattern + r"|나요|까요|습니까|왜|주세요|안\s?[되돼]"),
        example="선팔하고 댓글 남기면 바로 맞팔 갑니다",
        counter_example="구독자가 늘어난 서울시 채널에 자막을 넣어 주세요 https://example.com",
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
        "ad.label", 2, "ad", "ad.label", 0.95,
        words=("광고", "광 고", "수신거부", "수신 거부", "무료거부", "무료 거부"),
        needs=_pattern(r"^\s*(?:\.?@\w+\s+)*(?:\[web발신\]\s*)?[\[(<]\s?광\s?고\s?[\])>]|무료\s?(?:수신)?\s?거부|수신\s?거부\s?:?\s?0?80"),
        unless=_pattern(r"민원|신고|단속"),
        example="(광고) 한빛마트 오픈 세일 무료수신거부 080",
        counter_example="버스 안 (광고) 소리가 너무 커요",
    ),
    Rule(
        "ad.loan", 2, "ad", "ad.loan", 0.9,
        words=("대출", "대 출", "햇살론", "급전", "개인돈", "신용불량", "신불자", "신용등급", "저축은행", "캐피탈"),
        needs=_pattern(r"당일|무직자|무담보|무보증|한도|저금리|최저|금리|승인|연체자|누구나|상담|즉시|24시|최대|가능|서류|신청|비대면|개인돈|급전|신용불량|신불|(?:바로|당일|즉시|\d분)\s?입금|비밀\s?보장"),
        min_words=2,
        unless=_pattern(_COMPLAINS.pattern + r"|도서|청년|신혼|학자금|이자\s?지원|안\s?[되돼]|해\s?주세요|했으면|나요|까요|왜|규제|소상공인|제도|때문에|않|못|는데|궁금|문의드|여부"),
        example="무직자 당일 대출 가능, 최저 금리 24시 상담",
        counter_example="소상공인 대출 금리가 너무 높은데 상담은 어디서 받나요",
    ),
    Rule(
        "ad.investment", 2, "ad", "ad.investment", 0.9,
        words=("리딩방", "급등주", "추천주", "종목추천", "종목 추천", "무료추천", "무료 추천", "코인추천", "코인 추천", "고수익", "수익률", "수익 인증", "수익인증", "정보방", "재택알바", "재택 알바", "부업", "투잡"),
        needs=_pattern(r"수익|무료|추천|보장|만원|\d억|입장|급등|%|상담|누구나|하루|알바|인증|원금|종목|초보|선착순"),
        min_words=2,
        unless=_pattern(_COMPLAINS.pattern + r"|나요|까요|왜|때문에|않|못|사기"),
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
        "ad.link", 2, "ad", "ad.link", 0.75,
        words=("http", "www.", ".com", ".net", ".co.kr", ".me", ".ly", ".shop", ".site", ".xyz", ".top", "링크", "카톡", "오픈채팅", "텔레"),
        needs=_pattern(_PROMOTION),
        min_words=2,
        unless=_pattern(_COMPLAINS.pattern + r"|나요|까요|습니까|안\s?[되돼됩]|왜|고장|불편|분실|버스|지하철|따릉이|않|못|는데|어디서|언제|오류|요금|도서관|사기|당했"),
        example="오픈 기념 할인 쿠폰 증정 https://shop.example.com",
        counter_example="따릉이 할인 쿠폰이 안 들어와요 https://example.com/screen",
    ),
    Rule(
        "ad.phone", 2, "ad", "ad.phone", 0.75,
        words=("[전화번호]",),
        needs=_pattern(_PROMOTION + r"|전문\s?(?:업체|시공)|출장|견적|시공|이사\s?짐|누수\s?탐지"),
        min_words=2,
        unless=_pattern(_COMPLAINS.pattern + r"|나요|까요|습니까|안\s?[되돼]|왜|고장|불편|연락\s?(?:바랍|주|부탁)|회신|답변|부탁|않|못|는데|사기|당했"),
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
        "political.attack", 1, "political", "political.attack", 0.7,
        words=("국회", "시의원", "구의원", "여당", "야당", "여야", "정권", "시의회", "구의회", "정치인", "정치꾼", "정치권", "정치질", "정치판", "정치 싸움", "정치싸움", "정쟁", "당리당략", "대통령", "전임 시장", "전직 시장", "총선", "대선", "선거", "국정감사", "○○당", "oo당"),
        needs=_pattern(rf"^(?=.*(?:{_POLITICIANS})).*?(?:{_ATTACKS})"),
        unless=_pattern(_STREET_MATTERS),
        spares_city_matters=True,
        max_length=280,
        example="여야 가릴 것 없이 정치인들 밥그릇 싸움에 신물이 난다",
        counter_example="국회의원 선거 유세 차량끼리 싸우듯 틀어 대는 확성기 소음 단속해 주세요",
    ),
    Rule(
        "political.party", 2, "political", "political.party", 0.75,
        words=("민주당", "더민주", "국민의힘", "국민의 힘", "국힘", "자유한국당", "자한당", "미래통합당", "미통당", "새누리", "한나라당", "정의당", "국민의당", "바른미래당", "개혁신당", "조국혁신당", "진보당", "통진당", "민주통합당"),
        unless=_pattern(r"부탁|주세요|민원|건의|제안|요청|버스|지하철|도로|수도|주차|현수막|홈페이지|누리집"),
        spares_city_matters=True,
        example="한나라당은 국민을 그만 속여라",
        counter_example="국민의힘 현수막이 횡단보도를 가려요 치워 주세요",
    ),
    Rule(
        "political.slogan", 2, "political", "political.slogan", 0.75,
        words=("탄핵", "하야하라", "퇴진", "정권교체", "정권 교체", "정권심판", "정권 심판", "정권퇴진", "정권 퇴진", "특검", "물러나라", "물러가라", "사퇴하라", "사퇴해라", "심판하자", "심판합시다", "좌파", "우파들", "우파는", "극우", "진보니 보수니", "보수니 진보니", "진보든 보수든", "보수든 진보든", "진보나 보수나", "정치쇼", "정치 쇼", "구속하라", "구속수사", "독재정권", "독재 정권", "독재타도", "적폐청산", "적폐 청산", "문재앙", "문죄인", "토착왜구", "빨갱이", "좌빨", "수꼴", "대깨문", "종북", "쥐박", "닭근혜", "박그네", "국정농단", "일베충"),
        unless=_pattern(r"부탁|주세요|민원|건의|제안|요청|버스|지하철|도로|수도|주차"),
        spares_city_matters=True,
        example="좌파든 극우든 이제 다 퇴진하라",
        counter_example="시장은 물러나라, 버스를 이렇게 줄이다니",
    ),
    Rule(
        "praise.thanks", 2, "praise", "praise.thanks", 0.7,
        words=("감사합니다", "감사드", "감사해요", "감사 인사", "감사인사", "감사를", "감사의", "감사한 ", "고맙", "고마워", "고마운", "고마웠", "고마움"),
        # Thanks for something done; the bare formula counts only where it is all there is.
        needs=_pattern(
            rf"(?:주셔서?|주신\s?\S+|줘서|하셔서|친절\S*|해결\S*|덕분\S*|보니)\s?(?:늘\s|항상\s|참\s|정말\s|너무\s?|진심으로\s|깊이\s|다시\s?한번\s)*{_THANKS}|"
            rf"{_THANKS}[가-힣]*\s?(?:인사|마음|말씀|뜻)|^(?:\.?@\S+\s+)*(?:시장님|안녕하세요)?[.,!~\s]*[^.!?\n]{{0,60}}{_THANKS}[가-힣]*[^가-힣a-z0-9#@]*(?:[ㅎㅋ^~]+\s*)*(?:[#@]\S+\s*)*$|"
            r"친절|최고|감동|칭찬|훌륭|(?:좋아|깨끗해|편해|편리해|나아|빨라|밝아)졌|(?:해결|처리)(?:됐|되었)|고쳐졌|(?:기다려|도와|챙겨|찾아)\s?주|알려\s?주셔|빨리\s?주셔"
        ),
        unless=_STILL_ASKS,
        max_length=200,
        example="다산콜센터 상담사님 친절하게 알려 주셔서 감사합니다",
        counter_example="육교 계단 미끄럼 방지 테이프가 벗겨진 채로 있습니다. 감사합니다",
    ),
    Rule(
        "praise.recognition", 1, "praise", "praise.recognition", 0.7,
        words=("칭찬", "수고하셨", "수고 많으셨", "수고했", "고생하셨", "고생 많으셨", "고생했", "감동받", "감동 받", "감동했", "감동입니다", "자랑스럽", "최고예요", "최고에요", "최고입니다", "훌륭", "친절하게", "친절하신", "친절하셔", "친절하시", "친절하셨", "친절해서", "좋아졌", "깨끗해졌", "편해졌", "편리해졌", "상 줘야", "상을 줘야", "상 받아", "표창"),
        needs=_pattern(
            r"칭찬(?:합니다|해요|하고\s?싶|드|해\s?주세[요여])|(?<!하루도 )(?<!오늘도 )(?:수고|고생)\s?(?:하셨|많으셨|했)\S*(?:다|요)\b|감동\s?(?:받|했|입니다)|자랑스럽|최고(?:예요|에요|입니다)|훌륭(?:합|하|했)|"
            r"친절(?:하[게신셔시셨]|해서)|(?:좋아|깨끗해|편해|편리해)졌(?:습니다|어요|네요|더라|다\b|음\b)|상을?\s?(?:줘야|받아야)|표창(?:감|을?\s?(?:줘|드))"
        ),
        unless=_STILL_ASKS,
        max_length=200,
        example="망원시장 쪽 골목이 몰라보게 깨끗해졌어요. 청소하신 분들 칭찬합니다",
        counter_example="친절하신 기사님도 있지만 오늘 기사님은 칭찬할 수가 없네요",
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
    Rule(
        "opinion.agreement", 1, "opinion", "opinion.agreement", 0.6,
        words=("찬성", "동의", "공감", "지지합", "지지해", "지지드", "의견입니다", "의견일 뿐", "생각입니다", "생각일 뿐"),
        # Against something is left a question: whoever writes so wants the city to do otherwise.
        needs=_pattern(
            r"(?:(?:찬성|동의|공감|지지)(?:합니다|해요|드립니다|드려요|입니다|이에요|한다)|(?:제|저의|개인적인?|개인)\s(?:\S{2,3}\s)?(?:의견|소견|생각)(?:입니다|일\s?뿐입니다|이에요|일\s?뿐이에요))"
            r"[^가-힣a-z0-9#@]*(?:[ㅎㅋ^~]+\s*)*(?:[#@]\w+\s*)*$"
        ),
        unless=_pattern(
            r"\?|부탁|주세[요여]|주십|주시|주실|줘요|바랍|바래|바라|요청|나요|까요|니까|언제|어떻게|왜|해야|되어야|돼야|하여야|필요|했으면|하면\s?좋|좋겠|"
            r"지만|니다만|는데|그런데|단,|조건|불편|고장|위험|부족|안\s?되|안\s?돼|않|없|못|늦|불법|심각|시급|제발|하라\b|촉구|반대|철회|중단|취소|폐지|백지화|너무|부당|불합리|잘못"
        ),
        max_length=120,
        example="공원 안 흡연 부스를 따로 두는 방안에 찬성합니다",
        counter_example="소각장 증설에 동의한 적이 없는데 주민 동의를 받았다고 합니다",
    ),
)  # fmt: skip
