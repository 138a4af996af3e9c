"""Advertisements."""

from __future__ import annotations

from nlp.filter_rules.rule import COMPLAINS, Rule, pattern

PROMOTION = (
    r"할인|쿠폰|특가|무료\s?(?:체험|상담|배송|증정|추천)|선착순|오픈\s?기념|최저가|파격|이벤트|증정|당첨|혜택|지금\s?(?:바로|가입|신청)|"
    r"상담\s?(?:환영|문의|가능)|문의\s?(?:환영|주세요)|예약\s?(?:문의|환영)|구매|판매|입금|가입|수익|고수익|보장|클릭|신청|한정|사은품|원금|방문|드립니다|지급|만원|이용\s?시|"
    r"세일|오늘(?:까지|만)|(?:회원|수강생|원생|체험단)\s?모집|추첨|대환영|찾으시면|예약하세요|개업|공동구매"
)

ADS: tuple[Rule, ...] = (
    Rule(
        "ad.label", 2, "ad", "ad.label", 0.95,
        words=("광고", "광 고", "수신거부", "수신 거부", "무료거부", "무료 거부"),
        needs=pattern(r"^\s*(?:\.?@\w+\s+)*(?:\[web발신\]\s*)?[\[(<]\s?광\s?고\s?[\])>]|무료\s?(?:수신)?\s?거부|수신\s?거부\s?:?\s?0?80"),
        unless=pattern(r"민원|신고|단속"),
        example="(광고) 한빛마트 오픈 세일 무료수신거부 080",
        counter_example="버스 안 (광고) 소리가 너무 커요",
    ),
    Rule(
        "ad.labelled_message", 1, "ad", "ad.label", 0.85,
        words=("광고", "광 고"),
        # A message that was pasted whole carries its label after a title or a sender.
        needs=pattern(r"^(?=.{0,60}[\[(<]\s?광\s?고\s?[\])>])(?=.*(?:무료\s?(?:수신)?\s?거부|수신\s?거부|카톡\s?id|상담|승인|한도|신청|자세히|월급|지원\s?(?:대상|상품|조건)))"),
        unless=pattern(r"민원|단속|구청|시장님|서울시|버스|지하철|전단|현수막|나요|까요|불편|너무"),
        example="제목: 새빛은행 안내 (광고) 마이너스 통장 승인 대상자, 자세히 보기",
        counter_example="지하철 벽면 (광고) 신청은 어디에 하나요",
    ),
    Rule(
        "ad.loan", 2, "ad", "ad.loan", 0.9,
        words=("대출", "대 출", "햇살론", "급전", "개인돈", "신용불량", "신불자", "신용등급", "저축은행", "캐피탈"),
        needs=pattern(r"당일|무직자|무담보|무보증|한도|저금리|최저|금리|승인|연체자|누구나|상담|즉시|24시|최대|가능|서류|신청|비대면|개인돈|급전|신용불량|신불|(?:바로|당일|즉시|\d분)\s?입금|비밀\s?보장"),
        min_words=2,
        unless=pattern(COMPLAINS.pattern + r"|도서|청년|신혼|학자금|이자\s?지원|안\s?[되돼]|해\s?주세요|했으면|나요|까요|왜|규제|소상공인|제도|때문에|않|못|는데|궁금|문의드|여부|완화|조정|적극|경신|인하"),
        example="무직자 당일 대출 가능, 최저 금리 24시 상담",
        counter_example="소상공인 대출 금리가 너무 높은데 상담은 어디서 받나요",
    ),
    Rule(
        "ad.investment", 2, "ad", "ad.investment", 0.9,
        words=("리딩방", "급등주", "추천주", "종목추천", "종목 추천", "무료추천", "무료 추천", "코인추천", "코인 추천", "고수익", "수익률", "수익 인증", "수익인증", "정보방", "재택알바", "재택 알바", "부업", "투잡"),
        needs=pattern(r"수익|무료|추천|보장|만원|\d억|입장|급등|%|상담|누구나|하루|알바|인증|원금|종목|초보|선착순"),
        min_words=2,
        unless=pattern(COMPLAINS.pattern + r"|나요|까요|왜|때문에|않|못|사기"),
        needs_contact=True,
        example="무료 추천주 급등 종목 수익 보장 오픈채팅 입장",
        counter_example="부업으로 재택 알바를 하는데 소득 신고는 어디서 하나요",
    ),
    Rule(
        "ad.property", 1, "ad", "ad.property", 0.85,
        words=("분양", "모델하우스", "홍보관", "잔여세대", "잔여 세대", "입주"),
        needs=pattern(r"선착순|모델하우스|홍보관|잔여\s?세대|계약금|프리미엄|역세권|중도금|무이자|특별\s?(?:공급가|할인)|방문\s?예약|동호\s?지정"),
        min_words=2,
        unless=pattern(COMPLAINS.pattern + r"|나요|까요|해\s?주세요|청년주택|왜"),
        needs_contact=True,
        example="역세권 아파트 선착순 분양 모델하우스 방문 [전화번호]",
        counter_example="역세권 청년주택 분양 모델하우스는 언제 여나요",
    ),
    Rule(
        "ad.link", 2, "ad", "ad.link", 0.75,
        words=("http", "www.", ".com", ".net", ".co.kr", ".me", ".ly", ".shop", ".site", ".xyz", ".top", "링크", "카톡", "오픈채팅", "텔레"),
        needs=pattern(PROMOTION),
        min_words=2,
        unless=pattern(COMPLAINS.pattern + r"|나요|까요|습니까|안\s?[되돼됩]|왜|고장|불편|분실|버스|지하철|따릉이|않|못|는데|어디서|언제|오류|요금|도서관|사기|당했"),
        example="오픈 기념 할인 쿠폰 증정 https://shop.example.com",
        counter_example="따릉이 할인 쿠폰이 안 들어와요 https://example.com/screen",
    ),
    Rule(
        "ad.phone", 2, "ad", "ad.phone", 0.75,
        words=("[전화번호]",),
        needs=pattern(PROMOTION + r"|전문\s?(?:업체|시공)|출장|견적|시공|이사\s?짐|누수\s?탐지"),
        min_words=2,
        unless=pattern(COMPLAINS.pattern + r"|나요|까요|습니까|안\s?[되돼]|왜|고장|불편|연락\s?(?:바랍|주|부탁)|회신|답변|부탁|않|못|는데|사기|당했"),
        example="누수탐지 전문업체 무료상담 [전화번호]",
        counter_example="수도 누수로 물이 새는데 무료 점검이 되나요 [전화번호]",
    ),
)  # fmt: skip
