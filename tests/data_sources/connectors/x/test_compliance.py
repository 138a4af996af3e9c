"""Which stored posts are gone: a few by lookup, many as a job."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from data_sources.base import BadPayload, ConnectorError, NotAllowed, QuotaExhausted, Transient
from data_sources.connectors.x.compliance import MOST_POLLS, POLL_S
from data_sources.connectors.x.source import MOST_LOOKED_UP, XSource, sources_of
from tests.loopback import Answer, LoopbackServer, Request
from tests.simulated_x import TOKEN, a_registry, settings_for

JOBS = "/2/compliance/jobs"
MANY = [str(number) for number in range(1000, 1001 + MOST_LOOKED_UP)]


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with LoopbackServer() as running:
        yield running


def a_source(server: LoopbackServer, slept: list[float] | None = None, **settings: Any) -> XSource:
    slept = [] if slept is None else slept
    return sources_of(settings_for(server.url, **settings), a_registry("arisu"), sleep=slept.append)[0]


def gone(source: XSource, ids: list[str]) -> dict[str, str]:
    found = list(source.check(ids))
    assert {(each.platform, each.what) for each in found} <= {("x", "post")}
    assert len({each.id for each in found}) == len(found)
    return {each.id: each.reason for each in found}


def test_a_lookup_says_who_is_gone_and_why_and_what_it_paid_for(server: LoopbackServer) -> None:
    def respond(request: Request) -> Answer:
        asked = request.query["ids"].split(",")
        problem = {"resource_type": "tweet", "type": "https://api.twitter.com/2/problems/resource-not-found"}
        stand = [{"id": id_, "text": "글"} for id_ in asked if int(id_) % 100 > 1]
        errors = [{**problem, "resource_id": id_} for id_ in asked if int(id_) % 100 == 0]
        return Answer({"data": stand, "errors": errors})

    server.respond("/2/tweets", respond)
    source = a_source(server)
    assert gone(source, MANY[:150]) == {
        "1000": "deleted", "1001": "missing", "1100": "deleted", "1101": "missing"
    }  # fmt: skip
    assert [len(request.query["ids"].split(",")) for request in server.seen] == [100, 50]
    assert source.looked_up == 146


def test_an_answer_without_its_parts_does_not_make_every_post_gone(server: LoopbackServer) -> None:
    server.answer("/2/tweets", Answer({"meta": {}}))
    with pytest.raises(BadPayload):
        gone(a_source(server), ["1"])


@pytest.mark.parametrize("budget", [{"budget_reads": 150}, {"budget_dollars": 0.75}])
def test_a_lookup_ends_before_the_budget_does(server: LoopbackServer, budget: dict[str, Any]) -> None:
    server.respond(
        "/2/tweets", lambda request: Answer({"data": [{"id": id_} for id_ in request.query["ids"].split(",")]})
    )
    source = a_source(server, **budget)
    assert gone(source, MANY[:100]) == {}
    with pytest.raises(QuotaExhausted):
        gone(source, MANY[100:200])
    assert (source.looked_up, len(server.seen)) == (100, 1)


def a_job(
    server: LoopbackServer, *lines: Any, statuses: tuple[str, ...] = ("created", "in_progress", "complete")
) -> None:
    job = {
        "id": "7",
        "type": "tweets",
        "upload_url": f"{server.url}/up?signature=s",
        "download_url": f"{server.url}/down?signature=s",
    }
    server.answer(JOBS, Answer({"data": {**job, "status": "created"}}), method="POST")
    server.answer(f"{JOBS}/7", *(Answer({"data": {**job, "status": status}}) for status in statuses))
    server.answer("/up", Answer(b""), method="PUT")
    content = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    server.answer("/down", Answer(content.encode(), headers={"content-type": "text/plain"}))


def line(id_: str, reason: str | None, action: str = "delete") -> dict[str, Any]:
    return {"id": id_, "action": action, "created_at": "2026-03-02T00:00:00.000Z", "reason": reason}


def test_many_posts_are_asked_for_as_one_job_that_costs_nothing(server: LoopbackServer) -> None:
    a_job(
        server,
        line("1000", "deleted"), line("1001", "deactivated"), line("1002", "protected"), line("1003", "suspended"),
        line("1004", "a new word"), line("1005", None, "scrub_geo"), line("9", "deleted"), "",
    )  # fmt: skip
    slept: list[float] = []
    source = a_source(server, slept, budget_dollars=0.0)
    assert gone(source, MANY) == {
        "1000": "deleted", "1001": "deleted", "1002": "protected", "1003": "suspended", "1004": "missing",
    }  # fmt: skip
    upload = next(request for request in server.seen if request.method == "PUT")
    assert upload.body.decode().split("\n") == MANY
    assert slept == [POLL_S] * 2
    assert source.looked_up == 0
    # The addresses of the files are signed: our token does not go there.
    tokens = {request.path: TOKEN in request.headers.get("Authorization", "") for request in server.seen}
    assert tokens == {JOBS: True, f"{JOBS}/7": True, "/up": False, "/down": False}


@pytest.mark.parametrize("status", ["failed", "expired", "in_progress"])
def test_a_job_that_does_not_end_well_may_be_asked_for_again(server: LoopbackServer, status: str) -> None:
    a_job(server, statuses=(status,))
    slept: list[float] = []
    with pytest.raises(Transient):
        gone(a_source(server, slept), MANY)
    assert len(slept) == (MOST_POLLS if status == "in_progress" else 0)


def test_a_plan_without_batch_compliance_is_told(server: LoopbackServer) -> None:
    server.answer(JOBS, Answer({"title": "Client Forbidden"}, 403), method="POST")
    with pytest.raises(NotAllowed):
        gone(a_source(server), MANY)


@pytest.mark.parametrize(
    ("path", "method", "answer", "error"),
    [
        ("/up", "PUT", Answer(b"", 403), NotAllowed),
        ("/down", "GET", Answer(b"", 503), Transient),
        ("/down", "GET", Answer(b"x" * 100, fault="truncate"), Transient),
        ("/down", "GET", Answer(b'{"id": "1000"'), BadPayload),
        ("/down", "GET", Answer(b'{"id": "1000"}'), BadPayload),
    ],
)
def test_a_file_that_is_not_there_says_so_without_its_address(
    server: LoopbackServer, path: str, method: str, answer: Answer, error: type[ConnectorError]
) -> None:
    a_job(server)
    server._queues[method, path][:] = [answer]
    with pytest.raises(error) as raised:
        gone(a_source(server), MANY)
    assert "signature" not in str(raised.value)


def test_a_file_is_sent_over_https_only(server: LoopbackServer) -> None:
    a_job(server)
    server._queues["POST", JOBS][:] = [Answer({"data": {"id": "7", "upload_url": "http://files.example.com/up"}})]
    with pytest.raises(BadPayload, match="https"):
        gone(a_source(server), MANY)
