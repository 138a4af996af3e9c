"""HTML bodies to plain text: paragraphs stay paragraphs, markup goes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, PreformattedString, Tag

_EDGE = "\r"  # start or end of a block; never in the text itself, whose white space is collapsed first
_BLOCKS = frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form "  # noqa: SIM905
    "h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody tfoot thead tr ul".split()
)
_CELLS = frozenset(("td", "th"))
# <xml> and <w:...> are MS-Word's document settings, which would otherwise read "Normal 0 false false false".
_DROPPED = frozenset("head iframe noscript object script select style template textarea title xml".split())  # noqa: SIM905
_MARKUP = re.compile(r"<[A-Za-z/!?]")
_INSTRUCTION = re.compile(r"<\?[^>]*>")  # <?xml ...?> of a body pasted from Word; BeautifulSoup would warn of it
_WHITESPACE = re.compile(r"\s+")
_INVISIBLE = ("\u200b", "\u200c", "\ufeff", "\u00ad")  # zero-width characters and the soft hyphen
_EDGES = re.compile(r"(?: ?\r)+")  # no nested repeats of the space: those take quadratic time on a hostile body
_BLANK_LINES = re.compile(r"\n{3,}")


def html_to_text(html: str) -> str:
    """Return the readable text of ``html``; text without any markup only has its lines tidied."""
    if "<" not in html and "&" not in html:
        return tidy_lines(html)
    if not _MARKUP.search(html):
        return tidy_lines(unescape(html))
    text = "".join(_pieces(BeautifulSoup(_INSTRUCTION.sub("", html), "lxml")))
    return tidy_lines(_EDGES.sub("\n", text))


def tidy_lines(text: str) -> str:
    """Strip every line, make runs of spaces one, and keep at most one blank line in a row."""
    for character in _INVISIBLE:
        text = text.replace(character, "")
    # split() knows every kind of space, \xa0 and \u3000 too, and is three times as fast as a regex here.
    text = "\n".join(" ".join(line.split()) for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", text).strip()


def _pieces(soup: BeautifulSoup) -> Iterator[str]:
    # An explicit stack: nested markup as deep as anyone likes must not exhaust Python's.
    stack: list[PageElement | str] = [soup]
    while stack:
        element = stack.pop()
        if isinstance(element, Tag):
            name = element.name
            if name in _DROPPED or name.startswith("w:"):
                continue
            if name == "br":
                yield "\n"
            elif name in _BLOCKS:
                yield _EDGE
                stack.append(_EDGE)
            elif name in _CELLS:
                stack.append(" ")
            stack.extend(reversed(element.contents))
        elif isinstance(element, NavigableString):
            if not isinstance(element, PreformattedString):  # comments, declarations, doctypes
                yield _WHITESPACE.sub(" ", element)
        elif isinstance(element, str):
            yield element
