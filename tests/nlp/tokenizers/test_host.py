"""The child process: it may die, hang or answer nonsense, and the next text is read all the same."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys

import pytest

from nlp.records import Token
from nlp.tokenizers.guard import AnalyserFailed, GuardedTokenizer
from nlp.tokenizers.host import ChildTokenizer, TokenizerNotInstalled

pytest.importorskip("mecab", reason="python-mecab-ko is not installed")

# Behaves like the child, and badly where the text says so.
STUB = """
import json, os, sys, time
print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    text = json.loads(line)
    if "die" in text: os._exit(0)
    if "half" in text: print('{"tok', end="", flush=True); os._exit(1)
    if "hang" in text: time.sleep(600)
    if "error" in text: print(json.dumps({"error": "Exception"}), flush=True); continue
    print(json.dumps({"tokens": [[text, "NNG", 0]]}), flush=True)
"""
FORKED = """
import os
from nlp.tokenizers.host import ChildTokenizer
tokenizer = ChildTokenizer("mecab")
pid = os.fork()
tokens = [tokenizer.tokens(f"서울 {number}")[1].form for number in range(50)]
assert tokens == [str(number) for number in range(50)], tokens
print("child" if pid == 0 else "parent", tokenizer.child_pid, flush=True)
if pid: os.waitpid(pid, 0); tokenizer.tokens("서울")
"""


@pytest.fixture
def stubbed(monkeypatch):
    monkeypatch.setattr(subprocess, "Popen", _stub_popen(subprocess.Popen))
    tokenizer = GuardedTokenizer(ChildTokenizer("stub", text_limit_s=0.5), "stub")
    yield tokenizer
    tokenizer.close()


def _stub_popen(popen):
    return lambda command, **options: popen([command[0], "-c", STUB], **options)


@pytest.fixture(scope="module")
def mecab():
    tokenizer = ChildTokenizer("mecab")
    yield tokenizer
    tokenizer.close()


def test_any_analyser_runs_in_a_child(mecab):
    assert mecab.tokens("따릉이 고장") == [Token("따릉이", "NNP", 0), Token("고장", "NNG", 4)]


def test_a_killed_child_is_replaced_and_its_text_is_read(mecab):
    killed, before = mecab.child_pid, mecab.restarts
    os.kill(killed, signal.SIGKILL)
    assert mecab.tokens("따릉이") == [Token("따릉이", "NNP", 0)]
    assert mecab.restarts == before + 1
    assert mecab.child_pid != killed


def test_a_child_that_stands_still_is_replaced():
    tokenizer = ChildTokenizer("mecab", text_limit_s=1)
    os.kill(tokenizer.child_pid, signal.SIGSTOP)
    assert tokenizer.tokens("따릉이") == [Token("따릉이", "NNP", 0)]
    assert tokenizer.restarts == 1
    tokenizer.close()


@pytest.mark.parametrize("text", ["die", "half", "hang"])
def test_a_text_that_ends_two_children_is_skipped_and_the_next_is_read(stubbed, text):
    assert stubbed.tokens(text) == []
    assert stubbed.tokens("따릉이") == [Token("따릉이", "NNG", 0)]
    assert (stubbed.failures, stubbed.analyser.restarts) == (1, 2)


def test_the_same_bad_text_costs_no_child_again(stubbed):
    assert [stubbed.tokens("die") for _ in range(3)] == [[], [], []]
    assert (stubbed.failures, stubbed.analyser.restarts) == (3, 1)


def test_an_analysers_own_error_costs_no_child(stubbed):
    assert stubbed.tokens("error") == []
    assert (stubbed.failures, stubbed.analyser.restarts) == (1, 0)
    with pytest.raises(AnalyserFailed, match="Exception"):
        stubbed.analyser.tokens("error")


def test_a_child_that_does_not_start_says_why():
    with pytest.raises(TokenizerNotInstalled, match=r"'nothing' does not start: .*invalid choice"):
        ChildTokenizer("nothing")


def test_after_a_fork_each_has_a_child_of_its_own():
    printed = subprocess.run(
        [sys.executable, "-c", FORKED], capture_output=True, text=True, check=True, timeout=60
    ).stdout.split()
    assert sorted(printed[::2]) == ["child", "parent"]
    assert printed[1] != printed[3]


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only Linux can wait for a process that is no child of ours")
def test_the_child_ends_when_its_parent_is_killed():
    code = "from nlp.tokenizers.host import ChildTokenizer; t = ChildTokenizer('mecab'); print(t.child_pid, flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child = os.pidfd_open(int(parent.stdout.readline()))
        parent.kill()
    ended, _, _ = select.select([child], [], [], 20)
    os.close(child)
    assert ended == [child]
