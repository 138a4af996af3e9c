"""The store's tables with headers and codes in the reader's language, for the screen and for CSV."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pages.components.text import LANGUAGES, text, word

# Columns that hold a fraction of 1; the screen shows them in percent, files keep the fraction.
SHARES = (
    "share", "low", "high", "author_share", "author_low", "author_high", "answered_share", "baseline_share", "baseline_low", "baseline_high", "others_share",
    "others_low", "others_high", "before_share", "before_low", "before_high",
    "change", "change_low", "change_high", "chance", "expected_share", "low_95", "high_95", "low_998", "high_998",
    "loudest_share", "loudest_low", "loudest_high", "copy_share", "copy_low", "copy_high",
    "answer_share", "answer_low", "answer_high",
)  # fmt: skip
# Codes that have a word in the string tables, by column.
VOCABULARY = {
    "post_class": "class",
    "reason": "reason",
    "department_source": "department_source",
    "created_precision": "precision",
    "status": "status",
    "origin": "origin",
    "kind": "kind",
    "band": "band",
    "display": "display",
    "export": "export",
    "direction": "direction",
    "unit": "metric_unit",
    "incident_kind": "incident_kind",
    "suspected_class": "class",
    "review_status": "review_status",
    "incident_status": "incident_status",
    "issue": "standing_issue",
    "verdict": "verdict",
    "check_result": "check_result",
}
_TRANSLATED = {
    "name": "name",
    "department": "department_name",
    "districts": "districts",
    "missing": "missing",
    "definition": "definition",
    "why": "why",
}
# Row numbers of the store mean nothing to a reader.
_INTERNAL = ("post_id", "question_id")


def header(column: str, lang: str) -> str:
    """Return the header of a store column."""
    return text(f"column.{column}", lang)


def _of_one_language(frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Keep the names in ``lang`` only; a missing one is filled from the other language."""
    frame = frame.copy()
    for base, renamed in _TRANSLATED.items():
        if f"{base}_{lang}" not in frame.columns:
            continue
        other = next(code for code in LANGUAGES if code != lang)
        chosen = frame[f"{base}_{lang}"]
        frame[f"{base}_{lang}"] = chosen.where(chosen.notna() & (chosen != ""), frame[f"{base}_{other}"])
        frame = frame.drop(columns=f"{base}_{other}").rename(columns={f"{base}_{lang}": renamed})
    return frame


def _times_as_text(frame: pd.DataFrame) -> pd.DataFrame:
    for name in frame.columns:
        dtype = frame[name].dtype
        if isinstance(dtype, pd.DatetimeTZDtype):
            local = frame[name].dt.tz_convert("Asia/Seoul")
            frame[name] = local.dt.strftime("%Y-%m-%d %H:%M:%S").astype(object)
            if name == "created_at" and "created_precision" in frame.columns:
                day_only = frame["created_precision"] == "day"
                frame.loc[day_only, name] = local[day_only].dt.strftime("%Y-%m-%d").astype(object)
        elif pd.api.types.is_datetime64_any_dtype(dtype):
            frame[name] = frame[name].dt.strftime("%Y-%m-%d").astype(object)
    return frame


def readable(
    frame: pd.DataFrame, lang: str, *, platforms: Mapping[str, str] | None = None, for_file: bool = False
) -> pd.DataFrame:
    """Return a frame of the store as people read it.

    Parameters
    ----------
    platforms : mapping of str to str
        Names of platforms by id; an id without a name stays.
    for_file : bool
        The header of a share says that it is a fraction of 1; on screen the column shows percent.

    Returns
    -------
    DataFrame, same rows; times in KST as text, codes as words, one column for a name, translated headers
    """
    frame = _of_one_language(frame.drop(columns=[name for name in _INTERNAL if name in frame.columns]), lang)
    frame = _times_as_text(frame)
    for name, section in VOCABULARY.items():
        if name in frame.columns:
            frame[name] = frame[name].map(lambda code, section=section: _word(section, code, lang)).astype(object)
    if "platform" in frame.columns and platforms:
        frame["platform"] = frame["platform"].map(lambda code: platforms.get(code, code)).astype(object)
    if for_file:
        return _with_headers(frame, lang, dict.fromkeys(SHARES, " (0–1)"))
    if "platform" in frame.columns and "name" in frame.columns and "handle" not in frame.columns:
        frame = frame.drop(columns="platform")  # the name says it
    for name in SHARES:
        if name in frame.columns:
            frame[name] = frame[name] * 100
    return _with_headers(frame, lang, {})


def _with_headers(frame: pd.DataFrame, lang: str, endings: Mapping[str, str]) -> pd.DataFrame:
    return frame.rename(columns={name: header(str(name), lang) + endings.get(str(name), "") for name in frame.columns})


def share_headers(lang: str) -> list[str]:
    """Return the screen headers of the columns that hold fractions."""
    return [header(name, lang) for name in SHARES]


def _word(section: str, code: object, lang: str) -> object:
    return word(section, code, lang) if isinstance(code, str) else code
