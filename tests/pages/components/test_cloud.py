from __future__ import annotations

import io
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from db import frames
from pages.components.cloud import FONT, FontMissing, _glyphs, _sizes, word_cloud
from tests.pages.components.charts.conftest import table


def terms(*words: tuple[str, float]) -> pd.DataFrame:
    return table(frames.DISTINCTIVE_TERMS, [(word, 5, 5, 0.1, 0.05, 0.2, 0.1, 0.05, 0.2, z) for word, z in words])


def ink(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)).convert("L")) < 200


def test_the_same_words_give_the_same_bytes() -> None:
    words = terms(("아리수", 9.0), ("지하철", 5.0), ("따릉이", 3.0))
    assert word_cloud(words, "ko", FONT) == word_cloud(words, "ko", FONT)


def test_hangul_is_drawn_and_not_as_boxes() -> None:
    one, other = ink(word_cloud(terms(("물", 9.0)), "ko", FONT)), ink(word_cloud(terms(("길", 9.0)), "ko", FONT))
    assert one.shape == (720, 1400)
    assert one.sum() > 1000
    assert (one != other).sum() > 1000  # missing glyphs would be the same box twice


def test_sixty_words_stay_under_150_kilobytes() -> None:
    words = terms(*((f"낱말{chr(0xAC00 + 97 * i)}", 60.0 - i) for i in range(60)))
    assert len(word_cloud(words, "ko", FONT)) < 150_000


def test_no_words_give_a_picture_that_says_so_in_the_language() -> None:
    korean, english = word_cloud(terms(), "ko", FONT), word_cloud(terms(), "en", FONT)
    assert ink(korean).sum() > 100
    assert korean != english


def test_words_the_font_lacks_are_left_out() -> None:
    glyphs = _glyphs(str(FONT), FONT.stat().st_mtime_ns)
    assert _sizes(["아리수", "ᚠᚢ"], [2.0, 3.0], glyphs) == {"아리수": 2.0}


def test_sizes_are_z_without_emoji_nan_and_negatives() -> None:
    glyphs = frozenset(map(ord, "물길산"))
    words, z = ["물😀", "길", "산", "😀", "산"], [3.0, math.nan, -1.0, 9.0, 4.0]
    assert _sizes(words, z, glyphs) == {"산": 4.0, "물": 3.0}


def test_a_missing_font_is_named(tmp_path: Path) -> None:
    with pytest.raises(FontMissing, match="Pretendard"):
        word_cloud(terms(("물", 1.0)), "ko", tmp_path / "none.otf")


def test_a_file_that_is_no_font_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.otf"
    broken.write_bytes(b"not a font")
    with pytest.raises(FontMissing, match=r"broken\.otf"):
        word_cloud(terms(("물", 1.0)), "ko", broken)
