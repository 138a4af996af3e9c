"""What is made of a post before it is stored, by the writer or by the process that reads ahead for it: the store has no part in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from data_sources.base import Origin
from data_sources.pseudonyms import Pseudonyms
from data_sources.records import AccountReference, Page, Post
from db.records import AccountName, NewAttachment, NewPost
from nlp import annotate
from nlp.masking import mask_handles, mask_text
from nlp.places import districts_named
from nlp.records import Annotation

Text = tuple[str, str]  # as annotate_many takes it, and its direction
Annotations = Mapping[Text, Annotation]

# The network itself says so: no rule on the words is asked.
REPOST_CLASS = ("repost", "kind.repost", "kind.repost", 1.0)


class Unprepared(NamedTuple):
    """A post of which nothing was made yet, with what decides whether it must be stored."""

    platform: str
    platform_post_id: str
    version: int
    source_row: int | None
    fingerprint: bytes
    post: Post


Record = NewPost | Unprepared


class ReadPage(NamedTuple):
    """A page of a source, and its posts as far as they were prepared: which share was not, and how long another process worked on it."""

    page: Page
    records: Sequence[Record]
    share_left: float = 0.0
    took_s: float = 0.0


class Preparation:
    """Makes posts of one source ready for the store.

    Parameters
    ----------
    city_handles : lower-case handles of the city: a text of a network read live may name these and no other; a file keeps all
    """

    def __init__(self, pseudonyms: Pseudonyms, origin: Origin, city_handles: Collection[str] = ()) -> None:
        self._pseudonyms = pseudonyms
        # A reply names whom it speaks to: the handles of citizens go, the city's own stay.
        self._known = frozenset(city_handles) if origin == "live" else None

    def text(self, post: Post) -> Text:
        """Return what the analysis is given of a post: its text, and whose it is."""
        return mask_handles(post.text, self._known), "out" if post.account else "in"

    def unprepared(self, posts: Iterable[Post]) -> list[Unprepared]:
        """Return posts with their fingerprints."""
        return [
            Unprepared(
                post.platform,
                post.platform_post_id,
                post.version,
                post.source_row,
                self._pseudonyms.digest(post.content()),
                post,
            )
            for post in posts
        ]

    def prepared(self, records: Sequence[Record], annotations: Annotations | None = None) -> list[NewPost]:
        """Return ``records`` ready for the store; texts that are not among ``annotations`` are analysed here."""
        raw = [(record, self.text(record.post)) for record in records if isinstance(record, Unprepared)]
        known = annotations or {}
        missing = list(dict.fromkeys(text for _, text in raw if text not in known))
        found = annotate.annotate_many([text for text, _ in missing], direction=[direction for _, direction in missing])
        of_text = {**known, **dict(zip(missing, found, strict=True))}
        made = iter([self._new_post(record, of_text[text]) for record, text in raw])
        return [record if isinstance(record, NewPost) else next(made) for record in records]

    def _new_post(self, record: Unprepared, annotation: Annotation) -> NewPost:
        post = record.post
        verdict = annotation.verdict
        if post.kind == "repost" and post.account is None:
            post_class, reason, rule, confidence = REPOST_CLASS
            suspected_class = None
        else:
            post_class, reason, rule, confidence = verdict.post_class, verdict.reason, verdict.rule, verdict.confidence
            # A post at risk is in the restricted queue and in no other.
            suspected_class = None if annotation.risk else verdict.review
        return NewPost(
            platform=post.platform,
            platform_post_id=post.platform_post_id,
            version=post.version,
            kind=post.kind,
            is_inbound=post.account is None,
            author_key=self._pseudonyms.author(post.platform, post.author) if post.author else None,
            account=_name(post.account),
            addressed_to=_name(post.addressed_to),
            text=annotation.text,
            language=annotation.language,
            url=post.url,
            topic=post.topic,
            created_at=post.created_at,
            is_day_only=post.created_precision == "day",
            in_reply_to=post.in_reply_to,
            later_ids=post.later_ids,
            answers_collected=post.answers_collected,
            is_risk=annotation.risk,
            fingerprint=record.fingerprint,
            source_row=post.source_row,
            post_class=post_class,
            reason=reason,
            rule=rule,
            confidence=confidence,
            rule_department=annotation.department,
            department_rule=annotation.department_rule,
            classifier_department=annotation.guessed_department,
            classifier_confidence=annotation.guess_confidence,
            terms=annotation.terms,
            districts=districts_named(annotation.places),
            search_text=annotation.search_text,
            signature=annotation.signature,
            bands=annotation.bands,
            attachments=tuple(
                NewAttachment(**item.model_dump(exclude={"alt"}), alt=mask_text(item.alt) if item.alt else None)
                for item in post.attachments
            ),
            suspected_class=suspected_class,
            suspected_by=verdict.review_rule,
        )


def _name(account: AccountReference | None) -> AccountName | None:
    return None if account is None else AccountName(account.handle, account.department)
