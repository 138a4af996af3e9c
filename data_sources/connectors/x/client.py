"""tweepy as transport: raw answers, our errors, and the traps of 4.17 covered.

It has no timeout, waits on limits without end, writes the token into its debug log, and fails inside its own error
classes where the body of an error is no object. So a hook refuses bad answers before tweepy looks at them, and an
adapter gives every request a timeout and the host of the settings.
"""

from __future__ import annotations

import contextlib
import json
import logging
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
import tweepy
from requests.adapters import HTTPAdapter

from data_sources.base import (
    BadPayload,
    BadRequest,
    ConnectorError,
    CursorExpired,
    Duplicate,
    NotAllowed,
    QuotaExhausted,
    Transient,
    Unknown,
)
from data_sources.connectors.http import error_of
from data_sources.connectors.x.settings import UserToken, XSettings
from data_sources.connectors.x.shapes import POSTS_PER_PAGE, SHAPE_ERRORS, other_shape

POST_FIELDS = (
    "attachments", "author_id", "conversation_id", "created_at", "edit_history_tweet_ids", "entities",
    "in_reply_to_user_id", "note_tweet", "referenced_tweets", "withheld",
)  # fmt: skip
# Authors and parents are not expanded: each would be charged like a post, or double.
EXPANSIONS = ("attachments.media_keys",)
MEDIA_FIELDS = ("type", "url", "preview_image_url", "alt_text")
# At DEBUG these write headers, and with them the token.
CHATTY_LOGGERS = ("tweepy", "oauthlib", "requests_oauthlib")


class XClient:
    """Requests to X: with the bearer token, or as the account of ``user``."""

    def __init__(self, settings: XSettings, user: UserToken | None = None) -> None:
        silence()
        keys: dict[str, str] = {}
        if user is not None and settings.consumer_key is not None and settings.consumer_secret is not None:
            keys = {
                "consumer_key": settings.consumer_key.get_secret_value(),
                "consumer_secret": settings.consumer_secret.get_secret_value(),
                "access_token": user.token.get_secret_value(),
                "access_token_secret": user.secret.get_secret_value(),
            }
        elif settings.bearer_token is not None:
            keys = {"bearer_token": settings.bearer_token.get_secret_value()}
        self._as_user = user is not None
        self._tweepy = tweepy.Client(**keys, return_type=dict, wait_on_rate_limit=False)
        session = self._tweepy.session
        session.trust_env = False  # no proxy, no .netrc: what is sent where is in the settings alone
        session.mount("https://", _Adapter(settings.base_url, settings.timeout_s))
        session.hooks["response"].append(_refuse)

    def search(
        self, query: str, since: dict[str, Any], token: str | None, page_size: int = POSTS_PER_PAGE
    ) -> dict[str, Any]:
        """Return a page of the last seven days, newest first, of at most ``page_size`` posts."""
        with translated("search"):
            return _checked(
                self._tweepy.search_recent_tweets(
                    query,
                    max_results=page_size,
                    next_token=token,
                    tweet_fields=list(POST_FIELDS),
                    expansions=list(EXPANSIONS),
                    media_fields=list(MEDIA_FIELDS),
                    **since,
                ),
                ("data", "meta", "errors"),
            )

    def posts(self, ids: Sequence[str]) -> dict[str, Any]:
        """Return which of at most 100 posts there are, and what hinders the others."""
        with translated("lookup of posts"):
            return _checked(self._tweepy.get_tweets(list(ids)), ("data", "errors"))

    def users(self, handles: Sequence[str]) -> dict[str, Any]:
        """Return at most 100 users by their handles."""
        with translated("lookup of users"):
            return _checked(self._tweepy.get_users(usernames=list(handles)), ("data", "errors"))

    def posts_of(self, user_id: str, start_time: Any) -> dict[str, Any]:
        """Return the newest posts of a user."""
        with translated("posts of a user"):
            answer = self._tweepy.get_users_tweets(
                user_id, max_results=POSTS_PER_PAGE, start_time=start_time, tweet_fields=["created_at", "note_tweet"],
                user_auth=self._as_user,
            )  # fmt: skip
            return _checked(answer, ("data", "meta"))

    def own_id(self) -> str:
        """Return the user id of the account this client acts for."""
        with translated("own account"):
            return str(_checked(self._tweepy.get_me(user_auth=True), ("data",))["data"]["id"])

    def create(self, text: str, in_reply_to: str | None) -> str:
        """Post and return the new id.

        Raises
        ------
        Unknown
            It may have arrived.
        """
        with translated("new post", is_sent=True):
            answer = self._tweepy.create_tweet(text=text, in_reply_to_tweet_id=in_reply_to, user_auth=True)
            return str(answer["data"]["id"])

    def create_compliance_job(self) -> dict[str, Any]:
        """Ask for a job over post ids; its answer says where to send them."""
        with translated("compliance job"):
            return dict(_checked(self._tweepy.create_compliance_job("tweets"), ("data",))["data"])

    def compliance_job(self, job_id: str) -> dict[str, Any]:
        """Return how a job fares."""
        with translated("compliance job"):
            return dict(_checked(self._tweepy.get_compliance_job(job_id), ("data",))["data"])


class _Adapter(HTTPAdapter):
    """Sends to the host of the settings: tweepy's stands in a local variable of its own."""

    def __init__(self, base_url: str, timeout_s: float) -> None:
        self._base = urlsplit(base_url)
        self._timeout_s = timeout_s
        super().__init__()

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        url = urlsplit(str(request.url))
        request.url = urlunsplit((self._base.scheme, self._base.netloc, self._base.path + url.path, url.query, ""))
        return super().send(request, *args, **{**options, "timeout": self._timeout_s})


def silence() -> None:
    """Keep tokens out of every log, whatever level the program logs at."""
    for name in CHATTY_LOGGERS:
        logger = logging.getLogger(name)
        logger.setLevel(max(logging.INFO, logger.level))


def _refuse(response: requests.Response, **options: Any) -> None:
    """Raise our error for every answer that is none, redirects too."""
    if response.status_code < 300:
        return
    error = error_of(response.status_code, response.headers, f"{response.request.method} {urlsplit(response.url).path}")
    raise _more_exact(error, _problem(response))


def _problem(response: requests.Response) -> dict[str, Any]:
    try:
        body = json.loads(response.content)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _more_exact(error: ConnectorError, problem: dict[str, Any]) -> ConnectorError:
    """Return the error as the body of the answer tells it: one status stands for several of X's problems."""
    said = json.dumps(problem).lower()
    if "usage-capped" in said or "usagecapexceeded" in said:
        return QuotaExhausted(f"{error}; the month's cap of the plan is reached")
    if isinstance(error, NotAllowed) and "duplicate content" in said:
        return Duplicate(str(error))
    if isinstance(error, BadRequest):
        errors = problem.get("errors")
        wrong = {
            name
            for each in (errors if isinstance(errors, list) else [])
            if isinstance(each, dict) and isinstance(each.get("parameters"), dict)
            for name in each["parameters"]
        }
        if wrong & {"next_token", "pagination_token", "since_id", "start_time"}:
            return CursorExpired(f"{error}; X no longer knows the place: {', '.join(sorted(wrong))}")
    return error


@contextlib.contextmanager
def translated(asked: str, *, is_sent: bool = False) -> Iterator[None]:
    """Turn what tweepy and requests raise into our errors; ``is_sent``: a post is on its way, so a failure may be none."""
    lost = Unknown if is_sent else Transient
    try:
        yield
    except Transient as error:
        raise lost(str(error)) from None
    except requests.exceptions.JSONDecodeError:
        raise (Unknown if is_sent else BadPayload)(f"{asked}: an answer that is not JSON") from None
    except requests.RequestException as error:
        raise lost(f"{asked}: {type(error).__name__}") from None  # the URL is in its text
    except (tweepy.TweepyException, *SHAPE_ERRORS) as error:
        raise (Unknown if is_sent else BadPayload)(other_shape(asked, error)) from None


def _checked(answer: Any, parts: Sequence[str]) -> dict[str, Any]:
    if not isinstance(answer, dict) or not any(part in answer for part in parts):
        raise TypeError("an answer without its parts")
    return answer
