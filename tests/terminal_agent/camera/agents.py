"""An agent that only listens: the real door on a real socket, and a list of what was said."""

import threading

from terminal_agent.door.server import Doorway
from terminal_agent.door.words import FromAgent, Told, Word


class Listener:
    """`heard` is all that the camera said to any life of it; `born` and `die` as often as wanted."""

    def __init__(self, path):
        self.path, self.heard, self.refuse = path, [], False
        self._changed = threading.Condition()
        self._alive = False

    def born(self) -> None:
        """Be there; `die` ends it."""
        self._alive = True
        self._doorway = Doorway(self.path, self._hear, lambda _role: (), lambda _role: None)
        self._thread = threading.Thread(target=self._doorway.run, args=(lambda: self._alive,))
        self._thread.start()

    def die(self) -> None:
        """Be gone, connections and all."""
        self._alive = False
        self._thread.join()

    def tell(self, word: FromAgent) -> None:
        """News for the camera, once it is there."""
        self.wait(lambda: self._doorway.count("camera"))
        self._doorway.tell(word, "camera")

    def of(self, *kinds: type[Word]) -> list[Word]:
        """What was said of these kinds, in order, numbers taken out."""
        return [word for word in list(self.heard) if isinstance(word, kinds)]

    def wait(self, until, patience: float = 30.0) -> None:
        """Wait until it holds; it is asked after each word, and now and then."""
        with self._changed:
            for _ in range(round(patience / 0.1)):
                if until():
                    return
                self._changed.wait(0.1)
        raise AssertionError(f"never came true; heard {self.heard[-5:]}")

    def _hear(self, _role, word):
        with self._changed:
            self.heard.append(word)
            self._changed.notify_all()
        return Told(word.ask, ok=not self.refuse) if hasattr(word, "ask") else None
