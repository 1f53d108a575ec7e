"""From images of one person to a template: which looks are kept, and whether it may be somebody else.

Three to five looks serve: the best one, then each time the one least like those taken, so that both
sides, glasses and a peci or hijab are in. A look is the mean of the face and its mirror image.
"""

from collections.abc import Iterable, Sequence

import msgspec
import numpy as np

from contract.faces import Template
from terminal_agent.faces import match, pictures, quality
from terminal_agent.faces.face import Floats, Image
from terminal_agent.faces.match import Roster
from terminal_agent.faces.models import Models
from terminal_agent.faces.quality import ENROLMENT, Fault
from terminal_agent.wording.privacy import NOTICE_VERSION

LEAST_LOOKS, MOST_LOOKS = 3, 5
_SAME = 0.0003  # cosine distance of two frames that show nothing new


class Shot(msgspec.Struct, frozen=True, eq=False):
    """One image with a usable face: its embedding, and how good a look it is (0..100)."""

    name: str
    vector: Floats
    worth: int


class Asked(msgspec.Struct, frozen=True):
    """Who is enrolled, when (UTC seconds), by which kiosk. `as_new`: the name of who decided that
    somebody with a face like this one's is another person, "" = nobody did; `replace`: the same for
    another face than this PIN had. `told`: who told the person the notice on faces, "" = nobody."""

    pin: str
    made: int
    by: str
    as_new: str = ""
    replace: str = ""
    told: str = ""


class Refused(msgspec.Struct, frozen=True):
    """An image that cannot be enrolled, and why."""

    name: str
    faults: tuple[Fault, ...]


class Outcome(msgspec.Struct, frozen=True):
    """`template` is None where `code` says why not: "too_few_looks"; "not_one_person", `names` being
    the images that differ; "resembles", `pin` being the person already enrolled with this face, at
    cosine distance `distance`; "another_face" than the PIN had, at that distance. `replaces`: the PIN
    had another face, and somebody decided that it may."""

    template: Template | None
    refused: tuple[Refused, ...]
    kept: tuple[str, ...] = ()
    code: str = ""
    names: tuple[str, ...] = ()
    pin: str = ""
    distance: float = 0.0
    replaces: bool = False


def enrol(
    models: Models,
    images: Iterable[tuple[str, Image]],
    asked: Asked,
    templates: Sequence[Template],
) -> Outcome:
    """A template from named images, beside all that are enrolled (one model's)."""
    roster = match.calibrate([one for one in templates if one.pin != asked.pin])
    seen = [survey(models, name, image) for name, image in images]
    refused = tuple(one for one in seen if isinstance(one, Refused))
    looks = choose([one for one in seen if isinstance(one, Shot)])
    if len(looks) < LEAST_LOOKS:
        kept = tuple(one.name for one in looks)
        return Outcome(None, refused, kept, "too_few_looks")
    vectors = np.stack([one.vector for one in looks])
    if strange := _strange(vectors, roster):
        names = tuple(looks[no].name for no in strange)
        return Outcome(None, refused, code="not_one_person", names=names)
    pin, distance = resembling(vectors, asked.pin, roster)
    if pin and not asked.as_new:
        return Outcome(None, refused, code="resembles", pin=pin, distance=distance)
    strayed = _strayed(vectors, asked.pin, templates)
    if strayed is not None and not asked.replace:
        return Outcome(None, refused, code="another_face", pin=asked.pin, distance=strayed)
    notes = [f"as new beside {pin}, by {asked.as_new}"] if pin else []
    notes += [f"replaces another face, by {asked.replace}"] if strayed is not None else []
    notes += [f"notice {NOTICE_VERSION} told by {asked.told}"] if asked.told else []
    template = Template(
        pin=asked.pin,
        model=models.embedder.id,
        looks=tuple(match.as_look(one.vector, one.worth) for one in looks),
        made=asked.made,
        by=asked.by,
        note="; ".join(notes),
    )
    kept = tuple(one.name for one in looks)
    return Outcome(template, refused, kept, replaces=strayed is not None)


def survey(models: Models, name: str, image: Image) -> Shot | Refused:
    """One image: a look, or why it cannot be one."""
    image, boxes = pictures.framed(models.detector, image)
    if faults := quality.count(len(boxes)):
        return Refused(name, tuple(faults))
    landmarks = models.mesh.landmarks(image, boxes[0])
    chip = models.embedder.align(image, landmarks)
    openness = models.eyes.openness(image, landmarks)
    measured = quality.measure(boxes[0], landmarks, chip, openness)
    if faults := quality.judge(measured, ENROLMENT):
        return Refused(name, tuple(faults))
    plain, mirrored = models.embedder.embed([chip, match.mirrored(chip)])
    return Shot(name, match.both_ways(plain, mirrored), quality.worth(measured))


def choose(shots: Sequence[Shot], most: int = MOST_LOOKS) -> list[Shot]:
    """The best look, then each time the one least like those chosen; none that shows nothing new."""
    left = sorted(shots, key=lambda one: (-one.worth, one.name))
    chosen: list[Shot] = []
    while left and len(chosen) < most:
        away = [_apart(one, chosen) for one in left]
        farthest = max(range(len(left)), key=away.__getitem__)
        if chosen and away[farthest] < _SAME:
            break
        chosen.append(left.pop(farthest))
    return chosen


def resembling(vectors: Floats, pin: str, roster: Roster) -> tuple[str, float]:
    """The person other than `pin` whom these looks together would be taken for, and the distance;
    "" and 0 where there is none."""
    if not roster.pins:
        return "", 0.0
    face = match.unit(vectors.mean(axis=0))
    limit = roster.claimed
    near = [
        (distance, name)
        for name, distance in zip(roster.pins, match.distances(roster, face).tolist(), strict=True)
        if name != pin and distance <= limit
    ]
    return (min(near)[1], min(near)[0]) if near else ("", 0.0)


def _strayed(vectors: Floats, pin: str, templates: Sequence[Template]) -> float | None:
    """How far these looks are from those that the PIN had, where the kiosk would not take them for
    that person who says who they are; None where it would, or there were none."""
    roster = match.calibrate(templates)
    if pin not in roster.pins:
        return None
    face = match.unit(vectors.mean(axis=0))
    distance = float(match.distances(roster, face)[roster.pins.index(pin)])
    return distance if distance > roster.claimed else None


def _apart(one: Shot, chosen: Sequence[Shot]) -> float:
    return min((1 - float(one.vector @ other.vector) for other in chosen), default=2.0)


def _strange(vectors: Floats, roster: Roster) -> list[int]:
    """Which looks are too far from the mean of the others; [] where all may be one person's."""
    rows, limit = match.spaced(roster, vectors)
    others = match.unit(rows.sum(axis=0) - rows)
    return [no for no, away in enumerate(1 - (rows * others).sum(axis=1)) if away > limit]
