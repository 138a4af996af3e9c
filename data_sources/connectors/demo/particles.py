"""Korean particles that depend on the last sound of the word before them."""

from __future__ import annotations

# name in a template -> (after a final consonant, after a vowel)
PARTICLES = {
    "은": ("은", "는"),
    "이": ("이", "가"),
    "을": ("을", "를"),
    "과": ("과", "와"),
    "으로": ("으로", "로"),
    "이나": ("이나", "나"),
    "이라": ("이라", "라"),
    "이라도": ("이라도", "라도"),
    "이랑": ("이랑", "랑"),
    "이에요": ("이에요", "예요"),
    "이네요": ("이네요", "네요"),
    "이라는데": ("이라는데", "라는데"),
}
FIRST_SYLLABLE, LAST_SYLLABLE = 0xAC00, 0xD7A3
FINALS = 28  # a Hangul syllable is (initial, vowel, final); final 0 is none, 8 is ㄹ
RIEUL = 8
# How the last digit or letter of "120" or "CCTV" is read aloud: 0 is 영, L is 엘.
_READ_WITH_FINAL = {
    "0": 21,
    "1": RIEUL,
    "3": 16,
    "6": 1,
    "7": RIEUL,
    "8": RIEUL,
    "L": RIEUL,
    "M": 16,
    "N": 4,
    "R": RIEUL,
}


def final_consonant(word: str) -> int:
    """Return the index of the final consonant of ``word`` as it is read, 0 where it ends in a vowel."""
    for character in reversed(word):
        if FIRST_SYLLABLE <= ord(character) <= LAST_SYLLABLE:
            return (ord(character) - FIRST_SYLLABLE) % FINALS
        if character.isalnum():
            return _READ_WITH_FINAL.get(character.upper(), 0)
    return 0


def with_particle(word: str, particle: str) -> str:
    """Return ``word`` with the form of ``particle`` (a key of PARTICLES) that fits it: 강남역이, 버스가."""
    closed, opened = PARTICLES[particle]
    final = final_consonant(word)
    if particle == "으로" and final == RIEUL:  # 지하철로, not 지하철으로
        return word + opened
    return word + (closed if final else opened)
