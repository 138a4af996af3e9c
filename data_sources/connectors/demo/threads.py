"""The whole period: threads of question, answers and follow-up, their order, and the reposts among them."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from data_sources.connectors.demo.answers import (
    ANSWERED_SHARE,
    FOLLOW_UP_SHARE,
    HANDOFF_FIRST_SHARE,
    HANDOFF_ONLY_SHARE,
    SECOND_ANSWER_SHARE,
    AnswerDesk,
)
from data_sources.connectors.demo.events import Event, plan_events
from data_sources.connectors.demo.grammar import Grammar, Topic
from data_sources.connectors.demo.rhythm import SATURDAY, Rhythm, kst
from data_sources.connectors.demo.scene import Place, Scene
from data_sources.connectors.demo.voices import Voice
from data_sources.registry import Account, Registry

PLATFORMS = ("x", "facebook", "me2day", "blog")
PLATFORM_WEIGHTS = (0.935, 0.035, 0.018, 0.012)
# Follow-ups go to the account that answered; with them the mayor receives 86 % of all.
TO_MAYOR_SHARE = {"x": 0.898, "facebook": 0.8}
TO_RESPONSIBLE_SHARE = 0.6  # of the posts that are not sent to the mayor
CLASSES = ("question", "opinion", "praise", "ad", "spam", "political", "repost", "other")
CLASS_WEIGHTS = (0.635, 0.08, 0.05, 0.04, 0.03, 0.03, 0.07, 0.065)
PHOTO_SHARE = {"question": 0.28, "praise": 0.14, "opinion": 0.1}
EVENT_PHOTO_SHARE = 0.3
PARTS = {"rush": (7, 8, 17, 18, 19), "night": (21, 22, 23, 0, 1, 2), "day": tuple(range(9, 17))}
IN_HOURS, OUT_OF_HOURS = 1.6, 0.85  # how much more or less a topic is written within its hours
CAMPAIGN_COPIES = (15, 40)
POSTS_PER_CAMPAIGN = 1500  # at least; fewer posts in all have fewer campaigns
REPOST_WINDOW = 400  # what is passed on is recent
REPOST_LENGTH = 110
POSTS_PER_AUTHOR = 4


@dataclass(slots=True)
class Draft:
    """One post before it has its number."""

    when: dt.datetime
    platform: str
    text: str
    intended_class: str
    topic: str
    department: str
    author: str | None = None
    account: Account | None = None
    addressed_to: Account | None = None
    parent: Draft | None = None
    photo: tuple[str, str] | None = None
    number: int = 0


class Period:
    """Writes exactly ``posts`` drafts within ``days`` whole days before ``until``."""

    def __init__(self, grammar: Grammar, registry: Registry, posts: int, seed: int, days: int, until: dt.date) -> None:
        self._posts = posts
        self._grammar = grammar
        self._rng = rng = random.Random(seed)
        self._end = kst(until, 0)
        self._rhythm = Rhythm(rng, days, until)
        self._events = plan_events(rng, self._rhythm, grammar.places)
        self._voice = Voice(rng, grammar)
        self._desk = AnswerDesk(rng, grammar, registry)
        self._topics = {topic.id: topic for topic in (*grammar.topics, *grammar.events.values())}
        self._weights: dict[tuple[str, bool, int], list[float]] = {}
        self._authors = min(max(30, posts // POSTS_PER_AUTHOR), 90_000)

    def drafts(self) -> list[Draft]:
        """Return the drafts in order of time, numbered from 1."""
        drafts: list[Draft] = []
        for thread in self._threads():
            drafts += thread[: self._posts - len(drafts)]
            if len(drafts) == self._posts:
                break
        drafts.sort(key=lambda draft: draft.when)  # stable: threads keep their order within a second
        for number, draft in enumerate(drafts, start=1):
            draft.number = number
        self._fill_reposts(drafts)
        return drafts

    def _threads(self) -> Iterator[list[Draft]]:
        copied = self._campaigns()
        yield from copied
        event_shares = [event.share for event in self._events]
        while True:
            draw = self._rng.random()
            for event, until in zip(self._events, accumulate(event_shares), strict=True):
                if draw < until:
                    yield self._event_thread(event)
                    break
            else:
                yield self._usual_thread()

    def _event_thread(self, event: Event) -> list[Draft]:
        topic = self._grammar.events[event.topic]
        when = event.time(self._rng, self._rhythm)
        places = (event.place,) if event.place else self._grammar.places
        return self._thread("question", topic, when, places, EVENT_PHOTO_SHARE)

    def _usual_thread(self) -> list[Draft]:
        when = self._rhythm.time()
        post_class = self._rng.choices(CLASSES, weights=CLASS_WEIGHTS)[0]
        topic = self._topic(when)
        return self._thread(post_class, topic, when, self._grammar.places, PHOTO_SHARE.get(post_class, 0.0))

    def _topic(self, when: dt.datetime) -> Topic:
        part = next((name for name, hours in PARTS.items() if when.hour in hours), "any")
        key = (part, when.weekday() >= SATURDAY, when.month)
        if key not in self._weights:
            self._weights[key] = list(accumulate(self._topic_weight(topic, *key) for topic in self._grammar.topics))
        return self._rng.choices(self._grammar.topics, cum_weights=self._weights[key])[0]

    def _topic_weight(self, topic: Topic, part: str, is_weekend: bool, month: int) -> float:
        if month not in topic.months:
            return 0.0
        if topic.hours == "any":
            return topic.weight
        is_in_hours = topic.hours == part and not (part == "rush" and is_weekend)
        return topic.weight * (IN_HOURS if is_in_hours else OUT_OF_HOURS)

    def _thread(
        self, post_class: str, topic: Topic, when: dt.datetime, places: tuple[Place, ...], photo_share: float
    ) -> list[Draft]:
        rng = self._rng
        platform = "x" if post_class == "repost" else rng.choices(PLATFORMS, weights=PLATFORM_WEIGHTS)[0]
        scene = Scene(rng, when, places, self._grammar.lexicon, topic.slots, topic.issues)
        addressed_to = self._receiving_account(platform, topic.department)
        if post_class == "question":
            text = self._voice.question(
                topic, scene, long=platform == "blog" or (platform == "facebook" and rng.random() < 0.5)
            )
        else:
            text = "" if post_class == "repost" else self._voice.remark(post_class, scene)
        if post_class not in ("ad", "spam", "repost"):
            text = self._voice.roughen(text, topic.tags)
        if post_class in ("question", "opinion", "praise"):
            text = self._voice.greet(text, to_mayor=addressed_to.role == "mayor")
        text = self._voice.mention(text, addressed_to.handle, platform)
        photo = topic.photo if topic.photo and rng.random() < photo_share else None
        asked = Draft(
            *(
                when,
                platform,
                text,
                post_class,
                topic.id,
                topic.department,
                self._author(),
                None,
                addressed_to,
                None,
                photo,
            )
        )
        return [asked, *self._replies(asked, topic, scene)]

    def _receiving_account(self, platform: str, department: str) -> Account:
        mayor = self._desk.mayor(platform)
        if mayor is not None and self._rng.random() < TO_MAYOR_SHARE.get(platform, 0.0):
            return mayor
        if self._rng.random() < TO_RESPONSIBLE_SHARE:
            return self._desk.account(platform, department)
        return self._desk.any_account(platform)

    def _author(self) -> str:
        # With exponent 1 all would be equally loud; with 1.6 the loudest of 5,000 writes one post in two hundred.
        rank = int(self._authors * self._rng.random() ** 1.6)
        # 7919 is prime to every number below it: loudness does not show in the number.
        return f"demo-citizen-{(rank * 7919) % 99991 + 1:05d}"

    def _replies(self, asked: Draft, topic: Topic, scene: Scene) -> list[Draft]:
        if self._rng.random() >= ANSWERED_SHARE.get(asked.intended_class, 0.0):
            return []
        if asked.intended_class in ("question", "duplicate"):
            replies = self._answers(asked, topic, scene)
        else:
            kind = "opinion" if asked.intended_class == "opinion" else "thanks"
            account = self._answering_account(asked)
            replies = [self._reply(asked, self._desk.remark(kind, scene, account, asked.department), account, "answer")]
        return [reply for reply in replies if reply.when < self._end]

    def _answers(self, asked: Draft, topic: Topic, scene: Scene) -> list[Draft]:
        rng, desk = self._rng, self._desk
        account = self._answering_account(asked)
        draw = rng.random()
        replies: list[Draft] = []
        if draw < HANDOFF_ONLY_SHARE + HANDOFF_FIRST_SHARE:
            replies.append(
                self._reply(asked, desk.remark("handoff", scene, account, asked.department), account, "handoff")
            )
            if draw < HANDOFF_ONLY_SHARE:
                return replies
        after = replies[-1].when if replies else asked.when
        if asked.parent is None:
            text = desk.answer(topic, scene, account)
        else:
            text = desk.remark("followup", scene, account, asked.department)
        answer = self._reply(asked, text, account, "answer", after)
        replies.append(answer)
        if rng.random() < SECOND_ANSWER_SHARE:
            text = desk.remark("second", scene, account, asked.department)
            replies.append(self._reply(asked, text, account, "answer", answer.when))
        if asked.parent is None and asked.intended_class == "question" and rng.random() < FOLLOW_UP_SHARE:
            replies += self._follow_up(asked, answer, topic, scene)
        return replies

    def _follow_up(self, asked: Draft, answer: Draft, topic: Topic, scene: Scene) -> list[Draft]:
        when = answer.when + dt.timedelta(minutes=max(4, self._rng.lognormvariate(4.5, 1.0)))
        if when >= self._end:
            return []
        text = self._voice.remark("followup", scene)
        if asked.platform == "x" and answer.account:
            text = f"@{answer.account.handle} {text}"
        again = Draft(when.replace(microsecond=0), asked.platform, text, "question", topic.id, asked.department)
        again.author, again.addressed_to, again.parent = asked.author, answer.account, answer
        return [again, *self._replies(again, topic, scene)]

    def _answering_account(self, asked: Draft) -> Account:
        return self._desk.account(asked.platform, asked.department)

    def _reply(
        self, asked: Draft, text: str, account: Account, intended_class: str, after: dt.datetime | None = None
    ) -> Draft:
        when = self._desk.time(after or asked.when, asked.department)
        reply = Draft(when, asked.platform, text, intended_class, asked.topic, asked.department)
        reply.account, reply.parent = account, asked
        return reply

    def _campaigns(self) -> list[list[Draft]]:
        """Copies of one text by many authors within two days; the first is a question, the others duplicates."""
        rng = self._rng
        count = min(len(self._grammar.campaigns), self._posts // POSTS_PER_CAMPAIGN)
        threads = []
        for topic_id, department, text in self._grammar.campaigns[:count]:
            first_day = rng.choice(self._rhythm.days[:-2] or self._rhythm.days)
            days = [day for day in self._rhythm.days if 0 <= (day - first_day).days <= 1]
            times = sorted(self._rhythm.time_on(rng.choice(days)) for _ in range(rng.randint(*CAMPAIGN_COPIES)))
            topic = self._topics[topic_id]
            for number, when in enumerate(times):
                scene = Scene(rng, when, self._grammar.places, self._grammar.lexicon, topic.slots, topic.issues)
                addressed_to = self._receiving_account("x", department)
                copy = self._voice.varied_copy(text) if number else text
                draft = Draft(
                    when,
                    "x",
                    f"@{addressed_to.handle} {copy}",
                    "duplicate" if number else "question",
                    topic_id,
                    department,
                )
                draft.author, draft.addressed_to = self._author(), addressed_to
                threads.append([draft, *self._replies(draft, topic, scene)])
        return threads

    def _fill_reposts(self, drafts: list[Draft]) -> None:
        """Give each repost the text of a recent post; loud recent posts are passed on more than once."""
        recent: list[Draft] = []
        for draft in drafts:
            if draft.intended_class == "repost":
                self._pass_on(draft, recent)
            elif draft.account is None and draft.platform == "x" and draft.parent is None:
                recent.append(draft)
                del recent[:-REPOST_WINDOW]

    def _pass_on(self, draft: Draft, recent: list[Draft]) -> None:
        if not recent:  # nothing has been said yet: the city's own greeting is passed on
            handle = draft.addressed_to.handle if draft.addressed_to else "demo_seoul_city"
            draft.text = f"RT @{handle}: 시민 여러분의 의견을 기다립니다."
            return
        # The square root of a uniform draw prefers the newest; every seventh stands for the ones everybody reads.
        place = int(len(recent) * self._rng.random() ** 0.5)
        original = recent[place - place % 7]
        draft.topic, draft.department = original.topic, original.department
        draft.addressed_to = original.addressed_to
        text = original.text if len(original.text) <= REPOST_LENGTH else original.text[:REPOST_LENGTH].rstrip() + "…"
        draft.text = f"RT @{(original.author or '').replace('-', '_')}: {text}"
