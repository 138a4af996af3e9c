"""HTML to text, on markup short enough to read."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_sources.connectors.files.html import html_to_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("글만 있습니다", "글만 있습니다"),
        ("첫 줄\n둘째 줄", "첫 줄\n둘째 줄"),
        ("3 < 4 &amp; 5 > 4\n끝", "3 < 4 & 5 > 4\n끝"),
        ("<p>가</p><p>나</p>", "가\n나"),
        ("<div>가</div>\n  <div>나</div>", "가\n나"),
        ("가<br>나<br/>다", "가\n나\n다"),
        ("<div>가</div><div><br></div><div><br></div><div><br></div><div>나</div>", "가\n\n나"),
        ("<p>가<b>나</b>\n다&nbsp;&nbsp;라</p>", "가나 다 라"),
        ("<ul><li>하나<li>둘</ul>", "하나\n둘"),
        ("<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>", "1 2\n3"),
        ("<!--StartFragment--><p>가</p><!-- 비밀 -->", "가"),
        ("<style>p {color:red}</style><script>alert(1)</script>가", "가"),
        ("<!--[if gte mso 9]><xml><w:View>Normal</w:View></xml><![endif]--><p class=MsoNormal>가<o:p></o:p></p>", "가"),
        ("<xml><w:WordDocument>Normal 0 false</w:WordDocument></xml><p>가</p>", "가"),
        ("<?xml:namespace prefix = o /><p>가</p>", "가"),
        ("&lt;b&gt;는 글자", "<b>는 글자"),
        ("<p>\u200b</p>", ""),
        ("<img src='x'>", ""),
        ("", ""),
    ],
)
def test_html_to_text(html, text):
    assert html_to_text(html) == text


def test_deep_nesting_neither_fails_nor_loses_the_text():
    assert html_to_text("<div>" * 3000 + "속" + "</div>" * 3000) == "속"


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from("<>/!-?&;#xp br=\"'가\n\x01[]"), max_size=60))
def test_html_to_text_never_fails(html):
    assert isinstance(html_to_text(html), str)


def test_the_suggestions_bodies_keep_no_markup(real_file):
    with real_file("02_seoul_suggestions_fulltext_2017_2019.csv").open(encoding="utf-8-sig", newline="") as file:
        bodies = [row["BODY_HTML"] for row in csv.DictReader(file)]
    texts = [html_to_text(body) for body in bodies]
    assert len(texts) == 3413
    assert not any(mark in text for text in texts for mark in ("<p>", "<div", "<span", "</", "<!--", "&nbsp;"))
