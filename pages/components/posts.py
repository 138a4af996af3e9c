"""Posts as people read them. Their words are untrusted: they go through ``st.text`` only."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pandas as pd
import streamlit as st

from db.records import BEST, NEWEST, NO_ANSWER, TEMPLATE, SearchRequest
from pages.components import cached, cards, formats, readings
from pages.components.context import Page
from pages.components.text import LANGUAGES, word

ROOT = Path(__file__).resolve().parents[2]
# Pictures of invented posts lie in the project, copies of photos beside the store; nothing else is drawn, so no visitor
# calls a stranger's server.
_LOCAL_PICTURE = re.compile(r"static/demo/[A-Za-z0-9_][A-Za-z0-9_./-]*\.(?:png|jpg|jpeg|webp)", re.ASCII)
_THUMBNAIL = re.compile(r"[0-9a-f]{64}\.webp", re.ASCII)
_PICTURE_WIDTH = 280
# Words found are marked inside the text, because st.text shows signs and nothing else. Korean readers know these.
_MARKS = ("【", "】")
MAX_PAGES = 25  # of 20 posts each; whoever needs more takes a narrower filter


def safe_link(url: object) -> str | None:
    """Return an http(s) address a button may point to, or None."""
    if not isinstance(url, str) or len(url) > 2000 or any(ord(character) < 33 for character in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def local_picture(url: object) -> Path | None:
    """Return the file of a demo picture inside ``static/demo``, or None."""
    if not isinstance(url, str) or not _LOCAL_PICTURE.fullmatch(url) or ".." in url:
        return None
    path = ROOT / url
    return path if path.is_file() else None


def thumbnail(name: object) -> Path | None:
    """Return the file of our own small copy of a photo, or None."""
    if not isinstance(name, str) or not _THUMBNAIL.fullmatch(name):
        return None
    path = Path(os.environ.get("MINWON_VAR", "var")) / "thumbnails" / name
    return path if path.is_file() else None


def exportable(results: pd.DataFrame) -> pd.DataFrame:
    """Return SEARCH_RESULTS with the text only where the platform allows it in an export."""
    return results.assign(text=results["export_text"]).drop(columns="export_text")


def listing(page: Page, request: SearchRequest, key: str) -> None:
    """Draw the posts of a request with their answers and pictures, more on demand; what cut the list is said.

    Of a term that names a sensitive matter none are drawn, whichever page asks for them: they are counted only.
    """
    if readings.is_sensitive(request.term):
        st.info(page.text("posts.sensitive"), icon=":material/shield_person:")
        return
    count_key = f"pages-{key}"
    if st.session_state.get(f"{count_key}-of") != request:  # another question starts on its first page
        st.session_state[f"{count_key}-of"] = request
        st.session_state[count_key] = 1
    found = [cached.search(request, page.load_id)]
    while len(found) < st.session_state[count_key] and found[-1].next_before is not None:
        found.append(cached.search(replace(request, before=found[-1].next_before), page.load_id))
    last = found[-1]
    if last.problems:
        for problem in last.problems:
            st.warning(page.text(f"search.problem.{problem.code}"), icon=":material/help:")
            st.text(problem.part)
        return
    results = pd.concat([part.results for part in found], ignore_index=True)
    if results.empty:
        st.caption(page.text("posts.none" if last.next_before is None else "posts.none_yet"))
        _go_on(page, last.next_before is not None, len(found), count_key, key)
        return
    counts = cached.search_counts(replace(request, sort=NEWEST), page.load_id)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(
            page.text(
                "posts.total_capped" if counts.is_capped else "posts.total",
                total=formats.number(counts.total),
                shown=formats.number(len(results)),
            ),
            width="content",
        )
        cards.download(page, request.where, key, exportable(results))
    for note in _notes(page, last, counts.holds_unlisted):
        st.caption(note)
    some(page, results, key, last.query)
    if last.is_cut and last.sort == NEWEST:
        st.caption(page.text("posts.cut"))
    _go_on(page, last.next_before is not None, len(found), count_key, key)


def some(page: Page, results: pd.DataFrame, key: str, query: Any = None) -> None:
    """Draw the posts of a SEARCH_RESULTS table with their answers and pictures, the words of ``query`` marked."""
    ids = tuple(int(post_id) for post_id in results["post_id"])
    answers = cached.answers_of(ids, page.load_id)
    attachments = cached.attachments_of(ids, page.load_id)
    for post in results.to_dict("records"):
        post_id = post["post_id"]
        _post(
            page,
            post,
            answers[answers["question_id"] == post_id].to_dict("records"),
            attachments[attachments["post_id"] == post_id].to_dict("records"),
            key,
            query,
        )


def _notes(page: Page, shown: Any, holds_unlisted: bool) -> list[str]:
    notes = []
    if shown.sort == BEST and shown.is_ranked_capped:
        notes.append(page.text("posts.ranked", n=formats.number(shown.ranked)))
    if shown.query.wanted:
        notes.append(page.text("posts.marks"))
    if holds_unlisted:
        notes.append(page.text("posts.unlisted"))
    return notes


def _go_on(page: Page, has_more: bool, pages: int, count_key: str, key: str) -> None:
    if has_more and pages >= MAX_PAGES:
        st.caption(page.text("posts.narrow"))
    elif has_more:
        st.button(page.text("posts.more"), key=f"more-{key}", on_click=_more(count_key), icon=":material/expand_more:")


def marked(text: str, query: Any) -> str:
    """Return ``text`` with signs around the words of ``query``; it is as untrusted as before."""
    begin, end = _MARKS
    pieces, after = [], 0
    for start, stop in cached.highlights(text, query):
        pieces += [text[after:start], begin, text[start:stop], end]
        after = stop
    return "".join([*pieces, text[after:]])


def _more(count_key: str) -> Callable[[], None]:
    def one_page_more() -> None:
        st.session_state[count_key] += 1

    return one_page_more


def _post(page: Page, post: dict[Any, Any], answers: list[Any], attachments: list[Any], key: str, query: Any) -> None:
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.badge(word("class", post["post_class"], page.lang), color=_class_color(post["post_class"]))
            st.text(_headline(page, post), width="content")
        if isinstance(post["text"], str):
            st.text(post["text"] if query is None else marked(post["text"], query))
        else:
            st.caption(page.text("posts.text_withheld"))
        _pictures(page, attachments, f"{key}-{post['post_id']}")
        for line in (*_doubts(page, post), *_facts(page, post)):
            st.text(line)
        _link(page, post["url"], f"open-{key}-{post['post_id']}", "posts.open")
        for answer in answers:
            _answer(page, answer, key)
        if not answers and post["post_class"] == "question":
            st.caption(page.text("posts.unanswered" if post["answers_collected"] else "posts.answers_not_collected"))


def _answer(page: Page, answer: dict[Any, Any], key: str) -> None:
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            is_answer = answer["reason"] not in (*NO_ANSWER, TEMPLATE)
            kind = page.text("posts.answer") if is_answer else word("reason", answer["reason"], page.lang)
            st.badge(kind, color="green" if is_answer else "gray")
            department = _name(answer, "department", page.lang)
            who = " · ".join(part for part in (department, str(answer["handle"] or "")) if part)
            st.text(f"{_when(answer)} · {who}", width="content")
        st.text(answer["text"] if isinstance(answer["text"], str) else "")
        _link(page, answer["url"], f"open-{key}-answer-{answer['post_id']}", "posts.open_answer")


def _headline(page: Page, post: dict[Any, Any]) -> str:
    platform = page.platform_names.get(post["platform"], str(post["platform"]))
    return " · ".join([_when(post), platform, _reason(page, post)])


def _reason(page: Page, post: dict[Any, Any]) -> str:
    return page.text("posts.reason", reason=word("reason", post["reason"], page.lang))


def _facts(page: Page, post: dict[Any, Any]) -> list[str]:
    """Return the lines under a post: who must answer and how we know, whom it was written to, how long it waited, and where
    the matter is."""
    places = _name(post, "districts", page.lang)
    named = [page.text("posts.districts", districts=places)] if places else []
    if not isinstance(post["department_source"], str):
        return named
    department = _name(post, "department", page.lang)
    source = word("department_source", post["department_source"], page.lang)
    lines = [
        page.text("posts.department", department=department, source=source) if department else page.text("posts.nobody")
    ]
    if isinstance(post["receiving_handle"], str):
        lines.append(page.text("posts.receiver", handle=post["receiving_handle"]))
    if not pd.isna(post["wait_hours"]):
        lines.append(page.text("posts.waited", hours=formats.hours(post["wait_hours"], page.lang)))
    return [" · ".join([*lines, *named])]


def _doubts(page: Page, post: dict[Any, Any]) -> list[str]:
    """Return what a post under review is suspected of, and by which rule."""
    if not isinstance(post.get("suspected_class"), str):
        return []
    return [
        page.text("posts.suspected", suspected=word("class", post["suspected_class"], page.lang), rule=post["rule"])
    ]


def _pictures(page: Page, attachments: list[Any], key: str) -> None:
    pictures = [
        (local_picture(each["url"]) if page.synthetic else thumbnail(each["thumbnail"]), each) for each in attachments
    ]
    drawn = [(path, each["alt"]) for path, each in pictures if path is not None]
    if drawn:
        with st.container(horizontal=True):
            for path, alt in drawn:
                st.image(path, width=_PICTURE_WIDTH, alt=alt or page.text("posts.picture"))
    for number, (picture, each) in enumerate(pictures):
        if picture is None or not page.synthetic:
            _link(page, each["url"], f"attachment-{key}-{number}", f"posts.attachment.{each['kind']}", _measures(each))
            if picture is None and isinstance(each["alt"], str):
                st.text(page.text("posts.alt", alt=each["alt"]))


def _measures(attachment: dict[Any, Any]) -> str:
    """Return how large an attachment is, as far as its network said: pixels, bytes."""
    width, height, size = attachment["width"], attachment["height"], attachment["size_bytes"]
    pixels = "" if pd.isna(width) or pd.isna(height) else f" · {width:.0f} × {height:.0f}"
    return pixels + ("" if pd.isna(size) else f" · {formats.size(size)}")


def _link(page: Page, url: object, key: str, label: str, more: str = "") -> None:
    address = safe_link(url)
    if address is not None:
        st.link_button(page.text(label) + more, address, key=key, type="tertiary", icon=":material/open_in_new:")


def _when(row: dict[Any, Any]) -> str:
    time: dt.datetime = row["created_at"]
    return formats.moment(time, day_only=row["created_precision"] == "day")


def _name(row: dict[Any, Any], base: str, lang: str) -> str:
    names = (row[f"{base}_{code}"] for code in (lang, *LANGUAGES))
    return next((name for name in names if isinstance(name, str) and name), "")


def _class_color(post_class: str) -> Any:
    colors = {"question": "blue", "opinion": "violet", "praise": "green", "ad": "gray", "spam": "gray"}
    return colors.get(post_class, "orange" if post_class == "political" else "gray")
