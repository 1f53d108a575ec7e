"""What distances between faces say of a recogniser: error rates and how sure one can be of them. Pure."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from terminal_agent.faces.face import Floats

_Z = 1.96  # 95 %
_RESAMPLES = 200


class Span(NamedTuple):
    """Between which values a figure lies with 95 % confidence."""

    low: float
    high: float


def equal_error_rate(genuine: Floats, impostor: Floats) -> float:
    """The rate at which as many of one person's faces are rejected as others' are accepted (0..1)."""
    limits = np.unique(np.concatenate([genuine, impostor]))
    rejected = 1 - np.searchsorted(np.sort(genuine), limits, side="right") / len(genuine)
    accepted = np.searchsorted(np.sort(impostor), limits, side="right") / len(impostor)
    at = int(np.argmin(np.abs(rejected - accepted)))
    return float((rejected[at] + accepted[at]) / 2)


def true_accepts_at(genuine: Floats, impostor: Floats, far: float) -> float | None:
    """The share of genuine comparisons accepted where `far` of the others are; None where there are
    too few of these to tell."""
    if len(impostor) * far < 1 or not len(genuine):
        return None
    limit = np.sort(impostor)[int(len(impostor) * far)]
    return float((genuine < limit).mean())


def wilson(count: int, of: int) -> Span:
    """The interval of a proportion, honest also where it is 0 or 1."""
    if not of:
        return Span(0.0, 1.0)
    share, spread = count / of, _Z**2 / of
    middle = (share + spread / 2) / (1 + spread)
    half = _Z / (1 + spread) * math.sqrt(share * (1 - share) / of + _Z**2 / (4 * of**2))
    return Span(max(0.0, middle - half), min(1.0, middle + half))


def equal_error_span(
    genuine: Mapping[str, Floats], impostor: Mapping[str, Floats], tries: int, seed: int = 1
) -> Span:
    """The equal error rate's interval if other people of this kind had come: people, not images, are
    drawn again. Keys are the people before the camera. Where hardly anything went wrong, as wide at
    least as so many tries can prove."""
    chance = np.random.default_rng(seed)
    people = sorted(genuine)
    rates = []
    for _ in range(_RESAMPLES):
        drawn = chance.choice(len(people), len(people))
        own = np.concatenate([genuine[people[no]] for no in drawn])
        others = np.concatenate([impostor[people[no]] for no in drawn])
        rates.append(equal_error_rate(own, others))
    low, high = np.quantile(rates, (0.025, 0.975))
    rate = equal_error_rate(
        np.concatenate([*genuine.values()]), np.concatenate([*impostor.values()])
    )
    proven = wilson(round(rate * tries), tries)
    return Span(min(float(low), proven.low), max(float(high), proven.high))


def share(hits: Sequence[bool]) -> float:
    """The share of True; 0 where nothing was tried."""
    return sum(hits) / len(hits) if hits else 0.0
