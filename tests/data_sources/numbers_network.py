"""A network of the simplest kind for tests of what is around it: numbered posts over HTTP, and whether they still stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence

from data_sources.base import UsageError
from data_sources.connectors.http import HttpClient
from data_sources.connectors.networks import ConnectorRow
from data_sources.records import AccountReference, Attachment, Page, Post, Removal, Span
from tests.builders import a_question, kst
from tests.loopback import Answer, Request

HANDLE, TOKEN = "roads", "token-which-nobody-may-see"
PHONE, CITIZEN = "010-9988-7766", "citizen_nobody_knows"
PER_PAGE = 2
BEGIN = kst("2026-03-02 09:00")


class NumbersConnector:
    """``/posts?after=N`` gives the next posts, ``/gone?ids=`` those that no longer stand."""

    name, platform = "numbers", "blog"
    source, origin = "numbers:test", "live"
    dollars_per_read = 0.005

    def __init__(self, url: str, budget_reads: int | None = None, budget_dollars: float | None = None) -> None:
        self.budget_reads, self.budget_dollars = budget_reads, budget_dollars
        self._http = HttpClient(url, {"Authorization": f"Bearer {TOKEN}"}, 10.0)

    def fetch(self, cursor: str | None) -> Iterator[Page]:
        after = int(cursor or 0)
        while True:
            found = self._http.json("/posts", {"after": after})
            numbers = found["numbers"]
            start = BEGIN if after == 0 else moment(after)
            after = max([after, *numbers])
            yield Page(
                records=tuple(post(number) for number in numbers),
                spans=(Span(account=HANDLE, start=start, end=moment(after)),) if moment(after) > start else (),
                reads=len(numbers),
                cursor=str(after),
            )
            if not found["more"]:
                return

    def check(self, ids: Sequence[str]) -> Iterator[Removal]:
        for gone in self._http.json("/gone", {"ids": ",".join(ids)}):
            yield Removal(platform="blog", **gone)

    def publish(self, account: str, text: str, *, key: str, in_reply_to: str | None = None) -> str:
        raise NotImplementedError

    def find_published(self, account: str, text: str, since: dt.datetime) -> str | None:
        return None


def moment(number: int) -> dt.datetime:
    """Return when post ``number`` was written."""
    return BEGIN + dt.timedelta(minutes=number)


def post(number: int) -> Post:
    """Return post ``number``; each third is of one author, all name a phone, each has a word of its own."""
    return a_question(
        f"n{number}",
        f"@{CITIZEN} {number}번째 가로등이 고장났어요. 연락처 {PHONE} 쀍{'가나다라마바사아자차'[number % 10]}뷁어",
        created_at=moment(number),
        author=f"{CITIZEN}{number % 3}",
        addressed_to=AccountReference(handle=HANDLE, department="도로관리과"),
        attachments=(Attachment(key="p", kind="photo", url=f"https://pictures.example/{number}.jpg", alt="가로등"),),
    )


def honest(last: int, delay_s: float = 0.0) -> Callable[[Request], Answer]:
    """Answer ``/posts`` with the posts up to ``last``, two at a time."""

    def respond(request: Request) -> Answer:
        after = int(request.query["after"])
        numbers = list(range(after + 1, min(after + PER_PAGE, last) + 1))
        return Answer({"numbers": numbers, "more": after + PER_PAGE < last}, delay_s=delay_s)

    return respond


def gone(*removals: dict[str, str]) -> Callable[[Request], Answer]:
    """Answer ``/gone`` with those of ``removals`` (what, id, reason) that were asked for."""

    def respond(request: Request) -> Answer:
        asked = request.query["ids"].split(",")
        return Answer([each for each in removals if each["what"] == "author" or each["id"] in asked])

    return respond


def row(url: str | None, **options: float) -> ConnectorRow:
    """Return the network's row in CONNECTORS; without an address its setting is missing."""

    def build(registry: object) -> list[NumbersConnector]:
        if url is None:
            raise UsageError("MINWON_NUMBERS_TOKEN is missing: the network's token")
        return [NumbersConnector(url, **options)]  # type: ignore[arg-type]

    return ConnectorRow("numbers", "blog", "MINWON_NUMBERS_", "숫자", "Numbers", build)
