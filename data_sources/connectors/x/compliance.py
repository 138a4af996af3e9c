"""Batch compliance: which of many stored posts are gone. It costs no reads, but a plan that allows it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal
from urllib.parse import urlsplit

import requests

from data_sources.base import BadPayload, ConnectorError, Transient
from data_sources.connectors.http import error_of
from data_sources.connectors.x.client import XClient
from data_sources.connectors.x.normalising import PLATFORM
from data_sources.connectors.x.settings import XSettings
from data_sources.records import Removal

POLL_S, MOST_POLLS = 30.0, 60
Reason = Literal["deleted", "protected", "suspended", "withheld", "missing"]
REASONS: dict[str, Reason] = {
    "deleted": "deleted",
    "deactivated": "deleted",
    "bounced": "deleted",
    "protected": "protected",
    "suspended": "suspended",
    "withheld": "withheld",
}


class ComplianceJobs:
    """Runs one job at a time, as X allows. Files go to the addresses X names, without our token."""

    def __init__(self, client: XClient, settings: XSettings, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._settings = settings
        self._sleep = sleep
        self._files = requests.Session()
        self._files.trust_env = False

    def gone(self, ids: Sequence[str]) -> Iterator[Removal]:
        """Yield which of these posts are gone.

        Raises
        ------
        Transient
            The job is not done after half an hour.
        ConnectorError
            X gave no job, or its result cannot be read.
        """
        if not ids:
            return
        job = self._client.create_compliance_job()
        self._send(_part(job, "upload_url"), "\n".join(ids).encode())
        job = self._finished(_part(job, "id"))
        asked = set(ids)
        for line in self._get(_part(job, "download_url")).splitlines():
            if line.strip():
                removal = _removal(line)
                if removal is not None and removal.id in asked:
                    yield removal

    def _finished(self, job_id: str) -> dict[str, Any]:
        for _ in range(MOST_POLLS):
            job = self._client.compliance_job(job_id)
            status = job.get("status")
            if status == "complete":
                return job
            if status in ("failed", "expired"):
                raise Transient(f"the compliance job is {status}; ask again")
            self._sleep(POLL_S)
        raise Transient(f"the compliance job is not done after {POLL_S * MOST_POLLS / 60:.0f} minutes; ask again")

    def _send(self, url: str, content: bytes) -> None:
        self._ask("PUT", url, content)

    def _get(self, url: str) -> bytes:
        return self._ask("GET", url, None)

    def _ask(self, method: str, url: str, content: bytes | None) -> bytes:
        asked = f"{method} of a compliance file"  # the address is a signature
        if urlsplit(url).scheme != "https" and not url.startswith(f"{self._settings.base_url}/"):
            raise BadPayload(f"{asked}: its address is not https")
        try:
            answer = self._files.request(
                method,
                url,
                data=content,
                headers={"Content-Type": "text/plain"} if content is not None else None,
                timeout=self._settings.timeout_s,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise Transient(f"{asked}: {type(error).__name__}") from None
        if answer.status_code >= 300:
            raise _error(answer, asked)
        return answer.content


def _error(answer: requests.Response, asked: str) -> ConnectorError:
    return error_of(answer.status_code, answer.headers, asked)


def _part(job: dict[str, Any], name: str) -> str:
    value = job.get(name)
    if not isinstance(value, str) or not value:
        raise BadPayload(f"a compliance job without {name}")
    return value


def _removal(line: bytes) -> Removal | None:
    """Return what a line of the result says; None where the post stays, such as after its place was taken off."""
    try:
        said = json.loads(line)
        if said["action"] != "delete":
            return None
        return Removal(
            platform=PLATFORM, what="post", id=str(said["id"]), reason=REASONS.get(said.get("reason"), "missing")
        )
    except (KeyError, TypeError, ValueError):
        raise BadPayload("a line of a compliance result cannot be read") from None
