"""The camera's, the screen's and a command's end of the agent's door."""

import contextlib
import itertools
import socket
import threading
from collections import deque
from pathlib import Path

import msgspec

from terminal_agent.door import words
from terminal_agent.door.words import (
    Compared,
    Enrolled,
    FingerWish,
    FromAgent,
    FromClient,
    Hello,
    Lend,
    MadeGallery,
    Mine,
    Pushed,
    Role,
    Seen,
    Told,
    Typed,
    Unmet,
    Vouched,
    Watched,
)
from terminal_agent.errors import SourceUnavailable

Question = (
    Seen
    | Unmet
    | Watched
    | Compared
    | MadeGallery
    | Enrolled
    | Typed
    | Vouched
    | Mine
    | Lend
    | Pushed
    | FingerWish
)  # what has an answer

_PATIENCE = 5.0  # seconds the agent has for an answer; a commit on a tired card takes one of them
_MOST_NEWS = 256  # who does not fetch them has lost the oldest


class Door:
    """One client of the agent's socket at `path`. Any thread may `say` and `ask`, several at once;
    one thread fetches `words`. After SourceUnavailable: `connect` again, and ask again what had no
    answer: the agent records nobody twice within minutes, and notes the same only once."""

    def __init__(self, path: Path, role: Role) -> None:
        self._path = path
        self._role = role
        self._numbers = itertools.count(1)
        self._line: _Line | None = None

    def connect(self) -> None:
        """Connect, or connect anew, and say who this is. Raises SourceUnavailable."""
        self.close()
        wire = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            wire.settimeout(_PATIENCE)
            wire.connect(str(self._path))
            wire.sendall(words.line(Hello(self._role)))
        except OSError as problem:
            wire.close()
            raise _away(f"{self._path}: {problem.strerror or problem}") from problem
        self._line = _Line(wire)

    def say(self, word: FromClient) -> None:
        """Say what has no answer. Raises SourceUnavailable."""
        self._connected().send(words.line(word))

    def ask(self, question: Question) -> Told:
        """Say it under a number of its own; the answer, within seconds. Raises SourceUnavailable:
        it may be done all the same, so ask again."""
        number = next(self._numbers)
        line = self._connected()
        line.send(words.line(msgspec.structs.replace(question, ask=number)))
        return line.answer(number)

    def words(self, timeout: float) -> list[FromAgent]:
        """What the agent said meanwhile, in order; [] where it says nothing for `timeout` seconds.
        Raises SourceUnavailable where the connection is gone and all was fetched."""
        return self._connected().news(timeout)

    def close(self) -> None:
        """Hang up; whoever waits on this door is woken with SourceUnavailable."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def _connected(self) -> "_Line":
        line = self._line
        if line is None:
            raise _away(f"{self._path}: not connected")
        return line


class _Line:
    """One connection and the thread that reads it."""

    def __init__(self, wire: socket.socket) -> None:
        self._wire = wire
        self._sending = threading.Lock()
        self._heard = threading.Condition()
        self._answers: dict[int, Told] = {}
        self._news: deque[FromAgent] = deque(maxlen=_MOST_NEWS)
        self._broken = ""
        self._reader = threading.Thread(target=self._read, name="door", daemon=True)
        self._reader.start()

    def send(self, data: bytes) -> None:
        try:
            with self._sending:
                self._wire.sendall(data)
        except OSError as problem:
            self._hang_up()  # half a line may be on its way, so nothing can follow on it
            raise _away(f"the connection broke: {problem}") from problem

    def answer(self, number: int) -> Told:
        with self._heard:
            self._heard.wait_for(lambda: number in self._answers or self._broken, _PATIENCE)
            told = self._answers.pop(number, None)
            broken = self._broken or "the agent did not answer"
        if told is None:
            self._hang_up()  # an answer that comes too late would never be fetched
            raise _away(broken)
        return told

    def news(self, timeout: float) -> list[FromAgent]:
        with self._heard:
            self._heard.wait_for(lambda: self._news or self._broken, timeout)
            told = list(self._news)
            self._news.clear()
            if not told and self._broken:
                raise _away(self._broken)
        return told

    def close(self) -> None:
        self._hang_up()
        if threading.current_thread() is not self._reader:
            self._reader.join(_PATIENCE)

    def _hang_up(self) -> None:
        with contextlib.suppress(OSError):  # the other side may have done it
            self._wire.shutdown(socket.SHUT_RDWR)

    def _read(self) -> None:
        why = "the agent hung up"
        try:
            with self._wire:
                self._read_lines()
        except (OSError, ValueError) as problem:
            why = str(problem)
        with self._heard:
            self._broken = why
            self._heard.notify_all()

    def _read_lines(self) -> None:
        """Until the other side hangs up. Raises OSError, and ValueError where it is no agent."""
        held = b""
        while data := self._received():
            *lines, held = (held + data).split(b"\n")
            if len(held) > words.MOST_BYTES:
                raise ValueError("a line of the agent does not end")
            said = [words.from_agent(line) for line in lines]
            with self._heard:
                for word in said:
                    self._take(word)
                self._heard.notify_all()

    def _received(self) -> bytes:
        while True:
            try:
                return self._wire.recv(words.MOST_BYTES)
            except TimeoutError:  # it is the time limit for sending; silence is no fault
                continue

    def _take(self, word: FromAgent) -> None:
        if isinstance(word, Told):
            self._answers[word.ask] = word
        else:
            self._news.append(word)


def _away(sentence: str) -> SourceUnavailable:
    return SourceUnavailable("no_agent", sentence)
