"""An agent behind a screen: a real Unix socket, says what a bench or a test tells it to."""

import socket
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec

from terminal_agent.door import words
from terminal_agent.door.words import FromAgent, Hello, Sight, Standing, Told

SENT = Standing(online=True, waiting=0, received_at=1_795_220_640, clock_valid=True, alerts={})
SEES = Sight(up=True, people=20)


class Agent:
    """Accepts screens, tells each one the present state, and answers what they ask with `answer`."""

    def __init__(self, path: Path, *present: FromAgent) -> None:
        self.path = path
        self.present = list(present)
        self.asked = []
        self.answer: Callable[[object], Told] = lambda asked: Told(asked.ask, ok=True)
        self._screens: list[socket.socket] = []
        self._come = threading.Condition()
        self._closing = False
        self._door = socket.socket(socket.AF_UNIX)
        path.unlink(missing_ok=True)
        self._door.bind(str(path))
        self._door.listen()
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def __enter__(self) -> "Agent":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up on everybody, as a restart does."""
        self._closing = True
        self._door.shutdown(socket.SHUT_RDWR)
        self._threads[0].join()
        self._door.close()
        self.path.unlink()
        for screen in self._screens:
            screen.shutdown(socket.SHUT_RDWR)
        for thread in self._threads[1:]:
            thread.join()
        for screen in self._screens:
            screen.close()

    def say(self, *said: FromAgent) -> None:
        """To every screen."""
        for screen in self._screens:
            screen.sendall(b"".join(words.line(word) for word in said))

    def wait(self) -> None:
        """Until a screen has come."""
        with self._come:
            if not self._come.wait_for(lambda: self._screens, 10):
                raise AssertionError("no screen came")

    def _accept(self) -> None:
        while True:
            try:
                screen, _ = self._door.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(screen,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, screen: socket.socket) -> None:
        with screen.makefile("rb") as lines:
            if not isinstance(words.from_client(next(lines)), Hello):
                raise AssertionError("it did not say who it is")
            with self._come:
                screen.sendall(b"".join(words.line(word) for word in self.present))
                self._screens.append(screen)
                self._come.notify_all()
            for line in lines:
                asked = words.from_client(line)
                self.asked.append(asked)
                told = msgspec.structs.replace(self.answer(asked), ask=asked.ask)
                screen.sendall(words.line(told))
        if not self._closing:
            self._screens.remove(screen)
            screen.close()
