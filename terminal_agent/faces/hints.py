"""Who should be enrolled anew: faces change, and falling scores show it before anybody is refused.
Pure."""

from collections.abc import Sequence
from statistics import median
from typing import Literal

Hint = Literal["", "low", "falling"]

RECENT = 5  # scans; fewer can be a bad week of light
_LOW = 15  # of 100: so near to the threshold that the next glasses are too much
_FALLEN = 0.6  # of what it was


def hint(scores: Sequence[int]) -> Hint:
    """Of a person's scores (0..100, oldest first): whether the recent ones are close to the
    threshold, or well below what they were."""
    recent, before = scores[-RECENT:], scores[:-RECENT]
    if len(recent) < RECENT:
        return ""
    now = median(recent)
    if now < _LOW:
        return "low"
    fallen = len(before) >= RECENT and now < _FALLEN * median(before)
    return "falling" if fallen else ""
