"""What has arrived and waits for its commit, in the order of arrival."""

from collections import deque
from collections.abc import Callable

import msgspec

from contract import topics

Message = tuple[str, bytes]  # (kid, payload)

_GROUP = 64  # frames that share one commit at most
_GROUP_BYTES = 128 * 1024  # about 30,000 events: half a second
_MOST = 4_096  # beyond that the broker keeps what comes
_AGAIN = 1.0  # seconds until what could not be written is tried once more


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
        self._rest_until = 0.0  # births and answers wait so long

    def put(self, kind: str, kid: str, data: bytes) -> None:
        """Add what came: `kind` "e" a frame, "s" a birth, "r" an answer."""
        if kind == "e":
            self._frames.append((self._monotonic(), (kid, data)))
        else:
            (self._births if kind == "s" else self._answers).append((kid, data))

    def put_back(self, births: list[Message], answers: list[Message]) -> None:
        """Keep what a ledger that fails did not take, for a second: nobody says it again. (Frames
        come again by themselves: they had no receipt.)"""
        self._births, self._answers = births + self._births, answers + self._answers
        self._rest_until = self._monotonic() + _AGAIN

    def forget(self, buckets: frozenset[str]) -> None:
        """Births of these buckets are another worker's, who has had them from the broker too: an
        old one must not overwrite what he wrote."""
        self._births = [one for one in self._births if topics.bucket(one[0]) not in buckets]

    def waiting(self) -> int:
        """How much has arrived and may be taken now."""
        return len(self._frames) + (0 if self._resting() else self._noted())

    def full(self) -> bool:
        """Whether nothing more should be read now."""
        return len(self._frames) + self._noted() >= _MOST

    def group(self) -> Group:
        """Take out what is to be committed together."""
        frames: list[Message] = []
        size, oldest = 0, self._frames[0][0] if self._frames else 0.0
        while self._frames and len(frames) < _GROUP and size < _GROUP_BYTES:
            frames.append(self._frames.popleft()[1])
            size += len(frames[-1][1])
        behind = self._monotonic() - oldest if self._frames else 0.0
        if self._resting():
            return Group(frames, [], [], behind)
        births, self._births = self._births[:_GROUP], self._births[_GROUP:]
        answers, self._answers = self._answers[:_GROUP], self._answers[_GROUP:]
        return Group(frames, births, answers, behind)

    def _noted(self) -> int:
        return len(self._births) + len(self._answers)

    def _resting(self) -> bool:
        return self._monotonic() < self._rest_until
