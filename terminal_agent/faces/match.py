"""Whose face it is: centred cosine, and a threshold that each office's own roster calibrates. Pure.

A fixed distance cannot serve: 0.6 (L2), the usual default, accepted 98 of 100 strangers among 15
East-Asian volunteers. Here the mean of the roster's faces is subtracted first, because what an
office's faces have in common tells nobody apart, and the threshold lies `z` standard deviations below
the mean distance between different people of that roster.

Measured on three populations: the distance to a person is the mean of that to
their mean look and that to their best look (the best alone accepts more strangers, the mean alone
rejects more staff), an enrolled look is the mean of the face and its mirror image, and every second
frame of a probe is mirrored, which costs nothing and halves what lighting from one side does.
"""

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from contract.faces import Look, Template
from terminal_agent.faces.face import Floats, Image

UNATTENDED, CONFIRMED = 4.26, 3.72  # z: one in 100,000 and one in 10,000 of a normal distribution
LEAST_PEOPLE = 8  # fewer people do not tell what they have in common
MOST_FRAMES = 3
_LOWEST, _HIGHEST = 0.30, 0.65
_MARGIN = 0.05  # to the second person
_ALONE = 0.045  # cosine distance, uncentred, of a roster too small to calibrate: see confirm
# Looks of one person stayed below these, to the mean of their other looks; those of two came down to
# .6 and .04: only gross mistakes can be told.
_STRANGE, _STRANGE_ALONE = 0.65, 0.09
_FULL = 127

RULE_NAME = "centred/1"  # another number where anything of RULE or of `distances` changes
RULE = (
    f"mean - {UNATTENDED} (1 + 1/2n) sd of the roster's own cross-person distances, kept within "
    f"{_LOWEST} to {_HIGHEST}, {_MARGIN} nearer than the second person"
)

_NOBODY = np.zeros((0, 1), np.float32)  # goes with an embedding of any size

Whole = NDArray[np.int64]


class Roster(msgspec.Struct, frozen=True, eq=False):
    """The people of a kiosk, ready to be matched. `looks`: a unit row each, grouped by person,
    centred; person i's rows begin at `starts[i]`; `weights` add them up to the person's mean look.

    `threshold`: the largest accepted distance when nobody said who it is, None in an office of fewer
    than 8, which is not centred either. `claimed`: the same for somebody who said who they are.
    """

    model: str
    pins: tuple[str, ...]
    looks: Floats
    starts: Whole
    weights: Floats
    centre: Floats
    threshold: float | None
    claimed: float


class Found(msgspec.Struct, frozen=True):
    """Whom a face was matched with. `score` 0..100 is how far inside the threshold it lies (0 = on
    it), `margin` how much farther the next person is (2.0 where there is nobody else)."""

    pin: str
    distance: float
    score: int
    margin: float


def calibrate(templates: Sequence[Template], least: int = LEAST_PEOPLE) -> Roster:
    """The roster of these templates, all of one model, one for a person. `least`: people that a
    threshold takes; an evaluation of a few may go below."""
    ordered = sorted(templates, key=lambda one: one.pin)
    models = {one.model for one in ordered}
    if len(models) > 1 or len({one.pin for one in ordered}) != len(ordered):
        raise ValueError("a roster has one model, and one template for a person")
    people = [np.stack([direction(look) for look in one.looks]) for one in ordered] or [_NOBODY]
    common = len(ordered) >= max(least, 2)
    centre = _centre(people) if common else np.zeros(people[0].shape[1], np.float32)
    away = [looks - centre for looks in people]
    looks = unit(np.concatenate(away))
    starts = np.cumsum([0, *(len(one) for one in away)])[:-1]
    spread = _spread(looks, starts) if common else None
    return Roster(
        model=models.pop() if models else "",
        pins=tuple(one.pin for one in ordered),
        looks=looks,
        starts=starts,
        weights=np.concatenate([_weights(one) for one in away]),
        centre=centre,
        threshold=_threshold(spread, UNATTENDED, len(people)) if spread else None,
        claimed=_threshold(spread, CONFIRMED, len(people)) if spread else _ALONE,
    )


def spaced(roster: Roster, looks: Floats) -> tuple[Floats, float]:
    """Unit rows for looks in the space in which this roster is matched, and the distance from which
    on two of them are hardly one person's."""
    limit = _STRANGE if roster.threshold is not None else _STRANGE_ALONE
    return unit(looks - roster.centre), limit


def identify(roster: Roster, face: Floats) -> Found | None:
    """Whose face it is, nobody having said so; `face` is what `probe` makes. None: nobody's, not
    clearly one person's, or an office of fewer than 8."""
    if roster.threshold is None or not roster.pins:
        return None
    found = nearest(roster, face)
    accepted = found.distance <= roster.threshold and found.margin > _MARGIN
    return found if accepted else None


def confirm(roster: Roster, pin: str, face: Floats) -> Found | None:
    """Whether it is this person, who has said so by NIP, PIN or finger; None if not, or where it is
    another enrolled person's face even more.

    In an office of fewer than 8 the limit is fixed: no colleague among the three populations came
    under it, and one in eight tries in another session's light had to be repeated."""
    if pin not in roster.pins:
        return None
    found = nearest(roster, face, roster.claimed)
    return found if found.pin == pin and found.distance <= roster.claimed else None


def nearest(roster: Roster, face: Floats, within: float | None = None) -> Found:
    """The nearest person, however far; `score` is by the threshold `within`. Needs somebody."""
    away = distances(roster, face)
    first = int(np.argmin(away))
    distance = float(away[first])
    away[first] = np.inf
    margin = float(away.min()) - distance if len(away) > 1 else 2.0
    limit = (roster.threshold if within is None else within) or roster.claimed
    score = round(100 * min(max((limit - distance) / limit, 0.0), 1.0))
    return Found(roster.pins[first], distance, score, margin)


def distances(roster: Roster, face: Floats) -> Floats:
    """Cosine distance (0..2) of one face to every person: one multiplication."""
    alike = roster.looks @ unit(face - roster.centre)
    if len(alike) == len(roster.pins):  # a look each: mean and best are the same
        return np.asarray(1 - alike, np.float32)
    best = np.maximum.reduceat(alike, roster.starts)
    mean = np.add.reduceat(alike * roster.weights, roster.starts)
    return np.asarray(1 - (best + mean) / 2, np.float32)


def probe(embeddings: Floats) -> Floats:
    """The face that up to 3 frames of one person show together (the best first), of length 1."""
    return unit(unit(embeddings[:MOST_FRAMES]).mean(axis=0))


def alternating(chips: Sequence[Image]) -> list[Image]:
    """The frames of a probe with every second one mirrored: embed these. A face lit from one side
    comes nearer to itself lit from the other, for no more work."""
    return [mirrored(chip) if no % 2 else chip for no, chip in enumerate(chips)]


def mirrored(chip: Image) -> Image:
    """The chip as a mirror shows it."""
    return np.ascontiguousarray(chip[:, ::-1])


def both_ways(embeddings: Floats, of_mirrored: Floats) -> Floats:
    """What is enrolled: the mean of every look and its mirror image."""
    return unit(unit(embeddings) + unit(of_mirrored))


def as_look(vector: Floats, quality: int) -> Look:
    """An embedding as it is kept: signed bytes, no worse in four digits than floats."""
    largest = float(np.abs(vector).max())
    return Look(np.rint(vector * (_FULL / largest)).astype(np.int8).tobytes(), quality)


def direction(look: Look) -> Floats:
    """The embedding of a kept look, of length 1."""
    return unit(np.frombuffer(look.vector, np.int8).astype(np.float32))


def unit(rows: Floats) -> Floats:
    """Every row at length 1; a row of zeros stays."""
    length = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.asarray(rows / np.maximum(length, 1e-12), np.float32)


def ten_thousandths(threshold: float | None) -> int:
    """A threshold as the chain's Gallery record has it."""
    return 0 if threshold is None else round(threshold * 10_000)


def _centre(people: Sequence[Floats]) -> Floats:
    """The mean of everybody's mean look: who has more looks does not count more."""
    return np.asarray(np.mean([looks.mean(axis=0) for looks in people], axis=0), np.float32)


def _weights(looks: Floats) -> Floats:
    lengths = np.linalg.norm(looks, axis=1)
    total = np.linalg.norm(looks.sum(axis=0))
    return np.asarray(lengths / max(float(total), 1e-12), np.float32)


def _threshold(spread: tuple[float, float], z: float, people: int) -> float:
    """A small roster tells the spread only roughly, so it has to keep a larger distance."""
    mean, deviation = spread
    away = z * (1 + 1 / (2 * people)) * deviation
    return float(min(max(mean - away, _LOWEST), _HIGHEST))


def _spread(looks: Floats, starts: Whole) -> tuple[float, float]:
    """Mean and standard deviation of the distances between looks of different people: over all pairs
    less those within a person. Of all, the products' sum is |sum of rows|², that of their squares
    |rowsᵀ rows|²: an office of thousands needs no table of pairs."""
    rows = looks.astype(np.float64)
    together, squared = rows.sum(axis=0), rows.T @ rows
    total, squares, count = float(together @ together), float((squared**2).sum()), len(rows) ** 2
    for one in np.split(rows, starts[1:]):
        alike = one @ one.T
        total -= float(alike.sum())
        squares -= float((alike**2).sum())
        count -= alike.size
    mean = total / count
    return 1 - mean, float(np.sqrt(max(squares / count - mean**2, 0.0)))
