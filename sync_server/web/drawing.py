"""Where things lie in a picture: points and paths for the templates' SVG. Pure."""

from collections.abc import Iterable, Sequence
from math import cos, radians
from typing import TypeVar

import msgspec

WIDE, HIGH = 400, 150  # of the curve, in its own units
_LEFT, _RIGHT, _TOP, _BOTTOM = 30, 12, 14, 22
_HALF_HOUR = 1_800
MAP_WIDE, MAP_HIGH = 400, 260
_MARGIN = 26
_KM = 111.32  # of a degree of latitude
_STEPS_KM = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000)


class Curve(msgspec.Struct, frozen=True):
    """How many had come by when. `path` climbs one step an arrival; `hours` and `dues` are places
    on the line of time with the UTC second that they mean."""

    path: str
    full: float
    base: float
    now: float
    hours: tuple[tuple[float, int], ...]
    dues: tuple[tuple[float, int], ...]


def curve(came: Sequence[int], expected: int, dues: Iterable[int], now: int) -> Curve | None:
    """The curve of arrivals (UTC seconds, in order) towards `expected`, with the shifts' begins;
    None where there is nothing to climb to."""
    begins = sorted(set(dues))
    top = max(expected, len(came))
    if not top or not begins:
        return None
    first = min(begins[0], came[0] if came else begins[0]) - _HALF_HOUR
    first -= first % _HALF_HOUR
    last = max(now, begins[-1] + 2 * _HALF_HOUR)
    base = HIGH - _BOTTOM

    def x(t: int) -> float:
        return round(_LEFT + (t - first) / (last - first) * (WIDE - _LEFT - _RIGHT), 1)

    def y(count: int) -> float:
        return round(base - count / top * (base - _TOP), 1)

    steps = "".join(f"H{x(t)}V{y(no)}" for no, t in enumerate(came, 1))
    return Curve(
        path=f"M{x(first)} {y(0)}{steps}H{x(min(now, last))}",
        full=y(expected),
        base=base,
        now=x(min(now, last)),
        hours=tuple((x(t), t) for t in _hours(first, last)),
        dues=tuple((x(t), t) for t in begins),
    )


def _hours(first: int, last: int) -> Iterable[int]:
    """Full hours, at most six of them."""
    begin = first + -first % 3_600
    apart = max(1, -(-(last - begin) // (6 * 3_600)))
    return range(begin, last, apart * 3_600)


_Thing = TypeVar("_Thing")


class Dot(msgspec.Struct, frozen=True):
    """Something on the map."""

    x: float
    y: float
    thing: object


class Map(msgspec.Struct, frozen=True):
    """Dots, north up, and a bar of `bar` units that is `km` long."""

    dots: tuple[Dot, ...]
    bar: float
    km: int


def chart(things: Sequence[tuple[int, int, _Thing]]) -> Map | None:
    """Where (lat, lon, thing) lie, in microdegrees; None without any. Those at one place stand side
    by side."""
    if not things:
        return None
    lats, lons = [one[0] for one in things], [one[1] for one in things]
    middle = (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2
    narrow = cos(radians(middle[0] / 1e6))
    wide = max((max(lons) - min(lons)) * narrow, 20_000.0)  # 2 km at least
    high = max(max(lats) - min(lats), 20_000.0)
    scale = min((MAP_WIDE - 2 * _MARGIN) / wide, (MAP_HIGH - 2 * _MARGIN) / high)
    taken: dict[tuple[float, float], int] = {}
    dots = []
    for lat, lon, thing in things:
        x = MAP_WIDE / 2 + (lon - middle[1]) * narrow * scale
        y = MAP_HIGH / 2 - (lat - middle[0]) * scale
        place = round(x), round(y)
        beside = taken.get(place, 0)
        taken[place] = beside + 1
        dots.append(Dot(round(x + 14 * beside, 1), round(y, 1), thing))
    unit = scale * 1e6 / _KM
    km = max((one for one in _STEPS_KM if one * unit <= MAP_WIDE / 3), default=_STEPS_KM[0])
    return Map(tuple(dots), round(km * unit, 1), km)
