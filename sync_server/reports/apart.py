"""One person at two offices sooner than anybody can travel between them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import groupby, pairwise
from math import asin, cos, radians, sqrt

import msgspec

from sync_server.reports.seen import Seen

KM_PER_HOUR = 60  # by road, as the crow flies: faster than anybody drives through a town
UNKNOWN_PLACE = timedelta(minutes=5)  # where nobody knows how far apart two offices are
_EARTH_KM = 6_371.0

Places = Mapping[str, tuple[int, int] | None]  # latitude and longitude in microdegrees


class Apart(msgspec.Struct, frozen=True):
    """Two touches of one NIP at two offices, `seconds` apart. `metres` is the straight distance
    (None: a place is not known)."""

    nip: str
    first: Seen
    second: Seen
    seconds: int
    metres: int | None


def too_fast(touches: Iterable[Seen], places: Places) -> list[Apart]:
    """The pairs of touches that no road allows, by time."""
    sure = [one for one in touches if one.clock != "bounded"]
    by_person = sorted(sure, key=lambda one: (one.nip, one.at, one.opd))
    found = [
        apart
        for _, own in groupby(by_person, key=lambda one: one.nip)
        for apart in _of_person(list(own), places)
    ]
    return sorted(found, key=lambda one: (one.first.at, one.nip))


def _of_person(own: Sequence[Seen], places: Places) -> Iterator[Apart]:
    for first, second in pairwise(own):
        if first.opd == second.opd or first.event == second.event:
            continue
        far = metres(places.get(first.opd), places.get(second.opd))
        apart = second.at - first.at
        if apart < _needed(far):
            yield Apart(first.nip, first, second, int(apart.total_seconds()), far)


def _needed(far: int | None) -> timedelta:
    """How long the way takes at least."""
    return UNKNOWN_PLACE if far is None else timedelta(hours=far / 1_000 / KM_PER_HOUR)


def metres(one: tuple[int, int] | None, other: tuple[int, int] | None) -> int | None:
    """The straight distance of two places on the globe."""
    if one is None or other is None:
        return None
    lat1, lon1, lat2, lon2 = (radians(part / 1_000_000) for part in (*one, *other))
    half = (1 - cos(lat2 - lat1)) / 2 + cos(lat1) * cos(lat2) * (1 - cos(lon2 - lon1)) / 2
    return int(2 * _EARTH_KM * asin(sqrt(half)) * 1_000)
