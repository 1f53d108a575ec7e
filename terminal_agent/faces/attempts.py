"""Who has failed a challenge, and what they will be asked next time. Pure; monotonic seconds.

Failing does not draw another challenge, or three tries would find the one that a recording can
answer: the same is asked again, after a wait that grows. Walking off, or typing another NIP, in the
middle is forgiven once; from then on it is a failure like any other, or the waits would cost nothing.

A wait belongs to the face that failed for as long as it stays: to its track. Whoever is taken for the
same person on another track waits 15 s at most, because that may be the colleague whose photograph
somebody held up. Who brings the photograph down and up again is held to one try in 15 s by that, to
the same challenge, and leaves a record each time.
"""

from collections.abc import Callable
from typing import Literal

import msgspec

from contract.event import Asked
from terminal_agent.faces.liveness import KINDS

Outcome = Literal["timeout", "wrong", "other_face", "left"]
WAITS = (5.0, 15.0, 60.0, 300.0)
ELSEWHERE = 15.0  # the longest wait that one face can bring upon another
_FORGOTTEN = 3600.0
_PLACE, _PLACE_SECONDS = 10, 10.0  # percent of the frame's width, seconds


class Spot(msgspec.Struct, frozen=True):
    """Where a face is at `at`: its track, and `x` as in words.Face."""

    track: int
    x: int
    at: float


class Attempt(msgspec.Struct, frozen=True):
    """The challenge that a person owes, and where it was failed. `failures` and `left` so far: of the
    latter, all are failures but the first. Nothing is asked on that track before `until`, nor on
    another before `elsewhere`."""

    pin: str
    asked: Asked
    spot: Spot
    failures: int = 0
    left: int = 0
    until: float = 0.0
    elsewhere: float = 0.0


Attempts = tuple[Attempt, ...]


def waits(attempts: Attempts, pin: str, spot: Spot) -> float:
    """Seconds until this person is asked again there, 0 or less where they need not wait."""
    mine = [one for one in attempts if one.pin == pin]
    ends = [one.until if one.spot.track == spot.track else one.elsewhere for one in mine]
    return max((end - spot.at for end in ends), default=0.0)


def choose(attempts: Attempts, pin: str, spot: Spot, chance: Callable[[], float]) -> Asked:
    """What to ask: what this person owes, or what was failed at this place a moment ago (the face
    there may have been changed for another), else one at random. `chance` gives 0 <= c < 1."""
    owed = [one.asked for one in attempts if one.pin == pin and not _forgotten(one, spot)]
    here = [one.asked for one in attempts if _just_there(one, spot)]
    drawn = KINDS[int(chance() * len(KINDS))]
    return [*owed, *here, drawn][0]


def failed(attempts: Attempts, pin: str, asked: Asked, spot: Spot) -> Attempts:
    """After a challenge that was answered wrongly, by another face, or not in time."""
    before = _before(attempts, pin, asked, spot)
    return _with(attempts, _punished(before, asked, spot))


def walked_off(attempts: Attempts, pin: str, asked: Asked, spot: Spot) -> Attempts:
    """After somebody left in the middle. The first time they need not wait; the second time of a
    person, or at one place within moments, is a failure."""
    before = _before(attempts, pin, asked, spot)
    again = before.left > 0 or any(one.left and _just_there(one, spot) for one in attempts)
    after = msgspec.structs.replace(before, left=before.left + 1, spot=spot, asked=asked)
    return _with(attempts, _punished(after, asked, spot) if again else after)


def met(attempts: Attempts, pin: str) -> Attempts:
    """After a challenge that was met: nothing is owed."""
    return tuple(one for one in attempts if one.pin != pin)


def _before(attempts: Attempts, pin: str, asked: Asked, spot: Spot) -> Attempt:
    mine = [one for one in attempts if one.pin == pin and not _forgotten(one, spot)]
    return mine[0] if mine else Attempt(pin, asked, spot)


def _punished(before: Attempt, asked: Asked, spot: Spot) -> Attempt:
    wait = WAITS[min(before.failures, len(WAITS) - 1)]
    return Attempt(
        pin=before.pin,
        asked=asked,
        spot=spot,
        failures=before.failures + 1,
        left=before.left,
        until=spot.at + wait,
        elsewhere=spot.at + min(wait, ELSEWHERE),
    )


def _with(attempts: Attempts, mine: Attempt) -> Attempts:
    others = [one for one in attempts if one.pin != mine.pin and not _forgotten(one, mine.spot)]
    return (*others, mine)


def _forgotten(one: Attempt, spot: Spot) -> bool:
    return spot.at - one.spot.at > _FORGOTTEN


def _just_there(one: Attempt, spot: Spot) -> bool:
    near = abs(one.spot.x - spot.x) <= _PLACE
    return near and spot.at - one.spot.at <= _PLACE_SECONDS
