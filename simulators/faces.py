"""People before a kiosk's camera, computed from simulators/portraits: pictures, clips, attacks.

    frame([Pose("collins")])                      a 640x480 BGR picture of her before the office wall
    Pose("obama", x=200, width=120, yaw=25)       there, small, turned to his own left
    Pose("p05", openness=0)                       a further, computed person, eyes shut
    Paper("collins", tilt=20, bend=0.3)           her portrait on paper, held out, tilted and bent
    looks("p05", 3)                               pictures to enrol p05 with, the first neutral
    clip([(0, ()), (1, (Pose("p05"),)), ...])     frames along a storyboard, see below
    challenge("collins", "turn_left")             a storyboard: comes in, looks, does it, leaves
    write(frames, path)                           a folder of JPEGs, or one .avi (MJPG) or .mp4 file

A storyboard is a list of (second, poses); between two lines that show the same people they move
evenly from one pose to the next, else they appear at once. Everything is deterministic.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import cv2

from simulators.face_warp import Image
from simulators.scene import HEIGHT, PEOPLE, WIDTH, Paper, Pose, Scene, frame

__all__ = ["FPS", "PEOPLE", "Paper", "Pose", "Scene", "Storyboard", "frame"]

FPS = 10
Storyboard = Sequence[tuple[float, Scene]]


def turned(person: str, degrees: float) -> Image:
    """The person's picture, the head turned by so much (above 0 = to their own left)."""
    return frame([Pose(person, yaw=degrees)])


def blinked(person: str, openness: float) -> Image:
    """The person's picture with the eyes so far open."""
    return frame([Pose(person, openness=openness)])


def looks(person: str, count: int = 3) -> list[Image]:
    """Pictures to enrol somebody with: neutral, a little to each side, in other light, nearer."""
    poses = (
        Pose(person, width=180),
        Pose(person, 330, 236, 176, yaw=8),
        Pose(person, 312, 246, 184, yaw=-8),
        Pose(person, 324, 240, 170, roll=4, light=0.85),
        Pose(person, 316, 244, 190, roll=-4, light=1.12),
    )
    return [frame([pose], number) for number, pose in enumerate(poses[:count])]


def clip(storyboard: Storyboard, fps: float = FPS, noise: float = 3.0) -> Iterator[Image]:
    """The frames along a storyboard, from its first line's second to its last one's."""
    start, end = storyboard[0][0], storyboard[-1][0]
    for number in range(round((end - start) * fps)):
        yield frame(at(storyboard, start + number / fps), number, noise)


def at(storyboard: Storyboard, second: float) -> Scene:
    """Who stands where at that second of the storyboard."""
    line = max(i for i, (at, _) in enumerate(storyboard) if at <= second + 1e-9)
    (began, scene), (ends, goal) = storyboard[line], storyboard[min(line + 1, len(storyboard) - 1)]
    same = [(type(one), one.person) for one in scene] == [(type(one), one.person) for one in goal]
    if not same or ends <= began:
        return scene
    share = (second - began) / (ends - began)
    return [_between(one, to, share) for one, to in zip(scene, goal, strict=True)]


def _between(one: Pose | Paper, to: Pose | Paper, share: float) -> Pose | Paper:
    person, *here = one
    values = [a + (b - a) * share for a, b in zip(here, to[1:], strict=True)]
    return type(one)(person, *values)


def challenge(
    person: str, does: str = "", start: float = 0.0, looks_for: float = 2.0
) -> Storyboard:
    """Nobody for a second; the person comes in, looks, then `does` "turn_left", "turn_right",
    "blink" (twice), all of them where it is "all", or nothing, and leaves: seconds from `start`."""
    there, far = Pose(person), Pose(person, x=60, y=250, width=130)
    lines: list[tuple[float, Scene]] = [(0, ()), (1, (far,)), (1.6, (there,))]
    now = 1.6 + looks_for
    lines.append((now, (there,)))
    for act in ("turn_left", "turn_right", "blink") if does == "all" else (does,):
        for lasts, pose in acts(there, act):
            now += lasts
            lines.append((now, (pose,)))
    lines += [(now + 1.0, (there,)), (now + 1.6, (far,)), (now + 1.6, ()), (now + 2.6, ())]
    return [(start + at, scene) for at, scene in lines]


def acts(pose: Pose, act: str) -> list[tuple[float, Pose]]:
    """What somebody does who is asked to "turn_left", "turn_right" or "blink": (how many seconds it
    takes, where it ends)."""
    if act in ("turn_left", "turn_right"):
        aside = pose._replace(yaw=28.0 if act == "turn_left" else -28.0)
        return [(0.8, aside), (0.6, aside), (0.8, pose)]
    if act == "blink":
        shut = pose._replace(openness=0.0)
        once = [(0.1, shut), (0.2, shut), (0.1, pose), (0.4, pose)]
        return [(0.4, pose), *once, *once]
    return []


def printed(person: str) -> Storyboard:
    """An attack: the portrait on paper comes in, is moved, tilted to both sides, bent, and leaves."""
    flat = Paper(person)
    scenes = (
        flat,
        flat._replace(x=300, y=250),
        flat._replace(tilt=30),
        flat._replace(tilt=-30),
        flat._replace(bend=0.8, roll=6),
        flat._replace(bend=-0.8, roll=-6),
        flat._replace(width=200),
        flat,
    )
    lines: list[tuple[float, Scene]] = [(0, ()), *((1.0 + i, (s,)) for i, s in enumerate(scenes))]
    return [*lines, (9.0, ()), (10.0, ())]


def write(frames: Iterable[Image], path: Path, fps: float = FPS) -> Path:
    """A folder of numbered JPEGs where `path` has no suffix, else one .avi (MJPG) or .mp4 file."""
    if path.suffix:
        code = cv2.VideoWriter.fourcc(*("MJPG" if path.suffix == ".avi" else "mp4v"))
        film = cv2.VideoWriter(str(path), code, fps, (WIDTH, HEIGHT))
        for picture in frames:
            film.write(picture)
        film.release()
        return path
    path.mkdir(parents=True, exist_ok=True)
    for number, picture in enumerate(frames):
        cv2.imwrite(str(path / f"{number:05d}.jpg"), picture, [cv2.IMWRITE_JPEG_QUALITY, 92])
    return path
