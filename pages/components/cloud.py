"""The word cloud as a picture: words sized by how much they set a period apart, not by how often they occur."""

from __future__ import annotations

import io
import math
import os
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import pandas as pd
from fontTools.ttLib import TTFont, TTLibError
from PIL import Image, ImageDraw, ImageFont
from wordcloud import WordCloud

from pages.components.charts import PALETTE, label, plain

FONT = Path(__file__).resolve().parents[2] / "static" / "fonts" / "Pretendard-Bold.otf"
WIDTH, HEIGHT = 700, 360  # px on the page
SCALE = 2  # sharp on a phone's display
MAX_WORDS = 60
_LAYOUT_SEED = 7  # the same words give the same picture
_COLOURS = 32  # palette entries of the PNG: eight colours and the shades of their edges; keeps it under 150 kB
_EMOJI_JOINERS = {0x200D, 0x20E3, *range(0xFE00, 0xFE10)}


class FontMissing(FileNotFoundError):
    """The font of the word cloud is not there or cannot be read."""


def word_cloud(terms: pd.DataFrame, lang: str, font_path: str | os.PathLike[str]) -> bytes:
    """Return the terms as a PNG on white, larger where ``z`` is larger.

    Words with a sign the font does not have are left out, emoji are dropped. The same input gives the same
    bytes. Without any word the picture says so in ``lang``.

    Parameters
    ----------
    terms : DataFrame, DISTINCTIVE_TERMS
        Rows with z <= 0 or NaN are left out; of the rest the first MAX_WORDS by z are drawn.
    lang : "ko" or "en"
    font_path : path of an OpenType font with Hangul, static/fonts/Pretendard-Bold.otf

    Raises
    ------
    FontMissing
        There is no readable font at ``font_path``.
    """
    path = Path(font_path)
    glyphs = _glyphs(str(path), _modified(path))
    sizes = _sizes(terms["term"], terms["z"], glyphs)
    if not sizes:
        return _png(_message(label(lang, "cloud.empty"), path))
    colours = {word: PALETTE[rank % len(PALETTE)] for rank, word in enumerate(sizes)}
    cloud = WordCloud(
        font_path=str(path),
        width=WIDTH,
        height=HEIGHT,
        scale=SCALE,
        max_words=MAX_WORDS,
        prefer_horizontal=1.0,
        relative_scaling=0.6,
        min_font_size=11,
        max_font_size=92,
        margin=4,
        background_color="white",
        color_func=lambda word, **_: colours[word],
        random_state=_LAYOUT_SEED,
    ).generate_from_frequencies(sizes)
    return _png(cloud.to_image())


def _modified(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError as exc:
        raise FontMissing(f"no font at {path}; the word cloud needs Pretendard-Bold.otf under static/fonts") from exc


@lru_cache(maxsize=4)
def _glyphs(path: str, _modified_ns: int) -> frozenset[int]:
    try:
        with TTFont(path, lazy=True) as font:
            return frozenset(font.getBestCmap() or {})
    except (TTLibError, OSError) as exc:
        raise FontMissing(f"{path} is no OpenType font: {exc}") from exc


def _sizes(words: Iterable[object], strengths: Iterable[float], glyphs: frozenset[int]) -> dict[str, float]:
    """Return word -> z, descending, for the words the font can draw."""
    sizes: dict[str, float] = {}
    for word, z in zip(words, strengths, strict=True):
        if math.isnan(z) or z <= 0:
            continue
        drawn = plain("".join(char for char in str(word) if not _is_emoji(char)), limit=20)
        if drawn and all(ord(char) in glyphs for char in drawn):
            sizes[drawn] = max(float(z), sizes.get(drawn, 0.0))
    return dict(sorted(sizes.items(), key=lambda item: (-item[1], item[0]))[:MAX_WORDS])


def _is_emoji(char: str) -> bool:
    return ord(char) >= 0x1F000 or ord(char) in _EMOJI_JOINERS or 0x2600 <= ord(char) < 0x27C0


def _message(text: str, path: Path) -> Image.Image:
    image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), "white")
    font = ImageFont.truetype(str(path), 22 * SCALE)
    centre = (WIDTH * SCALE / 2, HEIGHT * SCALE / 2)
    ImageDraw.Draw(image).text(centre, text, fill="#5b6470", font=font, anchor="mm")
    return image


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.quantize(_COLOURS, dither=Image.Dither.NONE).save(file, format="PNG", optimize=True)
    return file.getvalue()
