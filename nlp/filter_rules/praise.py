"""Thanks and recognition that ask for nothing."""

from __future__ import annotations

from nlp.filter_rules.rule import Rule, pattern

# The only requests thanks may hold are "praise her, please" and "go on like this". Otherwise wider than ASKS:
# 감사합니다 closes most complaints, so that any sign of trouble outweighs it, unless the trouble is over.
_STILL_ASKS = pattern(
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

PRAISE: tuple[Rule, ...] = (
    Rule(
        "praise.thanks", 2, "praise", "praise.thanks", 0.7,
        words=("감사합니다", "감사드", "감사해요", "감사 인사", "감사인사", "감사를", "감사의", "감사한 ", "고맙", "고마워", "고마운", "고마웠", "고마움"),
        # Thanks for something done; the bare formula counts only where it is all there is.
        needs=pattern(
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
        needs=pattern(
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
        unless=pattern(
            r"\?|please|\bnot\b|n't|\bno\b|but|still|why|when|how|never|problem|issue|help|need|broken|wait|can you|thanks for nothing|late|worst|fix"
        ),
        max_length=140,
        example="Thank you Seoul, the night bus is wonderful",
        counter_example="Thanks for nothing, the bus is late again",
    ),
)  # fmt: skip
