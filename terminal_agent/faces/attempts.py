"""Who has failed a challenge, and what they will be asked next time. Pure; monotonic seconds.

Failing does not draw another challenge, or three tries would find the one that a recording can
answer: the same is asked again, after a wait that grows.
"""

from collections.abc import Callable
from typing import Literal

import msgspec

from contract.event import Asked
from terminal_agent.faces.liveness import KINDS

Outcome = Literal["timeout", "wrong", "other_face", "left"]
WAITS = (5.0, 15.0, 60.0, 300.0)
_FORGOTTEN = 3600.0
_PLACE, _PLACE_SECONDS = 10, 10.0  # percent of the frame's width, seconds


class Attempt(msgspec.Struct, frozen=True):
    """The challenge that a person owes. `at`, `x`: when and where it was failed; `failures` so far;
    `until`: nothing is asked before."""

    pin: str
    asked: Asked
    failures: int
    at: float
    x: int
    until: float


Attempts = tuple[Attempt, ...]


def waits(attempts: Attempts, pin: str, now: float) -> float:
    """Seconds until this person is asked again."""
    return max((one.until - now for one in attempts if one.pin == pin), default=0.0)


def choose(attempts: Attempts, pin: str, x: int, now: float, chance: Callable[[], float]) -> Asked:
    """What to ask: what this person owes, or what was failed at this place a moment ago (the face
    there may have been changed for another), else one at random. `chance` gives 0 <= c < 1."""
    owed = [one.asked for one in attempts if one.pin == pin and now - one.at <= _FORGOTTEN]
    here = [one.asked for one in attempts if _just_there(one, x, now)]
    drawn = KINDS[int(chance() * len(KINDS))]
    return [*owed, *here, drawn][0]


def failed(attempts: Attempts, pin: str, asked: Asked, now: float, x: int) -> Attempts:
    """After a challenge that was answered wrongly, by another face, or not in time."""
    before = next((one.failures for one in attempts if one.pin == pin), 0)
    wait = WAITS[min(before, len(WAITS) - 1)]
    return (*_others(attempts, pin, now), Attempt(pin, asked, before + 1, now, x, now + wait))


def walked_off(attempts: Attempts, pin: str, asked: Asked, now: float, x: int) -> Attempts:
    """After somebody left in the middle: they need not wait, and will be asked the same."""
    before = next((one.failures for one in attempts if one.pin == pin), 0)
    return (*_others(attempts, pin, now), Attempt(pin, asked, before, now, x, now))


def met(attempts: Attempts, pin: str, now: float) -> Attempts:
    """After a challenge that was met: nothing is owed."""
    return _others(attempts, pin, now)


def _others(attempts: Attempts, pin: str, now: float) -> Attempts:
    return tuple(one for one in attempts if one.pin != pin and now - one.at <= _FORGOTTEN)


def _just_there(one: Attempt, x: int, now: float) -> bool:
    return now - one.at <= _PLACE_SECONDS and abs(one.x - x) <= _PLACE
