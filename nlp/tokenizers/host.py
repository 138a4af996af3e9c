"""An analyser in a child process: it may hang, crash or end itself, and the texts after it are read all the same."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import weakref
from pathlib import Path
from typing import IO, Any

from nlp.records import Token
from nlp.tokenizers.guard import AnalyserFailed

# The slowest piece, 500 characters without a blank, takes Kkma 2 seconds; where every core is taken four times as long.
TEXT_LIMIT_S = 20.0
# Kkma reads its dictionaries for 8 seconds, and for 30 where every core is taken.
START_LIMIT_S = 120.0
# A text is tried again once: the child may have been ended by something else, such as want of memory.
_TRIES = 2
# Texts that failed twice are known again: a spam text comes by the hundred, and each would cost two restarts.
_MAX_KNOWN_BAD = 10_000
_ROOT = Path(__file__).resolve().parents[2]


class TokenizerNotInstalled(RuntimeError):
    """A package the chosen tokenizer needs is missing, or its process cannot be started."""


class ChildTokenizer:
    """Hands texts to ``python -m nlp.tokenizers.child NAME`` over pipes, a line of JSON each.

    The child is started anew after it died or was silent for ``text_limit_s`` seconds, and in a process that was
    forked. It ends when this process ends, in whatever way. ``restarts`` counts the children after the first.
    """

    def __init__(self, name: str, user_dictionary: bool = True, *, text_limit_s: float = TEXT_LIMIT_S) -> None:
        self._command = [sys.executable, "-m", "nlp.tokenizers.child", name]
        if not user_dictionary:
            self._command.append("--no-dictionary")
        self._name = name
        self._text_limit_s = text_limit_s
        self._known_bad: set[int] = set()
        self._lock = threading.Lock()
        self.restarts = 0
        self._start()

    def tokens(self, text: str) -> list[Token]:
        """Return the child's tokens.

        Raises
        ------
        AnalyserFailed
            The analyser could not read ``text``, or died or hung over it twice in a row.
        TokenizerNotInstalled
            The child could not be started again.
        """
        if self._pid != os.getpid():
            # We were forked: the pipes are our parent's, and a thread that is not here may hold the lock.
            self._lock = threading.Lock()
            self._start()
        with self._lock:
            if hash(text) in self._known_bad:
                raise AnalyserFailed("failed before")
            for _ in range(_TRIES):
                if self._process.poll() is not None:
                    self.restarts += 1
                    self._start()
                answer = self._ask(text)
                if answer is not None:
                    break
            else:
                if len(self._known_bad) >= _MAX_KNOWN_BAD:
                    self._known_bad.clear()
                self._known_bad.add(hash(text))
                raise AnalyserFailed("died or hung twice")
        if "error" in answer:
            raise AnalyserFailed(answer["error"])
        return [Token(form, tag, start) for form, tag, start in answer["tokens"]]

    @property
    def child_pid(self) -> int:
        """The process that analyses at this moment."""
        return self._process.pid

    def close(self) -> None:
        """End the child."""
        self._end()

    def _start(self) -> None:
        paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        # Under the C locale Java finds no file whose name is Korean.
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "LC_ALL": "C.UTF-8"}
        with tempfile.TemporaryFile() as errors:
            process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,  # the child itself closes it once it has started: what comes later may quote texts
                env=environment,
                start_new_session=True,  # Ctrl-C is for us: we finish the page of posts we are at
            )
            answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()
            threading.Thread(target=_read, args=(process.stdout, answers), daemon=True).start()
            self._process, self._answers, self._pid = process, answers, os.getpid()
            self._end = weakref.finalize(self, _stop, process, self._pid)
            hello = self._answer(START_LIMIT_S)
            if hello is None:
                errors.seek(0)
                said = errors.read().decode(errors="replace").strip().splitlines()[-1:] or ["it said nothing"]
                raise TokenizerNotInstalled(f"the tokenizer {self._name!r} does not start: {said[0][:300]}")

    def _ask(self, text: str) -> dict[str, Any] | None:
        """Return the child's answer, or None where it has died or hung; then it is ended."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(text).encode("ascii") + b"\n")
            self._process.stdin.flush()
        except OSError:  # its end of the pipe is closed
            self._end()
            return None
        return self._answer(self._text_limit_s)

    def _answer(self, limit_s: float) -> dict[str, Any] | None:
        try:
            line = self._answers.get(timeout=limit_s)
        except queue.Empty:
            line = b""
        if not line.endswith(b"\n"):  # nothing, or cut off in the middle
            self._end()
            return None
        answer: dict[str, Any] = json.loads(line)
        return answer


def _read(answers: IO[bytes], into: queue.SimpleQueue[bytes]) -> None:
    """Move lines into a queue, which unlike a pipe can be waited for with a limit on every system."""
    with answers:
        for line in answers:
            into.put(line)
    into.put(b"")


def _stop(process: subprocess.Popen[bytes], owner_pid: int) -> None:
    if os.getpid() != owner_pid:  # at the end of a forked process
        return
    process.kill()
    process.wait()
    if process.stdin is not None:
        with contextlib.suppress(OSError):  # a line was still on its way
            process.stdin.close()
