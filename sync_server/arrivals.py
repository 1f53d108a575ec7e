"""What has arrived and waits for its commit, in the order of arrival."""

from collections import deque
from collections.abc import Callable

import msgspec

Message = tuple[str, bytes]  # (kid, payload)

_GROUP = 64  # frames that share one commit at most
_GROUP_BYTES = 128 * 1024  # about 30,000 events: half a second
_MOST = 4_096  # beyond that the broker keeps what comes


class Group(msgspec.Struct, frozen=True):
    """What is taken together. `behind`: seconds that its oldest frame has waited, 0 where nothing
    waits after it."""

    frames: list[Message]
    births: list[Message]
    answers: list[Message]
    behind: float


class Arrivals:
    """First come, first served; `monotonic` gives seconds."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._frames: deque[tuple[float, Message]] = deque()
        self._births: list[Message] = []
        self._answers: list[Message] = []

    def put(self, kind: str, kid: str, data: bytes) -> None:
        """Add what came: `kind` "e" a frame, "s" a birth, "r" an answer."""
        if kind == "e":
            self._frames.append((self._monotonic(), (kid, data)))
        else:
            (self._births if kind == "s" else self._answers).append((kid, data))

    def waiting(self) -> int:
        """How much has arrived."""
        return len(self._frames) + len(self._births) + len(self._answers)

    def full(self) -> bool:
        """Whether nothing more should be read now."""
        return self.waiting() >= _MOST

    def group(self) -> Group:
        """Take out what is to be committed together."""
        frames: list[Message] = []
        size, oldest = 0, self._frames[0][0] if self._frames else 0.0
        while self._frames and len(frames) < _GROUP and size < _GROUP_BYTES:
            frames.append(self._frames.popleft()[1])
            size += len(frames[-1][1])
        behind = self._monotonic() - oldest if self._frames else 0.0
        births, self._births = self._births[:_GROUP], self._births[_GROUP:]
        answers, self._answers = self._answers, []
        return Group(frames, births, answers, behind)
