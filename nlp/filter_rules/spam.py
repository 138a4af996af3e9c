"""Gambling, fraud and what is spelled so that filters do not see it."""

from __future__ import annotations

from nlp.filter_rules.rule import ASKS_THE_CITY, COMPLAINS, Rule, pattern

_GAMBLING = (
    r"카지노|까지노|바카라|슬롯|쓸롯|꽁머니|먹튀|홀덤|룰렛|파워볼|배팅|베팅|첫충|매충|재충|페이백|입플|단폴|토토|스포츠\s?(?:배당|놀이터)|"
    r"환전|무제재|(?:사다리|홀짝)\s?게임|소셜그래프|파칭코|(?:안전|사설|메이저)\s?(?:놀이터|사이트)|없는\s?(?:안전|검증|메이저)|검증\s?(?:된\s)?(?:업체|사이트)|"
    r"신규.{0,6}(?:지급|쿠폰)|가입\s?(?:쿠폰|머니|선물|코드)|추천인|코드\s?:|casino|slot"
)
# Circled letters and digits in an address are there to slip past a filter; in a list they stand alone.
_ODD_SIGNS = "".join(dict.fromkeys("".join(map(chr, [*range(0x2460, 0x2500), *range(0x2776, 0x2780)])).lower()))
_ODD = f"[{_ODD_SIGNS}]"
_FULL_WIDTH = "".join(map(chr, range(0xFF41, 0xFF5B)))
# Where none of these is found, the gambling rule is not even tried.
_GAMBLING_WORDS = (
    "카지노", "까지노", "바카라", "슬롯", "쓸롯", "꽁머니", "먹튀", "홀덤", "룰렛", "파워볼", "배팅", "베팅", "첫충", "매충", "재충", "페이백", "입플",
    "단폴", "토토", "스포츠", "사다리게임", "사다리 게임", "홀짝게임", "홀짝 게임", "소셜그래프", "파칭코", "안전놀이터", "안전 놀이터", "환전", "무제재", "신규", "가입", "추천인", "코드:", "코드 :", "casino", "slot",
)  # fmt: skip

SPAM: tuple[Rule, ...] = (
    Rule(
        "spam.smishing", 2, "spam", "spam.smishing", 0.9,
        words=("엄마", "아빠", "언니", "오빠", "누나", "바뻐", "바빠"),
        needs=pattern(
            r"폰|액정|수리|인증|문자|카톡|톡\s?(?:줘|해|추가)|링크|신용카드|통장|임시|송금|이체|주민|앱|설치|부탁|급히|급해|급하게|새\s?번호|이\s?번호|친추|추가하고|a/s|컴퓨터로"
        ),
        min_words=3,
        unless=pattern(
            r"사기|피싱|스미싱|신고|아이\b|우리 아이|복지|버스|지하철|제안|건의|서울시|시장님|구청|센터|나요|까요|습니까|습니다|드립니다|바랍니다|해요|세요|어요|에요|예요"
        ),
        max_length=600,
        example="엄마 나 폰 액정 깨져서 수리 맡겼어 이 번호로 문자 줘",
        counter_example="엄마가 버스에 폰을 두고 내렸는데 분실물 문자는 어디서 받나요",
    ),
    Rule(
        "spam.pasted_message", 1, "spam", "spam.pasted_message", 0.8,
        words=("web발신", "web 발신", "국외발신", "국제발신", "해외발신", "국외 발신", "국제 발신"),
        unless=COMPLAINS,
        example="[Web발신] 고객님 택배 주소 불일치로 재확인 바랍니다 http://example.com",
        counter_example="[Web발신]으로 오는 스미싱 문자 신고는 어디에 하나요",
    ),
    Rule(
        "spam.parcel", 1, "spam", "spam.smishing", 0.85,
        words=("택배", "소포", "배송", "건강검진", "교통법규", "교통위반", "범칙금", "과태료", "청첩장", "부고"),
        needs=pattern(r"(?:도로명|주소)\s?(?:지)?\s?불(?:일치|명)|미배달|미배송|재확인|통지서\s?(?:발송|확인)|고지서\s?발송|확인\s?하기|내용\s?확인|처리\s?완료"),
        unless=COMPLAINS,
        needs_contact=True,
        example="[한빛택배] 소포 미배달 도로명 불일치 확인 http://bit.example.com",
        counter_example="택배 배송차량이 인도에 서 있어서 위험해요 재확인 부탁합니다",
    ),
    Rule(
        "spam.gambling", 2, "spam", "spam.gambling", 0.95,
        words=_GAMBLING_WORDS,
        needs=pattern(_GAMBLING + r"|[a-z0-9*]{1,40}\.com|bit\.ly|\d{1,3}%|\*{2,3}%|톡|텔레|" + _ODD),
        min_words=2,
        unless=pattern(COMPLAINS.pattern + "|교통카드|티머니|상품권|따릉이|나요|까요|했어요|당했|환불|헬스장|사기|사행성|불법|도박"),
        example="새빛 카지노 신규가입 첫충 30% 꽁머니 지급",
        counter_example="학교 앞 도박 사이트 카지노 광고를 단속해 주세요",
    ),
    Rule(
        "spam.payment", 1, "spam", "spam.smishing", 0.85,
        words=("승인번호", "결제완료", "결제 완료", "보안 센터", "보안센터", "안전센터!", "로그인 알림", "로그인알림", "로그인시도", "로그인 시도", "해킹", "인증 코드", "인증코드"),
        needs=pattern(
            r"승인\s?번호.{0,40}결제|[0-9*,]{4,12}\s?원\s?결제\s?완료.{0,30}(?:문의|상담|아닐)|(?:보안|안전)\s?센터.{0,60}(?:업그레이드|업데이트|\.com)|"
            r"(?:해킹|로그인\s?(?:시도|알림)).{0,160}(?:https?:|www\.|\.com)|\.(?:com|net)의\s?인증\s?코드|인증\s?코드\s?:\s?[0-9*]{4}"
        ),
        unless=ASKS_THE_CITY,
        example="[새빛쇼핑] 승인번호 482913 입력 시 498,000원 결제됩니다",
        counter_example="따릉이 이용권 승인번호는 오는데 결제됩니다 화면에서 멈춰요",
    ),
    Rule(
        "spam.short_link", 1, "spam", "spam.smishing", 0.8,
        words=("bit.ly", "is.gd", "cutt.ly", "cutt.us", "soo.gd", "tinyurl", "han.gl", "ko.gl", "na.to/", "grep.kr", "url.kr", "asq.kr", "click.gl", "dooo.us", "me2.do", "vo.la/", "http", "blogspot"),
        needs=pattern(
            r"(?:택배|배송|물품|상품|소포|선물).{0,20}(?:확인|조회|발송|반송|배송\s?했|보냈)|건강\s?검진.{0,30}(?:발송|완료|결과|내용|대상)|(?:예비군|민방위).{0,20}(?:훈련|교육|신청)|"
            r"교통.{0,12}위반.{0,12}(?:통지|발송)|증명서\s?(?:본인\s?)?확인|주소.{0,10}(?:잘못|불명|재?확인|오류)|문자메시지는\s?해외|"
            r"(?:높은|고)\s?(?:수익|차익|이율|이문)|투자\s?정보\s?공유|파워볼|[0-9*]{1,5}\s?\+\s?[0-9*]{1,5}.{0,6}[0-9*]{1,5}\s?\+\s?[0-9*]"
        ),
        unless=ASKS_THE_CITY,
        max_length=300,
        example="새빛택배 확인부탁합니다 https://is.gd/example",
        counter_example="택배 배송 차량이 인도에 서 있습니다. 사진 확인 부탁드려요 https://is.gd/example 언제 단속하나요",
    ),
    Rule(
        "spam.lure", 1, "spam", "spam.gambling", 0.85,
        words=("톡", "텔", "툑", "퉬", "퉤", "탤", "까똑", "똑까", "꾀뚝", "카특", "캬턱", "뚜레", "테레", "코드", "code", "코뜨", "컴콛", ".com", ".net", "bit.ly", "asq.kr", "카,", "카:", "카/", "카 ", "id카", "열쐬", "친추"),
        needs=pattern(
            r"^(?=.*(?:버\s?거|치\s?킨|피\s?자|커\s?피|맥날|맥도|스벅|s벅|햄벅|통닭|쿠폰|꾸폰|삼만|싸암만|깁티|깊티|기프티|식사비|도미노|상품권|놀이터|실장))"
            r"(?=.*(?:(?<!스)톡|까똑|똑까|꾀뚝|카특|캬턱|툑|퉬|퉤|뚜레|텔레|테레|텔\b|텔[ㄹ렘msg*]|탤|코드|code|코뜨|컴콛|\.com|\.net|bit\.ly|asq\.kr|카[,:/\s]{1,3}[a-z]|id[카텔]|열쇠|열쐬|선툑|친추))"
            r"(?=.*(?:만\s?포|포\s?인\s?트|뽀|po\b|po\.?int|첫|쳣|첮|칫충|처음|충|가\s?입|가임|입플|선\s?지급|먼저\s?지급|봐루|바로\s?(?:드|삼|카톡)|승전|승x|롤[*링%립]|럴링|루징|페\S?이?백|벳|bet|이벤|이붼|이볜|에볼|메이[저져]|첨매|"
            r"[0-9*]\s?\+\s?[0-9*]|[0-9*]\s?(?:%|퍼\b)|가족\s?빵|가족\.?방|파워볼|놀이터|야구|스포츠|환전|기프티콘|당첨되셨))"
        ),
        unless=ASKS_THE_CITY,
        max_length=300,
        example="방금 통화한 실장입니다. 치킨 먼저 지급해 드려요 카톡 abcd12",
        counter_example="배달 치킨 쿠폰 이벤트에 가입했는데 카톡 코드가 안 와요",
    ),
    Rule(
        "spam.bonus", 1, "spam", "spam.gambling", 0.85,
        words=(".com", ".net", "http", "www.", ".kr", ".me", "bit.ly", "카톡", "텔레", "오픈채팅"),
        needs=pattern(
            r"(?:첫|쳣|첮|첨|처음|처ㅊ|매번|맨날|매일|매주|매|재|신규|신|돌발)\s?(?:충\S{0,2}\s?)?[(]?[0-9*o]{1,3}[)]?\s?(?:%|퍼)|(?:[0-9*o]{1,4}\s?\+\s?[0-9*o]{1,5}[^0-9*+]{0,4}){2}|무제한\s?[0-9*]{2,3}\s?%|"
            r"(?:첫|최고)\s?환|롤[링립]|루징|럴링|무\s?[제졔]\s?[재쟤]|[제졔]재\s?x|포\s?환|메이[저져]|에[볼뽈뵬]|슬[룟롯]|원\s?금\s?보\s?장|회\s?비\s?x|코드\s?:?\s?[*a-z]|code|추\s?천\s?인?\s?:|가입|지급|당일|복귀|마일리지|쿱|꽁|보너스"
        ),
        min_words=2,
        unless=pattern(ASKS_THE_CITY.pattern + "|금리|이율|물가|비율|이상|미만|인상|인하"),
        needs_contact=True,
        max_length=300,
        example="돌발 30% 매일 10% 복귀 회원 환영 abc12.com",
        counter_example="재활용 20% 감량에 가입하면 마일리지 지급하는 제도는 어디서 신청하나요 https://example.com",
    ),
    Rule(
        "spam.hangul_address", 1, "spam", "spam.obfuscated", 0.85,
        words=(".com", ".net", ". com", "bit.ly"),
        # Latin and Hangul taken together in one name, or a Hangul name: the city and the shops of its citizens use neither.
        needs=pattern(
            r"[가-힣](?<!네이버)(?<!다음)(?<!구글)(?<!쿠팡)(?<!지마켓)(?<!유튜브)[*a-z0-9]{0,2}\.(?:com|net)\b|[가-힣][a-z]{1,2}[가-힣][a-z]{1,2}[가-힣]?[a-z]{0,2}\.(?:com|net)|\.[^\w\s.]\.com|"
            r"\bbit\.ly/[가-힣]|[가-힣a-z0-9*-]{2}\s?[.,]\s(?:com|net)\b"
        ),
        unless=ASKS_THE_CITY,
        example="다시 모시겠습니다 새빛게임.com",
        counter_example="서울시청.com 이라는 주소는 왜 안 열리나요",
    ),
    Rule(
        "spam.bare_address", 1, "spam", "spam.obfuscated", 0.75,
        words=(".com", ".net"),
        # Thrown into a text without a scheme, glued to its words or with digits in the name.
        needs=pattern(
            r"(?:^|[^a-z0-9/.:@_*-])(?:[a-z*-]{1,12}[0-9*]|[0-9*]{1,4}[a-z-])[a-z0-9*-]{0,12}\.(?:com|net)\b|[가-힣)\]}>!~][a-z0-9*-]{2,20}\.(?:com|net)\b"
        ),
        unless=pattern(
            ASKS_THE_CITY.pattern + r"|\?|부탁|주세요|주십|바랍니다|않|없|못|naver|daum|google|youtube|facebook|instagram|kakao|twitter|blog|news|tistory|hanmail"
        ),
        max_length=200,
        example="오늘 밤도 함께해요ab12.com",
        counter_example="수도 요금 조회 사이트가 안 열려요ab12.com",
    ),
    Rule(
        "spam.spelled_address", 1, "spam", "spam.obfuscated", 0.85,
        words=("쩜", "껌", "점com", "닷com", "쩌엄", "쫌", "◘", "ℂ", "ℴ", "ℳ", "㎎", "점컴", "/com", "▶com", "⭐", "✅", "⭕"),
        needs=pattern(
            r"[a-z0-9*-]\s?[\[(]?(?:쩜|껌|쩌엄|쫌|점|닷|/|▶)[\])]?\s?(?:com|컴|콤|툑)|[가-힣](?:쩜|쩌엄)(?:컴|콤)|◘|ℂ|ℴ|ℳ|㎎\s?,\s?com|(?:[가-힣][⭐✅⭕]){3}|[✅⭐⭕][가-힣]{1,2}[✅⭐⭕][가-힣]{1,2}[✅⭐⭕]"
        ),
        unless=pattern(r"민원|시장님|서울|제안|건의|주세요"),
        example="오시는 길 abcd쩜com 문의 환영",
        counter_example="껌을 길에 뱉는 사람 좀 단속해 주세요",
    ),
    Rule(
        "spam.spaced_letters", 1, "spam", "spam.obfuscated", 0.8,
        words=(".com", "bit.ly", ".net", ".kr", "카톡", "텔레", "http"),
        needs=pattern(r"(?:(?<![가-힣])[가-힣]\s){6}|(?:서\s민|원\s금|정\s식|안\s전)\s.{0,12}(?:(?<![가-힣])[가-힣]\s){3}"),
        unless=ASKS_THE_CITY,
        example="주 말 도 성 공 하 세 요 http://example.com",
        counter_example="서 울 시 장 님 께 글을 씁니다 http://example.com 버스 좀 늘려 주세요",
    ),
    Rule(
        "spam.dating", 1, "spam", "spam.adult", 0.8,
        words=(".com", ".net", ".kr", "텔레", "카톡"),
        needs=pattern(
            r"(?:성생활|잠자리를|친구\s?요청을?\s?보냈|매칭되었|어울리는\s?여성|여성\s?회원의|인사해\s?보세요|온라인을?\s?했습니다|관리\s?해?\s?드).{0,80}(?:[a-z0-9*]{2,}\.com|[가-힣]\.com|\.net|\.kr|텔레|카톡)"
        ),
        unless=ASKS_THE_CITY,
        example="어울리는 여성이 방금 온라인했습니다. abcd.com",
        counter_example="여성회원 전용 공공 체육시설에 친구 요청을 보냈습니다만 example.com 오류가 나요",
    ),
    Rule(
        "spam.followers", 1, "spam", "spam.followers", 0.85,
        words=("맞팔", "선팔", "팔로워", "구독자", "조회수", "서이추", "follow back", "followback"),
        needs=pattern(
            r"(?:맞팔|선팔|서이추|follow\s?back).*(?:맞팔|선팔|언팔|100\s?%|바로|https?:|카톡|텔레|오픈채팅)|"
            r"(?:팔로워|구독자|조회수)\S{0,2}\s?(?:\S{1,6}\s)?(?:늘려\s?드|올려\s?드|채워\s?드|판매|팝니다|작업)"
        ),
        unless=pattern(COMPLAINS.pattern + r"|나요|까요|습니까|왜|주세요|안\s?[되돼]"),
        example="선팔하고 댓글 남기면 바로 맞팔 갑니다",
        counter_example="구독자가 늘어난 서울시 채널에 자막을 넣어 주세요 https://example.com",
    ),
    Rule(
        "spam.adult", 1, "spam", "spam.adult", 0.9,
        words=("조건만남", "조건 만남", "출장안마", "출장 안마", "출장마사지", "출장샵", "즉석만남", "성인방송", "성인용품", "성인사이트", "비아그라", "시알리스", "섹파", "섹스", "야동", "애인대행", "밤문화", "유흥"),
        unless=pattern(COMPLAINS.pattern + "|제거|삭제"),
        needs_contact=True,
        example="강남 출장안마 24시간 예약 카톡 abc123",
        counter_example="주택가 출장안마 전단지를 단속해 주세요 http://example.com",
    ),
    Rule(
        "spam.obfuscated_address", 1, "spam", "spam.obfuscated", 0.9,
        words=(*_ODD_SIGNS, *_FULL_WIDTH, "*.com", "*com"),
        needs=pattern(
            rf"{_ODD}[a-z0-9*{_ODD_SIGNS}-]{{0,40}}\s?[.．]\s?[cⓒ]|[.．]\s?ⓒ[oⓞ][mⓜ]|{_ODD}[a-z0-9*]{{0,40}}\.(?:com|net|me)|"
            rf"[a-z0-9*]{{2}}{_ODD}[^\s]{{0,60}}\.com|[가-힣a-z]-?{_ODD}\*"
        ),
        unless=pattern(r"민원|시장님|서울시|제안합니다|건의"),
        example="접속하세요 ab⑧⑨.com",
        counter_example="① 신호등 고장 ② 횡단보도 지워짐, 확인 부탁드립니다",
    ),
    Rule(
        "spam.obfuscated_words", 1, "spam", "spam.obfuscated", 0.85,
        words=(*"♥♠☞▶★▼♣♨", *(f"{a}{b}" for a in "카토바먹" for b in " .,·/*_-")),
        needs=pattern(
            r"카[\s.,·/*_-]{1,2}지[\s.,·/*_-]{0,2}노|토[.,·/*_-]{1,2}토|바[.,·/*_-]{1,2}카[.,·/*_-]{1,2}라|먹[.,·/*_-]{1,2}튀|"
            r"[♥♠☞▶★▼♣♨].{0,80}(?:\.com|bit\.ly|\.me|\.net|톡|텔레|접속|클릭|쿠폰|지급|환전|\*\*)|(?:\.com|bit\.ly|톡|환전).{0,60}[♥♠☞▶★▼♣♨]"
        ),
        unless=pattern(r"민원|시장님|서울시|서울|제안|건의|단속|고발|청원|사기|불법|제보|미투"),
        example="카.지.노 첫 방문 선물 ♥ 지급",
        counter_example="★ 서울시 바 카페 거리 소음 단속 요청 ★",
    ),
    Rule(
        "spam.english_link", 1, "spam", "spam.giveaway", 0.75,
        words=("hi ", "hello ", "dear ", "apologies", "check ", "watch "),
        needs=pattern(r"^(?:\[[^\]]{1,12}\]\s?)?[^가-힣]{0,40}(?:\b(?:hi|hello|dear)\b|apologies|check this|watch)[^가-힣]{0,160}https?://[a-z0-9*.-]{3,20}/\S{1,12}$"),
        unless=pattern(r"bus|subway|metro|seoul|city|street|road|park|water|tax|station|office|police|visa|license|trash|noise|taxi|please|broken|where|how"),
        max_length=200,
        example="Hi Minji, I found what I promised you -> https://abcd.example/x1",
        counter_example="Hi, the bus stop sign is broken https://abcd.example/x1",
    ),
    Rule(
        "spam.english", 2, "spam", "spam.giveaway", 0.8,
        words=("click ", "giveaway", "earn $", "won a", "verification code", "authentication code", "shop here", "verify now", "liquidation", "% off", "great opportunity", "click to enter", "watching this immediately"),
        needs=pattern(
            r"click (?:here|the link) to (?:claim|win)|click to enter|crypto giveaway|earn \$?\d{1,9} (?:a|per) day|you(?:'ve| have) won a|[0-9*]{4,12}.{0,30}(?:verification|authentication) code|"
            r"(?:verification|authentication) code.{0,12}[0-9*]{4,12}|(?:shop here|verify now).{0,60}(?:https?:|\.com)|liquidation (?:risks?|price)|[0-9*]% off .{0,80}(?:https?:|\.com)|(?:great opportunity|watching this immediately).{0,40}https?:"
        ),
        example="Congrats! Click here to claim your free phone",
        counter_example="When I click the link to pay my water bill nothing happens",
    ),
)  # fmt: skip
