"""Signatures and bands: what is a copy, and that everybody gets the same numbers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from datasketch import MinHash

from nlp import copies

ROOT = Path(__file__).resolve().parents[2]
TEXT = "우리 동네 보도블록이 깨져서 걷기 위험합니다. 10월 3일까지 고쳐 주시기 바랍니다."


def _similarity(a: str, b: str) -> float:
    first, second = copies.signatures([a, b])
    assert first is not None
    assert second is not None
    return copies.similarity(first, second)


def _share_a_band(a: str, b: str) -> bool:
    first, second = (set(copies.bands(found)) for found in copies.signatures([a, b]) if found is not None)
    return bool(first & second)


@pytest.mark.parametrize(
    "copy",
    [
        TEXT,
        f"  {TEXT.replace(' ', '')}!!! ㅠㅠ".replace("ㅠ", "~"),
        f"@seoulmania {TEXT} https://t.co/abc #서울 #보도블록",
        TEXT.replace("10월 3일", "11월 5일"),
        TEXT.replace(".", "…").replace(" ", "\n"),
        f"[전화번호] {TEXT} 👍",
    ],
)
def test_blanks_signs_marks_and_digits_do_not_make_another_text(copy):
    assert _similarity(TEXT, copy) == 1.0
    assert _share_a_band(TEXT, copy)


def test_latin_letters_are_compared_in_lower_case():
    assert (
        _similarity(
            "Please repair the PAVEMENT in front of City Hall", "please repair the pavement in front of city hall"
        )
        == 1
    )


def test_an_added_word_leaves_a_copy_and_another_matter_is_none():
    assert 0.6 < _similarity(TEXT, f"{TEXT} 꼭이요") < 1.0
    other = "지하철 2호선 배차 간격이 너무 길어서 출근길마다 늦습니다. 증차를 검토해 주세요."
    assert _similarity(TEXT, other) < 0.1
    assert not _share_a_band(TEXT, other)


def test_particles_stay_as_they_are():
    a = "버스 정류장에서 담배 피우는 사람들을 단속해 주세요 부탁드립니다"
    b = "버스 정류장의 담배 피우는 사람들은 단속하여 주세요 부탁드립니다"
    assert _similarity(a, b) < copies.THRESHOLD


@pytest.mark.parametrize(
    "short", ["", "감사합니다 수고하세요", "가" * (copies.MIN_CHARACTERS - 1), "👍" * 40, "!?" * 40]
)
def test_a_text_of_less_than_twenty_characters_has_no_signature(short):
    assert copies.signature(short) is None
    assert copies.signature("가" * copies.MIN_CHARACTERS) is not None


def test_a_text_has_the_same_signature_alone_and_on_any_page():
    texts = [TEXT, "짧다", "", TEXT * 3, "하늘이 맑습니다 오늘은 정말 산책하기 좋은 날이네요 여러분", "가" * 20]
    alone = [copies.signature(text) for text in texts]
    assert copies.signatures(texts) == alone
    assert copies.signatures(texts * 3) == alone * 3
    long = "민원 " * 40_000
    assert copies.signatures([TEXT, long, TEXT]) == [alone[0], copies.signature(long), alone[0]]
    assert copies.signatures([]) == []


def test_a_signature_is_the_one_of_datasketch():
    found = copies.signature("가나다라마" * 4)
    # Every fifth run is the same one: five different ones in all.
    characters = np.array([ord(character) for character in "가나다라마" * 4], dtype=np.uint32)
    hashes = []
    for start in range(5):
        value = 0
        for character in characters[start : start + 5].tolist():
            value = (value * 0x01000193 & 0xFFFFFFFF) ^ character
        hashes.append(value)
    reference = MinHash(copies.PERMUTATIONS, seed=copies.SEED, scheme="affine32", hashfunc=int)
    reference.update_batch(hashes)
    assert found == reference.hashvalues.astype("<u4").tobytes()


def test_the_numbers_never_change():
    found = copies.signature(TEXT)
    assert found is not None
    assert (len(found), found[:8].hex()) == (4 * copies.PERMUTATIONS, "11005101b7607710")
    assert copies.bands(found) == (-7435063358599057811, -6881846949766236500, 7946703470898159292)


def test_another_process_with_another_hash_seed_gives_the_same_numbers():
    code = f"from nlp import copies; print(copies.bands(copies.signature({TEXT!r})))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={"PYTHONHASHSEED": "5", "PYTHONPATH": ":".join(sys.path)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == str(copies.bands(copies.signature(TEXT) or b""))


def test_bands_are_keys_for_a_column_of_signed_64_bits():
    (keys,) = copies.bands_of([copies.signature(TEXT) or b""])
    assert len(set(keys)) == copies.BANDS
    assert all(-(2**63) <= key < 2**63 for key in keys)
    assert copies.bands_of([]) == []
