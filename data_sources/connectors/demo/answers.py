"""How the city answers: whether, when, through which account, in which words."""

from __future__ import annotations

import datetime as dt
import math
import random

from data_sources.connectors.demo.grammar import Grammar, Templates, Topic
from data_sources.connectors.demo.particles import with_particle
from data_sources.connectors.demo.rhythm import office_time
from data_sources.connectors.demo.scene import Scene
from data_sources.connectors.demo.voices import speaking_of
from data_sources.registry import Account, Registry

# With those the period's end cuts off and those that get a hand-off only, 30 % are never answered.
ANSWERED_SHARE = {"question": 0.735, "duplicate": 0.3, "opinion": 0.22, "praise": 0.18, "other": 0.06}
HANDOFF_ONLY_SHARE = 0.03
HANDOFF_FIRST_SHARE = 0.05
SECOND_ANSWER_SHARE = 0.03
FOLLOW_UP_SHARE = 0.04
REFERENCE_SHARE = 0.4
FREE_SLOTS = ("now", "receipt")  # what an answer may name unasked
OFFICE_HOURS_SHARE = 0.93  # the rest is answered by whoever is on duty
DELAY_SIGMA = 0.9  # of the log-normal delay: the slowest tenth waits three times the median
SHORTEST_DELAY_S = 180
DEFAULT_MEDIAN_HOURS = 12.0


class AnswerDesk:
    """The city's side of a thread."""

    def __init__(self, rng: random.Random, grammar: Grammar, registry: Registry) -> None:
        self._rng = rng
        self._grammar = grammar
        self._registry = registry
        connected = registry.accounts_with_status("connected")
        self._mayors = {a.platform: a for a in connected if a.role == "mayor"}
        self._cities = {a.platform: a for a in reversed(connected) if a.role == "city"}
        self._own = {(a.platform, a.department): a for a in connected if a.role == "department"}
        self._connected = {
            platform: tuple(a for a in connected if a.platform == platform)
            for platform in ("x", "facebook", "me2day", "blog")
        }

    def mayor(self, platform: str) -> Account | None:
        """Return the mayor's connected account on ``platform``, if there is one."""
        return self._mayors.get(platform)

    def account(self, platform: str, department: str) -> Account:
        """Return who answers for ``department`` on ``platform``: its own account, else the city's, else the mayor's."""
        account = self._own.get((platform, department)) or self._cities.get(platform) or self._mayors.get(platform)
        return account or self._connected[platform][0]

    def any_account(self, platform: str) -> Account:
        """Return a connected account on ``platform`` that is not the mayor's."""
        accounts = [a for a in self._connected[platform] if a.role != "mayor"]
        return self._rng.choice(accounts)

    def time(self, asked: dt.datetime, department: str) -> dt.datetime:
        """Return when an answer to a question of ``asked`` comes: a log-normal delay, mostly in office hours."""
        rng = self._rng
        median = self._grammar.median_hours.get(department, DEFAULT_MEDIAN_HOURS)
        delay = max(SHORTEST_DELAY_S, rng.lognormvariate(math.log(median * 3600), DELAY_SIGMA))
        when = asked + dt.timedelta(seconds=int(delay))
        return office_time(rng, when) if rng.random() < OFFICE_HOURS_SHARE else when

    def answer(self, topic: Topic, scene: Scene, account: Account) -> str:
        """Return an answer to a question: greeting, what was found, what happens when, whom to ask."""
        sentences = [self._greeting(account)]
        if self._rng.random() < REFERENCE_SHARE:
            sentences.append(self._fitting(self._grammar.phrases["answer_reference"], scene))
        for kind, templates in (("found_any", topic.found), ("action_any", topic.action)):
            known = self._known(templates, scene)
            fitting = speaking_of(self._rng, known, scene.subjects, self._grammar.phrases[kind])
            sentences.append(self._rng.choice(fitting).fill(scene))
        sentences.append(self._closing(topic.department, scene))
        return " ".join(dict.fromkeys(sentences))  # an apology is not said twice

    def remark(self, kind: str, scene: Scene, account: Account, department: str) -> str:
        """Return a short reply of ``kind``: handoff, thanks, opinion, second, followup."""
        text = self._fitting(self._grammar.phrases[f"answer_{kind}"], scene)
        if kind == "handoff":  # a template, word for word
            return text
        closing = self._closing(department, scene) if kind in ("second", "followup") else ""
        return f"{self._greeting(account)} {text} {closing}".strip()

    def _greeting(self, account: Account) -> str:
        name = self._registry.department(account.department).name_ko
        if account.role == "mayor":
            return self._rng.choice(("시장실입니다.", "안녕하세요, 시장실입니다.", "시민님 말씀 잘 읽었습니다."))
        if account.role == "city":
            name = self._rng.choice(("서울시", f"서울시 {name}"))
        return self._rng.choice(
            ("안녕하세요, {}입니다.", "안녕하세요. {}입니다.", "{}입니다.", "{}에서 알려드립니다.")
        ).replace("{}", name)

    def _closing(self, department: str, scene: Scene) -> str:
        text = self._fitting(self._grammar.phrases["answer_closing"], scene)
        name = self._registry.department(department).name_ko
        return text.replace("%부서:으로%", with_particle(name, "으로")).replace("%부서%", name)

    def _fitting(self, templates: Templates, scene: Scene) -> str:
        return self._rng.choice(self._known(templates, scene)).fill(scene)

    def _known(self, templates: Templates, scene: Scene) -> Templates:
        """Return the sentences that name nothing the citizen did not name, where there are any."""
        known, lexicon = scene.known.keys(), self._grammar.lexicon.keys()
        return (
            tuple(t for t in templates if all(s in known or s in lexicon or s in FREE_SLOTS for s in t.slots))
            or templates
        )
