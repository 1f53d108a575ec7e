"""The challenge: whether somebody alive does what was asked. Pure; seconds of a monotonic clock, degrees.

Everything is measured against the person's own straight look, and openness against their own open
eyes: people stand at an angle, and eyes differ. Measured on 21 filmed sequences of printed photographs
of seven East-Asian volunteers, moved, turned and bent: no head seems turned by more than 7 degrees, no
eye narrower than two thirds of its own opening. A flat print tilted by up to 60 degrees seems turned
by 13 at most. One bent round a third of a cylinder and tilted by 60 does seem turned by 20, but then
its eyes lie at three quarters of their distance or less, which a head's never do: so the eyes' distance
has to hold. (A homography between straight and turned points, and the proportions of the face, tell
such a picture from a head no better than the yaw.) Who also moves the print nearer as it tilts may
still pass.

What was done has to be seen on its way (a look between straight and turned, so that no second
photograph can take the first one's place) and in more than one frame. Whether it was the same person,
at the act and at the end, is for the caller to prove: see Step.
"""

import math
from typing import Literal

import msgspec

from contract.event import BLINKED, TURNED_LEFT, TURNED_RIGHT, Asked

SECONDS = 6.0
KINDS: tuple[Asked, ...] = ("turn_left", "turn_right", "blink")
CODES: dict[Asked, int] = {
    "turn_left": TURNED_LEFT,
    "turn_right": TURNED_RIGHT,
    "blink": BLINKED,
}
TURNED = 20.0
_OFF_CENTRE = 10.0  # from the camera's own axis too: a photo shown askew is no straight look
_NARROWED = 0.87  # least eye distance, as a share of what a head turned so far would show
_BETWEEN = (5.0, 18.0)
_STILL = 12.0  # a closure of the lids while the head moves may be a picture that tilts
_FRAMES = 2  # one frame may be the mesh's mistake
_BREAK = 0.5  # seconds between two frames of one movement
_BLINKS = 2
_SHUT, _OPEN = 0.5, 0.65  # shares of how far these eyes are usually open
_OPEN_LEAST = 0.15  # eyes that are never seen open cannot be seen to close
_LEARNT = 3  # frames that tell how open this person's eyes are

# wait: nothing yet. witness: it is being done in this frame, so its face has to be the person's.
# final: done, and this frame's face has to be the person's. wrong, timeout: it is over.
Step = Literal["wait", "witness", "final", "wrong", "timeout"]


class Pose(msgspec.Struct, frozen=True):
    """How a head stands at `at`. `span`: pixels between the outer corners of the eyes. `openness`: of both eyes together (a wink is no blink), None where nobody looked."""

    at: float
    yaw: float
    pitch: float
    span: float
    openness: float | None = None


class Challenge(msgspec.Struct, frozen=True):
    """What was asked at `since`, of a person whose straight look has `yaw`, `pitch` and `span`, and how
    far they have come. `last`: the newest pose."""

    asked: Asked
    since: float
    yaw: float
    pitch: float
    span: float
    last: float
    between: bool = False
    turned: int = 0
    astray: int = 0
    opened: tuple[float, ...] = ()
    shut: bool = False
    blinks: int = 0


def ask(asked: Asked, neutral: Pose) -> Challenge:
    """Begin at the time of `neutral`, the person's straight look."""
    return Challenge(asked, neutral.at, neutral.yaw, neutral.pitch, neutral.span, neutral.at)


def left(challenge: Challenge, now: float) -> int:
    """Whole seconds that remain, at least 0."""
    return max(0, -int(-(challenge.since + SECONDS - now) // 1))


def judged(challenge: Challenge, pose: Pose) -> tuple[Challenge, Step]:
    """The challenge after one more pose of the same track, and what to do about it."""
    if pose.at - challenge.since > SECONDS:
        return challenge, "timeout"
    if pose.at - challenge.last > _BREAK:  # what happened meanwhile nobody saw
        challenge = msgspec.structs.replace(challenge, between=False, turned=0, shut=False)
    after = _astray(challenge, pose)
    if after.astray >= _FRAMES:
        return after, "wrong"
    return _blinked(after, pose) if after.asked == "blink" else _turned(after, pose)


def _astray(challenge: Challenge, pose: Pose) -> Challenge:
    """Count frames in succession that show another act than the one asked for: a recording that
    goes through all of them must not come to the right one."""
    away = pose.yaw - challenge.yaw
    wrong = {
        "turn_left": away <= -TURNED,
        "turn_right": away >= TURNED,
        "blink": abs(away) >= TURNED,
    }[challenge.asked]
    return msgspec.structs.replace(
        challenge, last=pose.at, astray=challenge.astray + 1 if wrong else 0
    )


def _turned(challenge: Challenge, pose: Pose) -> tuple[Challenge, Step]:
    side = 1 if challenge.asked == "turn_left" else -1
    away = side * (pose.yaw - challenge.yaw)
    if away < TURNED or side * pose.yaw < _OFF_CENTRE or _narrowed(challenge, pose, away):
        on_the_way = _BETWEEN[0] <= away < _BETWEEN[1]
        between = on_the_way or (challenge.between and away >= _BETWEEN[0])
        return msgspec.structs.replace(challenge, turned=0, between=between), "wait"
    turned = challenge.turned + 1
    after = msgspec.structs.replace(challenge, turned=turned)
    return after, "final" if after.between and turned >= _FRAMES else "wait"


def _narrowed(challenge: Challenge, pose: Pose, away: float) -> bool:
    """Whether the eyes lie nearer to each other than those of a head turned so far."""
    return pose.span < _NARROWED * math.cos(math.radians(away)) * challenge.span


def _blinked(challenge: Challenge, pose: Pose) -> tuple[Challenge, Step]:
    if pose.openness is None:
        return challenge, "wait"
    seen = (*challenge.opened, pose.openness)
    after = msgspec.structs.replace(challenge, opened=seen)
    own = _usual(seen)
    if len(seen) <= _LEARNT or own < _OPEN_LEAST:
        return after, "wait"
    if not after.shut:
        shut = pose.openness <= _SHUT * own and _still(after, pose)
        return msgspec.structs.replace(after, shut=shut), "witness" if shut else "wait"
    if pose.openness < _OPEN * own:
        return after, "wait"
    blinks = after.blinks + (1 if _still(after, pose) else 0)
    after = msgspec.structs.replace(after, shut=False, blinks=blinks)
    return after, "final" if blinks >= _BLINKS else "wait"


def _still(challenge: Challenge, pose: Pose) -> bool:
    return abs(pose.yaw - challenge.yaw) <= _STILL and abs(pose.pitch - challenge.pitch) <= _STILL


def _usual(openness: tuple[float, ...]) -> float:
    """How far this person's eyes are open when they are: what a quarter of the frames exceed."""
    return sorted(openness)[(len(openness) * 3) // 4]
