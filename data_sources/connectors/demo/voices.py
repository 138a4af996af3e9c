"""How citizens sound: tone, order of sentences, mentions, hashtags, emoticons, slips of the keyboard."""

from __future__ import annotations

import random
from collections.abc import Sequence

from data_sources.connectors.demo.grammar import Grammar, Template, Templates, Topic
from data_sources.connectors.demo.scene import Scene

TONES = ("polite", "plain", "angry", "sad")
TONE_WEIGHTS = (0.48, 0.24, 0.16, 0.12)
GRAVE_TONES = ("polite", "sad")
VOCATIVES = (
    "시장님, ",
    "시장님! ",
    "시장님~ ",
    "시장님 ",
    "존경하는 시장님, ",
    "시장님께 여쭙니다. ",
    "시장님 안녕하세요. ",
)
PLAIN_VOCATIVES = ("시장님 ", "시장님, ", "시장님~ ", "시장님!! ")
CITY_VOCATIVES = ("안녕하세요. ", "수고 많으십니다. ", "담당자님, ", "문의드립니다. ", "서울시 담당자님 ")
TAILS = {
    "polite": ("", "", "", "", "^^", " 감사합니다.", " 부탁드려요~", "!"),
    "plain": ("", "", "", "ㅋㅋ", " ㅋㅋㅋ", "..", " ;;", " ㅡㅡ"),
    "angry": ("", "", "!!", " ㅡㅡ", "!!!", " 진짜..", " 하.."),
    "sad": ("ㅠㅠ", " ㅠㅠ", "ㅠ", " ㅜㅜ", "..", " ㅠ.ㅠ"),
}
CITY_TAGS = ("#서울시", "#민원", "#서울", "#시민의소리", "#서울시장")
# Invented numbers and addresses: no such subscriber, and example.com is reserved.
PERSONAL_DATA = (
    " 연락처는 010-0000-{four}입니다.",
    " 010-0000-{four}로 전화 주세요.",
    " 답변은 demo.citizen{four}@example.com으로 부탁드려요.",
    " (연락처 010 0000 {four})",
)
PERSONAL_DATA_SHARE = 0.006
TAG_SHARE, TYPO_SHARE, SPACING_SHARE, VOCATIVE_SHARE = 0.1, 0.06, 0.06, 0.4
NETWORKS_WITH_MENTIONS = ("x", "mastodon", "threads")


class Voice:
    """Composes citizens' texts out of the grammar."""

    def __init__(self, rng: random.Random, grammar: Grammar) -> None:
        self._rng = rng
        self._grammar = grammar

    def question(self, topic: Topic, scene: Scene, *, long: bool) -> str:
        """Return a complaint or question; ``long`` ones, of blogs and Facebook, describe two things."""
        rng, phrases = self._rng, self._grammar.phrases
        tone = rng.choice(GRAVE_TONES) if topic.is_grave else rng.choices(TONES, weights=TONE_WEIGHTS)[0]
        is_plain = tone == "plain" or (tone == "angry" and rng.random() < 0.5)
        bodies = rng.sample(topic.bodies_plain if is_plain else topic.bodies, 2 if long else 1)
        said = scene.subjects = frozenset().union(*(body.subjects for body in bodies))
        sentences = []
        draw = rng.random()
        if draw < 0.3:
            sentences.append(self._fill(self._without(phrases[f"openings_{tone}"], bodies), scene))
        elif draw < 0.68 and not is_plain:
            sentences.append(
                self._fill(
                    speaking_of(rng, self._without(topic.openings, bodies), said, phrases[f"openings_{tone}"]), scene
                )
            )
        sentences += [body.fill(scene) for body in bodies]
        draw = rng.random()
        if draw < (0.6 if not is_plain and tone != "angry" else 0.1):
            sentences.append(self._fill(speaking_of(rng, topic.endings, said, phrases[f"endings_{tone}"]), scene))
        elif draw < 0.85:
            sentences.append(self._fill(phrases[f"endings_{tone}"], scene))
        return _with_tail(" ".join(sentences), rng.choice(TAILS[tone]))

    def remark(self, kind: str, scene: Scene) -> str:
        """Return a text of another class: opinion, praise, other, ad, spam, political or followup."""
        text = self._fill(self._grammar.phrases[kind], scene)
        more = f"{kind}_more"
        if more in self._grammar.phrases and self._rng.random() < 0.75:
            text += " " + self._fill(self._grammar.phrases[more], scene)
        if kind in ("opinion", "praise", "other"):
            text = _with_tail(text, self._rng.choice(("", "", "", "^^", "!", " ㅎㅎ", "~")))
        return text

    def greet(self, text: str, *, to_mayor: bool) -> str:
        """Return ``text`` with a form of address before it, now and then."""
        if "시장님" in text or "안녕하세요" in text or self._rng.random() >= VOCATIVE_SHARE:
            return text
        if not ("요" in text or "니다" in text):  # who writes curtly does not begin with a bow
            return self._rng.choice(PLAIN_VOCATIVES) + text if to_mayor else text
        return self._rng.choice(VOCATIVES if to_mayor else CITY_VOCATIVES) + text

    def mention(self, text: str, handle: str, platform: str) -> str:
        """Return ``text`` with the account's handle, where the network has mentions."""
        rng = self._rng
        if platform not in NETWORKS_WITH_MENTIONS:
            return text
        draw = rng.random()
        if draw < 0.82:
            return f"@{handle} {text}"
        return f"{text} @{handle}" if draw < 0.94 else f".@{handle} {text}"

    def roughen(self, text: str, tags: tuple[str, ...]) -> str:
        """Return ``text`` with some of the hashtags, slips and personal data real posts have."""
        rng = self._rng
        if rng.random() < PERSONAL_DATA_SHARE:
            text += rng.choice(PERSONAL_DATA).replace("{four}", f"{rng.randrange(10000):04d}")
        if rng.random() < TYPO_SHARE:
            for right, wrong in rng.sample(self._grammar.typos, len(self._grammar.typos)):
                if right in text:
                    text = text.replace(right, wrong, 1)
                    break
        if rng.random() < SPACING_SHARE:
            text = self._without_a_blank(text)
        if rng.random() < TAG_SHARE:
            chosen = rng.sample((*tags, *CITY_TAGS), 2 if rng.random() < 0.4 else 1)
            text += " " + " ".join(chosen)
        return text

    def varied_copy(self, text: str) -> str:
        """Return a copy of a campaign text as supporters paste it: a word before or after, other punctuation."""
        rng = self._rng
        if rng.random() < 0.3:
            text = (
                rng.choice(("함께해 주세요! ", "[펌] ", "꼭 읽어주세요. ", "동의합니다. ", "저도 같은 생각입니다. "))
                + text
            )
        if rng.random() < 0.4:
            text = text.replace(". ", rng.choice(("! ", ".. ", ".  ", " ")), 1)
        if rng.random() < 0.35:
            text = self._without_a_blank(text)
        if rng.random() < 0.45:
            text += rng.choice(
                (" 부탁드립니다.", "!!", " 꼭이요", " 제발요ㅠㅠ", " #서울시", " #함께해요", " 공유 부탁해요", " 🙏")
            )
        return text

    def _fill(self, templates: Templates, scene: Scene) -> str:
        return self._rng.choice(templates).fill(scene)

    def _without(self, openings: Templates, bodies: Sequence[Template]) -> Templates:
        """Return the openings that do not say the hour when the next sentence says it again."""
        says_hour = any("now" in body.slots for body in bodies)
        return tuple(opening for opening in openings if not (says_hour and "now" in opening.slots))

    def _without_a_blank(self, text: str) -> str:
        blanks = [number for number, character in enumerate(text) if character == " " and number > 0]
        # A blank after a mention or before a hashtag keeps the network's own syntax whole.
        blanks = [
            number
            for number in blanks
            if text[number + 1 : number + 2] not in "#@" and not text[:number].startswith(("@", ".@"))
        ]
        if not blanks:
            return text
        cut = self._rng.choice(blanks)
        return text[:cut] + text[cut + 1 :]


def _with_tail(text: str, tail: str) -> str:
    """Return ``text`` with an emoticon or mark for its full stop; a thank-you keeps the stop."""
    if tail and not tail.strip()[0].isalpha() and text.endswith("."):
        text = text[:-1]
    return text + tail


def speaking_of(rng: random.Random, templates: Templates, said: frozenset[int], otherwise: Templates) -> Templates:
    """Return the sentences that fit what was said: mostly those that speak of it, never those of something else.

    Where there are none: the sentences in ``otherwise``, which fit anything.
    """
    fitting = tuple(t for t in templates if t.subjects <= said)
    close = tuple(t for t in fitting if t.subjects)
    return close if close and rng.random() < 0.75 else fitting or otherwise
